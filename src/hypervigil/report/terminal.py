"""The assessment on a terminal: summary by family, then findings worst first, grouped by control over subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hypervigil.assess.assessment import Assessment, Coverage
from hypervigil.assess.compare import ChangeKind, Comparison
from hypervigil.assess.compile import CompiledControl
from hypervigil.model.control import Control, Family
from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome, worst
from hypervigil.model.subject import Scope
from hypervigil.model.waiver import WaiverState, WaiverUse

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
_INDENT = 8
NAMED_SUBJECTS = 6
"""So many subjects are named; of more, the number is."""


class Group(msgspec.Struct, frozen=True):
    """The findings of one control in one cluster."""

    control: Control
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of them; a waived failure does not count as one."""
        return worst(
            f.outcome for f in self.findings if f.disposition is Disposition.OPEN or f.outcome is not Outcome.FAIL
        )

    @property
    def waived(self) -> int:
        """How many of them somebody has accepted."""
        return sum(finding.disposition is Disposition.WAIVED for finding in self.findings)

    @property
    def rank(self) -> tuple[int, int, str]:
        """Worst first: by outcome, then severity, then id."""
        return (ORDER.index(self.outcome), -self.severity.rank, self.control.id)


def groups(findings: Iterable[Finding], controls: Sequence[CompiledControl]) -> list[Group]:
    """Findings by control, worst first."""
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(finding.control, []).append(finding)
    known = {compiled.control.id: compiled.control for compiled in controls}
    made = [Group(known[name], held[0].severity, tuple(held)) for name, held in by_id.items()]
    return sorted(made, key=lambda group: group.rank)


def print_assessments(
    assessments: Iterable[Assessment], controls: Sequence[CompiledControl], out: Console, *, show_all: bool = False
) -> None:
    """Print one after the other; each is let go of before the next is asked for."""
    total: Counter[Outcome] = Counter()
    count = 0
    for assessment in assessments:
        if count:
            out.print()
        count += 1
        total.update(finding.outcome for finding in assessment.findings)
        print_assessment(assessment, controls, out, show_all=show_all)
    if count > 1:
        out.print()
        out.print(f"{count} clusters: {_counts(total)}.")


def print_assessment(
    assessment: Assessment, controls: Sequence[CompiledControl], out: Console, *, show_all: bool = False
) -> None:
    """Print one assessment."""
    made = groups(assessment.findings, controls)
    out.rule(_title(assessment), align="left", characters="─" if out.encoding.startswith("utf") else "-")
    for headline in _headlines(assessment):
        out.print(headline, markup=False)
    out.print(_summary(made))
    shown = [g for g in made if show_all or g.outcome in (Outcome.FAIL, Outcome.UNKNOWN, Outcome.REVIEW)]
    for group in shown:
        out.print()
        for indent, text in _group(group):
            for line in text.wrap(out, out.width - indent):
                line.rstrip()
                out.print(Text(" " * indent) + line)
    quiet = len(made) - len(shown)
    if quiet:
        out.print()
        out.print(f"{quiet} more controls pass, do not apply, or are waived (--all lists them).", style="dim")
    out.print()
    for note in (*_completeness(assessment.coverage), *_waivers(assessment.waivers)):
        out.print(note)
    for diagnostic in assessment.diagnostics:
        out.print(f"Error of ours in {diagnostic.control} on {diagnostic.subject}: {diagnostic.error}", markup=False)


def _title(assessment: Assessment) -> Text:
    return Text(assessment.evidence.label, style="bold")


def _headlines(assessment: Assessment) -> Iterator[str]:
    evidence = assessment.evidence
    nodes = len(assessment.nodes)
    parts = [f"{nodes} node{'s' if nodes != 1 else ''}", f"profile {assessment.profile.name}"]
    if evidence.collected:
        parts.append(f"collected {evidence.collected:%Y-%m-%d %H:%M} UTC")
    if evidence.source:
        parts.append(f"source {evidence.source}")
    yield " · ".join(parts)
    if evidence.synthetic:
        yield "This cluster is synthetic: made up for a demonstration or a test."


