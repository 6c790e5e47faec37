"""`hypervigil diff`: between bundles, saved results, or one of each; 1 where something is new or regressed."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from hypervigil.store import write_bundle
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build
from hypervigil.synthetic.flaws import Flaw
from tests.cli.program import Caller, program


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cluster at four moments: as it should be, with SMB1 left, with storage traffic in clear, with a gap."""
    folder = tmp_path_factory.mktemp("moments")
    for name, flaws in (
        ("good", ()),
        ("smb1", (Flaw.SMB1_LEFT,)),
        ("clear", (Flaw.CLEAR_STORAGE,)),
        ("gap", (Flaw.TPM_UNREADABLE,)),
    ):
        write_bundle(build(Blueprint(name="CL", nodes=3, vms=2, flaws=flaws)), folder / name, created=MOMENT)
    write_bundle(build(Blueprint(name="OTHER", nodes=1, vms=1)), folder / "other", created=MOMENT)
    return folder


@pytest.mark.parametrize(
    ("before", "after", "options", "status"),
    [
        ("good", "good", (), 0),
        ("good", "smb1", (), 1),
        ("good", "smb1", ("--fail-on", "critical"), 0),
        ("good", "smb1", ("--fail-on", "never"), 0),
        ("smb1", "good", (), 0),
        ("smb1", "smb1", (), 0),
        ("good", "clear", (), 0),
        ("good", "clear", ("--fail-on", "medium"), 1),
        ("good", "gap", (), 0),
    ],
)
def test_exit_status(
    call: Caller, moments: Path, before: str, after: str, options: tuple[str, ...], status: int
) -> None:
    for form in ((), ("--json",)):
        assert call("diff", moments / before, moments / after, *options, *form).status == status


def test_what_is_told(call: Caller, moments: Path) -> None:
    text = " ".join(call("diff", moments / "good", moments / "smb1").out.split())
    assert "Regressed: 1 SMB-007 high PASS → FAIL CL-N03: The SMB server has SMB1 switched on." in text
    assert "1 worse, 0 fixed, " in text
    text = " ".join(call("diff", moments / "smb1", moments / "good").out.split())
    assert "Fixed: 1 SMB-007 high FAIL → PASS CL-N03: " in text
    text = " ".join(call("diff", moments / "good", moments / "gap").out.split())
    assert "Newly unknown: 1 PLT-008 medium PASS → UNKNOWN CL-N03: tpm is missing: access denied" in text


def test_as_json(call: Caller, moments: Path) -> None:
    made = json.loads(call("diff", moments / "good", moments / "smb1", "--json").out)
    (change,) = [change for change in made["changes"] if change["kind"] == "regressed"]
    assert (change["control"], change["subject"], change["was"], change["now"]) == ("SMB-007", "CL-N03", "PASS", "FAIL")
    assert made["counts"]["regressed"] == 1


@pytest.mark.parametrize("saved", [("good",), ("smb1",), ("good", "smb1")])
def test_a_saved_result_stands_for_its_bundle(
    call: Caller, moments: Path, tmp_path: Path, saved: tuple[str, ...]
) -> None:
    sides = []
    for name in ("good", "smb1"):
        side = moments / name
        if name in saved:
            side = tmp_path / f"{name}.json"
            call("assess", moments / name, "--json", "-o", side)
        sides.append(side)
    expected = json.loads(call("diff", moments / "good", moments / "smb1", "--json").out)["counts"]
    ended = call("diff", *sides, "--json")
    assert (ended.status, json.loads(ended.out)["counts"]) == (1, expected)


def test_a_zip_of_any_name_is_a_bundle(call: Caller, bundles: Path, tmp_path: Path) -> None:
    (tmp_path / "backup.dat").write_bytes((bundles / "GOOD.zip").read_bytes())
    assert call("diff", tmp_path / "backup.dat", bundles / "GOOD").status == 0


def test_a_waiver_takes_what_is_new_out_of_the_status(
    call: Caller, moments: Path, tmp_path: Path, today: datetime.date
) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        f'[[waivers]]\ncontrol = "SMB-007"\nsubject = "CL-N03"\nreason = "R"\nowner = "O"\nexpires = {today}\n'
    )
    ended = call("diff", moments / "good", moments / "smb1", "--waivers", waivers)
    assert ended.status == 0
    assert "PASS → FAIL  waived" in ended.out


def test_a_waiver_that_is_gone_is_told(call: Caller, moments: Path, tmp_path: Path, today: datetime.date) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        f'[[waivers]]\ncontrol = "SMB-007"\nsubject = "CL-N03"\nreason = "R"\nowner = "O"\nexpires = {today}\n'
    )
    saved = tmp_path / "saved.json"
    call("assess", moments / "smb1", "--json", "--waivers", waivers, "-o", saved)
    assert "FAIL → FAIL  waived no more" in call("diff", saved, moments / "smb1").out


def test_different_clusters_are_not_compared_in_silence(call: Caller, moments: Path) -> None:
    ended = call("diff", moments / "good", moments / "other")
    assert "No finding is on both sides: these are most likely different clusters." in ended.out


def test_other_profiles_are_told(call: Caller, moments: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    call("assess", moments / "good", "--json", "--only", "SMB-007", "-o", saved)
    assert "Asked only after: CLU-001" in call("diff", saved, moments / "good").out


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.json", b"", "Name a bundle, or what 'assess --json' wrote."),
        ("waivers.toml", b"[[waivers]]", "Name a bundle, or what 'assess --json' wrote."),
        ("other.json", b'{"format": 99}', "99"),
        ("cut.zip", b"PK\x03\x04", "Give a folder or zip"),
        (None, b"", "there is no such file or folder"),
    ],
)
def test_what_is_neither(call: Caller, moments: Path, tmp_path: Path, name: str | None, data: bytes, said: str) -> None:
    file = tmp_path / (name or "missing")
    if name is not None:
        file.write_bytes(data)
    for sides in ((file, moments / "good"), (moments / "good", file)):
        ended = call("diff", *sides)
        assert (ended.status, ended.out) == (2, "")
        assert f"error: {file}: " in ended.err
        assert said in ended.err


def test_the_arrow_in_an_encoding_without_one(moments: Path) -> None:
    ended = program("diff", moments / "good", moments / "smb1", env={"PYTHONIOENCODING": "cp1252"})
    assert (ended.status, ended.err) == (1, "")
    assert "PASS -> FAIL" in ended.out
