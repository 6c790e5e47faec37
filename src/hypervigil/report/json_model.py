"""The JSON report as types. They are the published format: its schema is made from them.

A key is always there. ``null`` stands for what is not known or does not apply, never an empty text.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hypervigil.assess.parts import Answer
from hypervigil.model.finding import Disposition
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Scalar
from hypervigil.model.subject import Scope
from hypervigil.model.waiver import WaiverState

FORMAT: Literal[1] = 1
"""Goes up when a reader of the format before would misread the new one; new keys do not count."""

Fingerprint = Annotated[
    str, Meta(pattern="^[0-9a-f]{32}$", description="Stays the same between runs, whatever the values are.")
]
Label = Annotated[str, Meta(description="A cluster of this report, by its label.")]


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    version: str


class ProfileSeverity(msgspec.Struct, frozen=True, kw_only=True):
    """A severity that the profile gives to a control instead of its own."""

    control: str
    severity: Severity
    reason: str


class ProfilePart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the profile that is shown by itself; parts may overlap."""

    name: str
    title: str | None
    controls: tuple[str, ...]


class ProfileUsed(msgspec.Struct, frozen=True, kw_only=True):
    """The set of controls that was asked, and how it was tailored."""

    name: str
    title: str | None
    severities: tuple[ProfileSeverity, ...]
    parameters: Annotated[
        dict[str, dict[str, str | int | float | bool]], Meta(description="By control, then by name of the parameter.")
    ]
    parts: tuple[ProfilePart, ...]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A node that was judged."""

    key: Annotated[str, Meta(description="Its FQDN in lower case.")]
    name: str


class MissingFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that was not there, and why."""

    fact: str
    cause: Cause
    detail: str | None


