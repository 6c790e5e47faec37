"""The summary of a page in words, and its table of severities and outcomes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Outcome
from hypervigil.report.html_groups import Group, needs_attention
from hypervigil.report.json_model import ProfilePart, Report

FIRST = 5
"""How many controls the summary names."""

ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.REVIEW, Outcome.PASS, Outcome.NOT_APPLICABLE)
WORDS = {
    Outcome.FAIL: "fail",
    Outcome.UNKNOWN: "unknown",
    Outcome.REVIEW: "review",
    Outcome.PASS: "pass",
    Outcome.NOT_APPLICABLE: "not applicable",
}


class SeverityLine(msgspec.Struct, frozen=True):
    """The counts of one severity, in the order of ``ORDER``."""

    severity: Severity
    counts: tuple[int, ...]


class PageSummary(msgspec.Struct, frozen=True):
    """What a reader gets in the first ten seconds."""

    sentences: tuple[str, ...]
    totals: tuple[tuple[Outcome, int], ...]
    severities: tuple[SeverityLine, ...]
    first: tuple[Group, ...]
    parts: tuple[tuple[ProfilePart, tuple[int, ...]], ...]


def summary_of(report: Report, groups: Sequence[Group]) -> PageSummary:
    """The summary; ``groups`` are in their order, worst first."""
    totals = _counts(report, None)
    return PageSummary(
        sentences=tuple(_sentences(report, groups)),
        totals=tuple(zip(ORDER, totals, strict=True)),
        severities=tuple(
            SeverityLine(severity, counts)
            for severity in sorted(Severity, key=lambda s: -s.rank)
            if any(counts := _counts(report, severity))
        ),
        parts=tuple((part, _of_part(report, part)) for part in report.profile.parts),
        first=tuple(group for group in groups if group.worst is Outcome.FAIL and not group.waived)[:FIRST],
    )


def number_of(count: int, singular: str, plural: str = "") -> str:
    """``1 node``, ``3 nodes``, ``12,864 findings``."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def moment(when: datetime.datetime) -> str:
    """``23 November 2026, 22:15 UTC``."""
    utc = when.astimezone(datetime.UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def _counts(report: Report, severity: Severity | None) -> tuple[int, ...]:
    found = [finding.outcome for finding in report.findings if severity in (None, finding.severity)]
    return tuple(found.count(outcome) for outcome in ORDER)


def _of_part(report: Report, part: ProfilePart) -> tuple[int, ...]:
    counts = report.summary.parts[part.name]
    return (counts.fail, counts.unknown, counts.review, counts.passed, counts.not_applicable)


def _sentences(report: Report, groups: Sequence[Group]) -> list[str]:
    nodes = sum(len(cluster.nodes) for cluster in report.clusters)
    clusters = number_of(len(report.clusters), "cluster")
    asked = number_of(len(groups), "control")
    made = number_of(len(report.findings), "finding")
    sentences = [f"{asked} asked of {clusters} with {number_of(nodes, 'node')} gave {made}."]
    sentences.append(_failing(report, groups))
    unknown = report.summary.outcomes.unknown
    if unknown:
        sentences.append(
            f"{number_of(unknown, 'finding is', 'findings are')} unknown: the evidence does not tell. "
            "Unknown is not a pass."
        )
    review = report.summary.outcomes.review
    if review:
        sentences.append(f"{number_of(review, 'finding asks', 'findings ask')} a question that a person has to answer.")
    known = sum(cluster.facts_known for cluster in report.clusters)
    wanted = sum(cluster.facts_wanted for cluster in report.clusters)
    if known == wanted:
        sentences.append(f"All {wanted:,} facts that were asked for are in the evidence.")
    else:
        sentences.append(f"{wanted - known:,} of the {wanted:,} facts that were asked for are missing.")
    return sentences


def _failing(report: Report, groups: Sequence[Group]) -> str:
    fails = [finding for finding in report.findings if finding.outcome is Outcome.FAIL]
    if not fails:
        return "Nothing fails."
    open_fails = [finding for finding in fails if needs_attention(finding)]
    by_severity = [
        f"{sum(finding.severity is severity for finding in open_fails):,} {severity.value}"
        for severity in sorted(Severity, key=lambda s: -s.rank)
        if any(finding.severity is severity for finding in open_fails)
    ]
    controls = sum(group.worst is Outcome.FAIL and not group.waived for group in groups)
    waived = len(fails) - len(open_fails)
    accepted = f"{number_of(waived, 'failure is', 'failures are')} accepted by a waiver."
    if not open_fails:
        return f"Nothing fails that is not accepted: {accepted}"
    said = (
        f"{number_of(len(open_fails), 'finding fails', 'findings fail')} ({', '.join(by_severity)}), "
        f"under {number_of(controls, 'control')}."
    )
    return f"{said} {accepted[0].upper()}{accepted[1:]}" if waived else said
