"""Comparisons of a context with evidence: their places and facts, and what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from hypervigil.assess.context_conflicts import COMPARISONS, Compared, compare_context
from hypervigil.assess.context_hosts import HostConflict
from hypervigil.assess.context_networks import NetworkConflict
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import (
    NetworkRole,
)
from hypervigil.evidence.wire import Reach
from hypervigil.model.outcome import Cause
from hypervigil.synthetic import defaults
from tests.assess import test_context_hosts as hosts
from tests.assess import test_context_networks as networks
from tests.assess.contradicted import (
    COPY,
    EDR,
    ISOLATED,
    JUMP,
    MIGRATION,
    NAS,
    TWO,
    access,
    adapters,
    compared,
    forwarding,
    in_cluster,
    interfaces,
    keys,
    members,
    network,
    on_the_wire,
    reach,
    routes,
    services,
    smb,
    smb_event,
)
from tests.assess.declared import DECLARED
from tests.assess.planted import evidence


def test_every_way_to_contradict_has_a_row() -> None:
    seen = {
        c.reason.code
        for _, declared, bundle, _ in (*networks.ROWS, *hosts.ROWS)
        for c in compared(declared, bundle).conflicts
    }
    assert seen == {code.code for code in (*NetworkConflict, *HostConflict)}


GATEWAY = next(bundle for name, _, bundle, _ in networks.ROWS if name == "a gateway in an isolated network")


def test_a_conflict_names_its_place_and_its_facts() -> None:
    (conflict,) = compared("\n" + ISOLATED, GATEWAY).conflicts
    assert conflict.place == "c.toml:2"
    assert [(ref.fact, ref.subject) for ref in conflict.evidence] == [("routes", "hv01.contoso.com")]


def test_what_nobody_has_rests_on_the_lists_of_all() -> None:
    bundle = evidence({"HV01": (defaults.vm(1, name="APP01"),), "HV02": (defaults.vm(2, name="APP02"),)})
    (conflict,) = compared('[[tier0_guests]]\nvm = "DC01"\n', bundle).conflicts
    assert [(ref.fact, ref.subject) for ref in conflict.evidence] == [
        ("vms", "hv01.contoso.com"),
        ("vms", "hv02.contoso.com"),
    ]


def test_the_worst_comes_first() -> None:
    severities = [c.severity.rank for c in compared("\n".join((NAS, EDR)), evidence({"HV01": ()})).conflicts]
    assert severities == sorted(severities, reverse=True)


@pytest.mark.parametrize(
    ("declared", "fact", "what"),
    [
        (MIGRATION, "vm_host", "networks of live migration"),
        (MIGRATION, "cluster_networks", "networks of live migration in the cluster"),
        (network("tenant"), "cluster_networks", "roles of cluster networks"),
        (network("tenant"), "ip_interfaces", "addresses of nodes"),
        (ISOLATED, "routes", "isolated networks"),
        (network("storage"), "vm_network_adapters", "VMs in networks of the infrastructure"),
        (network("storage", vlans="9"), "vm_network_adapters", "VLANs of host adapters"),
        (JUMP + 'addresses = ["10.9.0.5"]\n', "ip_interfaces", "jump hosts, PAWs and gateways"),
        ("wac_gateways = []", "services", "gateways of Windows Admin Center"),
        ('admin_groups = ["A"]', "local_groups", "admin groups"),
        ('[[tier0_guests]]\nvm = "DC01"\n', "vms", "declared VMs"),
        (EDR, "services", "accepted EDR products"),
        ('[logs]\nagents = ["A"]', "services", "where events go"),
        (NAS, "smb_events", "SMB endpoints that can sign"),
        (COPY, "guardians", "copies of guardian keys"),
    ],
)
def test_what_could_not_be_compared_is_said(declared: str, fact: str, what: str) -> None:
    """Nothing is there to compare with: no conflict, and each comparison says which fact it would have needed."""
    made = compared(declared, evidence(dict.fromkeys(TWO, ()), gaps={fact: Cause.ACCESS_DENIED}))
    assert made.conflicts == ()
    missed = {(unchecked.what, m.fact) for unchecked in made.unchecked for m in unchecked.missing}
    assert (what, fact) in missed


def test_nodes_that_could_not_be_listed_are_not_missed() -> None:
    made = compared('expected_nodes = ["HV09"]', evidence({"HV01": ()}, gaps={"cluster_nodes": Cause.TIMED_OUT}))
    assert made.conflicts == ()
    assert [(u.what, [m.cause for m in u.missing]) for u in made.unchecked] == [("expected nodes", [Cause.TIMED_OUT])]


def test_a_guest_may_be_on_the_node_that_nobody_could_ask() -> None:
    bundle = evidence({"HV01": (defaults.vm(1, name="APP01"),), "HV02": ()})
    made = compared('[[tier0_guests]]\nvm = "DC01"\n', bundle)
    assert made.conflicts == ()
    assert [[m.detail for m in u.missing] for u in made.unchecked] == [["HV02: the source holds nothing about it"]]


def test_an_unread_part_of_a_fact_is_said() -> None:
    made = compared(MIGRATION, evidence({}, in_cluster(NetworkRole.CLUSTER, "10.1.0.0/24", migration_excluded=None)))
    assert made.conflicts == ()
    assert "MigrationExcludeNetworks was not read" in [m.detail for u in made.unchecked for m in u.missing]


def test_nothing_declared_compares_with_nothing() -> None:
    assert compared("", evidence({"HV01": ()})) == Compared()


def test_a_lone_host_is_compared_as_far_as_it_goes() -> None:
    bundle = msgspec.structs.replace(evidence({"HV01": (interfaces("10.9.0.5/24"),)}), cluster=None)
    made = compare_context(DECLARED, bundle, bundle.nodes)
    assert "PAW01 is declared as a place to administer from, but it is the node HV01." in [
        conflict.reason.text for conflict in made.conflicts
    ]


def hostile() -> Iterator[Fact]:
    """Facts with texts where addresses, names and subnets are expected."""
    odd = "\x00\u202e]:[/%:\ud800"
    yield interfaces(odd, "", "/", "%", alias=odd)
    yield routes(odd, odd)
    yield adapters(ip_addresses=(odd, ""), vm_name=None, vm_id=odd)
    yield forwarding(odd, "Server=http://", "http://[", "://]:/")
    yield smb_event(odd)
    yield members(odd, "")
    yield services(**{odd: odd})
    yield keys(odd)
    yield defaults.migration_networks(odd, "")
    yield defaults.vm_host()
    yield defaults.vm(1, name=odd)


def test_hostile_texts_break_nothing() -> None:
    bundle = on_the_wire(
        evidence({"HV01": tuple(hostile())}, in_cluster(NetworkRole.CLUSTER, "\ud800", ""), access("\ud800")),
        reach("\ud800", "\ud800", Reach.OPEN),
        smb("\ud800", 0),
    )
    assert compare_context(DECLARED, bundle, Subjects(bundle).nodes.subjects).conflicts
    assert len({comparison.what for comparison in COMPARISONS}) == len(COMPARISONS)
