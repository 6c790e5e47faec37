"""Fuzz the bundle reader: `python fuzz/fuzz_bundle.py --seconds 600`. What an input is, tests/store/fuzzing.py says."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.store", "hypervigil.formats", "hypervigil.evidence"):
    from hypervigil.store import BundleError
    from tests.store.fuzzing import CORPUS, TOKENS, check, seeds

TARGET = Target(
    name="bundle",
    check=check,
    allowed=(BundleError,),
    seeds=seeds() + [file.read_bytes() for file in sorted(CORPUS.glob("*.bin"))],
    tokens=TOKENS,
)

if __name__ == "__main__":
    main(TARGET)
