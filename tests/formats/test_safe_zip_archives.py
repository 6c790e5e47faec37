"""Zips as bytes, made here: what may be around one and in it, and what unpacking gives."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.formats.errors import FormatError
from hypervigil.formats.safe_zip import (
    DamagedArchiveError,
    UnsafeArchiveError,
    check_members,
    open_archive,
    safe_name,
    unpack,
)

MEMBERS = {"a/one.json": b'{"one": 1}' * 50, "a/two.json": b"2", "three": b""}


def made(members: dict[str, bytes] = MEMBERS, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
        archive.comment = comment
    return out.getvalue()


def read(data: bytes, *, max_total: int = 10**9, max_members: int = 1000) -> dict[str, bytes]:
    """What is in a zip, by the rules."""
    with open_archive(io.BytesIO(data), max_members=max_members) as archive:
        members = check_members(archive.infolist(), max_total=max_total, max_members=max_members)
        return {name: unpack(archive, info) for name, info in members.items()}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_is_packed_comes_out(method: int) -> None:
    assert read(made(method=method)) == MEMBERS


def test_the_archive_leaves_the_file_open() -> None:
    file = io.BytesIO(made())
    open_archive(file, max_members=10).close()
    assert not file.closed


class Pipe(io.BytesIO):
    """What can not be gone back in: `zipfile` then writes sizes behind the data (data descriptors)."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def test_data_descriptors_are_read() -> None:
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        assert all(member.flag_bits & 0x8 for member in archive.infolist())
    assert read(out.getvalue()) == MEMBERS


def test_zip64_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in MEMBERS.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    assert read(out.getvalue()) == MEMBERS


@pytest.mark.slow
def test_more_members_than_two_bytes_count() -> None:
    """The end of the directory is of zip64 then."""
    members = {f"{number:x}": b"" for number in range(0x10001)}
    assert read(made(members, zipfile.ZIP_STORED), max_members=100_000) == members


def test_an_empty_zip() -> None:
    assert read(made({})) == {}


def test_names_in_utf_8() -> None:
    assert read(made({"é/ノード": b"1"})) == {"é/ノード": b"1"}


def patched(data: bytes, before: bytes, after: bytes, *, last: bool = False) -> bytes:
    """The data with one place changed: in the local header, or, if last, in the directory."""
    assert len(before) == len(after)
    at = data.rindex(before) if last else data.index(before)
    return data[:at] + after + data[at + len(before) :]


def both(data: bytes, before: bytes, after: bytes) -> bytes:
    return patched(patched(data, before, after), before, after, last=True)


def directory_field(data: bytes, name: bytes, offset: int, form: str, *values: int) -> bytes:
    """The data with a field of a member's directory entry changed (offsets as in APPNOTE 4.3.12)."""
    out = bytearray(data)
    struct.pack_into(form, out, data.rindex(name) - 46 + offset, *values)
    return bytes(out)


