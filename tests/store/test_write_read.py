"""What is written comes back; what can not be written leaves nothing behind."""

from __future__ import annotations

import datetime
import random
import sys
import zipfile
from pathlib import Path

import pytest

from hypervigil.evidence import agreement
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store import read_bundle, write_bundle
from hypervigil.store.layout import document_path, folder_name
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT
from tests.store.made import (
    SOURCE,
    change_document,
    cluster,
    listing,
    lone,
    manifest_of,
    placeless,
    replaced,
    tree,
    written,
)

FORMS = pytest.mark.parametrize("name", ["bundle", "bundle.zip", "bundle.ZIP"])


# --- what is written comes back -------------------------------------------------------------------------------------

ODD = {
    "a whole cluster": cluster(),
    "no cluster, no node": Evidence(label="", cluster=None, nodes=(), facts={}),
    "a host without a cluster": lone(defaults.secure_boot()),
    "a cluster with the key of its node": replaced(
        lone(defaults.tpm()),
        cluster=Subject(Scope.CLUSTER, "hv01", "HV01"),
        facts={("cluster", "hv01"): Known(defaults.cluster(), SOURCE), ("tpm", "hv01"): Known(defaults.tpm(), SOURCE)},
    ),
    "facts of a cluster that nobody could name": replaced(
        lone(), facts={("cluster", ""): Gap("cluster", Cause.ACCESS_DENIED, "no rights", SOURCE)}
    ),
    "every cause of a gap": replaced(
        lone(),
        facts={
            (fact.INFO.name, "hv01"): Gap(fact.INFO.name, cause, "why", SOURCE)
            for fact, cause in zip(
                [each for each in FACTS if each.INFO.subject is Scope.NODE],
                [cause for cause in Cause if cause is not Cause.CONTROL_ERROR],
                strict=False,
            )
        },
    ),
    "a list that is a gap": replaced(lone(), listings={("vms", "hv01"): Gap("vms", Cause.TIMED_OUT)}),
    "a list without items": replaced(lone(), listings={("vms", "hv01"): Listing(())}),
    "items that are gaps": listing(("hv01", ("a", defaults.vm(1), "b", "c", defaults.vm(2), "d"))),
    "nothing but items that are gaps": listing(("hv01", ("b", "a"))),
    "a VM on two nodes": listing(("hv01", (defaults.vm(1), defaults.vm(2))), ("hv02", (defaults.vm(2),))),
    "nodes told apart by case": replaced(
        lone(),
        nodes=tuple(Subject(Scope.NODE, key, key) for key in ("HV01", "hv01", "Hv01")),
        facts={
            ("tpm", "HV01"): Known(defaults.tpm(present=True), SOURCE),
            ("tpm", "hv01"): Known(defaults.tpm(present=False), SOURCE),
            ("tpm", "Hv01"): Gap("tpm", Cause.TIMED_OUT),
        },
    ),
    "a node named like a device, and one like a path": replaced(
        lone(),
        nodes=tuple(Subject(Scope.NODE, key, key) for key in ("nul", "../..", "C:\\hv", "hv01.", "")),
        facts={("tpm", key): Gap("tpm", Cause.TIMED_OUT, key) for key in ("nul", "../..", "C:\\hv", "hv01.", "")},
    ),
}


@FORMS
@pytest.mark.parametrize("evidence", ODD.values(), ids=ODD)
def test_evidence_comes_back(tmp_path: Path, name: str, evidence: Evidence) -> None:
    assert placeless(read_bundle(written(evidence, tmp_path / name))) == placeless(evidence)


def test_form_follows_the_name(tmp_path: Path) -> None:
    assert written(cluster(), tmp_path / "a").is_dir()
    assert zipfile.is_zipfile(written(cluster(), tmp_path / "a.zip"))


def test_facts_say_which_document_holds_them(tmp_path: Path) -> None:
    found = read_bundle(written(cluster(), tmp_path / "a"))
    record = found.record("tpm", "cl01-n01.contoso.com")
    assert isinstance(record, Known)
    assert record.document == "nodes/cl01-n01.contoso.com/tpm.json"
    held = found.listing("vms", "cl01-n01.contoso.com")
    assert isinstance(held, Listing)
    assert {found.facts["vms", key].document for key in held.keys} == {held.document}


