"""What the evidence hints at of the operator's context. None of it is known: it is for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from hypervigil.assess.context_hosts import CAN_NOT_SIGN, collector_of
from hypervigil.assess.context_networks import host_adapters
from hypervigil.assess.context_seen import View
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.accounts import LocalGroups, Services
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.hyper_v import MigrationNetworks, Vm, VmHost
from hypervigil.evidence.logons import Logons, LogonType
from hypervigil.evidence.network import ClusterNetworks, IpInterfaces, NetworkRole
from hypervigil.evidence.shielding import Guardians
from hypervigil.evidence.smb_events import SmbEvents
from hypervigil.evidence.vm_settings import GuestIdentity, GuestProductType, VlanMode, VmNetworkAdapters
from hypervigil.model.context import (
    HIGHEST_VLAN,
    LONGEST_NAME,
    LOWEST_VLAN,
    IpAddress,
    IpNetwork,
    Purpose,
    address_of,
    subnet_of,
)

SENSORS = (
    ("Microsoft Defender for Endpoint", ("Sense",)),
    ("CrowdStrike Falcon", ("CSFalconService",)),
    ("SentinelOne", ("SentinelAgent",)),
    ("Carbon Black", ("CbDefense", "CarbonBlack")),
    ("Cortex XDR", ("cyserver", "CyveraService")),
    ("Sophos", ("Sophos MCS Agent", "Sophos Endpoint Defense Service")),
    ("Trellix", ("xagt", "mfemms")),
    ("Elastic Defend", ("ElasticEndpoint",)),
    ("Trend Micro", ("ds_agent", "Trend Micro Endpoint Basecamp")),
    ("ESET", ("ekrn", "EraAgentSvc")),
    ("Bitdefender", ("EPSecurityService", "EPProtectedService")),
    ("Cybereason", ("CybereasonActiveProbe",)),
    ("Tanium", ("Tanium Client",)),
)
"""Products by their services (logging sheet, 6.2; some names are general knowledge, good enough for a guess)."""

_MOST = 20
"""Entries of one kind that are guessed: more would be read by nobody."""
_GROUPS_OF_ADMINS = ("S-1-5-32-544", "S-1-5-32-578")
"""Administrators and Hyper-V Administrators."""
_DOMAIN_SID = re.compile(r"S-1-5-21(?:-\d{1,10}){4}").fullmatch
_FROM_ROLE = {
    NetworkRole.CLUSTER: Purpose.CLUSTER,
    NetworkRole.CLUSTER_AND_CLIENT: Purpose.MANAGEMENT,
    NetworkRole.NONE: Purpose.STORAGE,
}
"""What a cluster network is most likely for: one that the cluster leaves alone mostly carries iSCSI."""


class GuessedNetwork(msgspec.Struct, frozen=True):
    """A network that somebody uses, for what it looks like."""

    purposes: tuple[str, ...]
    name: str
    subnets: tuple[str, ...]
    vlans: tuple[int, ...]


class GuessedHost(msgspec.Struct, frozen=True):
    """A machine from which somebody came."""

    name: str
    addresses: tuple[str, ...]


class Guesses(msgspec.Struct, frozen=True, kw_only=True):
    """All guesses. ``groups`` are SIDs with names, ``sensors`` products with services, ``keys`` thumbprints.

    ``cluster`` is no guess: the name of the cluster that the evidence is of, its id where it can not be declared by
    its name, empty where there is none.
    """

    cluster: str
    nodes: tuple[str, ...]
    networks: tuple[GuessedNetwork, ...]
    jump_hosts: tuple[GuessedHost, ...]
    groups: tuple[tuple[str, str], ...]
    controllers: tuple[str, ...]
    unsigned: tuple[str, ...]
    sensors: tuple[tuple[str, tuple[str, ...]], ...]
    collectors: tuple[str, ...]
    keys: tuple[str, ...]


def guesses_from(evidence: Evidence) -> Guesses:
    """What the evidence hints at; names that no context can hold are left out."""
    nodes = Subjects(evidence).nodes.subjects
    view = View(evidence, nodes)
    known_as = _names((evidence.cluster.name, evidence.cluster.key) if evidence.cluster else ())
    return Guesses(
        cluster=known_as[0] if known_as else "",
        nodes=_names((node.name for node in nodes), limit=len(nodes)),
        networks=_networks(view),
        jump_hosts=_jump_hosts(view),
        groups=_groups(view),
        controllers=_controllers(view),
        unsigned=_names(
            (event.peer or "").strip("\\")
            for _, fact in view.of_nodes(SmbEvents)
            for event in fact.events
            if event.id == CAN_NOT_SIGN
        ),
        sensors=_sensors(view),
        collectors=_names(
            collector_of(manager) or ""
            for _, fact in view.of_nodes(EventForwarding)
            for manager in fact.subscription_managers
        ),
        keys=_names(key.thumbprint for _, fact in view.of_nodes(Guardians) for key in fact.keys),
    )


def _names(found: Iterable[str], limit: int = _MOST) -> tuple[str, ...]:
    """Each name once, whatever its case, without those that can not be declared."""
    kept = {name.strip().casefold(): name.strip() for name in found if _is_name(name.strip())}
    return tuple(kept.values())[:limit]


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and text.isprintable() and not {"*", "?"} & set(text)


# Networks


@dataclass
class _Found:
    """A network while it is put together."""

    subnets: list[IpNetwork]
    name: str = ""
    purposes: set[Purpose] = field(default_factory=set)
    vlans: set[int] = field(default_factory=set)

    def holds(self, address: IpAddress) -> bool:
        return any(address in subnet for subnet in self.subnets)

    @property
    def guess(self) -> GuessedNetwork:
        purposes = tuple(purpose.value for purpose in Purpose if purpose in self.purposes)
        name = self.name if _is_name(self.name.strip()) else ""
        return GuessedNetwork(purposes, name, tuple(map(str, self.subnets)), tuple(sorted(self.vlans)))


def _networks(view: View) -> tuple[GuessedNetwork, ...]:
    found = [network for network in _of_cluster(view) if network.subnets]
    for subnet in _of_migration(view):
        around = next((network for network in found if network.holds(subnet.network_address)), None)
        if around is None:
            found.append(_Found([subnet], purposes={Purpose.LIVE_MIGRATION}))
        else:
            around.purposes.add(Purpose.LIVE_MIGRATION)
    for address, vlan in _vlans_of_hosts(view):
        for network in found:
            if network.holds(address):
                network.vlans.add(vlan)
    taken = {vlan for network in found for vlan in network.vlans}
    tenants = _Found([], purposes={Purpose.TENANT}, vlans={*_vlans_of_guests(view)} - taken)
    made = [network.guess for network in _apart(found)]
    return tuple(made[:_MOST]) + ((tenants.guess,) if tenants.vlans else ())


def _of_cluster(view: View) -> Iterator[_Found]:
    for _, fact in view.of_cluster(ClusterNetworks):
        for network in fact.networks:
            subnets = [s for s in map(subnet_of, network.subnets) if s and s.prefixlen and not s.is_link_local]
            made = _Found(list(dict.fromkeys(subnets)), network.name)
            made.purposes.add(_FROM_ROLE.get(network.role, Purpose.CLUSTER))
            if fact.migration_excluded and network.role is not NetworkRole.NONE:
                made.purposes |= {Purpose.LIVE_MIGRATION} if network.id not in fact.migration_excluded else set()
            yield made


def _of_migration(view: View) -> Iterator[IpNetwork]:
    for node in view.nodes:
        if any(host.any_network_for_migration for _, host in view.of_node(VmHost, node)):
            continue
        for _, fact in view.of_node(MigrationNetworks, node):
            for network in fact.networks:
                subnet = subnet_of(network.subnet)
                if subnet is not None and subnet.prefixlen:
                    yield subnet


def _vlans_of_hosts(view: View) -> Iterator[tuple[IpAddress, int]]:
    for node in view.nodes:
        for _, fact in view.of_node(VmNetworkAdapters, node):
            own = host_adapters(fact)
            for _, held in view.of_node(IpInterfaces, node):
                for interface in held.interfaces:
                    adapter = own.get(interface.alias.casefold())
                    if adapter is None or adapter.vlan_mode is not VlanMode.ACCESS or not _is_vlan(adapter.access_vlan):
                        continue
                    for address in map(address_of, interface.addresses):
                        if address is not None and adapter.access_vlan is not None:
                            yield address, adapter.access_vlan


def _vlans_of_guests(view: View) -> Iterator[int]:
    for _, fact in view.of_nodes(VmNetworkAdapters):
        for adapter in fact.adapters:
            if adapter.vm_id is not None and adapter.vlan_mode is VlanMode.ACCESS and _is_vlan(adapter.access_vlan):
                yield adapter.access_vlan or LOWEST_VLAN


def _is_vlan(number: int | None) -> bool:
    return number is not None and LOWEST_VLAN <= number <= HIGHEST_VLAN


def _apart(found: Iterable[_Found]) -> list[_Found]:
    """Those that do not overlap one before them: what contradicts itself would not be read."""
    kept: list[_Found] = []
    for network in found:
        others = [subnet for other in kept for subnet in other.subnets]
        if not any(a.version == b.version and a.overlaps(b) for a in network.subnets for b in others):
            kept.append(network)
    return kept


# Hosts, groups, guests, products


def _jump_hosts(view: View) -> tuple[GuessedHost, ...]:
    own = {address_of(a) for _, fact in view.of_nodes(IpInterfaces) for i in fact.interfaces for a in i.addresses}
    came = {
        address_of(logon.address or "")
        for _, fact in view.of_nodes(Logons)
        for logon in fact.logons
        if logon.logon_type is LogonType.REMOTE_INTERACTIVE
    }
    sources = sorted(
        (address for address in came - own if address and not address.is_loopback and not address.is_link_local),
        key=lambda address: (address.version, int(address)),
    )
    return tuple(GuessedHost(str(address), (str(address),)) for address in sources[:_MOST])


def _groups(view: View) -> tuple[tuple[str, str], ...]:
    found = {
        member.sid: member.name or ""
        for _, fact in view.of_nodes(LocalGroups)
        for group in fact.groups
        if group.sid in _GROUPS_OF_ADMINS
        for member in group.members
        if (member.kind or "").casefold() == "group" and _DOMAIN_SID(member.sid)
    }
    return tuple(found.items())[:_MOST]


def _controllers(view: View) -> tuple[str, ...]:
    hinted = {
        fact.id for _, fact in view.items(GuestIdentity) if fact.product_type is GuestProductType.DOMAIN_CONTROLLER
    }
    return _names(vm.name for _, vm in view.items(Vm) if vm.id in hinted)


def _sensors(view: View) -> tuple[tuple[str, tuple[str, ...]], ...]:
    held = [fact for _, fact in view.of_nodes(Services)]
    found = []
    for product, services in SENSORS:
        there = tuple(service for service in services if any(fact.named(service) for fact in held))
        found += [(product, there)] * bool(there)
    return tuple(found)
