"""TOML from plain values: as much of it as documents of ours need, without comments and without choices of form."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")

Document = Mapping[str, object]


def toml_of(document: Document) -> str:
    """The document as TOML 1.0: plain values, lists of plain values, tables, and lists of tables.

    Raises:
        TypeError: a value is none of these.
    """
    return "\n".join(_table(document, ())).strip("\n") + "\n"


def _table(table: Document, path: tuple[str, ...]) -> Iterator[str]:
    """Plain values first: after the header of a table within, they would be that one's."""
    tables = {key: found for key, value in table.items() if (found := _tables(value))}
    for key, value in table.items():
        if key not in tables:
            yield f"{_key(key)} = {_value(value)}"
    for key, found in tables.items():
        below = (*path, key)
        name = ".".join(map(_key, below))
        for one in found:
            yield f"\n[[{name}]]" if isinstance(table[key], list) else f"\n[{name}]"
            yield from _table(one, below)


def _tables(value: object) -> list[Document]:
    """The tables that a value is: itself, or all of a list; none where it is a plain value."""
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return value
    return []


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _text(value)
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
    msg = f"{type(value).__name__} is nothing that TOML has"
    raise TypeError(msg)


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's too, but DEL has to be one here."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
