"""A bundle's bytes, whether they lie in a folder or in a zip. Nothing outside is ever reached."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path
from typing import Protocol

from hypervigil.formats.safe_zip import UnsafeArchiveError, check_members
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import MAX_BUNDLE_BYTES, MAX_DOCUMENTS

NOT_ONE = "Give a folder or zip that 'hypervigil collect' or 'hypervigil demo' wrote."


class Container(Protocol):
    """Named members with sizes and bytes."""

    path: Path

    def sizes(self) -> dict[str, int]:
        """Every member but folders, by its path with forward slashes."""

    def read(self, name: str) -> bytes:
        """The bytes of a member that ``sizes`` names."""

    def close(self) -> None:
        """Let go of the file."""


class FolderContainer:
    """A bundle that is a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = os.fspath(path)

    def sizes(self) -> dict[str, int]:
        """Walks the folder once; a symbolic link anywhere in it is refused."""
        found: dict[str, int] = {}
        folders = [""]
        while folders:
            folder = folders.pop()
            for entry in os.scandir(os.path.join(self._root, folder)):  # noqa: PTH118  hot path
                name = f"{folder}{entry.name}"
                if entry.is_symlink():
                    raise BundleError(
                        self.path,
                        "a symbolic link is in the bundle",
                        place=name,
                        remedy="A bundle has none: remove it.",
                    )
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{name}/")
                else:
                    found[name] = entry.stat(follow_symlinks=False).st_size
        return found

    def read(self, name: str) -> bytes:
        """Reads one regular file."""
        with open(f"{self._root}/{name}", "rb") as file:  # noqa: PTH123  hot path
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise BundleError(self.path, "it is no regular file", place=name)
            return file.read()

    def close(self) -> None:
        """Nothing is held open."""


class ZipContainer:
    """A bundle that is a zip."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise BundleError(
                path, f"it is no whole zip file ({error})", remedy=f"Copy it again. {NOT_ONE}", not_a_bundle=True
            ) from error
        try:
            self._members = check_members(self._zip.infolist(), max_total=MAX_BUNDLE_BYTES, max_members=MAX_DOCUMENTS)
        except UnsafeArchiveError as error:
            self._zip.close()
            raise BundleError(
                path, error.message, place=error.place, remedy="Do not use it; ask for a new one."
            ) from error

    def sizes(self) -> dict[str, int]:
        """Uncompressed sizes, as the zip's directory states them."""
        return {name: info.file_size for name, info in self._members.items()}

    def read(self, name: str) -> bytes:
        """Unpacks one member, never more than the directory states."""
        info = self._members[name]
        stated = info.file_size
        try:
            with self._zip.open(info) as member:
                data = member.read(stated + 1)
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            NotImplementedError,
            EOFError,
            ValueError,
            RuntimeError,
            OSError,
        ) as error:
            raise BundleError(self.path, f"it can not be unpacked ({error})", place=name) from error
        if len(data) != stated:
            raise BundleError(self.path, f"it unpacks to another size than stated ({stated} bytes)", place=name)
        return data

    def close(self) -> None:
        """Closes the zip."""
        self._zip.close()


def open_container(path: Path) -> FolderContainer | ZipContainer:
    """The bundle at ``path``, not looked into yet.

    Raises:
        BundleError: there is nothing, or it is neither folder nor zip, or it can not be opened.
    """
    try:
        if path.is_dir():
            return FolderContainer(path)
        if not path.exists():
            raise BundleError(path, "there is no such file or folder", remedy=NOT_ONE, not_a_bundle=True)
        return ZipContainer(path)
    except OSError as error:
        raise BundleError(path, f"it can not be opened: {error.strerror or error}", not_a_bundle=True) from error
