"""Archives that no honest tool writes: each is refused with an error that names the archive and the member."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from hypervigil.collect import archive as archives
from hypervigil.collect.archive import ZipSource
from hypervigil.collect.errors import CollectError, UnreadableSourceError, UnsafeSourceError
from hypervigil.collect.sddc import collect_sddc
from tests.collect.test_sddc import NAME, synthetic, zipped

VICTIM = "Node_HV01/GetVM.xml"


def refused(path: Path, kind: type[CollectError], *words: str) -> None:
    with pytest.raises(kind) as caught:
        collect_sddc(path)
    assert str(path) in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.xml",
        "Node_HV01/../../outside.xml",
        "/etc/passwd",
        "..\\outside.xml",
        "C:\\Windows\\x.xml",
        "C:x.xml",
        "\\\\server\\share\\x.xml",
        "Node_HV01/GetVM.xml:stream",
        "Node_HV01/NUL",
        "Node_HV01/com1.xml",
        "Node_HV01/x.xml.",
        "Node_HV01/x.xml ",
        "Node_HV01//x.xml",
        "Node_HV01/x\n.xml",
        "n" * 2000,
    ],
)
def test_names(tmp_path: Path, name: str) -> None:
    refused(zipped(tmp_path / NAME, {**synthetic(), name: b"x"}), UnsafeSourceError)


def test_two_names_that_are_one_on_windows(tmp_path: Path) -> None:
    refused(zipped(tmp_path / NAME, {**synthetic(), VICTIM.upper(): b"x"}), UnsafeSourceError, VICTIM.upper())


def test_a_symbolic_link(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, synthetic())
    with zipfile.ZipFile(path, "a") as out:
        link = zipfile.ZipInfo("Node_HV01/link.xml")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")
    refused(path, UnsafeSourceError, "Node_HV01/link.xml")


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, synthetic())
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(signature)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + offset)[0]
            struct.pack_into("<H", data, at + offset, flags | 1)
            at = data.find(signature, at + 4)
    path.write_bytes(data)
    refused(path, UnsafeSourceError, "encrypted")


def test_a_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, {**synthetic(), VICTIM: b"\0" * 20_000_000})
    refused(path, UnsafeSourceError, VICTIM, "times its size")


def test_a_bomb_that_nobody_opens_does_no_harm(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, {**synthetic(), "Node_HV01/memory.dmp": b"\0" * 20_000_000})
    skipped = {each.path: each.size for each in collect_sddc(path).skipped}
    assert skipped["Node_HV01/memory.dmp"] == 20_000_000


def test_too_much_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_OPENED_BYTES", 1000)
    refused(zipped(tmp_path / NAME, synthetic()), UnsafeSourceError)


def test_a_member_that_states_less_than_it_holds(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, {VICTIM: b"x" * 5000})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", data, data.find(signature) + offset, 100)
    path.write_bytes(data)
    with pytest.raises(CollectError, match=VICTIM), ZipSource.at(path) as source:
        source.read(source.members[0])


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_archive(tmp_path: Path, share: float) -> None:
    path = zipped(tmp_path / NAME, synthetic())
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(path, UnreadableSourceError, "Copy it again")


def test_no_zip_at_all(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(b"This is a text that somebody called zip.")
    refused(path, UnreadableSourceError)


def test_a_damaged_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, {"Node_HV01/GetVM.xml": b"<Objs>" + bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    data[200] ^= 0xFF
    path.write_bytes(data)
    refused(path, UnreadableSourceError, VICTIM)


def test_a_name_that_is_not_in_its_encoding(tmp_path: Path) -> None:
    path = zipped(tmp_path / NAME, {"Node_HV01/Gürtel.xml": b"x"})
    data = path.read_bytes()
    assert "Gürtel".encode() in data
    path.write_bytes(data.replace("ü".encode(), b"\xff\xff"))
    refused(path, UnreadableSourceError)


def test_a_compression_that_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as out:
        for name, data in synthetic().items():
            out.writestr(name, data)
    refused(path, UnsafeSourceError)


def test_a_hostile_archive_inside_an_honest_one(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {**synthetic(), "../outside.xml": b"x"})
    outer = zipped(tmp_path / "sent.zip", {NAME: inner.read_bytes()})
    refused(outer, UnsafeSourceError, NAME)
