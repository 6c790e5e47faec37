"""Reading a bundle: every digest is checked before a document is believed, and no document says more than its place.

A manifest is hostile input like all the rest. Nothing is ever opened because it names it: a path has to be the one that
``layout`` gives to that fact of that subject, and the container has to hold it.
"""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import msgspec

from hypervigil.evidence.agreement import agreed
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import GAP_CAUSES, Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store.container import ASK_AGAIN, NOT_ONE, Container, open_container
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import (
    FORMAT_VERSION,
    MANIFEST,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENTS,
    MAX_MANIFEST_BYTES,
    DocumentEntry,
    DocumentSubject,
    Envelope,
    FormatProbe,
    Manifest,
    SubjectEntry,
    VersionProbe,
    document_path,
    envelope_decoder,
    known_fact,
)

_MANIFEST = msgspec.json.Decoder(Manifest)
_FORMAT = msgspec.json.Decoder(FormatProbe)
_VERSION = msgspec.json.Decoder(VersionProbe)
_UNSTATED = Provenance(source="", remark="the document does not say")
_BAD_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_OTHER_ENCODINGS = {b"\xef\xbb\xbf": "UTF-8 with a byte order mark", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}

COLLECT_AGAIN = "Collect again, or get the bundle anew; 'hypervigil verify' lists every difference."
UPDATE = "Update hypervigil."


def read_bundle(path: Path) -> Evidence:
    """The evidence in a bundle. Files that the manifest does not name are passed over; ``verify_bundle`` names them.

    An item that several nodes list is what their documents agree on; where they do not, it is a gap (conflicting).

    Raises:
        BundleError: it is no bundle, of a newer format, or a document is missing, changed or not what it should be.
    """
    container = open_container(path)
    try:
        return read_container(container)
    finally:
        container.close()


def read_container(container: Container) -> Evidence:
    """The evidence in an open bundle.

    Raises:
        BundleError: as ``read_bundle``.
    """
    for name, what in sorted(container.strange.items()):
        raise BundleError(
            container.path,
            f"it is {what}",
            place=name,
            expected="files and folders",
            remedy="A bundle has none: remove it.",
        )
    return _Reading(container, read_manifest(container)).evidence()


def read_manifest(container: Container) -> Manifest:
    """The manifest of a bundle, its format version checked first.

    Raises:
        BundleError: there is none, it is too large, of a newer format version, or contradicts itself.
    """
    path = container.path
    size = container.sizes.get(MANIFEST)
    if size is None:
        raise BundleError(path, f"it holds no {MANIFEST}", remedy=NOT_ONE, not_a_bundle=True)
    if size > MAX_MANIFEST_BYTES:
        raise _no_manifest(path, f"it has {size} bytes", f"at most {MAX_MANIFEST_BYTES}")
    data = container.read(MANIFEST)
    try:
        version = _FORMAT.decode(data).format
        if version > FORMAT_VERSION:
            raise BundleError(
                path,
                f"the bundle has format version {version}, and this hypervigil reads up to {FORMAT_VERSION}",
                place=MANIFEST,
                remedy=UPDATE,
            )
        manifest = _MANIFEST.decode(data)
    except _BAD_JSON as error:
        raise _no_manifest(path, f"it is no manifest: {_said(data, error)}") from error
    if version < 1:
        raise _no_manifest(path, f"its format version is {version}", f"1 to {FORMAT_VERSION}")
    if len(manifest.documents) > MAX_DOCUMENTS:
        raise _no_manifest(path, f"it names {len(manifest.documents)} documents", f"at most {MAX_DOCUMENTS}")
    if len({node.key for node in manifest.nodes}) != len(manifest.nodes):
        raise _no_manifest(path, "two of its nodes have the same key")
    _check_paths(path, manifest)
    return manifest


