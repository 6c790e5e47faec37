"""The pages of controls, which are Markdown, as HTML that can do nothing but be read."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

HEADING = "h5"
"""Level of headings inside a page's section, which stands below an h4."""


@functools.cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; raw HTML stays text, images are not fetched from anywhere."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@functools.cache
def as_html(text: str) -> Markup:
    """The Markdown as HTML without style attributes, which the report's security policy refuses."""
    parser = _parser()
    tokens = parser.parse(text)
    _tame(tokens)
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
