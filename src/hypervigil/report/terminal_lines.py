"""Lines for a terminal: text that a host sent made harmless, and paragraphs that hang at an indent."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from hypervigil.model.outcome import Outcome
from hypervigil.report.text import visible

WIDEST = 120
"""Longer lines are hard to read: of a wider terminal the rest stays empty."""

STYLES = {
    Outcome.FAIL: "bold red",
    Outcome.UNKNOWN: "magenta",
    Outcome.REVIEW: "yellow",
    Outcome.PASS: "green",
    Outcome.NOT_APPLICABLE: "dim",
}
LABELS = {
    Outcome.FAIL: "FAIL",
    Outcome.UNKNOWN: "UNKNOWN",
    Outcome.REVIEW: "REVIEW",
    Outcome.PASS: "PASS",
    Outcome.NOT_APPLICABLE: "N/A",
}
ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.REVIEW, Outcome.PASS, Outcome.NOT_APPLICABLE)
"""Worst first, as everywhere on a terminal."""


def plain(text: str) -> str:
    """The text on one line, with what a terminal would obey, or nobody could see, spelt out."""
    return " ".join(visible(text).split())


def number_of(count: int, noun: str) -> str:
    """Such as: 1 node, 2 nodes."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def usable_width(out: Console) -> int:
    """Columns that paragraphs may take."""
    return min(out.width, WIDEST)


def print_paragraph(out: Console, text: Text, *, first: int = 0, rest: int = 0) -> None:
    """Print the text with its first line indented by ``first`` columns and the others by ``rest``."""
    for indent, line in _lines(out, text, first, rest):
        line.rstrip()
        out.print(Text(" " * indent) + line, soft_wrap=True)


def _lines(out: Console, text: Text, first: int, rest: int) -> Iterator[tuple[int, Text]]:
    width = usable_width(out)
    head = text.wrap(out, max(width - first, 1))[0]
    yield first, head
    left = text[len(head) :]
    while left.plain.startswith(" "):
        left = left[1:]
    if left.plain:
        yield from ((rest, line) for line in left.wrap(out, max(width - rest, 1)))
