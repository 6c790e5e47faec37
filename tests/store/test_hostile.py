"""Manifests and documents are foreign input: reading gives evidence or a `BundleError` that says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from hypervigil.store import BundleError, read, read_bundle, verify_bundle
from hypervigil.store.container import FolderContainer
from hypervigil.store.layout import MANIFEST, MAX_DOCUMENT_BYTES
from tests.store.made import (
    Json,
    change_document,
    change_manifest,
    entry_of,
    put_document,
    refused,
    small_bundle,
    zipped,
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return small_bundle(tmp_path / "bundle")


OTHER = {"key": "hv02", "name": "HV02"}


# --- the manifest: bytes --------------------------------------------------------------------------------------------

NESTED = b"[" * 200_000
MANIFEST_BYTES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("empty", lambda _: b"", "it is no manifest: Input data was truncated"),
    ("no JSON", lambda _: b"PK\3\4", "it is no manifest: JSON is malformed"),
    ("cut off", lambda data: data[:-20], "it is no manifest"),
    ("two of them", lambda data: data + data, "trailing characters"),
    ("a list", lambda data: b"[" + data + b"]", "Expected `object`, got `array`"),
    ("null", lambda _: b"null", "Expected `object`, got `null`"),
    ("UTF-16", lambda data: data.decode().encode("utf-16"), "it is UTF-16, and has to be UTF-8"),
    ("UTF-16, other end first", lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"), "it is UTF-16"),
    ("UTF-16 without a mark", lambda data: data.decode().encode("utf-16-le"), "JSON is malformed"),
    ("byte order mark", lambda data: b"\xef\xbb\xbf" + data, "it is UTF-8 with a byte order mark"),
    ("Latin-1", lambda data: data.replace(b"HV01", b"HV\xe91"), "it is no manifest"),
    ("half a character", lambda data: data.replace(b"HV01", rb"\ud83d"), "it is no manifest"),
    ("nested", lambda _: NESTED, "it is no manifest"),
    ("nested in what nobody reads", lambda _: b'{"x":' + NESTED, "it is nested too deeply"),
    ("nested in a field", lambda data: data.replace(b'"nodes": [', b'"nodes": [' + NESTED), "it is n"),
    ("infinite", lambda data: data.replace(b'"format": 1', b'"format": Infinity'), "it is no manifest"),
]


@pytest.mark.parametrize(
    ("make", "says"), [row[1:] for row in MANIFEST_BYTES], ids=[name for name, _, _ in MANIFEST_BYTES]
)
def test_bytes_that_are_no_manifest(bundle: Path, make: Callable[[bytes], bytes], says: str) -> None:
    path = bundle / MANIFEST
    path.write_bytes(make(path.read_bytes()))
    error = refused(bundle, says)
    assert error.place == MANIFEST
    assert error.not_a_bundle
    with pytest.raises(BundleError):
        verify_bundle(bundle)


# --- the manifest: fields -------------------------------------------------------------------------------------------


def entry(**fields: object) -> Callable[[Json], object]:
    """Changes the entry of the TPM document."""
    return lambda manifest: entry_of(manifest, "tpm").update(fields)


def other_node(**fields: object) -> Callable[[Json], object]:
    return lambda manifest: (manifest["nodes"].append(OTHER), entry_of(manifest, "tpm").update(fields))


def node(**fields: object) -> Callable[[Json], object]:
    return lambda manifest: manifest["nodes"][0].update(fields)


def field(name: str, value: object) -> Callable[[Json], object]:
    return lambda manifest: manifest.update({name: value})


def repeat(manifest: Json, **fields: object) -> None:
    manifest["documents"].append({**entry_of(manifest, "tpm"), **fields})


TPM = "nodes/hv01/tpm.json"
OUTSIDE = [
    "../outside.json",
    "nodes/../../outside.json",
    "nodes/hv01/../../../outside.json",
    "/etc/passwd",
    "//etc/passwd",
    r"..\outside.json",
    r"nodes\hv01\tpm.json",
    "C:/Windows/win.ini",
    r"C:\Windows\win.ini",
    r"\\server\share\tpm.json",
    "nodes/hv01/./tpm.json",
    "nodes//hv01/tpm.json",
    "nodes/hv01/tpm.json/",
    "nodes/hv01/tpm.json\0",
    "nodes/hv01/tpm.json:stream",
    "nodes/HV01/tpm.json",
    "nodes/hv01",
    "nodes/hv02/tpm.json",
    "tpm.json",
    "",
    ".",
    "x" * 100_000,
]
MANIFEST_FIELDS: list[tuple[str, Callable[[Json], object], str]] = [
    ("newer", field("format", 2), "format version 2, and this hypervigil reads up to 1"),
    ("much newer", field("format", 10**18), f"format version {10**18}"),
    ("far too new", field("format", 10**4000), "format version 1000000"),
    ("version 0", field("format", 0), "its format version is 0; expected 1 to 1"),
    ("version -1", field("format", -1), "its format version is -1"),
    ("version 1.0", field("format", 1.0), "Expected `int`, got `float` - at `$.format`"),
    ("version true", field("format", True), "Expected `int`, got `bool` - at `$.format`"),
    ("version as text", field("format", "1"), "Expected `int`, got `str` - at `$.format`"),
    ("no version", lambda manifest: manifest.pop("format"), "missing required field `format`"),
    ("no label", lambda manifest: manifest.pop("label"), "missing required field `label`"),
    ("no date", field("created", "yesterday"), "Invalid RFC3339 encoded datetime - at `$.created`"),
    ("documents as a table", field("documents", {}), "Expected `array`, got `object` - at `$.documents`"),
    ("an entry without digest", lambda manifest: entry_of(manifest, "tpm").pop("sha256"), "`sha256`"),
    ("two nodes with one key", lambda m: m["nodes"].append(m["nodes"][0]), "two of its nodes have the same key"),
    ("a document twice", repeat, "the manifest names it twice"),
    ("twice but for case", lambda manifest: repeat(manifest, path=TPM.upper()), "the manifest names it twice"),
    ("twice in two places", lambda manifest: repeat(manifest, path="a"), "does not lie there"),
    ("itself", entry(path=MANIFEST), "the manifest names it twice"),
    ("a fact that nobody knows", entry(fact="moon"), "there is no fact named 'moon'. Update hypervigil"),
    ("a fact with a long name", entry(fact="m" * 10_000), "there is no fact named 'mmm"),
    ("another fact", entry(fact="rdma", path="nodes/hv01/rdma.json"), "it is missing from the bundle"),
    ("a node that is none", entry(subject="hv02"), "it is about 'hv02', which is no node of the bundle"),
    ("another node", other_node(subject="hv02"), "does not lie there"),
    ("another node's place", other_node(subject="hv02", path="nodes/hv02/tpm.json"), "it is missing"),
    ("a node under another key", node(key="HV01"), "which is no node of the bundle"),
    ("a cluster that is none", entry(fact="cluster", subject="CL01"), "which is no cluster of the bundle"),
    ("a cluster as a node", entry(fact="cluster", subject="hv01"), "which is no cluster of the bundle"),
    ("known as a gap", entry(status="known"), "are not those that the manifest states"),
    ("a status that is none", entry(status="maybe"), "Invalid enum value 'maybe'"),
    ("another digest", entry(sha256="0" * 64), "it was changed after it was collected: its SHA-256 is"),
    ("a digest that is none", entry(sha256="x" * 100_000), "it was changed after it was collected"),
    ("another size", entry(size=10**12), "expected 1000000000000 bytes. Collect again"),
    ("a negative size", entry(size=-1), "expected -1 bytes"),
    *((f"path {path[:40]!r}", entry(path=path), "does not lie there") for path in OUTSIDE),
]


@pytest.mark.parametrize(
    ("change", "says"), [row[1:] for row in MANIFEST_FIELDS], ids=[name for name, _, _ in MANIFEST_FIELDS]
)
def test_manifest_that_is_not_right(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Json], object], says: str
) -> None:
    bundle.with_name("outside.json").write_bytes(bundle.joinpath(TPM).read_bytes())
    change_manifest(bundle, change)
    opened: list[str] = []
    monkeypatch.setattr(os, "open", watched(opened))
    refused(bundle, says)
    assert all(path.startswith(f"{bundle}/nodes/hv01/") or path == f"{bundle}/{MANIFEST}" for path in opened), opened


def watched(opened: list[str]) -> Callable[..., int]:
    real = os.open

    def record(path: str, flags: int) -> int:
        opened.append(path)
        return real(path, flags)

    return record


def test_more_documents_than_the_limit(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_DOCUMENTS", 3)
    assert refused(bundle, "it names 4 documents; expected at most 3").not_a_bundle


def test_a_manifest_over_the_limit_is_not_opened(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_MANIFEST_BYTES", 100)
    monkeypatch.setattr(FolderContainer, "read", None)
    refused(bundle, "expected at most 100")


def test_a_document_over_the_limit_is_not_opened(bundle: Path) -> None:
    """As large as a file can be, without a byte on the disk."""
    size = 2**40
    os.truncate(bundle / TPM, size)
    refused(bundle, f"it has {size} bytes; expected 180 bytes")
    change_manifest(bundle, entry(size=size))
    refused(bundle, f"it has {size} bytes; expected at most {MAX_DOCUMENT_BYTES}")


def test_fields_that_nobody_knows_are_passed_over(bundle: Path) -> None:
    before = read_bundle(bundle)
    change_manifest(bundle, lambda manifest: manifest.update(moon=[{}], format=1))
    change_document(bundle, "tpm", lambda document: document.update(moon=1))
    assert read_bundle(bundle) == before


# --- documents that the manifest vouches for ------------------------------------------------------------------------

VM = {"id": "a", "name": "A", "generation": 2, "version": "12.0"}
GAP = {"place": 0, "key": "b", "cause": "timed_out"}


def changes(**fields: object) -> Callable[[Json], object]:
    return lambda document: document.update(fields)


def drops(name: str) -> Callable[[Json], object]:
    return lambda document: document.pop(name)


DOCUMENTS: list[tuple[str, str, Callable[[Json], object], str]] = [
    ("another fact", "tpm", changes(fact="rdma"), "are not those that the manifest states"),
    ("another subject", "tpm", changes(subject={"scope": "node", "key": "hv02"}), "are not those that"),
    ("another scope", "tpm", changes(subject={"scope": "cluster", "key": "hv01"}), "are not those that"),
    ("a scope that is none", "tpm", changes(subject={"scope": "moon", "key": "hv01"}), "Invalid enum value 'moon'"),
    ("another status", "tpm", changes(status="known", data={"present": True}), "are not those that"),
    ("a newer version", "tpm", changes(version=2), "it has version 2 of tpm, this hypervigil reads up to 1. Update"),
    (
        "a newer version with other fields",
        "secure_boot",
        changes(version=3, data={"state": ["on"]}),
        "it has version 3 of secure_boot, this hypervigil reads up to 1",
    ),
    ("a newer version of another shape", "secure_boot", changes(version=3, subject=0), "it has version 3"),
    ("version 0", "tpm", changes(version=0), "its version is 0"),
    ("no version", "tpm", drops("version"), "missing required field `version`"),
    ("a version that is none", "secure_boot", changes(version=True), "Expected `int`, got `bool`"),
    ("a gap without cause", "tpm", drops("cause"), "data and cause do not fit its status 'gap'"),
    ("a gap with data", "tpm", changes(data={"present": True}), "data and cause do not fit its status 'gap'"),
    ("a gap that only a control can have", "tpm", changes(cause="control_error"), "a gap has one of these causes: acc"),
    ("a cause that is none", "tpm", changes(cause="moon"), "Invalid enum value 'moon' - at `$.cause`"),
    ("no data", "secure_boot", changes(data=None), "data and cause do not fit its status 'known'"),
    ("data left out", "secure_boot", drops("data"), "data and cause do not fit its status 'known'"),
    ("a fact with a cause", "secure_boot", changes(cause="timed_out"), "data and cause do not fit"),
    ("a fact from nowhere", "secure_boot", drops("provenance"), "it does not say where the fact came from"),
    ("data of another type", "secure_boot", changes(data=[]), "Expected `object | null`, got `array` - at `$.data`"),
    ("a field of another type", "secure_boot", changes(data={"state": 1}), "Expected `str`, got `int`"),
    ("a field left out", "secure_boot", changes(data={}), "missing required field `state` - at `$.data`"),
    ("a value that is none", "secure_boot", changes(data={"state": "moon"}), "Invalid enum value 'moon'"),
    ("gaps where there is no list", "secure_boot", changes(gaps=[GAP]), "only a list has gaps among its items"),
    ("gaps in a gap", "tpm", changes(gaps=[GAP]), "only a list has gaps among its items"),
    ("a list that is none", "vms", changes(data=VM), "Expected `array | null`, got `object`"),
    ("an item twice", "vms", changes(data=[VM, VM]), "two of its items have the same id"),
    ("an item and its gap", "vms", changes(data=[VM], gaps=[{**GAP, "key": "a"}]), "two of its items have the same id"),
    ("a gap twice", "vms", changes(gaps=[GAP, {**GAP, "place": 1}]), "two of its items have the same id"),
    ("two gaps in one place", "vms", changes(gaps=[GAP, {**GAP, "key": "c"}]), "are not ascending numbers below 3"),
    ("a gap in no place", "vms", changes(gaps=[{**GAP, "place": -1}]), "are not ascending numbers below 2"),
    ("a gap beyond the end", "vms", changes(gaps=[{**GAP, "place": 2}]), "are not ascending numbers below 2"),
    ("a gap of an item that only a control can have", "vms", changes(gaps=[{**GAP, "cause": "control_error"}]), "one"),
]


@pytest.mark.parametrize(
    ("fact", "change", "says"), [row[1:] for row in DOCUMENTS], ids=[name for name, _, _, _ in DOCUMENTS]
)
def test_document_that_is_not_right(bundle: Path, fact: str, change: Callable[[Json], object], says: str) -> None:
    change_document(bundle, fact, change)
    error = refused(bundle, says)
    assert error.place == f"nodes/hv01/{fact}.json"
    assert not error.not_a_bundle
    assert verify_bundle(bundle).whole  # it compares bytes only


DOCUMENT_BYTES = [
    (b"", "Input data was truncated"),
    (b"null", "Expected `object`, got `null`"),
    (b"\xff\xfe{\0}\0", "it is UTF-16"),
    (b"\xef\xbb\xbf{}", "it is UTF-8 with a byte order mark"),
    (b'{"data":' + NESTED, "it is n"),
    (b'{"x":' + NESTED, "it is nested too deeply"),
    (b'{"fact":"\xff"}', "it is not what a tpm document should be"),
    (b'{"version": ' + b"9" * 5000 + b"}", "out of range"),
]


@pytest.mark.parametrize(("data", "says"), DOCUMENT_BYTES, ids=[repr(data[:12]) for data, _ in DOCUMENT_BYTES])
def test_bytes_that_are_no_document(bundle: Path, data: bytes, says: str) -> None:
    put_document(bundle, "tpm", data)
    assert refused(bundle, says).place == TPM


def test_a_list_without_provenance_is_read(bundle: Path) -> None:
    change_document(bundle, "vms", drops("provenance"))
    found = read_bundle(bundle)
    assert found.listing("vms", "hv01").provenance is None
    assert len([name for name, _ in found.facts if name == "vms"]) == 1


def test_many_gaps_do_not_take_long(bundle: Path) -> None:
    gaps = [{**GAP, "place": place, "key": str(place)} for place in range(100_000)]
    change_document(bundle, "vms", changes(gaps=gaps))
    assert len(cast(Any, read_bundle(bundle).listing("vms", "hv01")).keys) == 100_001


@pytest.mark.parametrize("place", [MANIFEST, TPM, "nodes/hv01/vms.json"], ids=["manifest", "gap", "list"])
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_missing_document_is_named(bundle: Path, form: str, place: str) -> None:
    bundle.joinpath(place).unlink()
    target = bundle if form == "folder" else zipped(bundle)
    assert place in str(refused(target, "it holds no manifest.json" if place == MANIFEST else "it is missing from"))


def test_a_changed_document_is_named(bundle: Path) -> None:
    path = bundle / TPM
    path.write_bytes(path.read_bytes().replace(b"denied", b"DENIED").replace(b"not elevated", b"NOT elevated"))
    assert refused(bundle, "it was changed after it was collected: its SHA-256 is").place == TPM
