"""All facts of one moment, where each came from, and what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from hypervigil.evidence.fact import Fact
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Subject

F = TypeVar("F", bound=Fact)


class Provenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a fact came from.

    ``source``: ``clixml``, ``sddc``, ``synthetic`` or ``derived``. ``command``: what was run, where it is known.
    ``host``: the machine that gave it. ``file``: the file it was read from, within the source. ``digest``: SHA-256 of
    that file's bytes. ``collected``: when the source was made (UTC), where it says so. ``collector``: what read it.
    """

    source: str
    host: str = ""
    command: str = ""
    file: str = ""
    digest: str = ""
    collected: datetime.datetime | None = None
    collector: str = ""
    remark: str = ""


class Known(msgspec.Struct, frozen=True, gc=False):
    """A fact that is there, with its provenance and the path of the document that holds it."""

    fact: Fact
    provenance: Provenance
    document: str = ""


class Gap(msgspec.Struct, frozen=True, gc=False):
    """A fact that is not there, and why."""

    fact: str
    cause: Cause
    detail: str = ""
    provenance: Provenance | None = None
    document: str = ""

    @property
    def missing(self) -> Missing:
        """The gap as a control sees it."""
        return Missing(self.fact, self.cause, self.detail)


class Listing(msgspec.Struct, frozen=True):
    """The facts of one collecting document (all VMs of a node): each fact's key, in the order of the source."""

    keys: tuple[str, ...]
    provenance: Provenance | None = None
    document: str = ""


class Skipped(msgspec.Struct, frozen=True):
    """A member of a source that was not read: its path there, its size in bytes, and why."""

    path: str
    size: int
    why: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one cluster, or of one host without a cluster, at one moment.

    ``cluster`` is None where nothing says which cluster the hosts belong to. ``nodes`` are the hosts, as the bundle
    names them. ``facts`` are by fact name and subject key; ``listings`` by fact name and key of the node that holds
    them. What is in neither is a gap with cause ``not_collected``. ``source`` says what it was read from (as in
    ``Provenance``), ``skipped`` what of the source was not read. ``synthetic`` marks made-up evidence,
    ``redacted`` evidence in which names, addresses and identifiers were replaced.
    """

    label: str
    cluster: Subject | None
    nodes: tuple[Subject, ...]
    facts: Mapping[tuple[str, str], Known | Gap]
    listings: Mapping[tuple[str, str], Listing | Gap] = {}
    collected: datetime.datetime | None = None
    source: str = ""
    skipped: tuple[Skipped, ...] = ()
    synthetic: bool = False
    signed_by: str = ""
    redacted: bool = False

    def record(self, name: str, key: str) -> Known | Gap:
        """The fact with that name about the subject with that key, or its gap."""
        found = self.facts.get((name, key))
        return found if found is not None else Gap(name, Cause.NOT_COLLECTED, "the source holds nothing about it")

    def get(self, fact: type[F], key: str) -> F | None:
        """The fact of that type about the subject with that key; None where it is a gap."""
        found = self.facts.get((fact.INFO.name, key))
        return found.fact if isinstance(found, Known) and isinstance(found.fact, fact) else None

    def listing(self, name: str, holder: str) -> Listing | Gap:
        """The keys of the items that ``holder`` lists, or why they could not be listed."""
        found = self.listings.get((name, holder))
        return found if found is not None else Gap(name, Cause.NOT_COLLECTED, "the source holds nothing about it")

    @property
    def gaps(self) -> tuple[tuple[str, Gap], ...]:
        """Every gap that is written down, with the key of the subject whose fact is missing."""
        places = (*self.facts.items(), *self.listings.items())
        return tuple((key, record) for (_, key), record in places if isinstance(record, Gap))

    def without(self, name: str, key: str, cause: Cause = Cause.NOT_COLLECTED) -> Evidence:
        """The same evidence with one fact (or one listing with all its items) turned into a gap."""
        facts = dict(self.facts)
        listings = dict(self.listings)
        gap = Gap(name, cause, "removed")
        held = listings.get((name, key))
        if isinstance(held, Listing):
            listings[name, key] = gap
            for item in held.keys:
                del facts[name, item]
        else:
            facts[name, key] = gap
        return msgspec.structs.replace(self, facts=facts, listings=listings)
