"""What is written comes back; what can not be written leaves nothing behind."""

from __future__ import annotations

import datetime
import os
import random
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store import BundleError, documents, read, read_bundle, write, write_bundle
from hypervigil.store.layout import document_path, folder_name
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT
from tests.store.made import (
    SOURCE,
    change_document,
    cluster,
    folder_for_everybody,
    listing,
    lone,
    manifest_of,
    nobody,
    placeless,
    tree,
)

FORMS = pytest.mark.parametrize("name", ["bundle", "bundle.zip", "bundle.ZIP"])


def written(evidence: Evidence, target: Path) -> Path:
    write_bundle(evidence, target, created=MOMENT)
    return target


def replaced(evidence: Evidence, **fields: object) -> Evidence:
    return msgspec.structs.replace(evidence, **fields)


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
    for agreed in (read.agreed(one, other), read.agreed(other, one)):
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
    evidence = lone(defaults.operating_system(caption="x" * 5_000_000))
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


# --- evidence that does not fit -------------------------------------------------------------------------------------

TWICE = tuple(Subject(Scope.NODE, "hv01", name) for name in ("A", "B"))
UNFIT = {
    "a fact of no node": (replaced(lone(), facts={("tpm", "hv09"): Known(defaults.tpm(), SOURCE)}), "no such subject"),
    "a gap of no node": (replaced(lone(), facts={("tpm", "hv09"): Gap("tpm", Cause.TIMED_OUT)}), "no such subject"),
    "a fact of another cluster": (replaced(cluster(), cluster=None), "no such subject"),
    "an unknown fact": (replaced(lone(), facts={("moon", "hv01"): Gap("moon", Cause.TIMED_OUT)}), "registered"),
    "a fact under another's name": (
        replaced(lone(), facts={("tpm", "hv01"): Known(defaults.secure_boot(), SOURCE)}),
        "it is a SecureBoot, not a Tpm",
    ),
    "a list of no node": (replaced(lone(), listings={("vms", "hv09"): Listing(())}), "no node"),
    "a list of what is no list": (replaced(lone(), listings={("tpm", "hv01"): Listing(())}), "no node"),
    "an item listed twice": (listing(("hv01", (defaults.vm(1), defaults.vm(1)))), "listed twice"),
    "an item under another's key": (
        replaced(
            lone(),
            facts={("vms", "a"): Known(defaults.vm(1, id="b"), SOURCE)},
            listings={("vms", "hv01"): Listing(("a",))},
        ),
        "its id is another one",
    ),
    "two nodes with one key": (replaced(lone(), nodes=TWICE), "same key"),
    "half a character in a fact": (lone(defaults.operating_system(caption="\ud83d")), "written as JSON"),
    "half a character in the manifest": (replaced(lone(), label="\ud83d"), "written as JSON"),
    "half a character in a key": (lone(defaults.tpm(), key="\ud83d"), "written as JSON"),
    "a number without end": (lone(defaults.operating_system(sku=10**5000)), "written as JSON"),
}


@FORMS
@pytest.mark.parametrize(("evidence", "says"), UNFIT.values(), ids=UNFIT)
def test_evidence_that_does_not_fit_is_refused(tmp_path: Path, name: str, evidence: Evidence, says: str) -> None:
    with pytest.raises(BundleError, match=says) as caught:
        write_bundle(evidence, tmp_path / name, created=MOMENT)
    assert str(tmp_path / name) in str(caught.value)
    assert "report" in caught.value.remedy
    str(caught.value).encode()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("limit", "value"),
    [("MAX_DOCUMENT_BYTES", 2_000), ("MAX_BUNDLE_BYTES", 20_000), ("MAX_DOCUMENTS", 10), ("MAX_MANIFEST_BYTES", 2_000)],
)
def test_what_a_reader_would_refuse_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(documents, limit, value)
    with pytest.raises(BundleError, match=f"{value}"):
        write_bundle(cluster(), tmp_path / "a", created=MOMENT)
    assert not list(tmp_path.iterdir())


# --- places that can not be written ---------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def a_file(at: Path) -> None:
    at.write_bytes(b"mine")


def a_dangling_link(at: Path) -> None:
    at.symlink_to(at.with_name("nowhere"))


