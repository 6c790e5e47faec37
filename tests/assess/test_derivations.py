"""Facts made from facts."""

from __future__ import annotations

from typing import ClassVar

import msgspec
import pytest

from hypervigil.assess.derivations import Derivation, derive
from hypervigil.assess.engine import judge
from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.evidence import Gap, Known
from hypervigil.evidence.fact import Fact, FactType
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Verdict, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from tests.assess.planted import Why, evidence, plant, says


class Described(Fact, frozen=True, kw_only=True):
    """Made of two facts of a node."""

    INFO: ClassVar[FactType] = FactType(name="described", title="Described", subject=Scope.NODE, reads=(), sources=())

    text: str


class Counted(Fact, frozen=True, kw_only=True):
    """Made of two facts of the cluster."""

    INFO: ClassVar[FactType] = FactType(name="counted", title="Counted", subject=Scope.CLUSTER, reads=(), sources=())

    nodes: int


class Doubled(Fact, frozen=True, kw_only=True):
    """Made of a fact that is made itself."""

    INFO: ClassVar[FactType] = FactType(name="doubled", title="Doubled", subject=Scope.NODE, reads=(), sources=())

    text: str


def describe(system: OperatingSystem, computer: ComputerSystem) -> Described:
    if system.caption == "BAD":
        msg = "nobody can describe this"
        raise ValueError(msg)
    return Described(text=f"{computer.name} {system.caption}")


DESCRIBED = Derivation(Described, (OperatingSystem, ComputerSystem), describe)
COUNTED = Derivation(Counted, (Cluster, ClusterNodes), lambda _, listed: Counted(nodes=len(listed.nodes)))
DOUBLED = Derivation(Doubled, (Described,), lambda described: Doubled(text=described.text * 2))
KEY = "hv01.contoso.com"
NODE = {"HV01": (says("GOOD"), defaults.computer_system())}


def test_a_fact_is_made_with_the_provenance_of_what_it_was_made_from() -> None:
    record = derive(evidence(NODE), (DESCRIBED,)).record("described", KEY)
    assert isinstance(record, Known)
    assert record.fact == Described(text="HV01 GOOD")
    assert record.provenance.source == "derived"
    assert record.provenance.remark == "made from operating_system, computer_system"


def test_a_cluster_fact_is_made_of_cluster_facts() -> None:
    bundle = derive(evidence(NODE, defaults.cluster()), (COUNTED,))
    assert bundle.cluster is not None
    assert bundle.get(Counted, bundle.cluster.key) == Counted(nodes=1)


def test_without_a_cluster_nothing_is_made_of_one() -> None:
    lone = msgspec.structs.replace(evidence(NODE), cluster=None)
    assert not [name for name, _ in derive(lone, (COUNTED,)).facts if name == "counted"]


def test_a_derivation_may_build_on_one_before_it() -> None:
    assert derive(evidence(NODE), (DESCRIBED, DOUBLED)).get(Doubled, KEY) == Doubled(text="HV01 GOODHV01 GOOD")


@pytest.mark.parametrize("missing", ["operating_system", "computer_system"])
def test_a_missing_input_is_a_gap_with_its_cause(missing: str) -> None:
    record = derive(evidence(NODE, gaps={missing: Cause.TIMED_OUT}), (DESCRIBED,)).record("described", KEY)
    assert isinstance(record, Gap)
    assert record.cause is Cause.TIMED_OUT
    assert missing in record.detail


def test_an_input_that_can_not_be_used_is_unparsable() -> None:
    record = derive(evidence({"HV01": (says("BAD"), defaults.computer_system())}), (DESCRIBED,)).record(
        "described", KEY
    )
    assert isinstance(record, Gap)
    assert record.cause is Cause.UNPARSABLE
    assert "nobody can describe this" in record.detail


def test_a_fact_that_is_there_already_is_made_anew() -> None:
    stale = derive(evidence({"HV01": (says("ODD"), defaults.computer_system())}), (DESCRIBED,))
    fresh = {**stale.facts, ("operating_system", KEY): evidence(NODE).facts["operating_system", KEY]}
    made = derive(type(stale)(label="", cluster=stale.cluster, nodes=stale.nodes, facts=fresh), (DESCRIBED,))
    assert made.get(Described, KEY) == Described(text="HV01 GOOD")


def test_evidence_is_left_as_it_was() -> None:
    bundle = evidence(NODE)
    derive(bundle, (DESCRIBED,))
    assert bundle.get(Described, KEY) is None
    assert derive(bundle, ()) is bundle


def test_a_control_gets_a_derived_fact_like_any_other() -> None:
    def of_described(described: Described) -> Verdict:
        return verdict(Why[described.text.rpartition(" ")[2]]())

    nodes = {"HV01": (says("ODD"), defaults.computer_system()), "HV02": (says("GOOD"),)}
    findings = judge(evidence(nodes), [plant(of_described)], derivations=(DESCRIBED,)).findings
    assert [(f.outcome, f.cause) for f in findings] == [
        (Outcome.REVIEW, None),
        (Outcome.UNKNOWN, Cause.NOT_COLLECTED),
    ]


def test_a_control_over_nodes_misses_what_could_not_be_derived() -> None:
    def all_described(described: Nodes[Described]) -> Verdict:
        return verdict(Why.GOOD() if described else Why.BAD())

    nodes = {"HV01": (says("GOOD"), defaults.computer_system()), "HV02": (says("BAD"), defaults.computer_system())}
    control = plant(all_described, scope=Scope.CLUSTER)
    (finding,) = judge(evidence(nodes), [control], derivations=(DESCRIBED,)).findings
    assert (finding.outcome, finding.cause) == (Outcome.UNKNOWN, Cause.UNPARSABLE)
