"""A bundle's bytes, whether they lie in a folder or in a zip. Nothing outside is ever reached, and nothing can hang.

A hard link is read like any other file: backups are made of them, and its bytes have to fit the digest all the same.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

from hypervigil.formats.errors import FormatError
from hypervigil.formats.safe_zip import DamagedArchiveError, check_members, open_archive, unpack
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import MAX_BUNDLE_BYTES, MAX_DOCUMENTS

NOT_ONE = "Give a folder or zip that 'hypervigil collect' or 'hypervigil demo' wrote."
ASK_AGAIN = "Do not use it; get it anew from where it was made."

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    # Of what took a file's place after the folder was listed: a link is not followed, a pipe is not waited for.
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


class Container(Protocol):
    """Named members with sizes and bytes."""

    @property
    def path(self) -> Path:
        """Where it is, for messages."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of every file, by its path with forward slashes."""

    @property
    def strange(self) -> Mapping[str, str]:
        """What is no file, and what it is instead."""

    def read(self, name: str) -> bytes:
        """The bytes of a member that ``sizes`` names; BundleError where it names no such member."""

    def close(self) -> None:
        """Let go of the file."""


class FolderContainer:
    """A bundle that is a folder, listed once. Links in it are not followed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = os.fspath(path)
        self.sizes: dict[str, int] = {}
        self.strange: dict[str, str] = {}
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(f"{self._root}/{folder}") as entries:
                    folders.extend(self._sort(folder, entries))
            except OSError as error:
                raise _unreadable(path, folder, error) from error

    def _sort(self, folder: str, entries: Iterable[os.DirEntry[str]]) -> Iterator[str]:
        """Puts the entries of one folder where they belong; gives the folders among them."""
        for entry in entries:
            name = f"{folder}{entry.name}"
            if entry.is_file(follow_symlinks=False):
                self.sizes[name] = entry.stat(follow_symlinks=False).st_size
            elif what := strangeness(entry):
                self.strange[name] = what
            else:
                yield f"{name}/"
            if len(self.sizes) + len(self.strange) > MAX_DOCUMENTS:
                raise BundleError(self.path, f"it holds more than {MAX_DOCUMENTS} files", remedy=NOT_ONE)

    def read(self, name: str) -> bytes:
        """The bytes of a file, as many as it had when the folder was listed."""
        size = self.sizes.get(name)
        if size is None:
            raise BundleError(self.path, "it is missing from the bundle", place=name, remedy=ASK_AGAIN)
        try:
            handle = os.open(f"{self._root}/{name}", _FLAGS)
            try:
                data = os.read(handle, size + 1)
                while len(data) < size and (more := os.read(handle, size + 1 - len(data))):
                    data += more
            finally:
                os.close(handle)
        except OSError as error:
            raise _unreadable(self.path, name, error) from error
        if len(data) != size:
            raise BundleError(
                self.path, f"it has {len(data)} bytes now", place=name, expected=f"{size} bytes", remedy="Try again."
            )
        return data

    def close(self) -> None:
        """Nothing is held open."""


class ZipContainer:
    """A bundle that is a zip, given as an open file; its directory is checked as a whole."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        self.strange: dict[str, str] = {}
        try:
            self._zip = open_archive(file, max_members=MAX_DOCUMENTS)
            self._members = check_members(self._zip.infolist(), max_total=MAX_BUNDLE_BYTES, max_members=MAX_DOCUMENTS)
        except DamagedArchiveError as error:
            raise _refused(path, error, remedy=f"Copy it again. {NOT_ONE}", not_a_bundle=True) from error
        except FormatError as error:
            raise _refused(path, error, remedy=ASK_AGAIN) from error
        self.sizes = {name: info.file_size for name, info in self._members.items()}

    def read(self, name: str) -> bytes:
        """Unpacks one member, never more than the directory states."""
        info = self._members.get(name)
        if info is None:
            raise BundleError(self.path, "it is missing from the bundle", place=name, remedy=ASK_AGAIN)
        try:
            return unpack(self._zip, info)
        except FormatError as error:
            raise _refused(self.path, error, remedy=ASK_AGAIN) from error

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()
        self._file.close()


def open_container(path: Path) -> FolderContainer | ZipContainer:
    """The bundle at ``path``, not read yet.

    Raises:
        BundleError: there is nothing, or it is neither folder nor zip, or it can not be opened, or it holds what no
            bundle may hold.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  its ValueError for a NUL is wanted
        if stat.S_ISDIR(mode):
            return FolderContainer(path)
        if not stat.S_ISREG(mode):
            raise BundleError(path, "it is neither a folder nor a file", remedy=NOT_ONE, not_a_bundle=True)
        file = open(path, "rb", opener=_open)  # noqa: SIM115  Path.open takes no opener; the container closes it
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise BundleError(path, "there is no such file or folder", remedy=NOT_ONE, not_a_bundle=True) from error
    except OSError as error:
        raise _unreadable(path, "", error) from error
    try:
        return ZipContainer(path, file)
    except BaseException:
        file.close()
        raise


def strangeness(entry: os.DirEntry[str]) -> str:
    """What an entry of a folder is when it is neither a file nor a folder of its own; empty for those."""
    if entry.is_symlink():
        return "a symbolic link"
    found = entry.stat(follow_symlinks=False)
    # A junction of NTFS is a folder to Python 3.11. DirEntry.is_junction came with 3.12.
    if getattr(found, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT:
        return "a junction or mount point"
    return "" if stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode) else "a pipe, socket or device"


def _open(path: str, flags: int) -> int:
    """The bundle itself may be a link, but it too could have become a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refused(path: Path, error: FormatError, *, remedy: str, not_a_bundle: bool = False) -> BundleError:
    return BundleError(
        path,
        error.message,
        place=error.place,
        expected=error.expected,
        remedy=remedy,
        not_a_bundle=not_a_bundle,
    )


def _unreadable(path: Path, place: str, error: OSError) -> BundleError:
    return BundleError(
        path,
        f"it can not be read: {error.strerror or error}",
        place=place.removesuffix("/"),
        remedy="Check permissions and the disk.",
        not_a_bundle=not place,
    )