def _summary(made: Sequence[Group]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("family")
    for outcome in ORDER:
        table.add_column(LABELS[outcome], justify="right")
    for family in Family:
        findings = [f for group in made if group.control.family is family for f in group.findings]
        if findings:
            count = Counter(finding.outcome for finding in findings)
            table.add_row(family.title, *(_cell(count[outcome], outcome) for outcome in ORDER))
    return table


def _cell(count: int, outcome: Outcome) -> Text:
    return Text(str(count) if count else "·", style=STYLES[outcome] if count else "dim")


def _group(group: Group) -> Iterator[tuple[int, Text]]:
    """The lines of a group, each with its indent."""
    head = Text()
    head.append(LABELS[group.outcome].ljust(8), STYLES[group.outcome])
    head.append(f"{group.control.id}  ", "bold")
    head.append(f"{group.severity.value}  ", "dim")
    head.append(group.control.title)
    yield 0, head
    yield _INDENT, Text(_spread(group), "dim")
    for text, subjects, outcome in _statements(group):
        line = Text(f"{_names(subjects, group)}: ", "bold")
        line.append(text, "not bold" if outcome is Outcome.FAIL else "not bold dim")
        yield _INDENT, line


def _spread(group: Group) -> str:
    """Such as: fails on 3 of 4 nodes; 1 waived."""
    judged = [f for f in group.findings if f.outcome is not Outcome.NOT_APPLICABLE]
    count = Counter(finding.outcome for finding in judged)
    of = f"{len(judged)} {_noun(group.control.scope, len(judged))}"
    parts = [f"{_VERBS[outcome]} on {count[outcome]} of {of}" for outcome in ORDER if count[outcome]]
    if group.waived:
        parts.append(f"{group.waived} waived")
    lowest = min((finding.confidence for finding in judged), key=lambda c: c.rank, default=Confidence.DOCUMENTED)
    if lowest is not Confidence.DOCUMENTED:
        parts.append(f"rule {lowest.value}")
    return "; ".join(parts) or "does not apply"


_VERBS = {
    Outcome.FAIL: "fails",
    Outcome.UNKNOWN: "unknown",
    Outcome.REVIEW: "to review",
    Outcome.PASS: "passes",
    Outcome.NOT_APPLICABLE: "does not apply",
}


def _noun(scope: Scope, count: int) -> str:
    noun = {Scope.PAIR: "ordered pair", Scope.VM: "VM", Scope.DC: "DC"}.get(scope, scope.value)
    return noun if count == 1 else f"{noun}s"


def _statements(group: Group) -> Iterator[tuple[str, tuple[str, ...], Outcome]]:
    """Each sentence once, with the subjects that it holds for, worst outcomes first; passes stay quiet beside them."""
    told: dict[tuple[int, str], list[str]] = {}
    for finding in group.findings:
        if finding.outcome is Outcome.PASS and group.outcome is not Outcome.PASS:
            continue
        if finding.outcome is Outcome.NOT_APPLICABLE and group.outcome is not Outcome.NOT_APPLICABLE:
            continue
        mark = " (waived)" if finding.disposition is Disposition.WAIVED else ""
        for text in _sentences(finding):
            told.setdefault((ORDER.index(finding.outcome), text + mark), []).append(finding.subject.name)
    together: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for (rank, text), subjects in told.items():
        together.setdefault((rank, tuple(subjects)), []).append(text)
    for (rank, same), texts in sorted(together.items(), key=lambda item: item[0][0]):
        yield " ".join(texts), same, ORDER[rank]


def _sentences(finding: Finding) -> Iterator[str]:
    for reason in finding.reasons:
        yield reason.text
    for missing in finding.missing:
        detail = f" ({missing.detail})" if missing.detail else ""
        yield f"{missing.fact} is missing: {missing.cause.value}{detail}."


def _names(subjects: Sequence[str], group: Group) -> str:
    unique = list(dict.fromkeys(subjects))
    if len(unique) == len(group.findings) > 1:
        return f"all {len(unique)}"
    return _listed(unique)


def _listed(subjects: Sequence[str]) -> str:
    if len(subjects) <= NAMED_SUBJECTS:
        return ", ".join(subjects)
    return f"{', '.join(subjects[:NAMED_SUBJECTS])} and {len(subjects) - NAMED_SUBJECTS} more"


def _completeness(coverage: Sequence[Coverage]) -> Iterator[Text]:
    complete = sum(fact.complete for fact in coverage)
    yield Text(f"Evidence: {complete} of {len(coverage)} facts are complete.", "bold")
    for fact in coverage:
        if not fact.complete:
            causes = Counter(missing.cause.value for missing in fact.missing)
            why = ", ".join(f"{cause} on {count}" if fact.wanted > 1 else cause for cause, count in causes.items())
            yield Text(f"  {fact.fact}: {fact.known} of {fact.wanted}; missing: {why}")


def _waivers(uses: Sequence[WaiverUse]) -> Iterator[Text]:
    if uses:
        yield Text("Waivers", "bold")
    for use in uses:
        waiver = use.waiver
        states = ", ".join(state.value.replace("_", "-") for state in use.states)
        loud = any(state is not WaiverState.USED for state in use.states)
        yield Text(
            f"  {waiver.control} on {waiver.subject} until {waiver.expires} by {waiver.owner}: {states}, "
            f"covers {use.covers} finding{'s' if use.covers != 1 else ''}",
            "yellow" if loud else "",
        )


def print_changes(made: Comparison, kinds: Sequence[ChangeKind], out: Console) -> None:
    """Print the changes of these classes, by class, then control, with the subjects that changed in the same way."""
    counts = made.counts
    for kind in kinds:
        if not counts[kind]:
            continue
        out.print(Text(f"{kind.value.replace('_', ' ')}: {counts[kind]}", "bold"))
        alike: dict[tuple[str, str], list[str]] = {}
        for change in made.of(kind):
            shown = change.shown
            label = f"{shown.control}  {shown.severity.value}  {_outcome(change.was)} → {_outcome(change.now)}"
            if shown.disposition is Disposition.WAIVED:
                label += "  waived"
            alike.setdefault((label, " ".join(shown.reasons)), []).append(shown.subject)
        for (label, reasons), subjects in alike.items():
            out.print(Text(f"  {label}"))
            text = Text(f"{_listed(subjects)}: {reasons}", "dim")
            for line in text.wrap(out, out.width - _INDENT):
                line.rstrip()
                out.print(Text(" " * _INDENT) + line)
        out.print()
    same = counts[ChangeKind.UNCHANGED]
    worse = sum(counts[kind] for kind in counts if kind.is_worse)
    out.print(f"{worse} worse, {counts[ChangeKind.FIXED]} fixed, {same} unchanged.")


def _outcome(outcome: Outcome | None) -> str:
    return LABELS[outcome] if outcome else "absent"


def _counts(count: Counter[Outcome]) -> str:
    return ", ".join(f"{count[outcome]} {LABELS[outcome]}" for outcome in ORDER if count[outcome])
