"""Members of a zip: which names, kinds, sizes and places they may have."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.formats.safe_zip import (
    MAX_NAME,
    MAX_RATIO,
    RATIO_FREE_BYTES,
    UnsafeArchiveError,
    check_members,
    check_size,
    printable,
    safe_name,
)


def info(name: str = "a", **fields: object) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    for field, value in {"header_offset": 0, **fields}.items():
        setattr(member, field, value)
    return member


def check(*members: zipfile.ZipInfo, max_total: int = 10**9, any_size: bool = False) -> list[str]:
    """The names that pass, of members that lie one after the other."""
    for number, member in enumerate(members):
        member.header_offset = member.header_offset or number * 10**10
    return list(check_members(members, max_total=max_total, max_members=1000, any_size=any_size))


# --- names ----------------------------------------------------------------------------------------------------------

GOOD_NAMES = {
    "a": "a",
    "a/b/c.xml": "a/b/c.xml",
    r"a\b\c.xml": "a/b/c.xml",
    "a/": "a/",
    "a\\": "a/",
    ".hidden": ".hidden",
    "a..b": "a..b",
    "...a": "...a",
    "é/ノード": "é/ノード",
    "console": "console",
    "com": "com",
    "com10": "com10",
    "anul": "anul",
    "a b": "a b",
    "x" * MAX_NAME: "x" * MAX_NAME,
}
BAD_NAMES = {
    "leaves the folder": [
        "",
        "..",
        ".",
        "../a",
        "a/../b",
        "a/..",
        r"..\a",
        r"a\..\..\b",
        "./a",
        "a/./b",
        "a//b",
        "a//",
    ],
    "is an absolute path": ["/a", "/", "//server/share", r"\a", r"\\server\share", "C:/a", r"c:\a", "C:a", "z:"],
    "is special to Windows": [
        *(
            "con",
            "CON",
            "nul.txt",
            "a/NUL",
            "aux.tar.gz",
            "com1",
            "COM9.log",
            "lpt1",
            "com¹",
            "LPT³.x",
            "CONIN$",
            "prn ",
        ),
        *("nul .txt", "a.", "a ", "a./b", "a /b", "name:stream", "b/a:$DATA", "a<b", "a>b", 'a"b', "a|b", "a?"),
        *("a*", "a\0b", "a\nb", "a\x1b[2Jb", "a\x7f", "a\x85b", "..."),
    ],
    f"is longer than {MAX_NAME}": ["x" * (MAX_NAME + 1), "a/" * MAX_NAME],
}


@pytest.mark.parametrize(("name", "path"), GOOD_NAMES.items())
def test_good_name(name: str, path: str) -> None:
    assert safe_name(name) == path


@pytest.mark.parametrize(("says", "name"), [(says, name) for says, names in BAD_NAMES.items() for name in names])
def test_bad_name(says: str, name: str) -> None:
    with pytest.raises(UnsafeArchiveError, match=says) as caught:
        safe_name(name)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@given(st.text())
def test_a_safe_name_stays_inside(name: str) -> None:
    try:
        path = safe_name(name)
    except UnsafeArchiveError:
        return
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.removesuffix("/").split("/"))
    assert not set('\0\\:*?"<>|') & set(path)
    assert safe_name(path) == path


@given(st.text(st.characters()))
def test_a_printable_name_is_safe_for_any_terminal(name: str) -> None:
    shown = printable(name)
    assert shown.isprintable()
    assert shown.encode() is not None
    assert not name.isprintable() or shown == name[:200] + ("..." if len(name) > 200 else "")


# --- members --------------------------------------------------------------------------------------------------------

TWICE = [
    ("a", "a"),
    ("a", "A"),
    ("straße", "STRASSE"),
    ("é", "e\u0301"),
    ("a/b", r"a\b"),
    ("Nodes/HV01/tpm.json", "nodes/hv01/TPM.json"),
]


@pytest.mark.parametrize(("one", "other"), TWICE)
def test_two_members_with_one_name(one: str, other: str) -> None:
    with pytest.raises(UnsafeArchiveError, match="two members have this name"):
        check(info(one), info(other))


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "A"), ("a/b/c/d", "a/b"), ("a/b", "a/b/c")])
def test_a_file_that_is_a_folder_too(names: tuple[str, ...]) -> None:
    with pytest.raises(UnsafeArchiveError, match="its folder has the name of a file"):
        check(*map(info, names))


def test_folders_are_left_out() -> None:
    assert check(info("a/"), info("a/b"), info("a/"), info("c\\"), info("ab")) == ["a/b", "ab"]


KINDS = {0o120777: False, 0o010644: False, 0o020644: False, 0o060644: False, 0o140644: False, 0o040755: False}
KINDS |= {0o100644: True, 0o100755: True, 0o644: True, 0: True}


@pytest.mark.parametrize(("mode", "good"), KINDS.items())
@pytest.mark.parametrize("system", [0, 3, 19])
def test_kinds_of_members(mode: int, good: bool, system: int) -> None:
    member = info("a", external_attr=mode << 16, create_system=system)
    if good:
        assert check(member) == ["a"]
    else:
        with pytest.raises(UnsafeArchiveError, match="it is a link or a device"):
            check(member)


def test_a_folder_may_say_that_it_is_one() -> None:
    assert not check(info("a/", external_attr=0o040755 << 16))
    with pytest.raises(UnsafeArchiveError, match="it is a link or a device"):
        check(info("a/", external_attr=0o100644 << 16))


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2041])
def test_encryption(flags: int) -> None:
    with pytest.raises(UnsafeArchiveError, match="a: it is encrypted; expected a zip without a password"):
        check(info("a", flag_bits=flags), any_size=True)


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 95, 98, 99])
def test_methods_that_nothing_bounds(method: int) -> None:
    with pytest.raises(UnsafeArchiveError, match=f"it is compressed with method {method}; expected stored"):
        check(info("a", compress_type=method))
    assert check(info("a", compress_type=method), any_size=True) == ["a"]
    with pytest.raises(UnsafeArchiveError):
        check_size(info("a", compress_type=method), 10)


def test_more_members_than_the_limit() -> None:
    members = [info(str(number), header_offset=number * 100) for number in range(11)]
    assert len(check_members(members[:10], max_total=0, max_members=10)) == 10
    with pytest.raises(UnsafeArchiveError, match="it has more than 10 members"):
        check_members(members, max_total=0, max_members=10)


def test_size_of_one_member() -> None:
    check_size(info(file_size=100, compress_size=100), 100)
    with pytest.raises(UnsafeArchiveError, match="a: it unpacks to 101 bytes, the limit is 100"):
        check_size(info(file_size=101, compress_size=100), 100)


def test_size_of_all_members() -> None:
    members = [info(str(number), file_size=40) for number in range(3)]
    assert len(check(*members, max_total=120)) == 3
    with pytest.raises(UnsafeArchiveError, match="its members unpack to more than 119 bytes"):
        check(*members, max_total=119)
    assert len(check(*members, max_total=0, any_size=True)) == 3


RATIOS = [
    (RATIO_FREE_BYTES, 1, True),
    (RATIO_FREE_BYTES + 1, 1, False),
    (MAX_RATIO * 2000, 2000, True),
    (MAX_RATIO * 2000 + 1, 2000, False),
    (2**62, 0, False),
    (0, 0, True),
]


@pytest.mark.parametrize(("size", "compressed", "good"), RATIOS)
def test_ratio(size: int, compressed: int, good: bool) -> None:
    member = info(file_size=size, compress_size=compressed)
    if good:
        check_size(member, 2**63)
    else:
        with pytest.raises(UnsafeArchiveError, match=f"it unpacks to more than {MAX_RATIO} times its size"):
            check_size(member, 2**63)


@pytest.mark.parametrize(("start", "good"), [(100 + 30 + 1 + 50, True), (100 + 30 + 1 + 49, False), (100, False)])
@pytest.mark.parametrize("any_size", [True, False])
def test_members_that_lie_over_each_other(start: int, good: bool, any_size: bool) -> None:
    members = [info("b", header_offset=start), info("a", header_offset=100, compress_size=50)]
    if good:
        assert check(*members, any_size=any_size) == ["b", "a"]
    else:
        with pytest.raises(UnsafeArchiveError, match="it lies over another member"):
            check(*members, any_size=any_size)
