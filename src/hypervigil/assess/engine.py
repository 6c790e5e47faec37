"""The engine: runs controls over evidence and keeps the outcome algebra.

What it guarantees whatever a control does: a missing required fact is UNKNOWN with its cause; a PASS over many nodes
is UNKNOWN where one of them is missing, a FAIL stands; a list that could not be made is one UNKNOWN; a control that
raises, or says nothing, spoils its own finding only.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hypervigil.assess.columns import Columns, Rows
from hypervigil.assess.compile import CompiledControl, Extra
from hypervigil.assess.derivations import DERIVATIONS, Derivation, derive
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.evidence import Evidence
from hypervigil.model.context import CONTEXT, Context
from hypervigil.model.finding import EvidenceRef, Finding
from hypervigil.model.injection import Maybe, Moment, Parameters
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.profile import EVERYTHING, Profile
from hypervigil.model.reason import Reason, ReasonCode, Verdict, unknown
from hypervigil.model.subject import Subject


class EngineReason(ReasonCode):
    """What the engine says on behalf of a control that broke."""

    CONTROL_RAISED = unknown("The control stopped with an error of its own: {error}.", Cause.CONTROL_ERROR)
    CONTROL_SILENT = unknown("The control said nothing about a subject that it applies to.", Cause.CONTROL_ERROR)


UNDECLARED = Missing(CONTEXT, Cause.NOT_COLLECTED, "no context was declared")
"""What a control misses that needs the operator's context, where there is none."""


class Diagnostic(msgspec.Struct, frozen=True):
    """An error of ours in one control, with what a report to us needs."""

    control: str
    subject: str
    error: str
    trace: str


class Judged(msgspec.Struct, frozen=True):
    """The findings of one body of evidence, in the order of controls and subjects, and the errors of ours.

    ``evidence`` is what was judged: with the derived facts.
    """

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    evidence: Evidence


def judge(
    evidence: Evidence,
    controls: Iterable[CompiledControl],
    profile: Profile = EVERYTHING,
    derivations: tuple[Derivation, ...] = DERIVATIONS,
    *,
    context: Context | None = None,
) -> Judged:
    """Run those of ``controls`` that the profile selects. ``context`` is None where nobody declared one."""
    evidence = derive(evidence, derivations)
    subjects = Subjects(evidence)
    columns = Columns(evidence, subjects)
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    for compiled in controls:
        if profile.selects(compiled.control.id):
            run = _Run(compiled, columns, profile, context)
            findings.extend(run.findings())
            diagnostics.extend(run.diagnostics)
    return Judged(tuple(findings), tuple(diagnostics), evidence)


