"""The networks of a cluster as its hosts have them: switches, segments, who is on which, and who reaches whom.

Nodes that are wired alike are one fabric. What lies behind the ports of the physical switches is not seen from here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from hypervigil.assess.assessment import Assessment
from hypervigil.controls.effective.vlans import (
    UNTAGGED,
    Opaque,
    Port,
    alias_of,
    host_ports,
    port_of,
    shown,
    switch_of,
    uplinks,
)
from hypervigil.evidence.evidence import Evidence, Known
from hypervigil.evidence.network import ClusterNetwork, ClusterNetworks, IpInterfaces, NetworkRole, Routes
from hypervigil.evidence.vm_settings import (
    NetworkAdapter,
    SwitchType,
    VlanMode,
    VmNetworkAdapters,
    VmSwitch,
    VmSwitches,
)
from hypervigil.evidence.wire import Reach, WireReach
from hypervigil.model.context import address_of
from hypervigil.model.subject import Subject
from hypervigil.model.wording import few

_ROLES = {
    NetworkRole.NONE: "not used by the cluster",
    NetworkRole.CLUSTER: "cluster only",
    NetworkRole.CLIENT: "clients only",
    NetworkRole.CLUSTER_AND_CLIENT: "cluster and clients",
}
_KINDS = {SwitchType.EXTERNAL: "external", SwitchType.INTERNAL: "internal, no uplink", SwitchType.PRIVATE: "private"}
UNREAD = "VLAN not known"
_SHOWN = 3
"""So many VMs, nodes and adapters are named in a line."""
_WIDE = 8
"""A trunk that lets more VLANs through than that is shown by their range, in a segment of its own."""


class Tenants(msgspec.Struct, frozen=True):
    """Virtual adapters of VMs that are on a segment in the same way: their VMs by name, and whether through a trunk."""

    vms: tuple[str, ...]
    trunk: bool


class Segment(msgspec.Struct, frozen=True):
    """What one virtual switch passes on to one another: the host's own adapters, and VMs."""

    label: str
    hosts: tuple[str, ...]
    tenants: tuple[Tenants, ...]

    @property
    def shared(self) -> bool:
        """Whether VMs and the host itself hear one another here."""
        return bool(self.hosts and self.tenants)


class SwitchView(msgspec.Struct, frozen=True):
    """A virtual switch with its segments, in the order of their VLANs."""

    name: str
    kind: str
    segments: tuple[Segment, ...]


class Fabric(msgspec.Struct, frozen=True):
    """How nodes are wired that are wired alike. ``loose`` are networks of the host on no virtual switch."""

    nodes: tuple[str, ...]
    switches: tuple[SwitchView, ...]
    loose: tuple[str, ...]


class Path(msgspec.Struct, frozen=True):
    """Somebody who reaches somebody: from where, to what, over what, and how that is known."""

    source: str
    target: str
    over: str
    known: str


class NetworkView(msgspec.Struct, frozen=True):
    """The networks of one cluster; ``unseen`` names nodes of which the facts for a picture are missing."""

    label: str
    fabrics: tuple[Fabric, ...]
    paths: tuple[Path, ...]
    unseen: tuple[str, ...]


class _Members(msgspec.Struct, frozen=True):
    """Who is on a segment of one node: adapters of the host, and VMs, those on trunks under ``True``."""

    hosts: set[str]
    tenants: dict[bool, set[str]]

    @property
    def alike(self) -> tuple[tuple[str, ...], tuple[bool, ...]]:
        return tuple(sorted(self.hosts)), tuple(sorted(self.tenants))


class _Wiring(msgspec.Struct, frozen=True):
    """One node before it is put together with those like it."""

    node: str
    switches: tuple[tuple[VmSwitch, dict[str, _Members]], ...]
    loose: tuple[str, ...]

    @property
    def alike(self) -> object:
        """Equal for nodes that are wired alike, whatever VMs they hold."""
        switches = tuple(
            (switch.name, _kind(switch), tuple((label, *members.alike) for label, members in sorted(segments.items())))
            for switch, segments in self.switches
        )
        return (switches, self.loose)


