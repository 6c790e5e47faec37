"""Whatever the bytes are, a context is read or refused with a place: the short version of fuzz/fuzz_context.py."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from fuzz.harness import mutations
from hypervigil.assess.context_conflicts import compare_context
from hypervigil.assess.context_file import KEYS, parse_context
from hypervigil.formats.toml_text import TomlInputError
from hypervigil.report.context import declared, undeclared
from hypervigil.synthetic.cluster import Blueprint, build
from tests.assess.declared import TEXT

TOKENS = [
    b"[[",
    b"]]",
    b'"',
    b" = ",
    b"\n",
    b"true",
    b"4095",
    b"10.1.0.0/24",
    b"::/0",
    b"*",
    *(k.encode() for k in KEYS),
]
BUNDLE = build(Blueprint(name="CL01", nodes=2, vms=2))


@given(st.integers(0, 2**32))
def test_a_damaged_context_is_read_or_refused(seed: int) -> None:
    for data in itertools.islice(mutations([TEXT.encode()], TOKENS, random.Random(seed)), 10):
        try:
            context = parse_context(data, "c.toml")
        except TomlInputError as error:
            place = str(error)
            assert place.startswith("c.toml")
            continue
        assert len(declared(context)) + len(undeclared(context)) == len(KEYS)
        compare_context(context, BUNDLE, BUNDLE.nodes)
