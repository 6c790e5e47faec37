"""CLIXML that is damaged, hostile, too large or in some encoding: errors with their place, and nothing else."""

import contextlib
from pathlib import Path
from typing import NamedTuple

import pytest

from hypervigil.formats.clixml import ClixmlError, Limits, parse
from hypervigil.formats.errors import FormatError

OPENING = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'


def document(content: str) -> bytes:
    return f"{OPENING}{content}</Objs>".encode()


# --- encodings ------------------------------------------------------------------------------------------------------

PLAIN = f"{OPENING}<S>Zürich \N{GRINNING FACE}</S></Objs>"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16"]
DECLARATIONS = [
    "",
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>\r\n',
    "<?xml version='1.0' encoding='utf-16'?>",
]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_encodings(encoding: str, declaration: str) -> None:
    assert parse((declaration + PLAIN).encode(encoding)) == ["Zürich \N{GRINNING FACE}"]


def test_utf16_big_endian_with_mark() -> None:
    assert parse(b"\xfe\xff" + PLAIN.encode("utf-16-be")) == ["Zürich \N{GRINNING FACE}"]


def test_another_encoding_is_no_matter_where_all_is_ascii() -> None:
    declaration = b'<?xml version="1.0" encoding="windows-1252"?>'
    assert parse(declaration + document("<S>a</S>")) == ["a"]


# --- damage ---------------------------------------------------------------------------------------------------------


class Damage(NamedTuple):
    """Bytes that must be refused, and a part of what the error says."""

    data: bytes
    says: str


