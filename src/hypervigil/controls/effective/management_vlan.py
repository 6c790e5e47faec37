"""The adapters by which a host stands in its management network, and who shares their VLAN.

Evidence shows the VLANs of virtual adapters alone. Which of them is for management nobody but the operator knows: the
one on a declared VLAN, or the one with the name of the declared network. A host that is managed over a physical adapter
shows none.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hypervigil.controls.effective.vlans import Opaque, Port, host_ports, is_connected, on_one_switch, port_of
from hypervigil.evidence.vm_settings import NetworkAdapter, VmNetworkAdapters
from hypervigil.model.context import OUTSIDE, Context, Network, Purpose


class Standing(msgspec.Struct, frozen=True):
    """Adapters of one host, as far as the management network goes.

    ``own`` are those for management with their frames; ``hidden`` those of the host, or of VMs, whose VLAN is not
    known; ``untagged`` other ones of the host without a tag, on a switch with VMs; ``outside`` other ones of the host
    on the tenants' side; ``guests`` adapters of VMs, but for those of the operators.
    """

    own: tuple[tuple[NetworkAdapter, Port], ...]
    hidden: tuple[tuple[NetworkAdapter, Opaque], ...]
    untagged: tuple[NetworkAdapter, ...]
    outside: tuple[NetworkAdapter, ...]
    guests: tuple[tuple[NetworkAdapter, Port], ...]

    def beside(self, adapter: NetworkAdapter) -> tuple[NetworkAdapter, ...]:
        """Adapters of VMs on the same switch."""
        return tuple(guest for guest, _ in self.guests if on_one_switch(guest, adapter))

    def sharing(self, vlans: frozenset[int]) -> Iterator[tuple[NetworkAdapter, frozenset[int]]]:
        """Adapters of VMs that have a part in one of these VLANs, with those."""
        return ((guest, port.tagged & vlans) for guest, port in self.guests if port.tagged & vlans)


def declared_vlans(networks: tuple[Network, ...]) -> frozenset[int]:
    """The VLANs of these networks, as far as they are declared."""
    return frozenset(vlan for network in networks for vlan in network.vlans or ())


def standing(fact: VmNetworkAdapters, context: Context) -> Standing:
    """How a host stands in the declared management networks."""
    networks = context.networks_for(Purpose.MANAGEMENT)
    vlans, names = declared_vlans(networks), {network.name.casefold() for network in networks} - {""}
    outside = declared_vlans(tuple(each for each in context.networks or () if each.purposes & OUTSIDE)) - vlans
    guests: list[tuple[NetworkAdapter, Port]] = []
    hidden: list[tuple[NetworkAdapter, Opaque]] = []
    for adapter in fact.adapters:
        if adapter.vm_id is not None and is_connected(adapter) and not _is_operators(adapter, context):
            port = port_of(adapter)
            if isinstance(port, Opaque):
                hidden.append((adapter, port))
            else:
                guests.append((adapter, port))
    own: list[tuple[NetworkAdapter, Port]] = []
    untagged: list[NetworkAdapter] = []
    tenants: list[NetworkAdapter] = []
    for adapter in host_ports(fact):
        port, named = port_of(adapter), adapter.name.casefold() in names
        near = [other for guest, other in guests if on_one_switch(guest, adapter)]
        if isinstance(port, Opaque):
            hidden.append((adapter, port))
        elif named or port.tagged & vlans:
            own.append((adapter, port))
        elif port.tagged & outside or any(port.tagged & other.tagged for other in near):
            tenants.append(adapter)
        elif port.untagged and near:
            untagged.append(adapter)
    return Standing(tuple(own), tuple(hidden), tuple(untagged), tuple(tenants), tuple(guests))


def _is_operators(adapter: NetworkAdapter, context: Context) -> bool:
    """Whether a VM is one that may stand in the management network: declared tier 0, a jump host, a gateway."""
    name = (adapter.vm_name or "").casefold()
    machines = {each.name.casefold().partition(".")[0] for each in context.jump_hosts or ()}
    machines |= {each.name.casefold().partition(".")[0] for each in context.wac_gateways or ()}
    guests = context.tier0_guests or ()
    return name in machines or any(each.means(adapter.vm_id or "", adapter.vm_name or "") for each in guests)
