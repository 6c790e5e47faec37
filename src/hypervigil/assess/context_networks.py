"""Declared networks against those that hosts, the cluster and the wire show."""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.assess.context_seen import Conflict, Seen, View
from hypervigil.controls.effective.isolation import (
    answers_outside,
    carries_migration,
    forwarders,
    is_open_to_clients,
    stands_in,
    subnets_of,
    ways,
)
from hypervigil.controls.effective.vlans import alias_of
from hypervigil.evidence.hyper_v import MigrationNetworks, VmHost
from hypervigil.evidence.network import ClusterNetwork, ClusterNetworks, IpInterfaces, NetworkRole, Routes
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode, VmNetworkAdapters
from hypervigil.evidence.wire import WireReach
from hypervigil.model.context import (
    INFRASTRUCTURE,
    OUTSIDE,
    Context,
    IpNetwork,
    Network,
    Purpose,
    address_of,
    is_inside,
    subnet_of,
)
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, remarks

_PRIVATE = frozenset((Purpose.CLUSTER, Purpose.LIVE_MIGRATION, Purpose.STORAGE))
"""Purposes of networks that nobody but nodes and storage has a part in, administrators neither."""


class NetworkConflict(ReasonCode):
    """How a declared network can be contradicted."""

    ANY_NETWORK = remarks("Live migration is declared for {networks}, but {node} takes it over any network.")
    MIGRATES_ELSEWHERE = remarks("Live migration is declared for {networks}, but {node} takes it over {subnet}.")
    CLUSTER_MIGRATES_ELSEWHERE = remarks(
        "Live migration is declared for {networks}, but VMs of the cluster may use its network {name} ({subnet})."
    )
    OPEN_TO_CLIENTS = remarks(
        "{network} is declared for {purposes}, but clients reach the cluster over it (network {name})."
    )
    NOT_USED_BY_CLUSTER = remarks("{network} is declared for {purposes}, but the cluster does not use its {name}.")
    CLUSTER_AMONG_OTHERS = remarks("{network} is declared for {purposes}, but the cluster talks over it (as {name}).")
    NO_ADDRESS = remarks("{network} is declared for {purposes}, but {node} has no address in it.")
    HOST_AMONG_OTHERS = remarks("{network} is declared for {purposes}, but {node} has the address {address} in it.")
    GATEWAY = remarks("{network} is declared isolated, but {node} has a gateway in it: {hop}, to {destination}.")
    ROUTED = remarks("{network} is declared isolated, but {node} reaches {destination} in it through {hop}.")
    FORWARDS = remarks("{network} is declared isolated, but {node} forwards packets on {interface}, which is in it.")
    ANSWERS = remarks("{network} is declared isolated, but {endpoint} in it answers {address}, which is not.")
    VM_INSIDE = remarks("{network} is declared for {purposes}, but the VM {vm} on {node} has {address} in it.")
    VM_ON_VLAN = remarks("VLAN {vlan} is declared for {purposes}, but the VM {vm} on {node} is on it.")
    OTHER_VLAN = remarks("{network} is declared on VLAN {declared}, but {node} has it on {found} ({interface}).")


Why = NetworkConflict


def migration(context: Context, view: View) -> Iterator[Conflict]:
    """Networks over which hosts take live migration."""
    declared = _for_migration(context)
    if not declared:
        return
    networks, place = ", ".join(network.shown for network in declared), declared[0].place
    for node in view.nodes:
        for seen, host in view.of_node(VmHost, node):
            if not host.migration_enabled:
                continue
            if host.any_network_for_migration:
                said = Why.ANY_NETWORK(networks=networks, node=node.name)
                yield Conflict(said, Severity.MEDIUM, place, (seen.ref,))
                continue
            for chosen, fact in view.of_node(MigrationNetworks, node):
                for subnet in map(subnet_of, [entry.subnet for entry in fact.networks]):
                    if subnet is not None and _elsewhere(subnet, declared):
                        said = Why.MIGRATES_ELSEWHERE(networks=networks, node=node.name, subnet=str(subnet))
                        yield Conflict(said, Severity.MEDIUM, place, (seen.ref, chosen.ref))


