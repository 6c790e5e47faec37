"""Registry values: one object a value, with Path, Name, State, Type and Data, as the snippet exports them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hypervigil.collect.readers.fields import UnreadableError, records, text, text_or_none, value_of, wrong
from hypervigil.evidence.fact import RegistryRead
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue
from hypervigil.formats.clixml import PSObject

Values = Mapping[tuple[str, str], RegistryValue]
"""By key below HKLM and value name, both in lower case."""

_HIVE = re.compile(r"(?:.*::)?(?:HKLM:?|HKEY_LOCAL_MACHINE)\\+", re.IGNORECASE)

_KINDS = {
    "string": "REG_SZ",
    "expandstring": "REG_EXPAND_SZ",
    "binary": "REG_BINARY",
    "dword": "REG_DWORD",
    "multistring": "REG_MULTI_SZ",
    "qword": "REG_QWORD",
    "none": "REG_NONE",
    "unknown": "REG_UNKNOWN",
}
"""Microsoft.Win32.RegistryValueKind, and the types that it stands for."""

_WIDTHS = {"REG_DWORD": 32, "REG_QWORD": 64}


def is_registry_row(value: object) -> bool:
    """Whether an object says how one registry value stands."""
    return isinstance(value, PSObject) and {"Path", "Name", "State"} <= value.properties.keys()


def place(read: RegistryRead) -> tuple[str, str]:
    """Where a value is, as a key of ``Values``."""
    return read.key.casefold(), read.name.casefold()


def place_of(row: PSObject) -> tuple[str, str]:
    """Where the value of an exported object is.

    Raises:
        UnreadableError: it names no key of HKLM.
    """
    path = text(row, "Path").replace("/", "\\")
    hive = _HIVE.match(path)
    if hive is None:
        raise UnreadableError(f"property Path is {path[:60]!r}, expected a key below HKLM")
    return path[hive.end() :].strip("\\").casefold(), text(row, "Name").casefold()


def registry_values(objects: Sequence[object]) -> dict[tuple[str, str], RegistryValue]:
    """All values of an export.

    Raises:
        UnreadableError: an object is none of these, or two say different things about one value.
    """
    found: dict[tuple[str, str], RegistryValue] = {}
    for row in records(objects):
        where = place_of(row)
        value = _value(row)
        if found.setdefault(where, value) != value:
            raise UnreadableError(f"it holds two values of {where[0]}, {where[1]}")
    return found


def _value(row: PSObject) -> RegistryValue:
    state = text(row, "State").casefold()
    if state == RegistryState.ABSENT:
        return ABSENT
    if state == RegistryState.DENIED:
        return DENIED
    if state != RegistryState.PRESENT:
        raise wrong("State", state, "present, absent or denied")
    kind = _kind(row)
    return RegistryValue(RegistryState.PRESENT, kind, _data(kind, value_of(row, "Data")))


def _kind(row: PSObject) -> str:
    written = text_or_none(row, "Type") if isinstance(value_of(row, "Type"), str) else str(value_of(row, "Type"))
    if written is None:
        raise UnreadableError("property Type is missing or null")
    if written.upper() in _KINDS.values():
        return written.upper()
    kind = _KINDS.get(written.casefold())
    if kind is None:
        raise wrong("Type", written, f"one of {', '.join(sorted(_KINDS.values()))}")
    return kind


def _data(kind: str, data: object) -> int | str | tuple[str, ...] | None:
    width = _WIDTHS.get(kind)
    if width is not None:
        if not isinstance(data, int) or isinstance(data, bool) or not -(1 << (width - 1)) <= data < 1 << width:
            raise wrong("Data", data, f"a number of {width} bits")
        return data & ((1 << width) - 1)  # .NET reads them as signed numbers
    if isinstance(data, bytes):
        return data.hex()
    if isinstance(data, list):
        if all(isinstance(item, str) for item in data):
            return tuple(str(item) for item in data)
        if all(isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= 255 for item in data):  # noqa: PLR2004
            return bytes(item for item in data if isinstance(item, int)).hex()
        raise wrong("Data", data, "texts or bytes")
    if data is None or isinstance(data, str):
        return data
    raise wrong("Data", data, "text")
