r"""NET-006  Storage networks carry storage only (role, VLAN, no gateway).

## What it decides

Whether the networks that are declared for storage are used for nothing else: by the cluster's role for them, by their
VLANs and subnets against the other declared networks, and by the adapters of the nodes.

## Why it matters

Storage traffic is the content of every VM, and often it goes as it is (SMB-012, NET-011). A storage network with a
gateway, with clients, or with a VLAN of somebody else's is a way to the disks that passes no guest's firewall.

## How it is decided

No host says what a network is for, so it is declared (`purposes` in the context). For each network declared for
storage:

- it is declared for management, tenants or anybody as well: FAIL; for the cluster or live migration: REVIEW, for
  converged networks share them on purpose;
- one of its VLANs or subnets is one of another declared network, which is not for storage: FAIL;
- the cluster lets clients use it (role 3, or 2): FAIL. Role none is what iSCSI wants; role 1 is what Storage Spaces
  Direct and redirected volumes need, so it is fine, but REVIEW where live migration may take the network as well;
- an adapter of a node has an address in it and one in a network declared for something else: FAIL, naming the adapter;
- an interface in it is one on which a domain controller answers (category Domain): REVIEW, for then something else than
  storage is reached there;
- it is declared not to be isolated: FAIL. Nothing is declared about that: REVIEW, because a gateway is in no fact that
  this control reads. Declared isolated: no gateway by the operator's word, which is compared with the routes of
  the nodes when the context is read;
- neither its VLANs nor its subnets are declared, or no node has an address in it: REVIEW.

Without a declared storage network: REVIEW. PASS only where all of this is fine for every one of them.

## How to look yourself

    Get-ClusterNetwork | Select-Object Name, Role, Address, AddressMask
    Get-NetIPAddress | Select-Object InterfaceAlias, IPAddress, PrefixLength
    Get-NetRoute -PolicyStore ActiveStore | Where-Object NextHop -NotIn 0.0.0.0, ::
    Get-NetConnectionProfile | Select-Object InterfaceAlias, NetworkCategory

Expected on 2019, 2022 and 2025: role `None` (iSCSI) or `Cluster` (Storage Spaces Direct), addresses of one network for
each adapter, no route over an adapter for storage.

## Remedy

    (Get-ClusterNetwork -Name "Storage 1").Role = 0
    Remove-NetRoute -InterfaceAlias "Storage 1" -DestinationPrefix 0.0.0.0/0
    Remove-NetIPAddress -InterfaceAlias "Storage 1" -IPAddress 10.0.9.11

With Storage Spaces Direct the role is 1 instead of 0. A VLAN of its own is made on the physical switches first.

- Reboot: none.
- Order: one storage network after the other, so that the second path carries on; never both at once. Look at the
  volumes after each.
- Rollback: the former role, route and address by the same commands (`New-NetRoute`, `New-NetIPAddress`).

## What it cannot see

Routers and physical switches, and what flows in fact. The VLAN that an adapter has: it is compared as it is declared.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/Get-ClusterNetwork.md`,
  `NetTCPIP/Get-NetIPAddress.md`
- MicrosoftDocs/win32, `desktop-src/MsCS` (roles of networks)
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective.isolation import carries_migration, is_open_to_clients, stands_in, subnets_of
from hypervigil.evidence.network import ClusterNetwork, ClusterNetworks, IpInterfaces, NetworkCategory, NetworkRole
from hypervigil.model.context import OUTSIDE, Context, Network, Purpose
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    STORAGE_ONLY = passes("Networks for storage carry storage only: {networks}.")
    DECLARED_FOR_MORE = fails("Network {network} is declared for {purposes}.")
    CONVERGED = reviews("Network {network} is declared for {purposes}. Is it meant to share them?")
    SAME_VLAN = fails("Network {network} shares VLAN {vlans} with {other}, which is for {purposes}.")
    SAME_SUBNET = fails("Network {network} has addresses in common with {other}, which is for {purposes}.")
    CLIENTS = fails("The cluster lets clients use {found} ({subnet}), which is storage network {network}.")
    ODD_ROLE = reviews("{found} ({subnet}) of storage network {network} has role {role}. Who uses it?")
    MIGRATION = reviews(
        "{found} ({subnet}) of storage network {network} is not left out of live migration. Is it meant to carry that?"
    )
    MIGRATION_UNSEEN = reviews(
        "{found} ({subnet}) of storage network {network} may carry live migration: MigrationExcludeNetworks was not "
        "read. Is it left out?"
    )
    SAME_ADAPTER = fails("{interface} of {node} has addresses in storage network {network} and in {other}.")
    DOMAIN = reviews(
        "A domain controller answers on {interface} of {node}, in storage network {network}. How?", Confidence.INFERRED
    )
    NOT_ISOLATED = fails("Network {network} is declared not to be isolated.")
    GATEWAY_UNSEEN = reviews("Has storage network {network} a gateway? Nobody declares that it is isolated.")
    VLAN_UNSEEN = reviews("Has storage network {network} a VLAN of its own? None is declared.")
    NOBODY_THERE = reviews("No node has an address in storage network {network}. Is it declared as it is?")
    NO_SUBNET = reviews("Storage network {network} is declared without a subnet. Which one is it?")
    NONE_DECLARED = reviews("No network is declared for storage. Which one carries it, and does it carry storage only?")


CONTROL = Control(
    id="NET-006",
    title="Storage networks carry storage only (role, VLAN, no gateway)",
    family=Family.NETWORK,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

CONVERGES = frozenset((Purpose.CLUSTER, Purpose.LIVE_MIGRATION))
"""What Microsoft's own converged networks (Network ATC, intent Storage) carry beside storage."""