class Completeness(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one fact was there, for how many of the subjects that should have it."""

    fact: str
    title: str
    known: int
    wanted: int
    missing: tuple[MissingFact, ...]


class EvidenceItem(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a finding rests on, with its provenance as far as that is known.

    ``context`` stands for what the operator declares, with the file that says so as its subject.
    """

    fact: str
    subject: Annotated[str, Meta(description="Key of what the fact is about.")]
    document: Annotated[str | None, Meta(description="Path of the document in the bundle.")]
    source: str | None
    command: Annotated[str | None, Meta(description="What was run to read it.")]
    file: Annotated[str | None, Meta(description="The file that it was read from, within the source.")]
    digest: Annotated[str | None, Meta(description="SHA-256 of that file.")]
    collected: datetime.datetime | None


class DeclaredPart(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the context and what it says, as people read it; without values it says that there is none."""

    what: str
    values: tuple[str, ...]


class StatedConflict(msgspec.Struct, frozen=True, kw_only=True):
    """Something declared that the evidence, or another declaration, contradicts. It changes no outcome."""

    code: Annotated[str, Meta(description="Names the kind for machines; stays the same between releases.")]
    text: str
    severity: Severity
    place: Annotated[str, Meta(description="Where it is declared.")]
    values: Mapping[str, Scalar]
    evidence: Annotated[tuple[EvidenceItem, ...], Meta(description="Empty where the file contradicts itself.")]


class UncheckedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison of the declared with the collected that could not be made, or only in part."""

    what: str
    missing: tuple[MissingFact, ...]


class UsedContext(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator declared about a cluster."""

    file: str
    digest: Annotated[str, Meta(description="SHA-256 of the file.")]
    declared: tuple[DeclaredPart, ...]
    undeclared: Annotated[tuple[str, ...], Meta(description="Keys that are not there: not known.")]
    conflicts: tuple[StatedConflict, ...]
    unchecked: tuple[UncheckedPart, ...]


class PartControl(msgspec.Struct, frozen=True, kw_only=True):
    """A control of a part, with the subjects of those findings, and the facts that they miss."""

    control: str
    subjects: tuple[str, ...]
    missing: tuple[MissingFact, ...]


class AnsweredPart(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of the profile comes to in one cluster."""

    name: str
    title: str
    answer: Annotated[
        Answer, Meta(description="fails: one of its controls does. holds: all were asked, and none is left open.")
    ]
    words: Annotated[str, Meta(description="The answer as people read it, such as made, or not made.")]
    fails: tuple[PartControl, ...]
    waived: tuple[PartControl, ...]
    unknown: tuple[PartControl, ...]
    review: tuple[PartControl, ...]
    holds: Annotated[tuple[str, ...], Meta(description="Controls that pass, with nothing left open.")]
    not_built: Annotated[tuple[str, ...], Meta(description="Controls of the catalogue that nothing judges yet.")]
    facts: Annotated[tuple[str, ...], Meta(description="Names of the facts that the answer rests on.")]


class JudgedCluster(msgspec.Struct, frozen=True, kw_only=True):
    """One body of evidence: a cluster, or a host without one."""

    label: Annotated[str, Meta(description="Unique in this report; findings, waivers and diagnostics name it.")]
    name: Annotated[str | None, Meta(description="The cluster's name; null where the evidence names no cluster.")]
    key: Annotated[str | None, Meta(description="The cluster's id.")]
    nodes: tuple[Node, ...]
    collected: Annotated[datetime.datetime | None, Meta(description="When the evidence was taken, in UTC.")]
    synthetic: Annotated[bool, Meta(description="True: made up, no machine stands behind it.")]
    source: Annotated[str | None, Meta(description="What the evidence was read from: clixml, sddc ...")]
    signed_by: Annotated[str | None, Meta(description="Who signed the evidence; null where nobody did.")]
    integrity: Annotated[str, Meta(description="What integrity and origin of the evidence rest on, in words.")]
    facts_known: int
    facts_wanted: int
    completeness: tuple[Completeness, ...]
    skipped: Annotated[int, Meta(description="Members of the source that were not read.")]
    context: Annotated[UsedContext | None, Meta(description="Null where nobody declared any.")]
    parts: Annotated[tuple[AnsweredPart, ...], Meta(description="The parts of the profile, answered.")]


class StatedReason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason of a finding."""

    code: Annotated[str, Meta(description="Names the reason for machines; stays the same between releases.")]
    text: str
    outcome: Annotated[Outcome | None, Meta(description="What it leads to; null for a remark.")]
    values: Mapping[str, Scalar]


class ReportedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one control on one subject."""

    cluster: Label
    control: str
    title: str
    family: Annotated[str, Meta(description="Prefix of the family's ids, such as SMB.")]
    subject: str
    subject_key: str
    scope: Scope
    outcome: Outcome
    cause: Annotated[Cause | None, Meta(description="Why it is UNKNOWN; null for every other outcome.")]
    missing: tuple[MissingFact, ...]
    reasons: tuple[StatedReason, ...]
    severity: Severity
    confidence: Confidence
    disposition: Disposition
    waiver: Annotated[int | None, Meta(description="Place in `waivers` of the one that accepts it, from 0.")]
    fingerprint: Fingerprint
    evidence: tuple[EvidenceItem, ...]


class ReportedWaiver(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted exception and what became of it, over all clusters of the report."""

    control: str
    subject: Annotated[str, Meta(description="Pattern over keys and names of subjects.")]
    reason: str
    owner: str
    expires: Annotated[datetime.date, Meta(description="The last day on which it holds.")]
    ticket: str | None
    compensating_control: str | None
    place: Annotated[str | None, Meta(description="Where it is written down.")]
    states: tuple[WaiverState, ...]
    covers: Annotated[int, Meta(description="FAIL and REVIEW findings that it is about, also when it has expired.")]


class ReportedDiagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """An error of ours in one control: it spoilt that finding only."""

    cluster: Label
    control: str
    subject: str
    error: str
    trace: str | None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings have each outcome; ``waived`` counts those of FAIL and REVIEW that are accepted."""

    fail: int = msgspec.field(name="FAIL")
    unknown: int = msgspec.field(name="UNKNOWN")
    review: int = msgspec.field(name="REVIEW")
    passed: int = msgspec.field(name="PASS")
    not_applicable: int = msgspec.field(name="NOT_APPLICABLE")
    waived: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The counts: of all findings, by severity, by the family's prefix, and by part of the profile."""

    findings: int
    outcomes: Counts
    severities: dict[str, Counts]
    families: dict[str, Counts]
    parts: dict[str, Counts]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What hypervigil found: the whole of one run."""

    format: Literal[1] = FORMAT
    tool: Tool
    made: Annotated[datetime.datetime, Meta(description="When the report was made, in UTC.")]
    profile: ProfileUsed
    clusters: tuple[JudgedCluster, ...]
    findings: tuple[ReportedFinding, ...]
    waivers: tuple[ReportedWaiver, ...]
    diagnostics: tuple[ReportedDiagnostic, ...]
    summary: Summary


def schema() -> dict[str, Any]:
    """The JSON schema of the report, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"hypervigil report, format {FORMAT}",
        **msgspec.json.schema(Report),
    }