ONE = b"a/one.json"
GOOD = made()
DAMAGED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "it is too short for a zip"),
    ("no zip", b"x" * 100, "it does not begin like a zip"),
    ("cut off by a byte", GOOD[:-1], "it does not end like a zip"),
    ("cut off in its directory", GOOD[:-60], "it does not end like a zip"),
    ("cut off in a member", GOOD[:50], "it does not end like a zip"),
    ("without its start", GOOD[40:], "it does not begin like a zip"),
    ("without its middle", GOOD[:40] + GOOD[60:], "zip"),
    ("a comment", made(comment=b"hello"), "it does not end like a zip"),
    ("a comment like an end", made(comment=b"PK\5\6" + bytes(16) + b"\1\0"), "it ends within its comment"),
    ("appended", GOOD + b"x", "it does not end like a zip"),
    ("a directory in the wrong place", patched(GOOD, b"PK\1\2", b"PK\1\1"), "it is no whole zip"),
    ("a directory that ends too early", patched(GOOD, GOOD[-10:-6], b"\xff\xff\0\0", last=True), "it is no whole zip"),
    ("no UTF-8", both(made({"é": b""}), "é".encode(), b"\xff\xff"), "a member's name is not in the encoding"),
    ("a version of the future", directory_field(GOOD, ONE, 6, "<H", 999), "it is no whole zip"),
    ("a local header that is none", patched(GOOD, b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\0\1"), ""),
    ("another name", patched(GOOD, ONE, b"a/two.json"), "it can not be unpacked (File name in directory"),
    ("another checksum", directory_field(GOOD, ONE, 16, "<I", 1), "it can not be unpacked (Bad CRC-32"),
    ("states less", directory_field(GOOD, ONE, 24, "<I", 499), "it can not be unpacked (Bad CRC-32"),
    ("states more", directory_field(GOOD, ONE, 24, "<I", 501), "it unpacks to 500 bytes; expected 501, as the zip"),
    ("packed into less", directory_field(GOOD, ONE, 20, "<I", 10), "a/one.json"),
    ("patch data", directory_field(GOOD, ONE, 8, "<H", 0x20), "it can not be unpacked (compressed patched data"),
    ("strong encryption", directory_field(GOOD, ONE, 8, "<H", 0x40), "it can not be unpacked (strong encryption"),
    ("another method", directory_field(GOOD, ONE, 10, "<H", 0), "a/one.json"),
    ("a member beyond the end", directory_field(GOOD, ONE, 42, "<I", 10**6), "before its first member"),
]


@pytest.mark.parametrize(("data", "says"), [row[1:] for row in DAMAGED], ids=[name for name, _, _ in DAMAGED])
def test_damaged_zip(data: bytes, says: str) -> None:
    if not says:
        assert read(data)  # what does not matter to anybody
        return
    with pytest.raises(FormatError) as caught:
        read(data)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_stream_that_is_no_deflate() -> None:
    start = GOOD.index(ONE) + len(ONE)
    with pytest.raises(DamagedArchiveError, match=r"a/one\.json: it can not be unpacked \(Error -3"):
        read(GOOD[:start] + b"\xff\xff\xff\xff" + GOOD[start + 4 :])


def test_a_member_that_is_said_to_be_longer_than_the_file() -> None:
    data = made({"a": b"1"}, zipfile.ZIP_STORED)
    end = data.rindex(b"PK\1\2") + 46
    longer = directory_field(data[:end] + b"a" + data[end + 1 :], b"a", 20, "<2I", 10_000, 10_000)
    with pytest.raises(DamagedArchiveError, match="a: it can not be unpacked"):
        read(longer)


class Failing(io.BytesIO):
    """A disk that breaks after the directory was read."""

    broken = False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.broken:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_disk_that_breaks() -> None:
    file = Failing(GOOD)
    with open_archive(file, max_members=10) as archive:
        file.broken = True
        with pytest.raises(DamagedArchiveError, match=r"it can not be unpacked \(.*Input/output error\)"):
            unpack(archive, archive.infolist()[0])
    with pytest.raises(DamagedArchiveError, match="Input/output error"):
        open_archive(file, max_members=10)


def test_a_member_may_be_longer_than_the_directory() -> None:
    members = {"a": bytes(10_000)}
    assert read(made(members, zipfile.ZIP_STORED), max_members=1) == members


def test_a_nul_in_a_name() -> None:
    with pytest.raises(UnsafeArchiveError, match="special to Windows"):
        read(both(made({"a.json#b": b""}), b"#", b"\0"))


def test_a_member_at_an_impossible_place() -> None:
    """Zip64 has 64 bits for it, a file offset has 63."""
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    local = b"PK\3\4" + bytes(26)
    entries = b""
    for name, offset, more in ((b"a", 0, b""), (b"b", 0xFFFFFFFF, extra)):
        entries += b"PK\1\2" + bytes(24) + struct.pack("<5H2I", 1, len(more), 0, 0, 0, 0, offset) + name + more
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, len(entries), len(local), 0)
    archive = open_archive(io.BytesIO(local + entries + end), max_members=10)
    members = check_members(archive.infolist(), max_total=10, max_members=10)
    with pytest.raises(DamagedArchiveError, match="b: it can not be unpacked"):
        unpack(archive, members["b"])


@pytest.mark.parametrize("before", [b"MZ" + bytes(100), b"PK\3\4" + bytes(100), b"PK\5\6" + bytes(18)])
def test_something_before_the_zip(before: bytes) -> None:
    with pytest.raises(FormatError, match=r"it does not begin like a zip|something stands before"):
        read(before + GOOD)


def test_a_zip_behind_a_zip() -> None:
    with pytest.raises(UnsafeArchiveError, match="something stands before its first member"):
        read(made({"harmless": b"1"}) + GOOD)


def test_the_directory_is_bounded_before_it_is_read() -> None:
    data = made({f"{number:0200}": b"" for number in range(50)}, zipfile.ZIP_STORED)
    assert len(read(data, max_members=62)) == 50
    with pytest.raises(UnsafeArchiveError, match=r"its directory takes 12300 bytes, the limit is 10000"):
        open_archive(io.BytesIO(data), max_members=50)


def test_a_bomb_of_members_in_the_same_bytes() -> None:
    """One kernel, many directory entries, each before the next (the form of Fifield's bomb)."""
    data = bytes(900_000)
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(data) + kernel.flush()
    bodies, directory = b"", b""
    for number in range(20):
        name = f"{number:02}".encode()
        fields = struct.pack("<3H4x3I", 20, 0, 8, zlib.crc32(data), len(packed) + (19 - number) * 32, len(data))
        directory += b"PK\1\2\x14\0" + fields + struct.pack("<5H2I", 2, 0, 0, 0, 0, 0, number * 32) + name
        bodies += b"PK\3\4" + fields + struct.pack("<2H", 2, 0) + name
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 20, 20, len(directory), len(bodies + packed), 0)
    with pytest.raises(UnsafeArchiveError, match="it lies over another member"):
        read(bodies + packed + directory + end)


def test_two_members_with_one_name_in_a_zip() -> None:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a", "1")
        archive.writestr("a", "2")
    with pytest.raises(UnsafeArchiveError, match="a: two members have this name"):
        read(out.getvalue())


Change = Callable[[bytearray, int, int], None]
CHANGES: list[Change] = [
    lambda data, at, value: data.__setitem__(at % len(data), value),
    lambda data, at, value: data.__delitem__(slice(at % len(data), at % len(data) + value)),
    lambda data, at, value: data.__setitem__(slice(at % len(data), at % len(data)), bytes([value] * 3)),
]


@given(
    st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_changed_zips_give_members_or_an_error(
    changes: list[tuple[Callable[[bytearray, int, int], None], int, int]],
) -> None:
    data = bytearray(GOOD)
    for change, at, value in changes:
        if data:
            change(data, at, value)
    try:
        found = read(bytes(data))
    except FormatError as error:
        assert str(error).isprintable()  # noqa: PT017  most changes are refused, and some do no harm
    else:
        assert all(safe_name(name) == name for name in found)
