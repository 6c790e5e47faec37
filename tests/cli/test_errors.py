"""What is said of wrong input: the file, the place in it, what was expected and what to do; status 2, no traceback."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from hypervigil.assess import registry
from hypervigil.assess.registry import compiled_controls
from hypervigil.model.control import Family
from tests.cli.program import Caller, program


def refused(ended: tuple[int, str, str], *said: str) -> None:
    status, out, err = ended
    assert (status, out) == (2, "")
    assert err.startswith("hypervigil: error: ")
    assert err.count("\n") == 1
    missing = [text for text in said if text not in err]
    assert not missing, err


# The command line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--bogus"], "No such option: --bogus. 'hypervigil --help' tells what it takes."),
        (["asses"], "No such command 'asses'. Did you mean 'assess'? 'hypervigil --help' tells"),
        (["assess"], "Missing argument 'BUNDLE'. 'hypervigil assess --help' tells what it takes."),
        (["assess", "x", "--bogus"], "No such option: --bogus. 'hypervigil assess --help' tells"),
        (
            ["assess", "x", "--profle", "y"],
            "No such option: --profle (Possible options: --profile). 'hypervigil assess --help'",
        ),
        (
            ["assess", "x", "--format", "yaml"],
            "'yaml' is not one of 'terminal', 'json', 'html', 'sarif', 'csv', 'junit'.",
        ),
        (
            ["assess", "x", "--fail-on", "x"],
            "'--fail-on': 'x' is not one of 'critical', 'high', 'medium', 'low', 'never'",
        ),
        (["collect", "nothing"], "No such command 'nothing'. 'hypervigil collect --help' tells what it takes."),
        (["collect", "clixml", "x"], "Missing option '--output' / '-o'. 'hypervigil collect clixml --help' tells"),
        (["explain"], "Missing argument 'ID'."),
        (["explain", "SMB-07"], "SMB-07: there is no such control. Did you mean SMB-007? 'hypervigil controls' lists"),
        (["explain", "lm2"], "lm2: there is no such control. Did you mean LM-002?"),
        (["explain", "SNB-007"], "SNB-007: there is no such control. Did you mean SMB-007"),
        (["explain", "nonsense"], "nonsense: there is no such control. 'hypervigil controls' lists them."),
        (["controls", "--family", "XX"], "XX: there is no such family of controls. Give one of PLT, LM, SMB"),
        (
            ["controls", "--profile", "nope"],
            "nope: no profile of that name ships, and there is no such file. Name a TOML",
        ),
        (["diff", "x"], "Missing argument 'AFTER'."),
    ],
)
def test_a_wrong_command_line(call: Caller, arguments: list[str], said: str) -> None:
    refused(call(*arguments), said)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("NOPE-*", "NOPE-*: there is no such control. 'hypervigil controls' lists them."),
        ("SMB-07", "Did you mean SMB-007?"),
    ],
)
def test_a_pattern_that_names_nothing(call: Caller, bundles: Path, pattern: str, said: str) -> None:
    refused(call("assess", bundles / "GOOD", "--only", pattern), said)


@pytest.fixture
def without_smb(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no control of SMB was built yet."""
    built = tuple(c for c in compiled_controls() if c.control.family is not Family.SMB)
    monkeypatch.setattr(registry, "compiled_controls", lambda: built)


@pytest.mark.usefixtures("without_smb")
def test_what_is_not_built_is_not_judged_in_silence(call: Caller, bundles: Path, tmp_path: Path) -> None:
    good = bundles / "GOOD"
    refused(
        call("explain", "SMB-007"), "SMB-007: it is in the catalogue and not built yet. 'hypervigil controls' lists"
    )
    said = "SMB-00[78]: nothing of that name is built yet (SMB-007, SMB-008 of the catalogue)."
    refused(call("assess", good, "--only", "PLT-001", "--only", "SMB-00[78]"), said)
    profile = tmp_path / "smb.toml"
    profile.write_text('name = "x"\nselect = ["SMB-*"]\n')
    for command in (("assess", good), ("diff", good, good)):
        refused(call(*command, "--profile", profile), "profile x selects no control that is built.")
    profile.write_text('name = "x"\nselect = ["SMB-007", "CLU-001"]\n')
    ended = call("assess", good, "--profile", profile, "--json")
    assert (ended.status, ended.err) == (0, "Profile x: not built yet, so not judged: SMB-007.\n")
    assert {finding["control"] for finding in json.loads(ended.out)["findings"]} == {"CLU-001"}


# Bundles


@pytest.mark.parametrize("command", ["assess", "verify"])
def test_what_is_no_bundle(call: Caller, bundles: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "file.txt").write_text("text")
    (tmp_path / "nothing.zip").write_bytes(b"")
    (tmp_path / "cut.zip").write_bytes((bundles / "GOOD.zip").read_bytes()[:-100])
    what_to_do = "Give a folder or zip that 'hypervigil collect' or 'hypervigil demo' wrote."
    for name in ("file.txt", "nothing.zip", "cut.zip"):
        refused(call(command, tmp_path / name), f"error: {tmp_path / name}: ", what_to_do)
    refused(call(command, tmp_path / "missing"), f"{tmp_path / 'missing'}: there is no such file or folder. Give ")


