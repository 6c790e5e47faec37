"""The assessment on a terminal: summary by family, what is left to do worst first, waivers, what evidence there was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hypervigil.assess.assessment import Assessment, Coverage
from hypervigil.assess.compile import CompiledControl
from hypervigil.model.control import Family
from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.waiver import Waiver, WaiverState, WaiverUse
from hypervigil.report.sentences import CAUSES
from hypervigil.report.terminal_context import context_lines
from hypervigil.report.terminal_groups import LOUD, Group, groups
from hypervigil.report.terminal_lines import (
    LABELS,
    ORDER,
    STYLES,
    number_of,
    plain,
    print_paragraph,
    usable_width,
)
from hypervigil.report.terminal_parts import print_parts
from hypervigil.report.terminal_subjects import named

_INDENT = 8
"""Where ids stand, behind the longest outcome."""
_TIGHT, _NARROW, _ROOMY = 48, 64, 90
"""Below so many columns tables lose their first heading; families go by their prefix; numbers stand close together."""
_SHOWN_GAPS = 3
"""So many different things that sources said of one cause are told."""

_FEW = 2
"""Up to so many controls of which nothing is known are told one by one."""
_FINE = (WaiverState.USED,)

_SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "",
    Severity.INFO: "dim",
}

_STATES = {
    WaiverState.USED: "in use",
    WaiverState.UNUSED: "unused: nothing that it covers fails or needs a review",
    WaiverState.UNDECIDED: "undecided: what it covers was not asked, or is unknown",
    WaiverState.EXPIRED: "expired: it accepts nothing any more",
    WaiverState.OVER_BROAD: "over-broad: it would accept the next failure unseen",
}


class Tally(msgspec.Struct, frozen=True):
    """What is left of an assessment when it was printed."""

    label: str
    outcomes: Counter[Outcome]
    waived: int


def print_assessments(
    assessments: Iterable[Assessment], controls: Sequence[CompiledControl], out: Console, *, show_all: bool = False
) -> None:
    """Print one after the other; then a table of all where there are several, and waivers that cover nothing anywhere.

    Each assessment is let go of before the next one is asked for.
    """
    tallies: list[Tally] = []
    idle: dict[Waiver, set[WaiverState]] = {}
    covering: set[Waiver] = set()
    for assessment in assessments:
        if tallies:
            out.print()
        print_assessment(assessment, controls, out, show_all=show_all)
        tallies.append(_tally(plain(assessment.evidence.label), assessment.findings))
        for use in assessment.waivers:
            covering.update([use.waiver] if use.covers else [])
            idle.setdefault(use.waiver, set()).update(use.states)
        del assessment
    if len(tallies) > 1:
        out.print()
        _print_title(f"{len(tallies)} bundles", out)
        out.print(_table("bundle", tallies, out.width))
    left = {waiver: states for waiver, states in idle.items() if waiver not in covering}
    if left:
        out.print()
        out.print(Text("Waivers that cover nothing" + (" in any of them" if len(tallies) > 1 else ""), "bold"))
    for waiver, states in left.items():
        unsure = WaiverState.UNDECIDED in states
        shown = tuple(s for s in WaiverState if s in states and not (unsure and s is WaiverState.UNUSED))
        print_paragraph(out, _waiver(WaiverUse(waiver, shown, 0)), rest=4)


def print_assessment(
    assessment: Assessment, controls: Sequence[CompiledControl], out: Console, *, show_all: bool = False
) -> None:
    """Print one assessment: with ``show_all`` also what passes and does not apply, and everything in full."""
    made = groups(assessment.findings, controls)
    _print_title(plain(assessment.evidence.label), out)
    for headline in _headlines(assessment):
        print_paragraph(out, headline)
    out.print()
    out.print(_families(made, out.width))
    if assessment.parts:
        out.print()
        print_parts(assessment.profile.title or assessment.profile.name, assessment.parts, out)
    shown = [group for group in made if show_all or group.loud]
    blind = [] if show_all else _blind(shown)
    for group in shown:
        if group not in blind:
            out.print()
            _print_group(group, out, in_full=show_all)
        elif group is blind[0]:
            out.print()
            _print_blind(blind, out)
    out.print()
    _print_grounds(assessment, out)
    print_paragraph(out, _closing(made, hidden=len(made) - len(shown)), rest=4)


def _print_grounds(assessment: Assessment, out: Console) -> None:
    """What the findings rest on: waivers, the context, what evidence there was, and what went wrong on our side."""
    accepted = [use for use in assessment.waivers if use.covers]
    if accepted:
        out.print(Text("Waivers", "bold"))
    for use in accepted:
        print_paragraph(out, _waiver(use), rest=4)
    if assessment.context is not None:
        for line in context_lines(assessment.context, assessment.conflicts, assessment.unchecked):
            print_paragraph(out, line, rest=4)
    for line in _completeness(assessment.coverage, assessment.nodes):
        print_paragraph(out, line, rest=4)
    if not assessment.evidence.synthetic:
        print_paragraph(out, _origin(assessment.evidence.signed_by), rest=4)
    for diagnostic in assessment.diagnostics:
        text = f"Error of ours in {diagnostic.control} on {plain(diagnostic.subject)}: {plain(diagnostic.error)}"
        print_paragraph(out, Text(text, "bold red"), rest=4)


def _print_title(title: str, out: Console) -> None:
    dash = "─" if out.encoding.startswith("utf") else "-"
    left = usable_width(out) - len(title) - 1
    out.print(Text.assemble((title, "bold"), (f" {dash * left}" if left > 0 else "", "dim")), soft_wrap=True)


def _headlines(assessment: Assessment) -> Iterator[Text]:
    evidence = assessment.evidence
    if evidence.synthetic:
        yield Text("Synthetic: made up, no machine stands behind it.", "bold yellow")
    nodes = number_of(len(assessment.nodes), "node")
    if len(assessment.nodes) == 1:
        nodes += f" ({plain(assessment.nodes[0].name)})"
    parts = [nodes, f"profile {plain(assessment.profile.name)}"]
    if evidence.collected:
        parts.append(f"collected {evidence.collected:%Y-%m-%d %H:%M} UTC")
    if evidence.source:
        parts.append(f"source {plain(evidence.source)}")
    yield Text(" · ".join(parts))


def _families(made: Sequence[Group], width: int) -> Table:
    tallies = []
    for family in Family:
        findings = [f for group in made if group.control.family is family for f in group.findings]
        if findings:
            tallies.append(_tally(family.title if width >= _NARROW else family.prefix, findings))
    return _table("family", tallies, width)


def _tally(label: str, findings: Iterable[Finding]) -> Tally:
    outcomes: Counter[Outcome] = Counter()
    waived = 0
    for finding in findings:
        outcomes[finding.outcome] += 1
        waived += finding.disposition is Disposition.WAIVED
    return Tally(label, outcomes, waived)


def _table(what: str, tallies: Sequence[Tally], width: int) -> Table:
    """Findings by outcome, one row a tally and one for all; how many are waived, where any is."""
    total = Tally("all", sum((tally.outcomes for tally in tallies), Counter()), sum(tally.waived for tally in tallies))
    rows = [*tallies, total] if len(tallies) > 1 else tallies
    gap = 2 if width >= _ROOMY else 1
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0), collapse_padding=True)
    table.add_column(what if width >= _TIGHT else "", overflow="ellipsis", no_wrap=True)
    for heading in (*(LABELS[outcome] for outcome in ORDER), *(["waived"] if total.waived else [])):
        table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
    for row in rows:
        cells = [_cell(row.outcomes[outcome], STYLES[outcome]) for outcome in ORDER]
        if total.waived:
            cells.append(_cell(row.waived, ""))
        table.add_row(Text(row.label, "bold" if row is total else ""), *cells)
    return table


def _cell(count: int, style: str) -> Text:
    return Text(str(count), style) if count else Text("·", "dim")


def _print_group(group: Group, out: Console, *, in_full: bool) -> None:
    head = Text()
    head.append(LABELS[group.outcome].ljust(_INDENT), STYLES[group.outcome])
    head.append(f"{group.control.id}  ", "bold")
    head.append(f"{group.severity.value}  ", _SEVERITY_STYLES[group.severity])
    head.append(group.control.title, "bold")
    print_paragraph(out, head, rest=_INDENT)
    if group.spread:
        print_paragraph(out, Text(group.spread, "dim"), first=_INDENT, rest=_INDENT)
    for statement in group.statements(in_full=in_full):
        line = Text().append(f"{statement.subjects}: " if statement.subjects else "", "cyan")
        line.append(statement.text, "" if statement.outcome in LOUD else "dim")
        print_paragraph(out, line, first=_INDENT, rest=_INDENT + 2)


def _blind(shown: Sequence[Group]) -> list[Group]:
    """The groups of which nothing is known anywhere, if there are so many that telling each would hide the rest."""
    blind = [group for group in shown if group.blind]
    return blind if len(blind) > _FEW else []


def _print_blind(blind: Sequence[Group], out: Console) -> None:
    head = Text().append(LABELS[Outcome.UNKNOWN].ljust(_INDENT), STYLES[Outcome.UNKNOWN])
    print_paragraph(out, head.append(f"{len(blind)} controls, for facts that are missing", "bold"))
    by_facts: dict[tuple[str, ...], list[Group]] = {}
    for group in blind:
        by_facts.setdefault(group.missing, []).append(group)
    for facts, held in by_facts.items():
        line = Text().append(f"{', '.join(facts)}: ", "cyan")
        for place, group in enumerate(held):
            line.append(f"{', ' if place else ''}{group.control.id} ", "bold")
            line.append(group.severity.value, _SEVERITY_STYLES[group.severity])
        print_paragraph(out, line, first=_INDENT, rest=_INDENT + 2)


def _waiver(use: WaiverUse) -> Text:
    waiver = use.waiver
    line = Text(f"  {waiver.control} on {plain(waiver.subject)}: ")
    line.append("; ".join(_STATES[state] for state in use.states), "" if use.states == _FINE else "yellow")
    if use.covers:
        line.append(f"; covers {number_of(use.covers, 'finding')}")
    ticket = f", {plain(waiver.ticket)}" if waiver.ticket else ""
    accepted = f". Accepted by {plain(waiver.owner)} until {waiver.expires}{ticket}."
    return line.append(accepted, "dim")


def _completeness(coverage: Sequence[Coverage], nodes: Sequence[Subject]) -> Iterator[Text]:
    complete = sum(fact.complete for fact in coverage)
    what = f"{complete} of {len(coverage)} facts are complete"
    yield Text(f"Evidence: {what}{'.' if complete == len(coverage) else '; missing:'}", "bold")
    names = {node.name for node in nodes}
    for fact in coverage:
        if not fact.complete:
            of = "" if fact.wanted == 1 else f" on {len(fact.missing)} of {fact.wanted}"
            line = Text(f"  {fact.title} ({fact.fact}){of}: ")
            line.append("; ".join(_gaps(fact, names)), "dim")
            yield line


def _gaps(fact: Coverage, nodes: Set[str]) -> Iterator[str]:
    """Each cause once, with what the source said and of which nodes, as much of it as fits."""
    by_cause: dict[str, dict[str, list[str]]] = {}
    for missing in fact.missing:
        place, colon, said = missing.detail.partition(": ")
        if not colon and place in nodes:
            said = ""
        elif place not in nodes:
            place, said = "", missing.detail
        by_cause.setdefault(CAUSES[missing.cause], {}).setdefault(plain(said), []).append(place)
    for words, details in by_cause.items():
        told = [_gap(places, said, fact.wanted) for said, places in details.items()]
        more = f" and {len(told) - _SHOWN_GAPS} more" if len(told) > _SHOWN_GAPS else ""
        yield f"{words}{', '.join(told[:_SHOWN_GAPS])}{more}"


def _gap(places: Sequence[str], said: str, wanted: int) -> str:
    """Where, unless it is everywhere, and what the source said."""
    where = [place for place in places if place]
    on = f" on {named(where, Scope.NODE, 0)}" if where and len(where) < wanted else ""
    return f"{on} ({said})" if said else on


def _origin(signed_by: str) -> Text:
    """What the verdicts rest on, beside what the evidence says."""
    line = Text().append("Origin: ", "bold")
    if signed_by:
        return line.append(f"signed by {plain(signed_by)}.")
    return line.append("no signature was checked. Digests prove that nothing was changed, not who made it.", "dim")


def _closing(made: Sequence[Group], *, hidden: int) -> Text:
    """What it comes to, control by control, and where to go from here."""
    loud = [group for group in made if group.loud]
    count = Counter(group.outcome for group in loud)
    parts = []
    if count[Outcome.FAIL]:
        failing = Counter(group.severity for group in loud if group.outcome is Outcome.FAIL)
        graded = ", ".join(f"{failing[s]} {s.value}" for s in Severity if failing[s])
        parts.append(f"{count[Outcome.FAIL]} fail ({graded})")
    if count[Outcome.UNKNOWN]:
        parts.append(f"{count[Outcome.UNKNOWN]} unknown")
    if count[Outcome.REVIEW]:
        parts.append(f"{count[Outcome.REVIEW]} to review")
    quiet = len(made) - len(loud)
    if quiet:
        parts.append(f"{quiet} pass, do not apply or are waived" + (" (--all lists them)" if hidden else ""))
    line = Text().append("Controls: ", "bold").append(f"{len(made)} asked: {', '.join(parts)}.")
    if loud:
        first = f" 'hypervigil explain {loud[0].control.id}' tells why the first one matters and how to mend it."
        line.append(first, "dim")
    return line
