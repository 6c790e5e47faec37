"""Ctrl-C whose exception was lost on its way: it stops the program all the same, before it writes anything."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hypervigil.cli.interrupt import heeding
from tests.cli.program import TIMEOUT, environment
from tests.cli.test_streams import posix

LOSES_IT = """
import os, signal, sys
signal.signal(signal.SIGINT, {handler})
from hypervigil.cli.interrupt import watch
watch()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    pass  # as C code does that drops what it can not use
from hypervigil.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def ran(handler: str, bundle: Path, report: Path) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-c",
        LOSES_IT.format(handler=handler),
        "assess",
        str(bundle),
        "--json",
        "-o",
        str(report),
    ]
    return subprocess.run(command, env=environment(), capture_output=True, timeout=TIMEOUT, check=False)


@posix
def test_one_that_was_lost_stops_before_the_report_is_written(bundles: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("what was there")
    ended = ran("signal.default_int_handler", bundles / "SMB1", report)
    assert (ended.returncode, ended.stdout) == (128 + signal.SIGINT, b"")
    assert ended.stderr.decode().strip().endswith("stopped.")
    assert report.read_text() == "what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@posix
def test_where_it_is_ignored_it_stays_so(bundles: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    ended = ran("signal.SIG_IGN", bundles / "SMB1", report)
    assert ended.returncode == 1, ended.stderr
    assert report.exists()


def test_items_pass_while_nobody_asks() -> None:
    assert list(heeding([1, 2, 3])) == [1, 2, 3]


def test_items_stop_when_somebody_has_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypervigil.cli.interrupt._note.asked", True)
    with pytest.raises(KeyboardInterrupt):
        next(heeding([1]))
