"""Which frames the adapters of a virtual switch send and get, and whether two of them meet.

A port of a switch is judged as packets take it. Access: frames of one VLAN. Untagged: frames without a tag, which the
port of the physical switch puts on a VLAN of its own choice. Trunk: the allowed VLANs, and the native one, whose frames
go without a tag on the adapter's side. Private VLAN: an isolated port gets frames of the primary VLAN and sends on its
secondary one, a community port gets both and sends on the secondary one, a promiscuous port sends on the primary one
and gets a list of secondary ones. Isolation in mode Vlan: frames of its default VLAN, as in mode Access. A team below
the switch changes nothing of that: every VLAN leaves by any member.

Sources: MicrosoftDocs/windows-driver-docs-ddi, `ntddndis.h` (NDIS_SWITCH_PORT_PVLAN_MODE, which of them gets and sends
what; NDIS_SWITCH_PORT_PROPERTY_ISOLATION); MicrosoftDocs/windows-powershell-docs, `Set-VMNetworkAdapterVlan.md` (trunk,
native); MicrosoftDocs/windowsserverdocs, `Configure-and-View-VLAN-Settings-on-Hyper-V-Virtual-Switch-Ports.md` (the two
families of cmdlets, and that the one does not show what the other has set); `Set-VMNetworkAdapterIsolation.md`,
`ntddndis.h` and MicrosoftDocs/win32, `msvm-ethernetswitchportisolationsettingdata.md` (what isolation does with frames
without a tag).
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable

import msgspec

from hypervigil.evidence.fact import once
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode, VmNetworkAdapters, VmSwitch, VmSwitches

UNTAGGED = 0
"""Stands for frames without a tag among VLAN ids."""
_NOWHERE = "00000000-0000-0000-0000-000000000000"


class Port(msgspec.Struct, frozen=True):
    """The frames of one adapter, by VLAN id; ``UNTAGGED`` for those without a tag.

    ``perhaps`` are VLANs whose frames it gets if it is a community port and does not if it is an isolated one: the fact
    does not tell the two apart. ``promiscuous`` ports get secondary VLANs that the fact does not list.
    """

    sends: frozenset[int]
    gets: frozenset[int]
    perhaps: frozenset[int] = frozenset()
    promiscuous: bool = False

    @property
    def untagged(self) -> bool:
        """Whether frames without a tag are among its own."""
        return UNTAGGED in self.sends

    @property
    def tagged(self) -> frozenset[int]:
        """The VLANs that it has a part in."""
        return (self.sends | self.gets | self.perhaps) - {UNTAGGED}


class Opaque(msgspec.Struct, frozen=True):
    """An adapter whose VLAN is not known; ``why`` goes on where "its VLAN is not known:" begins."""

    why: str


def port_of(adapter: NetworkAdapter) -> Port | Opaque:
    """What an adapter sends and gets on its switch.

    A mode of isolation other than None goes before the VLAN setting.
    """
    mode = (adapter.isolation_mode or "").casefold()
    if mode == "vlan":
        return _isolated(adapter)
    if mode not in ("", "none"):
        return Opaque(f"a virtual network carries it (isolation mode {adapter.isolation_mode})")
    if adapter.vlan_mode is VlanMode.UNTAGGED:
        return _both(UNTAGGED)
    if adapter.vlan_mode is VlanMode.ACCESS and adapter.access_vlan is not None:
        return _both(adapter.access_vlan)
    if adapter.vlan_mode is VlanMode.TRUNK and adapter.native_vlan is not None:
        return _both(adapter.native_vlan, *adapter.allowed_vlans)
    if adapter.vlan_mode is VlanMode.PRIVATE and adapter.primary_vlan is not None:
        return _private(adapter.primary_vlan, adapter.secondary_vlan or 0)
    if adapter.vlan_mode is None:
        return Opaque("its setting was not read")
    return Opaque(f"its setting ({adapter.vlan_mode.label}) was not read in full")


def _isolated(adapter: NetworkAdapter) -> Port | Opaque:
    """Isolation in mode Vlan: frames without a tag go by DefaultIsolationID, unless they are dropped."""
    if adapter.multi_tenant_stack:
        return Opaque("isolation gives it several networks (MultiTenantStack), which are in no fact")
    if adapter.allow_untagged_traffic is False:  # then DefaultIsolationID does not count
        return Opaque("isolation drops its frames without a tag, and which VLANs its own tags may name is in no fact")
    complete = adapter.allow_untagged_traffic is not None and adapter.multi_tenant_stack is not None
    if adapter.default_isolation_id is None or not complete:
        return Opaque("it is set by isolation, of which DefaultIsolationID or what goes with it was not read")
    return _both(adapter.default_isolation_id)


@functools.lru_cache(maxsize=1024)  # thousands of adapters, a few VLANs
def _both(*vlans: int) -> Port:
    return Port(frozenset(vlans), frozenset(vlans))


def _private(primary: int, secondary: int) -> Port:
    if not secondary:  # a promiscuous port has a list in its place
        return Port(frozenset((primary,)), frozenset((primary,)), promiscuous=True)
    return Port(frozenset((secondary,)), frozenset((primary,)), perhaps=frozenset((secondary,)))


class Meeting(enum.Enum):
    """Whether frames of one adapter reach another one on the same switch."""

    APART = enum.auto()
    PERHAPS = enum.auto()
    TOGETHER = enum.auto()


def meet(one: Port, other: Port) -> tuple[Meeting, frozenset[int]]:
    """Whether two ports of one switch meet, in either direction, and on which VLANs (none where they are apart)."""
    shared = (one.sends & other.gets) | (other.sends & one.gets)
    if shared:
        return Meeting.TOGETHER, shared
    perhaps = (one.sends & other.perhaps) | (other.sends & one.perhaps)
    if one.promiscuous and not other.promiscuous:
        perhaps |= other.sends - {UNTAGGED}
    if other.promiscuous and not one.promiscuous:
        perhaps |= one.sends - {UNTAGGED}
    return (Meeting.PERHAPS, perhaps) if perhaps else (Meeting.APART, frozenset())


def may_meet_outside(one: Port, other: Port) -> bool:
    """Whether two ports that are apart on their switch may meet behind its uplink.

    One of them has frames without a tag, the other has VLANs: the port of the physical switch decides whether the two
    are the same.
    """
    return (one.untagged and not other.untagged) or (other.untagged and not one.untagged)


def shown(vlans: Iterable[int]) -> str:
    """VLANs as people read them: ``VLAN 20, 30``, and ``untagged`` for frames without a tag."""
    numbers = sorted(set(vlans))
    if len(numbers) == 1 and numbers[0] != UNTAGGED:  # nearly all adapters
        return f"VLAN {numbers[0]}"
    tagged = ", ".join(str(vlan) for vlan in numbers if vlan != UNTAGGED)
    parts = [*(["untagged"] if UNTAGGED in numbers else []), *([f"VLAN {tagged}"] if tagged else [])]
    return " and ".join(parts)


def is_connected(adapter: NetworkAdapter) -> bool:
    """Whether the adapter is plugged into a switch."""
    return bool(adapter.switch_name) or (adapter.switch_id or _NOWHERE) != _NOWHERE


def on_one_switch(one: NetworkAdapter, other: NetworkAdapter) -> bool:
    """Whether two adapters are plugged into the same switch: by its id, else by its name."""
    if not is_connected(one) or not is_connected(other):
        return False
    if one.switch_id and other.switch_id:
        return one.switch_id == other.switch_id
    return one.switch_name == other.switch_name


def switch_of(adapter: NetworkAdapter, switches: VmSwitches) -> VmSwitch | None:
    """The switch that an adapter is plugged into; None where it is in none, or in one that is not listed."""
    if not is_connected(adapter):
        return None
    if adapter.switch_id:
        return next((switch for switch in switches.switches if switch.id == adapter.switch_id), None)
    return next((switch for switch in switches.switches if switch.name == adapter.switch_name), None)


def uplinks(switch: VmSwitch) -> tuple[str, ...]:
    """The physical adapters by which frames leave a switch: the members of its team, else what it is bound to."""
    return (switch.team_adapters or switch.adapters) if switch.embedded_teaming else switch.adapters


@once
def host_ports(fact: VmNetworkAdapters) -> tuple[NetworkAdapter, ...]:
    """The adapters that the host itself has on its switches."""
    return tuple(adapter for adapter in fact.adapters if adapter.vm_id is None and is_connected(adapter))


def ports_of_vm(fact: VmNetworkAdapters, vm_id: str) -> tuple[NetworkAdapter, ...]:
    """The adapters of one VM, plugged in or not. ``vm_id`` is its GUID."""
    return _by_vm(fact).get(vm_id, ())


@once
def _by_vm(fact: VmNetworkAdapters) -> dict[str | None, tuple[NetworkAdapter, ...]]:
    found: dict[str | None, tuple[NetworkAdapter, ...]] = {}
    for adapter in fact.adapters:
        found[adapter.vm_id] = (*found.get(adapter.vm_id, ()), adapter)
    return found


def alias_of(adapter: NetworkAdapter) -> str:
    """The alias of the IP interface that Windows makes of an adapter of the host, unless somebody renamed it."""
    return f"vEthernet ({adapter.name})"
