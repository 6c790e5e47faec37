"""`hypervigil demo`: four made-up clusters, a report, and nothing of anybody else's touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hypervigil.store import read_bundle
from tests.cli.program import Caller, program

NAMES = ("UPGRADE22", "GOOD25", "EDGE25", "HOSTER25")


@pytest.fixture
def made(call: Caller, tmp_path: Path) -> Path:
    """A folder in which the demo has run once."""
    assert call("demo", "-o", tmp_path).status == 0
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_it_writes_and_prints(tmp_path: Path) -> None:
    ended = program("demo", cwd=tmp_path)
    assert (ended.status, ended.err) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hypervigil-demo", "report.html"]
    folder = tmp_path / "hypervigil-demo"
    assert sorted(path.name for path in folder.iterdir()) == ["bundles", "contexts", "jump_host", "waivers.toml"]
    assert sorted(path.name for path in (folder / "contexts").iterdir()) == ["GOOD25.toml", "HOSTER25.toml"]
    assert {read_bundle(path).label for path in (folder / "bundles").iterdir()} == set(NAMES)
    assert [line.split(" ─")[0] for line in ended.out.splitlines() if " ──" in line] == [*NAMES, "4 bundles"]
    assert "hypervigil assess hypervigil-demo/bundles/UPGRADE22" in ended.out.replace("\\", "/")


def test_all_of_it_says_that_it_is_synthetic(call: Caller, tmp_path: Path) -> None:
    text = call("demo", "-o", tmp_path).out
    assert text.count("Synthetic: made up, no machine stands behind it.") == 4
    report = json.loads(call("demo", "-o", tmp_path, "--json").out)
    assert [cluster["synthetic"] for cluster in report["clusters"]] == [True] * 4
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "made up" in page
    for name in NAMES:
        assert "Synthetic: made up" in call("verify", tmp_path / "hypervigil-demo" / "bundles" / name).out


def test_as_json(call: Caller, tmp_path: Path) -> None:
    ended = call("demo", "-o", tmp_path, "--json")
    assert (ended.status, ended.err) == (0, "")
    report = json.loads(ended.out)
    assert [cluster["label"] for cluster in report["clusters"]] == list(NAMES)
    assert [waiver["states"] for waiver in report["waivers"]] == [["used"], ["used"]]


def test_running_it_again_gives_the_same(call: Caller, made: Path) -> None:
    before = files(made)
    assert call("demo", "-o", made).status == 0
    after = files(made)
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= {"report.html"}  # it says when it was made


def test_its_bundles_can_be_judged_with_its_waivers(call: Caller, made: Path) -> None:
    folder = made / "hypervigil-demo"
    ended = call("assess", folder / "bundles", "--waivers", folder / "waivers.toml")
    assert ended.status == 1
    assert "Waivers that cover nothing" not in ended.out
    assert call("assess", folder / "bundles" / "GOOD25", "--waivers", folder / "waivers.toml").status == 0


def test_what_is_declared_is_used(call: Caller, tmp_path: Path) -> None:
    report = json.loads(call("demo", "-o", tmp_path, "--json").out)
    declared = {cluster["label"]: cluster["context"] is not None for cluster in report["clusters"]}
    assert declared == {"UPGRADE22": False, "GOOD25": True, "EDGE25": False, "HOSTER25": True}


def test_its_bundles_can_be_judged_with_what_is_declared(call: Caller, made: Path) -> None:
    folder = made / "hypervigil-demo"
    context = folder / "contexts" / "HOSTER25.toml"
    told = {
        text: call("assess", folder / "bundles" / "HOSTER25", "--only", "LOG-002", "--json", *options).out
        for text, options in {"declared": ("--context", context), "not declared": ()}.items()
    }
    outcomes = {text: {finding["outcome"] for finding in json.loads(out)["findings"]} for text, out in told.items()}
    assert outcomes == {"declared": {"PASS", "FAIL"}, "not declared": {"PASS", "UNKNOWN"}}


def test_the_command_for_the_jump_host_finds_outlook(call: Caller, made: Path) -> None:
    printed = call("demo", "-o", made).out
    command = printed.partition("Judge the jump host of HOSTER25: hypervigil ")[2].split("\n")[0].split(" ")
    ended = call(*command)
    assert ended.status == 1
    assert "Microsoft Outlook" in ended.out


def test_what_somebody_has_played_with_is_made_anew(call: Caller, made: Path) -> None:
    """Changing a document, to see what `verify` says of it, is what a demo is for."""
    bundle = made / "hypervigil-demo" / "bundles" / "GOOD25"
    (bundle / "cluster" / "cluster.json").write_text("{}")
    sorted(bundle.rglob("tpm.json"))[0].unlink()
    waivers = made / "hypervigil-demo" / "waivers.toml"
    waivers.write_text(waivers.read_text().replace("DEMO-101", "MINE"))
    assert call("demo", "-o", made).status == 0
    assert call("verify", bundle).status == 0
    assert "MINE" not in waivers.read_text()


def put_other_report(folder: Path) -> Path:
    (folder / "report.html").write_text("<p>mine")
    return folder / "report.html"


def put_report_on_a_real_cluster(folder: Path) -> Path:
    (folder / "report.html").write_text('<meta name="generator" content="hypervigil 0.1.0"><p>PROD01')
    return folder / "report.html"


def put_waivers(folder: Path) -> Path:
    file = folder / "hypervigil-demo" / "waivers.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("# mine")
    return file


def put_context(folder: Path) -> Path:
    file = folder / "hypervigil-demo" / "contexts" / "HOSTER25.toml"
    file.parent.mkdir(parents=True)
    file.write_text("# mine")
    return file


def put_jump_host(folder: Path) -> Path:
    place = folder / "hypervigil-demo" / "jump_host" / "JUMP01"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text("mine")
    return place


def put_folder(folder: Path) -> Path:
    place = folder / "hypervigil-demo" / "bundles" / "EDGE25"
    place.mkdir(parents=True, exist_ok=True)
    (place / "manifest.json").write_text("mine")
    return place


def put_file(folder: Path) -> Path:
    place = folder / "hypervigil-demo" / "bundles" / "EDGE25"
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    return place


def put_folder_for_the_report(folder: Path) -> Path:
    (folder / "report.html").mkdir()
    return folder / "report.html"


@pytest.mark.parametrize(
    "put",
    [
        put_other_report,
        put_report_on_a_real_cluster,
        put_waivers,
        put_context,
        put_jump_host,
        put_folder,
        put_file,
        put_folder_for_the_report,
    ],
)
def test_what_is_not_its_own_is_refused_before_anything_is_written(call: Caller, tmp_path: Path, put: object) -> None:
    assert callable(put)
    place = put(tmp_path)
    before = files(tmp_path)
    ended = call("demo", "-o", tmp_path)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"hypervigil: error: {place}: it is there already and not ")
    assert "Move it away, or name another folder with -o." in ended.err
    assert files(tmp_path) == before


def test_the_report_of_an_earlier_version_is_replaced(call: Caller, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text('<meta name="generator" content="hypervigil 0.1.0"><p>UPGRADE22 GOOD25 EDGE25')
    assert call("demo", "-o", tmp_path).status == 0
    assert "HOSTER25" in report.read_text("utf-8")


def test_a_file_that_somebody_put_into_a_bundle_is_not_deleted(call: Caller, made: Path) -> None:
    notes = made / "hypervigil-demo" / "bundles" / "EDGE25" / "notes.txt"
    notes.write_text("mine")
    before = files(made)
    ended = call("demo", "-o", made)
    assert ended.status == 2
    assert f"{notes.parent}: it holds notes.txt, which is not from the demo. Move it away" in ended.err
    assert files(made) == before


def test_a_bundle_of_a_real_cluster_is_not_replaced(call: Caller, made: Path) -> None:
    """Only what says that it is synthetic is the demo's own."""
    manifest = made / "hypervigil-demo" / "bundles" / "EDGE25" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "synthetic": False}))
    ended = call("demo", "-o", made)
    assert ended.status == 2
    assert f"{manifest.parent}: it is there already and not from the demo." in ended.err


def test_a_folder_that_can_not_be_made(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = call("demo", "-o", tmp_path / "file")
    assert (ended.status, ended.out) == (2, "")
    assert "it can not be made: Not a directory. Name another folder with -o." in ended.err
