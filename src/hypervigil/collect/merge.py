"""Many bundles of one cluster, each of a node or a few, as one.

Pure: evidence in, evidence and remarks out. What does not belong together is refused. All else is merged, and a remark
says what a reader of the result could not see any more: a node whose bundle lacks what the others have, one that is
older than the rest, what two bundles say differently.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.collect.errors import MixedEvidenceError, NoEvidenceError
from hypervigil.collect.merge_remarks import Kept, Merged, Part, Remark, RemarkKind, named, remarks_on
from hypervigil.evidence.agreement import agreed, differing
from hypervigil.evidence.cluster import ClusterNodes
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject

_NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)

Facts = dict[tuple[str, str], Known | Gap]
Listings = dict[tuple[str, str], Listing | Gap]


def merge(bundles: Sequence[tuple[str, Evidence]]) -> Merged:
    """One body of evidence of a cluster from many, each with the name of its bundle; their order does not matter.

    A node is taken whole from the newest bundle that has it. A fact of the cluster is taken from the newest bundle that
    knows it. What several nodes list (a VM that moved between the collections) stays on each of their lists; where they
    agree it is known, where they do not it is a gap (conflicting). The moment of the whole is that of the newest part.

    Raises:
        NoEvidenceError: there is no bundle, or none has a node.
        MixedEvidenceError: a bundle is of another cluster, or of none that could be told; or made-up or redacted
            evidence would get among other evidence.
    """
    parts = sorted((Part(name, evidence) for name, evidence in bundles), key=_age)
    if not any(part.evidence.nodes for part in parts):
        raise NoEvidenceError("merge", "none of the bundles holds a node", remedy="Name bundles of nodes.")
    _alike(parts)
    cluster, unsure = _one_cluster(parts)
    kept, twice = _choose_nodes(parts)
    facts, listings = _node_facts(kept)
    apart = _of_cluster(parts, cluster, facts, listings)
    shared, conflicts = _shared_items(kept, facts)
    evidence = Evidence(
        label=cluster.name,
        cluster=cluster,
        nodes=tuple(msgspec.structs.replace(one.node, cluster=cluster.key) for one in kept),
        facts=facts,
        listings=listings,
        collected=max((part.at for part in parts if part.at), default=None),
        source=", ".join(sorted({part.evidence.source for part in parts if part.evidence.source})),
        skipped=tuple(
            msgspec.structs.replace(skipped, path=f"{part.name}: {skipped.path}")
            for part in parts
            for skipped in part.evidence.skipped
        ),
        synthetic=parts[0].evidence.synthetic,
        redacted=parts[0].evidence.redacted,
    )
    found = (*unsure, *remarks_on(evidence, parts, kept), *twice, *apart, *shared, *conflicts)
    return Merged(evidence, found)


def _age(part: Part) -> tuple[datetime.datetime, str]:
    """Oldest first; what does not say when it was collected counts as older than all else."""
    return part.at or _NEVER, part.name


def _alike(parts: Sequence[Part]) -> None:
    """Nobody may take made-up evidence for real evidence because the two were merged; nor can pseudonyms meet names."""
    for what, odd in (
        ("made up", [part for part in parts if part.evidence.synthetic]),
        ("redacted", [part for part in parts if part.evidence.redacted]),
    ):
        if odd and len(odd) != len(parts):
            raise MixedEvidenceError(
                odd[0].name, f"its evidence is {what}, that of other bundles is not", remedy="Leave it out."
            )


def _one_cluster(parts: Sequence[Part]) -> tuple[Subject, tuple[Remark, ...]]:
    """The cluster that all parts are of; remarks on those that do not say so themselves."""
    naming = [(part, part.evidence.cluster) for part in reversed(parts) if part.evidence.cluster]
    if not naming:
        raise MixedEvidenceError(
            parts[0].name,
            "no bundle says which cluster its nodes belong to",
            remedy="Give at least one bundle in which the cluster answered.",
        )
    # The newest that knows more than a name: names can be the same in two places, ids can not.
    reference, cluster = next(((p, c) for p, c in naming if c.key != c.name.lower()), naming[0])
    for part, other in naming:
        if not _same(cluster, other):
            raise MixedEvidenceError(
                part.name,
                f"it is of cluster {other.name} ({other.key}), while {reference.name} is of {cluster.name} "
                f"({cluster.key})",
                expected="bundles of one cluster",
                remedy="Leave it out, or merge the clusters one by one.",
            )
    members = _members(parts)
    return cluster, tuple(
        _belongs(part, cluster, members) for part in parts if part.evidence.cluster is None and part.evidence.nodes
    )


def _same(one: Subject, other: Subject) -> bool:
    """Whether two bundles mean one cluster: the same key, or the one knows only the name that the other has too."""
    return one.key == other.key or other.key in one.aliases or one.key in other.aliases


def _members(parts: Sequence[Part]) -> frozenset[str]:
    """Short names, case folded, of all nodes that any bundle's cluster lists."""
    return frozenset(
        node.name.casefold()
        for part in parts
        if part.evidence.cluster and (listed := part.evidence.get(ClusterNodes, part.evidence.cluster.key))
        for node in listed.nodes
    )


