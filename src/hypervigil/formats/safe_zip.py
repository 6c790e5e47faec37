"""What a zip and its members must be like before one of them is opened, and how one is unpacked.

Opens no file: the caller hands over one that is open. An archive that breaks a rule is refused as a whole: one hostile
member is reason enough not to believe the others.

Most rules are about what two programs could understand differently: a name, a comment that hides a second directory,
two members in the same bytes. What ``zipfile`` checks by itself depends on its version, so nothing here relies on it.
"""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import re
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, BinaryIO

from hypervigil.formats.errors import FormatError

MAX_NAME = 1_024
MAX_RATIO = 1_000
"""Uncompressed to compressed. Deflate can not pass 1,032; real JSON and CLIXML stay below 200."""
RATIO_FREE_BYTES = 1_000_000
"""Members that unpack to no more than this may have any ratio."""
DIRECTORY_BYTES_A_MEMBER = 200
"""What a member may take in the directory, on average: 46 bytes besides its name (APPNOTE 6.3.10, section 4.3.12)."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*]')
_MEMBER_HEAD = 30
_END = 22
_NO_COMMENT = b"\0\0"
_PLAIN_PATH = "a plain relative path"


class UnsafeArchiveError(FormatError):
    """An archive that is not unpacked: which member breaks which rule."""


class DamagedArchiveError(FormatError):
    """No zip, or not a whole one: truncated, or with bytes that do not fit each other."""


def open_archive(file: BinaryIO, *, max_members: int) -> zipfile.ZipFile:
    """The zip in an open file, or in a ``BytesIO``. Closing the archive leaves the file open.

    Raises:
        DamagedArchiveError: it is no zip, or its directory is damaged.
        UnsafeArchiveError: something stands before the first member or after the directory, or the directory is far
            too large for ``max_members``.
    """
    reader = _Bounded(file, max_members * DIRECTORY_BYTES_A_MEMBER)
    try:
        _check_frame(reader)
        archive = zipfile.ZipFile(reader)
    except UnicodeDecodeError as error:
        raise DamagedArchiveError("a member's name is not in the encoding that it says", expected="UTF-8") from error
    except _LOW_LEVEL as error:
        raise DamagedArchiveError(f"it is no whole zip ({error})") from error
    if archive.infolist() and min(info.header_offset for info in archive.infolist()) != 0:
        raise UnsafeArchiveError("something stands before its first member", expected="a zip and nothing else")
    reader.limit = sys.maxsize
    return archive


def check_members(
    members: Iterable[zipfile.ZipInfo], *, max_total: int, max_members: int, any_size: bool = False
) -> dict[str, zipfile.ZipInfo]:
    """Every file in the archive by its name with forward slashes; folders are left out.

    ``max_total`` bounds the sum of the sizes. ``any_size`` leaves sums, ratios and methods to the caller, for archives
    of which only a few members are going to be opened (each then checked with ``check_size``).

    Raises:
        UnsafeArchiveError: a name leaves the folder, is absolute, has a drive, a stream, or a name that Windows
            reserves; two names differ in case only, or one is a file and a folder; a member is a link, a device, or
            encrypted, or lies over another one; there are too many members, they are too large, one unpacks to too
            many times its size or is compressed in a way that nothing bounds.
    """
    files: dict[str, zipfile.ZipInfo] = {}
    taken: dict[str, str] = {}
    spans: list[tuple[int, int, str]] = []
    total = 0
    for count, info in enumerate(members, start=1):
        if count > max_members:
            raise UnsafeArchiveError(f"it has more than {max_members} members")
        name = safe_name(info.orig_filename)
        folder = name.endswith("/")
        _check_kind(info, name, folder=folder)
        spans.append((info.header_offset, _end(info), name))
        if folder:
            continue
        key = name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()
        if key in taken:
            raise _unsafe(name, f"two members have this name (the other is {printable(taken[key])})")
        taken[key] = name
        if not any_size:
            check_size(info, max_total)
            total += info.file_size
            if total > max_total:
                raise UnsafeArchiveError(f"its members unpack to more than {max_total} bytes")
        files[name] = info
    _check_folders(taken)
    _check_spans(spans)
    return files


def check_size(info: zipfile.ZipInfo, limit: int) -> None:
    """Whether one member may be opened.

    Raises:
        UnsafeArchiveError: it states more than ``limit`` bytes, or a ratio that no honest file has, or a method other
            than stored and deflated: the standard library unpacks the others without any bound on memory.
    """
    if info.compress_type not in _METHODS:
        raise _unsafe(
            info.orig_filename, f"it is compressed with method {info.compress_type}", "stored (0) or deflated (8)"
        )
    if info.file_size > limit:
        raise _unsafe(info.orig_filename, f"it unpacks to {info.file_size} bytes, the limit is {limit}")
    if not fair_ratio(info.file_size, info.compress_size):
        raise _unsafe(info.orig_filename, f"it unpacks to more than {MAX_RATIO} times its size")


def fair_ratio(size: int, compressed: int) -> bool:
    """Whether that many bytes may come out of so few."""
    return size <= RATIO_FREE_BYTES or size <= MAX_RATIO * max(compressed, 1)


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of one member, never more than the directory states, their CRC-32 checked.

    Raises:
        DamagedArchiveError: it can not be unpacked, is encrypted, or is not what the directory states.
    """
    with opened(archive, info) as member:
        data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise DamagedArchiveError(
            f"it unpacks to {len(data)} bytes",
            place=printable(info.orig_filename),
            expected=f"{info.file_size}, as the zip's directory states",
        )
    return data


