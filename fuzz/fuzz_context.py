"""Fuzz what operators declare, and what is made of it against evidence: `python fuzz/fuzz_context.py --seconds 600`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.assess", "hypervigil.model", "hypervigil.report.context"):
    from hypervigil.assess.context_conflicts import compare_context
    from hypervigil.assess.context_draft import confirmed, draft
    from hypervigil.assess.context_file import KEYS, parse_context
    from hypervigil.report.context import declared, undeclared

from hypervigil.formats.toml_text import TomlInputError
from hypervigil.synthetic.cluster import Blueprint, build
from tests.assess.declared import TEXT

FILE = "folder/c.toml"
EVIDENCE = build(Blueprint(name="CL01", nodes=2, vms=2))
DRAFT = draft(EVIDENCE)
TOKENS = ["[[", "]]", "[", "]", '"', "'", "{", "}", " = ", "\n", "#", "true", "false", "0", "4095", "2030-01-31", *KEYS]
TOKENS += ["purposes", "subnets", "vlans", "isolated", "addresses", "kind", "role", "services", "product", "thumbprint"]
TOKENS += ["management", "live_migration", "tenant", "untrusted", "paw", "10.1.0.0/24", "0.0.0.0/0", "::/0", "fd00::/8"]
TOKENS += ["10.1.0.5", "10.1.0.5/33", "fe80::1%7", "S-1-5-32-544", "s-1-", "*", "CL01", "CL01-N01"]


def check(data: bytes) -> None:
    """What is read has a place in the file, can be shown, and can be compared with evidence; all else is an error."""
    lines = data.count(b"\n") + 1
    context, refused = None, None
    try:
        context = parse_context(data, FILE)
    except TomlInputError as error:
        refused = error
    if context is None:
        assert refused is not None
        assert str(refused).startswith(FILE)
        assert 0 <= refused.line <= lines
        return
    for entries in (context.networks, context.jump_hosts, context.wac_gateways, context.tier0_guests, context.edr):
        for entry in entries or ():
            file, _, line = entry.place.rpartition(":")
            assert file == FILE
            assert 1 <= int(line) <= lines
    held = [(s, n.purposes) for n in context.networks or () for s in n.subnets]
    assert len({subnet for subnet, _ in held}) == len(held)
    if len(held) < 40:  # pairs are many
        for subnet, purposes in held:
            assert all(p == purposes or s.version != subnet.version or not s.overlaps(subnet) for s, p in held)
    keys = [key for key, _ in declared(context)] + list(undeclared(context))
    assert sorted(keys) == sorted(KEYS)
    assert all(value for _, values in declared(context) for value in values)
    for conflict in compare_context(context, EVIDENCE, EVIDENCE.nodes).conflicts:
        assert conflict.reason.text
        assert conflict.place.startswith(FILE)


TARGET = Target(
    name="context",
    check=check,
    allowed=(TomlInputError,),
    seeds=[TEXT.encode(), DRAFT.encode(), confirmed(DRAFT).encode(), "tenancy = 'multi'".encode("utf-16")],
    tokens=[token.encode() for token in TOKENS],
)

if __name__ == "__main__":
    main(TARGET)
