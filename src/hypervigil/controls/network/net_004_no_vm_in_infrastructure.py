r"""NET-004  No VM holds an address in an infrastructure subnet.

## What it decides

Whether one of the addresses of a VM lies in a subnet over which the nodes talk to each other or move the memory of VMs.

## Why it matters

Whoever holds an address there stands beside the nodes: it reaches their cluster, migration and storage ports without a
router in between. An address is the shortest proof that a tenant's side and the nodes' side are not apart, whatever
VLANs and diagrams say.

## How it is decided

The addresses come from the guest's integration services, so they are the guest's own word. A guest that lies can hide
an address; NET-003 judges the path, which the host knows itself.

- In a network of the cluster with role 1 (cluster only), or in one that carries live migration (it has a role and is
  not among `MigrationExcludeNetworks`): FAIL. An empty list leaves none out, so a network that clients reach as well is
  one of these then.
- In another network of the cluster: REVIEW. It may be the management network and the VM a jump host, or a storage
  network; NET-002 and NET-006 are about these.
- The same, where `MigrationExcludeNetworks` was not read: UNKNOWN.
- A connected adapter tells no address (the guest is off, or has no integration services): UNKNOWN.
- Otherwise PASS. Link-local addresses say nothing and are passed over.
- No adapter, or none that is connected: NOT_APPLICABLE.

## How to look yourself

    Get-VMNetworkAdapter -VMName APP01 | Select-Object Name, SwitchName, IPAddresses
    Get-ClusterNetwork | Select-Object Name, Role, Ipv4Addresses, Ipv4PrefixLengths
    Get-ClusterResourceType -Name "Virtual Machine" | Get-ClusterParameter -Name MigrationExcludeNetworks

Wanted on 2019, 2022 and 2025: no address of the first list in a network of the second with role `Cluster`, nor in one
that the third does not name.

## Remedy

Give the adapter a network of its own, then the guest an address there:

    Connect-VMNetworkAdapter -VMName APP01 -Name "Network Adapter" -SwitchName Tenants
    Set-VMNetworkAdapterVlan -VMName APP01 -VMNetworkAdapterName "Network Adapter" -Access -VlanId 205

- Reboot: none; the guest is away until it has its new address.
- Order: DNS and those who talk to the guest first. Where it is live migration that a network of clients carries, leave
  that network out of live migration instead (LM-008).
- Rollback: the same cmdlets with the switch and the VLAN from before, and the old address.

## What it cannot see

Addresses that a guest does not tell. Networks that the cluster does not know, such as one of a management processor.
Whether a router lets the VM into these subnets from outside (NET-001).

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Get-VMNetworkAdapter.md` and
  `docset/winserver2025-ps/FailoverClusters/Get-ClusterNetwork.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/manage/`
  `Manage-Hyper-V-integration-services.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective.infrastructure import Place, places_of
from hypervigil.controls.effective.vlans import is_connected, ports_of_vm
from hypervigil.evidence.network import ClusterNetworks
from hypervigil.evidence.vm_settings import NetworkAdapter, VmNetworkAdapters
from hypervigil.model.context import address_of
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
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

    NO_ADAPTER = excludes("It has no network adapter.")
    NOT_CONNECTED = excludes("None of its network adapters is connected to a switch.")
    OUTSIDE = passes("No address lies in a network of the cluster: {addresses}.")
    INSIDE = fails("{adapter} has {address} in {network}, which is for {purposes}.")
    IN_OTHER = reviews(
        "{adapter} has {address} in {network}, a network of the nodes (role: {role}). Is the VM one of the operators'?"
    )
    MAY_MIGRATE = unknown(
        "{adapter} has {address} in {network}, and whether that one carries live migration was not read "
        "(MigrationExcludeNetworks).",
        Cause.NOT_IN_SOURCE,
    )
    NO_ADDRESS = unknown("The guest tells no address of {adapter}.", Cause.NOT_IN_SOURCE)
    OWN_WORD = remarks("The addresses are the guest's own word.")


CONTROL = Control(
    id="NET-004",
    title="No VM holds an address in an infrastructure subnet",
    family=Family.NETWORK,
    scope=Scope.VM,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def assess(adapters: VmNetworkAdapters, networks: ClusterNetworks, vm: Subject) -> Verdict:
    """Look for each address of the VM in each network of the cluster."""
    own = ports_of_vm(adapters, vm.key)
    if not own:
        return verdict(Why.NO_ADAPTER())
    told = [text for adapter in own for text in adapter.ip_addresses]
    if not told and not any(is_connected(adapter) for adapter in own):
        return verdict(Why.NOT_CONNECTED())
    said = [reason for adapter in own for reason in _judged(adapter, networks)]
    if said:
        return verdict(*said)
    return verdict(Why.OUTSIDE(addresses=", ".join(told)), Why.OWN_WORD())


def _judged(adapter: NetworkAdapter, networks: ClusterNetworks) -> Iterator[Reason]:
    if not adapter.ip_addresses and is_connected(adapter):
        yield Why.NO_ADDRESS(adapter=adapter.name)
    for address in map(address_of, adapter.ip_addresses):
        for place in places_of(address, networks) if address is not None else ():
            yield _inside(place, {"adapter": adapter.name, "address": str(address), "network": place.found.name})


def _inside(place: Place, named: dict[str, str]) -> Reason:
    if place.is_inner:
        return Why.INSIDE(**named, purposes=place.network.shown_purposes)
    if place.is_undecided:
        return Why.MAY_MIGRATE(**named)
    return Why.IN_OTHER(**named, role=place.role)
