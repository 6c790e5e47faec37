"""`hypervigil assess`: exit statuses, formats, where output goes, waivers, choosing controls."""

from __future__ import annotations

import datetime
import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hypervigil.assess.profiles import SHIPPED
from tests.cli.program import Caller
from tests.shared import shared_data

FORMATS = ("terminal", "json", "html", "sarif", "csv", "junit")


FEW = ("--only", "SMB-007", "--only", "SMB-012", "--only", "PLT-008")
"""What the bundles differ in, so that new controls change no status."""


@pytest.mark.parametrize(
    ("bundle", "options", "status"),
    [
        ("GOOD", (), 0),
        ("GOOD.zip", (), 0),
        ("SMB1", (), 1),
        ("SMB1", ("--fail-on", "critical"), 0),
        ("SMB1", ("--fail-on", "never"), 0),
        ("MEDIUM", (), 0),
        ("MEDIUM", ("--fail-on", "medium"), 1),
        ("MEDIUM", ("--fail-on", "low"), 1),
        ("GAP", (), 0),
        ("GAP", ("--require-complete",), 3),
        ("GOOD", ("--require-complete",), 0),
        ("SMB1GAP", (), 1),
        ("SMB1GAP", ("--require-complete",), 1),
        ("SMB1GAP", ("--require-complete", "--fail-on", "critical"), 3),
    ],
)
def test_exit_status(call: Caller, bundles: Path, bundle: str, options: tuple[str, ...], status: int) -> None:
    assert call("assess", bundles / bundle, *FEW, *options).status == status


def test_what_is_not_asked_does_not_count(call: Caller, bundles: Path) -> None:
    assert call("assess", bundles / "SMB1GAP", "--only", "SMB-012", "--require-complete").status == 0


@pytest.mark.parametrize("order", [("GAP", "SMB1"), ("SMB1", "GAP")])
def test_of_several_bundles_the_worst_one_decides(call: Caller, bundles: Path, order: tuple[str, ...]) -> None:
    assert call("assess", *(bundles / name for name in order), *FEW, "--require-complete").status == 1
    assert call("assess", bundles / "GOOD", bundles / "GAP", *FEW, "--require-complete").status == 3


def test_one_run_does_not_hand_its_status_to_the_next(call: Caller, bundles: Path) -> None:
    assert call("assess", bundles / "SMB1", *FEW).status == 1
    assert call("assess", bundles / "GOOD", *FEW).status == 0


def is_of(wanted: str, text: str) -> bool:
    match wanted:
        case "json":
            return bool(json.loads(text)["format"] == 1)
        case "sarif":
            return bool(json.loads(text)["version"] == "2.1.0")
        case "csv":
            return text.startswith('\ufeff"cluster"')
        case "junit":
            return ET.fromstring(text).tag == "testsuites"
        case "html":
            return text.startswith("<!doctype html>")
    return text.startswith("SMB1 ─") and "\x1b" not in text


@pytest.mark.parametrize("wanted", FORMATS)
def test_each_format_to_standard_output_and_to_a_file(call: Caller, bundles: Path, tmp_path: Path, wanted: str) -> None:
    """The status is the same, the file holds the same, and beside a file nothing is printed."""
    printed = call("assess", bundles / "SMB1", "--format", wanted)
    assert (printed.status, printed.err) == (1, "")
    assert is_of(wanted, printed.out)
    target = tmp_path / "report"
    written = call("assess", bundles / "SMB1", "--format", wanted, "-o", target)
    assert written == (1, "", "")
    assert is_of(wanted, target.read_bytes().decode())
    assert len(target.read_bytes().decode()) == len(printed.out.replace("\r\n", "\n")) or wanted == "csv"


@pytest.mark.parametrize("wanted", [name for name in FORMATS if name != "csv"])
def test_formats_say_that_evidence_is_synthetic(call: Caller, bundles: Path, wanted: str) -> None:
    text = call("assess", bundles / "GOOD", "--format", wanted).out
    assert "made up" in text or "synthetic" in text.casefold()


