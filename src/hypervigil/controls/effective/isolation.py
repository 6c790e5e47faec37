"""What contradicts that a network is isolated: that nothing reaches it but what has an interface in it.

Each function takes the network, as it is declared or as the cluster has it, and one fact, and gives what of that fact
speaks against it; nothing where nothing does. What no host sees, the routers between, speaks here only by an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hypervigil.evidence.network import ClusterNetwork, IpInterface, IpInterfaces, NetworkRole, Routes
from hypervigil.evidence.wire import Knock, Reach, WireReach
from hypervigil.model.context import IpAddress, IpNetwork, Network, address_of, subnet_of


class Way(msgspec.Struct, frozen=True):
    """A route by which packets leave a network, or come into it from elsewhere.

    ``leaves`` says which: the hop stands in the network, a gateway; or the destination lies in it and the hop does not.
    """

    hop: IpAddress
    destination: IpNetwork
    leaves: bool


def ways(network: Network, fact: Routes) -> Iterator[Way]:
    """Routes of a host that are not on-link and have a part in the network. What is no address is passed over."""
    for route in fact.routes:
        hop, destination = address_of(route.next_hop), subnet_of(route.destination)
        if hop is None or destination is None or hop.is_unspecified:
            continue
        if network.holds(hop):
            yield Way(hop, destination, leaves=True)
        elif network.covers(destination):
            yield Way(hop, destination, leaves=False)


def forwarders(network: Network, fact: IpInterfaces) -> Iterator[IpInterface]:
    """Interfaces of a host that stand in the network and pass packets on."""
    return (interface for interface in fact.interfaces if interface.forwarding and stands_in(interface, network))


def stands_in(interface: IpInterface, network: Network) -> bool:
    """Whether one of the addresses of an interface lies in the network."""
    return any(address is not None and network.holds(address) for address in map(address_of, interface.addresses))


def target_of(fact: WireReach) -> IpAddress | None:
    """The address that somebody knocked at; None where only a name is known."""
    return address_of(fact.address or fact.host)


def is_answer(knock: Knock) -> bool:
    """Whether there is a way to the port: a refusal proves it as well as a welcome does."""
    return knock.answer in (Reach.OPEN, Reach.REFUSED)


def answers_outside(network: Network, fact: WireReach) -> Iterator[IpAddress]:
    """Addresses outside the network that a port within it answers."""
    target = target_of(fact)
    if target is None or not network.holds(target):
        return
    for knock in fact.knocks:
        source = address_of(knock.seen_from or "")
        if source and is_answer(knock) and not network.holds(source):
            yield source


def is_open_to_clients(found: ClusterNetwork) -> bool:
    """Whether the cluster lets clients reach it over one of its networks, so that others than nodes come there."""
    return found.role in (NetworkRole.CLUSTER_AND_CLIENT, NetworkRole.CLIENT)


def subnets_of(found: ClusterNetwork) -> Iterator[IpNetwork]:
    """The subnets of a network of the cluster; what is no subnet is passed over."""
    return (subnet for subnet in map(subnet_of, found.subnets) if subnet is not None)


def carries_migration(found: ClusterNetwork, excluded: tuple[str, ...]) -> bool:
    """Whether VMs of the cluster may migrate over one of its networks: it has a role, and is not left out.

    ``excluded`` are the ids of MigrationExcludeNetworks.
    """
    return found.role is not NetworkRole.NONE and found.id not in excluded
