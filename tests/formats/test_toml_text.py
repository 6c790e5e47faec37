"""TOML with places: what is wrong, where, and what to do."""

from __future__ import annotations

import copy
import datetime
import enum
import pickle
import tomllib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.formats import toml_text
from hypervigil.formats.toml_lines import Path, lines_of
from hypervigil.formats.toml_text import TomlInputError, TomlTable, did_you_mean, parse_toml


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


def said(data: bytes, read: Callable[[TomlTable], object] = lambda table: table) -> str:
    with pytest.raises(TomlInputError) as caught:
        read(parse_toml(data, "w.toml"))
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            b'a = "x"\nb = C:\\data',
            'w.toml:2: not TOML (column 5): Invalid value. A text needs quotes ("..."), true and false are in lower '
            "case.",
            id="no quotes",
        ),
        pytest.param(
            b'a = "C:\\data"',
            "w.toml:1: not TOML (column 10): Unescaped '\\' in a string. Put a text with backslashes into single "
            "quotes: 'C:\\folder'.",
            id="backslash",
        ),
        pytest.param(
            b"a = 1\na = 2\n\n# end\n",
            "w.toml:2: not TOML (column 6): Cannot overwrite a value. The key is there twice: take one out.",
            id="key twice",
        ),
        pytest.param(
            b'a = 1\nb = "x\n',
            "w.toml:2: not TOML (column 7): Illegal character '\\n'.",
            id="open text",
        ),
        pytest.param(
            b"a = [1,\n2\n\n",
            "w.toml:2: not TOML: Unclosed array. Close the list with ].",
            id="end of document: the last line that holds something",
        ),
        pytest.param(
            "a = '\u00e4'".encode("cp1252"),
            "w.toml:1: byte 0xE4 is not UTF-8 text; expected UTF-8 text. Save it as UTF-8.",
            id="Windows-1252",
        ),
        pytest.param(
            b"a = 1\nb = '\xff'",
            "w.toml:2: byte 0xFF is not UTF-8 text; expected UTF-8 text. Save it as UTF-8.",
            id="no UTF-8 in line 2",
        ),
        pytest.param(
            "a = 1\nb = 2\n".encode("utf-16") + b"\x00",
            "w.toml:3: byte 0x00 is not UTF-16-LE text; expected UTF-8 text. Save it as UTF-8.",
            id="half a UTF-16 character",
        ),
        pytest.param(
            "a = 1".encode("utf-16-le"),
            "w.toml: the file is binary, or UTF-16 without a byte order mark; expected UTF-8 text. Save it as UTF-8.",
            id="UTF-16 without a mark",
        ),
        pytest.param(
            b"a = " + b"1" * 5000,
            "w.toml: a number has too many digits; expected a number of 64 bits.",
            id="5000 digits",
        ),
        pytest.param(
            b"a = " + b"[" * 20000, "w.toml: lists or tables are nested too deeply. Flatten them.", id="20000 lists"
        ),
    ],
)
def test_what_is_no_toml(data: bytes, message: str) -> None:
    assert said(data) == message


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_text, "MAXIMUM_SIZE", 8)
    assert parse_toml(b"a = 1234", "w.toml").keys == ("a",)
    assert said(b"a = 12345") == "w.toml: the file has 9 bytes; expected at most 8."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends_of_windows_editors(encoding: str, newline: str) -> None:
    text = newline.join(["# Gründe", "[[waivers]]", "reason = 'geprüft'", ""])
    (entry,) = parse_toml(text.encode(encoding), "w.toml").tables("waivers")
    assert (entry.text("reason"), entry.line, entry.line_of("reason")) == ("geprüft", 2, 3)


def test_big_endian_utf_16() -> None:
    assert parse_toml(b"\xfe\xff" + "a = 'ä'".encode("utf-16-be"), "w.toml").text("a") == "ä"


