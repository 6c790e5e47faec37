"""The engine: runs controls over evidence and keeps the outcome algebra.

What it guarantees whatever a control does: a missing required fact is UNKNOWN with its cause; a PASS over many nodes
is UNKNOWN where one of them is missing, a FAIL stands; a list that could not be made is one UNKNOWN; a control that
raises, or says nothing, spoils its own finding only.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator

import msgspec

from hypervigil.assess.compile import CompiledControl, Form, Need
from hypervigil.assess.derivations import DERIVATIONS, Derivation, derive
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.evidence import Evidence, Gap, Known
from hypervigil.model.finding import EvidenceRef, Finding
from hypervigil.model.grading import Confidence
from hypervigil.model.injection import Maybe, Moment, Nodes
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.profile import EVERYTHING, Profile
from hypervigil.model.reason import Reason, ReasonCode, Verdict, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class EngineReason(ReasonCode):
    """What the engine says on behalf of a control that broke."""

    CONTROL_RAISED = unknown("The control stopped with an error of its own: {error}.", Cause.CONTROL_ERROR)
    CONTROL_SILENT = unknown("The control said nothing about a subject that it applies to.", Cause.CONTROL_ERROR)


class Diagnostic(msgspec.Struct, frozen=True):
    """An error of ours in one control, with what a report to us needs."""

    control: str
    subject: str
    error: str
    trace: str


class Judged(msgspec.Struct, frozen=True):
    """The findings of one body of evidence, in the order of controls and subjects, and the errors of ours."""

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]


def judge(
    evidence: Evidence,
    controls: Iterable[CompiledControl],
    profile: Profile = EVERYTHING,
    derivations: tuple[Derivation, ...] = DERIVATIONS,
) -> Judged:
    """Run those of ``controls`` that the profile selects."""
    evidence = derive(evidence, derivations)
    subjects = Subjects(evidence)
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    for compiled in controls:
        if profile.selects(compiled.control.id):
            run = _Run(compiled, evidence, subjects, profile)
            findings.extend(run.findings())
            diagnostics.extend(run.diagnostics)
    return Judged(tuple(findings), tuple(diagnostics))


class _Gathered(msgspec.Struct, frozen=True):
    """Arguments for one call: by parameter; what is missing of the required; what is missing of single nodes."""

    arguments: dict[str, object]
    missing: tuple[Missing, ...]
    partly_missing: tuple[Missing, ...]
    evidence: tuple[EvidenceRef, ...]


class _Told(msgspec.Struct, frozen=True):
    """All of a finding but its subject. Equal facts give an equal one, so pairs with one source share it."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    cause: Cause | None
    missing: tuple[Missing, ...]
    evidence: tuple[EvidenceRef, ...]
    confidence: Confidence | None = None


