"""What a bundle looks like on disk: the manifest, the envelope of a document, and where documents lie.

    manifest.json                               what was asked for, every document with its SHA-256 and size
    manifest.json.p7s                           where somebody vouches for it: a detached CMS signature over its bytes
    cluster/<fact>.json                         one document per fact of the cluster, or per list that no node gives
    nodes/<node>/<fact>.json                    one document per fact of a node, or per list of the node (all its VMs)

A document is an envelope: fact name, schema version, subject, status (``known`` or ``gap``), provenance, data. A gap is
a document too. The data of a list (``item_key`` of the fact's type) is an array; its items share the provenance of the
list, and an item that is itself a gap is named in ``gaps``. Two nodes may list the same item (a VM that moved between
two commands): both documents then hold it, and a reader believes it where they agree.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
from typing import Generic, Literal, TypeVar

import msgspec

from hypervigil.evidence.evidence import Provenance, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import BY_NAME
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope

FORMAT_VERSION = 1
"""Version of the layout and of the manifest; a reader refuses newer ones."""

MANIFEST = "manifest.json"
SIGNATURE = f"{MANIFEST}.p7s"

MAX_MANIFEST_BYTES = 64 * 1024 * 1024
MAX_DOCUMENT_BYTES = 128 * 1024 * 1024
MAX_BUNDLE_BYTES = 2 * 1024 * 1024 * 1024
MAX_DOCUMENTS = 200_000
"""Bounds on what is read, and so on what is written: a made-up cluster of 64 nodes and 1,000 VMs takes 7 MB in 1,026
documents, one of its nodes' longest documents 80 kB."""

D = TypeVar("D")


class SubjectEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cluster or node of the bundle: its stable key, the name people use, other keys it is known by, its cluster."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    cluster: str = ""


class DocumentEntry(msgspec.Struct, frozen=True):
    """One document: where it lies, what it holds about which cluster or node, and the digest of its bytes."""

    path: str
    fact: str
    subject: str
    status: Literal["known", "gap"]
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The table of contents of a bundle. ``requested`` are the facts that were asked for, there or not."""

    format: int
    tool: str
    created: datetime.datetime
    source: str
    label: str
    collected: datetime.datetime | None = None
    cluster: SubjectEntry | None = None
    nodes: tuple[SubjectEntry, ...] = ()
    synthetic: bool = False
    redacted: bool = False
    requested: tuple[str, ...] = ()
    documents: tuple[DocumentEntry, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class DocumentSubject(msgspec.Struct, frozen=True):
    """What a document is about."""

    scope: Scope
    key: str


class ItemGap(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item of a list that is a gap: its place in the list (from 0), its key, the cause, and what is known of it."""

    place: int
    key: str
    cause: Cause
    detail: str = ""


class Envelope(msgspec.Struct, Generic[D], frozen=True, kw_only=True, omit_defaults=True):
    """A document: a fact with its provenance, or a gap with its cause. ``gaps`` are for lists only."""

    fact: str
    version: int
    subject: DocumentSubject
    status: Literal["known", "gap"]
    provenance: Provenance | None = None
    data: D | None = None
    cause: Cause | None = None
    detail: str = ""
    gaps: tuple[ItemGap, ...] = ()


class FormatProbe(msgspec.Struct, frozen=True):
    """The one field of a manifest that every version has."""

    format: int


class VersionProbe(msgspec.Struct, frozen=True):
    """The one field of a document that tells whether the rest can be understood."""

    version: int


@functools.cache
def envelope_decoder(fact: type[Fact]) -> msgspec.json.Decoder[Envelope[Fact | tuple[Fact, ...]]]:
    """Decodes the documents of one fact, checking every type."""
    data = tuple[fact, ...] if fact.INFO.item_key else fact  # type: ignore[valid-type]
    return msgspec.json.Decoder(Envelope[data])  # type: ignore[valid-type]


def document_path(fact: str, scope: Scope, key: str) -> str:
    """Where the document of a fact lies, with forward slashes; safe as a file name on Windows."""
    if scope is Scope.CLUSTER:
        return f"cluster/{fact}.json"
    return f"nodes/{folder_name(key)}/{fact}.json"


_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


@functools.lru_cache(maxsize=4096)
def folder_name(key: str) -> str:
    """A node's key as a folder name: itself where that is harmless on every system, else marked with a digest.

    Different keys have different folders, also where the file system knows no case: a key with a capital letter is
    marked too, and no key that goes unmarked has a ``~``.
    """
    if _PLAIN.fullmatch(key) and not _RESERVED.fullmatch(key) and not key.endswith("."):
        return key
    readable = re.sub(r"[^a-z0-9-]+", "-", key.lower()).strip("-")[:60] or "node"
    return f"{readable}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def known_fact(name: str) -> type[Fact] | None:
    """The type of fact with that name; None where this version does not know it."""
    return BY_NAME.get(name)
