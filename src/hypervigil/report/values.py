"""The values of a fact as people read them: a line or a few for each field, long lists cut with their count."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping, Sequence

import msgspec

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.registry import RegistryValue
from hypervigil.report.text import clipped, visible

Field = tuple[str, tuple[str, ...]]
"""Name of a field, and the lines that its value makes."""

SHORT_LIST = 12
LONG_LIST = 6
LIMIT = 400
"""Items of a list of plain values, items of a list of records, characters of one text: what a reader can take in."""

NO_VALUE = "no value"
"""Null: the release has no such property, or the source left it out."""


def fields_of(fact: Fact) -> tuple[Field, ...]:
    """Every field of the fact, in the order of its declaration."""
    return tuple((name, _lines(getattr(fact, name))) for name in fact.__struct_fields__)


def _lines(value: object) -> tuple[str, ...]:
    if isinstance(value, Sequence | frozenset) and not isinstance(value, str | bytes):
        items = sorted(value, key=str) if isinstance(value, frozenset) else list(value)
        return _list(items)
    if isinstance(value, Mapping):
        return _cut([f"{_shown(key)}: {_inline(item)}" for key, item in value.items()], SHORT_LIST)
    return (_inline(value),)


def _list(items: list[object]) -> tuple[str, ...]:
    if not items:
        return ("none",)
    if any(isinstance(item, msgspec.Struct) and not isinstance(item, RegistryValue) for item in items):
        return _cut([_inline(item) for item in items[: LONG_LIST + 1]], LONG_LIST, len(items))
    if len(items) <= SHORT_LIST:
        return (", ".join(_inline(item) for item in items),)
    shown = ", ".join(_inline(item) for item in items[:SHORT_LIST])
    return (shown, f"and {len(items) - SHORT_LIST:,} more, {len(items):,} in all")


def _cut(lines: list[str], limit: int, length: int | None = None) -> tuple[str, ...]:
    count = len(lines) if length is None else length
    if count <= limit:
        return tuple(lines)
    return (*lines[:limit], f"and {count - limit:,} more, {count:,} in all")


def _inline(value: object) -> str:
    """A value on one line."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, RegistryValue):
        named = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return clipped("; ".join(f"{name} {_inline(item)}" for name, item in named if item is not None), LIMIT)
    if isinstance(value, Sequence | frozenset) and not isinstance(value, str | bytes):
        return ", ".join(_list(list(value)))
    if isinstance(value, Mapping):
        return ", ".join(_lines(value))
    return _shown(value)


def _shown(value: object) -> str:
    match value:
        case None:
            return NO_VALUE
        case bool():
            return "true" if value else "false"
        case Code():
            return value.label
        case RegistryValue():
            return clipped(visible(value.shown), LIMIT)
        case enum.Enum():
            return str(value.value)
        case datetime.datetime():
            return value.isoformat(sep=" ")
        case bytes():
            return f"{len(value):,} bytes"
        case "":
            return "empty"
        case _:
            return clipped(visible(str(value)), LIMIT)
