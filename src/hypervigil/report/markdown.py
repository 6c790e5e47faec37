"""The pages of controls, which are Markdown, as HTML that can do nothing but be read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

HEADING = "h5"
"""Level of headings inside a page's section, which stands below an h4."""


@functools.cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; raw HTML stays text, images are not fetched from anywhere."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


_CONTROL = re.compile(r"\b([A-Z]{2,3}-\d{3})\b")


@functools.lru_cache(maxsize=4096)
def as_html(text: str, controls: frozenset[str] = frozenset()) -> Markup:
    """The Markdown as HTML without style attributes, which the report's security policy refuses.

    Where the text names one of ``controls`` by its id, it becomes a link to ``#c-ID``.
    """
    parser = _parser()
    tokens = parser.parse(text)
    _tame(tokens)
    for token in tokens:
        if token.children and controls:
            token.children = list(_linked(token.children, controls))
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704  made by the parser, html off


def _tame(tokens: Iterable[Token]) -> None:
    for token in tokens:
        token.attrs.pop("style", None)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = HEADING
        if token.type == "th_open":
            token.attrs["scope"] = "col"
        if token.type == "link_open":
            token.attrs["rel"] = "noreferrer noopener"
        if token.children:
            _tame(token.children)


def _linked(tokens: Iterable[Token], controls: frozenset[str]) -> Iterator[Token]:
    inside_link = False
    for token in tokens:
        if token.type in {"link_open", "link_close"}:
            inside_link = token.type == "link_open"
        if token.type != "text" or inside_link:
            yield token
            continue
        for place, part in enumerate(_CONTROL.split(token.content)):
            text = Token("text", "", 0, content=part)
            if place % 2 and part in controls:
                yield Token("link_open", "a", 1, attrs={"href": f"#c-{part}"})
                yield text
                yield Token("link_close", "a", -1)
            elif part:
                yield text
