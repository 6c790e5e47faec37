"""Every fact of the collector, under every fault: the right gap, and nothing of the others changes."""

from __future__ import annotations

import datetime
import functools
import re

import pytest

from hypervigil.collect.reads import Row, table
from hypervigil.evidence.register import BY_NAME
from hypervigil.model.subject import Scope
from hypervigil.store import read_bundle
from hypervigil.store.verify import verify_bundle
from tests.collect.collector import (
    Document,
    Run,
    all_targets,
    expectations,
    run_collector,
    targets_by_fact,
)

pytestmark = pytest.mark.slow

FACTS = sorted({row.fact for row in table()} - {"node"})
HURRY = ("-TaskTimeoutSeconds", "6", "-TasksAtOnce", "16", "-IncludeHgsClient")
"""Hanging tasks wait for their deadline; the others have to be done by then on a busy machine too."""

CAUSES = {
    "missing": {"unsupported_release"},
    "denied": {"access_denied"},
    "hang": {"timed_out"},
    "hang_politely": {"timed_out"},
    "broken": {"unparsable"},
}
"""What a fact whose every command fails becomes. The other faults leave something to read."""


@functools.cache
def plain() -> Run:
    return _sound(run_collector("-IncludeHgsClient"))


@functools.cache
def faulty(fault: str) -> Run:
    arguments = HURRY if fault.startswith("hang") else ("-IncludeHgsClient",)
    return _sound(run_collector(*arguments, faults=dict.fromkeys(all_targets(), fault)))


def _sound(run: Run) -> Run:
    assert run.status == 0, run.messages
    assert verify_bundle(run.bundle).whole
    return run


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_read_and_fits_its_type(fact: str) -> None:
    document = plain().by_fact()[fact]
    assert _end(document) in _expected(fact, "plain", {"known"}), document.detail
    evidence = read_bundle(plain().bundle)
    held = evidence.listings if BY_NAME[fact].INFO.item_key else evidence.facts
    keys = {evidence.cluster.key if evidence.cluster else ""} | {node.key for node in evidence.nodes}
    assert any((fact, key) in held for key in keys)


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("fault", sorted(CAUSES))
def test_a_command_that_fails_makes_a_gap_with_its_cause(fact: str, fault: str) -> None:
    document = faulty(fault).by_fact()[fact]
    wanted = {"known"} if not targets_by_fact()[fact] else CAUSES[fault]
    assert _end(document) in _expected(fact, fault, wanted), f"{document.cause}: {document.detail}"


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("fault", ["nothing", "one", "many", "hostile"])
def test_an_odd_answer_makes_a_fact_or_a_gap(fact: str, fault: str) -> None:
    document = faulty(fault).by_fact()[fact]
    wanted = {"known"} if not targets_by_fact()[fact] else {"known", "unparsable"}
    assert _end(document) in _expected(fact, fault, wanted), f"{document.cause}: {document.detail}"


@pytest.mark.parametrize("fact", [name for name in FACTS if BY_NAME[name].INFO.item_key])
def test_no_object_is_an_empty_list(fact: str) -> None:
    assert _end(faulty("nothing").by_fact()[fact]) in _expected(fact, "nothing", {"known"})


@pytest.mark.parametrize(
    "fault", ["missing", "denied", "hang", "hang_politely", "broken", "nothing", "one", "many", "hostile"]
)
def test_a_bundle_is_readable_whatever_happened(fault: str) -> None:
    run = faulty(fault)
    evidence = read_bundle(run.bundle)
    assert len(evidence.nodes) == 1
    assert {fact for fact in FACTS if fact not in run.by_fact()} == set()


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("fault", ["hang", "broken", "hostile"])
def test_a_failure_changes_no_other_fact(fault: str, half: int) -> None:
    spared = {"Cim-Win32_ComputerSystem"}  # it names the host, and so is in every document
    hit = (set().union(*(targets_by_fact()[fact] for fact in FACTS[half::2])) & set(all_targets())) - spared
    arguments = HURRY if fault == "hang" else ("-IncludeHgsClient",)
    run = _sound(run_collector(*arguments, faults=dict.fromkeys(hit, fault)))
    untouched = [fact for fact in FACTS if not targets_by_fact()[fact] & hit]
    assert untouched
    before, after = plain().by_fact(), run.by_fact()
    for fact in untouched:
        assert (after[fact].status, _timeless(after[fact])) == (before[fact].status, _timeless(before[fact])), fact


def test_numbers_and_dates_do_not_depend_on_the_culture() -> None:
    there = _sound(run_collector("-IncludeHgsClient", comma_decimals=True)).by_fact()
    here = plain().by_fact()
    assert {fact: _timeless(each) for fact, each in there.items()} == {
        fact: _timeless(each) for fact, each in here.items()
    }


@pytest.mark.parametrize("fact", FACTS)
def test_a_registry_that_may_not_be_looked_at_is_not_an_empty_one(fact: str) -> None:
    values = [row for row in table() if row.fact == fact and _key(row) in _leaves()]
    document = _registry("denied").by_fact()[fact]
    assert _end(document) in _expected(fact, "registry_denied", {"known", "access_denied"}), document.detail
    if values and _end(document) == "known" and not targets_by_fact()[fact]:
        assert document.data != _registry("empty").by_fact()[fact].data


def _key(row: Row) -> str:
    return row.registry.removeprefix("HKLM:\\").partition("\\*")[0].partition("\\<")[0].casefold()


@functools.cache
def _leaves() -> frozenset[str]:
    """Keys below which nothing else is read: the stand-in registry takes what lies below a denied key for absent."""
    keys = {_key(row) for row in table() if row.registry}
    return frozenset(key for key in keys if not any(other.startswith(key + "\\") for other in keys))


@functools.cache
def _registry(state: str) -> Run:
    hive: dict[str, object] = {}
    if state == "denied":
        hive = {"keys": {key: {"access_denied": True} for key in sorted(_leaves())}}
    return _sound(run_collector("-IncludeHgsClient", registry={"HKLM": hive}))


def _end(document: Document) -> str:
    return "known" if document.status == "known" else document.cause


def _expected(fact: str, fault: str, otherwise: set[str]) -> set[str]:
    return set(expectations().get(fact, {}).get(fault, ())) or otherwise


def _timeless(document: Document) -> object:
    """The data without what moves by itself: moments near today."""
    return _without(document.data)


def _without(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each) for each in value]
    return "a moment ago" if isinstance(value, str) and _recent(value) else value


def _recent(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", text):
        return False
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(text)
    return abs(age) < datetime.timedelta(days=400)


def test_each_fact_belongs_to_its_place() -> None:
    for path in plain().documents():
        fact = path.rpartition("/")[2].removesuffix(".json")
        assert path.startswith("cluster/") is (BY_NAME[fact].INFO.subject is Scope.CLUSTER)
