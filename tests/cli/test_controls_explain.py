"""`hypervigil controls` and `hypervigil explain`: what can be asked, and the page of one."""

from __future__ import annotations

import json

import pytest

from hypervigil.assess.registry import compiled_controls
from hypervigil.model.control import HEADINGS
from tests.cli.program import Caller, program

CONTROLS = [compiled.control for compiled in compiled_controls()]


def ids(text: str) -> list[str]:
    return [control["id"] for control in json.loads(text)]


def test_all_are_listed(call: Caller) -> None:
    ended = call("controls")
    assert (ended.status, ended.err) == (0, "")
    assert [
        line.split()[0] for line in ended.out.splitlines() if line.split()[0] in ids(call("controls", "--json").out)
    ]
    assert all(control.id in ended.out for control in CONTROLS)
    assert f"{len(CONTROLS)} controls. 'hypervigil explain ID' prints the page of one." in ended.out
    assert ids(call("controls", "--json").out) == [control.id for control in CONTROLS]


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (("--family", "smb"), lambda c: c.family.prefix == "SMB"),
        (("--severity", "critical"), lambda c: c.severity == "critical"),
        (("--scope", "pair"), lambda c: c.scope == "pair"),
        (("--family", "SMB", "--severity", "high"), lambda c: c.family.prefix == "SMB" and c.severity == "high"),
        (("--scope", "endpoint", "--severity", "info", "--family", "CLU"), lambda _: False),
        (("--profile", "default"), lambda _: True),
    ],
)
def test_chosen_ones(call: Caller, options: tuple[str, ...], chosen: object) -> None:
    assert callable(chosen)
    expected = [control.id for control in CONTROLS if chosen(control)]
    assert ids(call("controls", *options, "--json").out) == expected
    text = call("controls", *options).out
    assert f"{len(expected)} control{'s' if len(expected) != 1 else ''}." in text
    assert all(one in text for one in expected)


def test_what_a_control_asks_for_is_there_for_machines(call: Caller) -> None:
    (pair,) = [one for one in json.loads(call("controls", "--json").out) if one["id"] == "LM-002"]
    assert pair["scope"] == "pair"
    assert {"vm_host", "device_guard"} <= set(pair["needs"])
    assert set(pair["optional"]) <= set(pair["needs"])
    assert "FAIL" in pair["outcomes"]


@pytest.mark.parametrize("control", [control.id for control in CONTROLS])
def test_every_page_is_printed(call: Caller, control: str) -> None:
    ended = call("explain", control.lower())
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"{control}  ")
    assert all(heading in ended.out for heading in HEADINGS)
    assert max(map(len, prose(ended.out))) <= 100
    page = json.loads(call("explain", control, "--json").out)
    assert list(page["page"]) == list(HEADINGS)


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_pages_and_lists_fit(width: str) -> None:
    for arguments in (("controls",), ("explain", "PLT-002")):
        ended = program(*arguments, env={"COLUMNS": width})
        assert ended.status == 0
        assert max(map(len, prose(ended.out))) <= min(int(width), 120)
        assert not [line for line in ended.out.splitlines() if line != line.rstrip()]


def prose(text: str) -> list[str]:
    """All lines but commands, which are not wrapped."""
    return [line for line in text.splitlines() if not line.startswith("    ")]


def test_commands_can_be_copied(call: Caller) -> None:
    """A shell would take the parts of a wrapped command for commands of their own."""
    command = "    Get-SmbServerConfiguration | Select-Object EnableAuthRateLimiter, InvalidAuthenticationDelayTimeInMs"
    assert command in call("explain", "SMB-006").out.splitlines()
    assert command in program("explain", "SMB-006", env={"COLUMNS": "60"}).out.splitlines()
