"""The register is whole: what the catalogue names is in it, and each type says all that is written down about it."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import hypervigil.evidence
from hypervigil.evidence.fact import Fact, Origin
from hypervigil.evidence.register import BY_NAME, FACTS
from hypervigil.model.subject import Scope
from tests.controls.catalogue import rows
from tests.shared import shared_document

EACH = pytest.mark.parametrize("fact", FACTS, ids=[fact.INFO.name for fact in FACTS])

PARTS = {"foundation", "host", "settings"}
LATER = {"directory", "wire"}
DERIVED = {"baseline_collisions", "rule_coverage", "driver_verdicts"}
"""Facts that the catalogue marks so; they come with what derives them."""
NO_FACT = {"context"}
"""The operator declares it."""


def named() -> dict[str, set[str]]:
    """The facts that rows of the parts built so far name, each with the parts."""
    found: dict[str, set[str]] = {}
    for row in rows(shared_document("catalogue.md").read_text(encoding="utf-8")).values():
        for fact in row.facts:
            found.setdefault(fact, set()).add(row.part)
    return found


def test_every_fact_that_a_row_names_is_registered() -> None:
    wanted = {fact for fact, parts in named().items() if parts & PARTS} - DERIVED - NO_FACT
    assert len(wanted) > 60
    assert wanted - BY_NAME.keys() == set()


def test_the_register_holds_nothing_that_no_row_names() -> None:
    # The members of the cluster are what there is to judge; no row needs to say so.
    assert BY_NAME.keys() - named().keys() == {"cluster_nodes"}


def test_what_later_sources_bring_has_its_type_and_no_reader() -> None:
    later = {fact for fact in named() if fact.partition("_")[0] in LATER} | {"smb_connections"}
    assert later - BY_NAME.keys() == set()
    assert {fact.INFO.name for fact in FACTS if not fact.INFO.reads} == later
    assert {fact.INFO.name for fact in FACTS if not fact.INFO.read_on_host} == later


def test_no_type_is_left_out_of_the_register() -> None:
    for module in pkgutil.iter_modules(hypervigil.evidence.__path__, "hypervigil.evidence."):
        importlib.import_module(module.name)
    assert {kind for kind in descendants(Fact) if "INFO" in vars(kind)} >= set(FACTS)
    assert {kind for kind in descendants(Fact) if "INFO" in vars(kind) and kind not in FACTS} == set()


def descendants(kind: type[Fact]) -> set[type[Fact]]:
    """All classes below one; those that tests define somewhere else do not count."""
    found = set()
    for each in kind.__subclasses__():
        if each.__module__.startswith("hypervigil."):
            found |= {each, *descendants(each)}
    return found


def test_names_are_told_apart_without_regard_to_case() -> None:
    assert len({fact.INFO.name.casefold() for fact in FACTS}) == len(FACTS)
    assert len({fact.__name__ for fact in FACTS}) == len(FACTS)


@EACH
def test_what_is_written_down_is_complete(fact: type[Fact]) -> None:
    info = fact.INFO
    assert fact.__doc__
    assert info.title
    assert info.sources
    assert info.version >= 1
    if info.item_key:
        assert info.item_key in fact.__struct_fields__
    else:
        # One document holds one fact, so it is about whoever holds it.
        assert info.subject is info.holder
        assert not info.others


@pytest.mark.parametrize(
    ("name", "holder"),
    [
        ("tpm", Scope.NODE),
        ("vms", Scope.NODE),
        ("smb_connections", Scope.NODE),
        ("cluster", Scope.CLUSTER),
        ("cluster_groups", Scope.CLUSTER),
        ("directory_computer", Scope.CLUSTER),
        ("directory_account", Scope.CLUSTER),
        ("directory_dcs", Scope.CLUSTER),
        ("wire_smb", Scope.CLUSTER),
    ],
)
def test_who_holds_a_fact(name: str, holder: Scope) -> None:
    assert BY_NAME[name].INFO.holder is holder


def test_subjects_of_what_comes_from_elsewhere() -> None:
    scopes = {fact.INFO.name: fact.INFO.subject for fact in FACTS if fact.INFO.origin is not Origin.HOST}
    assert scopes == {
        "directory_domain": Scope.CLUSTER,
        "directory_acls": Scope.CLUSTER,
        "directory_dcs": Scope.DC,
        "directory_computer": Scope.NODE,
        "directory_account": Scope.ACCOUNT,
        "wire_smb": Scope.ENDPOINT,
        "wire_tls": Scope.ENDPOINT,
        "wire_rdp": Scope.ENDPOINT,
        "wire_winrm": Scope.ENDPOINT,
        "wire_reach": Scope.ENDPOINT,
    }