def test_manifest_is_given_back_and_names_every_document(tmp_path: Path) -> None:
    manifest = write_bundle(cluster(), tmp_path / "a", created=MOMENT)
    assert {entry.path for entry in manifest.documents} | {"manifest.json"} == set(tree(tmp_path / "a"))
    assert {entry["path"] for entry in manifest_of(tmp_path / "a")["documents"]} == {
        entry.path for entry in manifest.documents
    }
    assert manifest.requested == tuple(fact.INFO.name for fact in FACTS)


AHEAD = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime.datetime(2026, 5, 2, 1, 0, tzinfo=AHEAD), "2026-05-01T19:30:00Z"),
        (datetime.datetime(2026, 5, 2, 1, 0), "2026-05-02T01:00:00Z"),  # noqa: DTZ001  without a zone is UTC
    ],
)
def test_moments_are_written_in_utc(tmp_path: Path, moment: datetime.datetime, text: str) -> None:
    write_bundle(replaced(lone(), collected=moment), tmp_path / "a", created=moment)
    manifest = manifest_of(tmp_path / "a")
    assert (manifest["created"], manifest["collected"]) == (text, text)


def test_a_vm_that_no_node_lists_is_left_out(tmp_path: Path) -> None:
    evidence = replaced(lone(), facts={("vms", "a"): Known(defaults.vm(1, id="a"), SOURCE)})
    assert not read_bundle(written(evidence, tmp_path / "a")).facts


# --- an item that two nodes list ------------------------------------------------------------------------------------

MOVED = listing(("hv01", (defaults.vm(1), defaults.vm(2))), ("hv02", (defaults.vm(2),)), ("hv03", (defaults.vm(2),)))


def test_a_vm_on_several_nodes_is_the_first_document_s(tmp_path: Path) -> None:
    found = read_bundle(written(MOVED, tmp_path / "a"))
    assert found.facts["vms", defaults.vm(2).id].document == "nodes/hv01/vms.json"
    assert [len(found.listings["vms", node.key].keys) for node in found.nodes] == [2, 1, 1]  # type: ignore[union-attr]


def test_nodes_that_disagree_on_a_vm_make_a_conflict(tmp_path: Path) -> None:
    bundle = written(MOVED, tmp_path / "a")
    change_document(bundle, "vms", lambda document: document["data"][1].update(state=9, name="other"))
    record = read_bundle(bundle).record("vms", defaults.vm(2).id)
    assert isinstance(record, Gap)
    assert record.cause is Cause.CONFLICTING
    assert record.detail == "nodes/hv01/vms.json and nodes/hv02/vms.json differ in name, state"
    assert record.missing.detail == record.detail
    assert isinstance(read_bundle(bundle).record("vms", defaults.vm(1).id), Known)


def test_a_conflict_is_written_and_read_again(tmp_path: Path) -> None:
    bundle = written(MOVED, tmp_path / "a")
    change_document(bundle, "vms", lambda document: document["data"][1].update(state=9))
    once = read_bundle(bundle)
    assert replaced(placeless(read_bundle(written(once, tmp_path / "b"))), facts={}) == replaced(
        placeless(once), facts={}
    )
    again = read_bundle(tmp_path / "b").record("vms", defaults.vm(2).id)
    assert isinstance(again, Gap)
    assert again.cause is Cause.CONFLICTING


KNOWN, OTHER = (Known(defaults.vm(1, name=name), SOURCE, name) for name in ("one", "two"))
GAP, CONFLICT = (Gap("vms", cause, document="a") for cause in (Cause.TIMED_OUT, Cause.CONFLICTING))


