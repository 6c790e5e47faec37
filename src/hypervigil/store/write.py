"""Writing a bundle: under a temporary name first, so that nobody ever sees half of one."""

from __future__ import annotations

import datetime
import hashlib
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from hypervigil import __version__
from hypervigil.evidence.evidence import Evidence, Gap, Known, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import FACTS
from hypervigil.model.subject import Scope, Subject
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import (
    FORMAT_VERSION,
    MANIFEST,
    DocumentEntry,
    DocumentSubject,
    Envelope,
    Manifest,
    SubjectEntry,
    document_path,
)

_JSON = msgspec.json.Encoder(order="deterministic")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_bundle(evidence: Evidence, target: Path, *, created: datetime.datetime) -> Manifest:
    """Write ``evidence`` to ``target``: a zip where the name ends in ``.zip``, else a folder. It must not exist yet.

    The same evidence and ``created`` give the same bytes.

    Raises:
        BundleError: ``target`` exists, or the place can not be written.
    """
    if target.exists() or target.is_symlink():
        raise BundleError(target, "it exists already", remedy="Give another name, or remove it first.")
    documents = list(_documents(evidence))
    manifest = _manifest(evidence, created, [entry for entry, _ in documents])
    members = [(entry.path, data) for entry, data in documents]
    members.append((MANIFEST, msgspec.json.format(_JSON.encode(manifest), indent=1) + b"\n"))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        if target.suffix.lower() == ".zip":
            _write_zip(temporary, members)
        else:
            _write_folder(temporary, members)
        os.replace(temporary, target)  # noqa: PTH105  Path.replace says the same
    except OSError as error:
        _remove(temporary)
        where = error.filename or target
        raise BundleError(
            target,
            f"it could not be written: {error.strerror or error} ({where})",
            remedy="Check free space and permissions, or give another place.",
        ) from error
    except BaseException:
        _remove(temporary)
        raise
    return manifest


def _manifest(evidence: Evidence, created: datetime.datetime, documents: list[DocumentEntry]) -> Manifest:
    return Manifest(
        format=FORMAT_VERSION,
        tool=f"hypervigil {__version__}",
        created=created,
        source=evidence.source,
        label=evidence.label,
        collected=evidence.collected,
        cluster=_entry(evidence.cluster) if evidence.cluster else None,
        nodes=tuple(_entry(node) for node in evidence.nodes),
        synthetic=evidence.synthetic,
        requested=tuple(fact.INFO.name for fact in FACTS),
        documents=tuple(documents),
        skipped=evidence.skipped,
    )


def _entry(subject: Subject) -> SubjectEntry:
    return SubjectEntry(subject.key, subject.name, subject.aliases)


def _documents(evidence: Evidence) -> Iterator[tuple[DocumentEntry, bytes]]:
    holders = [(Scope.NODE, node.key) for node in evidence.nodes]
    holders.insert(0, (Scope.CLUSTER, evidence.cluster.key if evidence.cluster else ""))
    for scope, key in holders:
        for fact in FACTS:
            about = fact.INFO.subject
            if (about is Scope.CLUSTER) is (scope is Scope.CLUSTER):
                envelope = _listed(evidence, fact, key) if fact.INFO.item_key else _single(evidence, fact, scope, key)
                if envelope is not None:
                    yield _document(envelope, scope, key)


def _single(evidence: Evidence, fact: type[Fact], scope: Scope, key: str) -> Envelope[object] | None:
    found = evidence.facts.get((fact.INFO.name, key))
    if found is None:
        return None
    if isinstance(found, Known):
        return _known(fact, scope, key, found.provenance, found.fact)
    return _gap(fact, scope, key, found)


def _listed(evidence: Evidence, fact: type[Fact], key: str) -> Envelope[object] | None:
    found = evidence.listings.get((fact.INFO.name, key))
    if found is None:
        return None
    if isinstance(found, Gap):
        return _gap(fact, Scope.NODE, key, found)
    records = [evidence.record(fact.INFO.name, item) for item in found.keys]
    facts = [record.fact for record in records if isinstance(record, Known)]
    return _known(fact, Scope.NODE, key, found.provenance, facts)


def _known(fact: type[Fact], scope: Scope, key: str, provenance: Provenance | None, data: object) -> Envelope[object]:
    return Envelope(
        fact=fact.INFO.name,
        version=fact.INFO.version,
        subject=DocumentSubject(scope, key),
        status="known",
        provenance=provenance,
        data=data,
    )


def _gap(fact: type[Fact], scope: Scope, key: str, gap: Gap) -> Envelope[object]:
    return Envelope(
        fact=fact.INFO.name,
        version=fact.INFO.version,
        subject=DocumentSubject(scope, key),
        status="gap",
        provenance=gap.provenance,
        cause=gap.cause,
        detail=gap.detail,
    )


def _document(envelope: Envelope[object], scope: Scope, key: str) -> tuple[DocumentEntry, bytes]:
    data = _JSON.encode(envelope) + b"\n"
    path = document_path(envelope.fact, scope, key)
    digest = hashlib.sha256(data).hexdigest()
    return DocumentEntry(path, envelope.fact, key, envelope.status, digest, len(data)), data


def _write_folder(folder: Path, members: list[tuple[str, bytes]]) -> None:
    folder.mkdir()
    for path, data in members:
        target = folder.joinpath(*path.split("/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _write_zip(archive: Path, members: list[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(archive, "x", zipfile.ZIP_DEFLATED) as out:
        for path, data in members:
            info = zipfile.ZipInfo(path, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            out.writestr(info, data)


def _remove(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        temporary.unlink(missing_ok=True)