def assess(networks: ClusterNetworks, interfaces: Nodes[IpInterfaces], context: Maybe[Context]) -> Verdict:
    """Judge each network that is declared for storage."""
    declared = context.value.networks_for(Purpose.STORAGE) if context.value else ()
    if context.value is None or not declared:
        return verdict(Why.NONE_DECLARED())
    others = [each for each in context.value.networks or () if Purpose.STORAGE not in each.purposes]
    reasons: list[Reason] = []
    for network in declared:
        reasons += _as_declared(network, others)
        if network.subnets:
            reasons += _of_cluster(network, networks)
            reasons += _of_nodes(network, others, interfaces)
    return verdict(*(reasons or [Why.STORAGE_ONLY(networks=", ".join(network.shown for network in declared))]))


def _as_declared(network: Network, others: list[Network]) -> Iterator[Reason]:
    """What the declaration alone tells."""
    more = network.purposes - {Purpose.STORAGE}
    if more & (OUTSIDE | {Purpose.MANAGEMENT}):
        yield Why.DECLARED_FOR_MORE(network=network.shown, purposes=network.shown_purposes)
    elif more & CONVERGES:
        yield Why.CONVERGED(network=network.shown, purposes=network.shown_purposes)
    for other in others:
        at = {"network": network.shown, "other": other.shown, "purposes": other.shown_purposes}
        shared = sorted({*(network.vlans or ())} & {*(other.vlans or ())})
        if shared:
            yield Why.SAME_VLAN(vlans=", ".join(map(str, shared)), **at)
        if any(network.touches(subnet) for subnet in other.subnets):
            yield Why.SAME_SUBNET(**at)
    if network.isolated is None:
        yield Why.GATEWAY_UNSEEN(network=network.shown)
    elif not network.isolated:
        yield Why.NOT_ISOLATED(network=network.shown)
    if network.vlans is None:
        yield Why.VLAN_UNSEEN(network=network.shown)
    if not network.subnets:
        yield Why.NO_SUBNET(network=network.shown)


def _of_cluster(network: Network, networks: ClusterNetworks) -> Iterator[Reason]:
    """What the cluster does with it."""
    for found in networks.networks:
        subnet = next((each for each in subnets_of(found) if network.touches(each)), None)
        if subnet is not None:
            at = {"network": network.shown, "found": found.name, "subnet": str(subnet)}
            yield from _of_role(found, networks, at, shares=Purpose.LIVE_MIGRATION in network.purposes)


def _of_role(found: ClusterNetwork, networks: ClusterNetworks, at: dict[str, str], *, shares: bool) -> Iterator[Reason]:
    if is_open_to_clients(found):
        yield Why.CLIENTS(**at)
    elif not found.role.is_known:
        yield Why.ODD_ROLE(role=found.role.label, **at)
    elif found.role is NetworkRole.CLUSTER and not shares:
        if networks.migration_excluded is None:
            yield Why.MIGRATION_UNSEEN(**at)
        elif carries_migration(found, networks.migration_excluded):
            yield Why.MIGRATION(**at)


def _of_nodes(network: Network, others: list[Network], fact: Nodes[IpInterfaces]) -> Iterator[Reason]:
    """The adapters that stand in it, and where else they stand."""
    standing = False
    for node, interfaces in fact:
        aliases = {each.alias for each in interfaces.interfaces if stands_in(each, network)}
        standing = standing or bool(aliases)
        for alias in sorted(aliases):
            own = [each for each in interfaces.interfaces if each.alias == alias]
            at = {"network": network.shown, "node": node.name, "interface": alias}
            for other in others:
                if any(stands_in(each, other) for each in own):
                    yield Why.SAME_ADAPTER(other=other.shown, **at)
            if any(each.network_category is NetworkCategory.DOMAIN for each in own):
                yield Why.DOMAIN(**at)
    if not standing:
        yield Why.NOBODY_THERE(network=network.shown)
