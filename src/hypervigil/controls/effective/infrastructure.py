"""The networks of a cluster that belong to its nodes alone: those of the cluster and of live migration.

A network of role 1 carries the cluster's own traffic and nobody else's. A network carries live migration where it has a
role and is not among MigrationExcludeNetworks: an empty list leaves none out, so that a network which clients reach
carries the memory of VMs, too. Link-local subnets say nothing of who is where and are left out.

Source: MicrosoftDocs/win32, `desktop-src/MsCS` (roles of networks); the two parameters are described for 2008 R2, and
tools write them to this day.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hypervigil.controls.effective.isolation import carries_migration, is_open_to_clients, subnets_of
from hypervigil.controls.effective.sources import AddressRange, merged, range_of
from hypervigil.evidence.fact import once
from hypervigil.evidence.network import ClusterNetwork, ClusterNetworks, NetworkRole
from hypervigil.model.context import IpAddress, Network, Purpose

ROLES = {
    NetworkRole.NONE: "none",
    NetworkRole.CLUSTER: "cluster only",
    NetworkRole.CLIENT: "clients only",
    NetworkRole.CLUSTER_AND_CLIENT: "cluster and clients",
}


class Place(msgspec.Struct, frozen=True):
    """A network of the cluster, and what it is for as far as the cluster tells.

    ``migrates`` is None where MigrationExcludeNetworks was not read. ``network`` has no link-local subnets.
    """

    found: ClusterNetwork
    network: Network
    migrates: bool | None

    @property
    def is_inner(self) -> bool:
        """Whether it is the cluster's own or carries live migration."""
        return bool(self.network.purposes)

    @property
    def is_undecided(self) -> bool:
        """Whether it may be one of the two, and a value that was not read decides."""
        return not self.is_inner and self.migrates is None and self.found.role is not NetworkRole.NONE

    @property
    def is_open(self) -> bool:
        """Whether it carries live migration although clients reach it."""
        return bool(self.migrates) and is_open_to_clients(self.found)

    @property
    def role(self) -> str:
        """Its role in words."""
        return ROLES.get(self.found.role, self.found.role.label)


@once
def places(fact: ClusterNetworks) -> tuple[Place, ...]:
    """Every network of the cluster, in its order."""
    return tuple(_place(found, fact.migration_excluded) for found in fact.networks)


@once
def _spans(fact: ClusterNetworks) -> tuple[AddressRange, ...]:
    return merged(range_of(subnet) for place in places(fact) for subnet in place.network.subnets)


def places_of(address: IpAddress, fact: ClusterNetworks) -> Iterator[Place]:
    """The networks of the cluster in which an address lies, in their order."""
    number, version = int(address), address.version
    # Few addresses of VMs lie in any: numbers tell that at less cost than subnets, for thousands of them.
    if any(each.first <= number <= each.last and each.version == version for each in _spans(fact)):
        yield from (place for place in places(fact) if place.network.holds(address))


def _place(found: ClusterNetwork, excluded: tuple[str, ...] | None) -> Place:
    migrates = None if excluded is None else carries_migration(found, excluded)
    purposes = set()
    if found.role is NetworkRole.CLUSTER:
        purposes.add(Purpose.CLUSTER)
    if migrates:
        purposes.add(Purpose.LIVE_MIGRATION)
    subnets = tuple(subnet for subnet in subnets_of(found) if not subnet.is_link_local)
    return Place(found, Network(purposes=frozenset(purposes), name=found.name, subnets=subnets), migrates)


def inner(fact: ClusterNetworks) -> Iterator[Network]:
    """The networks of cluster and live migration that have a subnet to be recognised by."""
    return (place.network for place in places(fact) if place.is_inner and place.network.subnets)
