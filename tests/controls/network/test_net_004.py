"""NET-004: addresses of VMs within networks of the nodes."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.network import net_004_no_vm_in_infrastructure as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import NetworkRole
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NETWORKS = fabric.cluster_networks()
ALL_MIGRATE = fabric.cluster_networks(migration_excluded=())
UNREAD = fabric.cluster_networks(migration_excluded=None)
LINK_LOCAL = fabric.cluster_networks(
    networks=tuple(msgspec.structs.replace(network, subnets=("fe80::/64",)) for network in NETWORKS.networks)
)


def with_role(role: int) -> Fact:
    changed = (msgspec.structs.replace(network, role=NetworkRole(role)) for network in NETWORKS.networks)
    return fabric.cluster_networks(networks=tuple(changed))


def node(*addresses: str, **changes: Any) -> tuple[Fact, ...]:
    adapter = fabric.network_adapter(1, ip_addresses=addresses, **changes)
    return (defaults.vm(1), fabric.vm_network_adapters(adapter))


TWO = (
    defaults.vm(1),
    fabric.vm_network_adapters(
        fabric.network_adapter(1), fabric.network_adapter(1, id="b", name="Backup", ip_addresses=("10.20.10.77",))
    ),
)

CASES = (
    Case(
        "A5: elsewhere",
        Outcome.PASS,
        ("outside", "own_word"),
        node=node("172.16.5.2", "fd00::5"),
        cluster=(NETWORKS,),
        says="172.16.5.2, fd00::5",
    ),
    Case("no address at all", Outcome.PASS, ("outside", "own_word"), node=node("rubbish"), cluster=(NETWORKS,)),
    Case("link-local", Outcome.PASS, ("outside", "own_word"), node=node("fe80::5%3"), cluster=(LINK_LOCAL,)),
    Case(
        "A5: in the cluster's network",
        Outcome.FAIL,
        ("inside",),
        node=node("172.16.5.2", "10.20.10.77"),
        cluster=(NETWORKS,),
        says="Network Adapter has 10.20.10.77 in Cluster, which is for cluster.",
    ),
    Case(
        "A5: in that of live migration",
        Outcome.FAIL,
        ("inside",),
        node=node("10.20.30.77"),
        cluster=(NETWORKS,),
        says="cluster and live migration",
    ),
    Case("A5: the second adapter", Outcome.FAIL, ("inside",), node=TWO, cluster=(NETWORKS,), says="Backup has"),
    Case(
        "A5: an address of an adapter that is not connected",
        Outcome.FAIL,
        ("inside",),
        node=node("10.20.10.77", switch_id=None, switch_name=None),
        cluster=(NETWORKS,),
    ),
    Case(
        "A1: none is left out, so clients' network carries live migration",
        Outcome.FAIL,
        ("inside",),
        node=node("10.0.9.77"),
        cluster=(ALL_MIGRATE,),
        says="Management, which is for live migration",
    ),
    Case(
        "A1: the network of clients, left out of live migration",
        Outcome.REVIEW,
        ("in_other",),
        node=node("10.0.9.77"),
        cluster=(NETWORKS,),
        says="role: cluster and clients",
    ),
    Case(
        "8, Role 0",
        Outcome.REVIEW,
        ("in_other",),
        node=node("10.20.10.77"),
        cluster=(with_role(0),),
        says="role: none",
    ),
    Case("a role that nobody knows", Outcome.REVIEW, ("in_other",), node=node("10.20.10.77"), cluster=(with_role(9),)),
    Case(
        "A1: what is left out was not read",
        Outcome.UNKNOWN,
        ("may_migrate",),
        node=node("10.0.9.77"),
        cluster=(UNREAD,),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the same, in the cluster's own network",
        Outcome.FAIL,
        ("inside",),
        node=node("10.20.10.77"),
        cluster=(UNREAD,),
    ),
    Case(
        "the guest tells nothing",
        Outcome.UNKNOWN,
        ("no_address",),
        node=node(),
        cluster=(NETWORKS,),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no adapter",
        Outcome.NOT_APPLICABLE,
        ("no_adapter",),
        node=(defaults.vm(1), fabric.vm_network_adapters(fabric.network_adapter(2))),
        cluster=(NETWORKS,),
    ),
    Case(
        "not connected",
        Outcome.NOT_APPLICABLE,
        ("not_connected",),
        node=node(switch_id=None, switch_name=None),
        cluster=(NETWORKS,),
    ),
    Case(
        "networks could not be read",
        Outcome.UNKNOWN,
        node=node("172.16.5.2"),
        gaps={"cluster_networks": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
