"""How long judging takes, as a multiple of the typed decode of the same facts.

    python bench/judging.py [--json] [--rounds 9]

A made-up cluster of 64 nodes and 1,000 VMs, with flaws. The decode reads every fact from its JSON into its type, once;
judging runs every control over the facts. The two take turns in one run, and of each the best round counts. More than
3.0 is a failure (exit status 1).
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from bench._figures import told
from hypervigil.assess.engine import judge
from hypervigil.assess.registry import compiled_controls
from hypervigil.evidence.evidence import Evidence, Known
from hypervigil.evidence.fact import Fact
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.flaws import Flaw

LIMIT = 3.0
BIG = Blueprint(name="BENCH", nodes=64, vms=1000, flaws=(Flaw.CREDSSP_ON_ONE_NODE, Flaw.UNLIKE_NODE, Flaw.SMB1_LEFT))


def documents(evidence: Evidence) -> dict[type[Fact], list[bytes]]:
    """Each fact as its JSON, by type."""
    found: dict[type[Fact], list[bytes]] = {}
    for record in evidence.facts.values():
        if isinstance(record, Known):
            found.setdefault(type(record.fact), []).append(msgspec.json.encode(record.fact))
    return found


def decode(facts: dict[type[Fact], list[bytes]]) -> None:
    for fact, texts in facts.items():
        decoder = msgspec.json.Decoder(fact)
        for text in texts:
            decoder.decode(text)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=9, help="how often each takes its turn (default: 9)")
    arguments = parser.parse_args()

    controls = compiled_controls()
    facts = documents(build(BIG))
    made = build(BIG)

    def turn() -> tuple[float, float]:
        # Judge what was read from bytes just now, as in life: a fact keeps what was worked out of it once.
        evidence = reread(made, facts)
        return timed(lambda: decode(facts)), timed(lambda: judge(evidence, controls))

    turns = [turn() for _ in range(arguments.rounds)]
    decoding, judging = (min(times) for times in zip(*turns, strict=True))
    findings = len(judge(made, controls).findings)
    size = sum(len(text) for texts in facts.values() for text in texts)
    of = f"{len(controls)} controls, {findings} findings, {size} bytes of facts"
    return told("judging", judging / decoding, LIMIT, f"synthetic: 64 nodes, 1000 VMs, {of}", as_json=arguments.json)


def reread(evidence: Evidence, facts: dict[type[Fact], list[bytes]]) -> Evidence:
    """The same evidence with every fact decoded anew."""
    texts = {fact: iter(found) for fact, found in facts.items()}
    records = {
        key: Known(msgspec.json.decode(next(texts[type(record.fact)]), type=type(record.fact)), record.provenance)
        if isinstance(record, Known)
        else record
        for key, record in evidence.facts.items()
    }
    return msgspec.structs.replace(evidence, facts=records)


if __name__ == "__main__":
    sys.exit(main())
