"""LM-009: memory in flight is encrypted, or its networks are isolated. Rows name the rows of the sheets behind them."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.assess.context_file import parse_context
from hypervigil.controls.live_migration import lm_009_memory_in_flight as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import MigrationPerformance
from hypervigil.evidence.network import ClusterNetworks, NetworkRole
from hypervigil.model.context import Context
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def declared(*networks: str) -> Context:
    return parse_context("".join(f"[[networks]]\n{lines}\n" for lines in networks).encode(), "context.toml")


def network(subnet: str = "10.20.30.0/24", isolated: str = "isolated = true", purpose: str = "live_migration") -> str:
    return f'purposes = ["{purpose}"]\nsubnets = ["{subnet}"]\n{isolated}'


ISOLATED = declared(network())
SAYS_NOTHING = parse_context(b'tenancy = "single"\n', "context.toml")


def host(option: MigrationPerformance = MigrationPerformance.COMPRESSION, **changes: Any) -> Fact:
    return defaults.vm_host(migration_performance=option, **changes)


SMB = host(MigrationPerformance.SMB)
OFF = host(migration_enabled=False)


def smb(encrypt: bool | None) -> Fact:
    return defaults.smb_server(encrypt_data=encrypt)


def two(first: tuple[Fact, ...], second: tuple[Fact, ...]) -> dict[str, tuple[Fact, ...]]:
    return {"HV01": first, "HV02": second}


CLUSTER = defaults.cluster()
NETWORKS = fabric.cluster_networks()
NONE_LEFT_OUT = fabric.cluster_networks(migration_excluded=())
ALL_LEFT_OUT = fabric.cluster_networks(migration_excluded=tuple(network.id for network in NETWORKS.networks))
UNREAD = fabric.cluster_networks(migration_excluded=None)


def migration(**changes: Any) -> ClusterNetworks:
    """The network of live migration with these changes."""
    last = msgspec.structs.replace(NETWORKS.networks[-1], **changes)
    return fabric.cluster_networks(networks=(*NETWORKS.networks[:-1], last))


CASES = (
    # Encrypted
    Case(
        "LM-3, LM-5 and smb.md 'Whole server encrypts': SMB, and every server demands encryption",
        Outcome.PASS,
        ("encrypted",),
        nodes=two((SMB, smb(True)), (SMB, smb(True))),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "LM-1: a node that does not migrate does not count",
        Outcome.PASS,
        ("encrypted",),
        nodes=two((SMB, smb(True)), (OFF, smb(False))),
        cluster=(CLUSTER, NETWORKS),
    ),
    Case(
        "smb.md 'Whole server encrypts': one server does not, over a network of clients (A1)",
        Outcome.FAIL,
        ("open_to_clients", "nobody_declares", "clear_transport", "other_level"),
        nodes=two((SMB, smb(True)), (SMB, smb(False))),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        says="the SMB server of HV02 does not demand it",
    ),
    Case(
        "LM-3: one node compresses",
        Outcome.FAIL,
        ("open_to_clients", "nobody_declares", "clear_transport", "other_level"),
        nodes=two((SMB, smb(True)), (host(), smb(True))),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        says="the option Compression is set on HV02",
    ),
    Case(
        "LM-3: SMB, and the server was not seen",
        Outcome.UNKNOWN,
        ("encryption_unseen", "other_level"),
        nodes=two((SMB, smb(True)), (SMB,)),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        gaps={"smb_server@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
        says="not seen on HV02",
    ),
    Case(
        "LM-3: SMB, and EncryptData was not read",
        Outcome.UNKNOWN,
        ("encryption_unseen", "other_level"),
        node=(SMB, smb(None)),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "LM-3: an option that nobody knows",
        Outcome.REVIEW,
        ("odd_transport", "other_level"),
        node=(host(MigrationPerformance(9)), smb(False)),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        says="by option 9",
    ),
    Case(
        "LM-3: one option that nobody knows does not hide a server that does not encrypt",
        Outcome.FAIL,
        ("open_to_clients", "nobody_declares", "clear_transport", "other_level"),
        nodes=two((host(MigrationPerformance(9)), smb(True)), (SMB, smb(False))),
        cluster=(CLUSTER, NONE_LEFT_OUT),
    ),
    # Isolated
    Case(
        "LM-5: not encrypted, declared isolated",
        Outcome.PASS,
        ("isolated", "clear_transport", "other_level"),
        node=(host(), smb(False)),
        cluster=(CLUSTER, NETWORKS),
        context=ISOLATED,
        says="Migration",
    ),
    Case(
        "LM-5: TCP/IP, a larger network declared isolated, of another purpose",
        Outcome.PASS,
        ("isolated", "clear_transport"),
        node=(host(MigrationPerformance.TCPIP),),
        cluster=(defaults.cluster(security_level=None), NETWORKS),
        context=declared(network("10.20.0.0/16", purpose="cluster")),
        says="the option TCP/IP is set",
    ),
    Case(
        "LM-5: SMB of which the server was not seen, isolated all the same",
        Outcome.PASS,
        ("isolated", "other_level"),
        node=(SMB,),
        cluster=(CLUSTER, NETWORKS),
        context=ISOLATED,
    ),
    Case(
        "A1: declared isolated, but clients reach the cluster over it",
        Outcome.FAIL,
        ("open_to_clients", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, migration(role=NetworkRole.CLUSTER_AND_CLIENT)),
        context=ISOLATED,
        says="role: cluster and clients",
    ),
    Case(
        "A1: the list of what is left out is empty",
        Outcome.FAIL,
        ("open_to_clients", "not_declared", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NONE_LEFT_OUT),
        context=ISOLATED,
        says="Management (10.0.9.0/24)",
    ),
    Case(
        "LM-5: declared not isolated",
        Outcome.FAIL,
        ("not_isolated", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        context=declared(network(isolated="isolated = false")),
        says="context.toml:1",
    ),
    Case(
        "LM-5: a part of it declared not isolated",
        Outcome.FAIL,
        ("not_isolated", "not_declared", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        context=declared(network("10.20.30.0/25", "isolated = false")),
    ),
    Case(
        "LM-5: declared without a word on isolation",
        Outcome.REVIEW,
        ("not_claimed", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        context=declared(network(isolated="")),
    ),
    Case(
        "LM-5: another network is declared isolated",
        Outcome.REVIEW,
        ("not_declared", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        context=declared(network("10.99.0.0/24")),
    ),
    Case(
        "LM-5: one half of it is declared isolated",
        Outcome.REVIEW,
        ("not_declared", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        context=declared(network("10.20.30.0/25")),
    ),
    Case(
        "A1: a network with nothing but link-local addresses",
        Outcome.REVIEW,
        ("not_declared", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, migration(subnets=("fe80::/64",))),
        context=ISOLATED,
        says="no subnet of its own",
    ),
    Case(
        "LM-4: over any network, besides the cluster's list",
        Outcome.REVIEW,
        ("any_network", "clear_transport", "other_level"),
        node=(host(any_network_for_migration=True),),
        cluster=(CLUSTER, NETWORKS),
        context=ISOLATED,
    ),
    Case(
        "A1: every network is left out",
        Outcome.REVIEW,
        ("no_network", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, ALL_LEFT_OUT),
        context=ISOLATED,
    ),
    Case(
        "LM-5: nobody declares anything",
        Outcome.UNKNOWN,
        ("nobody_declares", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "LM-5: a context without networks",
        Outcome.UNKNOWN,
        ("nobody_declares", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, NETWORKS),
        context=SAYS_NOTHING,
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "A1: the list was not read",
        Outcome.UNKNOWN,
        ("excluded_unread", "clear_transport", "other_level"),
        node=(host(),),
        cluster=(CLUSTER, UNREAD),
        context=ISOLATED,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "LM-1: off everywhere",
        Outcome.NOT_APPLICABLE,
        ("migration_off",),
        node=(OFF, smb(True)),
        cluster=(CLUSTER, NETWORKS),
    ),
    Case(
        "a node was not seen, the others are isolated",
        Outcome.UNKNOWN,
        ("isolated", "clear_transport", "other_level"),
        nodes=two((host(),), ()),
        cluster=(CLUSTER, NETWORKS),
        gaps={"vm_host@HV02": Cause.ACCESS_DENIED},
        context=ISOLATED,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "networks could not be read",
        Outcome.UNKNOWN,
        node=(host(),),
        cluster=(CLUSTER,),
        gaps={"cluster_networks": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
