"""The real program among pipes, terminals, encodings and file systems."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import COMMAND, TIMEOUT, environment, program

posix = pytest.mark.skipif(os.name == "nt", reason="of POSIX systems")
ESCAPE = "\x1b"


# Pipes


@posix
@pytest.mark.parametrize(
    ("bundle", "options", "status"),
    [("SMB1", ("--all",), 1), ("SMB1", ("--json",), 1), ("GOOD", ("--all",), 0), ("GOOD", ("--format", "html"), 0)],
)
def test_a_pipe_that_is_closed_changes_no_status(
    bundles: Path, bundle: str, options: tuple[str, ...], status: int
) -> None:
    """As with `| head`: nobody reads any more, nothing is said of it, and the verdict stands."""
    command = [*COMMAND, "assess", str(bundles / bundle), *options]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read().decode()
    assert (running.returncode, said) == (status, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("options", [(), ("--json",), ("--format", "csv")])
def test_a_full_disk_under_standard_output_is_told(bundles: Path, options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        made = subprocess.run(
            [*COMMAND, "assess", str(bundles / "SMB1"), *options],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=TIMEOUT,
        )
    assert made.returncode == 2
    assert made.stderr.decode().count("\n") == 1
    assert "standard output can not be written: No space left on device. Free some space" in made.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_a_file_is_told(bundles: Path) -> None:
    status, out, err = program("assess", bundles / "SMB1", "--json", "-o", "/dev/full")
    assert (status, out) == (2, "")
    assert err.startswith("hypervigil: error: /dev/full: it can not be written: No space left on device. Check the")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs /dev/stdout")
def test_a_device_is_written_to(bundles: Path) -> None:
    status, out, _ = program("assess", bundles / "SMB1", "--json", "-o", "/dev/stdout")
    assert (status, json.loads(out)["format"]) == (1, 1)


def test_nothing_that_moves_gets_into_a_pipe(bundles: Path, tmp_path: Path) -> None:
    """Neither colour nor a progress bar, with many bundles too."""
    copies = [shutil.copytree(bundles / "SMB1", tmp_path / f"B{number}") for number in range(5)]
    for options in ((), ("--format", "csv"), ("--all",)):
        _, out, err = program("assess", *copies, *options, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"})
        assert ESCAPE not in out
        assert err == ""
        assert "\r" not in out.replace("\r\n", "\n")


# Widths and colour


@pytest.mark.parametrize(
    ("columns", "widest"), [("40", 40), ("80", 80), ("200", 120), ("1", 40), ("x", 100), ("", 100)]
)
def test_output_is_as_wide_as_asked(bundles: Path, columns: str, widest: int) -> None:
    _, out, _ = program("assess", bundles / "SMB1", "--all", env={"COLUMNS": columns})
    lengths = [len(line) for line in out.splitlines()]
    assert widest - 8 <= max(lengths) <= widest


def on_a_terminal(*arguments: str | Path, **env: str) -> str:
    """What the program writes where standard output and standard error are a terminal of 24 x 80."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=environment(TERM="xterm-256color", **env),
        stdout=follower,
        stderr=follower,
        stdin=follower,
    ) as running:
        os.close(follower)
        chunks = []
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:  # how Linux says that the other end is gone
                break
            if not chunk:
                break
            chunks.append(chunk)
        running.wait(TIMEOUT)
    os.close(leader)
    return b"".join(chunks).decode()


@posix
def test_a_terminal_gets_colour(bundles: Path) -> None:
    shown = on_a_terminal("assess", bundles / "SMB1")
    assert f"{ESCAPE}[1;31mFAIL" in shown
    assert max(len(line) for line in strip_colour(shown).splitlines()) <= 80


@posix
def test_a_terminal_with_no_color_gets_none(bundles: Path) -> None:
    """NO_COLOR asks for no colour; bold and dim are none."""
    shown = on_a_terminal("assess", bundles / "SMB1", NO_COLOR="1")
    assert f"{ESCAPE}[31m" not in shown
    assert ";31m" not in shown
    assert "FAIL" in shown


@posix
def test_a_bar_shows_on_a_terminal_while_many_bundles_are_judged(bundles: Path, tmp_path: Path) -> None:
    copies = [shutil.copytree(bundles / "SMB1", tmp_path / f"B{number}") for number in range(5)]
    shown = on_a_terminal("assess", *copies, "--json", "-o", tmp_path / "report.json")
    assert "Judging" in shown
    assert "5/5" in shown