def _belongs(part: Part, cluster: Subject, members: frozenset[str]) -> Remark:
    strangers = [node.name for node in part.evidence.nodes if node.name.casefold() not in members]
    if strangers:
        raise MixedEvidenceError(
            part.name,
            f"it does not say which cluster it is of, and {cluster.name} lists no node {', '.join(strangers)}",
            expected=f"bundles of nodes of {cluster.name}",
            remedy="Leave it out.",
        )
    names = ", ".join(node.name for node in part.evidence.nodes)
    return Remark(
        RemarkKind.UNNAMED_CLUSTER,
        f"{part.name} does not say which cluster {names} belongs to; {cluster.name} lists it, so it was merged.",
        bundle=part.name,
    )


def _choose_nodes(parts: Sequence[Part]) -> tuple[tuple[Kept, ...], tuple[Remark, ...]]:
    """Each node from the newest bundle that has it, by key; a remark for each older one that was left out."""
    kept: dict[str, Kept] = {}
    remarks: list[Remark] = []
    for part in reversed(parts):
        for node in part.evidence.nodes:
            newer = next((kept[key] for key in node.keys if key in kept), None) or next(
                (one for one in kept.values() if node.key in one.node.aliases), None
            )
            if newer is None:
                kept[node.key] = Kept(node, part)
            else:
                remarks.append(_left_out(Kept(node, part), newer))
    return tuple(kept[key] for key in sorted(kept)), tuple(remarks)


def _left_out(older: Kept, newer: Kept) -> Remark:
    lost = [
        fact.INFO.name
        for fact in FACTS
        if fact.INFO.holder is Scope.NODE
        and not isinstance(older.record(fact), Gap)
        and isinstance(newer.record(fact), Gap)
    ]
    text = (
        f"{older.node.name} is in {newer.part.name} ({newer.part.when}) and in {older.part.name} "
        f"({older.part.when}); the newer one was taken."
    )
    if lost:
        text += f" Only the other one has {', '.join(lost)}."
    return Remark(RemarkKind.SAME_NODE, text, bundle=older.part.name, node=older.node.key, facts=tuple(lost))


def _node_facts(kept: Sequence[Kept]) -> tuple[Facts, Listings]:
    facts: Facts = {}
    listings: Listings = {}
    said_by: dict[tuple[str, str], Kept] = {}
    for one in kept:
        for fact in FACTS:
            name = fact.INFO.name
            record = one.part.records(fact).get((name, one.node.key))
            if fact.INFO.holder is not Scope.NODE or record is None:
                continue
            if isinstance(record, Listing):
                listings[name, one.node.key] = record
                for key in record.keys:
                    place = (name, key)
                    item = one.part.evidence.record(name, key)
                    facts[place] = _both(facts[place], said_by[place], item, one) if place in facts else item
                    said_by.setdefault(place, one)
            elif isinstance(record, Gap) and fact.INFO.item_key:
                listings[name, one.node.key] = record
            else:
                facts[name, one.node.key] = record
    return facts, listings


