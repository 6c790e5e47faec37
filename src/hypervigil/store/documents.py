"""Evidence as the documents of a bundle: bytes and their entries in the manifest. Pure."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator

import msgspec

from hypervigil import __version__
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import BY_NAME, FACTS
from hypervigil.model.subject import Scope, Subject
from hypervigil.store.layout import (
    FORMAT_VERSION,
    MAX_BUNDLE_BYTES,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENTS,
    MAX_MANIFEST_BYTES,
    DocumentEntry,
    DocumentSubject,
    Envelope,
    ItemGap,
    Manifest,
    SubjectEntry,
    document_path,
)

_JSON = msgspec.json.Encoder(order="deterministic")


class UnstorableError(Exception):
    """Evidence that no bundle can hold: the fact and subject, and why. Whoever made the evidence made a mistake."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


def manifest_of(evidence: Evidence, created: datetime.datetime, documents: tuple[DocumentEntry, ...]) -> Manifest:
    """The manifest of a bundle with these documents. Moments are written in UTC; one without a zone is taken for it."""
    return Manifest(
        format=FORMAT_VERSION,
        tool=f"hypervigil {__version__}",
        created=_utc(created),
        source=evidence.source,
        label=evidence.label,
        collected=_utc(evidence.collected) if evidence.collected else None,
        cluster=_entry(evidence.cluster) if evidence.cluster else None,
        nodes=tuple(_entry(node) for node in evidence.nodes),
        synthetic=evidence.synthetic,
        redacted=evidence.redacted,
        requested=tuple(fact.INFO.name for fact in FACTS),
        documents=documents,
        skipped=evidence.skipped,
    )


def manifest_bytes(manifest: Manifest) -> bytes:
    """A manifest as it is written: indented, for people look into it.

    Raises:
        UnstorableError: a text in it is no Unicode, or it is too large.
    """
    try:
        data = msgspec.json.format(_JSON.encode(manifest), indent=1) + b"\n"
    except _NOT_JSON as error:
        raise UnstorableError("manifest", f"it can not be written as JSON ({error})") from error
    if len(data) > MAX_MANIFEST_BYTES:
        raise UnstorableError("manifest", f"it takes {len(data)} bytes, the limit is {MAX_MANIFEST_BYTES}")
    return data


def documents_of(evidence: Evidence) -> list[tuple[DocumentEntry, bytes]]:
    """Every document, cluster first, then node by node, each in the order of the register.

    Items that nobody lists are left out, for nothing can ask for them. Items take the provenance of their list.

    Raises:
        UnstorableError: a fact is about nothing that the evidence names, or is not what its name says; a node or an
            item is there twice; a value can not be written as JSON; a limit of ``layout`` is passed.
    """
    _check(evidence)
    documents: list[tuple[DocumentEntry, bytes]] = []
    total = 0
    for envelope in _envelopes(evidence):
        entry, data = _document(envelope)
        total += entry.size
        if total > MAX_BUNDLE_BYTES or len(documents) == MAX_DOCUMENTS:
            raise UnstorableError(
                entry.path, f"a bundle holds {MAX_DOCUMENTS} documents and {MAX_BUNDLE_BYTES} bytes at most"
            )
        documents.append((entry, data))
    return documents


_NOT_JSON = (ValueError, OverflowError, TypeError, msgspec.EncodeError)
"""UnicodeEncodeError (half of a surrogate pair), a number of more than 4,300 digits, what is no fact of ours."""


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _entry(subject: Subject) -> SubjectEntry:
    return SubjectEntry(subject.key, subject.name, subject.aliases, subject.cluster)


def _cluster_key(evidence: Evidence) -> str:
    return evidence.cluster.key if evidence.cluster else ""