@FORMS
@pytest.mark.parametrize("make", [Path.mkdir, a_file, a_dangling_link])
def test_an_existing_target_is_refused(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / name)
    before = names(tmp_path)
    with pytest.raises(BundleError, match=r"exists already.*another name"):
        write_bundle(lone(), tmp_path / name, created=MOMENT)
    assert names(tmp_path) == before


@FORMS
def test_a_target_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(write, "_check_target", lambda _: None)
    a_file(tmp_path / name)
    with pytest.raises(BundleError, match=r"exists already|Not a directory"):
        write_bundle(lone(), tmp_path / name, created=MOMENT)
    assert tree(tmp_path) == {name: b"mine"}


def test_a_full_folder_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_check_target", lambda _: None)
    tmp_path.joinpath("a").mkdir()
    a_file(tmp_path / "a" / "b")
    with pytest.raises(BundleError, match=r"could not be written|exists already"):
        write_bundle(lone(), tmp_path / "a", created=MOMENT)
    assert tree(tmp_path) == {"a/b": b"mine"}


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert read_bundle(written(lone(defaults.tpm()), tmp_path / "a.zip")).get(type(defaults.tpm()), "hv01")
    assert names(tmp_path) == ["a.zip"]
    monkeypatch.setattr(write, "_check_target", lambda _: None)
    with pytest.raises(BundleError, match="exists already"):
        write_bundle(lone(), tmp_path / "a.zip", created=MOMENT)


@FORMS
@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("missing", "its folder does not exist; expected a folder .*missing. Make it first"),
        ("file", "its folder does not exist"),
        ("nul\0", "its folder does not exist|could not be written"),
        (f"{'x' * 300}", "its folder does not exist|could not be written"),
    ],
)
def test_a_place_that_is_no_folder(tmp_path: Path, name: str, where: str, says: str) -> None:
    a_file(tmp_path / "file")
    with pytest.raises(BundleError, match=says):
        write_bundle(lone(), tmp_path / where / name, created=MOMENT)
    assert names(tmp_path) == ["file"]


@FORMS
@pytest.mark.parametrize("part", ["nul\0", "x" * 300])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str, part: str) -> None:
    with pytest.raises(BundleError, match=r"could not be written"):
        write_bundle(lone(), tmp_path / f"{part}{name}", created=MOMENT)
    assert not list(tmp_path.iterdir())


def test_a_name_as_long_as_a_file_can_have(tmp_path: Path) -> None:
    assert read_bundle(written(lone(), tmp_path / f"{'x' * 251}.zip")).label == "HV01"


@FORMS
@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_that_can_not_be_written(name: str, mode: int) -> None:
    with folder_for_everybody() as folder:
        place = folder / "place"
        place.mkdir(mode=0o700)
        place.chmod(mode)
        with nobody(), pytest.raises(BundleError, match=r"could not be written: Permission denied.*permissions"):
            write_bundle(lone(), place / name, created=MOMENT)
        place.chmod(0o700)
        assert not list(place.iterdir())


@FORMS
def test_a_disk_that_fills_up(tmp_path: Path, name: str) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "hypervigil-test", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        with pytest.raises(BundleError, match=r"could not be written: No space left on device. Check free space"):
            write_bundle(cluster(), place / name, created=MOMENT)
        assert not list(place.iterdir())
    finally:
        subprocess.run(["umount", place], check=True)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from hypervigil.store import BundleError, write_bundle
from hypervigil.synthetic.cluster import MOMENT
from tests.store.made import (
    SOURCE,
    change_document,
    cluster,
    folder_for_everybody,
    listing,
    lone,
    manifest_of,
    nobody,
    placeless,
    tree,
)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
try:
    write_bundle(cluster(), Path(sys.argv[1]), created=MOMENT)
except BundleError as error:
    sys.stderr.write(str(error))
"""


@FORMS
def test_a_file_that_may_not_grow(tmp_path: Path, name: str) -> None:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", LIMITED, tmp_path / name],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
    )
    assert run.stderr.startswith(f"{tmp_path / name}: it could not be written: File too large. Check free space")
    assert not list(tmp_path.iterdir())
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 8192


@FORMS
def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", interrupted)
    monkeypatch.setattr(os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(cluster(), tmp_path / name, created=MOMENT)
    assert not list(tmp_path.iterdir())
