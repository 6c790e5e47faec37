"""Where the host's own adapters for cluster and live migration stand on a switch beside adapters of VMs.

Which network an adapter of the host carries is told by the routes: Windows makes an interface ``vEthernet (name)`` of
it, and an on-link route for each subnet of that interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.controls.effective.vlans import alias_of, host_ports, is_connected, on_one_switch, switch_of
from hypervigil.evidence.network import Routes
from hypervigil.evidence.vm_settings import NetworkAdapter, SwitchType, VmNetworkAdapters, VmSwitches
from hypervigil.model.context import IpNetwork, Network, address_of, subnet_of
from hypervigil.model.wording import few

_SHOWN = 3


class Shared(msgspec.Struct, frozen=True):
    """An adapter of the host on a switch that adapters of VMs are on, too.

    ``networks`` are those of cluster and live migration that it carries: None where no route tells what it carries.
    ``listed`` is whether the switch is among those of the host; it is external then, or it would not be here.
    """

    host: NetworkAdapter
    networks: tuple[Network, ...] | None
    tenants: tuple[NetworkAdapter, ...]
    listed: bool

    @property
    def alias(self) -> str:
        """The interface of the host."""
        return alias_of(self.host)

    @property
    def switch(self) -> str:
        """The switch, as people call it."""
        return self.host.switch_name or self.host.switch_id or ""

    @property
    def network(self) -> str:
        """What it carries, in words."""
        return " and ".join(network.shown for network in self.networks or ()) or "network not known"


def shared_ports(
    adapters: VmNetworkAdapters, switches: VmSwitches, routes: Routes, inner: Sequence[Network]
) -> Iterator[Shared]:
    """The host's adapters beside those of VMs: all but those known to carry other networks than ``inner``."""
    for host in host_ports(adapters):
        tenants = tuple(each for each in adapters.adapters if each.vm_id is not None and on_one_switch(host, each))
        switch = switch_of(host, switches)
        if not tenants or (switch is not None and switch.type is not SwitchType.EXTERNAL):
            continue
        subnets = subnets_on(alias_of(host), routes)
        carried = tuple(network for network in inner if any(map(network.touches, subnets)))
        if carried or not subnets:
            yield Shared(host, carried or None, tenants, switch is not None)


def unseen_hosts(adapters: VmNetworkAdapters, switches: VmSwitches) -> Iterator[str]:
    """External switches that the host shares with VMs by its own word, with no adapter of the host among those read."""
    hosts = host_ports(adapters)
    for switch in switches.switches:
        if switch.type is SwitchType.EXTERNAL and switch.allow_management_os:
            here = [each for each in adapters.adapters if is_connected(each) and switch_of(each, switches) == switch]
            if here and not any(host in here for host in hosts):
                yield switch.name


def subnets_on(alias: str, routes: Routes) -> tuple[IpNetwork, ...]:
    """The subnets of an interface, by its on-link routes; single addresses, link-local and multicast are none."""
    found = []
    for route in routes.routes:
        hop, subnet = address_of(route.next_hop), subnet_of(route.destination)
        if subnet is None or hop is None or not hop.is_unspecified:
            continue
        special = subnet.is_link_local or subnet.is_multicast or subnet.prefixlen in (0, subnet.max_prefixlen)
        if not special and (route.interface_alias or "").casefold() == alias.casefold():
            found.append(subnet)
    return tuple(found)


def names_of(tenants: Sequence[NetworkAdapter]) -> str:
    """The VMs of adapters, each once, a few of them by name."""
    return few(dict.fromkeys(each.vm_name or each.vm_id or "" for each in tenants), _SHOWN)
