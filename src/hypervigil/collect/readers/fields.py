"""Single properties of exported objects, as the type that they have to have."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from hypervigil.evidence.codes import Code
from hypervigil.formats.clixml import EnumValue, PSObject

C = TypeVar("C", bound=Code)


class UnreadableError(Exception):
    """An object is not what the fact is read from: ``problem`` names the property and what it holds."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def wrong(name: str, value: object, expected: str) -> UnreadableError:
    """The property has a value of another type."""
    shown = repr(value) if isinstance(value, (bool, int, float, str, datetime.datetime)) else type(value).__name__
    return UnreadableError(f"property {name} is {shown[:60]}, expected {expected}")


def records(objects: Sequence[object]) -> list[PSObject]:
    """All of them as objects with properties.

    A list among them is taken apart (``Export-Clixml -InputObject`` keeps a list as one object); null is left out.

    Raises:
        UnreadableError: something else is among them.
    """
    found: list[PSObject] = []
    for each in objects:
        if each is None:
            continue
        if isinstance(each, PSObject) and isinstance(each.value, list):
            found.extend(records(each.value))
        elif isinstance(each, PSObject):
            found.append(each)
        elif isinstance(each, list) and all(isinstance(item, PSObject) for item in each):
            found.extend(item for item in each if isinstance(item, PSObject))
        else:
            raise UnreadableError(f"it holds {type(each).__name__}, expected objects with properties")
    return found


def single(objects: Sequence[object]) -> PSObject:
    """The one object that the command gives.

    Raises:
        UnreadableError: there is none, or more than one.
    """
    found = records(objects)
    if len(found) != 1:
        raise UnreadableError(f"it holds {len(found) or 'no'} objects, expected one")
    return found[0]


def value_of(record: PSObject, name: str) -> object:
    """The property's value; None where it is null or missing. Upper and lower case do not count, as in PowerShell."""
    value = _look_up(record, name)
    while isinstance(value, PSObject) and value.value is not None:
        value = value.value
    return value


def _look_up(record: PSObject, name: str) -> object:
    properties = record.properties
    if name in properties:
        return properties[name]
    wanted = name.casefold()
    return next((value for key, value in properties.items() if key.casefold() == wanted), None)


def text_or_none(record: PSObject, name: str) -> str | None:
    """Text; None where nothing was written."""
    value = value_of(record, name)
    if value is None:
        return None
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str):
        raise wrong(name, value, "text")
    return value.strip() or None


_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?")


def guid_or_none(record: PSObject, name: str) -> str | None:
    """A GUID in lower case without braces."""
    written = text_or_none(record, name)
    if written is None:
        return None
    found = _GUID.fullmatch(written.lower())
    if found is None:
        raise wrong(name, written, "a GUID")
    return found[1]


def text(record: PSObject, name: str) -> str:
    """Text that has to be there."""
    return _required(name, text_or_none(record, name))


def guid(record: PSObject, name: str) -> str:
    """A GUID that has to be there."""
    return _required(name, guid_or_none(record, name))


def boolean_or_none(record: PSObject, name: str) -> bool | None:
    """True, false or nothing."""
    value = value_of(record, name)
    if value is None or isinstance(value, bool):
        return value
    raise wrong(name, value, "true or false")


def boolean(record: PSObject, name: str) -> bool:
    """True or false."""
    return _required(name, boolean_or_none(record, name))


def number_or_none(record: PSObject, name: str) -> int | None:
    """A whole number; digits in a text are one (``BuildNumber`` is a text)."""
    value = value_of(record, name)
    return None if value is None else _number(name, value)


def number(record: PSObject, name: str) -> int:
    """A whole number that has to be there."""
    return _required(name, number_or_none(record, name))


def code_or_none(record: PSObject, name: str, kind: type[C]) -> C | None:
    """A code by its number, or by the name that PowerShell gives to it."""
    value = value_of(record, name)
    return None if value is None else as_code(name, value, kind)


def code(record: PSObject, name: str, kind: type[C]) -> C:
    """A code that has to be there."""
    return _required(name, code_or_none(record, name, kind))


def codes_or_none(record: PSObject, name: str, kind: type[C]) -> tuple[C, ...] | None:
    """An array of codes, in the order of the source."""
    value = value_of(record, name)
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    return tuple(as_code(name, item, kind) for item in items)


def codes(record: PSObject, name: str, kind: type[C]) -> tuple[C, ...]:
    """An array of codes that has to be there."""
    return _required(name, codes_or_none(record, name, kind))


def as_code(name: str, value: object, kind: type[C]) -> C:
    """One value as a code; numbers that nobody has named yet are kept."""
    if isinstance(value, str) and not re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
        wanted = _plain(value)
        for member in kind:
            if _plain(member.name) == wanted:
                return member
        raise wrong(name, value, f"one of {', '.join(member.name for member in kind)}")
    return kind(_number(name, value))


def _plain(name: str) -> str:
    return re.sub(r"[\s_]", "", name).casefold()


def words_or_none(record: PSObject, name: str) -> tuple[str, ...] | None:
    """Several texts: an array, or one text with commas between them."""
    value = value_of(record, name)
    if value is None:
        return None
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(item.strip() for item in value if isinstance(item, str) and item.strip())
    raise wrong(name, value, "texts")


_DMTF = re.compile(r"([0-9]{14})\.([0-9]{6})([+-])([0-9]{3})")


def moment_or_none(record: PSObject, name: str) -> datetime.datetime | None:
    """A moment in UTC: a date with its zone, or DMTF text such as ``20181123172414.000000-360`` (zone in minutes)."""
    value = value_of(record, name)
    if value is None or value == "":
        return None
    found = value if isinstance(value, datetime.datetime) else _from_dmtf(value)
    if found is None or found.tzinfo is None:
        raise wrong(name, value, "a date with its time zone")
    try:
        return found.astimezone(datetime.UTC)
    except OverflowError:
        raise wrong(name, value, "a date of our era") from None


def _from_dmtf(value: object) -> datetime.datetime | None:
    match = _DMTF.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    minutes = int(match[4]) if match[3] == "+" else -int(match[4])
    zone = datetime.timezone(datetime.timedelta(minutes=minutes))
    try:
        return datetime.datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S%f").replace(tzinfo=zone)
    except ValueError:
        return None


T = TypeVar("T")


def _required(name: str, value: T | None) -> T:
    if value is None:
        raise UnreadableError(f"property {name} is missing or null")
    return value


def _number(name: str, value: object) -> int:
    if isinstance(value, EnumValue):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
        return int(value)
    raise wrong(name, value, "a whole number")
