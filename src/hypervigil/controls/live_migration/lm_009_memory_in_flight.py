r"""LM-009  Memory in flight is encrypted, or its network is isolated (declared and not contradicted).

## What it decides

What protects the memory of a VM while it moves from node to node: encryption, or a network on which nobody else is.

## Why it matters

A live migration sends everything that a running machine has in memory: keys, passwords, open files. Windows encrypts
none of it by default and advises an isolated network instead. Whoever can listen there reads all VMs that move, and the
guest's own encryption, of disks or of connections, does not help: its keys are in that memory.

## How it is decided

Over the nodes on which live migration is on (none: NOT_APPLICABLE):

Encrypted: every one of them moves memory by SMB (`VirtualMachineMigrationPerformanceOption`), and the SMB server of
every one of them demands encryption (`EncryptData`): PASS. That such a migration is an SMB session like others, and
follows these settings, is inferred. The options TCP/IP and Compression encrypt nothing.

Isolated: the networks over which VMs of the cluster may migrate are those that have a role and are not among
`MigrationExcludeNetworks`. Where memory is not encrypted:

- one of them is a network that clients reach (role 2 or 3): FAIL. No declaration makes it isolated.
- the operator declares one of them (or a network that has it) not isolated: FAIL.
- it is declared without a word on isolation, or not at all: REVIEW.
- nobody declares anything, or no network: UNKNOWN.
- a node takes migrations over any network: REVIEW. VMs of the cluster follow the cluster's list; others do not.
- all are declared isolated, and nothing here contradicts it: PASS.

What leaves a network out, `MigrationExcludeNetworks`, is described for 2008 R2 and written by tools to this day: what
rests on it has the confidence *secondary*.

Where a value decides that was not read: UNKNOWN. The cluster's `SecurityLevel` protects messages between nodes and not
the memory of VMs, so it is only mentioned.

## How to look yourself

    Get-VMHost | Select-Object VirtualMachineMigrationPerformanceOption, UseAnyNetworkForMigration
    Get-SmbServerConfiguration | Select-Object EncryptData
    Get-ClusterNetwork | Select-Object Id, Name, Role
    Get-ClusterResourceType -Name "Virtual Machine" | Get-ClusterParameter -Name MigrationExcludeNetworks

| release | performance option | EncryptData |
|---|---|---|
| 2019, 2022, 2025 | `Compression` by default | `False` by default |

Wanted: `SMB` with `True` on every node; or every network that the last line does not name is one with the role
`Cluster` that is isolated and declared so.

## Remedy

Leave every network out but the isolated ones (ids of `Get-ClusterNetwork`, joined by semicolons), and declare them:

    Get-ClusterResourceType -Name "Virtual Machine" |
        Set-ClusterParameter -Name MigrationExcludeNetworks -Value "ID1;ID2"

Or encrypt, on every node:

    Set-VMHost -VirtualMachineMigrationPerformanceOption SMB
    Set-SmbServerConfiguration -EncryptData $true

- Reboot: none.
- Order: one test migration in each direction after each change. `EncryptData` holds for every share of the node and
  shuts out clients without SMB 3; before 2022 it takes RDMA its direct placement (SMB-013). Put the first network of
  the list of what stays before what is left out.
- Rollback: the values from before; write the list down, for it is one string.

## What it cannot see

VMs that bring their own protection (`EncryptStateAndVmMigrationTraffic`, shielded ones; SHV controls). IPsec between
the nodes, which Microsoft's page advises for TCP: where you have it, accept this by a waiver. Gateways, routes,
forwarding and answers from outside, which contradict isolation as well: the comparison of the context names them, and
NET-001, NET-005 and NET-010 judge them. Who is on the switch in between.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/deploy/`
  `Set-up-hosts-for-live-migration-without-Failover-Clustering.md` (not encrypted; isolate, or IPsec)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMHost.md` and
  `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
- MicrosoftDocs/win32, `desktop-src/MsCS` (roles of networks, MigrationExcludeNetworks)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypervigil.controls.effective.infrastructure import Place, places
from hypervigil.controls.effective.isolation import is_open_to_clients
from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.hyper_v import MigrationPerformance, VmHost
from hypervigil.evidence.network import ClusterNetworks
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.context import Context, Network
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
    Reason,
    ReasonCode,
    Verdict,
    excludes,
    fails,
    passes,
    remarks,
    reviews,
    unknown,
    verdict,
)
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    MIGRATION_OFF = excludes("Live migration is switched off on every node.")
    ENCRYPTED = passes("Memory moves by SMB, and every node's SMB server demands encryption.", Confidence.INFERRED)
    ISOLATED = passes("Memory moves over networks that are declared isolated: {networks}.", Confidence.SECONDARY)
    OPEN_TO_CLIENTS = fails(
        "Memory may move unencrypted over {network} ({subnets}), which clients reach ({role}).", Confidence.SECONDARY
    )
    NOT_ISOLATED = fails(
        "Memory may move unencrypted over {network} ({subnets}), declared not isolated ({place}).",
        Confidence.SECONDARY,
    )
    NOT_CLAIMED = reviews(
        "Memory may move unencrypted over {network} ({subnets}), declared without a word on isolation ({place}). Is it "
        "isolated?"
    )
    NOT_DECLARED = reviews(
        "Memory may move unencrypted over {network} ({subnets}), which no declared network has. Is it isolated?"
    )
    ANY_NETWORK = reviews(
        "Migrations come in over any network on {nodes}; VMs of the cluster follow its list, others do not. Do others "
        "migrate?",
        Confidence.INFERRED,
    )
    NO_NETWORK = reviews("The cluster leaves every network out of live migration. Over which one does memory move?")
    NOBODY_DECLARES = unknown(
        "Memory may move unencrypted over {networks}; whether they are isolated, nobody declares."
    )
    ENCRYPTION_UNSEEN = unknown(
        "Memory moves by SMB; whether the SMB server demands encryption was not seen on {nodes}."
    )
    ODD_TRANSPORT = reviews("{node} moves memory by option {option}, which no table has. Does it encrypt?")
    EXCLUDED_UNREAD = unknown(
        "Over which networks VMs of the cluster may migrate was not read (MigrationExcludeNetworks).",
        Cause.NOT_IN_SOURCE,
    )
    CLEAR_TRANSPORT = remarks("Memory is not encrypted: {how}.")
    OTHER_LEVEL = remarks("The cluster's SecurityLevel ({level}) protects messages between nodes, not memory.")


CONTROL = Control(
    id="LM-009",
    title="Memory in flight is encrypted, or its network is isolated (declared and not contradicted)",
    family=Family.LIVE_MIGRATION,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(
    hosts: Nodes[VmHost],
    cluster: Cluster,
    servers: Maybe[Nodes[SmbServerConfiguration]],
    networks: ClusterNetworks,
    context: Maybe[Context],
) -> Verdict:
    """Encryption settles it; without it the networks have to be isolated, by declaration and by evidence."""
    moving = {node: host for node, host in hosts if host.migration_enabled}
    if not moving:
        return verdict(Why.MIGRATION_OFF())
    level = [] if cluster.security_level is None else [Why.OTHER_LEVEL(level=cluster.security_level.label)]
    clear, doubts = _encryption(moving, servers)
    if not clear and not doubts:
        return verdict(Why.ENCRYPTED())
    said = [*_isolation(networks, context), *_any_network(moving)]
    if not said:
        named = ", ".join(place.found.name for place in places(networks) if place.migrates)
        return verdict(Why.ISOLATED(networks=named), *clear, *level)
    # What may be encrypted after all does not fail for its network.
    return verdict(*(doubts or said), *clear, *level)


def _encryption(
    moving: Mapping[Subject, VmHost], servers: Maybe[Nodes[SmbServerConfiguration]]
) -> tuple[list[Reason], list[Reason]]:
    """What is known not to be encrypted; where nothing is, what may not be."""
    plain = {MigrationPerformance.TCPIP: "TCP/IP", MigrationPerformance.COMPRESSION: "Compression"}
    for option, name in plain.items():
        nodes = [node.name for node, host in moving.items() if host.migration_performance is option]
        if nodes:
            return [Why.CLEAR_TRANSPORT(how=f"the option {name} is set on {', '.join(nodes)}")], []
    seen = {node: servers.value.known.get(node) for node in moving} if servers.value else dict.fromkeys(moving)
    off = [node.name for node, server in seen.items() if server is not None and server.encrypt_data is False]
    options = {node.name: host.migration_performance for node, host in moving.items()}
    if off and MigrationPerformance.SMB in options.values():
        return [Why.CLEAR_TRANSPORT(how=f"the SMB server of {', '.join(off)} does not demand it")], []
    doubts = [Why.ODD_TRANSPORT(node=name, option=int(code)) for name, code in options.items() if not code.is_known]
    unseen = [node for node, server in seen.items() if server is None or server.encrypt_data is None]
    if unseen:
        gaps = servers.value.missing if servers.value else {}
        missing = next((gaps[node] for node in unseen if node in gaps), servers.missing)
        doubts.append(Why.ENCRYPTION_UNSEEN.because(missing, nodes=", ".join(node.name for node in unseen)))
    return [], doubts


def _isolation(networks: ClusterNetworks, context: Maybe[Context]) -> Iterator[Reason]:
    """What speaks against every network of live migration being isolated."""
    if networks.migration_excluded is None:
        yield Why.EXCLUDED_UNREAD()
        return
    used = [place for place in places(networks) if place.migrates]
    if not used:
        yield Why.NO_NETWORK()
    declared = context.value.networks if context.value else None
    closed = [place for place in used if not is_open_to_clients(place.found)]
    for place in used:
        if place not in closed:
            yield Why.OPEN_TO_CLIENTS(**_named(place), role=f"role: {place.role}")
    if declared is None and closed:
        yield Why.NOBODY_DECLARES.because(context.missing, networks=", ".join(place.found.name for place in closed))
        return
    for place in closed:
        yield from _declaration(place, declared or ())


def _declaration(place: Place, declared: tuple[Network, ...]) -> Iterator[Reason]:
    """What is declared of one network of the cluster, subnet by subnet: nothing is said where all are isolated."""
    about = [network for network in declared if any(map(network.touches, place.network.subnets))]
    for network in about:
        if network.isolated is False:
            yield Why.NOT_ISOLATED(**_named(place), place=network.place)
        elif network.isolated is None:
            yield Why.NOT_CLAIMED(**_named(place), place=network.place)
    whole = place.network.subnets and all(
        any(network.covers(subnet) for network in about) for subnet in place.network.subnets
    )
    if not whole:
        yield Why.NOT_DECLARED(**_named(place))


def _named(place: Place) -> dict[str, str]:
    subnets = ", ".join(map(str, place.network.subnets)) or "no subnet of its own"
    return {"network": place.found.name, "subnets": subnets}


def _any_network(moving: Mapping[Subject, VmHost]) -> Iterator[Reason]:
    wide = [node.name for node, host in moving.items() if host.any_network_for_migration]
    if wide:
        yield Why.ANY_NETWORK(nodes=", ".join(wide))
