"""The whole of a judgement: findings with dispositions, how complete the evidence was, what went wrong on our side."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

import msgspec

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.context_conflicts import Compared, compare_context
from hypervigil.assess.context_seen import Conflict, Unchecked
from hypervigil.assess.engine import Diagnostic, judge
from hypervigil.assess.parts import PartAnswer, answers
from hypervigil.assess.subjects import Subjects
from hypervigil.assess.tier_zero import weigh
from hypervigil.assess.waivers import apply_waivers
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.evidence.fact import Fact
from hypervigil.model.context import Context
from hypervigil.model.finding import Finding
from hypervigil.model.missing import Missing
from hypervigil.model.profile import EVERYTHING, Profile
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.waiver import Waiver, WaiverUse


class Coverage(msgspec.Struct, frozen=True):
    """How much of one fact was there: for how many of the subjects that should have it, and why not for the others."""

    fact: str
    title: str
    known: int
    wanted: int
    missing: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """Whether no subject misses it."""
        return self.known == self.wanted


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What ``assess`` makes of one bundle.

    ``parts`` are the parts of the profile, answered. ``context`` is what the operator declares; ``conflicts`` where
    that and the evidence contradict each other, which changes no outcome; ``unchecked`` what of it could not be
    compared.
    """

    evidence: Evidence
    nodes: tuple[Subject, ...]
    profile: Profile
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    coverage: tuple[Coverage, ...]
    waivers: tuple[WaiverUse, ...]
    parts: tuple[PartAnswer, ...] = ()
    context: Context | None = None
    conflicts: tuple[Conflict, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()


def assess(
    evidence: Evidence,
    controls: Sequence[CompiledControl],
    *,
    profile: Profile = EVERYTHING,
    waivers: Sequence[Waiver] = (),
    context: Context | None = None,
    today: datetime.date,
) -> Assessment:
    """Judge one body of evidence. ``today`` decides which waivers have expired; nothing here looks at a clock."""
    judged = judge(evidence, controls, profile, context=context)
    evidence = judged.evidence
    subjects = Subjects(evidence)
    findings, uses = apply_waivers(weigh(judged.findings, subjects, context), waivers, today)
    nodes = subjects.nodes
    compared = Compared() if context is None else compare_context(context, evidence, nodes.subjects)
    asked = [compiled for compiled in controls if profile.selects(compiled.control.id)]
    return Assessment(
        evidence=evidence,
        nodes=nodes.subjects,
        profile=profile,
        findings=findings,
        diagnostics=judged.diagnostics,
        coverage=_coverage(evidence, nodes.subjects, asked, clustered=not subjects.unclustered),
        waivers=uses,
        parts=answers(profile, findings, [compiled.control.id for compiled in controls]),
        context=context,
        conflicts=compared.conflicts,
        unchecked=compared.unchecked,
    )


class LetGo(Fact, frozen=True, kw_only=True):
    """Stands where a fact was let go of."""


_LET_GO = LetGo()


def lean(assessment: Assessment, *, with_facts: bool = False) -> Assessment:
    """The same assessment in little memory, for reports over many clusters: what facts say is let go of.

    Findings, coverage and the provenance of every fact stay. ``with_facts`` keeps those facts that findings rest on,
    for reports that show them. Items of lists, such as VMs, are thousands: those that no finding rests on go as a
    whole.
    """
    evidence = assessment.evidence
    cited = {(ref.fact, ref.subject) for finding in assessment.findings for ref in finding.evidence}
    cited |= {(ref.fact, ref.subject) for conflict in assessment.conflicts for ref in conflict.evidence}
    items = {key for listing in evidence.listings.values() if isinstance(listing, Listing) for key in listing.keys}
    facts: dict[tuple[str, str], Known | Gap] = {}
    for place, record in evidence.facts.items():
        if place not in cited and place[1] in items:
            continue
        keeps = isinstance(record, Gap) or (with_facts and place in cited)
        facts[place] = record if keeps else msgspec.structs.replace(record, fact=_LET_GO)
    return msgspec.structs.replace(assessment, evidence=msgspec.structs.replace(evidence, facts=facts, listings={}))


def _coverage(
    evidence: Evidence, nodes: Sequence[Subject], controls: Iterable[CompiledControl], *, clustered: bool
) -> tuple[Coverage, ...]:
    """Of every fact that is asked for. Where there can be no cluster, nobody misses what it would hold."""
    facts: dict[str, type[Fact]] = {}
    for compiled in controls:
        for need in (*compiled.conditions, *compiled.needs):
            if clustered or need.fact.INFO.holder is not Scope.CLUSTER:
                facts.setdefault(need.fact.INFO.name, need.fact)
    return tuple(_of_fact(evidence, nodes, fact) for _, fact in sorted(facts.items()))


def _of_fact(evidence: Evidence, nodes: Sequence[Subject], fact: type[Fact]) -> Coverage:
    info = fact.INFO
    holders = [(node.name, node.key) for node in nodes]
    if info.holder is Scope.CLUSTER:
        holders = [("", evidence.cluster.key if evidence.cluster else "")]
    look_up = evidence.listing if info.item_key else evidence.record
    records = [(place, look_up(info.name, key)) for place, key in holders]
    missing = tuple(
        Missing(info.name, record.cause, ": ".join(part for part in (place, record.detail) if part))
        for place, record in records
        if isinstance(record, Gap)
    )
    return Coverage(info.name, info.title, len(records) - len(missing), len(records), missing)