class _Run:
    """One control over all its subjects in one body of evidence."""

    def __init__(self, compiled: CompiledControl, columns: Columns, profile: Profile, context: Context | None) -> None:
        self.compiled = compiled
        self.control = compiled.control
        self.columns = columns
        override = profile.severity.get(self.control.id)
        self.severity = override.severity if override else self.control.severity
        self.diagnostics: list[Diagnostic] = []
        self.extra = tuple(self._extra(kind, profile, context) for kind in compiled.extras)
        self.asks_for_subject = Subject in compiled.extras
        self.declared: tuple[EvidenceRef, ...] = ()
        self.undeclared: tuple[Missing, ...] = ()
        if Context in compiled.extras and context is not None:
            self.declared = (EvidenceRef(CONTEXT, context.file),)
        elif Context in compiled.extras and not compiled.context_optional:
            self.undeclared = (UNDECLARED,)

    def _extra(self, kind: Extra, profile: Profile, context: Context | None) -> object:
        if issubclass(kind, Parameters):
            return msgspec.convert(profile.parameters.get(self.control.id, {}), kind)
        if issubclass(kind, Moment):
            return Moment(self.columns.evidence.collected)
        if issubclass(kind, Subject):
            return Subject  # stands in for the one that each call is about
        if self.compiled.context_optional:
            return Maybe(context, None if context else UNDECLARED)
        return context

    def findings(self) -> Iterator[Finding]:
        """One finding for each subject, for each list that could not be made, or one that says why there is none."""
        enumeration = self.columns.subjects.of(self.control.scope)
        yield from self._judge(enumeration.subjects)
        for subject, missing in enumeration.gaps:
            yield self._unknown(subject, (missing,), ())
        if enumeration.absence is not None:
            label = self.columns.evidence.label
            subject = Subject(self.control.scope, f"{label}/none", label)
            yield self._finding(subject, Outcome.NOT_APPLICABLE, (enumeration.absence,))

    def _judge(self, subjects: Sequence[Subject]) -> Iterator[Finding]:
        compiled = self.compiled
        conditions = self.columns.rows(compiled.conditions, subjects)
        needs = self.columns.rows(compiled.needs, subjects)
        for row, subject in enumerate(subjects):
            try:
                yield self._excluded(conditions, row, subject) or self._called(needs, row, subject)
            except Exception as error:  # noqa: BLE001  isolation: one bad control must not take the others along
                yield self._broken(subject, EngineReason.CONTROL_RAISED(error=f"{type(error).__name__}: {error}"))

    def _excluded(self, conditions: Rows, row: int, subject: Subject) -> Finding | None:
        """The finding, where the control does not apply or that can not be known."""
        applies = self.compiled.applies
        if applies is None:
            return None
        refs = conditions.refs[row]
        missing = conditions.missing(row)
        if missing:
            return self._unknown(subject, missing, refs)
        reason = applies(*conditions.arguments[row])
        if reason is None:
            return None
        partly = conditions.partly(row)
        if partly:
            return self._unknown(subject, partly, refs)
        return self._finding(subject, Outcome.NOT_APPLICABLE, (reason,), refs)

    def _called(self, needs: Rows, row: int, subject: Subject) -> Finding:
        refs = needs.refs[row] + self.declared
        missing = needs.missing(row) + self.undeclared
        if missing:
            return self._unknown(subject, missing, refs)
        extra = self.extra
        if self.asks_for_subject:
            extra = tuple(subject if value is Subject else value for value in extra)
        said: object = self.compiled.assess(*needs.arguments[row], *extra)
        if not isinstance(said, Verdict):
            return self._broken(subject, EngineReason.CONTROL_SILENT())
        outcome, cause = said.outcome, said.cause
        partly = needs.partly(row)
        if partly and outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            outcome, cause = Outcome.UNKNOWN, partly[0].cause
        return Finding(
            control=self.control.id,
            subject=subject,
            outcome=outcome,
            severity=self.severity,
            confidence=said.confidence(self.control.confidence),
            reasons=said.reasons,
            cause=cause,
            missing=partly,
            evidence=refs,
        )

    def _finding(
        self, subject: Subject, outcome: Outcome, reasons: tuple[Reason, ...], refs: tuple[EvidenceRef, ...] = ()
    ) -> Finding:
        return Finding(
            control=self.control.id,
            subject=subject,
            outcome=outcome,
            severity=self.severity,
            confidence=self.control.confidence,
            reasons=reasons,
            evidence=refs,
        )

    def _unknown(self, subject: Subject, missing: tuple[Missing, ...], refs: tuple[EvidenceRef, ...]) -> Finding:
        made = self._finding(subject, Outcome.UNKNOWN, (), refs)
        return msgspec.structs.replace(made, cause=missing[0].cause, missing=missing)

    def _broken(self, subject: Subject, reason: Reason) -> Finding:
        trace = traceback.format_exc() if sys.exception() else ""
        self.diagnostics.append(Diagnostic(self.control.id, subject.name, reason.text, trace))
        made = self._finding(subject, Outcome.UNKNOWN, (reason,))
        return msgspec.structs.replace(made, cause=reason.cause)
