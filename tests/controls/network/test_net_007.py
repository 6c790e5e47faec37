"""NET-007: who is let in to live migration and to the cluster's port."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.network import net_007_migration_port_scoped as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.firewall import FirewallRule, FirewallRules, RuleAction, RuleAuthentication
from hypervigil.evidence.network import NetworkRole
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NETWORKS = fabric.cluster_networks("HV01", "HV02")
NO_INTERFACES = msgspec.structs.replace(NETWORKS, interfaces=())
UNUSED = msgspec.structs.replace(
    NETWORKS, networks=tuple(msgspec.structs.replace(each, role=NetworkRole.NONE) for each in NETWORKS.networks)
)
ODD_ROLE = msgspec.structs.replace(
    NETWORKS, networks=tuple(msgspec.structs.replace(each, role=NetworkRole(9)) for each in NETWORKS.networks)
)
NODES = ("10.20.30.11", "10.20.30.12")


def migration(*sources: str, **changes: Any) -> FirewallRule:
    own = {"program": r"%systemroot%\system32\vmms.exe", "service": "vmms", "remote_addresses": sources or ("Any",)}
    return defaults.firewall_rule("VIRT-MIGL-In-TCP-NoScope", "TCP", "6600", **{**own, **changes})


def cluster(protocol: str, *sources: str) -> FirewallRule:
    return defaults.firewall_rule(
        f"FailoverClustering-{protocol}-In", protocol, "3343", program="System", remote_addresses=sources or ("Any",)
    )


def rules(*found: FirewallRule) -> tuple[FirewallRules, ...]:
    return (FirewallRules(rules=found),)


CASES = (
    Case(
        "as Hyper-V installs it",
        Outcome.FAIL,
        ("anybody",),
        node=rules(migration()),
        cluster=(NETWORKS,),
        says="any address in to live migration (TCP 6600): rule VIRT-MIGL-In-TCP-NoScope",
    ),
    Case(
        "nodes only",
        Outcome.PASS,
        ("nodes_only",),
        node=rules(migration(*NODES), cluster("UDP", "10.20.10.11-10.20.10.12", "10.0.9.11", "10.0.9.12")),
        cluster=(NETWORKS,),
        says="from 10.20.30.11-10.20.30.12",
    ),
    Case("no rule", Outcome.PASS, ("closed",), node=rules(), cluster=(NETWORKS,)),
    Case("disabled", Outcome.PASS, ("closed",), node=rules(migration(enabled=False)), cluster=(NETWORKS,)),
    Case(
        "blocked but for nodes",
        Outcome.PASS,
        ("nodes_only",),
        node=rules(
            migration("10.20.30.0/24"),
            migration("10.20.30.0-10.20.30.10", "10.20.30.13-10.20.30.255", action=RuleAction.BLOCK),
        ),
        cluster=(NETWORKS,),
    ),
    Case(
        "cluster over TCP and UDP open",
        Outcome.FAIL,
        ("anybody", "anybody"),
        node=rules(cluster("TCP"), cluster("UDP")),
        cluster=(NETWORKS,),
        says="cluster (UDP 3343)",
    ),
    Case(
        "on the migration adapter alone",
        Outcome.FAIL,
        ("anybody",),
        node=rules(migration(interfaces=("Migration",))),
        cluster=(NETWORKS,),
    ),
    Case(
        "on the public profile alone",
        Outcome.FAIL,
        ("anybody",),
        node=rules(migration(profiles=4)),
        cluster=(NETWORKS,),
        says="on the Public profile",
    ),
    Case(
        "the management subnet, where clients are",
        Outcome.FAIL,
        ("others",),
        node=rules(migration("10.0.9.0/28")),
        cluster=(NETWORKS,),
        says="10.0.9.0-10.0.9.10, 10.0.9.13-10.0.9.15",
    ),
    Case("a backup server", Outcome.FAIL, ("others",), node=rules(migration(*NODES, "10.7.0.9")), cluster=(NETWORKS,)),
    Case(
        "the migration subnet",
        Outcome.REVIEW,
        ("neighbours",),
        node=rules(migration("10.20.30.0/24")),
        cluster=(NETWORKS,),
    ),
    Case(
        "a subnet that the cluster does not use",
        Outcome.REVIEW,
        ("neighbours",),
        node=rules(migration("10.0.9.0/24")),
        cluster=(UNUSED,),
    ),
    Case(
        "a role without a name keeps nothing for nodes",
        Outcome.FAIL,
        ("others",),
        node=rules(migration("10.20.30.0/24")),
        cluster=(ODD_ROLE,),
    ),
    Case("LocalSubnet", Outcome.REVIEW, ("which",), node=rules(migration("LocalSubnet")), cluster=(NETWORKS,)),
    Case(
        "IPsec has to vouch",
        Outcome.REVIEW,
        ("doubtful",),
        node=rules(migration(authentication=RuleAuthentication.REQUIRED)),
        cluster=(NETWORKS,),
    ),
    Case(
        "addresses not read",
        Outcome.UNKNOWN,
        ("unread",),
        node=rules(migration(remote_addresses=())),
        cluster=(NETWORKS,),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "addresses, and none of the nodes is known",
        Outcome.UNKNOWN,
        ("nodes_unseen",),
        node=rules(migration(*NODES)),
        cluster=(NO_INTERFACES,),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "any address, and none of the nodes is known",
        Outcome.FAIL,
        ("anybody",),
        node=rules(migration()),
        cluster=(NO_INTERFACES,),
    ),
    Case(
        "networks refused",
        Outcome.UNKNOWN,
        node=rules(migration()),
        gaps={"cluster_networks": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "rules refused",
        Outcome.UNKNOWN,
        cluster=(NETWORKS,),
        gaps={"firewall_rules": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
