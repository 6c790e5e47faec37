"""Small pieces of Markdown that the generated pages are put together from."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence

from hypervigil.model.subject import Scope

SUBJECTS = {
    Scope.NODE: "node",
    Scope.PAIR: "ordered pair of nodes",
    Scope.CLUSTER: "cluster",
    Scope.VM: "virtual machine",
    Scope.ACCOUNT: "account",
    Scope.DC: "domain controller",
    Scope.ENDPOINT: "endpoint on the wire",
    Scope.DRIVER: "driver",
}

MADE_BY = "Made by tools/make_docs.py ('make docs'): change what it is made from, not this file."
MARK = f"<!-- {MADE_BY} -->"
"""First line of every generated page."""


def page(*parts: str) -> str:
    """The parts that are not empty, a blank line between them, below the mark."""
    return "\n\n".join((MARK, *(part for part in parts if part))) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty where there are no rows."""
    written = [_row(row) for row in rows]
    return "\n".join((_row(header), _row(["---"] * len(header)), *written)) if written else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(text: str) -> str:
    """Text as code, also where it holds a backtick."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def block(command: str) -> str:
    """A command in a block of its own."""
    return f"```powershell\n{command}\n```"


def prose(documented: object) -> str:
    """The docstring of a class as Markdown; empty where it has none of its own."""
    text = documented.__doc__ if isinstance(documented, type) else None
    return inspect.cleandoc(text).replace("``", "`") if text else ""
