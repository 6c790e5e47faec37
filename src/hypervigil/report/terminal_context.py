"""The operator's context on a terminal: which one it was, what contradicts it, and what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from hypervigil.assess.context_seen import Conflict, Unchecked
from hypervigil.model.context import Context
from hypervigil.report.context import declared, undeclared
from hypervigil.report.terminal_lines import number_of, plain

_ALIKE = 3
"""Conflicts of one kind about one declaration that are told one by one."""


def context_lines(context: Context, conflicts: Sequence[Conflict], unchecked: Sequence[Unchecked]) -> Iterator[Text]:
    """A headline, then what contradicts, worst first, then what nobody could compare."""
    said = f"{number_of(len(conflicts), 'conflict')}:" if conflicts else "nothing contradicts it."
    yield Text(f"Context: {plain(context.file)}, {said}", "bold")
    yield from _told(conflicts)
    if unchecked:
        parts = (f"{part.what} ({', '.join(dict.fromkeys(gap.fact for gap in part.missing))})" for part in unchecked)
        yield Text(f"  Not compared in full, for facts that are missing: {'; '.join(parts)}.", "dim")


def _told(conflicts: Sequence[Conflict]) -> Iterator[Text]:
    alike: dict[tuple[str, str], list[Conflict]] = {}
    for conflict in conflicts:
        alike.setdefault((conflict.reason.code, conflict.place), []).append(conflict)
    for (_, place), held in alike.items():
        for conflict in held[:_ALIKE]:
            line = Text().append(f"  {conflict.severity.value}: ", "yellow").append(plain(conflict.reason.text))
            yield line.append(f" ({plain(place)})", "dim")
        if len(held) > _ALIKE:
            yield Text(f"  and {len(held) - _ALIKE} more like the last one", "yellow")


def declaration_lines(context: Context) -> Iterator[Text]:
    """Everything that is declared, key by key, and which keys are not."""
    for what, values in declared(context):
        yield Text().append(f"{what}: ", "bold").append("; ".join(map(plain, values)) or "none")
    missing = undeclared(context)
    if missing:
        yield Text(f"Not declared, so not known: {', '.join(missing)}.", "dim")