DAMAGED = {
    "empty": Damage(b"", "empty"),
    "blank": Damage(b"\xef\xbb\xbf \r\n", "empty"),
    "no-xml": Damage(b"{}", "not well-formed"),
    "truncated": Damage(document("<S>abc</S>")[:-9], "line 1, column"),
    "truncated-utf16": Damage(PLAIN.encode("utf-16")[:-1], "UTF-16-LE"),
    "utf16-half-pair": Damage("\ufeff<S>\ud83d</S>".encode("utf-16-le", "surrogatepass"), "byte 8"),
    "utf32": Damage(PLAIN.encode("utf-32"), "not well-formed"),
    "wrong-encoding": Damage(document("\n<S>").replace(b"<S>", b"<S>\xfc"), "line 2, column 4: byte 0xFC is not UTF-8"),
    "declared-encoding": Damage(
        b'<?xml version="1.0" encoding="windows-1252"?>' + document("<S>\xfc</S>"), "says that it is windows-1252"
    ),
    "hidden-in-ebcdic": Damage(
        b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE a><a/>".encode("cp037"), "says that it is cp037"
    ),
    "nul": Damage(document("<S>a\0b</S>"), "not well-formed"),
    "control-character": Damage(document("<S>\x1b</S>"), "not well-formed"),
    "two-roots": Damage(document("") + document(""), "not well-formed"),
    "html": Damage(b"<!doctype html><html></html>", "not well-formed"),
    "other-root": Damage(b"<Definition/>", "its root element is Definition"),
    "no-namespace": Damage(b'<Objs Version="1.1.0.1"><S>a</S></Objs>', "its root element is Objs"),
    "other-namespace": Damage(b'<Objs xmlns="urn:a"/>', "Objs of namespace urn:a"),
    "version-2": Damage(document("").replace(b"1.1.0.1", b"2.0"), "version 2.0"),
    "document-type": Damage(b"<!DOCTYPE Objs>" + document(""), "DOCTYPE"),
    "entity-bomb": Damage(
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + document("<S>&b;</S>"), "line 1, column 1"
    ),
    "entity-bomb-utf16": Damage(
        ("\ufeff<!DOCTYPE a [<!ENTITY a 'a'>]>" + PLAIN).encode("utf-16-le"), "could define entities"
    ),
    "external-entity": Damage(
        b'\n <!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + document("<S>&a;</S>"), "line 2, column 2"
    ),
    "unknown-entity": Damage(document("<S>&a;</S>"), "undefined entity"),
    "unknown-element": Damage(document("<Ver>1.2</Ver>"), "<Ver> has no meaning"),
    "element-of-no-namespace": Damage(document('<S xmlns="">a</S>'), "<S> has no meaning"),
    "bare-list": Damage(document("<LST/>"), "<LST> has no meaning"),
    "mixed-text": Damage(document("<S>a<B>true</B></S>"), "<B> inside <S>"),
    "unnamed-property": Damage(
        document("\n<Obj><MS>\n  <S>a</S></MS></Obj>"), "line 3, column 3: <S> is a property without"
    ),
    "two-values": Damage(document("<Obj><S>a</S><I32>1</I32></Obj>"), "a second value"),
    "two-property-sets": Damage(document("<Obj><MS/><MS/><MS/></Obj>"), "<MS>"),
    "no-type-name": Damage(document("<Obj><TN><S>a</S></TN></Obj>"), "<S> has no meaning"),
    "dangling-reference": Damage(document('<Ref RefId="9"/>'), "reference to object '9'"),
    "reference-without-id": Damage(document("<Ref/>"), "reference to object ''"),
    "forward-reference": Damage(document('<Ref RefId="0"/><Obj RefId="0"/>'), "reference to object '0'"),
    "dangling-type-reference": Damage(document('<Obj RefId="0"><TNRef RefId="9"/></Obj>'), "type names '9'"),
    "own-type-reference": Damage(document('<Obj RefId="0"><TN RefId="0"><TNRef RefId="0"/></TN></Obj>'), "<TNRef>"),
    "entry-without-value": Damage(document('<Obj><DCT><En><S N="Key">a</S></En></DCT></Obj>'), "no dictionary entry"),
    "entry-of-no-dictionary": Damage(document("<Obj><DCT><S>a</S></DCT></Obj>"), "no dictionary entry"),
    "null-key": Damage(document('<Obj><DCT><En><Nil N="Key"/><Nil N="Value"/></En></DCT></Obj>'), "null"),
    "same-key-twice": Damage(
        document("<Obj><DCT>" + '<En><S N="Key">a</S><Nil N="Value"/></En>' * 2 + "</DCT></Obj>"), "'a' twice"
    ),
    "progress-of-something": Damage(document("<PR><I32>1</I32></PR>"), "<I32> has no meaning"),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_damage_is_an_error_with_its_place(damage: Damage) -> None:
    with pytest.raises(ClixmlError) as caught:
        parse(damage.data)
    assert damage.says in str(caught.value)
    assert isinstance(caught.value, FormatError)


WRONG_VALUES = [
    *("<I32/>", "<I32>1.0</I32>", "<I32>1_0</I32>", "<I32>0x1</I32>", "<I32>\u0663</I32>", "<I32>2147483648</I32>"),
    *("<By>-1</By>", "<By>256</By>", "<SB>128</SB>", "<U16>65536</U16>", "<I16>32768</I16>", "<U32>-1</U32>"),
    *("<U64>18446744073709551616</U64>", "<I64>9223372036854775808</I64>", f"<I64>{'9' * 5000}</I64>"),
    *("<B>True</B>", "<B/>", "<C>x</C>", "<C>65536</C>", "<C>-1</C>"),
    *("<Db>Infinity</Db>", "<Db>1,5</Db>", "<Db>1e999</Db>", "<Db>1_0</Db>", "<Db>nan</Db>", "<Sg>1e39</Sg>"),
    *("<D>1e5</D>", "<D>NaN</D>", "<D>79228162514264337593543950336</D>", "<D>1_0</D>"),
    *("<DT>2020-13-01</DT>", "<DT>2020-W01-1</DT>", "<DT>0000-01-01T00:00:00</DT>", "<DT>2020-01-02T24:00:00</DT>"),
    *("<DT>2020-01-02 03:04:05</DT>", "<DT>2020-01-02T03:04:05+99:00</DT>", "<DT>now</DT>"),
    *(
        "<TS>P</TS>",
        "<TS>PT</TS>",
        "<TS>P1Y</TS>",
        "<TS>1:00</TS>",
        "<TS>P999999999DT9H</TS>",
        "<TS>PT999999999999S</TS>",
    ),
    *(
        "<G>1</G>",
        "<G>{0f8fad5b-d9cb-469f-a165-70867728950e}</G>",
        "<BA>A</BA>",
        "<BA>é</BA>",
        "<BA>A-_=</BA>",
        "<Version>1</Version>",
        "<Version>1.2.3.4.5</Version>",
    ),
]


@pytest.mark.parametrize("content", WRONG_VALUES, ids=lambda content: content[:40])
def test_values_out_of_their_type_are_refused(content: str) -> None:
    with pytest.raises(ClixmlError, match=r"line 2, column 7: .* holds ") as caught:
        parse(document("\n      " + content))
    assert caught.value.expected
    assert len(str(caught.value)) < 250


# --- bounds ---------------------------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    return document("<Obj><LST>" * depth + "</LST></Obj>" * depth)


def test_depth() -> None:
    assert parse(nested(64))
    with pytest.raises(ClixmlError, match="more than 64 objects within each other"):
        parse(nested(65))
    with pytest.raises(ClixmlError, match="more than 2 objects"):
        parse(nested(3), limits=Limits(depth=2))


def test_a_limit_of_depth_that_the_process_cannot_keep_is_an_error_of_ours() -> None:
    with pytest.raises(ClixmlError, match="too deeply for this process"):
        parse(nested(5000), limits=Limits(depth=10_000))


def test_depth_of_elements_that_are_no_objects() -> None:
    with pytest.raises(ClixmlError, match="<a> has no meaning"):
        parse(document("<a>" * 200_000 + "</a>" * 200_000))


def test_depth_counts_down_again() -> None:
    assert len(parse(document("<Obj><LST/></Obj>" * 100))) == 100


def test_elements() -> None:
    assert len(parse(document("<Nil/>" * 9), limits=Limits(elements=10))) == 9
    assert len(parse(document("<Nil></Nil>" * 9), limits=Limits(elements=10))) == 9
    with pytest.raises(ClixmlError, match="11 elements; expected at most 10"):
        parse(document("<Nil/>" * 10), limits=Limits(elements=10))


def test_size() -> None:
    data = document("<Nil/>")
    assert parse(data, limits=Limits(size=len(data))) == [None]
    with pytest.raises(ClixmlError, match=f"expected at most {len(data) - 1} bytes"):
        parse(data, limits=Limits(size=len(data) - 1))


def test_references_do_not_multiply_memory() -> None:
    levels = "".join(
        f'<Obj RefId="{n}"><LST><Ref RefId="{n - 1}"/><Ref RefId="{n - 1}"/></LST></Obj>' for n in range(1, 60)
    )
    values = parse(document('<Obj RefId="0"><LST/></Obj>' + levels))
    top = values[-1]
    assert isinstance(top, list)
    assert top[0] is top[1] is values[-2]


def test_a_dictionary_key_that_contains_itself() -> None:
    key = '<Obj N="Key" RefId="1"><LST><Ref RefId="1"/><S>a</S></LST></Obj>'
    assert parse(document(f'<Obj><DCT><En>{key}<Nil N="Value"/></En></DCT></Obj>')) == [{"list a": None}]


CORPUS = [file for file in sorted((Path(__file__).parent / "corpus" / "clixml").iterdir()) if file.suffix != ".md"]


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_what_fuzzing_starts_from_and_what_it_found(file: Path) -> None:
    with contextlib.suppress(ClixmlError):
        parse(file.read_bytes())