def test_json_is_short_for_format_json(call: Caller, bundles: Path) -> None:
    assert is_of("json", call("assess", bundles / "SMB1", "--json").out)
    assert is_of("json", call("assess", bundles / "SMB1", "--json", "--format", "json").out)


def test_json_and_another_format_clash(call: Caller, bundles: Path) -> None:
    ended = call("assess", bundles / "SMB1", "--json", "--format", "csv")
    assert (ended.status, ended.out) == (2, "")
    assert "--json and --format csv ask for different formats" in ended.err


# Where output goes


@pytest.mark.parametrize(
    ("bundle", "options"),
    [
        ("NOT-THERE", ()),
        ("GOOD", ("--profile", "nope")),
        ("GOOD", ("--waivers", "nope.toml")),
        ("GOOD", ("--only", "X")),
    ],
)
def test_a_failure_leaves_the_old_file(
    call: Caller, bundles: Path, tmp_path: Path, bundle: str, options: tuple[str, ...]
) -> None:
    target = tmp_path / "report.html"
    target.write_text("what was there")
    assert call("assess", bundles / bundle, "--format", "html", "-o", target, *options).status == 2
    assert target.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [target]


def test_a_changed_document_leaves_the_old_file(call: Caller, copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("what was there")
    document = next(path for path in copy.rglob("tpm.json"))
    document.write_text(document.read_text().replace("true", "null", 1))
    ended = call("assess", copy, "--format", "html", "-o", target)
    assert (ended.status, ended.out) == (2, "")
    assert str(document.relative_to(copy).as_posix()) in ended.err
    assert "it was changed after it was collected" in ended.err
    assert target.read_text() == "what was there"


def test_an_old_file_is_replaced_when_all_is_well(call: Caller, bundles: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("what was there")
    assert call("assess", bundles / "GOOD", "--json", "-o", target).status == 0
    assert is_of("json", target.read_text())
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".", "it is a folder. Name a file in it."),
        ("missing/report.html", "its folder does not exist. Make "),
        ("file/report.html", "can not be written"),
    ],
)
def test_where_a_report_can_not_go(call: Caller, bundles: Path, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_text("")
    ended = call("assess", bundles / "GOOD", "--format", "html", "-o", tmp_path / name)
    assert (ended.status, ended.out) == (2, "")
    assert f"error: {tmp_path / name}: " in ended.err
    assert said in ended.err


# Several bundles


def test_several_bundles_on_a_terminal(call: Caller, bundles: Path) -> None:
    lines = call("assess", bundles / "SMB1", bundles / "GOOD", bundles / "GAP").out.splitlines()
    titles = [line.split(" ─")[0] for line in lines if "─" in line]
    assert titles == ["SMB1", "GOOD", "GAP", "3 bundles"]
    assert lines[-4].split()[:2] == ["SMB1", "1"]
    assert lines[-1].split()[0] == "all"


@pytest.mark.parametrize("again", ["SMB1", "../{folder}/SMB1", "SMB?"])
def test_the_same_bundle_twice_is_judged_once(call: Caller, bundles: Path, again: str) -> None:
    second = f"{bundles}/{again.format(folder=bundles.name)}"
    report = json.loads(call("assess", bundles / "SMB1", second, "--json").out)
    assert [cluster["label"] for cluster in report["clusters"]] == ["SMB1"]


def test_two_bundles_of_one_cluster_are_told_apart(call: Caller, bundles: Path) -> None:
    report = json.loads(call("assess", bundles / "GOOD", bundles / "GOOD.zip", "--json").out)
    assert [cluster["label"] for cluster in report["clusters"]] == ["GOOD", "GOOD (2)"]


def test_a_pattern_that_the_shell_left_is_filled_in(call: Caller, bundles: Path) -> None:
    report = json.loads(call("assess", f"{bundles}/SMB1*", "--json").out)
    assert [cluster["label"] for cluster in report["clusters"]] == ["SMB1", "SMB1GAP"]


def test_a_folder_of_bundles_stands_for_them(call: Caller, bundles: Path, tmp_path: Path) -> None:
    shutil.copytree(bundles / "SMB1", tmp_path / "SMB1")
    shutil.copy(bundles / "GOOD.zip", tmp_path)
    (tmp_path / "notes.txt").write_text("no bundle")
    (tmp_path / "empty").mkdir()
    report = json.loads(call("assess", tmp_path, tmp_path / "SMB1", "--json").out)
    assert [cluster["label"] for cluster in report["clusters"]] == ["GOOD", "SMB1"]


def test_all_bundles_that_are_not_there_are_told_before_any_is_judged(call: Caller, bundles: Path) -> None:
    ended = call("assess", bundles / "GOOD", bundles / "NO1", bundles / "NO2")
    assert (ended.status, ended.out) == (2, "")
    assert f"{bundles / 'NO1'}, {bundles / 'NO2'}: there is no such file or folder. Give folders or zips" in ended.err


# Choosing controls


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [
        (("SMB-007",), {"SMB-007"}),
        (("smb-007",), {"SMB-007"}),
        (("SMB-00[78]",), {"SMB-007", "SMB-008"}),
        (("SMB-007", "CLU-*"), {"SMB-007", "CLU-001", "CLU-002", "CLU-003", "CLU-004"}),
    ],
)
def test_only(call: Caller, bundles: Path, patterns: tuple[str, ...], ids: set[str]) -> None:
    options = [option for pattern in patterns for option in ("--only", pattern)]
    report = json.loads(call("assess", bundles / "SMB1", "--json", *options).out)
    assert {finding["control"] for finding in report["findings"]} == ids


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "default"])
def test_a_shipped_profile_says_what_of_it_is_not_built(call: Caller, bundles: Path, name: str) -> None:
    ended = call("assess", bundles / "GOOD", "--profile", name)
    assert ended.status in (0, 2)  # 2: nothing of it is built yet
    assert f"rofile {name}" in ended.err or "not built" not in ended.err
    if ended.status == 2:
        assert "selects no control that is built" in ended.err


