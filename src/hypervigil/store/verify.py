"""Is a bundle still what it was when it was written?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from hypervigil.formats.safe_zip import MAX_NAME, printable
from hypervigil.store.container import Container, open_container
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import MANIFEST, MAX_DOCUMENT_BYTES, SIGNATURE, DocumentEntry, Manifest
from hypervigil.store.read import read_manifest


class Difference(msgspec.Struct, frozen=True):
    """A document that is not as the manifest states it.

    ``changed``: other bytes, or no file any more. ``missing``: not there. ``added``: the manifest does not name it.
    ``unreadable``: its bytes could not be had, so nothing is known. ``detail`` says in which way. In the name of
    one that was added, what no terminal should get is escaped.
    """

    document: str
    what: Literal["changed", "missing", "added", "unreadable"]
    detail: str = ""


class Verification(msgspec.Struct, frozen=True):
    """What was compared, and every difference. ``manifest_sha256`` identifies the bundle as a whole."""

    bundle: str
    manifest: Manifest
    manifest_sha256: str
    documents: int
    differences: tuple[Difference, ...]

    @property
    def whole(self) -> bool:
        """Nothing changed, missing or added."""
        return not self.differences


def verify_bundle(path: Path) -> Verification:
    """Compare every document with the manifest; unlike reading, it goes on after the first difference.

    It compares bytes and asks nothing of what they say: reading may still refuse a whole bundle.

    Raises:
        BundleError: it is no bundle, or of a newer format version.
    """
    container = open_container(path)
    try:
        manifest = read_manifest(container)
        digest = hashlib.sha256(container.read(MANIFEST)).hexdigest()
        differences = (*_named(container, manifest), *_added(container, manifest))
        return Verification(str(path), manifest, digest, len(manifest.documents), differences)
    finally:
        container.close()


def _named(container: Container, manifest: Manifest) -> Iterator[Difference]:
    for entry in manifest.documents:
        if entry.path in container.strange:
            yield Difference(entry.path, "changed", f"it is {container.strange[entry.path]}")
        elif entry.path not in container.sizes:
            yield Difference(entry.path, "missing")
        elif (difference := _compared(container, entry)) is not None:
            yield difference


def _compared(container: Container, entry: DocumentEntry) -> Difference | None:
    size = container.sizes[entry.path]
    if size != entry.size:
        return Difference(entry.path, "changed", f"{size} bytes, was {entry.size}")
    if size > MAX_DOCUMENT_BYTES:
        return Difference(entry.path, "unreadable", f"{size} bytes, the limit is {MAX_DOCUMENT_BYTES}")
    try:
        data = container.read(entry.path)
    except BundleError as error:
        return Difference(entry.path, "unreadable", error.problem)
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        return Difference(entry.path, "changed", "its SHA-256 differs")
    return None


def _added(container: Container, manifest: Manifest) -> Iterator[Difference]:
    listed = {entry.path for entry in manifest.documents} | {MANIFEST}
    there = {
        # The signature can not be named in what it signs. What it is worth is for ``signature`` to say.
        **{name: "" for name in container.sizes if name != SIGNATURE},
        **{name: f"it is {what}" for name, what in container.strange.items()},
    }
    for name in sorted(there.keys() - listed):
        yield Difference(printable(name, longest=MAX_NAME), "added", there[name])
