"""From assessments to the report that every format is written from: labels, provenance, waivers, counts."""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import hypervigil
from hypervigil.assess.assessment import Assessment, Coverage
from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.engine import Diagnostic
from hypervigil.assess.parts import PartAnswer, Told
from hypervigil.evidence.evidence import Evidence, Known
from hypervigil.model.control import Control, Family
from hypervigil.model.finding import Disposition, EvidenceRef, Finding
from hypervigil.model.grading import Severity
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Outcome
from hypervigil.model.profile import Profile
from hypervigil.model.reason import Reason, Scalar
from hypervigil.report import json_model as model
from hypervigil.report.context import used_context
from hypervigil.report.origin import integrity
from hypervigil.report.text import well_formed
from hypervigil.report.waivers import MergedWaivers


def report_of(
    assessments: Sequence[Assessment], controls: Sequence[CompiledControl], *, made: datetime.datetime
) -> model.Report:
    """The report of one run.

    ``controls`` are all whose findings are in ``assessments``, or more. ``made`` needs a time zone.

    Raises:
        ValueError: there is no assessment, or ``made`` has no time zone.
    """
    if not assessments:
        msg = "a report needs at least one assessment"
        raise ValueError(msg)
    if made.tzinfo is None:
        msg = "the time at which a report is made needs a time zone"
        raise ValueError(msg)
    known = {compiled.control.id: compiled.control for compiled in controls}
    waivers = MergedWaivers(assessments)
    clusters: list[model.JudgedCluster] = []
    findings: list[model.ReportedFinding] = []
    diagnostics: list[model.ReportedDiagnostic] = []
    for label, assessment in zip(labels(assessments), assessments, strict=True):
        writer = _Writer(label, assessment, known, waivers)
        clusters.append(_cluster(label, assessment))
        findings.extend(map(writer.finding, assessment.findings))
        diagnostics.extend(_diagnostic(label, diagnostic) for diagnostic in assessment.diagnostics)
    profile = _profile(assessments[0].profile)
    return model.Report(
        tool=model.Tool(name="hypervigil", version=hypervigil.__version__),
        made=made.astimezone(datetime.UTC),
        profile=profile,
        clusters=tuple(clusters),
        findings=tuple(findings),
        waivers=waivers.reported,
        diagnostics=tuple(diagnostics),
        summary=_summary(findings, [compiled.control.family for compiled in controls], profile.parts),
    )


def labels(assessments: Sequence[Assessment]) -> tuple[str, ...]:
    """The label of each assessment's evidence; where one was taken already, it gets a number."""
    given: list[str] = []
    for assessment in assessments:
        label = well_formed(assessment.evidence.label)
        number, unique = 1, label
        while unique in given:
            number += 1
            unique = f"{label} ({number})"
        given.append(unique)
    return tuple(given)


class _Writer:
    """Writes the findings of one assessment. Findings share most of their evidence, so each item is made once."""

    def __init__(
        self, label: str, assessment: Assessment, controls: Mapping[str, Control], waivers: MergedWaivers
    ) -> None:
        self.label = label
        self.assessment = assessment
        self.controls = controls
        self.waivers = waivers
        self._items: dict[EvidenceRef, model.EvidenceItem] = {}

    def finding(self, finding: Finding) -> model.ReportedFinding:
        control = self.controls[finding.control]
        return model.ReportedFinding(
            cluster=self.label,
            control=finding.control,
            title=control.title,
            family=control.family.prefix,
            subject=well_formed(finding.subject.name),
            subject_key=well_formed(finding.subject.key),
            scope=finding.subject.scope,
            outcome=finding.outcome,
            cause=finding.cause,
            missing=tuple(map(_missing, finding.missing)),
            reasons=tuple(map(_reason, finding.reasons)),
            severity=finding.severity,
            confidence=finding.confidence,
            disposition=finding.disposition,
            waiver=self.waivers.place(self.assessment, finding.waiver),
            fingerprint=finding.fingerprint,
            evidence=tuple(map(self._item, finding.evidence)),
        )

    def _item(self, ref: EvidenceRef) -> model.EvidenceItem:
        if ref not in self._items:
            self._items[ref] = evidence_item(self.assessment.evidence, ref)
        return self._items[ref]


def evidence_item(evidence: Evidence, ref: EvidenceRef) -> model.EvidenceItem:
    """A fact that something rests on, with its provenance."""
    record = evidence.facts.get((ref.fact, ref.subject))
    origin = record.provenance if isinstance(record, Known) else None
    return model.EvidenceItem(
        fact=ref.fact,
        subject=well_formed(ref.subject),
        document=_text(ref.document),
        source=_text(origin.source) if origin else None,
        command=_text(origin.command) if origin else None,
        file=_text(origin.file) if origin else None,
        digest=_text(origin.digest) if origin else None,
        collected=origin.collected if origin else None,
    )


