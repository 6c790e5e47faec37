"""The command line as tests call it: the real program in a process of its own, or its entry point in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hypervigil.cli.main import run

SOURCE = Path(__file__).resolve().parents[2] / "src"
COMMAND = (sys.executable, "-m", "hypervigil")
TIMEOUT = 60


class Ended(NamedTuple):
    """How a run ended: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


def environment(**changes: str) -> dict[str, str]:
    """As a user's shell has it, with nothing in it that changes how output looks."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")}
    return {**kept, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8", **changes}


def program(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended:
    """Runs the real program. Its output is decoded as UTF-8; what is none is shown escaped."""
    made = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )
    return Ended(made.returncode, made.stdout.decode(errors="backslashreplace"), made.stderr.decode())


class Caller:
    """Calls the entry point in this process, which is faster."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def __call__(self, *arguments: str | Path) -> Ended:
        self._captured.readouterr()
        status = run([str(argument) for argument in arguments])
        sys.stdout.flush()
        out, err = self._captured.readouterr()
        assert "Traceback" not in err, err
        return Ended(status, out, err)