# Waivers


def waivers(tmp_path: Path, *entries: tuple[str, str, datetime.date]) -> Path:
    file = tmp_path / "waivers.toml"
    file.write_text(
        "".join(
            f'[[waivers]]\ncontrol = "{control}"\nsubject = "{subject}"\nreason = "R"\nowner = "O"\n'
            f"expires = {expires.isoformat()}\n"
            for control, subject, expires in entries
        )
    )
    return file


def test_a_waiver_takes_a_failure_out_of_the_exit_status(
    call: Caller, bundles: Path, tmp_path: Path, today: datetime.date
) -> None:
    file = waivers(tmp_path, ("SMB-007", "SMB1-N02", today))
    ended = call("assess", bundles / "SMB1", "--waivers", file)
    assert ended.status == 0
    assert "SMB-007 on SMB1-N02: in use; covers 1 finding. Accepted by O until " in ended.out
    finding = next(f for f in json.loads(report_of(call, bundles, file))["findings"] if f["outcome"] == "FAIL")
    assert (finding["control"], finding["disposition"]) == ("SMB-007", "waived")


def report_of(call: Caller, bundles: Path, file: Path) -> str:
    return call("assess", bundles / "SMB1", "--waivers", file, "--json").out


def test_a_waiver_that_expired_yesterday_accepts_nothing_and_is_reported(
    call: Caller, bundles: Path, tmp_path: Path, today: datetime.date
) -> None:
    file = waivers(tmp_path, ("SMB-007", "SMB1-N02", today - datetime.timedelta(days=1)))
    ended = call("assess", bundles / "SMB1", "--waivers", file)
    assert ended.status == 1
    assert "expired: it accepts nothing any more; covers 1 finding" in ended.out
    report = json.loads(report_of(call, bundles, file))
    assert [(waiver["states"], waiver["covers"]) for waiver in report["waivers"]] == [(["expired"], 1)]
    assert {finding["disposition"] for finding in report["findings"]} == {"open"}


