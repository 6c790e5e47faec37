"""The network of a converged cluster: one switch with a team below, on which host and VMs have adapters side by side.

Each network of the host has a VLAN and an adapter of its own on the switch, as Microsoft's reference designs have it;
storage is a network of its own that live migration leaves out. VMs stand on two VLANs, one for each of two tenants.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import (
    AddressFamily,
    ClusterInterface,
    ClusterNetwork,
    ClusterNetworks,
    IpInterface,
    NetworkCategory,
    NetworkRole,
    Route,
    RouteProtocol,
)
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode
from hypervigil.evidence.wire import Knock, Reach, WireReach
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import remote_defaults as remote
from hypervigil.synthetic.members import Member
from hypervigil.synthetic.moments import AT

STORAGE = "10.20.40.0/24"
NETWORKS = {**fabric.NETWORKS, "Storage": STORAGE}
VLANS = {"Management": 9, "Cluster": 10, "Migration": 30, "Storage": 40}
TENANTS = {"Tenant A": ("172.16.5.0/24", 205), "Tenant B": ("172.16.6.0/24", 206)}
"""Networks of VMs: subnet and VLAN."""
SWITCH = "Converged"
PORTS = (3343, 6600, 445)
"""Ports at which somebody knocks from the tenants' side: cluster, live migration, SMB."""
FIRST_ADDRESS = 11
"""The last part of the first node's addresses."""
_STORAGE_ID = "11111111-0000-4000-8000-000000000004"


def of_node(member: Member) -> Iterator[Fact]:
    """Switch, adapters, interfaces and routes of a node."""
    (plain,) = fabric.vm_switches().switches
    yield fabric.vm_switches(msgspec.structs.replace(plain, name=SWITCH, allow_management_os=True))
    adapters = (*map(_host_adapter, VLANS), *_vm_adapters(member))
    yield msgspec.structs.replace(fabric.vm_network_adapters(), adapters=adapters)
    yield fabric.ip_interfaces(interfaces=tuple(_interfaces(FIRST_ADDRESS + member.place)))
    yield msgspec.structs.replace(fabric.routes(), routes=tuple(_routes()))


def _host_adapter(name: str) -> NetworkAdapter:
    place = list(VLANS).index(name) + 1
    return fabric.network_adapter(
        id=f"Microsoft:{{00000000-0000-4000-8000-00000000AD{place:02d}}}",
        name=name,
        vm_id=None,
        vm_name=None,
        switch_name=SWITCH,
        mac_address=f"00155DFF00{place:02X}",
        ip_addresses=(),
        access_vlan=VLANS[name],
    )


def _vm_adapters(member: Member) -> Iterator[NetworkAdapter]:
    """Those of VMs, alternately of either tenant. A shielded VM tells its host no address."""
    for number, vm in enumerate(member.vms, start=1):
        subnet, vlan = list(TENANTS.values())[number % len(TENANTS)]
        address = f"{subnet.removesuffix('0/24')}{20 * (member.place + 1) + number}"
        yield fabric.network_adapter(
            number,
            vm_id=vm.id,
            vm_name=vm.name,
            switch_name=SWITCH,
            access_vlan=vlan,
            vlan_mode=VlanMode.ACCESS,
            ip_addresses=() if vm in member.shielded else (address,),
        )


def _interfaces(host: int) -> Iterator[IpInterface]:
    for index, (name, subnet) in enumerate(NETWORKS.items(), start=4):
        yield IpInterface(
            index=index,
            alias=f"vEthernet ({name})",
            family=AddressFamily.IPV4,
            forwarding=False,
            weak_host_receive=False,
            weak_host_send=False,
            addresses=(f"{subnet.removesuffix('0/24')}{host}/24",),
            network_category=NetworkCategory.DOMAIN if name == "Management" else NetworkCategory.PUBLIC,
        )


def _routes() -> Iterator[Route]:
    """On-link in each network; a gateway in the management network alone."""
    gateway = fabric.routes().routes[0]
    yield msgspec.structs.replace(gateway, interface_alias="vEthernet (Management)")
    for index, (name, subnet) in enumerate(NETWORKS.items(), start=4):
        yield Route(
            destination=subnet,
            next_hop="0.0.0.0",  # noqa: S104  on-link, no address to bind to
            interface_index=index,
            interface_alias=f"vEthernet ({name})",
            metric=256,
            protocol=RouteProtocol.LOCAL,
        )


def cluster_networks(names: Sequence[str]) -> ClusterNetworks:
    """The networks of the cluster with one for storage, which carries the cluster and is left out of migration."""
    plain = fabric.cluster_networks(*names)
    storage = ClusterNetwork(
        id=_STORAGE_ID, name="Storage", role=NetworkRole.CLUSTER, subnets=(STORAGE,), metric=30_000, auto_metric=True
    )
    interfaces = (
        ClusterInterface(
            node=name,
            network_id=_STORAGE_ID,
            network="Storage",
            adapter="vEthernet (Storage)",
            addresses=(f"{STORAGE.removesuffix('0/24')}{host}",),
        )
        for host, name in enumerate(names, start=FIRST_ADDRESS)
    )
    return msgspec.structs.replace(
        plain,
        networks=(*plain.networks, storage),
        interfaces=(*(_renamed(each) for each in plain.interfaces), *interfaces),
        migration_excluded=(*(plain.migration_excluded or ()), _STORAGE_ID),
    )


def _renamed(interface: ClusterInterface) -> ClusterInterface:
    return msgspec.structs.replace(interface, adapter=f"vEthernet ({interface.network})")


def knocks(members: Sequence[Member]) -> tuple[WireReach, ...]:
    """What somebody in each tenant's network found at the nodes' own networks: silence."""
    sources = {name: f"{subnet.removesuffix('0/24')}9" for name, (subnet, _) in TENANTS.items()}
    return tuple(
        msgspec.structs.replace(
            remote.wire_reach(f"{subnet.removesuffix('0/24')}{FIRST_ADDRESS + member.place}", port),
            knocks=tuple(
                Knock(seen_from=address, place=name, answer=Reach.SILENT, time=AT) for name, address in sources.items()
            ),
        )
        for network, subnet in NETWORKS.items()
        if network != "Management"
        for member in members
        for port in PORTS
    )
