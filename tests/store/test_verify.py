"""Verifying names every document that is not as it was, and goes on after the first."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hypervigil.store import BundleError, verify, verify_bundle
from hypervigil.store.verify import Difference
from tests.store.made import change_manifest, small_bundle, zipped

TPM, BOOT, VMS = (f"nodes/hv01/{fact}.json" for fact in ("tpm", "secure_boot", "vms"))


def flip(bundle: Path) -> None:
    path = bundle / TPM
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def lengthen(bundle: Path) -> None:
    with bundle.joinpath(TPM).open("ab") as file:
        file.write(b"\n")


def remove(bundle: Path) -> None:
    bundle.joinpath(BOOT).unlink()


def rename(bundle: Path) -> None:
    bundle.joinpath(BOOT).rename(bundle / "nodes/hv01/secure_boot.JSON")


def add(bundle: Path) -> None:
    bundle.joinpath("nodes/hv01/extra.json").write_bytes(b"{}")


def link_away(bundle: Path) -> None:
    copy = bundle.parent / "copy.json"
    bundle.joinpath(TPM).rename(copy)
    bundle.joinpath(TPM).symlink_to(copy)


def pipe(bundle: Path) -> None:
    bundle.joinpath(TPM).unlink()
    os.mkfifo(bundle / TPM)


def folder_instead(bundle: Path) -> None:
    bundle.joinpath(TPM).unlink()
    bundle.joinpath(TPM).mkdir()


def added_link(bundle: Path) -> None:
    bundle.joinpath("nodes/hv02").symlink_to("/etc")


def added_with_an_escape_sequence(bundle: Path) -> None:
    bundle.joinpath("\x1b[2J").write_bytes(b"")


def added_that_is_no_text(bundle: Path) -> None:
    Path(os.fsdecode(os.fsencode(bundle) + b"/\xff")).write_bytes(b"")


def forget(bundle: Path) -> None:
    change_manifest(bundle, lambda manifest: manifest["documents"].pop())


def claim_another_digest(bundle: Path) -> None:
    change_manifest(bundle, lambda manifest: manifest["documents"][-1].update(sha256="0" * 64))


def claim_another_size(bundle: Path) -> None:
    change_manifest(bundle, lambda manifest: manifest["documents"][-1].update(size=1))


def point_outside(bundle: Path) -> None:
    bundle.with_name("outside.json").write_bytes(b"")
    change_manifest(bundle, lambda manifest: manifest["documents"][-1].update(path="../outside.json"))


def everything(bundle: Path) -> None:
    for damage in (flip, remove, add):
        damage(bundle)


CHANGED = Difference(TPM, "changed", "its SHA-256 differs")
MISSING = Difference(BOOT, "missing")
ADDED = Difference("nodes/hv01/extra.json", "added")
DAMAGES: list[tuple[Callable[[Path], None], list[Difference]]] = [
    (flip, [CHANGED]),
    (lengthen, [Difference(TPM, "changed", "181 bytes, was 180")]),
    (remove, [MISSING]),
    (rename, [MISSING, Difference("nodes/hv01/secure_boot.JSON", "added")]),
    (add, [ADDED]),
    (link_away, [Difference(TPM, "changed", "it is a symbolic link")]),
    (pipe, [Difference(TPM, "changed", "it is a pipe, socket or device")]),
    (folder_instead, [Difference(TPM, "missing")]),
    (added_link, [Difference("nodes/hv02", "added", "it is a symbolic link")]),
    (added_with_an_escape_sequence, [Difference(r"\x1b[2J", "added")]),
    (added_that_is_no_text, [Difference(r"\udcff", "added")]),
    (forget, [Difference("nodes/hv01/mailslots.json", "added")]),
    (claim_another_digest, [Difference("nodes/hv01/mailslots.json", "changed", "its SHA-256 differs")]),
    (claim_another_size, [Difference("nodes/hv01/mailslots.json", "changed", "328 bytes, was 1")]),
    (point_outside, [Difference("../outside.json", "missing"), Difference("nodes/hv01/mailslots.json", "added")]),
    (everything, [MISSING, CHANGED, ADDED]),
]


@pytest.mark.parametrize(("damage", "differences"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_what_is_not_as_it_was_is_named(
    tmp_path: Path, damage: Callable[[Path], None], differences: list[Difference]
) -> None:
    bundle = small_bundle(tmp_path / "a")
    damage(bundle)
    found = verify_bundle(bundle)
    assert list(found.differences) == differences
    assert not found.whole


@pytest.mark.parametrize("name", ["a", "a.zip"])
def test_a_whole_bundle_is_whole(tmp_path: Path, name: str) -> None:
    found = verify_bundle(small_bundle(tmp_path / name))
    assert found.whole
    assert (found.bundle, found.documents) == (str(tmp_path / name), len(found.manifest.documents))
    manifest = small_bundle(tmp_path / "b") / "manifest.json"
    assert found.manifest_sha256 == hashlib.sha256(manifest.read_bytes()).hexdigest()


@pytest.mark.parametrize("damage", [flip, lengthen, remove, rename, add, forget, everything])
def test_a_zip_differs_as_its_folder_does(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    bundle = small_bundle(tmp_path / "a")
    damage(bundle)
    assert verify_bundle(zipped(bundle)).differences == verify_bundle(bundle).differences


def test_a_document_that_can_not_be_unpacked_hides_no_other(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "a.zip")
    with zipfile.ZipFile(bundle) as archive:
        start = archive.getinfo(TPM).header_offset + 30 + len(TPM)
    data = bytearray(bundle.read_bytes())
    data[start : start + 4] = b"\xff" * 4
    bundle.write_bytes(data)
    found = verify_bundle(bundle)
    assert [(each.document, each.what) for each in found.differences] == [(TPM, "unreadable")]
    assert "can not be unpacked" in found.differences[0].detail


def test_a_document_over_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MAX_DOCUMENT_BYTES", 100)
    found = verify_bundle(small_bundle(tmp_path / "a"))
    assert {each.what for each in found.differences} == {"unreadable"}
    assert "the limit is 100" in found.differences[0].detail


def test_a_newer_format_is_refused_by_its_version(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "a")
    change_manifest(bundle, lambda manifest: manifest.update(format=7))
    with pytest.raises(BundleError, match="format version 7.*reads up to 1. Update hypervigil"):  # noqa: RUF043
        verify_bundle(bundle)


def test_differences_can_be_written_as_json(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "a")
    added_that_is_no_text(bundle)
    json.dumps([each.document for each in verify_bundle(bundle).differences]).encode()
