"""NET-011: iSCSI sessions and Fibre Channel ports."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.network import net_011_block_storage as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import InitiatorPort, IscsiSession, NetworkRole, PortConnection
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

TARGET = "iqn.2026-01.com.contoso:array1"


def networks(role: NetworkRole = NetworkRole.NONE) -> Fact:
    """The cluster's own, its network Cluster in this role."""
    fact = fabric.cluster_networks("HV01", "HV02")
    return msgspec.structs.replace(
        fact,
        networks=tuple(msgspec.structs.replace(n, role=role) if n.name == "Cluster" else n for n in fact.networks),
    )


def session(authentication: str = "MUTUALCHAP", **changes: Any) -> IscsiSession:
    made = IscsiSession(
        target=TARGET, portal="10.20.10.11", authentication=authentication, connected=True, persistent=True
    )
    return msgspec.structs.replace(made, **changes)


def node(*sessions: IscsiSession, ports: tuple[InitiatorPort, ...] = ()) -> tuple[Fact, ...]:
    return (fabric.iscsi_sessions(service_running=bool(sessions), sessions=sessions), fabric.fc_ports(ports=ports))


def port(kind: PortConnection | None) -> InitiatorPort:
    return InitiatorPort(node_address="20000025b5000001", port_address="20000025b5aa0001", connection_type=kind)


FIBRE = port(PortConnection.FIBRE_CHANNEL)

CASES = (
    Case(
        "no block storage",
        Outcome.PASS,
        ("no_block_storage",),
        nodes={"HV01": node(), "HV02": node()},
        cluster=(networks(),),
    ),
    Case(
        "ports of other kinds",
        Outcome.PASS,
        ("no_block_storage",),
        node=node(ports=(port(PortConnection.SAS), port(PortConnection.ISCSI), port(PortConnection.OTHER))),
        cluster=(networks(),),
    ),
    Case(
        "authenticated, in a network of its own",
        Outcome.REVIEW,
        ("masking",),
        nodes={"HV01": node(session()), "HV02": node()},
        cluster=(networks(),),
        says="Does each target of HV01",
    ),
    Case("one way", Outcome.REVIEW, ("one_way", "masking"), node=node(session("ONEWAYCHAP")), cluster=(networks(),)),
    Case(
        "not authenticated",
        Outcome.FAIL,
        ("open", "masking"),
        node=node(session("NONE")),
        cluster=(networks(),),
        says=f"HV01 has a session with {TARGET} without authentication",
    ),
    Case(
        "not connected, but comes back",
        Outcome.FAIL,
        ("open", "masking"),
        node=node(session("NONE", connected=False)),
        cluster=(networks(),),
    ),
    Case(
        "over",
        Outcome.PASS,
        ("no_block_storage",),
        node=node(session("NONE", connected=False, persistent=False)),
        cluster=(networks(),),
    ),
    Case(
        "state not read",
        Outcome.FAIL,
        ("open", "masking"),
        node=node(session("NONE", connected=None, persistent=None)),
        cluster=(networks(),),
    ),
    Case(
        "a word for authentication that is not known",
        Outcome.REVIEW,
        ("odd_authentication", "masking"),
        node=node(session("KERBEROS")),
        cluster=(networks(),),
    ),
    Case(
        "in the network that clients use",
        Outcome.FAIL,
        ("among_clients", "masking"),
        node=node(session(portal="10.0.9.11")),
        cluster=(networks(),),
        says="in network Management, which clients use",
    ),
    Case(
        "in a network of the cluster",
        Outcome.REVIEW,
        ("with_cluster", "masking"),
        node=node(session()),
        cluster=(networks(NetworkRole.CLUSTER),),
    ),
    Case(
        "in a network with a role without a name",
        Outcome.REVIEW,
        ("odd_role", "masking"),
        node=node(session()),
        cluster=(networks(NetworkRole(9)),),
    ),
    Case(
        "in no network of the cluster",
        Outcome.REVIEW,
        ("nowhere", "masking"),
        node=node(session(portal="10.30.0.11")),
        cluster=(networks(),),
    ),
    Case(
        "from any address",
        Outcome.REVIEW,
        ("nowhere", "masking"),
        node=node(session(portal="0.0.0.0")),
        cluster=(networks(),),
    ),
    Case(
        "address not read",
        Outcome.UNKNOWN,
        ("address_unseen", "masking"),
        node=node(session(portal=None)),
        cluster=(networks(),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "Fibre Channel",
        Outcome.REVIEW,
        ("zoning",),
        nodes={"HV01": node(ports=(FIBRE,)), "HV02": node(ports=(FIBRE,))},
        cluster=(networks(),),
        says="HV01, HV02 have Fibre Channel ports",
    ),
    Case("both", Outcome.REVIEW, ("masking", "zoning"), node=node(session(), ports=(FIBRE,)), cluster=(networks(),)),
    Case(
        "a port of unknown kind", Outcome.REVIEW, ("odd_port",), node=node(ports=(port(None),)), cluster=(networks(),)
    ),
    Case(
        "sessions of one node refused",
        Outcome.UNKNOWN,
        ("sessions_unseen",),
        nodes={"HV01": node(), "HV02": node()},
        cluster=(networks(),),
        gaps={"iscsi_sessions@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
        says="of HV02",
    ),
    Case(
        "ports of one node refused, a session of the other is open",
        Outcome.FAIL,
        ("open", "ports_unseen", "masking"),
        nodes={"HV01": node(session("NONE")), "HV02": node()},
        cluster=(networks(),),
        gaps={"fc_ports@HV02": Cause.ACCESS_DENIED},
    ),
    Case(
        "networks refused",
        Outcome.UNKNOWN,
        node=node(),
        gaps={"cluster_networks": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
