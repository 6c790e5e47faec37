"""Fuzz a saved report, as `diff` reads it: `python fuzz/fuzz_saved_result.py --seconds 600`."""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.assess.saved_result", "hypervigil.assess.compare"):
    from hypervigil.assess.compare import compare
    from hypervigil.assess.saved_result import SavedResultError, findings_from_json

from hypervigil.assess.assessment import assess
from hypervigil.assess.registry import compiled_controls
from hypervigil.report.json_format import render
from hypervigil.synthetic.cluster import Blueprint, build

NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
FEW = [compiled for compiled in compiled_controls() if compiled.control.id in ("SMB-007", "LM-002", "CLU-001")]
WHOLE = render([assess(build(Blueprint(name="CL01", nodes=2, vms=0)), FEW, today=NOON.date())], FEW, made=NOON).encode()
WORDS = ["findings", "format", "subject", "subject_key", "scope", "outcome", "severity", "disposition", "fingerprint"]
WORDS += ["reasons", "missing", "cause", "PASS", "FAIL", "UNKNOWN", "node", "pair", "cluster", "null", "true", "1", "2"]
TOKENS = [f'"{word}"'.encode() for word in WORDS] + [b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999", b"\\ud800"]


def check(data: bytes) -> None:
    """What is read can be compared with itself, and then nothing has changed."""
    findings = findings_from_json(data)
    assert all(change.before == change.after for change in compare(findings, findings).changes)


TARGET = Target(
    name="saved_result",
    check=check,
    allowed=(SavedResultError,),
    seeds=[WHOLE, b'{"format": 1, "findings": []}', WHOLE.decode().encode("utf-16")],
    tokens=TOKENS,
)

if __name__ == "__main__":
    main(TARGET)
