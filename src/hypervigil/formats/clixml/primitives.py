"""The leaves of CLIXML: elements that hold one value as text.

Tags and their texts are those of [MS-PSRP] 2.2.5.1 (serialization of primitive type objects). What the specification
leaves open follows PowerShell's own reader: white space around a number is ignored, and escapes are `_xHHHH_` and
`_xHHHHHHHH_`.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final
from uuid import UUID
from xml.etree.ElementTree import Element

from hypervigil.formats.clixml.values import SecureString

NAMESPACE: Final = "http://schemas.microsoft.com/powershell/2004/04"

Reader = Callable[[Element], object]


class ElementError(Exception):
    """Something is wrong with one element. Never leaves the package: `parse` makes a `ClixmlError` of it."""

    def __init__(self, element: Element, message: str, expected: str = "") -> None:
        super().__init__(message)
        self.element = element
        self.message = message
        self.expected = expected


def qualified(tag: str) -> str:
    """The name that ElementTree gives to a CLIXML element."""
    return f"{{{NAMESPACE}}}{tag}"


def described(element: Element) -> str:
    """An element as it may be shown in a message: tag and property name, no content."""
    tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    name = element.get("N")
    return f"<{tag}>" if name is None else f'<{tag} N="{name[:60]}">'


# --- text -----------------------------------------------------------------------------------------------------------

_ESCAPE: Final = re.compile(r"_[xX]([0-9a-fA-F]{8}|[0-9a-fA-F]{4})_")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LAST_CODE_POINT: Final = 0x10FFFF


def unescaped(text: str) -> str:
    """`text` with its `_xHHHH_` escapes resolved. Half a surrogate pair, which UTF-8 cannot carry, becomes U+FFFD."""
    if "_x" not in text and "_X" not in text:
        return text
    text = _ESCAPE.sub(_character, text)
    return text if _SURROGATE.search(text) is None else _paired(text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return chr(code) if code <= _LAST_CODE_POINT else escape[0]


def _paired(text: str) -> str:
    """Joins surrogate pairs; PowerShell escapes each half of one on its own."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def raw_text(element: Element) -> str:
    """The element's text as it stands. Faults where elements are mixed into it: their content would be lost."""
    if len(element):
        raise ElementError(element[0], f"{described(element[0])} inside {described(element)}", "text alone")
    return element.text or ""


def string(element: Element) -> str:
    """`S`, `URI`, `XD` (a document's source) and `SBK` (a script block's source): text with escapes."""
    text = raw_text(element)
    return unescaped(text) if "_" in text else text


_SHOWN: Final = 40  # characters of a wrong value that a message repeats


def _unreadable(element: Element, expected: str) -> ElementError:
    shown = repr((element.text or "")[:_SHOWN])
    return ElementError(element, f"{described(element)} holds {shown}", expected)


# --- numbers --------------------------------------------------------------------------------------------------------

# At most 40 digits: past the widest type, and far below the length at which Python's int() refuses.
_INTEGER: Final = re.compile(r"[ \t\r\n]*([+-]?[0-9]{1,40})[ \t\r\n]*").fullmatch
_DECIMAL: Final = re.compile(r"[ \t\r\n]*([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))[ \t\r\n]*").fullmatch
_REAL: Final = re.compile(
    r"[ \t\r\n]*([+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,1100})?|\.[0-9]{1,1100})(?:[eE][+-]?[0-9]{1,9})?)[ \t\r\n]*"
).fullmatch
_NOT_FINITE: Final = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False}

_LARGEST_DECIMAL: Final = Decimal(2**96 - 1)  # System.Decimal: 96 bits and a scale
_LARGEST_SINGLE: Final = 3.4028235677973366e38  # where rounding to a single would give infinity
_LARGEST_DOUBLE: Final = 1.7976931348623157e308


