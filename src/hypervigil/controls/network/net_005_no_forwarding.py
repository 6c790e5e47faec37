r"""NET-005  Nodes do not forward or route between networks.

## What it decides

Whether a node passes on packets that are not for it, takes packets for another of its adapters, or runs a service that
does so.

## Why it matters

A node stands in every network at once: management, cluster, storage, and by its switches next to the tenants. If it
forwards, it is a router between them that nobody drew into the plan and that no access list of the real routers sees.

## How it is decided

- An IP interface with `Forwarding` enabled: FAIL, naming the interface and its addresses.
- An interface with `WeakHostReceive` enabled: FAIL. It takes packets that arrive on it for an address of another
  adapter, so that a neighbour on one network reaches what listens on another. That this counts as a way between
  networks is inferred.
- `IPEnableRouter` is 1: FAIL, also where no interface forwards at the moment: it makes them forward at the next start.
- The service RemoteAccess (Routing and Remote Access) runs or is about to: FAIL. It is stopped but starts by itself:
  REVIEW.
- The service SharedAccess (Internet Connection Sharing) runs: REVIEW, for it translates addresses between networks, and
  Windows also starts it for other purposes.

A node has more than one network by nature, so that "only one network" is no excuse. Weak sending lets packets leave
with the address of another adapter; it lets nothing in and is a remark.

## How to look yourself

    Get-NetIPInterface -PolicyStore ActiveStore |
        Select-Object InterfaceAlias, AddressFamily, Forwarding, WeakHostReceive, WeakHostSend
    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters -Name IPEnableRouter
    Get-Service -Name RemoteAccess, SharedAccess

Expected on 2019, 2022 and 2025: `Disabled` in every row, the value 0 or not there, both services stopped.

## Remedy

    Set-NetIPInterface -InterfaceAlias "vEthernet (Management)" -Forwarding Disabled -WeakHostReceive Disabled
    Set-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters -Name IPEnableRouter -Value 0
    Stop-Service -Name RemoteAccess
    Set-Service -Name RemoteAccess -StartupType Disabled

- Reboot: for `IPEnableRouter` alone.
- Order: find out first who uses the node as a router: a NAT for a lab, a gateway of containers, a VPN. Give it a
  machine of its own. Then one node after the other.
- Rollback: the same commands with the former values.

## What it cannot see

NAT by the driver WinNat (`Get-NetNat`), which is no service; a VM that routes between networks, which is its owner's
right as long as its adapters are where they belong (NET-003); and whether the real routers connect the networks.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetTCPIP/Get-NetIPInterface.md` and
  `Set-NetIPInterface.md`
- MicrosoftDocs/sdk-api, `iphlpapi.h` function EnableRouter
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.evidence.accounts import Services
from hypervigil.evidence.network import IpInterface, IpInterfaces
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NONE = passes("No interface forwards, and no routing service runs.")
    FORWARDS = fails("Packets for others are passed on at {interface}.")
    WEAK = fails("Packets for addresses of other adapters are taken at {interface}.", Confidence.INFERRED)
    ROUTER_SWITCH = fails("IPEnableRouter is {value}: the interfaces forward, at the latest after the next start.")
    ROUTING_RUNS = fails("Routing and Remote Access (RemoteAccess) is {state}.")
    ROUTING_STARTS = reviews("Routing and Remote Access starts by itself and is {state} now. What is it there for?")
    SHARING_RUNS = reviews(
        "Internet Connection Sharing (SharedAccess) is {state}. Does it connect two networks?", Confidence.INFERRED
    )
    ODD_SWITCH = reviews("IPEnableRouter is {value}; 0 and 1 have a meaning. What does it do?", Confidence.UNVERIFIED)
    WEAK_UNSEEN = unknown("WeakHostReceive was not read at {interface}.", Cause.NOT_IN_SOURCE)
    SWITCH_UNSEEN = unknown("IPEnableRouter was not read.", Cause.NOT_IN_SOURCE)
    SWITCH_REFUSED = unknown("Access to IPEnableRouter was refused.", Cause.ACCESS_DENIED)
    NO_INTERFACES = unknown("The list of IP interfaces is empty, which no node's is.", Cause.NOT_IN_SOURCE)
    WEAK_SEND = remarks("Packets may leave with addresses of other adapters at {interface} (WeakHostSend).")


CONTROL = Control(
    id="NET-005",
    title="Nodes do not forward or route between networks",
    family=Family.NETWORK,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

ROUTING, SHARING = "remoteaccess", "sharedaccess"
RESTING = ("stopped", "stop pending")
"""States of a service in which it does nothing, or is about to (Win32_Service, State)."""


def assess(fact: IpInterfaces, services: Services) -> Verdict:
    """Judge each interface, the switch of the whole host, and the services."""
    reasons = [reason for interface in fact.interfaces for reason in _of_interface(interface)]
    reasons += _of_switch(fact.ip_enable_router)
    reasons += _of_services(services)
    if not fact.interfaces:
        reasons.append(Why.NO_INTERFACES())
    if all(reason.outcome is None for reason in reasons):
        reasons.insert(0, Why.NONE())
    return verdict(*reasons)


def _of_interface(interface: IpInterface) -> Iterator[Reason]:
    addresses = f", {', '.join(interface.addresses)}" if interface.addresses else ""
    family = {2: "IPv4", 23: "IPv6"}.get(int(interface.family), interface.family.label)
    shown = f"{interface.alias} ({family}{addresses})"
    if interface.forwarding:
        yield Why.FORWARDS(interface=shown)
    if interface.weak_host_receive:
        yield Why.WEAK(interface=shown)
    elif interface.weak_host_receive is None:
        yield Why.WEAK_UNSEEN(interface=shown)
    if interface.weak_host_send:
        yield Why.WEAK_SEND(interface=shown)


def _of_switch(value: RegistryValue | None) -> Iterator[Reason]:
    if value is None:
        yield Why.SWITCH_UNSEEN()
    elif value.denied:
        yield Why.SWITCH_REFUSED()
    elif value.number == 1:
        yield Why.ROUTER_SWITCH(value=value.shown)
    elif not value.absent and value.number != 0:
        yield Why.ODD_SWITCH(value=value.shown)


def _of_services(fact: Services) -> Iterator[Reason]:
    for service in fact.services:
        name, state = service.name.casefold(), service.state.casefold()
        if name == ROUTING and state not in RESTING:
            yield Why.ROUTING_RUNS(state=state)
        elif name == ROUTING and service.start_mode.casefold() == "auto":
            yield Why.ROUTING_STARTS(state=state)
        elif name == SHARING and state not in RESTING:
            yield Why.SHARING_RUNS(state=state)
