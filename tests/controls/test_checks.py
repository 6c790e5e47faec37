"""The checks of the registry, shown one bad control each: what they would let through is not checked at all."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

import msgspec
import pytest

from hypervigil.assess.compile import CompiledControl, compile_control
from hypervigil.evidence.fact import Fact, FactType
from hypervigil.evidence.platform import Tpm
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Outcome
from hypervigil.model.reason import ReasonCode, Verdict, excludes, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope
from tests.controls import checks
from tests.controls.catalogue import Row, rows
from tests.controls.checks import Ran

PAGE = """SMB-090  The planted server signs.

## What it decides

Something.

## Why it matters

For a reason.

## How it is decided

By looking.

## How to look yourself

    Get-SmbServerConfiguration | Select-Object RequireSecuritySignature

## Remedy

    Set-SmbServerConfiguration -RequireSecuritySignature $true -ErrorAction Stop

- Reboot: none.
- Order: any.
- Rollback: `Set-SmbServerConfiguration -RequireSecuritySignature $false`.

## What it cannot see

The rest.

## References

- A page.
"""
NAME = "hypervigil.controls.smb.smb_090_planted"
CATALOGUE = ("SMB-090",)
ROWS = rows(
    "| id | condition | scope | facts | sev | part |\n"
    "|---|---|---|---|---|---|\n"
    "| SMB-090 | The planted server signs (`always`); and more | node | smb_server, tpm? | high | foundation |\n"
)
REFERENCE: dict[str, dict[str, object]] = {
    "get-smbserverconfiguration": {"parameters": {}},
    "set-smbserverconfiguration": {"parameters": {"requiresecuritysignature": {"aliases": ["rss"]}}},
    "select-object": {"parameters": {"property": {"aliases": []}}},
}


class Why(ReasonCode):
    SIGNS = passes("It signs.")
    SILENT = fails("It does not sign.")


RAN = (Ran("SMB-090", Outcome.PASS, ("signs",)), Ran("SMB-090", Outcome.FAIL, ("silent",)))


class Unregistered(Fact, frozen=True, kw_only=True):
    INFO: ClassVar[FactType] = FactType(name="planted", title="Planted", subject=Scope.NODE, reads=(), sources=())


def assess(server: SmbServerConfiguration, tpm: Maybe[Tpm]) -> Verdict:
    del tpm
    return verdict(Why.SIGNS() if server.require_signing else Why.SILENT())


def planted(*, name: str = NAME, page: str = PAGE, function: object = assess, **control: Any) -> list[CompiledControl]:
    """One control, good unless something is replaced."""
    module = ModuleType(name, page)
    good = Control(
        id="SMB-090",
        title="The planted server signs",
        family=Family.SMB,
        scope=Scope.NODE,
        severity=Severity.HIGH,
        reasons=Why,
    )
    module.__dict__.update(CONTROL=msgspec.structs.replace(good, **control), assess=function)
    return [compile_control(module)]


def family(name: str, *modules: str) -> ModuleType:
    package = ModuleType(name)
    package.__dict__["CONTROLS"] = tuple(ModuleType(module) for module in modules)
    return package


def test_a_good_control_passes_every_check() -> None:
    good = planted()
    assert list(checks.incomplete_pages(good)) == []
    assert list(checks.never_said(good, RAN)) == []
    assert list(checks.one_sided(good)) == []
    assert list(checks.strange_facts(good)) == []
    assert list(checks.untested(good, {"SMB-090"})) == []
    assert list(checks.misnamed(good, CATALOGUE)) == []
    assert list(checks.off_catalogue(good, ROWS)) == []
    assert list(checks.not_built(good, ROWS, "foundation")) == []
    assert list(checks.undocumented_commands(good, REFERENCE)) == []


@pytest.mark.parametrize(
    ("modules", "packages", "families", "complaint"),
    [
        (["c.smb.smb_001_x"], ["c.smb"], [family("c.smb")], "c.smb.smb_001_x is in no tuple"),
        ([], ["c.smb", "c.identity"], [family("c.smb")], "c.identity is no family"),
        (["c.smb.a"], ["c.smb"], [family("c.smb", "c.smb.a", "c.smb.a")], "c.smb.a is listed 2 times"),
        (["c.lm.a"], ["c.smb"], [family("c.smb", "c.lm.a")], "c.lm.a is listed in c.smb"),
        (["c.smb.a", "c.smb.b"], ["c.smb"], [family("c.smb", "c.smb.b", "c.smb.a")], "not in the order of ids"),
    ],
)
def test_an_unregistered_module_is_caught(
    modules: list[str], packages: list[str], families: list[ModuleType], complaint: str
) -> None:
    (said,) = checks.unlisted(modules, packages, families)
    assert complaint in said


def test_a_registered_tree_is_not_complained_about() -> None:
    whole = family("c.smb", "c.smb.a", "c.smb.b")
    assert list(checks.unlisted(["c.smb.b", "c.smb.a"], ["c.smb"], [whole])) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("SMB-090  The planted", "SMB-091  The planted", "begins 'SMB-091 The planted server signs.'"),
        ("server signs.\n", "server shall sign.\n", "begins 'SMB-090 The planted server shall sign.'"),
        ("For a reason.", "", "nothing under 'Why it matters'"),
        ("## References", "## Sources", "nothing under 'References'"),
        ("    Get-Smb", "Get-Smb", "no command"),
        ("- Reboot: none.", "- No reboot.", "no line '- Reboot: ...'"),
        ("- Order: any.", "- Order:", "no line '- Order: ...'"),
        ("- Rollback: `Set", "- Undo: `Set", "no line '- Rollback: ...'"),
    ],
)
def test_an_incomplete_page_is_caught(old: str, new: str, complaint: str) -> None:
    assert old in PAGE
    (said,) = checks.incomplete_pages(planted(page=PAGE.replace(old, new)))
    assert complaint in said


def test_a_control_without_a_page_is_caught() -> None:
    assert len(list(checks.incomplete_pages(planted(page="")))) == 1 + 7 + 1 + 3


@pytest.mark.parametrize(
    ("ran", "complaints"),
    [
        (RAN[:1], ["no case brings out SILENT", "no case ends in FAIL"]),
        ((RAN[0], Ran("SMB-091", Outcome.FAIL, ("silent",))), ["no case brings out SILENT", "no case ends in FAIL"]),
        ((Ran("SMB-090", Outcome.FAIL, ("signs", "silent")),), ["no case ends in PASS"]),
        ((*RAN[:1], Ran("SMB-090", Outcome.FAIL, ("signs",))), ["no case brings out SILENT"]),
    ],
)
def test_what_no_case_shows_is_caught(ran: tuple[Ran, ...], complaints: list[str]) -> None:
    said = list(checks.never_said(planted(), ran))
    assert said == [f"SMB-090: {complaint}" for complaint in complaints]


class OnlyFails(ReasonCode):
    BAD = fails("Bad.")


class OnlyPasses(ReasonCode):
    GOOD = passes("Good.")


class Excuses(ReasonCode):
    NOT_THERE = excludes("Not there.")


class Asks(ReasonCode):
    WHAT = reviews("What is it?")


@pytest.mark.parametrize(
    ("control", "complaints"),
    [
        ({"reasons": OnlyFails}, ["SMB-090: can not end in PASS, and `only` does not say why"]),
        ({"reasons": OnlyPasses}, ["SMB-090: can not end in FAIL, and `only` does not say why"]),
        ({"reasons": Asks}, ["SMB-090: can not end in FAIL or PASS, and `only` does not say why"]),
        ({"reasons": OnlyPasses, "only": "nothing here can go wrong"}, []),
        ({"only": "nothing here can go wrong"}, ["SMB-090: `only` excuses a PASS or FAIL that it has"]),
        ({"reasons": OnlyPasses, "severity": Severity.INFO}, []),
        ({"reasons": Asks, "severity": Severity.INFO}, []),
        (
            {"reasons": Excuses, "severity": Severity.INFO},
            ["SMB-090: is info and can end in neither PASS nor REVIEW"],
        ),
    ],
)
def test_a_one_sided_control_is_caught(control: dict[str, Any], complaints: list[str]) -> None:
    assert list(checks.one_sided(planted(**control))) == complaints


def of_the_unregistered(fact: Unregistered) -> Verdict:
    del fact
    return verdict(Why.SIGNS())


def test_an_unregistered_fact_is_caught() -> None:
    (said,) = checks.strange_facts(planted(function=of_the_unregistered))
    assert "fact asks for Unregistered" in said


def test_a_missing_table_is_caught() -> None:
    assert list(checks.untested(planted(), {"SMB-091"})) == ["SMB-090: no table of cases"]


@pytest.mark.parametrize(
    ("control", "name", "complaint"),
    [
        ({"id": "SMB-091"}, "hypervigil.controls.smb.smb_091_x", "SMB-091: no such id in the catalogue"),
        ({}, "hypervigil.controls.smb.smb_091_x", "SMB-090: its module is called smb_091_x"),
        ({}, "hypervigil.controls.smb.smb_090", "SMB-090: its module is called smb_090"),
        ({}, "hypervigil.controls.network.smb_090_x", "SMB-090: its family is SMB, its package network"),
        (
            {"family": Family.NETWORK},
            "hypervigil.controls.network.smb_090_x",
            "SMB-090: its family is NET",
        ),
    ],
)
def test_a_wrong_name_is_caught(control: dict[str, Any], name: str, complaint: str) -> None:
    assert list(checks.misnamed(planted(name=name, **control), CATALOGUE)) == [complaint]


def test_two_controls_with_one_id_are_caught() -> None:
    assert list(checks.misnamed(planted() + planted(), CATALOGUE)) == ["SMB-090: 2 modules have this id"]


def needs_the_tpm(server: SmbServerConfiguration, tpm: Tpm) -> Verdict:
    del server, tpm
    return verdict(Why.SIGNS())


def needs_less(server: SmbServerConfiguration) -> Verdict:
    del server
    return verdict(Why.SIGNS())


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"title": "The planted server seals"}, "its title is 'The planted server seals'"),
        ({"title": "The planted server"}, "its title is 'The planted server'"),
        ({"scope": Scope.DC}, "its scope is dc, its row says node"),
        ({"severity": Severity.LOW}, "its severity is low, its row says high"),
        ({"function": needs_the_tpm}, "it asks for smb_server, tpm, its row says smb_server, tpm?"),
        ({"function": needs_less}, "it asks for smb_server, its row says smb_server, tpm?"),
        ({"id": "SMB-091"}, "the catalogue has no row for it"),
    ],
)
def test_a_departure_from_the_catalogue_is_caught(changes: dict[str, Any], complaint: str) -> None:
    (said,) = checks.off_catalogue(planted(**changes), ROWS)
    assert complaint in said


@pytest.mark.parametrize(
    ("title", "accepted"),
    [
        ("The planted server signs", True),
        ("The planted server signs; and more", True),
        ("The planted server signs (always); and more", True),
        ("The planted server sign", False),
        ("The planted server signs and more", False),
        ("Planted server signs", False),
    ],
)
def test_a_title_is_the_condition_or_its_first_clauses(title: str, accepted: bool) -> None:
    assert ROWS["SMB-090"].titled(title) is accepted


def test_rows_are_read() -> None:
    assert {
        "SMB-090": Row(
            id="SMB-090",
            condition="The planted server signs (`always`); and more",
            scope="node",
            facts={"smb_server": False, "tpm": True},
            severity="high",
            part="foundation",
        )
    } == ROWS
    derived = rows("| LOG-012 | No detection is blind | cluster | rule_coverage (derived) | high | hunt |")
    assert derived["LOG-012"].facts == {"rule_coverage": False}


def test_a_row_that_is_not_built_is_caught() -> None:
    (said,) = checks.not_built([], ROWS, "foundation")
    assert said.startswith("SMB-090: ")
    assert list(checks.not_built([], ROWS, "host")) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    Get-SmbServerConfiguration", "    Get-SmbServerConfig", "no reference knows Get-SmbServerConfig"),
        ("Select-Object Require", "Pick-Object Require", "no reference knows Pick-Object"),
        (
            "Select-Object RequireSecuritySignature",
            "Select-Object -Name RequireSecuritySignature",
            "Select-Object has no parameter Name",
        ),
        (
            "`Set-SmbServerConfiguration -RequireSecuritySignature $false`",
            "`Set-SmbServerConfiguration -Force`",
            "Set-SmbServerConfiguration has no parameter Force",
        ),
    ],
)
def test_an_undocumented_command_is_caught(old: str, new: str, complaint: str) -> None:
    assert old in PAGE
    said = list(checks.undocumented_commands(planted(page=PAGE.replace(old, new)), REFERENCE))
    assert said == [f"SMB-090: {complaint}"]


def test_aliases_and_names_of_features_are_no_complaint() -> None:
    page = PAGE.replace("-RequireSecuritySignature $true", "-Rss $true").replace("The rest.", "`Failover-Clustering`.")
    assert list(checks.undocumented_commands(planted(page=page), REFERENCE)) == []
