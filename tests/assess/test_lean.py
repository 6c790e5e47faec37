"""Letting go of what facts say changes no report that does not show it, and frees the memory."""

from __future__ import annotations

import datetime
import gc
import importlib
import weakref

import pytest

from hypervigil.assess.assessment import Assessment, assess, lean
from hypervigil.evidence.evidence import Gap, Known
from tests.report.sample import CONTROLS, MADE, cluster_evidence, run

MACHINES = ("json_format", "sarif", "csv_format", "junit")


def rendered(format_name: str, *assessments: Assessment) -> str:
    module = importlib.import_module(f"hypervigil.report.{format_name}")
    text: str = module.render(assessments, CONTROLS, made=MADE)
    return text


@pytest.mark.parametrize("format_name", MACHINES)
def test_reports_for_machines_stay_the_same(format_name: str) -> None:
    whole = run(cluster_evidence(), cluster_evidence(label="CL02"))
    assert rendered(format_name, *map(lean, whole)) == rendered(format_name, *whole)


def test_the_page_stays_the_same_with_the_facts_that_it_shows() -> None:
    whole = run()
    assert rendered("html", *(lean(one, with_facts=True) for one in whole)) == rendered("html", *whole)


def test_facts_are_let_go_of() -> None:
    """Those that findings rest on, too, unless they are asked for; gaps and provenance stay."""
    (whole,) = run()
    slim, shown = lean(whole), lean(whole, with_facts=True)
    kept = [record.fact for record in slim.evidence.facts.values() if isinstance(record, Known)]
    assert {type(fact).__name__ for fact in kept} == {"LetGo"}
    facts = {type(r.fact).__name__ for r in shown.evidence.facts.values() if isinstance(r, Known)}
    assert {"DeviceGuard", "VmHost"} <= facts
    for made in (slim, shown):
        assert made.findings == whole.findings
        assert made.coverage == whole.coverage
        for place, record in made.evidence.facts.items():
            before = whole.evidence.facts[place]
            assert record.provenance == before.provenance
            assert isinstance(record, Gap) == isinstance(before, Gap)


def test_items_that_no_finding_rests_on_go_as_a_whole() -> None:
    controls = [compiled for compiled in CONTROLS if compiled.control.id != "SHV-901"]
    whole = assess(cluster_evidence(), controls, today=datetime.date(2026, 11, 24))
    assert any(name == "vms" for name, _ in whole.evidence.facts)
    for made in (lean(whole), lean(whole, with_facts=True)):
        assert not any(name == "vms" for name, _ in made.evidence.facts)
        assert made.evidence.listings == {}


def test_the_evidence_is_really_gone() -> None:
    class Watched(dict[object, object]):
        """A mapping of facts that can be watched."""

    (whole,) = run(cluster_evidence(facts=(facts := Watched(cluster_evidence().facts))))
    watch = weakref.ref(facts)
    slim = lean(whole)
    del whole, facts
    gc.collect()
    assert watch() is None
    assert slim.findings
