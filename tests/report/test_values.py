import datetime
import enum
from collections.abc import Mapping
from typing import ClassVar

import msgspec
import pytest

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryValue, dword
from hypervigil.model.subject import Scope
from hypervigil.report.values import fields_of


class Mode(Code):
    OFF = 0
    FULL_POWER = 1


class Colour(enum.StrEnum):
    RED = "red"


class Rule(msgspec.Struct, frozen=True):
    name: str
    ports: tuple[str, ...] = ()
    note: str | None = None


class Anything(Fact, frozen=True, kw_only=True):
    INFO: ClassVar[FactType] = FactType(name="any", title="Any", subject=Scope.NODE, reads=(), sources=())
    value: object


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (None, ("no value",)),
        (True, ("true",)),
        (0, ("0",)),
        ("", ("empty",)),
        ("text", ("text",)),
        ("a\x00\u202eb", ("a[U+0000][U+202E]b",)),
        ("x" * 500, (f"{'x' * 400}\u2026 (100 more characters)",)),
        (b"abc", ("3 bytes",)),
        (Mode.FULL_POWER, ("Full power (1)",)),
        (Mode(9), ("unknown code (9)",)),
        (Colour.RED, ("red",)),
        (ABSENT, ("absent",)),
        (DENIED, ("access denied",)),
        (dword(2), ("2",)),
        (datetime.datetime(2026, 11, 1, 3, 10, tzinfo=datetime.UTC), ("2026-11-01 03:10:00+00:00",)),
        ((), ("none",)),
        ((1, 2), ("1, 2",)),
        (tuple(range(15)), ("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11", "and 3 more, 15 in all")),
        ((Rule("a", ("1", "2")), Rule("b")), ("name a; ports 1, 2", "name b; ports none")),
        (
            tuple(Rule(str(n)) for n in range(8))[:7],
            (*(f"name {n}; ports none" for n in range(6)), "and 1 more, 7 in all"),
        ),
        ({"k": 1, "l": None}, ("k: 1", "l: no value")),
        (Rule("a", note="n"), ("name a; ports none; note n",)),
        ((dword(1), ABSENT), ("1, absent",)),
        (frozenset({"b", "a"}), ("a, b",)),
    ],
)
def test_value(value: object, lines: tuple[str, ...]) -> None:
    assert fields_of(Anything(value=value)) == (("value", lines),)


def test_long_lists_say_how_long_they_are() -> None:
    many = tuple(Rule(str(number)) for number in range(1000))
    ((_, lines),) = fields_of(Anything(value=many))
    assert lines[-1] == "and 994 more, 1,000 in all"
    assert len(lines) == 7
    mapping: Mapping[str, int] = {str(number): number for number in range(20)}
    ((_, lines),) = fields_of(Anything(value=mapping))
    assert lines[-1] == "and 8 more, 20 in all"


def test_registry_text_is_shown_as_it_is() -> None:
    value = RegistryValue(ABSENT.state.PRESENT, "REG_SZ", "a\x1b")
    ((_, (line,)),) = fields_of(Anything(value=value))
    assert line == "'a\\x1b' (REG_SZ)"
