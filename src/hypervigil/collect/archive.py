"""A zip as a source. Its directory is looked at as a whole before any member is opened."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, Self

from hypervigil.collect.errors import CollectError, UnreadableSourceError, UnsafeSourceError
from hypervigil.collect.source import MAX_MEMBER_BYTES, MAX_MEMBERS, Member
from hypervigil.formats.errors import FormatError
from hypervigil.formats.safe_zip import UnsafeArchiveError, check_members, check_size, open_archive, opened, unpack

MAX_OPENED_BYTES = 4 * 1024 * 1024 * 1024
"""All members together that are opened in one run, and one archive inside another."""

_CHUNK = 1024 * 1024

_COPY_AGAIN = "Copy it again, and compare its size with the original's."
_NOT_USED = "Do not use it; ask for a new one."


class ZipSource:
    """An archive whose directory has nothing hostile in it. Use it in a ``with`` block."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Look at the archive in ``file``, which is closed with the source; ``path`` names it in messages.

        Raises:
            UnreadableSourceError: it is truncated, or is no zip.
            UnsafeSourceError: a member's name or kind is one that no honest tool writes.
        """
        self.path = path
        self._file = file
        self._opened = 0
        try:
            self._zip = open_archive(file, max_members=MAX_MEMBERS)
            found = check_members(
                self._zip.infolist(), max_total=MAX_OPENED_BYTES, max_members=MAX_MEMBERS, any_size=True
            )
        except FormatError as error:
            file.close()
            raise self._refused(error) from error
        self._members = found
        self.members: tuple[Member, ...] = tuple(sorted(Member(name, info.file_size) for name, info in found.items()))

    @classmethod
    def at(cls, path: Path) -> Self:
        """The archive in a file.

        Raises:
            UnreadableSourceError: it can not be opened, is truncated, or is no zip.
            UnsafeSourceError: a member's name or kind is one that no honest tool writes.
        """
        try:
            file = path.open("rb")
        except (OSError, ValueError) as error:
            words = error.strerror if isinstance(error, OSError) else str(error)
            raise UnreadableSourceError(path, f"it can not be opened: {words}", remedy="Check the name.") from error
        return cls(path, file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def read(self, member: Member, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """Unpack a member.

        Raises:
            UnsafeSourceError: it states more than ``limit`` bytes, or a ratio that no honest file has.
            UnreadableSourceError: it is damaged, or packed in a way that is not read.
        """
        self._check(member, limit)
        try:
            return unpack(self._zip, self._members[member.path])
        except FormatError as error:
            raise self._refused(error) from error

    def head(self, member: Member, size: int) -> bytes:
        """Unpack the first ``size`` bytes of a member.

        Raises:
            UnsafeSourceError: it is packed in a way that nothing bounds.
            UnreadableSourceError: it is damaged.
        """
        self._check(member, max(member.size, size), counts=False)
        try:
            with opened(self._zip, self._members[member.path]) as file:
                return file.read(size)
        except FormatError as error:
            raise self._refused(error) from error

    def inner(self, member: Member) -> ZipSource:
        """A member that is an archive itself, unpacked to a temporary file that goes when it is closed.

        Raises:
            UnsafeSourceError: it is too large, or not safe.
            UnreadableSourceError: it is damaged, or no zip.
        """
        self._check(member, MAX_OPENED_BYTES)
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the ZipSource that gets it
        try:
            with opened(self._zip, self._members[member.path]) as packed:
                left = member.size
                while left > 0 and (chunk := packed.read(min(_CHUNK, left))):
                    file.write(chunk)
                    left -= len(chunk)
            file.seek(0)
        except FormatError as error:
            file.close()
            raise self._refused(error) from error
        return ZipSource(self.path / member.path, file)

    def _check(self, member: Member, limit: int, *, counts: bool = True) -> None:
        try:
            check_size(self._members[member.path], limit)
        except FormatError as error:
            raise self._refused(error) from error
        self._opened += member.size if counts else 0
        if self._opened > MAX_OPENED_BYTES:
            raise UnsafeSourceError(
                self.path,
                f"what has to be opened unpacks to more than {MAX_OPENED_BYTES} bytes",
                place=member.path,
                remedy=_NOT_USED,
            )

    def _refused(self, error: FormatError) -> CollectError:
        unsafe = isinstance(error, UnsafeArchiveError)
        return (UnsafeSourceError if unsafe else UnreadableSourceError)(
            self.path,
            error.message,
            place=error.place,
            expected=error.expected or ("" if unsafe else "a whole zip file"),
            remedy=_NOT_USED if unsafe else _COPY_AGAIN,
        )
