"""What there is to say of bundles that were merged: which is older, which lacks something, which nodes have none."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from hypervigil.evidence.cluster import ClusterNodes
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.wording import few

OLD = datetime.timedelta(hours=24)
"""From this much on, a bundle is remarked as older than the newest. Nodes of one cluster are collected in one go, or in
one maintenance window; what lies a day or more apart may show two states of the cluster that never were at once."""

_NAMED = 5
"""Names that a sentence lists before it counts the rest."""


class RemarkKind(enum.StrEnum):
    """What a remark is about."""

    OLDER = "older"
    NO_TIME = "no_time"
    MISSING = "missing"
    FEW_HAVE = "few_have"
    SAME_NODE = "same_node"
    NOT_COVERED = "not_covered"
    DIFFERENT = "different"
    LISTED_TWICE = "listed_twice"
    CONFLICTING = "conflicting"
    RELEASES = "releases"
    COLLECTORS = "collectors"
    UNNAMED_CLUSTER = "unnamed_cluster"
    SIGNATURE = "signature"


class Remark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to know about merged evidence: ``text`` for people; for machines the bundle, the key of the node, the
    names of facts and the keys of items that it is about, as far as there are any.
    """

    kind: RemarkKind
    text: str
    bundle: str = ""
    node: str = ""
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class Merged(msgspec.Struct, frozen=True):
    """Merged evidence, and what there is to say of it."""

    evidence: Evidence
    remarks: tuple[Remark, ...]


class Part(msgspec.Struct, frozen=True):
    """One of the bundles, by the name that it was given with."""

    name: str
    evidence: Evidence

    @property
    def at(self) -> datetime.datetime | None:
        """When it was collected; a moment without a zone is taken for UTC."""
        at = self.evidence.collected
        return at.replace(tzinfo=datetime.UTC) if at is not None and at.tzinfo is None else at

    @property
    def when(self) -> str:
        """The same, as people read it."""
        return f"{self.at.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC" if self.at else "it does not say when"

    @property
    def cluster_key(self) -> str:
        """Under which key it holds what is about the cluster."""
        return self.evidence.cluster.key if self.evidence.cluster else ""

    def records(self, fact: type[Fact]) -> Mapping[tuple[str, str], Known | Gap | Listing]:
        """Where the records of a type of fact are, by name and key of the node or cluster that holds them."""
        return self.evidence.listings if fact.INFO.item_key else self.evidence.facts


class Kept(msgspec.Struct, frozen=True):
    """A node, and the bundle that it was taken from."""

    node: Subject
    part: Part

    def record(self, fact: type[Fact]) -> Known | Gap | Listing:
        """What its bundle holds of that type of fact, or list of them."""
        if fact.INFO.item_key:
            return self.part.evidence.listing(fact.INFO.name, self.node.key)
        return self.part.evidence.record(fact.INFO.name, self.node.key)


def remarks_on(merged: Evidence, parts: Sequence[Part], kept: Sequence[Kept]) -> tuple[Remark, ...]:
    """What the parts lack, how old they are, and in what they differ as a whole. ``parts`` go from old to new."""
    return (
        *_uncovered(merged),
        *_missing(kept),
        *_ages(parts),
        *_releases(kept),
        *_collectors(parts),
        *_signatures(parts),
    )


def named(names: Sequence[str]) -> str:
    """Names in a sentence, many of them cut with their count."""
    return few(names, _NAMED)


def _uncovered(merged: Evidence) -> Iterator[Remark]:
    """Nodes that the cluster lists and no bundle is of."""
    listed = merged.get(ClusterNodes, merged.cluster.key if merged.cluster else "")
    seen = {name.casefold() for node in merged.nodes for name in (node.name, node.key.partition(".")[0])}
    for node in listed.nodes if listed else ():
        if node.name.casefold() not in seen:
            yield Remark(
                RemarkKind.NOT_COVERED,
                f"{node.name}: {merged.label} lists it, and no bundle covers it.",
                node=node.name.lower(),
            )


def _missing(kept: Sequence[Kept]) -> Iterator[Remark]:
    """Which node lacks what others have; what only a few have is said the other way round, once."""
    lacking: dict[str, list[Gap]] = {one.node.key: [] for one in kept}
    for fact in FACTS:
        if fact.INFO.holder is not Scope.NODE:
            continue
        records = [(one, one.record(fact)) for one in kept]
        without = [
            (one, record)
            for one, record in records
            if isinstance(record, Gap) and record.cause is not Cause.UNSUPPORTED_RELEASE
        ]
        having = [one.node.name for one, record in records if not isinstance(record, Gap)]
        if having and len(having) * 2 < len(having) + len(without):
            yield Remark(
                RemarkKind.FEW_HAVE,
                f"{fact.INFO.name}: only {named(having)} of {len(kept)} nodes {_have(having)} it.",
                facts=(fact.INFO.name,),
            )
        elif having:
            for one, record in without:
                lacking[one.node.key].append(record)
    for one in kept:
        if gaps := lacking[one.node.key]:
            why = "; ".join(f"{gap.fact} ({gap.cause}{': ' if gap.detail else ''}{gap.detail})" for gap in gaps)
            yield Remark(
                RemarkKind.MISSING,
                f"{one.node.name} ({one.part.name}) lacks what other nodes have: {why}.",
                bundle=one.part.name,
                node=one.node.key,
                facts=tuple(gap.fact for gap in gaps),
            )


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _ages(parts: Sequence[Part]) -> Iterator[Remark]:
    newest = parts[-1]
    for part in parts:
        if part.at is None:
            yield Remark(RemarkKind.NO_TIME, f"{part.name} does not say when it was collected.", bundle=part.name)
        elif newest.at and newest.at - part.at >= OLD:
            days, hours = divmod(int((newest.at - part.at).total_seconds()) // 3600, 24)
            age = ", ".join(
                f"{count} {unit}{'' if count == 1 else 's'}"
                for count, unit in ((days, "day"), (hours, "hour"))
                if count
            )
            yield Remark(
                RemarkKind.OLDER,
                f"{part.name} ({part.when}) is {age} older than the newest, {newest.name} ({newest.when}).",
                bundle=part.name,
            )


def _releases(kept: Sequence[Kept]) -> Iterator[Remark]:
    nodes: dict[str, list[str]] = {}
    for one in kept:
        if system := one.part.evidence.get(OperatingSystem, one.node.key):
            nodes.setdefault(system.release_title, []).append(one.node.name)
    if len(nodes) > 1:
        which = "; ".join(f"{release}: {named(names)}" for release, names in sorted(nodes.items()))
        yield Remark(RemarkKind.RELEASES, f"The nodes run different releases. {which}.")


def _collectors(parts: Sequence[Part]) -> Iterator[Remark]:
    bundles: dict[str, list[str]] = {}
    for part in parts:
        records = (record for record in part.evidence.facts.values() if record.provenance is not None)
        for collector in sorted({record.provenance.collector for record in records if record.provenance} - {""}):
            bundles.setdefault(collector, []).append(part.name)
    if len(bundles) > 1:
        which = "; ".join(f"{collector}: {named(names)}" for collector, names in sorted(bundles.items()))
        yield Remark(RemarkKind.COLLECTORS, f"The bundles were made by different collectors. {which}.")


def _signatures(parts: Sequence[Part]) -> Iterator[Remark]:
    for part in parts:
        if part.evidence.signed_by:
            yield Remark(
                RemarkKind.SIGNATURE,
                f"{part.name} is signed by {part.evidence.signed_by}; its signature does not cover the merged bundle.",
                bundle=part.name,
            )
