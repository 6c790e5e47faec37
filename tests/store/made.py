"""Evidence and bundles for these tests, and ways to damage them. All of it is synthetic."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import Vm
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store import BundleError, read_bundle, write_bundle
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build

SOURCE = Provenance(source="synthetic", host="hv01")
Json = dict[str, Any]


def cluster(nodes: int = 2, vms: int = 3) -> Evidence:
    """A made-up cluster named CL01, whose nodes are cl01-n01.contoso.com and so on."""
    return build(Blueprint(name="CL01", nodes=nodes, vms=vms))


def lone(*facts: Fact, key: str = "hv01") -> Evidence:
    """One host without a cluster that says these things of itself."""
    return Evidence(
        label="HV01",
        cluster=None,
        nodes=(Subject(Scope.NODE, key, "HV01"),),
        facts={(type(fact).INFO.name, key): Known(fact, SOURCE) for fact in facts},
        collected=MOMENT,
        source="synthetic",
        synthetic=True,
    )


def listing(*of_nodes: tuple[str, tuple[Vm | str, ...]]) -> Evidence:
    """Nodes and the VMs that each lists; a VM given by its id alone is a gap (timed_out)."""
    facts: dict[tuple[str, str], Known | Gap] = {}
    listings: dict[tuple[str, str], Listing | Gap] = {}
    for node, vms in of_nodes:
        listings["vms", node] = Listing(tuple(vm if isinstance(vm, str) else vm.id for vm in vms), SOURCE)
        for vm in vms:
            if isinstance(vm, str):
                facts["vms", vm] = Gap("vms", Cause.TIMED_OUT, "no answer", SOURCE)
            else:
                facts["vms", vm.id] = Known(vm, SOURCE)
    nodes = tuple(Subject(Scope.NODE, node, node.upper()) for node, _ in of_nodes)
    return Evidence(label="CL", cluster=None, nodes=nodes, facts=facts, listings=listings, source="synthetic")


def small_bundle(target: Path) -> Path:
    """A node with three facts, a VM, and a gap; small enough to damage it in every place."""
    evidence = lone(defaults.secure_boot(), defaults.mailslots())
    facts = {
        **evidence.facts,
        ("tpm", "hv01"): Gap("tpm", Cause.ACCESS_DENIED, "not elevated", SOURCE),
        ("vms", defaults.vm(1).id): Known(defaults.vm(1), SOURCE),
    }
    listings = {("vms", "hv01"): Listing((defaults.vm(1).id,), SOURCE)}
    write_bundle(msgspec.structs.replace(evidence, facts=facts, listings=listings), target, created=MOMENT)
    return target


def placeless(evidence: Evidence) -> Evidence:
    """Evidence without the paths of the documents that it was read from: what has to come back equal."""
    facts = {key: msgspec.structs.replace(record, document="") for key, record in evidence.facts.items()}
    listings = {key: msgspec.structs.replace(record, document="") for key, record in evidence.listings.items()}
    return msgspec.structs.replace(evidence, facts=facts, listings=listings)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()
    }


def manifest_of(folder: Path) -> Json:
    """The manifest as plain JSON."""
    read: Json = json.loads(folder.joinpath("manifest.json").read_bytes())
    return read


def set_manifest(folder: Path, manifest: Mapping[str, object]) -> None:
    """Put another manifest there."""
    folder.joinpath("manifest.json").write_text(json.dumps(manifest), "utf-8")


def change_manifest(folder: Path, change: Callable[[Json], object]) -> None:
    """Change the manifest in place."""
    manifest = manifest_of(folder)
    change(manifest)
    set_manifest(folder, manifest)


def entry_of(manifest: Json, fact: str) -> Json:
    """The first entry of a fact's documents."""
    return next(entry for entry in manifest["documents"] if entry["fact"] == fact)


def put_document(folder: Path, fact: str, data: bytes) -> None:
    """Replace a fact's first document and make the manifest agree: what a forger would do."""
    manifest = manifest_of(folder)
    entry = entry_of(manifest, fact)
    folder.joinpath(entry["path"]).write_bytes(data)
    entry.update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    set_manifest(folder, manifest)


def change_document(folder: Path, fact: str, change: Callable[[Json], object]) -> None:
    """Change a fact's first document and make the manifest agree."""
    path = folder / entry_of(manifest_of(folder), fact)["path"]
    document = json.loads(path.read_bytes())
    change(document)
    put_document(folder, fact, json.dumps(document).encode())


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Root may write anywhere, so give that up for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextlib.contextmanager
def folder_for_everybody() -> Iterator[Path]:
    """A folder in which also ``nobody`` may do anything; those of pytest are for one user only."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def refused(bundle: Path, says: str) -> BundleError:
    """The refusal; whoever sees it learns which bundle, what is wrong, and what to do."""
    with pytest.raises(BundleError) as caught:
        read_bundle(bundle)
    text = str(caught.value)
    assert text.startswith(f"{bundle}: ")
    assert says in text
    assert caught.value.remedy
    assert text.isprintable()
    assert len(text) < 2500
    return caught.value


def zipped(folder: Path) -> Path:
    """What any program makes of the folder."""
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            archive.write(each, each.relative_to(folder))
    return target


def written(evidence: Evidence, target: Path) -> Path:
    """Where it was written."""
    write_bundle(evidence, target, created=MOMENT)
    return target


def replaced(evidence: Evidence, **fields: object) -> Evidence:
    """The same evidence but for some fields."""
    return msgspec.structs.replace(evidence, **fields)