def network_view(assessment: Assessment, label: str) -> NetworkView | None:
    """The view of one cluster; None where no node says anything of its switches and adapters."""
    evidence = assessment.evidence
    wired: dict[object, list[_Wiring]] = {}
    unseen: list[str] = []
    for node in assessment.nodes:
        wiring = _wiring(evidence, node)
        if wiring is None:
            unseen.append(node.name)
        else:
            wired.setdefault(wiring.alike, []).append(wiring)
    if not wired:
        return None
    fabrics = tuple(map(_fabric, wired.values()))
    return NetworkView(label, fabrics, tuple(_paths(evidence, assessment.nodes, fabrics)), tuple(unseen))


def _wiring(evidence: Evidence, node: Subject) -> _Wiring | None:
    switches = evidence.get(VmSwitches, node.key)
    adapters = evidence.get(VmNetworkAdapters, node.key)
    if switches is None or adapters is None:
        return None
    interfaces = evidence.get(IpInterfaces, node.key)
    named = _networks(evidence)
    addressed: dict[str, list[str]] = {}
    for interface in interfaces.interfaces if interfaces else ():
        found_in = [_network_of(address, named) for address in interface.addresses]
        addressed.setdefault(interface.alias, []).extend(name for name in found_in if name)
    own = {alias_of(adapter).casefold() for adapter in host_ports(adapters)}
    loose = tuple(
        sorted(
            _named(alias, networks) for alias, networks in addressed.items() if networks and alias.casefold() not in own
        )
    )
    found = []
    for switch in sorted(switches.switches, key=lambda s: (s.name.casefold(), s.id)):
        on_it = [adapter for adapter in adapters.adapters if switch_of(adapter, switches) is switch]
        found.append((switch, _segments(on_it, addressed)))
    return _Wiring(node.name, tuple(found), loose)


def _segments(adapters: Sequence[NetworkAdapter], addressed: Mapping[str, Sequence[str]]) -> dict[str, _Members]:
    """By segment: who is on it."""
    ports = [(adapter, port_of(adapter)) for adapter in adapters]
    narrow = {
        vlan for _, port in ports if isinstance(port, Port) and len(_vlans(port)) <= _WIDE for vlan in _vlans(port)
    }
    made: dict[str, _Members] = {}
    for adapter, port in ports:
        for label in _labels(port, narrow):
            members = made.setdefault(label, _Members(set(), {}))
            if adapter.vm_id is None:
                members.hosts.add(_named(adapter.name, addressed.get(alias_of(adapter), ())))
            else:
                trunk = isinstance(port, Port) and len(_vlans(port)) > 1 and adapter.vlan_mode is VlanMode.TRUNK
                members.tenants.setdefault(trunk, set()).add(adapter.vm_name or adapter.vm_id)
    return made


def _named(adapter: str, networks: Sequence[str]) -> str:
    """An adapter and the networks that it is in; its own name goes without saying where the network has it, too."""
    said = ", ".join(dict.fromkeys(networks))
    if not said:
        return adapter
    return said if said.casefold().startswith(f"{adapter} ".casefold()) else f"{adapter}: {said}"


def _vlans(port: Port) -> frozenset[int]:
    return port.sends | port.gets


def _labels(port: Port | Opaque, narrow: AbstractSet[int]) -> list[str]:
    """The segments that an adapter is on. A trunk of many VLANs is shown where others are, and once for the rest."""
    if isinstance(port, Opaque):
        return [UNREAD]
    vlans = _vlans(port)
    if len(vlans) <= _WIDE:
        return [shown((vlan,)) for vlan in sorted(vlans)]
    rest = sorted(vlans - narrow - {UNTAGGED})
    met = [shown((vlan,)) for vlan in sorted(vlans & (narrow | {UNTAGGED}))]
    return [*met, *([f"VLANs {rest[0]} to {rest[-1]}"] if rest else [])]


def _order(label: str) -> tuple[int, str]:
    number = label.split(" ")[1] if label.startswith("VLAN") and label != UNREAD else ""
    return (int(number) if number.isdigit() else 0 if label != UNREAD else 1 << 13, label)


