"""Whatever the bytes are, CLIXML gives values or `ClixmlError`; and what is written well comes back as it was.

How many examples are tried is set in conftest.py. HYPERVIGIL_FUZZ_SECONDS=600 adds random mutations for that long.
"""

import contextlib
import os
import random
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.harness import Target, mutations, search
from hypervigil.formats.clixml import ClixmlError, Limits, PSObject, Queue, Stack, parse

OPENING = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
CORPUS = Path(__file__).parent / "corpus" / "clixml"
SEEDS = [file.read_bytes() for file in sorted(CORPUS.iterdir()) if file.suffix in (".xml", ".bin")]
TOKENS = [
    b"<Obj>",
    b"</Obj>",
    b"<LST>",
    b"</LST>",
    b"<S>",
    b"</S>",
    b"<I32>",
    b"</I32>",
    b"<!--",
    b"<![CDATA[",
    b"&#0;",
]
TOKENS += [
    b"<Obj",
    b"<LST",
    b"<DCT",
    b"<STK",
    b"<S ",
    b"<I32 ",
    b"<DT ",
    b"<TS ",
    b"<D ",
    b"<Db ",
    b"<G ",
    b"<BA ",
    b"<C ",
]
TOKENS += [
    b'RefId="0"',
    b'RefId="1"',
    b'N="Key"',
    b'N="a"',
    b"_xD83D_",
    b"99999999999",
    b"\xff\xfe",
    b"\0",
    b"<!DOCTYPE ",
]


def read(data: bytes) -> None:
    with contextlib.suppress(ClixmlError):
        parse(data)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    read(data)


@given(st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-16", "utf-32", "latin-1"]), st.text(max_size=60))
def test_any_text_in_any_encoding(encoding: str, text: str) -> None:
    read(f"{OPENING}{text}</Objs>".encode(encoding, "replace"))


# fmt: off
TAGS = [
    "S", "C", "B", "DT", "TS", "By", "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db", "D", "BA", "G", "URI",
    "Version", "XD", "SBK", "SS", "Nil", "Obj", "LST", "DCT", "En", "TN", "T", "Ref", "PR",
]
# fmt: on
ODD_TEXTS = [
    "",
    " ",
    "-",
    "+",
    ".",
    "٣",
    "1e999",
    "-1",
    "0" * 50,
    "9" * 5000,
    "P",
    "PT",
    "NaN",
    "nan",
    "INF",
    "T",
    "{}",
    "=",
]


@given(
    st.sampled_from(TAGS), st.one_of(st.sampled_from(ODD_TEXTS), st.text("0123456789+-.eETPDHMSZ: _xdD", max_size=30))
)
def test_any_text_in_any_type(tag: str, text: str) -> None:
    read(f"{OPENING}<{tag}>{escape(text)}</{tag}></Objs>".encode())


@given(st.randoms(use_true_random=False))
def test_changed_documents(source: random.Random) -> None:
    changed = mutations(SEEDS, TOKENS, source)
    for _ in range(5):
        read(next(changed))


def element(parts: tuple[str, list[str]]) -> str:
    tag, inner = parts
    return f'<{tag} N="{"Key" if len(inner) % 2 else "a"}" RefId="{len(inner)}">{"".join(inner)}</{tag}>'


TREES = st.recursive(
    st.just(""), lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=3)).map(element)
)


@given(TREES)
def test_any_tree_of_known_elements(content: str) -> None:
    read(f"{OPENING}{content}</Objs>".encode())


@given(st.integers(0, 40), st.integers(0, 40))
def test_depth_is_the_limit_and_nothing_else(depth: int, limit: int) -> None:
    data = f"{OPENING}{'<Obj><LST>' * depth}{'</LST></Obj>' * depth}</Objs>".encode()
    if depth <= limit:
        assert len(parse(data, limits=Limits(depth=limit))) == min(depth, 1)
    else:
        with pytest.raises(ClixmlError):
            parse(data, limits=Limits(depth=limit))


# --- what is written well comes back --------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def escaped(text: str) -> str:
    """Text as PowerShell's serializer writes it: controls, surrogates and what looks like an escape, unit by unit."""
    units = text.replace("_x", "_x005F_x").replace("_X", "_x005F_X").encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(
        f"_x{code:04X}_" if code < 32 or code >= 0xD800 or 0x7F <= code < 0xA0 else chr(code) for code in codes
    )


@given(TEXTS, TEXTS)
def test_text_and_names_come_back(name: str, text: str) -> None:
    content = f'<Obj RefId="0"><MS><S N={quoteattr(escaped(name))}>{escape(escaped(text))}</S></MS></Obj>'
    assert parse(f"{OPENING}{content}</Objs>".encode()) == [PSObject(extended={name: text})]


def written(value: object, name: str = "") -> str:
    """A small serializer, for values that a test makes up."""
    attribute = f' N="{name}"' if name else ""
    match value:
        case None:
            return f"<Nil{attribute}/>"
        case bool():
            return f"<B{attribute}>{str(value).lower()}</B>"
        case int():
            return f"<I64{attribute}>{value}</I64>"
        case str():
            return f"<S{attribute}>{escape(escaped(value))}</S>"
        case list():
            tag = {Stack: "STK", Queue: "QUE"}.get(type(value), "LST")
            return f"<Obj{attribute}><{tag}>{''.join(map(written, value))}</{tag}></Obj>"
        case dict():
            entries = "".join(f"<En>{written(key, 'Key')}{written(item, 'Value')}</En>" for key, item in value.items())
            return f"<Obj{attribute}><DCT>{entries}</DCT></Obj>"
        case _:
            raise TypeError(value)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), TEXTS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(Stack),
        st.lists(inner, max_size=4).map(Queue),
        st.dictionaries(TEXTS, inner, max_size=4),
    ),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=4), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_values_come_back(values: list[object], encoding: str) -> None:
    data = f"{OPENING}{''.join(map(written, values))}</Objs>".encode(encoding)
    assert repr(parse(data)) == repr(values)


# --- as long as one likes -------------------------------------------------------------------------------------------

SECONDS = float(os.environ.get("HYPERVIGIL_FUZZ_SECONDS") or 0)


@pytest.mark.skipif(SECONDS <= 0, reason="HYPERVIGIL_FUZZ_SECONDS says for how long")
def test_random_mutations_for_some_time(tmp_path: Path) -> None:
    target = Target(name="clixml", check=parse, allowed=(ClixmlError,), seeds=SEEDS, tokens=TOKENS)
    assert search(target, SECONDS, tmp_path) > 0
