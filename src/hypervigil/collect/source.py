"""Named members with sizes and bytes, whether they lie in a folder or in a zip."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from hypervigil.collect.errors import UnreadableSourceError, UnsafeSourceError

MAX_MEMBERS = 500_000
"""Members of one source. An SDDC archive of 16 nodes with its event logs and reports has some 10,000."""
MAX_MEMBER_BYTES = 128 * 1024 * 1024
"""A member that is opened. The largest CLIXML of the recorded host has 2.3 MB; 1,000 VMs in full take some 60 MB."""

Progress = Callable[[str, int, int], None]
"""Called before a member is looked at: its path, its number from 1, and how many there are."""


class Member(msgspec.Struct, frozen=True, order=True):
    """A file in a source: its path with forward slashes, and its size in bytes."""

    path: str
    size: int

    @property
    def folder(self) -> str:
        """The path of the folder that holds it; empty at the top."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file name."""
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The file name without its last extension."""
        return self.name.rpartition(".")[0] or self.name

    @property
    def extension(self) -> str:
        """The last extension in lower case, without the dot."""
        stem, dot, extension = self.name.rpartition(".")
        return extension.lower() if dot and stem else ""


class Source(Protocol):
    """Something that holds members."""

    @property
    def path(self) -> Path:
        """Where it is, for messages."""

    @property
    def members(self) -> tuple[Member, ...]:
        """Every file in it, sorted by path."""

    def read(self, member: Member, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """The bytes of a member, at most ``limit`` of them: a longer one is refused."""

    def head(self, member: Member, size: int) -> bytes:
        """Its first bytes."""


def _is_link(entry: os.DirEntry[str]) -> bool:
    """A symbolic link, or a junction of NTFS, which is a folder to Python 3.11."""
    if entry.is_symlink():
        return True
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return entry.is_dir(follow_symlinks=False) and bool(attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT)


class FolderSource:
    """A folder of the file system. What lies outside is never reached."""

    def __init__(self, path: Path) -> None:
        """List the folder.

        Raises:
            UnreadableSourceError: it is no folder, or a part of it can not be listed.
            UnsafeSourceError: a symbolic link in it leads out of it, or there are too many files.
        """
        self.path = path
        if not path.is_dir():
            what = "it is not a folder" if path.exists() else "there is no such folder"
            raise UnreadableSourceError(path, what, expected="a folder of CLIXML files", remedy="Check the name.")
        self._root = path.resolve()
        self.members: tuple[Member, ...] = tuple(sorted(self._walk()))

    def _walk(self) -> list[Member]:
        found: list[Member] = []
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = list(os.scandir(self._root / folder))
            except OSError as error:
                raise UnreadableSourceError(
                    self.path,
                    f"it can not be listed: {error.strerror or error}",
                    place=folder,
                    remedy="Check the permissions.",
                ) from error
            for entry in entries:
                path = f"{folder}{entry.name}"
                self._refuse_name(path)
                if _is_link(entry):
                    self._refuse_link(entry, path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                elif entry.is_file(follow_symlinks=False):
                    found.append(Member(path, entry.stat(follow_symlinks=False).st_size))
                if len(found) > MAX_MEMBERS:
                    raise UnsafeSourceError(
                        self.path, f"it has more than {MAX_MEMBERS} files", remedy="Name the folder of one cluster."
                    )
        return found

    def _refuse_name(self, path: str) -> None:
        """A name that is no text could not be written down as the place where a fact is from."""
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = path.encode("ascii", "backslashreplace").decode()
            raise UnsafeSourceError(self.path, "a file's name is not UTF-8", place=shown, remedy="Rename it.") from None

    def _refuse_link(self, entry: os.DirEntry[str], path: str) -> None:
        """A link to something inside would be read twice, one to the outside never: only the latter is an error."""
        target = Path(os.path.realpath(entry.path))
        if not target.is_relative_to(self._root):
            raise UnsafeSourceError(
                self.path, "a symbolic link leads out of the folder", place=path, remedy="Remove the link."
            )

    def read(self, member: Member, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """The bytes of a file.

        Raises:
            UnreadableSourceError: it can not be read, or has more than ``limit`` bytes.
        """
        data = self.head(member, limit + 1)
        if len(data) > limit:
            raise UnreadableSourceError(
                self.path, f"it has more than {limit} bytes", place=member.path, remedy="Remove it from the folder."
            )
        return data

    def head(self, member: Member, size: int) -> bytes:
        """The first ``size`` bytes of a file.

        Raises:
            UnreadableSourceError: it can not be read.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(self._root / member.path, flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise UnreadableSourceError(self.path, "it is no regular file any more", place=member.path)
                return file.read(size)
        except OSError as error:
            raise UnreadableSourceError(
                self.path,
                f"it can not be read: {error.strerror or error}",
                place=member.path,
                remedy="Check the permissions.",
            ) from error