def _fabric(wired: Sequence[_Wiring]) -> Fabric:
    first = wired[0]
    switches = []
    for place, (switch, segments) in enumerate(first.switches):
        views = []
        for label in sorted(segments, key=_order):
            alike = [each.switches[place][1][label] for each in wired]
            tenants = tuple(
                Tenants(tuple(sorted({vm for members in alike for vm in members.tenants[trunk]})), trunk)
                for trunk in sorted(segments[label].tenants)
            )
            views.append(Segment(label, tuple(sorted(segments[label].hosts)), tenants))
        switches.append(SwitchView(switch.name, _kind(switch), tuple(views)))
    return Fabric(tuple(each.node for each in wired), tuple(switches), first.loose)


def _kind(switch: VmSwitch) -> str:
    words = _KINDS.get(switch.type, f"type {int(switch.type)}")
    count = len(uplinks(switch))
    if switch.type is not SwitchType.EXTERNAL or not count:
        return words
    if switch.embedded_teaming:
        return f"{words}, team of {count}"
    return words if count == 1 else f"{words}, {count} uplinks"


def _networks(evidence: Evidence) -> tuple[ClusterNetwork, ...]:
    found = evidence.get(ClusterNetworks, evidence.cluster.key) if evidence.cluster else None
    return found.networks if found else ()


def _network_of(address: str, named: Iterable[ClusterNetwork]) -> str:
    """The subnet of an address and what the cluster calls it; nothing for addresses that mean this link or machine."""
    try:
        interface = ipaddress.ip_interface(address.partition("%")[0])
    except ValueError:
        return ""
    if interface.ip.is_loopback or interface.ip.is_link_local:
        return ""
    for network in named:
        if str(interface.network) in network.subnets:
            return f"{network.name} {interface.network} ({_ROLES.get(network.role, 'role unknown')})"
    return str(interface.network)


def _paths(evidence: Evidence, nodes: Sequence[Subject], fabrics: Sequence[Fabric]) -> Iterator[Path]:
    for fabric in fabrics:
        for switch in fabric.switches:
            for segment in switch.segments:
                if segment.shared:
                    vms = [vm for tenants in segment.tenants for vm in tenants.vms]
                    yield Path(
                        few(vms, _SHOWN),
                        few(segment.hosts, _SHOWN),
                        f"{segment.label} of switch {switch.name}",
                        f"VLAN settings of {few(fabric.nodes, _SHOWN)}",
                    )
    yield from _forwarding(evidence, nodes)
    yield from _gateways(evidence, nodes)
    yield from _answers(evidence)


def _forwarding(evidence: Evidence, nodes: Sequence[Subject]) -> Iterator[Path]:
    for node in nodes:
        found = evidence.get(IpInterfaces, node.key)
        passing = sorted({i.alias for i in found.interfaces if i.forwarding}) if found else []
        if passing:
            over = few(passing, _SHOWN)
            yield Path("whoever sends to it", f"the networks of {node.name}", over, f"{node.name} forwards packets")


def _gateways(evidence: Evidence, nodes: Sequence[Subject]) -> Iterator[Path]:
    hops: dict[tuple[str, str], list[str]] = {}
    for node in nodes:
        found = evidence.get(Routes, node.key)
        for route in found.routes if found else ():
            router = address_of(route.next_hop)
            if router is not None and not router.is_unspecified:
                hops.setdefault((route.destination, str(router)), []).append(node.name)
    for (destination, hop), names in hops.items():
        everywhere = destination in ("0.0.0.0/0", "::/0")
        target = "every other network" if everywhere else destination
        yield Path(few(names, _SHOWN), target, f"router {hop}", "routes; what the router lets through is not seen")


def _answers(evidence: Evidence) -> Iterator[Path]:
    for (name, _), record in evidence.facts.items():
        if name != WireReach.INFO.name or not isinstance(record, Known) or not isinstance(record.fact, WireReach):
            continue
        for knock in record.fact.knocks:
            if knock.answer in (Reach.OPEN, Reach.REFUSED):
                yield Path(
                    knock.seen_from or "the machine that asked",
                    record.fact.endpoint,
                    "the network between them",
                    "it answered" if knock.answer is Reach.OPEN else "it refused, so the way is there",
                )
