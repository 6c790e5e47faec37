"""Bundles on disk: evidence as a folder or a zip of hashed JSON documents."""

from hypervigil.store.errors import BundleError
from hypervigil.store.read import read_bundle
from hypervigil.store.verify import Verification, verify_bundle
from hypervigil.store.write import write_bundle

__all__ = ["BundleError", "Verification", "read_bundle", "verify_bundle", "write_bundle"]
