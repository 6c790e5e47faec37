"""The rows of the control catalogue, read from its Markdown tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROW = re.compile(r"^\| *([A-Z]{2,3}-\d{3}) *\|(.+)\|\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """What the catalogue says of one control. ``facts`` are by name: whether the control can do without it."""

    id: str
    condition: str
    scope: str
    facts: dict[str, bool]
    severity: str
    part: str

    def titled(self, title: str) -> bool:
        """Whether a title is the condition: all of it, or as far as one of its clauses; what is in brackets may go."""
        condition, title = _plain(self.condition), _plain(title)
        return condition == title or (condition.startswith(title) and condition[len(title)] in ";:,")


def rows(markdown: str) -> dict[str, Row]:
    """All rows by id.

    Raises:
        ValueError: a line that begins like a row has not its six columns.
    """
    found = {}
    for line in _ROW.finditer(markdown):
        condition, scope, facts, severity, part = (column.strip() for column in line[2].split("|"))
        found[line[1]] = Row(line[1], condition, scope, dict(map(_fact, facts.split(","))), severity, part)
    return found


def _fact(text: str) -> tuple[str, bool]:
    name = text.replace("(derived)", "").strip()
    return name.rstrip("?"), name.endswith("?")


def _plain(text: str) -> str:
    return re.sub(r" ([;,])", r"\1", " ".join(re.sub(r"\([^()]*\)|`", "", text).split())).rstrip(".")
