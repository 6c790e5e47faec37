"""What the members of a zip may be called and how large they may be, before one of them is opened.

Pure: takes the directory of an archive (``zipfile.ZipInfo``) and gives its members by safe names. An archive that
breaks a rule is refused as a whole: one hostile member is reason enough not to believe the others.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable

from hypervigil.formats.errors import FormatError

MAX_NAME = 1_024
MAX_RATIO = 1_000
"""Uncompressed to compressed. Deflate can not pass 1,032; real JSON and CLIXML stay below 200."""
RATIO_FREE_BYTES = 1_000_000
"""Members that unpack to no more than this may have any ratio."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*]')
_UNIX = 3


class UnsafeArchiveError(FormatError):
    """An archive that is not unpacked: which member breaks which rule."""


def check_members(
    members: Iterable[zipfile.ZipInfo], *, max_total: int, max_members: int, any_size: bool = False
) -> dict[str, zipfile.ZipInfo]:
    """Every file in the archive by its name with forward slashes; folders are left out.

    ``max_total`` bounds the sum of the sizes. ``any_size`` leaves sums and ratios to the caller, for archives of which
    only a few members are going to be opened (each then checked with ``check_size``).

    Raises:
        UnsafeArchiveError: a name leaves the folder, is absolute, has a drive, a stream, or a name that Windows
            reserves; two names differ in case only; a member is a link, a device, or encrypted; there are too many
            members, they are too large, or one unpacks to too many times its size.
    """
    files: dict[str, zipfile.ZipInfo] = {}
    taken: dict[str, str] = {}
    total = 0
    for count, info in enumerate(members, start=1):
        if count > max_members:
            raise UnsafeArchiveError(f"it has more than {max_members} members")
        name = safe_name(info.orig_filename)
        _check_kind(info, name)
        key = unicodedata.normalize("NFC", name).casefold()
        if key in taken and not info.is_dir():
            raise UnsafeArchiveError(f"two members have this name (the other is {taken[key]!r})", place=name)
        if info.is_dir() or name.endswith("/"):
            continue
        taken[key] = name
        if not any_size:
            check_size(info, max_total)
            total += info.file_size
            if total > max_total:
                raise UnsafeArchiveError(f"its members unpack to more than {max_total} bytes")
        files[name] = info
    return files


def check_size(info: zipfile.ZipInfo, limit: int) -> None:
    """Whether one member may be opened.

    Raises:
        UnsafeArchiveError: it states more than ``limit`` bytes, or a ratio that no honest file has.
    """
    if info.file_size > limit:
        raise UnsafeArchiveError(f"it unpacks to {info.file_size} bytes, the limit is {limit}", place=info.filename)
    if info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise UnsafeArchiveError(f"it unpacks to more than {MAX_RATIO} times its size", place=info.filename)


def safe_name(name: str) -> str:
    """The member's name with forward slashes (Windows tools write backslashes), if it stays inside the folder.

    Raises:
        UnsafeArchiveError: it does not, or it is a name that Windows treats in a special way.
    """
    shown = name.replace("\\", "/")
    if len(shown) > MAX_NAME:
        raise UnsafeArchiveError(f"its name is longer than {MAX_NAME} characters", place=shown[:80])
    if shown.startswith("/") or re.match(r"[A-Za-z]:", shown):
        raise UnsafeArchiveError("its name is an absolute path", place=shown)
    for part in shown.rstrip("/").split("/"):
        if part in ("", ".", ".."):
            raise UnsafeArchiveError("its name leaves the folder", place=shown, expected="a plain relative path")
        if _FORBIDDEN.search(part) or _RESERVED.fullmatch(part) or part.endswith((".", " ")):
            raise UnsafeArchiveError("its name is special to Windows", place=shown)
    return shown


def _check_kind(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & 0x1:
        raise UnsafeArchiveError("it is encrypted", place=name)
    mode = info.external_attr >> 16
    if info.create_system == _UNIX and mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnsafeArchiveError("it is a link or a device", place=name)
