"""Facts as JSON: each comes back as it was, a missing field is an error, codes that nobody knows are kept."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import FACTS
from hypervigil.evidence.release import Release
from tests.evidence.examples import examples
from tools.fields import types_below

EXAMPLES = examples()
EACH = pytest.mark.parametrize("fact", EXAMPLES, ids=[type(fact).INFO.name for fact in EXAMPLES])


def test_there_is_one_example_of_every_type() -> None:
    assert [type(fact) for fact in EXAMPLES if EXAMPLES.count(fact) > 1] == []
    assert {type(fact) for fact in EXAMPLES} == set(FACTS)


@pytest.mark.parametrize("release", Release)
def test_every_fact_comes_back(release: Release) -> None:
    for fact in examples(release):
        assert msgspec.json.decode(msgspec.json.encode(fact), type=type(fact)) == fact


@EACH
def test_a_required_field_can_not_be_left_out(fact: Fact) -> None:
    data: dict[str, Any] = json.loads(msgspec.json.encode(fact))
    for field in msgspec.structs.fields(fact):
        if field.required:
            rest = {name: value for name, value in data.items() if name != field.encode_name}
            with pytest.raises(msgspec.ValidationError, match=field.encode_name):
                msgspec.convert(rest, type(fact))


CODES: list[type[Code]] = sorted(
    {kind for fact in FACTS for kind in types_below(fact) if issubclass(kind, Code)}, key=lambda kind: kind.__name__
)


@pytest.mark.parametrize("kind", CODES, ids=lambda kind: str(kind.__name__))
def test_unknown_codes_are_kept(kind: type[Code]) -> None:
    number = 987_654
    kept = msgspec.json.decode(msgspec.json.encode(kind(number)), type=kind)
    assert int(kept) == number
    assert not kept.is_known
    assert str(number) in kept.label
    # What a source writes for "nothing of the kind" is often no member of the table.
    assert int(msgspec.convert(-1, kind)) == -1


def numbers(value: object) -> Iterator[int]:
    """All whole numbers in plain JSON."""
    if isinstance(value, dict):
        for each in value.values():
            yield from numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


@EACH
def test_moments_have_a_zone_and_numbers_fit_any_reader(fact: Fact) -> None:
    text = msgspec.json.encode(fact).decode()
    assert all(abs(number) < 2**53 for number in numbers(json.loads(text)))
    for kind in (type(fact), *(each for each in types_below(type(fact)) if issubclass(each, msgspec.Struct))):
        for hint in typing.get_type_hints(kind).values():
            assert "timedelta" not in repr(hint), "a duration is a number of seconds, which every source can write"
    assert "+00:00" not in text