def clustered_migration(context: Context, view: View) -> Iterator[Conflict]:
    """Networks over which the cluster lets its VMs migrate: those that it does not leave out."""
    declared = _for_migration(context)
    if not declared:
        return
    networks, place = ", ".join(network.shown for network in declared), declared[0].place
    for seen, cluster in view.of_cluster(ClusterNetworks):
        if cluster.migration_excluded is None:
            view.lack(seen, "MigrationExcludeNetworks was not read")
            continue
        for found in cluster.networks:
            if not carries_migration(found, cluster.migration_excluded):
                continue
            for subnet in subnets_of(found):
                if _elsewhere(subnet, declared):
                    said = Why.CLUSTER_MIGRATES_ELSEWHERE(networks=networks, name=found.name, subnet=str(subnet))
                    yield Conflict(said, Severity.MEDIUM, place, (seen.ref,))


def _for_migration(context: Context) -> list[Network]:
    return [network for network in context.networks_for(Purpose.LIVE_MIGRATION) if network.subnets]


def _elsewhere(subnet: IpNetwork, declared: list[Network]) -> bool:
    return not subnet.is_link_local and not any(network.covers(subnet) for network in declared)


def roles(context: Context, view: View) -> Iterator[Conflict]:
    """Networks of the cluster: what their roles let them carry."""
    declared = [network for network in context.networks or () if network.subnets]
    if not declared:
        return
    for seen, cluster in view.of_cluster(ClusterNetworks):
        for found in cluster.networks:
            for network in declared:
                if any(map(network.touches, subnets_of(found))):
                    yield from _role(network, found, seen)


def _role(network: Network, found: ClusterNetwork, seen: Seen) -> Iterator[Conflict]:
    values = {"network": network.shown, "purposes": network.shown_purposes, "name": found.name}
    if network.purposes <= _PRIVATE and is_open_to_clients(found):
        yield Conflict(Why.OPEN_TO_CLIENTS(**values), Severity.MEDIUM, network.place, (seen.ref,))
    if Purpose.CLUSTER in network.purposes and found.role is NetworkRole.NONE:
        yield Conflict(Why.NOT_USED_BY_CLUSTER(**values), Severity.LOW, network.place, (seen.ref,))
    if network.purposes <= OUTSIDE and found.role in (NetworkRole.CLUSTER, NetworkRole.CLUSTER_AND_CLIENT):
        yield Conflict(Why.CLUSTER_AMONG_OTHERS(**values), Severity.HIGH, network.place, (seen.ref,))


def addresses(context: Context, view: View) -> Iterator[Conflict]:
    """Addresses of nodes: in every network of the infrastructure, and in none of the others."""
    declared = [network for network in context.networks or () if network.subnets]
    if not declared:
        return
    for seen, fact in view.of_nodes(IpInterfaces):
        own = [address for interface in fact.interfaces for address in map(address_of, interface.addresses) if address]
        for network in declared:
            values = {"network": network.shown, "purposes": network.shown_purposes, "node": seen.name}
            held = [address for address in own if network.holds(address)]
            if not held and network.purposes & INFRASTRUCTURE:
                yield Conflict(Why.NO_ADDRESS(**values), Severity.LOW, network.place, (seen.ref,))
            elif held and network.purposes <= OUTSIDE:
                said = Why.HOST_AMONG_OTHERS(**values, address=str(held[0]))
                yield Conflict(said, Severity.HIGH, network.place, (seen.ref,))


def isolation(context: Context, view: View) -> Iterator[Conflict]:
    """Networks that are declared isolated: gateways, routes, forwarding, and who answers from outside."""
    declared = [network for network in context.networks or () if network.isolated and network.subnets]
    if not declared:
        return
    for node in view.nodes:
        for network in declared:
            yield from _routes(network, node.name, list(view.of_node(Routes, node)))
            for seen, fact in view.of_node(IpInterfaces, node):
                for interface in forwarders(network, fact):
                    said = Why.FORWARDS(network=network.shown, node=node.name, interface=interface.alias)
                    yield Conflict(said, Severity.HIGH, network.place, (seen.ref,))
    for seen, reach in view.endpoints(WireReach):
        for network in declared:
            for source in answers_outside(network, reach):
                said = Why.ANSWERS(network=network.shown, endpoint=reach.endpoint, address=str(source))
                yield Conflict(said, Severity.HIGH, network.place, (seen.ref,))


def _routes(network: Network, node: str, held: list[tuple[Seen, Routes]]) -> Iterator[Conflict]:
    for seen, fact in held:
        for way in ways(network, fact):
            why = Why.GATEWAY if way.leaves else Why.ROUTED
            said = why(network=network.shown, node=node, hop=str(way.hop), destination=str(way.destination))
            yield Conflict(said, Severity.HIGH, network.place, (seen.ref,))