def test_a_folder_that_is_no_bundle(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_text("text")
    refused(call("verify", tmp_path), f"{tmp_path}: it holds no manifest.json. Give a folder or zip")
    refused(call("assess", tmp_path), f"{tmp_path}: it is no bundle and holds none. Give folders or zips that")


def test_a_changed_document_is_named(call: Caller, copy: Path) -> None:
    document = sorted(copy.rglob("smb_server.json"))[0]
    document.write_text(document.read_text().replace('"require_signing":true', '"require_signing":null'))
    place = document.relative_to(copy).as_posix()
    refused(
        call("assess", copy), f"{copy}: {place}: it was changed after it was collected", "; expected ", "Collect again"
    )


def test_a_missing_document_is_named(call: Caller, copy: Path) -> None:
    document = sorted(copy.rglob("tpm.json"))[0]
    document.unlink()
    refused(call("assess", copy), f"{copy}: {document.relative_to(copy).as_posix()}: it is missing from the bundle.")


def test_a_newer_format_names_its_version(call: Caller, copy: Path) -> None:
    manifest = copy / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 7}))
    for command in ("assess", "verify"):
        refused(
            call(command, copy),
            f"{copy}: manifest.json: the bundle has format version 7, and this hypervigil reads up to 1. Update",
        )


def test_a_manifest_that_is_no_json(call: Caller, copy: Path) -> None:
    (copy / "manifest.json").write_text("{")
    refused(call("assess", copy), f"{copy}: manifest.json: it is no manifest: ")


def test_a_zip_that_is_no_bundle(call: Caller, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "text")
    refused(call("assess", tmp_path / "other.zip"), "it holds no manifest.json.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused(program("assess", tmp_path / "pipe"), "it is neither a folder nor a file.")
    refused(program("diff", tmp_path / "pipe", tmp_path / "pipe"), "it is neither a folder nor a file.")


# Profiles and waivers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x"\nselect = ["SMB-099"]\n', ("{file}:2: ", "SMB-099")),
        ('name = "x"\nselect = [\n', ("{file}:", "TOML")),
        ("name = 1\n", ("{file}:1: ", "name", "expected")),
        ('name = "x"\nsellect = []\n', ("{file}:2: ", "sellect", "select")),
        ('name = "x"\nextends = "other.toml"\n', ("{file}:2: ", "other.toml", "relative to the folder of this file")),
    ],
)
def test_a_wrong_profile(call: Caller, bundles: Path, tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    file = tmp_path / "profile.toml"
    file.write_text(text)
    refused(call("assess", bundles / "GOOD", "--profile", file), *(part.format(file=file) for part in said))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("waivers = 1\n", ("{file}:1: ", "expected")),
        ('[[waivers]]\ncontrol = "SMB-002"\n', ("{file}:1: ", "subject")),
        (
            '[[waivers]]\ncontrol = "SMB-*"\nsubject = "x"\nreason = "r"\nowner = "o"\nexpires = 2030-01-01\n',
            ("{file}:2: ", "SMB-* is a pattern", "one id such as SMB-002", "Write one waiver a control."),
        ),
        (
            '[[waivers]]\ncontrol = "SMB-002"\nsubject = "x"\nreason = "r"\nowner = "o"\nexpires = "soon"\n',
            ("{file}:6: ", "expires", "expected"),
        ),
    ],
)
def test_wrong_waivers(call: Caller, bundles: Path, tmp_path: Path, text: str, said: tuple[str, ...]) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text(text)
    refused(call("assess", bundles / "GOOD", "--waivers", file), *(part.format(file=file) for part in said))


@pytest.mark.parametrize(
    ("option", "expected"),
    [("--profile", "a TOML file, or one of the profiles that ship: "), ("--waivers", "a TOML file")],
)
def test_a_file_that_is_none(call: Caller, bundles: Path, tmp_path: Path, option: str, expected: str) -> None:
    (tmp_path / "large.toml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    (tmp_path / "folder.toml").mkdir()
    for name, said in (
        ("missing.toml", "there is no such file. Name "),
        ("folder.toml", "it is a folder. Name "),
        ("large.toml", "it is larger than 4194304 bytes, too large for "),
    ):
        file = tmp_path / name
        refused(call("assess", bundles / "GOOD", option, file), f"error: {file}: {said}{expected}")


def test_bytes_that_are_no_text(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    file.write_bytes(b'[[waivers]]\ncontrol = "\xff"\n')
    refused(call("assess", bundles / "GOOD", "--waivers", file), f"{file}:2: ", "UTF-8")


# What a person may not read


def test_what_may_not_be_read_or_written(call: Caller, bundles: Path, copy: Path, tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.touch(0)
    if os.access(waivers, os.R_OK):
        pytest.skip("this user may do anything")
    manifest = copy / "manifest.json"
    manifest.chmod(0)
    refused(call("assess", copy), "manifest.json: it can not be read: Permission denied. Check permissions")
    refused(
        call("assess", bundles / "GOOD", "--waivers", waivers), "it can not be read: Permission denied. Name a TOML"
    )
    folder = tmp_path / "folder"
    folder.mkdir(0o500)
    refused(call("assess", bundles / "GOOD", "--json", "-o", folder / "x"), f"{folder / 'x'}: it can not be written: ")
    refused(call("demo", "-o", folder), "it can not be made: Permission denied. Name another folder with -o.")
    hidden = tmp_path / "hidden"
    hidden.mkdir(0)
    refused(call("assess", hidden), f"{hidden}: it can not be read: Permission denied. Check permissions")
    refused(call("assess", hidden / "bundle"), "it can not be listed: Permission denied. Give folders")
    refused(call("diff", hidden / "bundle", copy), "can not be read: Permission denied")
    hidden.chmod(0o700)