def strip_colour(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


# Stopping


@posix
@pytest.mark.parametrize("wait", [0, 0.1, 0.4])
def test_ctrl_c(bundles: Path, tmp_path: Path, wait: float) -> None:
    """One line, no traceback, status 130, the old report as it was, and nothing half written beside it."""
    report = tmp_path / "report.html"
    report.write_text("what was there")
    many = [str(shutil.copytree(bundles / "SMB1", tmp_path / f"B{number}")) for number in range(40)]
    command = [*COMMAND, "assess", *many, "--format", "html", "-o", str(report)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        wait_for_python(running.pid)
        time.sleep(wait)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=TIMEOUT)
    # CPython ends by the signal itself where the interrupt meets exec() of a text (dataclasses). Shells call both 130.
    assert running.returncode in {130, -signal.SIGINT}
    assert (out, err) == (b"", b"hypervigil: stopped.\n")
    assert report.read_text() == "what was there"
    assert not list(tmp_path.glob(".hypervigil-*"))


def wait_for_python(pid: int) -> None:
    """Until the program is being loaded: before that, Python itself answers Ctrl-C."""
    maps = Path(f"/proc/{pid}/maps")
    if not maps.exists():
        time.sleep(1)
        return
    for _ in range(12_000):
        if "msgspec" in maps.read_text():
            return
        time.sleep(0.005)


# Encodings and names


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "utf-16", "utf-8"])
@pytest.mark.parametrize(
    "arguments", [("assess", "SMB1", "--all"), ("explain", "LM-002"), ("controls",), ("verify", "SMB1")], ids=" ".join
)
def test_no_encoding_of_standard_output_stops_it(bundles: Path, arguments: tuple[str, ...], encoding: str) -> None:
    status, _, err = program(*arguments, cwd=bundles, env={"PYTHONIOENCODING": encoding})
    assert (status, err) == (1 if arguments[0] == "assess" else 0, "")


def test_what_an_encoding_lacks_is_written_similarly(bundles: Path) -> None:
    _, out, _ = program("assess", "CREDSSP", "--all", cwd=bundles, env={"PYTHONIOENCODING": "cp1252"})
    assert "CREDSSP-N03 -> CREDSSP-N01, CREDSSP-N02" in out
    assert "CREDSSP ---" in out
    assert "\\u" not in out


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_files_for_machines_are_utf_8_whatever_the_console_has(bundles: Path, encoding: str) -> None:
    status, out, _ = program("assess", bundles / "SMB1", "--json", env={"PYTHONIOENCODING": encoding})
    assert status == 1
    assert "SMB1-N01 → SMB1-N02" in {finding["subject"] for finding in json.loads(out)["findings"]}


@pytest.mark.parametrize("name", ["with space", "Größe", "節点", "it's (here) & there", "[bold]x[/bold]", "-dash"])
def test_any_name_of_a_folder_or_file(bundles: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(bundles / "SMB1", folder)
    report = tmp_path / f"{name}.json"
    status, out, err = program("assess", "--json", f"--output={report}", "--", name, cwd=tmp_path)
    assert (status, out, err) == (1, "", "")
    assert json.loads(report.read_text("utf-8"))["format"] == 1
    status, out, _ = program("verify", "--", name, cwd=tmp_path)
    assert status == 0
    assert name in " ".join(out.split())
    status, _, err = program("verify", "--", f"{name}!", cwd=tmp_path)
    assert status == 2
    assert err.startswith(f"hypervigil: error: {name}!: there is no such file or folder.")


@posix
def test_a_name_that_is_no_text(bundles: Path, tmp_path: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("the file system takes text only")
    shutil.copytree(bundles / "SMB1", tmp_path / os.fsdecode(b"cl\xff"))
    for command in (["assess"], ["verify"]):
        status, _, err = program(*command, os.fsdecode(b"cl\xff"), cwd=tmp_path)
        assert (status, err) == (1 if command == ["assess"] else 0, "")
    status, _, err = program("verify", os.fsdecode(b"no\xff"), cwd=tmp_path)
    assert (status, err.count("\n")) == (2, 1)


@pytest.mark.parametrize("command", ["assess", "verify", "explain", "diff"])
def test_no_name_speaks_to_the_terminal(tmp_path: Path, command: str) -> None:
    name = tmp_path / "a\x1b[31mred\nhypervigil: all is well"
    status, _, err = program(command, name, *([name] if command == "diff" else []))
    assert (status, err.count("\n")) == (2, 1)
    assert ESCAPE not in err
    assert "a[U+001B][31mred[U+000A]hypervigil: all is well" in err or "a\\x1b[31mred\\n" in err


@posix
def test_a_closed_pipe_stops_no_judging(bundles: Path) -> None:
    """What nobody reads any more still counts for the status."""
    command = [*COMMAND, "assess", str(bundles / "GOOD"), str(bundles / "SMB1")]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read().decode()
    assert (running.returncode, said) == (1, "")
