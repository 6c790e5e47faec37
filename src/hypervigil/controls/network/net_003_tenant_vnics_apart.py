r"""NET-003  No tenant vNIC shares a VLAN, trunk or untagged path with an infrastructure vNIC.

## What it decides

Whether frames of a VM's adapters can reach an adapter that the host itself has on the same virtual switch: those over
which the host is managed, talks to the cluster, migrates or reaches its storage.

## Why it matters

On one VLAN there is nothing between the two: no router, no firewall but the host's own. A guest that somebody has taken
over then sees the host's broadcasts, can answer in the host's name, and reaches every port that listens. One VLAN
number that was entered wrongly, or a trunk that allows all of them, is enough.

## How it is decided

Both ends are judged as packets take them, on the node that runs the VM:

| mode | sends | gets |
|---|---|---|
| Access | its VLAN | its VLAN |
| Untagged | frames without a tag | frames without a tag |
| Trunk | allowed VLANs, the native one | the same |
| Private, isolated or community | the secondary VLAN | the primary one; a community port the secondary one, too |
| Private, promiscuous | the primary VLAN | the primary one, and a list of secondary ones |
| Isolation of mode Vlan, which lets frames without a tag through | the VLAN DefaultIsolationID | the same |

- A frame of the one gets to the other, in either direction, on an external switch: FAIL, naming adapters and VLANs.
- The same on an internal switch: REVIEW. Such a switch is there so that VMs talk to the host; whether they should is
  for somebody to say.
- It depends on whether a private port is isolated or a community's, or on the list of a promiscuous one: REVIEW.
- They are apart on the switch, and one of them is untagged: REVIEW. The port of the physical switch puts such frames on
  a VLAN that no host knows; it may be that of the other.
- The host has an adapter with the same VLAN number on another external switch: REVIEW. Whether it is the same VLAN, the
  physical switches decide.
- A VLAN that was not read; isolation that drops frames without a tag, gives an adapter several networks
  (MultiTenantStack) or is a virtual network; or an adapter of the host that the switch has and the list has not:
  UNKNOWN.
- Otherwise PASS. A team (SET) below the switch changes nothing: every VLAN leaves by any of its members.
- No adapter of the VM, or none that is plugged in: NOT_APPLICABLE.

Whose VM it is, no host knows. So a jump host or a domain controller of the operators that shares the management VLAN on
purpose fails as well: accept it by a waiver that says so, which then shows who decided it.

## How to look yourself

    Get-VMNetworkAdapter -VMName APP01 | Select-Object Name, SwitchName, SwitchId
    Get-VMNetworkAdapterVlan -VMName APP01
    Get-VMNetworkAdapterVlan -ManagementOS
    Get-VMNetworkAdapterIsolation -VMName APP01
    Get-VMNetworkAdapterIsolation -ManagementOS

Wanted on 2019, 2022 and 2025: `Access` with a number that no adapter of the host on that switch has. The two families
of cmdlets do not show each other's settings: an adapter that one shows as untagged may have a VLAN by the other.

## Remedy

Give the VM's adapter a VLAN of its own, or take the VLAN out of its trunk:

    Set-VMNetworkAdapterVlan -VMName APP01 -VMNetworkAdapterName "Network Adapter" -Access -VlanId 205
    Set-VMNetworkAdapterVlan -VMName FW01 -VMNetworkAdapterName WAN -Trunk -AllowedVlanIdList "205,206" -NativeVlanId 0

- Reboot: none; the guest loses its connections.
- Order: the physical switch first, which must carry the new VLAN on the ports of every node that may own the VM; then
  the adapter. Move the guest's address with it.
- Rollback: the same cmdlet with the values that it showed before; `-Untagged` where there was no VLAN.

## What it cannot see

The physical switches: native VLANs, which VLANs their ports carry, routing between VLANs (NET-001). The host's physical
adapters that belong to no virtual switch. Which secondary VLANs a promiscuous port gets. Port ACLs soften a shared path
and do not end it (NET-001 names them). Network virtualization by an extension of the switch: UNKNOWN.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMNetworkAdapterVlan.md` and
  `Get-VMNetworkAdapterIsolation.md`, `Set-VMNetworkAdapterIsolation.md`
- MicrosoftDocs/windows-driver-docs-ddi, `ntddndis.h`, enumeration NDIS_SWITCH_PORT_PVLAN_MODE
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v-virtual-switch/`
  `Configure-and-View-VLAN-Settings-on-Hyper-V-Virtual-Switch-Ports.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective.vlans import (
    UNTAGGED,
    Meeting,
    Opaque,
    Port,
    alias_of,
    host_ports,
    is_connected,
    may_meet_outside,
    meet,
    on_one_switch,
    port_of,
    ports_of_vm,
    shown,
    switch_of,
    uplinks,
)
from hypervigil.evidence.vm_settings import (
    NetworkAdapter,
    SwitchType,
    VlanMode,
    VmNetworkAdapters,
    VmSwitch,
    VmSwitches,
)
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NO_ADAPTER = excludes("It has no network adapter.")
    NOT_CONNECTED = excludes("None of its network adapters is connected to a switch.")
    APART = passes("No adapter of the host is on its path: {paths}.")
    SAME_VLAN = fails("{adapter} and the host's {host} share {vlans} on the switch {switch}.")
    TRUNK = fails("The trunk of {adapter} has {vlans}, where the host's {host} is, on the switch {switch}.")
    UNTAGGED_PATH = fails("{adapter} and the host's {host} are both untagged on the switch {switch}.")
    PRIVATE_VLAN = fails("By a private VLAN {adapter} and the host's {host} reach each other on {vlans} ({switch}).")
    INTERNAL = reviews(
        "{adapter} reaches the host's {host} on the internal switch {switch} ({vlans}). Is it meant to talk to the "
        "host, and to which of its ports?"
    )
    PRIVATE_UNSURE = reviews(
        "{adapter} and the host's {host} reach each other on {vlans} of the switch {switch} if the private port is one "
        "of a community, or a promiscuous one that lists the other. Which is it?"
    )
    UNTAGGED_UPLINK = reviews(
        "On the switch {switch} {adapter} is on {own} and the host's {host} on {others}. On which VLAN do the physical "
        "ports of {uplinks} put frames without a tag?",
        Confidence.INFERRED,
    )
    ELSEWHERE = reviews(
        "{adapter} has {vlans} on the switch {switch}, the host's {host} the same number on {other}. Is it the same "
        "VLAN on the physical switches?",
        Confidence.INFERRED,
    )
    VLAN_UNSEEN = unknown("The VLAN of {adapter} on the switch {switch} is not known: {why}.", Cause.NOT_IN_SOURCE)
    HOST_UNSEEN = unknown(
        "The host shares the switch {switch} ({adapter}), and its own adapter there is not among those read.",
        Cause.NOT_IN_SOURCE,
    )
    SWITCH_UNSEEN = unknown(
        "The switch {switch} of {adapter} is not among those of the host that were read.", Cause.NOT_IN_SOURCE
    )


CONTROL = Control(
    id="NET-003",
    title="No tenant vNIC shares a VLAN, trunk or untagged path with an infrastructure vNIC",
    family=Family.NETWORK,
    scope=Scope.VM,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def assess(adapters: VmNetworkAdapters, switches: VmSwitches, vm: Subject) -> Verdict:
    """Judge each adapter of the VM against each of the host."""
    own = ports_of_vm(adapters, vm.key)
    if not own:
        return verdict(Why.NO_ADAPTER())
    connected = [adapter for adapter in own if is_connected(adapter)]
    if not connected:
        return verdict(Why.NOT_CONNECTED())
    hosts = host_ports(adapters)
    said = [reason for adapter in connected for reason in _judged(adapter, hosts, switches)]
    return verdict(*said) if said else verdict(Why.APART(paths="; ".join(map(_path, connected))))


def _judged(adapter: NetworkAdapter, hosts: tuple[NetworkAdapter, ...], switches: VmSwitches) -> Iterator[Reason]:
    switch = switch_of(adapter, switches)
    named = {"adapter": adapter.name, "switch": _switch(adapter)}
    if switch is None:
        yield Why.SWITCH_UNSEEN(**named)
        return
    beside = [host for host in hosts if on_one_switch(adapter, host)] if hosts else []
    if switch.allow_management_os and not beside:
        yield Why.HOST_UNSEEN(**named)
    if not hosts:
        return
    port = port_of(adapter)
    if isinstance(port, Opaque):
        yield Why.VLAN_UNSEEN(**named, why=port.why)
        return
    for host in hosts:
        other = port_of(host)
        if host in beside:
            if isinstance(other, Opaque):
                yield Why.VLAN_UNSEEN(adapter=f"the host's {alias_of(host)}", switch=switch.name, why=other.why)
            else:
                yield from _beside(adapter, port, host, other, switch)
        else:
            yield from _elsewhere(adapter, port, host, other, switch, switches)


def _beside(
    adapter: NetworkAdapter, port: Port, host: NetworkAdapter, other: Port, switch: VmSwitch
) -> Iterator[Reason]:
    meeting, vlans = meet(port, other)
    named = {"adapter": adapter.name, "host": alias_of(host), "switch": switch.name}
    if meeting is Meeting.TOGETHER and switch.type is not SwitchType.EXTERNAL:
        yield Why.INTERNAL(**named, vlans=shown(vlans))
    elif meeting is Meeting.TOGETHER:
        if VlanMode.PRIVATE in (adapter.vlan_mode, host.vlan_mode):
            yield Why.PRIVATE_VLAN(**named, vlans=shown(vlans))
        elif adapter.vlan_mode is VlanMode.TRUNK:
            yield Why.TRUNK(**named, vlans=shown(vlans))
        elif vlans == {UNTAGGED}:
            yield Why.UNTAGGED_PATH(**named)
        else:
            yield Why.SAME_VLAN(**named, vlans=shown(vlans))
    elif meeting is Meeting.PERHAPS:
        yield Why.PRIVATE_UNSURE(**named, vlans=shown(vlans))
    elif switch.type is SwitchType.EXTERNAL and may_meet_outside(port, other):
        own, others = shown(port.sends | port.gets), shown(other.sends | other.gets)
        yield Why.UNTAGGED_UPLINK(**named, own=own, others=others, uplinks=", ".join(uplinks(switch)) or "its uplink")


def _elsewhere(
    adapter: NetworkAdapter,
    port: Port,
    host: NetworkAdapter,
    other: Port | Opaque,
    switch: VmSwitch,
    switches: VmSwitches,
) -> Iterator[Reason]:
    its = switch_of(host, switches)
    if its is None or not its.type is switch.type is SwitchType.EXTERNAL or not port.tagged:
        return
    if isinstance(other, Opaque):
        yield Why.VLAN_UNSEEN(adapter=f"the host's {alias_of(host)}", switch=its.name, why=other.why)
        return
    same = port.tagged & other.tagged
    if same:
        named = {"adapter": adapter.name, "host": alias_of(host), "switch": switch.name}
        yield Why.ELSEWHERE(**named, vlans=shown(same), other=its.name)


def _path(adapter: NetworkAdapter) -> str:
    port = port_of(adapter)
    vlans = shown(port.sends | port.gets) if isinstance(port, Port) else "VLAN not known"
    return f"{adapter.name} on the switch {_switch(adapter)} ({vlans})"


def _switch(adapter: NetworkAdapter) -> str:
    return adapter.switch_name or adapter.switch_id or ""