def integer(low: int, high: int) -> Callable[[Element], int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(element: Element) -> int:
        match = _INTEGER(raw_text(element))
        if match is not None:
            number = int(match[1])
            if low <= number <= high:
                return number
        raise _unreadable(element, f"a whole number from {low} to {high}")

    return read


def real(largest: float) -> Reader:
    """A reader of floating point numbers up to `largest`, of the infinities and of NaN."""

    def read(element: Element) -> float:
        text = raw_text(element)
        match = _REAL(text)
        if match is not None:
            number = float(match[1])
            if -largest <= number <= largest:
                return number
        elif (special := _NOT_FINITE.get(text.strip())) is not None:
            return special
        raise _unreadable(element, "a floating point number, INF, -INF or NaN")

    return read


def decimal(element: Element) -> Decimal:
    """`D`, within the range of System.Decimal."""
    match = _DECIMAL(raw_text(element))
    if match is not None:
        number = Decimal(match[1])
        if -_LARGEST_DECIMAL <= number <= _LARGEST_DECIMAL:
            return number
    raise _unreadable(element, "a decimal number of at most 96 bits")


def boolean(element: Element) -> bool:
    """`B`."""
    truth = _TRUTH.get(raw_text(element).strip())
    if truth is None:
        raise _unreadable(element, "true or false")
    return truth


def character(element: Element) -> str:
    """`C` holds the number of a UTF-16 unit, not the character."""
    return _paired(chr(_utf16_unit(element)))


_utf16_unit: Final = integer(0, 0xFFFF)


# --- time -----------------------------------------------------------------------------------------------------------

_DATE_TIME: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
).fullmatch
_DURATION: Final = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?"
    r"(?:([0-9]{1,12})(?:\.([0-9]{1,9}))?S)?)?"
).fullmatch
_LONGEST_DURATION: Final = 922_337_203_685  # seconds in a System.TimeSpan: 2**63 units of 100 ns


def date_time(element: Element) -> datetime:
    """`DT`. Aware where the text carries an offset or Z (.NET kinds Local and Utc), else naive (Unspecified).

    .NET counts 100 ns, Python microseconds: the seventh digit is cut off, not rounded, so no date moves past its day.
    """
    match = _DATE_TIME(raw_text(element).strip())
    if match is not None:
        year, month, day, hour, minute, second, fraction, zulu, sign, *offset = match.groups("0")
        try:
            zone = UTC if zulu == "Z" else _zone(sign, *offset)
            microsecond = int(fraction.ljust(6, "0")[:6])
            return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), microsecond, zone)
        except ValueError:
            pass
    raise _unreadable(element, "a date like 2025-01-31T23:59:59.1234567+01:00")


def _zone(sign: str, hours: str, minutes: str) -> timezone | None:
    if sign == "0":
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def duration(element: Element) -> timedelta:
    """`TS`, an XML Schema duration of days and less; months and years have no fixed length and are never written."""
    match = _DURATION(raw_text(element).strip())
    if match is not None:
        sign, days, hours, minutes, seconds, fraction = match.groups("0")
        microseconds = int(fraction.ljust(6, "0")[:6])
        whole = ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
        if whole <= _LONGEST_DURATION:
            span = timedelta(seconds=whole, microseconds=microseconds)
            return -span if sign == "-" else span
    raise _unreadable(element, "a duration like P1DT2H3M4.5S")


# --- the rest -------------------------------------------------------------------------------------------------------

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_VERSION: Final = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,10}){1,3}").fullmatch


def guid(element: Element) -> UUID:
    """`G`."""
    text = raw_text(element).strip()
    if _GUID(text) is None:
        raise _unreadable(element, "a GUID")
    return UUID(text)


def version(element: Element) -> str:
    """`Version`, as text: comparing is the caller's business."""
    text = raw_text(element).strip()
    if _VERSION(text) is None:
        raise _unreadable(element, "a version of two to four numbers")
    return text


def byte_array(element: Element) -> bytes:
    """`BA`, base64."""
    try:
        return b64decode("".join(raw_text(element).split()), validate=True)
    except ValueError:
        raise _unreadable(element, "base64") from None


def secure_string(_element: Element) -> SecureString:
    """`SS`: its text is never looked at."""
    return SecureString()


def nothing(_element: Element) -> None:
    """`Nil`."""


INTEGERS: Final[dict[str, Callable[[Element], int]]] = {
    qualified("By"): integer(0, 2**8 - 1),
    qualified("SB"): integer(-(2**7), 2**7 - 1),
    qualified("U16"): integer(0, 2**16 - 1),
    qualified("I16"): integer(-(2**15), 2**15 - 1),
    qualified("U32"): integer(0, 2**32 - 1),
    qualified("I32"): integer(-(2**31), 2**31 - 1),
    qualified("U64"): integer(0, 2**64 - 1),
    qualified("I64"): integer(-(2**63), 2**63 - 1),
}
"""The tags that an enumeration may be based on."""

PRIMITIVES: Final[dict[str, Reader]] = {
    **INTEGERS,
    qualified("S"): string,
    qualified("C"): character,
    qualified("B"): boolean,
    qualified("DT"): date_time,
    qualified("TS"): duration,
    qualified("Sg"): real(_LARGEST_SINGLE),
    qualified("Db"): real(_LARGEST_DOUBLE),
    qualified("D"): decimal,
    qualified("BA"): byte_array,
    qualified("G"): guid,
    qualified("URI"): string,
    qualified("Version"): version,
    qualified("XD"): string,
    qualified("SBK"): string,
    qualified("SS"): secure_string,
    qualified("Nil"): nothing,
}
