"""What is refused as a control."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from hypervigil.assess.compile import ControlDefinitionError, Form, compile_control
from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import Vm
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Destination, Maybe, Nodes, Source
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope
from tests.assess.planted import Why, node_says, plant


class Harmless(ReasonCode):
    SEEN = passes("Seen.")
    ASKED = reviews("Is it?")


def test_each_form_of_a_parameter_is_understood() -> None:
    def assess(  # noqa: PLR0917  one parameter a form
        cluster: Cluster,
        maybe_cluster: Maybe[Cluster],
        nodes: Nodes[OperatingSystem],
        maybe_nodes: Maybe[Nodes[OperatingSystem]],
        source: Source[OperatingSystem],
        maybe_source: Maybe[Source[OperatingSystem]],
        destination: Destination[ComputerSystem],
    ) -> Verdict:
        raise AssertionError((cluster, maybe_cluster, nodes, maybe_nodes, source, maybe_source, destination))

    needs = plant(assess, scope=Scope.PAIR).needs
    assert [(need.parameter, need.fact, need.form, need.optional) for need in needs] == [
        ("cluster", Cluster, Form.SUBJECT, False),
        ("maybe_cluster", Cluster, Form.SUBJECT, True),
        ("nodes", OperatingSystem, Form.NODES, False),
        ("maybe_nodes", OperatingSystem, Form.NODES, True),
        ("source", OperatingSystem, Form.SOURCE, False),
        ("maybe_source", OperatingSystem, Form.SOURCE, True),
        ("destination", ComputerSystem, Form.DESTINATION, False),
    ]


def of_text(text: str) -> Verdict:
    return verdict(Why[text]())


def of_anything(anything) -> Verdict:  # type: ignore[no-untyped-def]  # noqa: ANN001  that is what is refused
    return verdict(Why[anything]())


def of_many(systems: list[OperatingSystem]) -> Verdict:
    return verdict(*(Why[system.caption]() for system in systems))


def of_vm(vm: Vm) -> Verdict:
    return verdict(Why[vm.name]())


def of_source(system: Source[OperatingSystem]) -> Verdict:
    return verdict(Why[system.caption]())


def of_destination(system: Destination[OperatingSystem]) -> Verdict:
    return verdict(Why[system.caption]())


def of_every_cluster(clusters: Nodes[Cluster]) -> Verdict:
    return verdict(*(Why[cluster.name]() for _, cluster in clusters))


@pytest.mark.parametrize(
    ("assess", "scope"),
    [(of_text, Scope.NODE), (of_anything, Scope.NODE), (of_many, Scope.CLUSTER)],
)
def test_a_parameter_that_is_no_fact_is_refused(assess: Callable[..., Verdict], scope: Scope) -> None:
    with pytest.raises(ControlDefinitionError, match=r"PLT-901: parameter \w+ asks for .+, which is no fact"):
        plant(assess, scope=scope)


@pytest.mark.parametrize(
    ("assess", "scope"),
    [
        (of_vm, Scope.NODE),
        (of_vm, Scope.CLUSTER),
        (node_says, Scope.CLUSTER),
        (node_says, Scope.PAIR),
        (of_source, Scope.NODE),
        (of_destination, Scope.NODE),
        (of_every_cluster, Scope.CLUSTER),
    ],
)
def test_a_fact_out_of_reach_of_the_scope_is_refused(assess: Callable[..., Verdict], scope: Scope) -> None:
    with pytest.raises(ControlDefinitionError, match="can not get"):
        plant(assess, scope=scope)


@pytest.mark.parametrize(
    ("assess", "scope"), [(of_vm, Scope.VM), (node_says, Scope.VM), (of_source, Scope.PAIR), (node_says, Scope.NODE)]
)
def test_a_fact_within_reach_is_taken(assess: Callable[..., Verdict], scope: Scope) -> None:
    assert len(plant(assess, scope=scope).needs) == 1


def test_an_info_control_that_can_fail_is_refused() -> None:
    class Fails(ReasonCode):
        SEEN = passes("Seen.")
        BAD = fails("Bad.")

    with pytest.raises(ControlDefinitionError, match="PLT-901 is info and can fail"):
        plant(reasons=Fails, severity=Severity.INFO)
    assert plant(reasons=Harmless, severity=Severity.INFO).control.severity is Severity.INFO


def test_an_applicability_that_asks_for_an_optional_fact_is_refused() -> None:
    def applies(system: Maybe[ComputerSystem]) -> Reason | None:
        return None if system.value else Why.OUT()

    with pytest.raises(ControlDefinitionError, match=r"PLT-901: applies\(\) takes required facts only"):
        plant(node_says, applies)


@pytest.mark.parametrize("part", ["CONTROL", "assess"])
def test_a_module_without_a_part_is_refused(part: str) -> None:
    parts = {"CONTROL": plant().control, "assess": node_says}
    del parts[part]
    module = ModuleType("planted")
    vars(module).update(parts)
    with pytest.raises(ControlDefinitionError, match=f"planted has no .*{part}"):
        compile_control(module)