def _check(evidence: Evidence) -> None:
    """Nothing of the evidence may get lost without a word."""
    nodes = {node.key for node in evidence.nodes}
    if len(nodes) != len(evidence.nodes):
        raise UnstorableError("nodes", "two nodes have the same key")
    for (name, key), record in evidence.facts.items():
        fact = BY_NAME.get(name)
        place = f"{name} of {key}"
        if fact is None:
            raise UnstorableError(place, "no such fact is registered")
        if isinstance(record, Known) and type(record.fact) is not fact:
            raise UnstorableError(place, f"it is a {type(record.fact).__name__}, not a {fact.__name__}")
        held_by_cluster = fact.INFO.holder is Scope.CLUSTER
        if not fact.INFO.item_key and (key != _cluster_key(evidence) if held_by_cluster else key not in nodes):
            raise UnstorableError(place, "the evidence names no such subject")
    for name, key in evidence.listings:
        fact = BY_NAME.get(name)
        holder = Scope.NODE if fact is None else fact.INFO.holder
        there = key == _cluster_key(evidence) if holder is Scope.CLUSTER else key in nodes
        if fact is None or not fact.INFO.item_key or not there:
            raise UnstorableError(f"{name} of {key}", f"no {holder.value} of the evidence has such a list")


def _envelopes(evidence: Evidence) -> Iterator[Envelope[object]]:
    holders = [(Scope.CLUSTER, _cluster_key(evidence)), *((Scope.NODE, node.key) for node in evidence.nodes)]
    for scope, key in holders:
        for fact in FACTS:
            name = fact.INFO.name
            if fact.INFO.holder is not scope:
                continue
            record = (evidence.listings if fact.INFO.item_key else evidence.facts).get((name, key))
            match record:
                case Gap():
                    yield _gap(fact, DocumentSubject(scope, key), record)
                case Known():
                    yield _known(fact, DocumentSubject(scope, key), record.provenance, record.fact)
                case Listing():
                    yield _list(evidence, fact, DocumentSubject(scope, key), record)


def _list(evidence: Evidence, fact: type[Fact], subject: DocumentSubject, listing: Listing) -> Envelope[object]:
    name = fact.INFO.name
    if len(set(listing.keys)) != len(listing.keys):
        raise UnstorableError(f"{name} of {subject.key}", "an item is listed twice")
    items: list[Fact] = []
    gaps: list[ItemGap] = []
    for place, key in enumerate(listing.keys):
        match evidence.record(name, key):
            case Gap(cause=cause, detail=detail):
                gaps.append(ItemGap(place, key, cause, detail))
            case Known(fact=item):
                if getattr(item, fact.INFO.item_key) != key:
                    raise UnstorableError(f"{name} of {key}", f"its {fact.INFO.item_key} is another one")
                items.append(item)
    return _known(fact, subject, listing.provenance, items, tuple(gaps))


def _known(
    fact: type[Fact],
    subject: DocumentSubject,
    provenance: Provenance | None,
    data: object,
    gaps: tuple[ItemGap, ...] = (),
) -> Envelope[object]:
    return Envelope(
        fact=fact.INFO.name,
        version=fact.INFO.version,
        subject=subject,
        status="known",
        provenance=provenance,
        data=data,
        gaps=gaps,
    )


def _gap(fact: type[Fact], subject: DocumentSubject, gap: Gap) -> Envelope[object]:
    return Envelope(
        fact=fact.INFO.name,
        version=fact.INFO.version,
        subject=subject,
        status="gap",
        provenance=gap.provenance,
        cause=gap.cause,
        detail=gap.detail,
    )


def _document(envelope: Envelope[object]) -> tuple[DocumentEntry, bytes]:
    about = envelope.subject
    try:
        data = _JSON.encode(envelope) + b"\n"
        path = document_path(envelope.fact, about.scope, about.key)
    except _NOT_JSON as error:
        raise UnstorableError(f"{envelope.fact} of {about.key}", f"it can not be written as JSON ({error})") from error
    if len(data) > MAX_DOCUMENT_BYTES:
        raise UnstorableError(path, f"it takes {len(data)} bytes, the limit is {MAX_DOCUMENT_BYTES}")
    return DocumentEntry(
        path, envelope.fact, about.key, envelope.status, hashlib.sha256(data).hexdigest(), len(data)
    ), data
