"""`hypervigil collect clixml`, `sddc` and `snippet`: what is said of what was gathered (reading: tests/collect)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.program import Caller
from tests.shared import shared_data


@pytest.fixture
def host() -> Path:
    return shared_data("clixml", "server2016")


def test_a_host(call: Caller, host: Path, tmp_path: Path) -> None:
    target = tmp_path / "a bundle"
    ended = call("collect", "clixml", host, "-o", target)
    assert (ended.status, ended.err) == (0, "")
    lines = ended.out.splitlines()
    text = " ".join(ended.out.split())
    assert ": no cluster, 1 host (SOLO-E16A)." in text
    assert "documents with facts, " in text
    assert "  not_collected: " in ended.out
    assert "files of the source not needed or not readable; --skipped lists them." in text
    assert lines[-1] == f"Next: hypervigil assess '{target}'"
    assert call("verify", target).status == 0


def test_what_was_not_read_is_listed_on_demand(call: Caller, host: Path, tmp_path: Path) -> None:
    ended = call("collect", "clixml", host, "-o", tmp_path / "b.zip", "--skipped")
    assert "not needed or not readable:" in ended.out
    assert "GetHotFix.xml (" in ended.out


def test_as_json(call: Caller, host: Path, tmp_path: Path) -> None:
    ended = call("collect", "clixml", host, "-o", tmp_path / "b", "--json")
    made = json.loads(ended.out)
    assert (ended.status, made["bundle"], made["cluster"]) == (0, str(tmp_path / "b"), None)
    assert [node["name"] for node in made["nodes"]] == ["SOLO-E16A"]
    assert made["known"] >= 4
    assert {"fact": "device_guard", "cause": "not_collected"}.items() <= {
        key: value for gap in made["gaps"] if gap["fact"] == "device_guard" for key, value in gap.items()
    }.items()
    assert "GetHotFix.xml" in {skipped["path"] for skipped in made["skipped"]}


def test_a_bundle_that_is_there_is_not_overwritten(call: Caller, host: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    ended = call("collect", "clixml", host, "-o", tmp_path / "b")
    assert (ended.status, ended.out) == (2, "")
    assert f"{tmp_path / 'b'}: it exists already. Give another name, or remove it first." in ended.err
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing", "there is no such folder; expected a folder of CLIXML files."),
        ("file", "it is not a folder; expected a folder of CLIXML files."),
        ("empty", "it holds no file that a fact is read from; expected CLIXML files such as"),
    ],
)
def test_what_holds_nothing(call: Caller, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    ended = call("collect", "clixml", tmp_path / name, "-o", tmp_path / "b")
    assert (ended.status, ended.out) == (2, "")
    assert f"error: {tmp_path / name}: {said}" in ended.err
    assert not (tmp_path / "b").exists()


def test_an_archive_of_something_else(call: Caller, host: Path, tmp_path: Path) -> None:
    ended = call("collect", "sddc", host, "-o", tmp_path / "b")
    assert ended.status == 2
    assert "hypervigil collect clixml" in ended.err


def test_names_in_a_source_do_not_speak_to_the_terminal(call: Caller, host: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(host, tmp_path / "HV01"))
    (source / "a\x1b[31mred.xml").write_text("<x/>")
    ended = call("collect", "clixml", source, "-o", tmp_path / "b", "--skipped")
    assert ended.status == 0
    assert "\x1b" not in ended.out
    assert "31mred.xml" in ended.out


def test_the_snippet(call: Caller, tmp_path: Path) -> None:
    printed = call("collect", "snippet")
    assert (printed.status, printed.err) == (0, "")
    assert "Export-Clixml" in printed.out
    assert call("collect", "snippet", "-o", tmp_path / "export.ps1") == (0, "", "")
    assert (tmp_path / "export.ps1").read_text() == printed.out
