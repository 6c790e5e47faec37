"""A comparison on a terminal: by class of change, then by control, with the subjects that changed in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from rich.console import Console
from rich.text import Text

from hypervigil.assess.compare import Change, ChangeKind, Comparison
from hypervigil.model.finding import Disposition
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope
from hypervigil.report.terminal_groups import few
from hypervigil.report.terminal_lines import LABELS, STYLES, plain, print_paragraph
from hypervigil.report.terminal_subjects import named

_INDENT = 4


class _Alike(msgspec.Struct, frozen=True):
    """What changes must have in common to be told together."""

    control: str
    scope: Scope
    severity: Severity
    was: Outcome | None
    now: Outcome | None
    mark: str


def print_changes(made: Comparison, kinds: Sequence[ChangeKind], out: Console) -> None:
    """Print the changes of these classes in this order, then how many there are of what was not told."""
    for kind in kinds:
        if not made.counts[kind]:
            continue
        style = "bold red" if kind.is_worse else "bold green" if kind is ChangeKind.FIXED else "bold"
        out.print(Text(f"{kind.value.replace('_', ' ').capitalize()}: {made.counts[kind]}", style))
        alike: dict[_Alike, dict[str, list[str]]] = {}
        for change in made.of(kind):
            reasons = plain(" ".join(change.shown.reasons))
            alike.setdefault(_alike(change), {}).setdefault(reasons, []).append(change.shown.subject)
        for what, texts in alike.items():
            _print_alike(what, few(texts, "--json"), out)
        out.print()
    worse = sum(made.counts[kind] for kind in made.counts if kind.is_worse)
    told = {*kinds, ChangeKind.UNCHANGED}
    other = sum(count for kind, count in made.counts.items() if kind not in told)
    rest = f", {other} otherwise changed" if other else ""
    out.print(
        f"{worse} worse, {made.counts[ChangeKind.FIXED]} fixed, {made.counts[ChangeKind.UNCHANGED]} unchanged{rest}."
    )


def _alike(change: Change) -> _Alike:
    shown = change.shown
    return _Alike(
        control=shown.control,
        scope=shown.scope,
        severity=shown.severity,
        was=change.was,
        now=change.now,
        mark="waived" if shown.disposition is Disposition.WAIVED else "waived no more" if change.reopened else "",
    )


def _print_alike(what: _Alike, texts: Mapping[str, Sequence[str]], out: Console) -> None:
    """``texts`` are the reasons, with the names of the subjects that they hold for."""
    head = Text("  ")
    head.append(f"{plain(what.control)}  ", "bold")
    head.append(f"{what.severity.value}  ", "dim")
    head.append_text(_outcome(what.was)).append(" → ").append_text(_outcome(what.now))
    if what.mark:
        head.append(f"  {what.mark}", "dim")
    print_paragraph(out, head, rest=_INDENT)
    for reasons, subjects in texts.items():
        line = Text().append(f"{named(subjects, what.scope, 0)}: ", "cyan").append(reasons, "dim")
        print_paragraph(out, line, first=_INDENT, rest=_INDENT + 2)


def _outcome(outcome: Outcome | None) -> Text:
    return Text(LABELS[outcome], STYLES[outcome]) if outcome else Text("absent", "dim")