def _both(before: Known | Gap, first: Kept, record: Known | Gap, one: Kept) -> Known | Gap:
    """What two nodes say of one item, with the bundles named where they do not agree."""
    both = agreed(before, record)
    if isinstance(before, Known) and isinstance(record, Known) and isinstance(both, Gap):
        fields = ", ".join(differing(before, record))
        detail = f"{first.node.name} ({first.part.name}) and {one.node.name} ({one.part.name}) differ in {fields}"
        return msgspec.structs.replace(both, detail=detail)
    return both


def _of_cluster(parts: Sequence[Part], cluster: Subject, facts: Facts, listings: Listings) -> tuple[Remark, ...]:
    """Put in what is about the cluster; a remark for each fact that bundles state differently."""
    remarks: list[Remark] = []
    for fact in FACTS:
        if fact.INFO.holder is not Scope.CLUSTER:
            continue
        name = fact.INFO.name
        found = [
            (part, record)
            for part in reversed(parts)
            if (record := part.records(fact).get((name, part.cluster_key))) is not None
        ]
        if not found:
            continue
        part, record = next((one for one in found if not isinstance(one[1], Gap)), found[0])
        if isinstance(record, Listing):
            listings[name, cluster.key] = record
            facts.update({(name, key): part.evidence.record(name, key) for key in record.keys})
        elif fact.INFO.item_key and isinstance(record, Gap):
            listings[name, cluster.key] = record
        elif not isinstance(record, Listing):
            facts[name, cluster.key] = record
        remarks.extend(_differences(fact, part, record, found))
    return tuple(remarks)


def _differences(
    fact: type[Fact], newest: Part, record: Known | Gap | Listing, found: Sequence[tuple[Part, Known | Gap | Listing]]
) -> Iterator[Remark]:
    name = fact.INFO.name
    for part, other in found:
        what = ""
        if isinstance(record, Known) and isinstance(other, Known) and record.fact != other.fact:
            what = f"differ in {', '.join(differing(record, other))} of {name}"
        elif isinstance(record, Listing) and isinstance(other, Listing) and _items(newest, name) != _items(part, name):
            what = f"do not list the same under {name}"
        if what:
            yield Remark(
                RemarkKind.DIFFERENT,
                f"{newest.name} ({newest.when}) and {part.name} ({part.when}) {what}; the newer one was taken.",
                bundle=part.name,
                facts=(name,),
            )


def _items(part: Part, name: str) -> dict[str, object]:
    listing = part.evidence.listing(name, part.cluster_key)
    records = {key: part.evidence.record(name, key) for key in listing.keys} if isinstance(listing, Listing) else {}
    return {key: record.fact if isinstance(record, Known) else record.cause for key, record in records.items()}


def _shared_items(kept: Sequence[Kept], facts: Facts) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Remarks on what several nodes list, one for each group of nodes, and on what they then disagree about."""
    holders: dict[str, dict[str, Kept]] = {}
    names: dict[str, str] = {}
    for one in kept:
        for fact in FACTS:
            record = one.record(fact)
            if isinstance(record, Listing):
                for key in record.keys:
                    holders.setdefault(key, {})[one.node.key] = one
                    vm = one.part.evidence.get(Vm, key)
                    names[key] = vm.name if vm else names.get(key, key)
    groups: dict[tuple[str, ...], list[str]] = {}
    for key, by in holders.items():
        if len(by) > 1:
            groups.setdefault(tuple(by), []).append(key)
    by_node = {one.node.key: one for one in kept}
    shared = tuple(
        Remark(
            RemarkKind.LISTED_TWICE,
            f"{' and '.join(f'{by_node[n].node.name} ({by_node[n].part.name})' for n in nodes)} list the same: "
            f"{named([names[key] for key in keys])}. It moved between the collections, or is there twice.",
            items=tuple(keys),
        )
        for nodes, keys in groups.items()
    )
    conflicts = tuple(
        Remark(
            RemarkKind.CONFLICTING,
            f"{names[key]}: {name} is unknown now, for {record.detail}.",
            facts=(name,),
            items=(key,),
        )
        for (name, key), record in facts.items()
        if key in holders and len(holders[key]) > 1 and isinstance(record, Gap) and record.cause is Cause.CONFLICTING
    )
    return shared, conflicts