@pytest.mark.parametrize(
    ("text", "read", "message"),
    [
        pytest.param(
            "[[waivers]]\nowner = 'a'\n\n[[waivers]]\n# who?\nowner = 5\n",
            lambda t: [entry.text("owner") for entry in t.tables("waivers")],
            "w.toml:6: waivers[2].owner: this is a number; expected a text in quotes.",
            id="wrong type, second entry",
        ),
        pytest.param(
            "x = 1\n[[waivers]]\n",
            lambda t: t.tables("waivers")[0].text("owner"),
            "w.toml:2: waivers[1].owner: this key is missing; expected a text in quotes. Add it.",
            id="missing key of an entry",
        ),
        pytest.param(
            "x = 1\n",
            lambda t: t.text("name"),
            "w.toml: name: this key is missing; expected a text in quotes. Add it.",
            id="missing key of the document",
        ),
        pytest.param("a = '  '", lambda t: t.text("a"), "w.toml:1: a: the text is empty. Fill it in.", id="empty text"),
        pytest.param(
            "\nnmae = 'a'",
            lambda t: t.refuse_unknown(("name", "title")),
            "w.toml:2: nmae: this key is not known; expected one of name, title. Did you mean name?",
            id="unknown key",
        ),
        pytest.param(
            "xyz = 'a'",
            lambda t: t.refuse_unknown(("name",)),
            "w.toml:1: xyz: this key is not known; expected name.",
            id="unknown key, nothing like it",
        ),
        pytest.param(
            "c = 'Red'",
            lambda t: t.choice("c", Colour),
            'w.toml:1: c: "Red" is not possible; expected one of red, blue. Did you mean red?',
            id="outside a closed set",
        ),
        pytest.param(
            "c = 'blue'",
            lambda t: t.choice("c", Colour, without=(Colour.BLUE,)),
            'w.toml:1: c: "blue" is not possible; expected red.',
            id="left out of a closed set",
        ),
        pytest.param(
            "l = [\n  'a',\n  2,\n]",
            lambda t: t.texts("l"),
            "w.toml:3: l[2]: this is a number; expected a text in quotes.",
            id="wrong type in a list",
        ),
        pytest.param(
            "l = ['a', '']",
            lambda t: t.texts("l"),
            "w.toml:1: l[2]: the text is empty. Fill it in, or take it out.",
            id="empty text in a list",
        ),
        pytest.param(
            "l = 'a'",
            lambda t: t.texts("l"),
            'w.toml:1: l: this is a text; expected a list of texts, such as ["SMB-*"].',
            id="no list",
        ),
        pytest.param(
            "l = ['red', 'blu']",
            lambda t: t.choices("l", Colour),
            'w.toml:1: l[2]: "blu" is not possible; expected one of red, blue. Did you mean blue?',
            id="outside a closed set, in a list",
        ),
        pytest.param(
            "c = 'green'",
            lambda t: t.optional_choice("c", Colour),
            'w.toml:1: c: "green" is not possible; expected one of red, blue.',
            id="outside a closed set, optional",
        ),
        pytest.param(
            "f = 1",
            lambda t: t.optional_flag("f"),
            "w.toml:1: f: this is a number; expected true or false, without quotes.",
            id="no flag",
        ),
        pytest.param(
            "n = 11",
            lambda t: t.optional_number("n", 1, 10),
            "w.toml:1: n: 11 is out of range; expected a whole number from 1 to 10.",
            id="number out of range",
        ),
        pytest.param(
            "n = true",
            lambda t: t.optional_number("n", 1, 10),
            "w.toml:1: n: this is true or false; expected a whole number from 1 to 10.",
            id="no number",
        ),
        pytest.param(
            "n = [1,\n2.0]",
            lambda t: t.numbers("n", 1, 10),
            "w.toml:2: n[2]: this is a number; expected a whole number from 1 to 10.",
            id="no whole number in a list",
        ),
        pytest.param(
            "n = 1",
            lambda t: t.numbers("n", 1, 10),
            "w.toml:1: n: this is a number; expected a list of numbers, such as [10, 20].",
            id="no list of numbers",
        ),
        pytest.param(
            "t = []",
            lambda t: t.optional_table("t"),
            "w.toml:1: t: this is a list; expected a table that begins with [t].",
            id="no table",
        ),
        pytest.param(
            "d = '2027-01-01'",
            lambda t: t.date("d"),
            "w.toml:1: d: this is a text; expected a date without quotes, such as 2027-03-31.",
            id="date in quotes",
        ),
        pytest.param(
            "d = 2027-01-01T10:00:00",
            lambda t: t.date("d"),
            "w.toml:1: d: this is a date with a time; expected a date without quotes, such as 2027-03-31.",
            id="date with time",
        ),
        pytest.param(
            "x = 1",
            lambda t: t.date("d"),
            "w.toml: d: this key is missing; expected a date without quotes, such as 2027-03-31. Add it.",
            id="no date",
        ),
        pytest.param(
            "[waivers]\na = 1",
            lambda t: t.tables("waivers"),
            "w.toml:1: waivers: this is a table; expected entries that begin with [[waivers]].",
            id="table for a list of tables",
        ),
        pytest.param(
            "waivers = [true]",
            lambda t: t.tables("waivers"),
            "w.toml:1: waivers[1]: this is true or false; expected entries that begin with [[waivers]].",
            id="list of something else",
        ),
        pytest.param(
            "[severity]\nSMB-002 = 'low'",
            lambda t: t.named_tables("severity"),
            "w.toml:2: severity.SMB-002: this is a text; expected a table that begins with [severity.SMB-002].",
            id="text for a table",
        ),
        pytest.param(
            "severity = [1.5]",
            lambda t: t.named_tables("severity"),
            "w.toml:1: severity: this is a list; expected tables that begin with [severity.NAME].",
            id="list for tables",
        ),
        pytest.param(
            "[severity.'a b']\nx = 10:00:00",
            lambda t: t.named_tables("severity")["a b"].text("x"),
            'w.toml:2: severity."a b".x: this is a time; expected a text in quotes.',
            id="key that needs quotes",
        ),
    ],
)
def test_what_is_not_asked_for(text: str, read: Callable[[TomlTable], object], message: str) -> None:
    assert said(text.encode(), read) == message


