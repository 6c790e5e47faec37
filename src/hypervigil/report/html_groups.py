"""Findings grouped by control, worst first: what the page shows of each before anybody opens it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.tier_zero import is_noted
from hypervigil.model.control import Family
from hypervigil.model.finding import Disposition
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope
from hypervigil.report.json_model import ReportedFinding
from hypervigil.report.sentences import said
from hypervigil.report.text import clipped, visible

RANK = {Outcome.FAIL: 4, Outcome.UNKNOWN: 3, Outcome.REVIEW: 2, Outcome.PASS: 1, Outcome.NOT_APPLICABLE: 0}
WAIVED_RANK = 1.5
"""What somebody has accepted stands behind all that is open and before what holds."""

SHOWN_TEXTS = 8
"""How many different texts one row of a group lists; the embedded data has them all."""

TEXT_LIMIT = 1500
NAME_LIMIT = 200
"""Characters: far more than anything real has, and few enough for a page to stay usable."""

PLURAL = {
    Scope.NODE: "nodes",
    Scope.PAIR: "pairs",
    Scope.CLUSTER: "clusters",
    Scope.VM: "VMs",
    Scope.ACCOUNT: "accounts",
    Scope.DC: "domain controllers",
    Scope.ENDPOINT: "endpoints",
    Scope.DRIVER: "drivers",
}
_SAYS = {
    Outcome.FAIL: "fails on",
    Outcome.UNKNOWN: "is unknown on",
    Outcome.REVIEW: "needs a review on",
    Outcome.PASS: "holds on",
    Outcome.NOT_APPLICABLE: "does not apply to",
}


class Row(msgspec.Struct, frozen=True):
    """Findings of one control that say the same kind of thing: their subjects, and the texts in which they say it.

    ``waiver`` is the place of the waiver that accepts them, among those of the report.
    """

    outcome: Outcome
    confidence: Confidence
    waiver: int | None
    subjects: tuple[str, ...]
    texts: tuple[str, ...]
    more_texts: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One control with its findings. ``waived`` tells that ``worst`` comes from accepted findings only."""

    compiled: CompiledControl
    severity: Severity
    findings: tuple[ReportedFinding, ...]
    worst: Outcome
    waived: bool
    spread: str
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        """Of the control."""
        return self.compiled.control.id

    @property
    def title(self) -> str:
        """Of the control."""
        return self.compiled.control.title

    @property
    def family(self) -> Family:
        """Of the control."""
        return self.compiled.control.family

    @property
    def open(self) -> bool:
        """Whether somebody has to do something about it."""
        return any(needs_attention(finding) for finding in self.findings)


def groups_of(findings: Sequence[ReportedFinding], controls: Sequence[CompiledControl]) -> tuple[Group, ...]:
    """The groups, worst first: by outcome, severity, whether hosts of tier-0 guests are hit, how many are open, id."""
    by_control: dict[str, list[ReportedFinding]] = {}
    for finding in findings:
        by_control.setdefault(finding.control, []).append(finding)
    many = len({finding.cluster for finding in findings}) > 1
    made = [_group(c, by_control[c.control.id], many=many) for c in controls if c.control.id in by_control]
    return tuple(sorted(made, key=_order))


def needs_attention(finding: ReportedFinding) -> bool:
    """FAIL, UNKNOWN and REVIEW that nobody has accepted."""
    return RANK[finding.outcome] > RANK[Outcome.PASS] and finding.disposition is Disposition.OPEN


def weight(finding: ReportedFinding) -> float:
    """How bad one finding is, for putting the worst first."""
    return WAIVED_RANK if finding.disposition is Disposition.WAIVED else RANK[finding.outcome]


def worst_of(findings: Sequence[ReportedFinding]) -> tuple[Outcome, bool]:
    """The worst outcome and whether it is waived: an open finding of any kind but PASS comes before a waived one."""
    worst = max(findings, key=lambda finding: (weight(finding), RANK[finding.outcome]))
    return worst.outcome, worst.disposition is Disposition.WAIVED


