"""What speaks against isolation, fact by fact, and which networks are the nodes' own."""

from __future__ import annotations

import pytest

from hypervigil.controls.effective.infrastructure import inner, places
from hypervigil.controls.effective.isolation import (
    answers_outside,
    carries_migration,
    forwarders,
    is_open_to_clients,
    ways,
)
from hypervigil.evidence.network import ClusterNetwork, ClusterNetworks, NetworkRole
from hypervigil.evidence.wire import Reach
from hypervigil.model.context import Network, Purpose, subnet_of
from tests.assess.contradicted import interfaces, reach, routes


def network(*subnets: str) -> Network:
    made = tuple(subnet for subnet in map(subnet_of, subnets) if subnet)
    return Network(purposes=frozenset((Purpose.CLUSTER,)), subnets=made)


INNER = network("10.20.30.0/24")


@pytest.mark.parametrize(
    ("destination", "hop", "found"),
    [
        ("0.0.0.0/0", "10.20.30.1", [("10.20.30.1", "0.0.0.0/0", True)]),
        ("10.20.30.128/25", "10.1.0.1", [("10.1.0.1", "10.20.30.128/25", False)]),
        ("0.0.0.0/0", "10.1.0.1", []),
        ("10.20.30.0/24", "0.0.0.0", []),
        ("rubbish", "10.20.30.1", []),
    ],
)
def test_routes_that_have_a_part_in_a_network(destination: str, hop: str, found: list[tuple[str, str, bool]]) -> None:
    seen = [(str(way.hop), str(way.destination), way.leaves) for way in ways(INNER, routes(destination, hop))]
    assert seen == found


@pytest.mark.parametrize(
    ("address", "forwarding", "found"),
    [("10.20.30.5/24", True, 1), ("10.20.30.5/24", False, 0), ("10.1.0.5/24", True, 0)],
)
def test_interfaces_that_forward(address: str, forwarding: bool, found: int) -> None:
    assert len(list(forwarders(INNER, interfaces(address, forwarding=forwarding)))) == found


@pytest.mark.parametrize(
    ("target", "source", "answer", "found"),
    [
        ("10.20.30.5", "172.16.0.9", Reach.OPEN, ["172.16.0.9"]),
        ("10.20.30.5", "172.16.0.9", Reach.REFUSED, ["172.16.0.9"]),
        ("10.20.30.5", "172.16.0.9", Reach.SILENT, []),
        ("10.20.30.5", "172.16.0.9", Reach.UNREACHABLE, []),
        ("10.20.30.5", "10.20.30.9", Reach.OPEN, []),
        ("10.1.0.5", "172.16.0.9", Reach.OPEN, []),
        ("nas01", "172.16.0.9", Reach.OPEN, []),
    ],
)
def test_answers_to_those_outside(target: str, source: str, answer: Reach, found: list[str]) -> None:
    assert [str(address) for address in answers_outside(INNER, reach(target, source, answer))] == found


@pytest.mark.parametrize(
    ("role", "open_to_clients", "migrates"),
    [
        (NetworkRole.NONE, False, False),
        (NetworkRole.CLUSTER, False, True),
        (NetworkRole.CLIENT, True, True),
        (NetworkRole.CLUSTER_AND_CLIENT, True, True),
    ],
)
def test_roles(role: NetworkRole, open_to_clients: bool, migrates: bool) -> None:
    found = ClusterNetwork(id="n1", name="N1", role=role)
    assert is_open_to_clients(found) is open_to_clients
    assert carries_migration(found, ()) is migrates
    assert not carries_migration(found, ("n1",))


@pytest.mark.parametrize(
    ("role", "excluded", "is_inner", "is_undecided", "is_open"),
    [
        (NetworkRole.CLUSTER, ("n1",), True, False, False),
        (NetworkRole.CLUSTER, None, True, False, False),
        (NetworkRole.CLUSTER_AND_CLIENT, ("n1",), False, False, False),
        (NetworkRole.CLUSTER_AND_CLIENT, (), True, False, True),
        (NetworkRole.CLUSTER_AND_CLIENT, None, False, True, False),
        (NetworkRole.NONE, (), False, False, False),
        (NetworkRole.NONE, None, False, False, False),
    ],
)
def test_which_networks_are_the_nodes_own(
    role: NetworkRole, excluded: tuple[str, ...] | None, is_inner: bool, is_undecided: bool, is_open: bool
) -> None:
    found = ClusterNetwork(id="n1", name="N1", role=role, subnets=("10.20.30.0/24", "fe80::/64", "rubbish"))
    fact = ClusterNetworks(networks=(found,), migration_excluded=excluded)
    (place,) = places(fact)
    assert (place.is_inner, place.is_undecided, place.is_open) == (is_inner, is_undecided, is_open)
    assert [str(subnet) for subnet in place.network.subnets] == ["10.20.30.0/24"]
    assert len(list(inner(fact))) == is_inner


def test_roles_in_words() -> None:
    fact = ClusterNetworks(networks=tuple(ClusterNetwork(id="n", name="N", role=NetworkRole(r)) for r in (0, 1, 9)))
    assert [place.role for place in places(fact)][:2] == ["none", "cluster only"]
    assert "9" in places(fact)[2].role
