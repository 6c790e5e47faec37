"""Characters that standard output can not take."""

from __future__ import annotations

import io

import pytest

from hypervigil.cli.encoding import prepare


def written(text: str, encoding: str) -> bytes:
    out = io.BytesIO()
    stream = io.TextIOWrapper(out, encoding=encoding, newline="")
    prepare(stream)
    stream.write(text)
    stream.flush()
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "data"),
    [
        ("N01 → N02 … \u2013 “x” ─", "ascii", b'N01 -> N02 ... - "x" -'),
        ("N01 → N02 … ─", "cp1252", b"N01 -> N02 \x85 -"),
        ("Größe", "cp1252", b"Gr\xf6\xdfe"),
        ("Größe", "ascii", rb"Gr\xf6\xdfe"),
        ("節点", "cp1252", rb"\u7bc0\u70b9"),
        ("half \ud800", "utf-8", rb"half \ud800"),
        ("→ Größe", "utf-8", "→ Größe".encode()),
    ],
)
def test_something_similar_or_the_number_is_written(text: str, encoding: str, data: bytes) -> None:
    assert written(text, encoding) == data


def test_a_stream_that_can_not_be_prepared_is_left_alone() -> None:
    stream = io.StringIO()
    prepare(stream)
    stream.write("→")
    assert stream.getvalue() == "→"
