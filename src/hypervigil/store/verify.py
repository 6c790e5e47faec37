"""Is a bundle still what it was when it was written?"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from hypervigil.store.container import open_container
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import MANIFEST, MAX_DOCUMENT_BYTES, Manifest
from hypervigil.store.read import read_manifest


class Difference(msgspec.Struct, frozen=True):
    """A document that is not as the manifest states it."""

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

    Raises:
        BundleError: it is no bundle, or of a newer format version.
    """
    container = open_container(path)
    try:
        sizes = container.sizes()
        manifest = read_manifest(container, sizes)
        digest = hashlib.sha256(container.read(MANIFEST)).hexdigest()
        differences = []
        for entry in manifest.documents:
            if entry.path not in sizes:
                differences.append(Difference(entry.path, "missing"))
            elif sizes[entry.path] != entry.size or sizes[entry.path] > MAX_DOCUMENT_BYTES:
                differences.append(Difference(entry.path, "changed", f"{sizes[entry.path]} bytes, was {entry.size}"))
            else:
                try:
                    same = hashlib.sha256(container.read(entry.path)).hexdigest() == entry.sha256
                except BundleError as error:
                    differences.append(Difference(entry.path, "unreadable", error.problem))
                    continue
                if not same:
                    differences.append(Difference(entry.path, "changed", "its SHA-256 differs"))
        listed = {entry.path for entry in manifest.documents} | {MANIFEST}
        differences.extend(Difference(name, "added") for name in sorted(sizes.keys() - listed))
        return Verification(str(path), manifest, digest, len(manifest.documents), tuple(differences))
    except OSError as error:
        raise BundleError(
            path, f"it can not be read: {error.strerror or error}", place=str(error.filename or "")
        ) from error
    finally:
        container.close()