class _Run:
    """One control over all its subjects in one body of evidence."""

    def __init__(self, compiled: CompiledControl, evidence: Evidence, subjects: Subjects, profile: Profile) -> None:
        self.compiled = compiled
        self.control = compiled.control
        self.evidence = evidence
        self.subjects = subjects
        override = profile.severity.get(self.control.id)
        self.severity = override.severity if override else self.control.severity
        self.diagnostics: list[Diagnostic] = []
        self._told: dict[str, _Told] = {}
        needs = (*compiled.conditions, *compiled.needs)
        self._source_only = all(n.form is Form.SOURCE or n.fact.INFO.subject is Scope.CLUSTER for n in needs)

    def findings(self) -> Iterator[Finding]:
        """One finding for each subject, for each list that could not be made, or one that says why there is none."""
        enumeration = self.subjects.of(self.control.scope)
        for subject in enumeration.subjects:
            yield self._finding(subject, self._tell(subject))
        for subject, missing in enumeration.gaps:
            yield self._finding(subject, _Told(Outcome.UNKNOWN, (), missing.cause, (missing,), ()))
        if enumeration.absence is not None:
            place = self.evidence.label
            subject = Subject(self.control.scope, f"{place}/none", place)
            yield self._finding(subject, _Told(Outcome.NOT_APPLICABLE, (enumeration.absence,), None, (), ()))

    def _finding(self, subject: Subject, told: _Told) -> Finding:
        return Finding(
            control=self.control.id,
            subject=subject,
            outcome=told.outcome,
            severity=self.severity,
            confidence=told.confidence or self.control.confidence,
            reasons=told.reasons,
            cause=told.cause,
            missing=told.missing,
            evidence=told.evidence,
        )

    def _tell(self, subject: Subject) -> _Told:
        if self.control.scope is Scope.PAIR and self._source_only:
            source = subject.nodes[0]
            if source not in self._told:
                self._told[source] = self._judge(subject)
            return self._told[source]
        return self._judge(subject)

    def _judge(self, subject: Subject) -> _Told:
        try:
            return self._call(subject)
        except Exception as error:  # noqa: BLE001  isolation: one bad control must not take the others along
            reason = EngineReason.CONTROL_RAISED(error=f"{type(error).__name__}: {error}")
            self.diagnostics.append(Diagnostic(self.control.id, subject.name, str(reason.text), traceback.format_exc()))
            return _Told(Outcome.UNKNOWN, (reason,), Cause.CONTROL_ERROR, (), ())

    def _call(self, subject: Subject) -> _Told:
        compiled = self.compiled
        if compiled.applies is not None:
            conditions = self._gather(compiled.conditions, subject)
            if conditions.missing:
                return _unknown(conditions.missing, conditions.evidence)
            excluded = compiled.applies(**conditions.arguments)
            if excluded is not None:
                if conditions.partly_missing:
                    return _unknown(conditions.partly_missing, conditions.evidence)
                return _Told(Outcome.NOT_APPLICABLE, (excluded,), None, (), conditions.evidence)
        needs = self._gather(compiled.needs, subject)
        if needs.missing:
            return _unknown(needs.missing, needs.evidence)
        moment = {compiled.moment: Moment(self.evidence.collected)} if compiled.moment else {}
        said: object = compiled.assess(**needs.arguments, **moment)
        if not isinstance(said, Verdict):
            said = verdict(EngineReason.CONTROL_SILENT())
            self.diagnostics.append(Diagnostic(self.control.id, subject.name, said.reasons[0].text, ""))
        outcome, cause = said.outcome, said.cause
        if needs.partly_missing and outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            outcome, cause = Outcome.UNKNOWN, needs.partly_missing[0].cause
        return _Told(
            outcome, said.reasons, cause, needs.partly_missing, needs.evidence, said.confidence(self.control.confidence)
        )

    def _gather(self, needs: tuple[Need, ...], subject: Subject) -> _Gathered:
        arguments: dict[str, object] = {}
        missing: list[Missing] = []
        partly: list[Missing] = []
        refs: list[EvidenceRef] = []
        for need in needs:
            if need.form is Form.NODES:
                nodes = self._of_nodes(need, refs)
                arguments[need.parameter] = Maybe(nodes) if need.optional else nodes
                if not need.optional:
                    _note_nodes(need, nodes, missing, partly)
                continue
            key = self._key(need, subject)
            record = self.evidence.record(need.fact.INFO.name, key)
            if isinstance(record, Known):
                arguments[need.parameter] = Maybe(record.fact) if need.optional else record.fact
                refs.append(EvidenceRef(need.fact.INFO.name, key, record.document))
            elif need.optional:
                arguments[need.parameter] = Maybe(None, record.missing)
            else:
                missing.append(record.missing)
        return _Gathered(arguments, tuple(missing), tuple(partly), tuple(refs))

    def _of_nodes(self, need: Need, refs: list[EvidenceRef]) -> Nodes[object]:
        known: dict[Subject, object] = {}
        missing: dict[Subject, Missing] = {}
        for node in self.subjects.nodes.subjects:
            record = self.evidence.record(need.fact.INFO.name, node.key)
            if isinstance(record, Known):
                known[node] = record.fact
                refs.append(EvidenceRef(need.fact.INFO.name, node.key, record.document))
            else:
                missing[node] = _at(node, record)
        missing.update(self.subjects.nodes.gaps)
        return Nodes(known, missing)

    def _key(self, need: Need, subject: Subject) -> str:
        about = need.fact.INFO.subject
        if about is Scope.CLUSTER:
            return self.evidence.cluster.key if self.evidence.cluster else ""
        if need.form is Form.DESTINATION:
            return subject.nodes[1]
        if need.form is Form.SOURCE or (about is Scope.NODE and subject.scope is not Scope.NODE):
            return subject.nodes[0]
        return subject.key


def _at(node: Subject, gap: Gap) -> Missing:
    detail = f"{node.name}: {gap.detail}" if gap.detail else node.name
    return Missing(gap.fact, gap.cause, detail)


def _note_nodes(need: Need, nodes: Nodes[object], missing: list[Missing], partly: list[Missing]) -> None:
    """All nodes missing is a missing fact; some missing weakens what the control may say."""
    gaps = list(nodes.missing.values())
    if nodes.known:
        partly.extend(gaps)
    elif gaps:
        missing.extend(gaps)
    else:
        missing.append(Missing(need.fact.INFO.name, Cause.NOT_COLLECTED, "no node is known"))


def _unknown(missing: tuple[Missing, ...], refs: tuple[EvidenceRef, ...]) -> _Told:
    return _Told(Outcome.UNKNOWN, (), missing[0].cause, missing, refs)
