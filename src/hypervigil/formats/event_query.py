"""Queries of the Windows event log: a ``QueryList``, and what the forwarder says of the channels it could not read.

Both are small XML texts inside event data: ``Query`` of the forwarder's events 100 to 102, ``Status`` of 101. The form
of the first is in MicrosoftDocs/win32, ``desktop-src/WES/queryschema-schema.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

import msgspec

from hypervigil.formats.errors import FormatError

MOST_CHARACTERS = 1 << 20
"""Of one text. An event can not be larger than 64 KiB; query files that people write stay far below this, too."""


_CODE = re.compile(r"[0-9]{1,10}")


class Part(msgspec.Struct, frozen=True):
    """A Select or a Suppress: the channel that it is about, and its XPath expression."""

    channel: str
    xpath: str


class Query(msgspec.Struct, frozen=True):
    """One Query: an event is in it when a Select takes it and no Suppress of the same Query does."""

    selects: tuple[Part, ...]
    suppresses: tuple[Part, ...] = ()


def read_query_list(text: str) -> tuple[Query, ...]:
    """The queries of a ``QueryList``.

    A part without ``Path`` has that of its Query.

    Raises:
        FormatError: not XML, a document type, no QueryList, too long, or a part that names no channel.
    """
    queries: list[Query] = []
    selects: list[Part] = []
    suppresses: list[Part] = []
    default = ""
    for place, name, attributes, content in _elements(text, "QueryList"):
        if name in ("Select", "Suppress"):
            channel = (attributes.get("Path") or default).strip()
            if not channel:
                raise FormatError(f"a {name} names no channel", place=place, expected="Path, here or at its Query")
            (selects if name == "Select" else suppresses).append(Part(channel, content.strip()))
        elif name == "Query" and content == OPENED:
            selects, suppresses, default = [], [], attributes.get("Path", "")
        elif name == "Query":
            queries.append(Query(tuple(selects), tuple(suppresses)))
    return tuple(queries)


def read_query_status(text: str) -> dict[str, int]:
    """Error codes by channel, from the ``QueryStatus`` of 101: 0 was read, 5 access denied, 15007 no such channel.

    Raises:
        FormatError: not XML, a document type, no QueryStatus, too long, or a code that is no number.
    """
    codes: dict[str, int] = {}
    for place, name, attributes, _content in _elements(text, "QueryStatus"):
        if name != "Channel":
            continue
        code = attributes.get("ErrorCode", "")
        if not _CODE.fullmatch(code):
            raise FormatError("an error code is no number", place=place, expected="ErrorCode with 1 to 10 digits")
        codes[attributes.get("Name", "")] = int(code)
    return codes


OPENED = "\x00"
"""Stands for the content of an element that begins: no XML text can hold it."""

Element = tuple[str, str, dict[str, str], str]
"""Where it begins, its local name, its attributes, its own text."""
Open = tuple[str, str, dict[str, str], list[str]]
"""The same of one that has not ended yet, its text in pieces."""


def _elements(text: str, root: str) -> Iterator[Element]:
    """Beginnings of Query elements and ends of all, in the order of the text."""
    if len(text) > MOST_CHARACTERS:
        raise FormatError("the query is too long", expected=f"at most {MOST_CHARACTERS} characters")
    found: list[Element] = []
    stack: list[Open] = []
    parser = expat.ParserCreate(namespace_separator="\x1f")

    def place() -> str:
        return f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("\x1f")[2]
        if not stack and local != root:
            raise FormatError(f"the outermost element is {local}", place=place(), expected=root)
        stack.append((place(), local, attributes, []))
        found.append((place(), local, attributes, OPENED))

    def end(_name: str) -> None:
        began, local, attributes, pieces = stack.pop()
        found.append((began, local, attributes, "".join(pieces)))

    def refuse(*_arguments: object) -> None:
        raise FormatError("a document type is declared", place=place(), expected="none")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = _appender(stack)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.strip(), True)
    except expat.ExpatError as error:
        raise FormatError(f"not XML: {expat.ErrorString(error.code)}", place=place()) from error
    except UnicodeEncodeError as error:
        raise FormatError("not XML: a character that no text can hold", place=f"character {error.start}") from error
    # Of parts, the beginning says nothing that the end does not.
    return (each for each in found if each[3] != OPENED or each[1] == "Query")


def _appender(stack: list[Open]) -> Callable[[str], None]:
    def append(data: str) -> None:
        if stack:
            stack[-1][3].append(data)

    return append
