"""What a comparison of the declared with the collected is made of: conflicts, and a view of the evidence.

A comparison never changes an outcome. It says where two sources contradict each other, on which facts that rests, and
which facts it would have needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from hypervigil.evidence.evidence import Evidence, Gap, Known
from hypervigil.evidence.fact import Fact
from hypervigil.model.finding import EvidenceRef
from hypervigil.model.grading import Severity
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason
from hypervigil.model.subject import Scope, Subject

F = TypeVar("F", bound=Fact)


class Conflict(msgspec.Struct, frozen=True):
    """Something declared that something else contradicts.

    ``reason`` says what contradicts what; ``severity`` how much depends on it; ``place`` where it is declared, such as
    ``context.toml:12``. ``evidence`` are the facts that contradict: none where the file contradicts itself.
    """

    reason: Reason
    severity: Severity
    place: str
    evidence: tuple[EvidenceRef, ...] = ()


class Unchecked(msgspec.Struct, frozen=True):
    """A comparison that could not be made, or only in part: what was to be compared, and the facts that miss."""

    what: str
    missing: tuple[Missing, ...]


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A fact of one node, or another subject, with where it stands."""

    name: str
    ref: EvidenceRef


class View:
    """The evidence as one comparison looks at it. It remembers which facts it asked for in vain."""

    def __init__(self, evidence: Evidence, nodes: Sequence[Subject]) -> None:
        self.evidence = evidence
        self.nodes = tuple(nodes)
        self._missing: dict[tuple[str, str], Missing] = {}

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts that were asked for and are not there."""
        return tuple(self._missing.values())

    def of_cluster(self, fact: type[F]) -> Iterator[tuple[Seen, F]]:
        """The fact of the cluster, if it is there."""
        cluster = self.evidence.cluster
        yield from self._one(fact, cluster.key if cluster else "", cluster.name if cluster else "")

    def of_nodes(self, fact: type[F]) -> Iterator[tuple[Seen, F]]:
        """The fact of each node that has it."""
        for node in self.nodes:
            yield from self._one(fact, node.key, node.name)

    def of_node(self, fact: type[F], node: Subject) -> Iterator[tuple[Seen, F]]:
        """The fact of one node, if it is there."""
        yield from self._one(fact, node.key, node.name)

    def items(self, fact: type[F]) -> Iterator[tuple[Seen, F]]:
        """What nodes list, such as VMs, of every node that could be asked."""
        for node in self.nodes:
            yield from self._items(fact, node.key, node.name)

    def listings(self, fact: type[Fact]) -> tuple[EvidenceRef, ...]:
        """The lists in which something was looked for: those of every node that could be asked."""
        held = ((node.key, self.evidence.listing(fact.INFO.name, node.key)) for node in self.nodes)
        return tuple(EvidenceRef(fact.INFO.name, key, r.document) for key, r in held if not isinstance(r, Gap))

    def endpoints(self, fact: type[F]) -> Iterator[tuple[Seen, F]]:
        """What was found on the wire. That nobody looked there is nothing to speak of."""
        cluster = self.evidence.cluster
        if not isinstance(self.evidence.listing(fact.INFO.name, cluster.key if cluster else ""), Gap):
            yield from self._items(fact, cluster.key if cluster else "", "")

    def lack(self, seen: Seen, what: str) -> None:
        """Note that a fact is there, but not the part of it that the comparison needs."""
        self._missing[seen.ref.fact, seen.ref.subject] = Missing(seen.ref.fact, Cause.NOT_IN_SOURCE, what)

    def _items(self, fact: type[F], holder: str, name: str) -> Iterator[tuple[Seen, F]]:
        listing = self.evidence.listing(fact.INFO.name, holder)
        if isinstance(listing, Gap):
            self._note(listing, holder, name)
            return
        for key in listing.keys:
            yield from self._one(fact, key, key)

    def _one(self, fact: type[F], key: str, name: str) -> Iterator[tuple[Seen, F]]:
        record = self.evidence.record(fact.INFO.name, key)
        if isinstance(record, Known) and isinstance(record.fact, fact):
            yield Seen(name, EvidenceRef(fact.INFO.name, key, record.document)), record.fact
        elif isinstance(record, Gap):
            self._note(record, key, name if fact.INFO.subject is not Scope.CLUSTER else "")

    def _note(self, gap: Gap, key: str, name: str) -> None:
        detail = ": ".join(part for part in (name, gap.detail) if part)
        self._missing[gap.fact, key] = Missing(gap.fact, gap.cause, detail)
