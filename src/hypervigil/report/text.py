"""What every format does to text that came with the evidence, before its own escaping."""

from __future__ import annotations

import re

_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

REPLACEMENT = "\ufffd"


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced: a host can send them, and no encoding can write them."""
    return text if text.isascii() else _SURROGATES.sub(REPLACEMENT, text)


def xml_text(text: str) -> str:
    """The text with every character replaced that XML 1.0 does not allow (production 2, *Char*): NUL, ESC and so on."""
    return _NOT_XML.sub(REPLACEMENT, text)