def test_what_is_asked_for() -> None:
    table = parse_toml(
        b"name = ' n '\nwhen = 2027-03-31\nc = 'red'\nl = ['a', ' b ']\n[[w]]\nx = 'y'\n[s.A-1]\nr = 'z'", "w.toml"
    )
    assert table.keys == ("name", "when", "c", "l", "w", "s")
    assert table.text("name") == "n"
    assert table.date("when") == datetime.date(2027, 3, 31)
    assert table.choice("c", Colour) is Colour.RED
    assert table.texts("l") == ("a", "b")
    assert [w.text("x") for w in table.tables("w")] == ["y"]
    assert {name: t.text("r") for name, t in table.named_tables("s").items()} == {"A-1": "z"}
    table.refuse_unknown(table.keys)
    assert (table.optional_text("n"), table.texts("n"), table.tables("n")) == (None, (), ())
    assert table.named_tables("n") == {}


def test_error_tells_its_parts_and_survives_copying() -> None:
    error = TomlInputError("m", file="f", line=3, key="k", expected="e", todo="t")
    for same in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (same.message, same.file, same.line, same.key, same.expected, same.todo) == ("m", "f", 3, "k", "e", "t")
        assert str(same) == "f:3: k: m; expected e. t"


@pytest.mark.parametrize(
    ("word", "sentence"), [("smb-002", "Did you mean SMB-002?"), ("SMB-02", "Did you mean SMB-002?"), ("zzz", "")]
)
def test_did_you_mean(word: str, sentence: str) -> None:
    assert did_you_mean(word, ["SMB-002", "LM-011"]) == sentence


LINES = "\n".join(
    [
        "# a = 0",
        "name = 'x' # [no]",
        'text = """',
        "fake = 1",
        "[fake]",
        '\\""" """""',
        "raw = '''",
        "]] ' '' '''''",
        "list = [ # one",
        "  1, [2,",
        "  3],",
        "  { a = 4, b = [",
        "    5] },",
        '  "]",',
        "]",
        'one.two."th.ree" = { x = 1979-05-27 07:32:00 }',
        "",
        "[[waivers]]",
        "owner = 'a'",
        "  [ waivers . more ]",
        "  k = 1",
        "  [[waivers.deep]]",
        "[[ 'waivers' ]]",
        "owner = 'b'",
        "waits = { }",
        "[waivers.more]",
        "k = 2",
        "[[waivers.deep]]",
        "[[waivers.deep]]",
        "z = -inf",
    ]
)


def test_lines() -> None:
    lines = lines_of(LINES)
    assert lines == {
        ("name",): 2,
        ("text",): 3,
        ("raw",): 7,
        ("list",): 9,
        ("list", 0): 10,
        ("list", 1): 10,
        ("list", 1, 0): 10,
        ("list", 1, 1): 11,
        ("list", 2): 12,
        ("list", 2, "a"): 12,
        ("list", 2, "b"): 12,
        ("list", 2, "b", 0): 13,
        ("list", 3): 14,
        ("one",): 16,
        ("one", "two"): 16,
        ("one", "two", "th.ree"): 16,
        ("one", "two", "th.ree", "x"): 16,
        ("waivers",): 18,
        ("waivers", 0): 18,
        ("waivers", 0, "owner"): 19,
        ("waivers", 0, "more"): 20,
        ("waivers", 0, "more", "k"): 21,
        ("waivers", 0, "deep"): 22,
        ("waivers", 0, "deep", 0): 22,
        ("waivers", 1): 23,
        ("waivers", 1, "owner"): 24,
        ("waivers", 1, "waits"): 25,
        ("waivers", 1, "more"): 26,
        ("waivers", 1, "more", "k"): 27,
        ("waivers", 1, "deep"): 28,
        ("waivers", 1, "deep", 0): 28,
        ("waivers", 1, "deep", 1): 29,
        ("waivers", 1, "deep", 1, "z"): 30,
    }
    assert set(lines) == set(paths(tomllib.loads(LINES)))


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    items: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        items = iter(value.items())
    elif isinstance(value, list):
        items = iter(enumerate(value))
    for part, below in items:
        yield (*at, part)
        yield from paths(below, (*at, part))


