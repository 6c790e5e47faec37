"""The registry is whole: every control is registered, documented, tested, and what the catalogue says it is."""

from __future__ import annotations

import functools
import json
import pkgutil
from dataclasses import replace

import hypervigil.controls
from hypervigil.assess.compile import CompiledControl, compile_control
from hypervigil.controls.registry import CATALOGUE, FAMILIES, MODULES
from tests.controls import checks
from tests.controls.case import finding_of
from tests.controls.catalogue import Row, rows
from tests.controls.test_cases import tables
from tests.shared import shared_data, shared_document

FOUNDATION_ROWS = 34
HOST_ROWS = 67


@functools.cache
def controls() -> tuple[CompiledControl, ...]:
    return tuple(compile_control(module) for module in MODULES)


@functools.cache
def ran() -> tuple[checks.Ran, ...]:
    """Every case of every table, run. One that breaks says nothing here: ``test_cases.py`` reports it."""
    runs = []
    for module, cases in tables():
        for case in cases:
            try:
                finding = finding_of(module, case)
            except AssertionError:
                continue
            codes = tuple(reason.code for reason in finding.reasons)
            runs.append(checks.Ran(module.CONTROL.id, finding.outcome, codes))
    return tuple(runs)


AMENDED = {
    "SHV-002": {"cluster_groups": True},  # its condition speaks of possible owners, and only the cluster's roles tell
    "SMB-010": {"smb_server": True},  # its condition wants named pipes restricted, which is a setting of the server
}
"""Facts that a row leaves out though its own condition needs them: whether the control does without."""


def catalogue() -> dict[str, Row]:
    found = rows(shared_document("catalogue.md").read_text(encoding="utf-8"))
    return found | {name: replace(found[name], facts={**found[name].facts, **facts}) for name, facts in AMENDED.items()}


def test_every_module_is_registered() -> None:
    path, prefix = hypervigil.controls.__path__, "hypervigil.controls."
    aside = (f"{prefix}registry", f"{prefix}effective")  # the list itself, and what controls of any family read by
    found = [info for info in pkgutil.walk_packages(path, prefix) if not info.name.startswith(aside)]
    modules = [info.name for info in found if not info.ispkg]
    packages = [info.name for info in found if info.ispkg]
    assert modules
    assert list(checks.unlisted(modules, packages, FAMILIES)) == []


def test_every_page_is_complete() -> None:
    assert list(checks.incomplete_pages(controls())) == []


def test_every_reason_and_outcome_is_brought_out_by_a_case() -> None:
    assert list(checks.never_said(controls(), ran())) == []


def test_every_control_can_pass_and_fail_or_says_why_not() -> None:
    assert list(checks.one_sided(controls())) == []


def test_every_fact_is_registered() -> None:
    assert list(checks.strange_facts(controls())) == []


def test_every_control_has_a_table() -> None:
    assert list(checks.untested(controls(), {module.CONTROL.id for module, _ in tables()})) == []


def test_ids_families_and_modules_agree() -> None:
    assert list(checks.misnamed(controls(), CATALOGUE)) == []


def test_every_control_is_what_its_row_says() -> None:
    assert list(checks.off_catalogue(controls(), catalogue())) == []


def test_the_registry_knows_every_id_of_the_catalogue() -> None:
    assert sorted(CATALOGUE) == sorted(catalogue())


def test_the_foundation_is_built() -> None:
    wanted = catalogue()
    assert sum(row.part == "foundation" for row in wanted.values()) == FOUNDATION_ROWS
    assert list(checks.not_built(controls(), wanted, "foundation")) == []


def test_what_a_host_tells_is_judged() -> None:
    wanted = catalogue()
    assert sum(row.part == "host" for row in wanted.values()) == HOST_ROWS
    assert list(checks.not_built(controls(), wanted, "host")) == []


FOLLOWED = ("NET-001", "NET-002", "SHV-002", "MGT-002", "MGT-009", "LM-009", "LOG-002")
"""Controls whose judgement a fact sheet spells out row by row."""
LEAST_ROWS = 12


def test_sheets_that_spell_a_judgement_out_are_followed_row_by_row() -> None:
    cases = {module.CONTROL.id: cases for module, cases in tables()}
    assert {control: len(cases[control]) for control in FOLLOWED if len(cases[control]) < LEAST_ROWS} == {}


def test_pages_name_documented_commands_only() -> None:
    reference = json.loads(shared_data("powershell-reference.json").read_bytes())
    assert list(checks.undocumented_commands(controls(), reference)) == []
