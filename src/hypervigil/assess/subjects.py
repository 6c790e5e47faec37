"""What there is to judge. A list that could not be made is evidence too: it becomes one UNKNOWN per control."""

from __future__ import annotations

import msgspec

from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.evidence import Evidence, Gap
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.hyper_v import Vm
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, excludes
from hypervigil.model.subject import Scope, Subject, not_enumerated, pair


class Absence(ReasonCode):
    """Why there is nothing of a scope to judge."""

    NO_CLUSTER = excludes("Failover Clustering is not installed on {hosts}: there is no cluster to judge.")
    SINGLE_NODE = excludes("The cluster has one node, so there is no pair of nodes.")
    NO_VM = excludes("{hosts} holds no virtual machine.")


class Enumeration(msgspec.Struct, frozen=True):
    """The subjects of one scope, those that could not be listed (each with why), and why there is none at all."""

    subjects: tuple[Subject, ...] = ()
    gaps: tuple[tuple[Subject, Missing], ...] = ()
    absence: Reason | None = None


class Subjects:
    """The subjects of every scope in one body of evidence, listed when first asked for."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.unclustered = _unclustered(evidence)
        self._made: dict[Scope, Enumeration] = {}
        self.nodes = self._list_nodes()

    def of(self, scope: Scope) -> Enumeration:
        """The subjects of a scope."""
        if scope not in self._made:
            makers = {Scope.NODE: lambda: self.nodes, Scope.CLUSTER: self._clusters, Scope.PAIR: self._pairs}
            self._made[scope] = makers[scope]() if scope in makers else self._items(scope)
        return self._made[scope]

    @property
    def _cluster_key(self) -> str:
        return self.evidence.cluster.key if self.evidence.cluster else ""

    @property
    def _hosts(self) -> str:
        return ", ".join(node.name for node in self.evidence.nodes)

    def _list_nodes(self) -> Enumeration:
        evidence = self.evidence
        record = evidence.record(ClusterNodes.INFO.name, self._cluster_key)
        listed = evidence.get(ClusterNodes, self._cluster_key)
        if listed is None:
            if self.unclustered:
                return Enumeration(evidence.nodes)
            missing = record.missing if isinstance(record, Gap) else Missing(ClusterNodes.INFO.name, Cause.UNPARSABLE)
            place = self._cluster_key or evidence.label
            return Enumeration(evidence.nodes, ((not_enumerated(Scope.NODE, place, self._cluster_key), missing),))
        known = {node.name.casefold() for node in evidence.nodes} | {n.key.partition(".")[0] for n in evidence.nodes}
        cluster = evidence.get(Cluster, self._cluster_key)
        domain = f".{cluster.domain.lower()}" if cluster and cluster.domain else ""
        unseen = tuple(
            Subject(
                Scope.NODE,
                node.name.lower() + domain,
                node.name,
                self._cluster_key,
                aliases=(node.name.lower(),) if domain else (),
            )
            for node in listed.nodes
            if node.name.casefold() not in known
        )
        return Enumeration(evidence.nodes + unseen)

    def _clusters(self) -> Enumeration:
        if self.evidence.cluster:
            return Enumeration((self.evidence.cluster,))
        if self.unclustered:
            return Enumeration(absence=Absence.NO_CLUSTER(hosts=self._hosts))
        missing = Missing(Cluster.INFO.name, Cause.NOT_COLLECTED, "nothing says which cluster the hosts belong to")
        record = self.evidence.record(Cluster.INFO.name, "")
        if isinstance(record, Gap) and record.cause is not Cause.NOT_COLLECTED:
            missing = record.missing
        return Enumeration(gaps=((not_enumerated(Scope.CLUSTER, self.evidence.label, ""), missing),))

    def _pairs(self) -> Enumeration:
        if self.unclustered:
            return Enumeration(absence=Absence.NO_CLUSTER(hosts=self._hosts))
        nodes = self.nodes
        gaps = tuple(
            (not_enumerated(Scope.PAIR, subject.key.removesuffix("/*"), subject.cluster), missing)
            for subject, missing in nodes.gaps
        )
        pairs = tuple(pair(s, d) for s in nodes.subjects for d in nodes.subjects if s is not d)
        if not pairs and not gaps:
            return Enumeration(absence=Absence.SINGLE_NODE())
        return Enumeration(pairs, gaps)

    def _items(self, scope: Scope) -> Enumeration:
        """Subjects that nodes list, such as VMs."""
        fact = _ITEMS[scope]
        subjects: list[Subject] = []
        gaps = [(not_enumerated(scope, s.key.removesuffix("/*"), s.cluster), missing) for s, missing in self.nodes.gaps]
        for node in self.nodes.subjects:
            listing = self.evidence.listing(fact.INFO.name, node.key)
            if isinstance(listing, Gap):
                gaps.append((not_enumerated(scope, node.key, self._cluster_key), listing.missing))
                continue
            subjects.extend(self.item(scope, key, node) for key in listing.keys)
        if not subjects and not gaps:
            return Enumeration(absence=Absence.NO_VM(hosts=self._hosts))
        return Enumeration(tuple(subjects), tuple(gaps))

    def item(self, scope: Scope, key: str, holder: Subject) -> Subject:
        """One thing out of a list that ``holder``, a node or the cluster, has of it."""
        named = _ITEMS.get(scope)
        item = self.evidence.get(named, key) if named else None
        nodes = (holder.key,) if holder.scope is Scope.NODE else ()
        return Subject(scope, key, item.name if item else key, self._cluster_key, nodes=nodes)


_ITEMS = {Scope.VM: Vm}
"""The fact that lists the subjects of a scope."""


def _unclustered(evidence: Evidence) -> bool:
    """No cluster is known, and every host says that it can not be a node of one."""
    if evidence.cluster or not evidence.nodes:
        return False
    features = [evidence.get(WindowsFeatures, node.key) for node in evidence.nodes]
    return all(found is not None and found.installed("Failover-Clustering") is False for found in features)
