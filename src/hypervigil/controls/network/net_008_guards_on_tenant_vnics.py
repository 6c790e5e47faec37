r"""NET-008  Tenant vNICs have MAC spoofing off, DHCP and router guard on; mirroring is deliberate.

## What it decides

Whether the adapters of a VM may pretend to be somebody else on their network, and whether one of them gets copies of
what others send.

## Why it matters

A guest that may send with any MAC address can take over another one's address, or the host's. One that may answer DHCP
requests or advertise itself as a router leads its neighbours' traffic through itself. The switch stops all three at the
port, where the guest has no say. A port that is the destination of mirroring reads whatever the sources send and get.

## How it is decided

For each adapter of the VM, connected or not:

- MAC spoofing on, DHCP guard off, or router guard off: FAIL, naming the adapter.
- Port mirroring set, as destination or as source: REVIEW. A sensor needs it; nobody else does, and no host knows which
  VM is a sensor.
- A setting that was not read: UNKNOWN.
- All as wanted: PASS. No adapter: NOT_APPLICABLE.

Some VMs have reasons. Nested hypervisors, NLB nodes and firewall appliances need MAC spoofing, DHCP servers answer,
routers advertise. Whose VM it is, no host knows: such a one fails, and a waiver with the reason shows who accepted
it. DHCP guard drops DHCP server messages; router guard drops router advertisements and redirects. A guest that neither
serves DHCP nor routes notices neither.

## How to look yourself

    Get-VMNetworkAdapter -VMName APP01 |
        Select-Object Name, MacAddressSpoofing, DhcpGuard, RouterGuard, PortMirroringMode

| release | out of the box (not confirmed, so read it) | wanted |
|---|---|---|
| 2019, 2022, 2025 | `Off`, `Off`, `Off`, `None` | `Off`, `On`, `On`, `None` |

## Remedy

    Set-VMNetworkAdapter -VMName APP01 -MacAddressSpoofing Off -DhcpGuard On -RouterGuard On -PortMirroring None

- Reboot: none; it takes effect at once, and travels with the VM.
- Order: ask the owner first whether the guest serves DHCP, routes, balances by NLB or is itself a hypervisor. Then one
  VM of each kind before the rest.
- Rollback: the same cmdlet with the values that it showed before.

## What it cannot see

What the guest is for. Whether other VMs of the switch are set likewise (each has a finding of its own), and what
adapters on the physical network may do. Whether an extension of the switch filters in place of these settings.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMNetworkAdapter.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective.vlans import ports_of_vm
from hypervigil.evidence.vm_settings import MirroringMode, NetworkAdapter, VmNetworkAdapters
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NO_ADAPTER = excludes("It has no network adapter.")
    GUARDED = passes("MAC spoofing is off, DHCP and router guard are on, nothing is mirrored: {adapters}.")
    SPOOFS = fails("{adapter} may send with any MAC address (MacAddressSpoofing On).")
    NO_DHCP_GUARD = fails("{adapter} may answer as a DHCP server (DhcpGuard Off).")
    NO_ROUTER_GUARD = fails("{adapter} may advertise itself as a router (RouterGuard Off).")
    LISTENS = reviews("{adapter} gets copies of what mirrored ports send and get (Destination). Is it a sensor?")
    COPIED = reviews("What {adapter} sends and gets is copied to another port (Source). Who reads it?")
    MIRRORING_ODD = reviews("The mirroring mode of {adapter} is {mode}, which no table has. What does it mean?")
    UNREAD = unknown("Of {adapter} was not read: {settings}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="NET-008",
    title="Tenant vNICs have MAC spoofing off, DHCP and router guard on; mirroring is deliberate",
    family=Family.NETWORK,
    scope=Scope.VM,
    severity=Severity.MEDIUM,
    reasons=Why,
)


_SETTINGS = ("MAC spoofing", "DHCP guard", "router guard", "port mirroring")


def assess(adapters: VmNetworkAdapters, vm: Subject) -> Verdict:
    """Judge each adapter of the VM by itself."""
    own = ports_of_vm(adapters, vm.key)
    if not own:
        return verdict(Why.NO_ADAPTER())
    said = [reason for adapter in own for reason in _judged(adapter)]
    return verdict(*said) if said else verdict(Why.GUARDED(adapters=", ".join(adapter.name for adapter in own)))


def _judged(adapter: NetworkAdapter) -> Iterator[Reason]:
    if adapter.mac_spoofing:
        yield Why.SPOOFS(adapter=adapter.name)
    if adapter.dhcp_guard is False:
        yield Why.NO_DHCP_GUARD(adapter=adapter.name)
    if adapter.router_guard is False:
        yield Why.NO_ROUTER_GUARD(adapter=adapter.name)
    if adapter.mirroring is MirroringMode.DESTINATION:
        yield Why.LISTENS(adapter=adapter.name)
    elif adapter.mirroring is MirroringMode.SOURCE:
        yield Why.COPIED(adapter=adapter.name)
    elif adapter.mirroring is not None and not adapter.mirroring.is_known:
        yield Why.MIRRORING_ODD(adapter=adapter.name, mode=int(adapter.mirroring))
    settings = (adapter.mac_spoofing, adapter.dhcp_guard, adapter.router_guard, adapter.mirroring)
    if None in settings:
        unread = [name for name, value in zip(_SETTINGS, settings, strict=True) if value is None]
        yield Why.UNREAD(adapter=adapter.name, settings=", ".join(unread))
