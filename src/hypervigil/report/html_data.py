"""The data that a page carries for its script: every finding and the facts behind it, each text once.

Thousands of findings share few texts and facts, so findings are rows of numbers that point into tables. ``report.js``
reads them; the keys are short because they are many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hypervigil.assess.assessment import Assessment
from hypervigil.evidence.evidence import Known
from hypervigil.model.finding import EvidenceRef, Finding
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope, Subject
from hypervigil.report.html_groups import NAME_LIMIT, TEXT_LIMIT, Group
from hypervigil.report.json_model import EvidenceItem, Report, ReportedFinding
from hypervigil.report.sentences import why
from hypervigil.report.text import clipped, visible
from hypervigil.report.values import fields_of

OUTCOMES = tuple(Outcome)
CONFIDENCES = tuple(Confidence)


class Table:
    """Rows that are written once and pointed at by their place."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._places: dict[object, int] = {}

    def place(self, key: object, row: object) -> int:
        """Where the row with that key stands; it is added when it is new."""
        if key not in self._places:
            self._places[key] = len(self.rows)
            self.rows.append(row)
        return self._places[key]


def places_of(assessment: Assessment) -> tuple[tuple[int, ...], ...]:
    """For each finding the places, in the assessment's nodes, of the nodes that it is about."""
    numbers = {node.key: place for place, node in enumerate(assessment.nodes)}
    seen: dict[Subject, tuple[int, ...]] = {}
    for finding in assessment.findings:
        if finding.subject not in seen:
            seen[finding.subject] = _nodes(finding.subject, numbers)
    return tuple(seen[finding.subject] for finding in assessment.findings)


def _nodes(subject: Subject, numbers: dict[str, int]) -> tuple[int, ...]:
    keys = (subject.key.removesuffix("/*"),) if subject.scope is Scope.NODE or not subject.nodes else subject.nodes
    return tuple(numbers[key] for key in keys if key in numbers)


class PageData:
    """Collects the tables, group by group in the order of the page."""

    def __init__(
        self, report: Report, assessments: Sequence[Assessment], places: Sequence[Sequence[tuple[int, ...]]]
    ) -> None:
        self.report = report
        self.assessments = assessments
        self._subjects = Table()
        self._tellings = Table()
        self._facts = Table()
        self._values = Table()
        self._texts = Table()
        self._of: dict[int, tuple[int, Finding, tuple[int, ...]]] = {}
        self._items: dict[tuple[int, EvidenceRef], int] = {}
        reported = iter(report.findings)
        for cluster, (assessment, nodes) in enumerate(zip(assessments, places, strict=True)):
            for finding, at in zip(assessment.findings, nodes, strict=True):
                self._of[id(next(reported))] = (cluster, finding, at)

    def encoded(self, groups: Sequence[Group]) -> bytes:
        """The tables as JSON in which no character can end a script element or start another one."""
        controls = [self._control(group) for group in groups]
        data = {
            "outcomes": [outcome.value for outcome in OUTCOMES],
            "confidences": [confidence.value for confidence in CONFIDENCES],
            "clusters": [
                {"label": _name(cluster.label), "nodes": [_name(node.name) for node in cluster.nodes]}
                for cluster in self.report.clusters
            ],
            "controls": controls,
            "subjects": self._subjects.rows,
            "tellings": self._tellings.rows,
            "facts": self._facts.rows,
            "values": self._values.rows,
            "texts": self._texts.rows,
            "waivers": [
                f"Waived by {_text(waiver.owner)} until {waiver.expires.isoformat()}: {_text(waiver.reason)}"
                for waiver in self.report.waivers
            ],
        }
        written = msgspec.json.encode(data)
        for character in (b"<", b">", b"&"):
            written = written.replace(character, b"\\u%04x" % ord(character))
        return written

    def _control(self, group: Group) -> dict[str, Any]:
        return {
            "id": group.id,
            "title": group.title,
            "family": group.family.prefix,
            "severity": group.severity.value,
            "parts": [part.name for part in self.report.profile.parts if group.id in part.controls],
            "findings": [self._row(finding) for finding in group.findings],
            "prints": "".join(finding.fingerprint for finding in group.findings),
        }

    def _row(self, reported: ReportedFinding) -> list[int]:
        """Subject, outcome, telling, waiver (-1 for none)."""
        cluster, finding, nodes = self._of[id(reported)]
        key = (cluster, reported.scope, reported.subject_key)
        row = [cluster, reported.scope.value, _name(reported.subject), _name(reported.subject_key), list(nodes)]
        waiver = -1 if reported.waiver is None else reported.waiver
        telling = self._telling(cluster, finding, reported)
        return [self._subjects.place(key, row), OUTCOMES.index(reported.outcome), telling, waiver]

    def _telling(self, cluster: int, finding: Finding, reported: ReportedFinding) -> int:
        """Everything that a finding says, apart from whom it says it of."""
        reasons = tuple(
            (self._text(reason.text), -1 if reason.outcome is None else OUTCOMES.index(reason.outcome))
            for reason in reported.reasons
        )
        missing = tuple(self._text(why(gap)) for gap in reported.missing)
        facts = tuple(
            self._fact(cluster, ref, item) for ref, item in zip(finding.evidence, reported.evidence, strict=True)
        )
        row = (reasons, missing, facts, CONFIDENCES.index(reported.confidence))
        return self._tellings.place(row, row)

    def _fact(self, cluster: int, ref: EvidenceRef, item: EvidenceItem) -> int:
        at = (cluster, ref)
        if at not in self._items:
            evidence = self.assessments[cluster].evidence
            record = evidence.facts.get((ref.fact, ref.subject))
            row: list[Any]
            if isinstance(record, Known):
                fields = fields_of(record.fact)
                written = [[name, list(lines)] for name, lines in fields]
                row = [*self._origin(cluster, item), record.fact.INFO.title, self._values.place(fields, written)]
            else:
                row = [*self._origin(cluster, item), "", -1]
            self._items[at] = self._facts.place(at, row)
        return self._items[at]

    def _origin(self, cluster: int, item: EvidenceItem) -> list[Any]:
        nodes = {node.key: node.name for node in self.assessments[cluster].nodes}
        about = nodes.get(item.subject, item.subject)
        collected = item.collected.strftime("%Y-%m-%d %H:%M:%S UTC") if item.collected else ""
        parts = (item.fact, about, item.source, item.command, item.document, item.file, item.digest, collected)
        return [self._text(part or "") for part in parts]

    def _text(self, text: str) -> int:
        shown = _text(text)
        return self._texts.place(shown, shown)


def _text(text: str) -> str:
    return clipped(visible(text), TEXT_LIMIT)


def _name(text: str) -> str:
    return clipped(visible(text), NAME_LIMIT)
