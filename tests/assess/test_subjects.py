"""What there is to judge, and what becomes of lists that nobody could make."""

from __future__ import annotations

import msgspec
import pytest

from hypervigil.assess.engine import judge
from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.evidence import Evidence, Gap, Listing
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.model.finding import Finding
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Verdict, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from tests.assess.planted import Why, evidence, nodes_say, plant, says
from tests.assess.test_engine import source_says
from tests.controls.case import SYNTHETIC

CLUSTER_KEY = "11111111-2222-4333-8444-555555555555"
CONTROLS = (
    plant(id="PLT-901"),
    plant(source_says, id="LM-901", scope=Scope.PAIR),
    plant(nodes_say, id="CLU-901", scope=Scope.CLUSTER),
    plant(id="SHV-901", scope=Scope.VM),
)
"""One of each scope."""


def of(control: str, bundle: Evidence) -> list[Finding]:
    judged = judge(bundle, CONTROLS)
    assert not judged.diagnostics
    return [finding for finding in judged.findings if finding.control == control]


def said(control: str, bundle: Evidence) -> list[tuple[str, Outcome]]:
    return [(finding.subject.name, finding.outcome) for finding in of(control, bundle)]


def lone(*facts: Fact, names: tuple[str, ...] = ("HV01",)) -> Evidence:
    """Hosts that nothing ties to a cluster."""
    bundle = evidence({name: (says("GOOD"), *facts) for name in names})
    nodes = tuple(msgspec.structs.replace(node, cluster="") for node in bundle.nodes)
    facts_left = {key: record for key, record in bundle.facts.items() if key[1] != CLUSTER_KEY}
    return msgspec.structs.replace(bundle, label="hosts", cluster=None, nodes=nodes, facts=facts_left)


TWO = {"HV01": (says("GOOD"), defaults.vm(1)), "HV02": (says("GOOD"), defaults.vm(2))}


# A whole cluster


def test_each_subject_once() -> None:
    whole = evidence(TWO)
    assert said("PLT-901", whole) == [("HV01", Outcome.PASS), ("HV02", Outcome.PASS)]
    assert said("LM-901", whole) == [("HV01 → HV02", Outcome.PASS), ("HV02 → HV01", Outcome.PASS)]
    assert said("CLU-901", whole) == [("CL01", Outcome.PASS)]
    assert said("SHV-901", whole) == [("VM0001", Outcome.PASS), ("VM0002", Outcome.PASS)]


# Nodes


@pytest.mark.parametrize("cause", [Cause.ACCESS_DENIED, Cause.NOT_COLLECTED])
def test_a_list_of_nodes_that_could_not_be_made_is_one_unknown_for_each_control(cause: Cause) -> None:
    blind = evidence(TWO, gaps={"cluster_nodes": cause})
    for control, known in (("PLT-901", 2), ("LM-901", 2), ("SHV-901", 2)):
        findings = of(control, blind)
        assert [f.outcome for f in findings] == [Outcome.PASS] * known + [Outcome.UNKNOWN]
        assert findings[-1].cause is cause
        assert findings[-1].subject.key == f"{CLUSTER_KEY}/*"
        assert "could not be listed" in findings[-1].subject.name
    (cluster,) = of("CLU-901", blind)
    assert (cluster.outcome, cluster.cause) == (Outcome.UNKNOWN, cause)


def test_nodes_that_the_cluster_lists_and_no_document_covers_are_unknown() -> None:
    part = evidence({"HV01": (says("GOOD"), defaults.vm(1))}, defaults.cluster_nodes("HV01", "HV02"))
    assert said("PLT-901", part) == [("HV01", Outcome.PASS), ("HV02", Outcome.UNKNOWN)]
    assert said("LM-901", part) == [("HV01 → HV02", Outcome.PASS), ("HV02 → HV01", Outcome.UNKNOWN)]
    assert said("CLU-901", part) == [("CL01", Outcome.UNKNOWN)]
    assert said("SHV-901", part) == [
        ("VM0001", Outcome.PASS),
        ("vms of hv02 that could not be listed", Outcome.UNKNOWN),
    ]


@pytest.mark.parametrize(("cluster", "key"), [((), "hv02"), ((defaults.cluster(),), "hv02.contoso.com")])
def test_a_node_without_documents_is_known_by_the_name_that_the_cluster_gives_it(
    cluster: tuple[Cluster, ...], key: str
) -> None:
    part = evidence({"HV01": (says("GOOD"),)}, defaults.cluster_nodes("HV01", "HV02"), *cluster)
    seen, unseen = of("PLT-901", part)
    assert unseen.subject.key == key
    assert unseen.subject.cluster == seen.subject.cluster == CLUSTER_KEY
    assert unseen.subject.aliases == (("hv02",) if cluster else ())


def test_a_node_is_not_listed_twice_because_the_source_calls_it_otherwise() -> None:
    whole = evidence(TWO)
    renamed = tuple(msgspec.structs.replace(node, name=f"{node.name} (east)") for node in whole.nodes)
    findings = of("PLT-901", msgspec.structs.replace(whole, nodes=renamed))
    assert [f.subject.name for f in findings] == ["HV01 (east)", "HV02 (east)"]