def test_unused_and_over_broad_waivers_are_reported(
    call: Caller, bundles: Path, tmp_path: Path, today: datetime.date
) -> None:
    file = waivers(tmp_path, ("SMB-007", "SMB1-*", today), ("SMB-008", "SMB1-N01", today))
    ended = call("assess", bundles / "SMB1", "--waivers", file)
    text = " ".join(ended.out.split())
    assert "SMB-007 on SMB1-*: in use; over-broad: it would accept the next failure unseen; covers 1 finding." in text
    assert "Waivers that cover nothing SMB-008 on SMB1-N01: unused: nothing that it covers fails" in text
    states = [waiver["states"] for waiver in json.loads(report_of(call, bundles, file))["waivers"]]
    assert states == [["used", "over_broad"], ["unused"]]


def test_over_several_bundles_a_waiver_is_unused_where_none_needs_it(
    call: Caller, bundles: Path, tmp_path: Path, today: datetime.date
) -> None:
    file = waivers(tmp_path, ("SMB-007", "SMB1-N02", today), ("SMB-008", "SMB1-N01", today))
    ended = call("assess", bundles / "SMB1", bundles / "GOOD", "--waivers", file)
    assert ended.status == 0
    idle = ended.out.partition("Waivers that cover nothing in any of them")[2]
    assert "SMB-008" in idle
    assert "SMB-007" not in idle


def test_waivers_of_several_files(call: Caller, bundles: Path, tmp_path: Path, today: datetime.date) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = waivers(tmp_path / "a", ("SMB-007", "SMB1-N02", today)), waivers(tmp_path / "b", ("SMB-008", "X", today))
    ended = call("assess", bundles / "SMB1", "--waivers", one, "--waivers", two, "--json")
    assert [waiver["control"] for waiver in json.loads(ended.out)["waivers"]] == ["SMB-007", "SMB-008"]


# A real host


def test_a_lone_host_of_2016(call: Caller, tmp_path: Path) -> None:
    """What few files of one recorded host tell, and nothing more."""
    source = shared_data("clixml", "server2016")
    assert call("collect", "clixml", source, "-o", tmp_path / "lone").status == 0
    ended = call("assess", tmp_path / "lone", "--json")
    assert ended.status == 1
    report = json.loads(ended.out)
    assert report["diagnostics"] == []
    by_control = {finding["control"]: finding for finding in report["findings"]}
    outcomes = {control: finding["outcome"] for control, finding in by_control.items()}
    assert (outcomes["SMB-007"], outcomes["SMB-002"]) == ("FAIL", "PASS")
    guard = by_control["PLT-002"]
    assert (guard["outcome"], guard["cause"]) == ("UNKNOWN", "not_collected")
    assert [missing["fact"] for missing in guard["missing"]] == ["device_guard"]
    of_cluster = {f["control"]: f["outcome"] for f in report["findings"] if f["scope"] in ("cluster", "pair")}
    assert of_cluster
    assert set(of_cluster.values()) == {"NOT_APPLICABLE"}
    (cluster,) = report["clusters"]
    assert not cluster["synthetic"]
    asked = {fact["fact"] for fact in cluster["completeness"]}
    assert asked & {"device_guard", "smb_server"}
    assert not asked & {"cluster", "cluster_nodes"}  # there is no cluster that could have them


def test_what_a_lone_host_does_not_tell_is_told_fact_by_fact(call: Caller, tmp_path: Path) -> None:
    call("collect", "clixml", shared_data("clixml", "server2016"), "-o", tmp_path / "lone")
    text = " ".join(call("assess", tmp_path / "lone").out.split())
    assert "controls, for facts that are missing" in text
    assert "device_guard: PLT-001 high, PLT-002 high, PLT-005 high" in text
    assert "Device Guard state (device_guard): was not collected" in text
    assert "synthetic" not in text.casefold()
