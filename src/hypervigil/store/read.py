"""Reading a bundle: every digest is checked before a document is believed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import GAP_CAUSES, Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store.container import NOT_ONE, Container, open_container
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import (
    FORMAT_VERSION,
    MANIFEST,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENTS,
    MAX_MANIFEST_BYTES,
    DocumentEntry,
    Envelope,
    FormatProbe,
    Manifest,
    SubjectEntry,
    envelope_decoder,
    known_fact,
)

_MANIFEST = msgspec.json.Decoder(Manifest)
_PROBE = msgspec.json.Decoder(FormatProbe)
_UNSTATED = Provenance(source="", remark="the document does not say")


def read_bundle(path: Path) -> Evidence:
    """The evidence in a bundle.

    Raises:
        BundleError: it is no bundle, of a newer format, or a document is missing, changed or not what it should be.
    """
    container = open_container(path)
    try:
        sizes = container.sizes()
        manifest = read_manifest(container, sizes)
        return _Reading(container, manifest, sizes).evidence()
    except OSError as error:
        raise BundleError(
            path, f"it can not be read: {error.strerror or error}", place=str(error.filename or "")
        ) from error
    finally:
        container.close()


def read_manifest(container: Container, sizes: dict[str, int]) -> Manifest:
    """The manifest of a bundle, its format version checked first.

    Raises:
        BundleError: there is none, it is too large, of a newer format version, or no manifest.
    """
    path = container.path
    if MANIFEST not in sizes:
        raise BundleError(path, f"it holds no {MANIFEST}", remedy=NOT_ONE, not_a_bundle=True)
    if sizes[MANIFEST] > MAX_MANIFEST_BYTES:
        raise BundleError(path, f"it is larger than {MAX_MANIFEST_BYTES} bytes", place=MANIFEST, not_a_bundle=True)
    data = container.read(MANIFEST)
    try:
        version = _PROBE.decode(data).format
        if version > FORMAT_VERSION:
            raise BundleError(
                path,
                f"the bundle has format version {version}, and this hypervigil reads up to {FORMAT_VERSION}",
                place=MANIFEST,
                remedy="Update hypervigil.",
            )
        manifest = _MANIFEST.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BundleError(
            path, f"it is no manifest: {error}", place=MANIFEST, remedy=NOT_ONE, not_a_bundle=True
        ) from error
    if version < 1 or len(manifest.documents) > MAX_DOCUMENTS:
        raise BundleError(path, "its version or number of documents is out of range", place=MANIFEST, not_a_bundle=True)
    return manifest


class _Reading:
    """One bundle being read: its documents become facts, gaps and listings."""

    def __init__(self, container: Container, manifest: Manifest, sizes: dict[str, int]) -> None:
        self.container = container
        self.manifest = manifest
        self.sizes = sizes
        self.facts: dict[tuple[str, str], Known | Gap] = {}
        self.listings: dict[tuple[str, str], Listing | Gap] = {}
        cluster = manifest.cluster
        self.cluster_key = cluster.key if cluster else ""
        self.node_keys = {node.key for node in manifest.nodes}

    def evidence(self) -> Evidence:
        """All documents, read and checked."""
        manifest = self.manifest
        seen: set[str] = set()
        for entry in manifest.documents:
            if entry.path in seen:
                raise self._wrong(entry, "it is listed twice")
            seen.add(entry.path)
            self._take(entry)
        cluster = manifest.cluster
        return Evidence(
            label=manifest.label,
            cluster=_subject(Scope.CLUSTER, cluster, cluster.key) if cluster else None,
            nodes=tuple(_subject(Scope.NODE, node, self.cluster_key) for node in manifest.nodes),
            facts=self.facts,
            listings=self.listings,
            collected=manifest.collected,
            source=manifest.source,
            skipped=manifest.skipped,
            synthetic=manifest.synthetic,
        )

    def _take(self, entry: DocumentEntry) -> None:
        fact = known_fact(entry.fact)
        data = checked_bytes(self.container, entry, self.sizes)
        if fact is None:
            raise self._wrong(
                entry, f"there is no fact named {entry.fact!r}", "Update hypervigil, if a newer one wrote it."
            )
        about_cluster = fact.INFO.subject is Scope.CLUSTER
        if about_cluster != (entry.subject not in self.node_keys) or (
            about_cluster and entry.subject != self.cluster_key
        ):
            raise self._wrong(entry, f"it is about {entry.subject!r}, which is no subject of the bundle")
        try:
            envelope = envelope_decoder(fact).decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self._wrong(entry, f"it is not what a {entry.fact} document should be: {error}") from error
        self._check(entry, envelope, fact)
        if envelope.status == "gap":
            gap = Gap(entry.fact, envelope.cause or Cause.UNPARSABLE, envelope.detail, envelope.provenance, entry.path)
            (self.listings if fact.INFO.item_key else self.facts)[entry.fact, entry.subject] = gap
        else:
            self._keep(entry, envelope, fact)

    def _keep(self, entry: DocumentEntry, envelope: Envelope[Fact | tuple[Fact, ...]], fact: type[Fact]) -> None:
        provenance = envelope.provenance or _UNSTATED
        if isinstance(envelope.data, tuple):
            keys = tuple(str(getattr(item, fact.INFO.item_key)) for item in envelope.data)
            if len(set(keys)) != len(keys):
                raise self._wrong(entry, f"two of its items have the same {fact.INFO.item_key}")
            self.listings[entry.fact, entry.subject] = Listing(keys, provenance, entry.path)
            for key, item in zip(keys, envelope.data, strict=True):
                self.facts[entry.fact, key] = Known(item, provenance, entry.path)
        elif envelope.data is not None:
            self.facts[entry.fact, entry.subject] = Known(envelope.data, provenance, entry.path)

    def _check(self, entry: DocumentEntry, envelope: Envelope[Fact | tuple[Fact, ...]], fact: type[Fact]) -> None:
        stated = (envelope.fact, envelope.subject.key, envelope.status)
        if stated != (entry.fact, entry.subject, entry.status):
            raise self._wrong(entry, "fact, subject or status are not those that the manifest states")
        if envelope.version > fact.INFO.version:
            newer = (
                f"it has version {envelope.version} of {entry.fact}, this hypervigil reads up to {fact.INFO.version}"
            )
            raise self._wrong(entry, newer, "Update hypervigil.")
        if (envelope.status == "known") is (envelope.data is None):
            raise self._wrong(entry, "data and status do not fit each other")
        if envelope.status == "gap" and envelope.cause not in GAP_CAUSES:
            raise self._wrong(entry, "a gap needs a cause out of the closed list")

    def _wrong(self, entry: DocumentEntry, problem: str, remedy: str = "") -> BundleError:
        return BundleError(self.container.path, problem, place=entry.path, remedy=remedy)


def checked_bytes(container: Container, entry: DocumentEntry, sizes: dict[str, int]) -> bytes:
    """The bytes of a document, after their size and digest were compared with the manifest.

    Raises:
        BundleError: it is missing, too large, or was changed after the manifest was written.
    """
    size = sizes.get(entry.path)
    if size is None:
        raise BundleError(container.path, "it is missing from the bundle", place=entry.path, remedy=_CHANGED)
    if size > MAX_DOCUMENT_BYTES:
        raise BundleError(container.path, f"it is larger than {MAX_DOCUMENT_BYTES} bytes", place=entry.path)
    data = container.read(entry.path)
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise BundleError(
            container.path,
            "it was changed after it was collected (its SHA-256 differs)",
            place=entry.path,
            remedy=_CHANGED,
        )
    return data


_CHANGED = "Collect again, or get the bundle anew from where it was made; 'hypervigil verify' lists every difference."


def _subject(scope: Scope, entry: SubjectEntry, cluster: str) -> Subject:
    return Subject(scope, entry.key, entry.name, cluster, aliases=entry.aliases)