def _text(text: str) -> str | None:
    """The text; null where it is empty, which is how the evidence says that it is not known."""
    return well_formed(text) or None


def _scalar(value: Scalar) -> Scalar:
    return well_formed(value) if isinstance(value, str) else value


def _reason(reason: Reason) -> model.StatedReason:
    return model.StatedReason(
        code=reason.code,
        text=well_formed(reason.text),
        outcome=reason.outcome,
        values={name: _scalar(value) for name, value in reason.values.items()},
    )


def _missing(missing: Missing) -> model.MissingFact:
    return model.MissingFact(fact=missing.fact, cause=missing.cause, detail=_text(missing.detail))


def _cluster(label: str, assessment: Assessment) -> model.JudgedCluster:
    evidence = assessment.evidence
    return model.JudgedCluster(
        label=label,
        name=well_formed(evidence.cluster.name) if evidence.cluster else None,
        key=well_formed(evidence.cluster.key) if evidence.cluster else None,
        nodes=tuple(model.Node(key=well_formed(n.key), name=well_formed(n.name)) for n in assessment.nodes),
        collected=evidence.collected,
        synthetic=evidence.synthetic,
        source=_text(evidence.source),
        signed_by=_text(evidence.signed_by),
        integrity=well_formed(integrity(evidence)),
        facts_known=sum(coverage.known for coverage in assessment.coverage),
        facts_wanted=sum(coverage.wanted for coverage in assessment.coverage),
        completeness=tuple(map(_completeness, assessment.coverage)),
        skipped=len(evidence.skipped),
        context=_context(assessment),
        parts=tuple(map(_part, assessment.parts)),
    )


def _part(part: PartAnswer) -> model.AnsweredPart:
    return model.AnsweredPart(
        name=part.name,
        title=well_formed(part.title),
        answer=part.answer,
        words=part.words,
        fails=tuple(map(_part_control, part.fails)),
        waived=tuple(map(_part_control, part.waived)),
        unknown=tuple(map(_part_control, part.unknown)),
        review=tuple(map(_part_control, part.review)),
        holds=part.holds,
        not_built=part.not_built,
        facts=part.facts,
    )


def _part_control(told: Told) -> model.PartControl:
    return model.PartControl(
        control=told.control,
        subjects=tuple(map(well_formed, told.subjects)),
        missing=tuple(map(_missing, told.missing)),
    )


def _context(assessment: Assessment) -> model.UsedContext | None:
    if assessment.context is None:
        return None
    item = functools.partial(evidence_item, assessment.evidence)
    return used_context(assessment.context, assessment.conflicts, assessment.unchecked, item)


def _completeness(coverage: Coverage) -> model.Completeness:
    return model.Completeness(
        fact=coverage.fact,
        title=coverage.title,
        known=coverage.known,
        wanted=coverage.wanted,
        missing=tuple(map(_missing, coverage.missing)),
    )


def _diagnostic(label: str, diagnostic: Diagnostic) -> model.ReportedDiagnostic:
    return model.ReportedDiagnostic(
        cluster=label,
        control=diagnostic.control,
        subject=well_formed(diagnostic.subject),
        error=well_formed(diagnostic.error),
        trace=_text(diagnostic.trace),
    )


def _profile(profile: Profile) -> model.ProfileUsed:
    return model.ProfileUsed(
        name=profile.name,
        title=_text(profile.title),
        severities=tuple(
            model.ProfileSeverity(control=control, severity=changed.severity, reason=changed.reason)
            for control, changed in profile.severity.items()
        ),
        parameters=profile.parameters,
        parts=tuple(
            model.ProfilePart(name=group.name, title=_text(group.title), controls=group.controls)
            for group in profile.groups
        ),
    )


def _summary(
    findings: Sequence[model.ReportedFinding], families: Iterable[Family], parts: Iterable[model.ProfilePart]
) -> model.Summary:
    prefixes = list(dict.fromkeys(family.prefix for family in families))
    by_severity = {severity: [f for f in findings if f.severity is severity] for severity in Severity}
    by_family = {prefix: [f for f in findings if f.family == prefix] for prefix in prefixes}
    return model.Summary(
        findings=len(findings),
        outcomes=counts(findings),
        severities={severity.value: counts(by_severity[severity]) for severity in Severity},
        families={prefix: counts(found) for prefix, found in by_family.items() if found},
        parts={part.name: counts([f for f in findings if f.control in part.controls]) for part in parts},
    )


def counts(findings: Sequence[model.ReportedFinding]) -> model.Counts:
    """How many of the findings have each outcome, and how many are waived."""
    found = Counter(finding.outcome for finding in findings)
    return model.Counts(
        fail=found[Outcome.FAIL],
        unknown=found[Outcome.UNKNOWN],
        review=found[Outcome.REVIEW],
        passed=found[Outcome.PASS],
        not_applicable=found[Outcome.NOT_APPLICABLE],
        waived=sum(finding.disposition is Disposition.WAIVED for finding in findings),
    )