def test_a_failure_stands_beside_a_list_that_could_not_be_made() -> None:
    blind = evidence({"HV01": (says("BAD"),)}, gaps={"cluster_nodes": Cause.TIMED_OUT})
    assert said("CLU-901", blind) == [("CL01", Outcome.FAIL)]


def test_a_cluster_that_nobody_was_asked_about_is_unknown() -> None:
    def any_node(systems: Nodes[WindowsFeatures]) -> Verdict:
        return verdict(Why.GOOD() if systems else Why.BAD())

    empty = msgspec.structs.replace(evidence({}), nodes=())
    control = plant(any_node, scope=Scope.CLUSTER)
    (finding,) = judge(empty, [control]).findings
    assert finding.outcome is Outcome.UNKNOWN


# Pairs


def test_one_node_makes_no_pair() -> None:
    (finding,) = of("LM-901", evidence({"HV01": (says("BAD"),)}))
    assert (finding.outcome, finding.reasons[0].code) == (Outcome.NOT_APPLICABLE, "single_node")


# VMs


def test_vms_that_could_not_be_listed_are_one_unknown_for_each_such_node() -> None:
    whole = evidence(TWO)
    refused = Gap("vms", Cause.ACCESS_DENIED)
    listings = {**whole.listings, ("vms", "hv02.contoso.com"): refused}
    part = msgspec.structs.replace(whole, listings=listings)
    assert said("SHV-901", part) == [
        ("VM0001", Outcome.PASS),
        ("vms of hv02.contoso.com that could not be listed", Outcome.UNKNOWN),
    ]
    assert of("SHV-901", part)[-1].cause is Cause.ACCESS_DENIED
    assert said("PLT-901", part) == said("PLT-901", whole)


def test_nodes_without_a_vm_leave_nothing_to_judge() -> None:
    bare = evidence({"HV01": (says("BAD"),)})
    none = msgspec.structs.replace(bare, listings={("vms", "hv01.contoso.com"): Listing(())})
    (finding,) = of("SHV-901", none)
    assert (finding.outcome, finding.reasons[0].code) == (Outcome.NOT_APPLICABLE, "no_vm")
    assert "HV01" in finding.reasons[0].text


def test_a_vm_whose_fact_is_missing_stays_a_subject() -> None:
    whole = evidence(TWO)
    key = defaults.vm(1).id
    facts = {name: record for name, record in whole.facts.items() if name != ("vms", key)}
    part = msgspec.structs.replace(whole, facts=facts)
    assert [f.subject.key for f in of("SHV-901", part)] == [key, defaults.vm(2).id]


# Hosts that nothing ties to a cluster


def without_clustering() -> WindowsFeatures:
    features = tuple(
        msgspec.structs.replace(feature, installed=feature.installed and feature.name != "Failover-Clustering")
        for feature in defaults.windows_features().features
    )
    return WindowsFeatures(features=features)


@pytest.mark.parametrize("names", [("HV01",), ("HV01", "HV02")])
def test_hosts_without_failover_clustering_have_no_cluster(names: tuple[str, ...]) -> None:
    host = lone(without_clustering(), names=names)
    assert said("PLT-901", host) == [(name, Outcome.PASS) for name in names]
    for control in ("LM-901", "CLU-901"):
        (finding,) = of(control, host)
        assert (finding.outcome, finding.reasons[0].code) == (Outcome.NOT_APPLICABLE, "no_cluster")
        assert all(name in finding.reasons[0].text for name in names)


def test_a_cluster_that_is_known_is_judged_whatever_its_features_say() -> None:
    nodes = {name: (*facts, without_clustering()) for name, facts in TWO.items()}
    assert said("CLU-901", evidence(nodes)) == [("CL01", Outcome.PASS)]


def test_no_host_at_all_is_not_a_host_without_a_cluster() -> None:
    for control in ("PLT-901", "LM-901", "CLU-901", "SHV-901"):
        empty = msgspec.structs.replace(lone(), nodes=(), facts={})
        assert [f.outcome for f in of(control, empty)] == [Outcome.UNKNOWN]


@pytest.mark.parametrize("facts", [(), (defaults.windows_features(),)])
def test_a_host_that_may_be_in_a_cluster_leaves_it_unknown(facts: tuple[Fact, ...]) -> None:
    host = lone(*facts)
    assert said("PLT-901", host) == [
        ("HV01", Outcome.PASS),
        ("nodes of hosts that could not be listed", Outcome.UNKNOWN),
    ]
    for control in ("LM-901", "CLU-901"):
        assert [f.outcome for f in of(control, host)] == [Outcome.UNKNOWN]
    (missing,) = of("CLU-901", host)[0].missing
    assert missing.detail == "nothing says which cluster the hosts belong to"


def test_the_cause_for_which_the_cluster_is_unknown_is_kept() -> None:
    host = lone()
    denied = Gap("cluster", Cause.ACCESS_DENIED, "refused", SYNTHETIC)
    (finding,) = of("CLU-901", msgspec.structs.replace(host, facts={**host.facts, ("cluster", ""): denied}))
    assert (finding.outcome, finding.cause) == (Outcome.UNKNOWN, Cause.ACCESS_DENIED)