@contextlib.contextmanager
def opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """One member, to read in pieces. The caller bounds how much.

    Raises:
        DamagedArchiveError: it can not be unpacked, or is encrypted; while it is opened or in the block.
    """
    try:
        with archive.open(info) as member:
            yield member
    except _LOW_LEVEL as error:
        words = str(error) or type(error).__name__
        raise DamagedArchiveError(f"it can not be unpacked ({words})", place=printable(info.orig_filename)) from error


def safe_name(name: str) -> str:
    """The member's name with forward slashes (Windows tools write backslashes), if it stays inside the folder.

    Raises:
        UnsafeArchiveError: it does not, or it is a name that Windows treats in a special way.
    """
    path = name.replace("\\", "/")
    if len(path) > MAX_NAME:
        raise _unsafe(path, f"its name is longer than {MAX_NAME} characters")
    if path.startswith("/") or path[1:2] == ":":
        raise _unsafe(path, "its name is an absolute path", _PLAIN_PATH)
    for part in path.removesuffix("/").split("/"):
        if problem := _problem_of(part):
            raise _unsafe(path, problem, _PLAIN_PATH)
    return path


def printable(text: str, *, longest: int = 200) -> str:
    """A foreign name for a message: what would move the cursor, turn the text around or break the encoding is escaped.

    What is longer than ``longest`` characters is cut.
    """
    shown = text[:longest]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
    return shown + ("..." if len(text) > longest else "")


_LOW_LEVEL = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    OverflowError,
    ValueError,
    EOFError,
    OSError,
)
"""What ``zipfile`` lets out over hostile bytes. ``struct.error`` is for releases that check less than 3.11 does."""


class _Bounded:
    """``zipfile`` reads the whole directory at once and makes an object of every entry; this bounds how many."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self.limit = limit
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > self.limit:
            raise UnsafeArchiveError(f"its directory takes {size} bytes, the limit is {self.limit}")
        return self._file.read(size)


def _check_frame(reader: _Bounded) -> None:
    """Refuse bytes before or after the zip: programs differ in which of two directories they then believe."""
    length = reader.seek(0, io.SEEK_END)
    if length < _END:
        raise DamagedArchiveError("it is too short for a zip")
    reader.seek(-_END, io.SEEK_END)
    end = reader.read(_END)
    reader.seek(0)
    start = reader.read(4)
    if start not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise DamagedArchiveError("it does not begin like a zip")
    if not end.startswith(b"PK\x05\x06"):
        raise DamagedArchiveError(
            "it does not end like a zip: it is cut off, has a comment, or something is appended",
            expected="a whole zip without a comment",
        )
    if end[-2:] != _NO_COMMENT:
        raise DamagedArchiveError("it ends within its comment", expected="a whole zip without a comment")


@functools.lru_cache(maxsize=4096)
def _problem_of(part: str) -> str:
    """What is wrong with one part of a path; most parts of an archive are the same few."""
    if part in ("", ".", ".."):
        return "its name leaves the folder"
    if _FORBIDDEN.search(part) or _RESERVED.fullmatch(part) or part.endswith((".", " ")):
        return "its name is special to Windows"
    return ""


def _unsafe(name: str, problem: str, expected: str = "") -> UnsafeArchiveError:
    return UnsafeArchiveError(problem, place=printable(name), expected=expected)


def _end(info: zipfile.ZipInfo) -> int:
    """The first byte that the member surely leaves free; extra fields and a data descriptor may take some more."""
    return info.header_offset + _MEMBER_HEAD + len(info.orig_filename) + info.compress_size


def _check_kind(info: zipfile.ZipInfo, name: str, *, folder: bool) -> None:
    if info.flag_bits & 0x1:
        raise _unsafe(name, "it is encrypted", "a zip without a password")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if folder else stat.S_IFREG):
        raise _unsafe(name, "it is a link or a device", "files and folders")


def _check_folders(taken: dict[str, str]) -> None:
    seen = {""}
    for key, name in taken.items():
        above = key.rpartition("/")[0]
        while above not in seen:
            if above in taken:
                raise _unsafe(name, f"its folder has the name of a file ({printable(taken[above])})")
            seen.add(above)
            above = above.rpartition("/")[0]


def _check_spans(spans: list[tuple[int, int, str]]) -> None:
    spans.sort()
    for (_, end, before), (start, _, name) in itertools.pairwise(spans):
        if start < end:
            raise _unsafe(name, f"it lies over another member ({printable(before)})")