@pytest.mark.parametrize(
    ("one", "other", "cause"),
    [
        (KNOWN, KNOWN, None),
        (KNOWN, OTHER, Cause.CONFLICTING),
        (KNOWN, GAP, None),
        (GAP, GAP, Cause.TIMED_OUT),
        (KNOWN, CONFLICT, Cause.CONFLICTING),
        (GAP, CONFLICT, Cause.CONFLICTING),
        (CONFLICT, CONFLICT, Cause.CONFLICTING),
    ],
)
def test_agreement_does_not_depend_on_the_order(one: Known | Gap, other: Known | Gap, cause: Cause | None) -> None:
    for agreed in (agreement.agreed(one, other), agreement.agreed(other, one)):
        assert (agreed.cause if isinstance(agreed, Gap) else None) is cause


# --- the same evidence gives the same bytes -------------------------------------------------------------------------


def shuffled(evidence: Evidence) -> Evidence:
    source = random.Random(1)
    facts, listings = (
        dict(source.sample(list(records.items()), len(records)))
        for records in (dict(evidence.facts), dict(evidence.listings))
    )
    return replaced(evidence, facts=facts, listings=listings)


def test_same_evidence_gives_the_same_folder(tmp_path: Path) -> None:
    one, other = (
        tree(written(evidence, tmp_path / name))
        for name, evidence in (("one", cluster()), ("other", shuffled(cluster())))
    )
    assert one == other


def test_same_evidence_gives_the_same_zip_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = written(cluster(), tmp_path / "one.zip").read_bytes()
    monkeypatch.setattr(sys, "platform", "win32")  # where zipfile itself would write another system
    assert written(shuffled(cluster()), tmp_path / "other.zip").read_bytes() == one


@FORMS
def test_a_bundle_that_is_read_and_written_is_the_same(tmp_path: Path, name: str) -> None:
    written(read_bundle(written(cluster(), tmp_path / name)), tmp_path / f"again-{name}")
    one, again = tmp_path / name, tmp_path / f"again-{name}"
    assert tree(one) == tree(again) if one.is_dir() else one.read_bytes() == again.read_bytes()


def test_folder_and_zip_hold_the_same(tmp_path: Path) -> None:
    written(cluster(), tmp_path / "a")
    with zipfile.ZipFile(written(cluster(), tmp_path / "a.zip")) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == tree(tmp_path / "a")


def test_what_shrinks_like_a_bomb_comes_back_from_a_zip(tmp_path: Path) -> None:
    evidence = lone(defaults.operating_system(caption="x" * 20_000_000))
    bundle = written(evidence, tmp_path / "a.zip")
    assert placeless(read_bundle(bundle)) == evidence


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["hv01.contoso.com", "hv01", "2001-db8", "a" * 100, "con-1", "hv_1", "console", "com10", "lpt"]
)
def test_a_harmless_key_is_its_folder(key: str) -> None:
    assert folder_name(key) == key


@pytest.mark.parametrize(
    "key",
    [
        "HV01",
        "con",
        "nul",
        "aux.contoso.com",
        "com1",
        "lpt9.local",
        "hv01.",
        "hv01 ",
        " hv01",
        "",
        ".",
        "..",
        "../x",
        "/etc",
        "C:\\x",
        "a/b",
        "a\\b",
        "a:b",
        "a*b",
        "hv\x00",
        "hv\n",
        "ノード",
        "é",
        "a" * 101,
        "~",
        "-a",
        "_a",
        "ﬁ",
    ],
)
def test_any_other_key_is_marked(key: str) -> None:
    name = folder_name(key)
    readable, mark, digest = name.partition("~")
    assert (mark, len(digest)) == ("~", 16)
    assert name == name.lower()
    assert name.isascii()
    assert readable.replace("-", "a").isalnum()
    assert len(name) <= 80


def test_no_two_keys_share_a_folder() -> None:
    keys = ["hv01", "HV01", "Hv01", "hv01.", "hv01 ", "hv-01", "hv 01", "hv:01", "é", "e\u0301", "", "node"]
    assert len({folder_name(key).casefold() for key in keys}) == len(keys)


def test_names_of_facts_are_harmless_file_names() -> None:
    for fact in FACTS:
        assert folder_name(fact.INFO.name) == fact.INFO.name
        assert document_path(fact.INFO.name, Scope.CLUSTER, "") == f"cluster/{fact.INFO.name}.json"