def _order(group: Group) -> tuple[float, int, bool, int, str]:
    heaviest = max(map(weight, group.findings))
    noted = any(is_noted(r.code for r in f.reasons) for f in group.findings if weight(f) == heaviest)
    attention = sum(map(needs_attention, group.findings))
    return (-heaviest, -group.severity.rank, not noted, -attention, group.id)


def _group(compiled: CompiledControl, findings: list[ReportedFinding], *, many: bool) -> Group:
    worst, waived = worst_of(findings)
    return Group(
        compiled=compiled,
        severity=findings[0].severity,
        findings=tuple(sorted(findings, key=weight, reverse=True)),
        worst=worst,
        waived=waived,
        spread=spread(findings),
        rows=_rows(findings, many=many),
    )


def spread(findings: Sequence[ReportedFinding]) -> str:
    """How the outcomes spread, such as "fails on 3 of 4 nodes (1 waived), holds on 1"."""
    if len(findings) == 1:
        (only,) = findings
        waived = " (waived)" if only.disposition is Disposition.WAIVED else ""
        return f"{_SAYS[only.outcome]} {clipped(visible(only.subject), NAME_LIMIT)}{waived}"
    count = Counter(finding.outcome for finding in findings)
    waived_count = Counter(f.outcome for f in findings if f.disposition is Disposition.WAIVED)
    total = len(findings) - count[Outcome.NOT_APPLICABLE]
    plural = PLURAL[findings[0].scope]
    parts: list[str] = []
    for outcome in sorted(count, key=RANK.__getitem__, reverse=True):
        number = count[outcome]
        if outcome is Outcome.NOT_APPLICABLE:
            of = f"{number:,} {plural}" if not parts else f"{number:,}"
        elif parts:
            of = f"{number:,}"
        else:
            of = f"all {total:,} {plural}" if number == total else f"{number:,} of {total:,} {plural}"
        accepted = f" ({waived_count[outcome]:,} waived)" if waived_count[outcome] else ""
        parts.append(f"{_SAYS[outcome]} {of}{accepted}")
    return ", ".join(parts)


def _rows(findings: Sequence[ReportedFinding], *, many: bool) -> tuple[Row, ...]:
    """What fails, is unknown or needs a review, put together by the reasons for it; what passes is only counted."""
    alike: dict[tuple[object, ...], list[ReportedFinding]] = {}
    for finding in findings:
        if RANK[finding.outcome] > RANK[Outcome.PASS]:
            alike.setdefault(_kind(finding), []).append(finding)
    ordered = sorted(alike.values(), key=lambda found: -weight(found[0]))
    return tuple(_row(found, many=many) for found in ordered)


def _kind(finding: ReportedFinding) -> tuple[object, ...]:
    reasons = tuple(reason.code for reason in finding.reasons)
    missing = tuple(dict.fromkeys((missing.fact, missing.cause) for missing in finding.missing))
    return (finding.outcome, finding.confidence, finding.waiver, reasons, missing)


def _row(findings: list[ReportedFinding], *, many: bool) -> Row:
    texts = list(dict.fromkeys(said(finding) for finding in findings))
    return Row(
        outcome=findings[0].outcome,
        confidence=findings[0].confidence,
        waiver=findings[0].waiver,
        subjects=tuple(_subject(finding, many=many) for finding in findings),
        texts=tuple(clipped(visible(text), TEXT_LIMIT) for text in texts[:SHOWN_TEXTS]),
        more_texts=max(0, len(texts) - SHOWN_TEXTS),
    )


def _subject(finding: ReportedFinding, *, many: bool) -> str:
    """Name of the subject, with its cluster's where there are several."""
    name = clipped(visible(finding.subject), NAME_LIMIT)
    return f"{clipped(visible(finding.cluster), NAME_LIMIT)}: {name}" if many else name