TOKENS = (
    "a",
    "b",
    ".",
    "=",
    " = ",
    "\n",
    "\r\n",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    '"',
    "'",
    '"""',
    "'''",
    "#",
    "\\",
)
STRETCHES = ("1", "'x'", "'''\n'''", '"""\n\\""" """', "true", "\n[a]\n", "\n[[b]]\n", "\nc = [1, 'x',\n", "a.b = 1\n")
PIECES = st.sampled_from(TOKENS + STRETCHES)
ANYTHING = st.one_of(
    st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.lists(PIECES).map("".join).map(str.encode)
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_everything_that_is_toml_has_its_lines(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(text)
    assert set(lines) == set(paths(values))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


SCALARS = st.one_of(
    st.just('"""\n\n"""'), st.just("'''\n[x]\n'''"), st.just('"#"'), st.just("1.5"), st.just("2027-01-01 10:00:00")
)


@given(st.data())
def test_lines_are_those_of_the_marks(data: st.DataObject) -> None:
    """Every key is called after the line that it stands in, so that the answer can be read off the path."""
    written: list[str] = []

    def key() -> str:
        return f"k{len(''.join(written).splitlines()) + 1}_{len(written)}"

    def pairs() -> None:
        for _ in range(data.draw(st.integers(0, 3))):
            written.append(f"{key()} = ")
            if data.draw(st.booleans()):
                written.append("[\n")
                for _ in range(data.draw(st.integers(0, 2))):
                    written.append(f"{{ {_inside(written)} = 1 }}, # comment ]\n")
                written.append("]\n")
            else:
                written.append(data.draw(SCALARS) + "\n" * data.draw(st.integers(1, 2)))

    pairs()
    for _ in range(data.draw(st.integers(0, 4))):
        written.append("# k0 = [\n" if data.draw(st.booleans()) else "")
        header = key()
        written.append(f"[[{header}]]\n" if data.draw(st.booleans()) else f"[{header}]\n")
        pairs()
    text = "".join(written)
    for path, line in lines_of(text).items():
        if isinstance(path[-1], str):
            assert path[-1].partition("_")[0] == f"k{line}", (path, text)


def _inside(written: list[str]) -> str:
    return f"k{''.join(written).count(chr(10)) + 1}_{len(written)}"


@given(ANYTHING)
def test_nothing_but_its_own_error_comes_out(data: bytes) -> None:
    try:
        table = parse_toml(data, "w.toml")
    except TomlInputError as error:
        assert str(error).startswith("w.toml")  # noqa: PT017  either way is right
    else:
        assert isinstance(table, TomlTable)


def test_optional_readers_give_what_is_there_and_nothing_for_what_is_not() -> None:
    table = parse_toml(
        b"c = 'red'\nl = ['blue', 'red']\nf = false\nn = 1\nm = [10, 1]\nd = 2027-01-31\n[t]\nx = 1", "w.toml"
    )
    assert (table.optional_choice("c", Colour), table.optional_choice("-", Colour)) == (Colour.RED, None)
    assert (table.choices("l", Colour), table.choices("-", Colour)) == ((Colour.BLUE, Colour.RED), ())
    assert (table.optional_flag("f"), table.optional_flag("-")) == (False, None)
    assert (table.optional_number("n", 1, 10), table.optional_number("-", 1, 10)) == (1, None)
    assert (table.numbers("m", 1, 10), table.numbers("-", 1, 10)) == ((10, 1), ())
    assert (table.optional_date("d"), table.optional_date("-")) == (datetime.date(2027, 1, 31), None)
    below = table.optional_table("t")
    assert below is not None
    assert (below.line, below.value("x"), table.optional_table("-")) == (7, 1, None)