def checked_bytes(container: Container, entry: DocumentEntry) -> bytes:
    """The bytes of a document, after its size and digest were compared with the manifest.

    Raises:
        BundleError: it is missing, too large, or was changed after the manifest was written.
    """
    path, place = container.path, entry.path
    size = container.sizes.get(place)
    if size is None:
        raise BundleError(path, "it is missing from the bundle", place=place, remedy=COLLECT_AGAIN)
    if size != entry.size:
        raise BundleError(
            path,
            f"it was changed after it was collected: it has {size} bytes",
            place=place,
            expected=f"{entry.size} bytes",
            remedy=COLLECT_AGAIN,
        )
    if size > MAX_DOCUMENT_BYTES:
        raise BundleError(
            path, f"it has {size} bytes", place=place, expected=f"at most {MAX_DOCUMENT_BYTES}", remedy=ASK_AGAIN
        )
    data = container.read(place)
    digest = hashlib.sha256(data).hexdigest()
    if digest != entry.sha256:
        raise BundleError(
            path,
            f"it was changed after it was collected: its SHA-256 is {digest}",
            place=place,
            expected=entry.sha256[:64],
            remedy=COLLECT_AGAIN,
        )
    return data


class _Reading:
    """One bundle being read: its documents become facts, gaps and listings."""

    def __init__(self, container: Container, manifest: Manifest) -> None:
        self.container = container
        self.manifest = manifest
        self.facts: dict[tuple[str, str], Known | Gap] = {}
        self.listings: dict[tuple[str, str], Listing | Gap] = {}
        self.cluster_key = manifest.cluster.key if manifest.cluster else ""
        self.node_keys = {node.key for node in manifest.nodes}

    def evidence(self) -> Evidence:
        """All documents, read and checked."""
        manifest = self.manifest
        for entry in manifest.documents:
            self._take(entry)
        return Evidence(
            label=manifest.label,
            cluster=_subject(Scope.CLUSTER, manifest.cluster) if manifest.cluster else None,
            nodes=tuple(_subject(Scope.NODE, node) for node in manifest.nodes),
            facts=self.facts,
            listings=self.listings,
            collected=manifest.collected,
            source=manifest.source,
            skipped=manifest.skipped,
            synthetic=manifest.synthetic,
            redacted=manifest.redacted,
        )

    def _take(self, entry: DocumentEntry) -> None:
        fact = known_fact(entry.fact)
        if fact is None:
            raise self._wrong(
                entry, f"there is no fact named {entry.fact[:80]!r}", "Update hypervigil, if a newer one wrote it."
            )
        about = self._about(entry, fact)
        envelope = self._decoded(entry, fact, checked_bytes(self.container, entry))
        self._check(entry, envelope, fact, about)
        if envelope.status == "gap":
            gap = Gap(entry.fact, envelope.cause or Cause.UNPARSABLE, envelope.detail, envelope.provenance, entry.path)
            (self.listings if fact.INFO.item_key else self.facts)[entry.fact, entry.subject] = gap
        elif isinstance(envelope.data, tuple):
            self._keep_list(entry, envelope, envelope.data, fact.INFO.item_key)
        elif envelope.data is not None:
            provenance = envelope.provenance or _UNSTATED
            self.facts[entry.fact, entry.subject] = Known(envelope.data, provenance, entry.path)

    def _about(self, entry: DocumentEntry, fact: type[Fact]) -> Scope:
        """Whether the document is about the cluster or a node of this bundle, and lies where it has to."""
        scope = fact.INFO.holder
        there = entry.subject == self.cluster_key if scope is Scope.CLUSTER else entry.subject in self.node_keys
        if not there:
            raise self._wrong(entry, f"it is about {entry.subject[:80]!r}, which is no {scope} of the bundle")
        if entry.path != document_path(entry.fact, scope, entry.subject):
            raise self._wrong(entry, f"a document about {entry.fact} of {entry.subject[:80]!r} does not lie there")
        return scope

    def _decoded(self, entry: DocumentEntry, fact: type[Fact], data: bytes) -> Envelope[Fact | tuple[Fact, ...]]:
        try:
            return envelope_decoder(fact).decode(data)
        except _BAD_JSON as error:
            self._check_version(entry, data, fact)
            raise self._wrong(
                entry, f"it is not what a {entry.fact} document should be: {_said(data, error)}"
            ) from error

    def _check_version(self, entry: DocumentEntry, data: bytes, fact: type[Fact]) -> None:
        """What a newer version calls for is not an error of the document."""
        try:
            version = _VERSION.decode(data).version
        except _BAD_JSON:
            return
        if version > fact.INFO.version:
            raise self._newer(entry, version, fact)

    def _check(
        self, entry: DocumentEntry, envelope: Envelope[Fact | tuple[Fact, ...]], fact: type[Fact], about: Scope
    ) -> None:
        if envelope.version > fact.INFO.version:
            raise self._newer(entry, envelope.version, fact)
        if envelope.version < 1:
            raise self._wrong(entry, f"its version is {envelope.version}")
        stated = (envelope.fact, envelope.subject, envelope.status)
        if stated != (entry.fact, DocumentSubject(about, entry.subject), entry.status):
            raise self._wrong(entry, "fact, subject or status are not those that the manifest states")
        known = envelope.status == "known"
        if known is (envelope.data is None) or known is not (envelope.cause is None):
            raise self._wrong(entry, f"data and cause do not fit its status {envelope.status!r}")
        if known and envelope.provenance is None and not fact.INFO.item_key:
            raise self._wrong(entry, "it does not say where the fact came from (provenance)")
        causes = [gap.cause for gap in envelope.gaps] + ([] if envelope.cause is None else [envelope.cause])
        if any(cause not in GAP_CAUSES for cause in causes):
            raise self._wrong(entry, f"a gap has one of these causes: {', '.join(sorted(GAP_CAUSES))}")
        if envelope.gaps and not isinstance(envelope.data, tuple):
            raise self._wrong(entry, "only a list has gaps among its items")

    def _keep_list(
        self,
        entry: DocumentEntry,
        envelope: Envelope[Fact | tuple[Fact, ...]],
        items: tuple[Fact, ...],
        item_key: str,
    ) -> None:
        provenance = envelope.provenance or _UNSTATED
        records: list[tuple[str, Known | Gap]] = [
            (str(getattr(item, item_key)), Known(item, provenance, entry.path)) for item in items
        ]
        if envelope.gaps:
            records = self._with_gaps(entry, envelope, records)
        if len({key for key, _ in records}) != len(records):
            raise self._wrong(entry, f"two of its items have the same {item_key}")
        self.listings[entry.fact, entry.subject] = Listing(
            tuple(key for key, _ in records), envelope.provenance, entry.path
        )
        for key, record in records:
            before = self.facts.get((entry.fact, key))
            self.facts[entry.fact, key] = record if before is None else agreed(before, record)

    def _with_gaps(
        self,
        entry: DocumentEntry,
        envelope: Envelope[Fact | tuple[Fact, ...]],
        records: list[tuple[str, Known | Gap]],
    ) -> list[tuple[str, Known | Gap]]:
        """The items of a list with its gaps at the places that they state."""
        length = len(records) + len(envelope.gaps)
        places = [-1, *(gap.place for gap in envelope.gaps), length]
        if any(place <= before for before, place in itertools.pairwise(places)):
            raise self._wrong(entry, f"the places of its gaps are not ascending numbers below {length}")
        gaps = {
            gap.place: (gap.key, Gap(entry.fact, gap.cause, gap.detail, envelope.provenance, entry.path))
            for gap in envelope.gaps
        }
        rest = iter(records)
        return [gaps[place] if place in gaps else next(rest) for place in range(length)]

    def _newer(self, entry: DocumentEntry, version: int, fact: type[Fact]) -> BundleError:
        return self._wrong(
            entry, f"it has version {version} of {entry.fact}, this hypervigil reads up to {fact.INFO.version}", UPDATE
        )

    def _wrong(self, entry: DocumentEntry, problem: str, remedy: str = ASK_AGAIN) -> BundleError:
        return BundleError(self.container.path, problem, place=entry.path, remedy=remedy)


def _said(data: bytes, error: Exception) -> str:
    """What is wrong with bytes that are no JSON of ours."""
    for mark, encoding in _OTHER_ENCODINGS.items():
        if data.startswith(mark):
            return f"it is {encoding}, and has to be UTF-8 without a byte order mark"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _check_paths(path: Path, manifest: Manifest) -> None:
    """No two documents in one place, also where the file system knows no case."""
    seen: set[str] = {MANIFEST}
    for entry in manifest.documents:
        folded = entry.path.casefold()
        if folded in seen:
            raise BundleError(path, "the manifest names it twice", place=entry.path, remedy=ASK_AGAIN)
        seen.add(folded)


def _no_manifest(path: Path, problem: str, expected: str = "") -> BundleError:
    return BundleError(path, problem, place=MANIFEST, expected=expected, remedy=NOT_ONE, not_a_bundle=True)


def _subject(scope: Scope, entry: SubjectEntry) -> Subject:
    return Subject(scope, entry.key, entry.name, entry.cluster, aliases=entry.aliases)
