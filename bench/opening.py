"""How long opening a bundle takes, as a multiple of reading, hashing and decoding its files and nothing else.

    python bench/opening.py [--json] [--rounds 15]

The bundle is a made-up cluster of 64 nodes and 1,000 VMs, once as a folder and once as a zip. The bare way knows every
path beforehand, reads (or unpacks) each file, takes its SHA-256 and decodes it with the decoder that the reader uses.
It keeps what it decodes, as the reader does. The two take turns in one run, in processor time, and of each the best
round counts, so that a busy machine slows both. More than 1.5 in either form is a failure (exit status 1).
"""

import argparse
import gc
import hashlib
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY / "src"))

import msgspec  # noqa: E402

from hypervigil.evidence.register import BY_NAME  # noqa: E402
from hypervigil.store import read_bundle, write_bundle  # noqa: E402
from hypervigil.store.layout import MANIFEST, Manifest, envelope_decoder  # noqa: E402
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build  # noqa: E402

LIMIT = 1.5
NODES, VMS = 64, 1_000

Plan = Sequence[tuple[str, Callable[[bytes], object]]]
"""Every file with what decodes it."""


def plan(manifest: Manifest) -> Plan:
    decoders = [(entry.path, envelope_decoder(BY_NAME[entry.fact]).decode) for entry in manifest.documents]
    return [(MANIFEST, msgspec.json.Decoder(Manifest).decode), *decoders]


def bare_folder(folder: str, files: Plan) -> list[object]:
    found = []
    for path, decode in files:
        with open(f"{folder}/{path}", "rb") as file:  # noqa: PTH123  as fast as it goes
            data = file.read()
        hashlib.sha256(data).hexdigest()
        found.append(decode(data))
    return found


def bare_zip(archive: str, files: Plan) -> list[object]:
    found = []
    with zipfile.ZipFile(archive) as opened:
        for path, decode in files:
            data = opened.read(path)
            hashlib.sha256(data).hexdigest()
            found.append(decode(data))
    return found


def seconds(run: Callable[[], object]) -> float:
    gc.collect()  # what the turn before left behind is not part of this one
    start = time.process_time()
    run()
    return time.process_time() - start


def measured(bundle: Path, rounds: int) -> tuple[float, int, int]:
    """The ratio, and how many files with how many bytes were read."""
    manifest = write_bundle(build(Blueprint(name="CL01", nodes=NODES, vms=VMS)), bundle, created=MOMENT)
    files, where = plan(manifest), str(bundle)
    bare = bare_folder if bundle.is_dir() else bare_zip
    turns = [(seconds(lambda: bare(where, files)), seconds(lambda: read_bundle(bundle))) for _ in range(max(rounds, 1))]
    fastest, ours = (min(times) for times in zip(*turns, strict=True))
    return ours / fastest, len(files), sum(entry.size for entry in manifest.documents)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn (default: 15)")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        of_folder, files, size = measured(Path(folder, "bundle"), arguments.rounds)
        of_zip, _, _ = measured(Path(folder, "bundle.zip"), arguments.rounds)
    ratio = max(of_folder, of_zip)
    if arguments.json:
        figures = {"bench": "opening", "ratio": round(ratio, 3), "limit": LIMIT}
        figures |= {"folder": round(of_folder, 3), "zip": round(of_zip, 3)}
        print(json.dumps(figures | {"files": files, "bytes": size, "nodes": NODES, "vms": VMS}))
    else:
        print(
            f"opening: folder {of_folder:.2f} x, zip {of_zip:.2f} x reading, hashing and decoding (limit {LIMIT}), "
            f"{files:,} files, {size:,} bytes"
        )
    return 1 if ratio > LIMIT else 0


if __name__ == "__main__":
    raise SystemExit(main())
