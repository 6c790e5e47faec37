"""A zip as a source. Its directory is looked at as a whole before any member is opened."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Self

from hypervigil.collect.errors import UnreadableSourceError, UnsafeSourceError
from hypervigil.collect.source import MAX_MEMBER_BYTES, MAX_MEMBERS, Member
from hypervigil.formats.safe_zip import UnsafeArchiveError, check_members, check_size

MAX_OPENED_BYTES = 4 * 1024 * 1024 * 1024
"""All members together that are opened in one run."""
MAX_INNER_BYTES = 4 * 1024 * 1024 * 1024
"""An archive inside an archive, which has to be unpacked to a temporary file."""

_CHUNK = 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    ValueError,
    RuntimeError,
    OSError,
)
"""What zipfile raises for archives that are truncated, changed, or packed in a way that it can not read."""

NOT_USED = "Do not use it; ask for a new one."


class ZipSource:
    """An archive whose directory has nothing hostile in it. Use it in a ``with`` block."""

    def __init__(self, path: Path, file: IO[bytes] | None = None) -> None:
        """Open the archive at ``path``; with ``file``, the open file of an archive that ``path`` only names.

        Raises:
            UnreadableSourceError: it can not be opened, is truncated, or is no zip.
            UnsafeSourceError: a member's name or kind is one that no honest tool writes.
        """
        self.path = path
        self._file = file
        self._opened = 0
        try:
            self._zip = zipfile.ZipFile(file if file is not None else path)
        except _DAMAGE as error:
            raise UnreadableSourceError(
                path,
                f"it can not be opened as a zip, or is truncated ({_words(error)})",
                expected="a whole zip file",
                remedy="Copy it again, and compare its size with the original's.",
            ) from error
        try:
            found = check_members(
                self._zip.infolist(), max_total=MAX_OPENED_BYTES, max_members=MAX_MEMBERS, any_size=True
            )
        except UnsafeArchiveError as error:
            self.close()
            raise UnsafeSourceError(
                path, error.message, place=error.place, expected=error.expected, remedy=NOT_USED
            ) from error
        self._members = found
        self.members: tuple[Member, ...] = tuple(sorted(Member(name, info.file_size) for name, info in found.items()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        if self._file is not None:
            self._file.close()

    def read(self, member: Member, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """Unpack a member.

        Raises:
            UnsafeSourceError: it states more than ``limit`` bytes, a ratio that no honest file has, or unpacks to
                another size than it states.
            UnreadableSourceError: it is damaged.
        """
        self._check(member, limit)
        data = self.head(member, member.size + 1)
        if len(data) != member.size:
            raise UnsafeSourceError(
                self.path, f"it unpacks to another size than the {member.size} bytes stated", place=member.path
            )
        return data

    def head(self, member: Member, size: int) -> bytes:
        """Unpack the first ``size`` bytes of a member.

        Raises:
            UnreadableSourceError: it is damaged.
        """
        try:
            with self._zip.open(self._members[member.path]) as file:
                return file.read(size)
        except _DAMAGE as error:
            raise self._damaged(member, error) from error

    def inner(self, member: Member) -> ZipSource:
        """A member that is an archive itself, unpacked to a temporary file that goes when it is closed.

        Raises:
            UnsafeSourceError: it is too large, or not safe.
            UnreadableSourceError: it is damaged, or no zip.
        """
        self._check(member, MAX_INNER_BYTES)
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the ZipSource that gets it
        try:
            with self._zip.open(self._members[member.path]) as packed:
                left = member.size
                while left > 0 and (chunk := packed.read(min(_CHUNK, left))):
                    file.write(chunk)
                    left -= len(chunk)
            file.seek(0)
        except _DAMAGE as error:
            file.close()
            raise self._damaged(member, error) from error
        try:
            return ZipSource(self.path / member.path, file)
        except BaseException:
            file.close()
            raise

    def _check(self, member: Member, limit: int) -> None:
        try:
            check_size(self._members[member.path], limit)
        except UnsafeArchiveError as error:
            raise UnsafeSourceError(self.path, error.message, place=member.path, remedy=NOT_USED) from error
        self._opened += member.size
        if self._opened > MAX_OPENED_BYTES:
            raise UnsafeSourceError(
                self.path,
                f"what has to be opened unpacks to more than {MAX_OPENED_BYTES} bytes",
                place=member.path,
                remedy=NOT_USED,
            )

    def _damaged(self, member: Member, error: BaseException) -> UnreadableSourceError:
        return UnreadableSourceError(
            self.path,
            f"it can not be unpacked ({_words(error)})",
            place=member.path,
            remedy="Copy the archive again; if that does not help, unpack it and name the folder.",
        )


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