def guests(context: Context, view: View) -> Iterator[Conflict]:
    """VMs within networks of the infrastructure, by address and by VLAN."""
    declared = [network for network in context.networks or () if not network.purposes & OUTSIDE]
    shared = {vlan for network in context.networks or () if network.purposes & OUTSIDE for vlan in network.vlans or ()}
    if not declared:
        return
    for seen, fact in view.of_nodes(VmNetworkAdapters):
        for adapter in fact.adapters:
            if adapter.vm_id is None or _belongs_to_operators(context, adapter):
                continue
            for network in declared:
                yield from _guest(network, adapter, seen, shared)


def _guest(network: Network, adapter: NetworkAdapter, seen: Seen, shared: set[int]) -> Iterator[Conflict]:
    severity = Severity.HIGH if network.purposes & _PRIVATE else Severity.MEDIUM
    vm = adapter.vm_name or adapter.vm_id
    held = [address for address in map(address_of, adapter.ip_addresses) if address and network.holds(address)]
    values = {"purposes": network.shown_purposes, "vm": vm, "node": seen.name}
    if held:
        said = Why.VM_INSIDE(**values, network=network.shown, address=str(held[0]))
        yield Conflict(said, severity, network.place, (seen.ref,))
    for vlan in network.vlans or ():
        if vlan in _vlans(adapter) and vlan not in shared:
            yield Conflict(Why.VM_ON_VLAN(**values, vlan=vlan), severity, network.place, (seen.ref,))


def _vlans(adapter: NetworkAdapter) -> tuple[int | None, ...]:
    """The VLANs of which the adapter gets frames."""
    if adapter.vlan_mode is VlanMode.ACCESS:
        return (adapter.access_vlan,)
    if adapter.vlan_mode is VlanMode.TRUNK:
        return (adapter.native_vlan, *adapter.allowed_vlans)
    if adapter.vlan_mode is VlanMode.PRIVATE:
        return (adapter.primary_vlan, adapter.secondary_vlan)
    return ()


def _belongs_to_operators(context: Context, adapter: NetworkAdapter) -> bool:
    """Whether the VM is declared to be theirs: such a one may well stand in the management network."""
    name = (adapter.vm_name or "").casefold()
    hosts = [host.name for host in context.jump_hosts or ()] + [gateway.name for gateway in context.wac_gateways or ()]
    if any(name in (host.casefold(), host.casefold().partition(".")[0]) for host in hosts):
        return True
    if any(guest.means(adapter.vm_id or "", adapter.vm_name or "") for guest in context.tier0_guests or ()):
        return True
    own = [address for address in map(address_of, adapter.ip_addresses) if address]
    return any(is_inside(address, context.administers_from or ()) for address in own)


def vlans(context: Context, view: View) -> Iterator[Conflict]:
    """VLANs of the virtual adapters that hosts themselves use."""
    declared = [network for network in context.networks or () if network.vlans and network.subnets]
    if not declared:
        return
    for node in view.nodes:
        for seen, fact in view.of_node(VmNetworkAdapters, node):
            own = host_adapters(fact)
            if not own:
                continue
            for held, interfaces in view.of_node(IpInterfaces, node):
                for interface in interfaces.interfaces:
                    adapter = own.get(interface.alias.casefold())
                    for network in declared:
                        if adapter is not None and stands_in(interface, network) and not _on_its_vlan(adapter, network):
                            said = Why.OTHER_VLAN(
                                network=network.shown,
                                declared=" or ".join(str(vlan) for vlan in network.vlans or ()),
                                node=node.name,
                                found=_shown_vlan(adapter),
                                interface=interface.alias,
                            )
                            yield Conflict(said, Severity.MEDIUM, network.place, (seen.ref, held.ref))


def host_adapters(fact: VmNetworkAdapters) -> dict[str, NetworkAdapter]:
    """The virtual adapters of the host itself, by the alias of their interface in one case."""
    return {alias_of(a).casefold(): a for a in fact.adapters if a.vm_id is None}


def _on_its_vlan(adapter: NetworkAdapter, network: Network) -> bool:
    """Untagged proves nothing: the port of the physical switch may put it on its VLAN. Nor does an unread setting."""
    if adapter.vlan_mode is not VlanMode.ACCESS or not adapter.access_vlan:
        return True
    return adapter.access_vlan in (network.vlans or ())


def _shown_vlan(adapter: NetworkAdapter) -> str:
    return f"VLAN {adapter.access_vlan}"
