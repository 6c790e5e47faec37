"""What the program loads before it has anything to do: little, so that --help answers at once."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

import hypervigil
from tests.cli.program import Caller, environment, program

HEAVY = (
    "rich",
    "jinja2",
    "cryptography",
    "defusedxml",
    "hypervigil.assess.engine",
    "hypervigil.assess.assessment",
    "hypervigil.controls",
    "hypervigil.evidence",
    "hypervigil.store",
    "hypervigil.collect",
    "hypervigil.report",
    "hypervigil.synthetic",
)

COMMANDS = (
    (),
    ("assess",),
    ("diff",),
    ("controls",),
    ("explain",),
    ("verify",),
    ("redact",),
    ("demo",),
    ("context",),
    ("context", "new"),
    ("context", "check"),
    ("collect",),
    ("collect", "clixml"),
    ("collect", "sddc"),
    ("collect", "snippet"),
    ("collect", "merge"),
    ("context",),
    ("context", "new"),
    ("context", "check"),
)


def loaded(code: str) -> set[str]:
    made = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(made.stderr.split())


def test_importing_the_entry_point_loads_nothing_heavy() -> None:
    assert loaded("import hypervigil.cli.main").isdisjoint(HEAVY)


def test_the_help_of_no_command_loads_anything_heavy() -> None:
    helps = [[*command, "--help"] for command in COMMANDS]
    code = f"from hypervigil.cli.main import run\nfor command in {helps!r}: assert run(command) == 0, command"
    assert loaded(code).isdisjoint(HEAVY)


@pytest.mark.parametrize("name", [name for name in HEAVY if name.startswith("hypervigil")])
def test_what_is_heavy_is_there(name: str) -> None:
    """The two tests above would hold of a name that nothing has."""
    assert importlib.util.find_spec(name) is not None


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help(call: Caller, command: tuple[str, ...], flag: str) -> None:
    ended = call(*command, flag)
    assert ended.status == 0
    assert ended.out.startswith(f"Usage: {' '.join(('hypervigil', *command))} ")
    assert ended.err == ""
    summaries = ended.out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert not [line for line in summaries.splitlines() if line.endswith("...")]  # none is cut


def test_every_command_is_tested_here(call: Caller) -> None:
    listed = call("--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert {line.split()[0] for line in listed} == {command[0] for command in COMMANDS if command}


@pytest.mark.parametrize("command", [(), ("collect",), ("context",)])
def test_no_command_at_all_is_a_question(call: Caller, command: tuple[str, ...]) -> None:
    ended = call(*command)
    assert ended.status == 2
    assert ended.out == ""
    assert ended.err.startswith("Usage: hypervigil")
    assert "Commands:" in ended.err


def test_the_help_documents_the_exit_statuses(call: Caller) -> None:
    text = " ".join(call("--help").out.split())
    for status in ("0 nothing", "1 something", "2 the command line", "3 too little", "70 an error", "130 stopped"):
        assert status in text


def test_version() -> None:
    assert program("--version") == (0, f"hypervigil {hypervigil.__version__}\n", "")
