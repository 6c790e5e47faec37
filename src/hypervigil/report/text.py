"""What every format does to text that came with the evidence, before its own escaping."""

from __future__ import annotations

import re

_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Controls (C0, C1, DEL), and what turns the direction of writing around (UAX 9, section 2): a name that holds one can
# be made to look like another.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")

REPLACEMENT = "\ufffd"


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced: a host can send them, and no encoding can write them."""
    return text if text.isascii() else _SURROGATES.sub(REPLACEMENT, text)


def xml_text(text: str) -> str:
    """The text with every character replaced that XML 1.0 does not allow (production 2, *Char*): NUL, ESC and so on."""
    return _NOT_XML.sub(REPLACEMENT, text)


def visible(text: str) -> str:
    """The text with what nobody could see spelt out, such as ``[U+202E]``; line breaks and tabs stay."""
    return xml_text(_INVISIBLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text))


def clipped(text: str, limit: int) -> str:
    """The text up to ``limit`` characters, and how many more there are."""
    return text if len(text) <= limit else f"{text[:limit]}\u2026 ({len(text) - limit:,} more characters)"
