"""From bytes to an element tree: encoding, bounds, and the refusal of document types and entities."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from typing import Final, NoReturn
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from hypervigil.formats.clixml.primitives import NAMESPACE, ElementError, qualified
from hypervigil.formats.errors import FormatError


class ClixmlError(FormatError):
    """Bytes are not CLIXML that this reader accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a document may ask for.

    `size`      bytes as given. The largest of the recorded documents of one host has 2.3 MB.
    `elements`  XML elements; one with its value takes about half a kilobyte of memory while it is read.
    `depth`     objects within objects. PowerShell's own reader takes 49 and refuses 50 (tried with psengine).
    """

    size: int = 256 * 1024 * 1024
    elements: int = 2_000_000
    depth: int = 64


DEFAULT_LIMITS: Final = Limits()

_ROOT: Final = qualified("Objs")
_EXPECTED_ROOT: Final = f"root element Objs of namespace {NAMESPACE}"
_DECLARED_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']").match
# UTF-16 too: a document that was made as a .NET string says so, in whatever encoding it is saved later.
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "utf-16"})
_FIRST_ELEMENT: Final = re.compile(rb"<([A-Za-z_][^\s/>]{0,80})").search


def read_document(data: bytes, limits: Limits) -> tuple[bytes, Element]:
    """The document as UTF-8 without byte order mark, and its root element, which is known to be `Objs`."""
    if len(data) > limits.size:
        raise ClixmlError(f"{len(data)} bytes", expected=f"at most {limits.size} bytes")
    text = _utf8(data)
    if not text.strip():
        raise ClixmlError("the document is empty", expected=_EXPECTED_ROOT)
    _refuse_markup(text, limits)
    root = _tree(text)
    _check_root(root)
    return text, root


def _utf8(data: bytes) -> bytes:
    """Settles the encoding before any XML is looked at: what is searched for in the bytes is what the parser sees."""
    if data.startswith(BOM_UTF8):
        return data[len(BOM_UTF8) :]
    if data.startswith(BOM_UTF16_LE) or data[:2] == b"<\0":
        return _from_utf16(data, "utf-16-le", BOM_UTF16_LE)
    if data.startswith(BOM_UTF16_BE) or data[:2] == b"\0<":
        return _from_utf16(data, "utf-16-be", BOM_UTF16_BE)
    declared = _DECLARED_ENCODING(data)
    if declared is not None and not data.isascii():
        encoding = declared[1].decode("ascii").lower()
        if encoding not in _ENCODINGS:
            raise ClixmlError(f"the document says that it is {encoding}{_root_seen(data)}", expected="UTF-8 or UTF-16")
    return data


def _from_utf16(data: bytes, encoding: str, bom: bytes) -> bytes:
    start = len(bom) if data.startswith(bom) else 0
    try:
        return data[start:].decode(encoding).encode("utf-8")
    except UnicodeDecodeError as error:
        raise ClixmlError(
            f"no {encoding.upper()} text ({error.reason})",
            place=f"byte {start + error.start}",
            expected="whole UTF-16 characters",
        ) from None


def _root_seen(text: bytes) -> str:
    """Names the first element of a document that is not parsed, for a message."""
    seen = _FIRST_ELEMENT(text)
    return "" if seen is None else f" (its first element is {seen[1].decode('utf-8', 'replace')})"


def _refuse_markup(text: bytes, limits: Limits) -> None:
    for markup in (b"<!DOCTYPE", b"<!ENTITY"):
        at = text.find(markup)
        if at >= 0:
            what = f"a {markup[2:].decode()} declaration, which could define entities"
            raise ClixmlError(what, place=_line_and_column(text, at), expected="none")
    # An element has one or two "<", and a text has none: only a large document has to be counted twice.
    if text.count(b"<") > limits.elements:
        elements = text.count(b"<") - text.count(b"</")
        if elements > limits.elements:
            raise ClixmlError(f"{elements} elements", expected=f"at most {limits.elements} elements")


def _line_and_column(text: bytes, at: int) -> str:
    line = text.count(b"\n", 0, at) + 1
    column = at - text.rfind(b"\n", 0, at)
    return f"line {line}, column {column}"


def _tree(text: bytes) -> Element:
    # The encoding given here overrides the XML declaration's. No entity is left to expand: _refuse_markup came first.
    parser = XMLParser(encoding="utf-8")  # noqa: S314
    try:
        parser.feed(text)
        root: Element = parser.close()
    except ParseError as error:
        _not_well_formed(error, text)
    return root


def _not_well_formed(error: ParseError, text: bytes) -> NoReturn:
    line, column = error.position
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise ClixmlError(
            f"byte 0x{text[wrong.start]:02X} is not UTF-8{_root_seen(text)}",
            place=_line_and_column(text, wrong.start),
            expected="UTF-8 or UTF-16",
        ) from None
    reason = expat.errors.messages.get(error.code, "unknown reason")
    raise ClixmlError(f"not well-formed XML ({reason})", place=f"line {line}, column {column + 1}") from None


def _check_root(root: Element) -> None:
    if root.tag != _ROOT:
        namespace, _, name = root.tag.rpartition("}")
        of = f" of namespace {namespace[1:]}" if namespace else ""
        raise ClixmlError(f"an XML document, but no CLIXML: its root element is {name}{of}", expected=_EXPECTED_ROOT)
    version = root.get("Version", "1")
    if version.partition(".")[0] != "1":
        raise ClixmlError(f"CLIXML of version {version[:40]}", place="Objs", expected="version 1")


def located(error: ElementError, text: bytes, root: Element) -> ClixmlError:
    """The error of one element of `root` with its line and column in `text`, which are worked out only now."""
    return ClixmlError(error.message, place=_place(error.element, text, root), expected=error.expected)


def _place(element: Element, text: bytes, root: Element) -> str:
    """Reads the document once more, up to the element of the same number: ElementTree keeps no positions."""
    number = next(index for index, each in enumerate(root.iter()) if each is element)
    place = ""
    parser = expat.ParserCreate("utf-8")

    def start(_tag: str, _attributes: dict[str, str]) -> None:
        nonlocal number, place
        if number == 0:
            place = f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"
        number -= 1

    parser.StartElementHandler = start
    parser.Parse(text, True)
    return place
