"""A made-up cluster or host as evidence: each fact with its provenance, which says that it is made up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import BY_NAME
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import defaults
from hypervigil.synthetic.draft import Draft

MOMENT = datetime.datetime(2026, 11, 16, 6, 0, tzinfo=datetime.UTC)
"""When everything synthetic was "collected": fixed, so that evidence stays the same from run to run."""

SYNTHETIC = Provenance(source="synthetic", collected=MOMENT, remark="made up by hypervigil.synthetic")
_FLAW = "made up: a flaw of the synthetic cluster"
_GAPS = {Cause.UNSUPPORTED_RELEASE: "made up: a release that has none of it"}


def as_evidence(draft: Draft, label: str) -> Evidence:
    """What was made up, as if it had been collected: of a cluster where the draft has one, else of single hosts."""
    cluster = _cluster(draft, label)
    key = cluster.key if cluster else ""
    suffix = f".{defaults.DOMAIN}" if draft.domain else ""
    nodes = tuple(
        Subject(Scope.NODE, name.lower() + suffix, name, key, aliases=(name.lower(),) if suffix else ())
        for name in draft.nodes
    )
    facts: dict[tuple[str, str], Known | Gap] = {
        (name, key): Known(fact, SYNTHETIC) for name, fact in draft.cluster.items()
    }
    listings: dict[tuple[str, str], Listing | Gap] = {}
    _list(draft.elsewhere, key, facts, listings)
    for node in nodes:
        for name, fact in draft.nodes[node.name].items():
            facts[name, node.key] = Known(fact, SYNTHETIC)
        _list(draft.vms[node.name], node.key, facts, listings)
        for name, cause in draft.gaps[node.name].items():
            facts[name, node.key] = Gap(name, cause, _GAPS.get(cause, _FLAW), SYNTHETIC)
    return Evidence(
        label=label,
        cluster=cluster,
        nodes=nodes,
        facts=facts,
        listings=listings,
        collected=MOMENT,
        source="synthetic",
        synthetic=True,
    )


def _cluster(draft: Draft, label: str) -> Subject | None:
    made = draft.cluster.get(Cluster.INFO.name)
    if made is None:
        return None
    key = made.id if isinstance(made, Cluster) and made.id else label.lower()
    return Subject(Scope.CLUSTER, key, label, aliases=(label.lower(),))


def _list(
    lists: Mapping[str, Sequence[Fact]],
    holder: str,
    facts: dict[tuple[str, str], Known | Gap],
    listings: dict[tuple[str, str], Listing | Gap],
) -> None:
    for name, items in lists.items():
        keys = tuple(str(getattr(item, BY_NAME[name].INFO.item_key)) for item in items)
        listings[name, holder] = Listing(keys, SYNTHETIC)
        facts.update({(name, key): Known(item, SYNTHETIC) for key, item in zip(keys, items, strict=True)})
