"""What can not be written leaves nothing behind, and says why."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store import BundleError, documents, read_bundle, write, write_bundle
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT
from tests.store.made import (
    SOURCE,
    cluster,
    folder_for_everybody,
    listing,
    lone,
    nobody,
    replaced,
    tree,
    written,
)

FORMS = pytest.mark.parametrize("name", ["bundle", "bundle.zip", "bundle.ZIP"])


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
    monkeypatch.setattr(os.path, "lexists", lambda _: False)
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
    replaced,
    written,
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
