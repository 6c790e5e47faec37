"""Standard output in an encoding that lacks a character: something similar instead, never an error."""

from __future__ import annotations

import codecs
from typing import TextIO

_SIMILAR = {
    "\u2192": "->",
    "\u2500": "-",
    "\u2501": "-",
    "\u2022": "*",
    "\u00b7": ".",
    "\u2026": "...",
    "\u2013": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
}
_NAME = "hypervigil.similar"


def prepare(*streams: TextIO) -> None:
    """Let these streams write whatever comes."""
    codecs.register_error(_NAME, _similar)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_NAME)


def _similar(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    failed = error.object[error.start : error.end]
    return "".join(_SIMILAR.get(c) or c.encode("ascii", "backslashreplace").decode() for c in failed), error.end
