r"""NET-011  Block storage sessions are authenticated (CHAP) and stay on storage networks; zoning and masking, which no
host can see, are asked.

## What it decides

Whether every iSCSI session of the nodes is authenticated, and starts from an address in a network that is not for
clients; and it asks the owner of the storage what only the storage knows.

## Why it matters

A LUN holds the disks of many VMs. Without CHAP an iSCSI target tells initiators apart by a name that anybody can take:
whoever is on that network reads and writes the disks beside the nodes. On Fibre Channel the zones of the switches and
the masks of the array are all that there is.

## How it is decided

For each iSCSI session that is connected or that comes back at every start:

- authentication `NONE`: FAIL; `ONEWAYCHAP` and `MUTUALCHAP` are fine, the former with a remark, because the node does
  not learn whether the target is the right one; any other word: REVIEW;
- its own end (InitiatorPortalAddress) in a cluster network that clients use: FAIL; in one that the cluster does not use
  (role none): fine; in one for the cluster alone, in none of the cluster's, or any address: REVIEW.

Where there are such sessions, or Fibre Channel ports, REVIEW asks for masking, zoning, and the secrets on the target:
no host sees them, ever. PASS is for clusters whose nodes have neither. What was not read of a node makes UNKNOWN.

Where the service MSiSCSI does not run there are no sessions, and nobody asks for them, because asking would start it.

## How to look yourself

    Get-Service -Name MSiSCSI
    Get-IscsiSession | Select-Object TargetNodeAddress, InitiatorPortalAddress, AuthenticationType, IsConnected,
        IsPersistent
    Get-InitiatorPort | Select-Object NodeAddress, PortAddress, ConnectionType
    Get-ClusterNetwork | Select-Object Name, Role, Address

Expected on 2019, 2022 and 2025: `ONEWAYCHAP` or `MUTUALCHAP`; Windows' default is `NONE`. Look at the service first:
the second command offers to start it.

## Remedy

On the target first, then on the node, session by session:

    Set-IscsiChapSecret -ChapSecret "the secret of the node"
    Disconnect-IscsiTarget -NodeAddress iqn.2026-01.com.contoso:array1
    Connect-IscsiTarget -NodeAddress iqn.2026-01.com.contoso:array1 -AuthenticationType ONEWAYCHAP `
        -ChapUsername iqn.1991-05.com.microsoft:hv01 -ChapSecret "the secret of the initiator" `
        -InitiatorPortalAddress 10.30.0.11 -IsPersistent $true

- Reboot: none.
- Order: node by node, drained, with MPIO one path after the other, so that the volume stays online. Take iSCSI networks
  out of the cluster's use (`Role` 0) before.
- Rollback: connect again with `-AuthenticationType NONE`, which the target has to take.

## What it cannot see

Zones, soft or hard, other initiators in them, LUN masking, and how good the secrets on the target are. Whether a
network is for storage: the cluster only says who uses it; NET-006 looks at declared ones. SMB storage (SMB-012).

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/iSCSI/Get-IscsiSession.md`, `Connect-IscsiTarget.md`
  and `Storage/Get-InitiatorPort.md`
- RFC 7143, 12.1.3 (CHAP)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from hypervigil.controls.effective.isolation import is_open_to_clients, subnets_of
from hypervigil.evidence.network import (
    ClusterNetwork,
    ClusterNetworks,
    FcPorts,
    IscsiSession,
    IscsiSessions,
    NetworkRole,
    PortConnection,
)
from hypervigil.model.context import address_of
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope

T = TypeVar("T")


class Why(ReasonCode):
    """What this control can say."""

    NO_BLOCK_STORAGE = passes("No node has an iSCSI session or a Fibre Channel port.")
    OPEN = fails("{node} has a session with {target} without authentication (NONE).")
    AMONG_CLIENTS = fails("{node} has a session with {target} from {address}, in network {network}, which clients use.")
    MASKING = reviews(
        "Does each target of {nodes} give its LUNs to these nodes only (masking), with a secret of its own for each?"
    )
    ZONING = reviews("{nodes} have Fibre Channel ports. Are zones and LUN masks narrowed down to these nodes?")
    WITH_CLUSTER = reviews(
        "{node} has a session with {target} from {address}, in network {network}, which carries the cluster's own "
        "traffic, too. Is it meant for storage?"
    )
    NOWHERE = reviews(
        "{node} has a session with {target} from {address}, in no network of the cluster. Is that a storage network?"
    )
    ODD_AUTHENTICATION = reviews("{node} has a session with {target} whose authentication is {value}. What is that?")
    ODD_ROLE = reviews("{node} has a session with {target} in network {network}, whose role is {role}. Who uses it?")
    ODD_PORT = reviews("{node} has a storage port {port} whose kind is not known. Is it Fibre Channel?")
    ADDRESS_UNSEEN = unknown(
        "From which address {node} has its session with {target} was not read.", Cause.NOT_IN_SOURCE
    )
    SESSIONS_UNSEEN = unknown("The iSCSI sessions of {nodes} could not be seen.")
    PORTS_UNSEEN = unknown("The storage ports of {nodes} could not be seen.")
    ONE_WAY = remarks("{node} does not check the target {target} (ONEWAYCHAP).")


CONTROL = Control(
    id="NET-011",
    title=(
        "Block storage sessions are authenticated (CHAP) and stay on storage networks; "
        "zoning and masking, which no host can see, are asked"
    ),
    family=Family.NETWORK,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(iscsi: Maybe[Nodes[IscsiSessions]], channel: Maybe[Nodes[FcPorts]], networks: ClusterNetworks) -> Verdict:
    """Judge each session, then ask what the storage alone knows."""
    reasons: list[Reason] = []
    with_sessions: list[str] = []
    with_ports: list[str] = []
    for node, found in _of(iscsi):
        sessions = [each for each in found.sessions if each.connected is not False or each.persistent is not False]
        with_sessions += [node] if sessions else []
        reasons += [reason for session in sessions for reason in _of_session(node, session, networks)]
    for node, ports in _of(channel):
        kinds = {port.connection_type for port in ports.ports}
        with_ports += [node] if PortConnection.FIBRE_CHANNEL in kinds else []
        reasons += [
            Why.ODD_PORT(node=node, port=port.port_address or port.node_address)
            for port in ports.ports
            if port.connection_type is None or not port.connection_type.is_known
        ]
    reasons += _unseen(Why.SESSIONS_UNSEEN, iscsi) + _unseen(Why.PORTS_UNSEEN, channel)
    if with_sessions:
        reasons.append(Why.MASKING(nodes=", ".join(with_sessions)))
    if with_ports:
        reasons.append(Why.ZONING(nodes=", ".join(with_ports)))
    return verdict(*(reasons or [Why.NO_BLOCK_STORAGE()]))


def _of(fact: Maybe[Nodes[T]]) -> Iterator[tuple[str, T]]:
    return ((node.name, found) for node, found in fact.value or ())


def _unseen(code: Why, fact: Maybe[Nodes[T]]) -> list[Reason]:
    """The nodes of which the fact is missing, if any; all where nobody asked at all."""
    missing = fact.value.missing if fact.value else {}
    if missing:
        names = ", ".join(node.name for node in missing)
        return [code.because(next(iter(missing.values())), nodes=names)]
    return [] if fact.value else [code.because(fact.missing, nodes="all nodes")]


def _of_session(node: str, session: IscsiSession, networks: ClusterNetworks) -> Iterator[Reason]:
    at = {"node": node, "target": session.target}
    method = session.authentication.strip().upper()
    if method == "NONE":
        yield Why.OPEN(**at)
    elif method == "ONEWAYCHAP":
        yield Why.ONE_WAY(**at)
    elif method != "MUTUALCHAP":
        yield Why.ODD_AUTHENTICATION(value=session.authentication or "empty", **at)
    if session.portal is None:
        yield Why.ADDRESS_UNSEEN(**at)
        return
    network = _network_of(session.portal, networks)
    if network is None:
        yield Why.NOWHERE(address=session.portal, **at)
    elif is_open_to_clients(network):
        yield Why.AMONG_CLIENTS(address=session.portal, network=network.name, **at)
    elif network.role is NetworkRole.CLUSTER:
        yield Why.WITH_CLUSTER(address=session.portal, network=network.name, **at)
    elif network.role is not NetworkRole.NONE:
        yield Why.ODD_ROLE(network=network.name, role=network.role.label, **at)


def _network_of(written: str, networks: ClusterNetworks) -> ClusterNetwork | None:
    address = address_of(written)
    held = (each for each in networks.networks if any(address in subnet for subnet in subnets_of(each)))
    return next(held, None) if address else None
