"""Folders and zips are foreign input: nothing outside is reached, nothing hangs, and refusals say what is wrong."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hypervigil.store import BundleError, container, read_bundle, verify_bundle
from hypervigil.store.container import open_container, strangeness
from hypervigil.store.layout import MANIFEST
from tests.store.made import (
    folder_for_everybody,
    manifest_of,
    nobody,
    placeless,
    refused,
    set_manifest,
    small_bundle,
    zipped,
)

TPM = "nodes/hv01/tpm.json"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return small_bundle(tmp_path / "bundle")


# --- folders --------------------------------------------------------------------------------------------------------


def link_to_a_document(bundle: Path) -> None:
    copy = bundle.with_name("copy.json")
    bundle.joinpath(TPM).rename(copy)
    bundle.joinpath(TPM).symlink_to(copy)


def link_to_itself(bundle: Path) -> None:
    bundle.joinpath("nodes/hv01/self.json").symlink_to("self.json")


def link_to_a_folder(bundle: Path) -> None:
    copy = bundle.with_name("copy")
    bundle.joinpath("nodes").rename(copy)
    bundle.joinpath("nodes").symlink_to(copy)


def link_upwards(bundle: Path) -> None:
    bundle.joinpath("nodes/up").symlink_to("..")


def linked_manifest(bundle: Path) -> None:
    copy = bundle.with_name("copy.json")
    bundle.joinpath(MANIFEST).rename(copy)
    bundle.joinpath(MANIFEST).symlink_to(copy)


def pipe(bundle: Path) -> None:
    bundle.joinpath(TPM).unlink()
    os.mkfifo(bundle / TPM)


def pipe_as_manifest(bundle: Path) -> None:
    bundle.joinpath(MANIFEST).unlink()
    os.mkfifo(bundle / MANIFEST)


def unnamed_pipe(bundle: Path) -> None:
    os.mkfifo(bundle / "nodes/hv01/extra.json")


def a_socket(bundle: Path) -> None:
    here = Path.cwd()
    os.chdir(bundle)  # a socket's path may not be long
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket")
    finally:
        os.chdir(here)


def device(bundle: Path) -> None:
    try:
        os.mknod(bundle / "null", 0o20666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("devices can not be made here")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (link_to_a_document, "it is a symbolic link; expected files and folders. A bundle has none"),
        (link_to_itself, "it is a symbolic link"),
        (link_to_a_folder, "it is a symbolic link"),
        (link_upwards, "it is a symbolic link"),
        (linked_manifest, "it is a symbolic link"),
        (pipe, "it is a pipe, socket or device"),
        (pipe_as_manifest, "it is a pipe, socket or device"),
        (unnamed_pipe, "it is a pipe, socket or device"),
        (a_socket, "it is a pipe, socket or device"),
        (device, "it is a pipe, socket or device"),
    ],
)
def test_what_is_no_file_is_refused_unopened(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None], says: str
) -> None:
    damage(bundle)
    monkeypatch.setattr(os, "open", None)
    refused(bundle, says)


def test_a_junction_is_refused() -> None:
    entry = SimpleNamespace(
        is_symlink=lambda: False,
        stat=lambda follow_symlinks: SimpleNamespace(st_file_attributes=0x410, st_mode=0o40777),  # noqa: ARG005
    )
    assert strangeness(cast("os.DirEntry[str]", entry)) == "a junction or mount point"


def test_a_hard_link_is_a_file_like_any_other(bundle: Path) -> None:
    before = read_bundle(bundle)
    copy = bundle.with_name("copy.json")
    os.link(bundle / TPM, copy)
    assert read_bundle(bundle) == before
    copy.write_bytes(copy.read_bytes().replace(b"denied", b"DENIED"))
    refused(bundle, "it was changed")


def test_a_link_to_a_bundle_is_followed(bundle: Path) -> None:
    link = bundle.with_name("link")
    link.symlink_to(bundle)
    assert read_bundle(link) == read_bundle(bundle)


def test_other_files_are_passed_over(bundle: Path) -> None:
    before = read_bundle(bundle)
    bundle.joinpath("README.txt").write_text("hello")
    bundle.joinpath("empty").mkdir()
    assert read_bundle(bundle) == before


@pytest.mark.parametrize("late", [lambda path: path.symlink_to("/etc/passwd"), os.mkfifo, Path.mkdir])
def test_what_takes_a_document_s_place_meanwhile(bundle: Path, late: Callable[[Path], None]) -> None:
    opened = open_container(bundle)
    bundle.joinpath(TPM).unlink()
    late(bundle / TPM)
    with pytest.raises(BundleError, match=r"tpm\.json: it (can not be read|has 0 bytes now)"):
        opened.read(TPM)


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 1000])
def test_a_document_that_changes_meanwhile(bundle: Path, data: bytes) -> None:
    opened = open_container(bundle)
    bundle.joinpath(TPM).write_bytes(data)
    with pytest.raises(BundleError, match=r"tpm\.json: it has \d+ bytes now; expected 180 bytes. Try again"):
        opened.read(TPM)


@pytest.mark.parametrize("name", ["../outside.json", "/etc/passwd", "nodes", "nodes/hv01", "", "."])
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_container_gives_only_what_it_lists(bundle: Path, form: str, name: str) -> None:
    bundle.with_name("outside.json").write_bytes(b"secret")
    opened = open_container(bundle if form == "folder" else zipped(bundle))
    with contextlib.closing(opened), pytest.raises(BundleError, match="it is missing from the bundle"):
        opened.read(name)


def test_a_folder_with_more_files_than_the_limit(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_DOCUMENTS", 3)
    refused(bundle, "it holds more than 3 files")


def test_a_file_that_may_not_be_read() -> None:
    with folder_for_everybody() as folder, nobody():
        place = small_bundle(folder / "a")
        place.joinpath(TPM).chmod(0)
        refused(place, "it can not be read: Permission denied")
        assert [each.what for each in verify_bundle(place).differences] == ["unreadable"]


def test_a_folder_that_may_not_be_listed() -> None:
    with folder_for_everybody() as folder, nobody():
        place = small_bundle(folder / "a")
        place.joinpath("nodes").chmod(0)
        assert refused(place, "it can not be read: Permission denied").place == "nodes"
        place.joinpath("nodes").chmod(0o755)


# --- what is no bundle at all ---------------------------------------------------------------------------------------


def nothing(_: Path) -> None:
    pass


def a_pipe(at: Path) -> None:
    os.mkfifo(at)


def text(at: Path) -> None:
    at.write_text("hello, this is some text and no bundle at all")


def empty(at: Path) -> None:
    at.write_bytes(b"")


def empty_zip(at: Path) -> None:
    zipfile.ZipFile(at, "w").close()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (nothing, "there is no such file or folder"),
        (a_pipe, "it is neither a folder nor a file"),
        (text, "it does not begin like a zip"),
        (empty, "it is too short for a zip"),
        (empty_zip, "it holds no manifest.json"),
        (Path.mkdir, "it holds no manifest.json"),
    ],
)
@pytest.mark.parametrize("name", ["a", "a.zip"])
def test_what_is_no_bundle(tmp_path: Path, name: str, make: Callable[[Path], None], says: str) -> None:
    make(tmp_path / name)
    assert refused(tmp_path / name, says).not_a_bundle
    with pytest.raises(BundleError):
        verify_bundle(tmp_path / name)


def test_a_file_that_becomes_a_pipe_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "a.zip"
    os.mkfifo(pipe)
    monkeypatch.setattr(os, "stat", lambda _: SimpleNamespace(st_mode=0o100644))
    with pytest.raises(BundleError):
        open_container(pipe)


@pytest.mark.parametrize("path", ["nul\0", "x" * 5000, "manifest.json/x"])
def test_a_path_that_no_file_can_have(bundle: Path, path: str) -> None:
    with pytest.raises(BundleError) as caught:
        read_bundle(bundle / path)
    assert caught.value.not_a_bundle
    assert str(caught.value).isprintable()


# --- zips (what members may be is in tests/formats/test_safe_zip.py) ------------------------------------------------


def test_a_zip_made_by_another_program_is_read(bundle: Path) -> None:
    assert placeless(read_bundle(zipped(bundle))) == placeless(read_bundle(bundle))


@contextlib.contextmanager
def added_to(folder: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(zipped(folder), "a") as archive:
        yield archive


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../outside", "its name leaves the folder"),
        ("/outside", "its name is an absolute path"),
        (r"..\outside", "its name leaves the folder"),
        ("C:outside", "its name is an absolute path"),
        (TPM.upper(), "two members have this name"),
        ("nodes/hv01/nul.json", "its name is special to Windows"),
    ],
)
def test_one_hostile_member_is_enough(bundle: Path, name: str, says: str) -> None:
    with added_to(bundle) as archive:
        archive.writestr(name, b"{}")
    target = bundle.with_suffix(".zip")
    assert not refused(target, says).not_a_bundle
    with pytest.raises(BundleError, match=says):
        verify_bundle(target)


def test_a_link_in_a_zip(bundle: Path) -> None:
    with added_to(bundle) as archive:
        link = zipfile.ZipInfo("nodes/hv02")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc")
    refused(bundle.with_suffix(".zip"), "it is a link or a device")


def test_a_bomb_is_refused_by_what_it_states(bundle: Path) -> None:
    with added_to(bundle) as archive:
        archive.writestr("bomb", bytes(2_000_000), zipfile.ZIP_DEFLATED)
    refused(bundle.with_suffix(".zip"), "bomb: it unpacks to more than 1000 times its size")


def test_a_bomb_of_many_members(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_BUNDLE_BYTES", 1_500_000)
    with added_to(bundle) as archive:
        for number in range(4):
            archive.writestr(f"bomb{number}", bytes(400_000), zipfile.ZIP_DEFLATED)
    refused(bundle.with_suffix(".zip"), "its members unpack to more than 1500000 bytes")


def test_a_million_members(bundle: Path) -> None:
    """Refused before an object is made for each."""
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0) + b"abcdefgh"
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(directory), 4, 0)
    target = bundle.with_suffix(".zip")
    target.write_bytes(b"PK\3\4" + directory + end)
    refused(target, f"its directory takes {len(directory)} bytes, the limit is 40000000")


def test_a_truncated_zip(bundle: Path) -> None:
    target = zipped(bundle)
    data = target.read_bytes()
    for length in (len(data) - 1, len(data) - 30, len(data) // 2, 30, 4):
        target.write_bytes(data[:length])
        assert refused(target, "zip").not_a_bundle


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (b"MZ self-extracting", b"", "it does not begin like a zip"),
        (b"PK\3\4 or so it seems", b"", "something stands before its first member"),
        (b"", b"appended", "it does not end like a zip"),
        (b"", b"PK\5\6" + bytes(17), "it does not end like a zip"),
    ],
)
def test_a_zip_with_something_around_it(bundle: Path, before: bytes, after: bytes, says: str) -> None:
    target = zipped(bundle)
    target.write_bytes(before + target.read_bytes() + after)
    refused(target, says)


def test_a_zip_whose_comment_is_another_zip(bundle: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest_of(bundle)))
    with added_to(bundle) as archive:
        archive.comment = inner.getvalue()
    refused(bundle.with_suffix(".zip"), "something stands before its first member")


def test_a_member_that_is_not_what_its_zip_states(bundle: Path) -> None:
    with zipfile.ZipFile(zipped(bundle)) as archive:
        info = archive.getinfo(TPM)
    data = bytearray(bundle.with_suffix(".zip").read_bytes())
    start = info.header_offset + 30 + len(TPM)
    data[start : start + info.compress_size] = b"\xff" * info.compress_size
    bundle.with_suffix(".zip").write_bytes(data)
    error = refused(bundle.with_suffix(".zip"), "it can not be unpacked")
    assert error.place == TPM


def test_a_document_that_the_manifest_does_not_name_is_not_read(bundle: Path) -> None:
    set_manifest(bundle, {**manifest_of(bundle), "documents": []})
    assert not read_bundle(bundle).facts
