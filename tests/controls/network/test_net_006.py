"""NET-006: networks declared for storage."""

from __future__ import annotations

import ipaddress
from typing import Any

import msgspec

from hypervigil.controls.network import net_006_storage_only as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import NetworkCategory, NetworkRole
from hypervigil.model.context import Context, Network, Purpose
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def network(subnet: str, vlan: int, *purposes: Purpose, **changes: Any) -> Network:
    made = Network(purposes=frozenset(purposes), subnets=(ipaddress.ip_network(subnet),), vlans=(vlan,))
    return msgspec.structs.replace(made, **changes)


def storage(**changes: Any) -> Network:
    made = network("10.20.10.0/24", 71, Purpose.STORAGE, name="Storage 1", isolated=True)
    return msgspec.structs.replace(made, **changes)


MANAGEMENT = network("10.0.9.0/24", 9, Purpose.MANAGEMENT, name="Management")
TENANTS = network("172.16.5.0/24", 205, Purpose.TENANT, name="Tenants")


def declared(*networks: Network) -> Context:
    return Context(file="context.toml", networks=(*networks, MANAGEMENT, TENANTS))


def cluster(role: NetworkRole = NetworkRole.NONE, **changes: Any) -> tuple[Fact, ...]:
    """``role`` is that of the network Cluster, 10.20.10.0/24."""
    fact = fabric.cluster_networks("HV01", "HV02", **changes)
    found = (msgspec.structs.replace(n, role=role) if n.name == "Cluster" else n for n in fact.networks)
    return (msgspec.structs.replace(fact, networks=tuple(found)),)


def node(host: int = 11, **changes: Any) -> tuple[Fact, ...]:
    """``changes`` are fields of the interface in 10.20.10.0/24."""
    fact = fabric.ip_interfaces(host)
    found = (msgspec.structs.replace(i, **changes) if i.alias == "Cluster" else i for i in fact.interfaces)
    return (msgspec.structs.replace(fact, interfaces=tuple(found)),)


NODES = {"HV01": node(11), "HV02": node(12)}


def case(name: str, gives: Outcome, *codes: str, says: str = "", **changes: Any) -> Case:
    """A case of two nodes with one storage network, all fine but for ``changes``."""
    fields = {"nodes": NODES, "cluster": cluster(), "context": declared(storage()), **changes}
    return Case(name, gives, codes, says=says, **fields)


CASES = (
    case("role none, its own VLAN, isolated", Outcome.PASS, "storage_only", says="Storage 1"),
    case("nobody declares anything", Outcome.REVIEW, "none_declared", context=None),
    case("no storage among what is declared", Outcome.REVIEW, "none_declared", context=declared()),
    case(
        "for management as well",
        Outcome.FAIL,
        "declared_for_more",
        context=declared(storage(purposes=frozenset((Purpose.STORAGE, Purpose.MANAGEMENT)))),
        says="declared for management and storage",
    ),
    case(
        "for live migration as well",
        Outcome.REVIEW,
        "converged",
        cluster=cluster(NetworkRole.CLUSTER, migration_excluded=()),
        context=declared(storage(purposes=frozenset((Purpose.STORAGE, Purpose.LIVE_MIGRATION)))),
    ),
    case(
        "the VLAN of tenants",
        Outcome.FAIL,
        "same_vlan",
        context=declared(storage(vlans=(71, 205))),
        says="VLAN 205 with Tenants",
    ),
    case("without a VLAN, and said so", Outcome.PASS, "storage_only", context=declared(storage(vlans=()))),
    case("VLAN not declared", Outcome.REVIEW, "vlan_unseen", context=declared(storage(vlans=None))),
    case(
        "a subnet with a part of management's",
        Outcome.FAIL,
        "same_subnet",
        "clients",
        "domain",
        context=Context(
            file="context.toml",
            networks=(
                storage(subnets=(ipaddress.ip_network("10.0.9.0/25"),)),
                msgspec.structs.replace(MANAGEMENT, subnets=(ipaddress.ip_network("10.0.9.64/26"),)),
            ),
        ),
        nodes={"HV01": node()},
        says="addresses in common with Management",
    ),
    case(
        "clients use it",
        Outcome.FAIL,
        "clients",
        cluster=cluster(NetworkRole.CLUSTER_AND_CLIENT),
        says="Cluster (10.20.10.0/24)",
    ),
    case(
        "the cluster uses it, live migration does not",
        Outcome.PASS,
        "storage_only",
        cluster=cluster(NetworkRole.CLUSTER),
    ),
    case(
        "live migration takes it",
        Outcome.REVIEW,
        "migration",
        cluster=cluster(NetworkRole.CLUSTER, migration_excluded=()),
    ),
    case(
        "whether live migration takes it was not read",
        Outcome.REVIEW,
        "migration_unseen",
        cluster=cluster(NetworkRole.CLUSTER, migration_excluded=None),
    ),
    case("role none carries no migration", Outcome.PASS, "storage_only", cluster=cluster(migration_excluded=())),
    case("a role without a name", Outcome.REVIEW, "odd_role", cluster=cluster(NetworkRole(9))),
    case(
        "an adapter in two networks",
        Outcome.FAIL,
        "same_adapter",
        nodes={"HV01": node(addresses=("10.20.10.11/24", "10.0.9.211/24")), "HV02": node(12)},
        says="Cluster of HV01 has addresses in storage network Storage 1 and in Management",
    ),
    case(
        "a domain controller answers",
        Outcome.REVIEW,
        "domain",
        nodes={"HV01": node(network_category=NetworkCategory.DOMAIN)},
        confidence=Confidence.INFERRED,
    ),
    case("declared not to be isolated", Outcome.FAIL, "not_isolated", context=declared(storage(isolated=False))),
    case("nothing declared of isolation", Outcome.REVIEW, "gateway_unseen", context=declared(storage(isolated=None))),
    case("declared without a subnet", Outcome.REVIEW, "no_subnet", context=declared(storage(subnets=()))),
    case("nobody is there", Outcome.REVIEW, "nobody_there", nodes={"HV01": node(addresses=())}),
    case(
        "one of two networks is fine",
        Outcome.FAIL,
        "not_isolated",
        context=declared(storage(), network("10.20.30.0/24", 72, Purpose.STORAGE, name="Storage 2", isolated=False)),
        cluster=cluster(migration_excluded=tuple(n.id for n in fabric.cluster_networks().networks)),
        says="Storage 2",
    ),
    case(
        "interfaces of one node refused",
        Outcome.UNKNOWN,
        "storage_only",
        gaps={"ip_interfaces@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    case(
        "networks refused",
        Outcome.UNKNOWN,
        cluster=(),
        gaps={"cluster_networks": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
