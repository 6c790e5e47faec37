"""Every text of every registered fact says what it holds, and nothing says so that is not there."""

from __future__ import annotations

import pytest
from msgspec import inspect

from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.evidence.redaction.table import TABLE, kinds_of
from hypervigil.evidence.register import FACTS
from tests.evidence.redaction.shapes import parts, structures, texts

TEXTS = [pytest.param(cls, name, kind, id=f"{cls.__name__}.{name}") for cls, name, kind in texts()]


@pytest.mark.parametrize(("cls", "name", "kind"), TEXTS)
def test_every_text_has_a_kind(cls: type, name: str, kind: inspect.Type) -> None:
    declared = kinds_of(cls).get(name)
    assert declared is not None, f"{cls.__name__}.{name} holds a text: say what, in evidence/redaction/table.py"
    mapping = any(isinstance(part, inspect.DictType) for part in _unwrapped(kind))
    assert isinstance(declared, tuple) is mapping, "a mapping has a kind for its keys and one for its values"


def _unwrapped(kind: inspect.Type) -> list[inspect.Type]:
    if isinstance(kind, inspect.Metadata):
        return _unwrapped(kind.type)
    return [one for part in kind.types for one in _unwrapped(part)] if isinstance(kind, inspect.UnionType) else [kind]


def test_nothing_is_declared_that_is_no_text() -> None:
    there = {(cls, name) for cls, name, _ in texts()}
    declared = {
        (cls, name) for base, row in TABLE.items() for name in row for cls in structures() if issubclass(cls, base)
    }
    assert declared - there == set()
    assert {base for base in TABLE if not any(issubclass(cls, base) for cls in structures())} == set()


def test_keys_of_items_are_identifying() -> None:
    for fact in FACTS:
        if fact.INFO.item_key:
            assert kinds_of(fact)[fact.INFO.item_key] in (Kind.GUID, Kind.HOST, Kind.SID, Kind.ENDPOINT)


def test_a_type_has_the_rows_of_those_that_it_is_derived_from() -> None:
    (event,) = [cls for cls in structures() if cls.__name__ == "SmbEvent"]
    assert kinds_of(event)["channel"] is Kind.PUBLIC
    assert kinds_of(event)["peer"] is Kind.HOST


def test_no_fact_holds_bytes_or_anything() -> None:
    for cls, name, kind in texts():
        assert not any(isinstance(part, inspect.BytesType | inspect.AnyType) for part in parts(kind)), (cls, name)
