"""Which members of a source are CLIXML that a fact is read from, and their objects."""

from __future__ import annotations

import functools
import hashlib
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

import msgspec

from hypervigil.collect.naming import FROM_FILES, Place, is_export_name, place_by_name
from hypervigil.collect.source import MAX_MEMBER_BYTES, Member, Source
from hypervigil.evidence.evidence import Skipped
from hypervigil.formats.clixml import ClixmlError, parse

_HEAD = 4_096
_NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04"
_EXTENSIONS = frozenset({"xml", "clixml"})
_FIRST_TYPE = re.compile(r"<T>([^<]{1,200})</T>")
_MARKS = ("System.Management.Automation.ErrorRecord",)


class Document(msgspec.Struct, frozen=True):
    """A CLIXML file: where it is, the SHA-256 of its bytes, and its objects or what is wrong with it.

    ``named`` is the read that its name stands for, where it stands for one.
    """

    member: Member
    digest: str
    objects: tuple[object, ...] = ()
    damage: str = ""
    named: Place | None = None


def read_document(source: Source, member: Member) -> Document | Skipped:
    """The member as a document, or why it is none that evidence is read from.

    Raises:
        CollectError: it can not be read at all.
    """
    clixml = _NAMESPACE in _as_text(source.head(member, _HEAD))
    if not clixml and not (member.extension in _EXTENSIONS and is_export_name(member.stem)):
        return Skipped(member.path, member.size, "it is no CLIXML")
    named = place_by_name(member.stem)
    if member.size > MAX_MEMBER_BYTES:
        why = f"it is larger than the {MAX_MEMBER_BYTES} bytes that are opened"
        return Skipped(member.path, member.size, why) if named is None else Document(member, "", (), why, named)
    data = source.read(member)
    if named is None and not _mentions_a_shape(data):
        return Skipped(member.path, member.size, f"it is CLIXML {_of_what(data)}, which no fact is read from")
    digest = hashlib.sha256(data).hexdigest()
    try:
        return Document(member, digest, tuple(parse(data)), "", named)
    except ClixmlError as error:
        if named is None:
            return Skipped(member.path, member.size, f"it is damaged CLIXML: {error}")
        return Document(member, digest, (), str(error), named)


def _as_text(data: bytes) -> str:
    if data.startswith(BOM_UTF16_LE) or data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    if data.startswith(BOM_UTF16_BE) or data[:1] == b"\0":
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8", "replace")


@functools.cache
def _shape_marks() -> tuple[str, ...]:
    """Texts of which a document holds one at least, if a fact is read from what its objects are."""
    shapes = {shape for fact in FROM_FILES for read in fact.INFO.reads for shape in read.shapes}
    return (*sorted(shapes), *_MARKS, 'N="State"')


def _mentions_a_shape(data: bytes) -> bool:
    """Cheaper than parsing: most CLIXML of a host is about things that no fact needs."""
    text = _as_text(data)
    return any(mark in text for mark in _shape_marks())


def _of_what(data: bytes) -> str:
    found = _FIRST_TYPE.search(_as_text(data[: _HEAD * 4]))
    return f"of {found[1]}" if found else "of plain values"
