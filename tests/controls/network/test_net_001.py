"""NET-001: claim A of the management and network sheet, section 11. Each row names the evidence (A1-A9) it is about."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.assess.context_file import parse_context
from hypervigil.controls.network import net_001_tenants_kept_out as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import ClusterNetworks, NetworkRole, Route, Routes
from hypervigil.evidence.vm_settings import MirroringMode, NetworkAdapter, PortAcl, SwitchType, VlanMode, VmSwitch
from hypervigil.evidence.wire import Knock, Reach, WireReach, endpoint_key
from hypervigil.model.context import Context
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CONVERGED = VmSwitch(
    id="5b5ac4a0-0000-4000-8000-000000000002",
    name="Converged",
    type=SwitchType.EXTERNAL,
    allow_management_os=True,
    adapters=("NIC 1", "NIC 2"),
    embedded_teaming=True,
    team_adapters=("NIC 1", "NIC 2"),
)
INTERNAL = msgspec.structs.replace(CONVERGED, type=SwitchType.INTERNAL)
UNTAGGED: dict[str, Any] = {"vlan_mode": VlanMode.UNTAGGED, "access_vlan": None}
UNREAD: dict[str, Any] = {"vlan_mode": None, "access_vlan": None}
TRUNK: dict[str, Any] = {
    "vlan_mode": VlanMode.TRUNK,
    "access_vlan": None,
    "native_vlan": 0,
    "allowed_vlans": (205, 20),
}
PRIVATE: dict[str, Any] = {
    "vlan_mode": VlanMode.PRIVATE,
    "access_vlan": None,
    "primary_vlan": 30,
    "secondary_vlan": 20,
}


def access(vlan: int) -> dict[str, Any]:
    return {"vlan_mode": VlanMode.ACCESS, "access_vlan": vlan}


def guest(vlan: dict[str, Any] | None = None, number: int = 1, **changes: Any) -> NetworkAdapter:
    plugged = {"switch_id": CONVERGED.id, "switch_name": CONVERGED.name}
    return fabric.network_adapter(number, **{**plugged, **(vlan or {}), **changes})


def host(vlan: dict[str, Any], name: str = "Cluster", **changes: Any) -> NetworkAdapter:
    made = {"id": "Microsoft:HOST\\1", "name": name, "vm_id": None, "vm_name": None, "ip_addresses": ()}
    return guest(vlan, **{**made, **changes})


def on_link(alias: str, subnet: str = "10.20.10.0/24") -> Route:
    return Route(destination=subnet, next_hop="0.0.0.0", interface_index=9, interface_alias=alias)


CARRIED = fabric.routes(
    on_link("vEthernet (Cluster)"),
    on_link("vEthernet (Cluster)", "10.20.10.11/32"),
    on_link("vEthernet (Cluster)", "fe80::/64"),
    on_link("vEthernet (Cluster)", "ff00::/8"),
)


def gateway(hop: str, destination: str = "0.0.0.0/0") -> Routes:
    return fabric.routes(Route(destination=destination, next_hop=hop, interface_index=5))


def node(
    *adapters: NetworkAdapter, routes: Routes = CARRIED, switches: tuple[VmSwitch, ...] = (CONVERGED,), more: Any = ()
) -> tuple[Fact, ...]:
    return (fabric.vm_switches(*switches), fabric.vm_network_adapters(*adapters), routes, *more)


APART = node(guest(), host(access(20)))
"""The host's adapter for the cluster on a VLAN of its own."""
PHYSICAL = (fabric.vm_switches(), fabric.vm_network_adapters(), fabric.routes())
"""No adapter of the host on a virtual switch."""

NETWORKS = fabric.cluster_networks("HV01")
ALL_MIGRATE = fabric.cluster_networks("HV01", migration_excluded=())


def with_roles(role: NetworkRole, **changes: Any) -> ClusterNetworks:
    every = tuple(msgspec.structs.replace(network, role=role) for network in NETWORKS.networks)
    return fabric.cluster_networks("HV01", **{"networks": every, **changes})


INNER = ("10.20.10.11", "10.20.30.11")
"""The addresses of HV01 in the networks of cluster and live migration."""
PORTS = (3343, 6600, 445)


def knocked(
    *addresses: str, source: str = "172.16.5.9", place: str | None = None, **answers: Reach
) -> tuple[WireReach, ...]:
    """Knocks at every port of these addresses; silence, but for ``answers`` by port (``p445``)."""
    return tuple(
        WireReach(
            endpoint=endpoint_key(address, port),
            host=address,
            address=address,
            port=port,
            knocks=(
                Knock(
                    seen_from=source or None,
                    place=place,
                    answer=answers.get(f"p{port}", Reach.SILENT if port != PORTS[0] else Reach.UNREACHABLE),
                ),
            ),
        )
        for address in addresses
        for port in PORTS
    )


CLEAN = knocked(*INNER)


def declared(*networks: str) -> Context:
    return parse_context("".join(f"[[networks]]\n{lines}\n" for lines in networks).encode(), "context.toml")


def network(purpose: str, subnet: str, name: str = "") -> str:
    return f'purposes = ["{purpose}"]\nsubnets = ["{subnet}"]\n' + (f'name = "{name}"' if name else "")


CUSTOMERS = network("tenant", "172.16.0.0/12", "Customers")
TENANTS = declared(CUSTOMERS)
TWO_TENANTS = declared(CUSTOMERS, network("tenant", "192.168.0.0/16", "Labs"))

DENY = PortAcl(action="Deny", direction="Outbound", weight=90, remote_address="10.20.10.0/24")
DENY_IN = PortAcl(action="Deny", direction="Inbound", weight=90, remote_address="172.16.0.0/12", protocol="ANY")


def rules(*remote: str) -> Fact:
    rule = defaults.firewall_rule(
        "VIRT-MIGL-In-TCP-NoScope",
        "TCP",
        "6600",
        remote_addresses=remote,
        program="%systemroot%\\system32\\vmms.exe",
        service="Any",
    )
    return msgspec.structs.replace(defaults.firewall_rules(), rules=(rule,))


CASES = (
    # A8, the one proof
    Case(
        "A8: clean from the tenants' side",
        Outcome.PASS,
        ("clean", "no_acl", "firewall_unseen"),
        node=APART,
        cluster=(NETWORKS, *CLEAN),
        context=TENANTS,
        says="From Customers no port of the nodes in Cluster, Migration answered.",
    ),
    Case(
        "A8 and A2: clean, and routed",
        Outcome.PASS,
        ("clean", "routed", "firewall_unseen"),
        node=(*PHYSICAL[:2], gateway("10.20.10.1")),
        cluster=(NETWORKS, *CLEAN),
        context=TENANTS,
    ),
    Case(
        "A8: clean by the place that the operator names, of the only network of tenants",
        Outcome.PASS,
        ("clean", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS, *knocked(*INNER, source="", place="tenant")),
        context=TENANTS,
    ),
    Case(
        "A8: an open port",
        Outcome.FAIL,
        ("answered", "answered", "no_acl", "firewall_unseen"),
        node=APART,
        cluster=(NETWORKS, *knocked(*INNER, p6600=Reach.OPEN)),
        context=TENANTS,
        says="10.20.10.11:6600/tcp in Cluster answers 172.16.5.9 on the tenants' side (open).",
    ),
    Case(
        "A8: a refusal is an answer, with nothing declared",
        Outcome.FAIL,
        ("answered", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS, *knocked("10.20.30.11", source="", place="tenant", p445=Reach.REFUSED)),
        says="answers tenant on the tenants' side (refused)",
    ),
    Case(
        "A8: an answer to a place that bears the name of a network of tenants",
        Outcome.FAIL,
        ("answered", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS, *knocked("10.20.30.11", source="10.99.0.1", place="customers", p445=Reach.OPEN)),
        context=TENANTS,
    ),
    Case(
        "A8: an answer to management proves nothing",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(
            NETWORKS,
            *knocked("10.20.10.11", source="10.0.9.5", place="management", p445=Reach.OPEN),
            *knocked("10.20.30.11"),
        ),
        context=TENANTS,
        says="a knock from Customers at TCP 3343, 6600 and 445 of 10.20.10.11",
    ),
    Case(
        "A8: one address was left out",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "no_acl", "firewall_unseen"),
        node=APART,
        cluster=(NETWORKS, *CLEAN[:-1]),
        context=TENANTS,
        says="a knock from Customers at TCP 445 of 10.20.30.11",
    ),
    Case(
        "A8: from one of two networks of tenants only",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS, *CLEAN),
        context=TWO_TENANTS,
        says="a knock from Labs at TCP 3343, 6600 and 445 of 10.20.10.11, 10.20.30.11",
    ),
    Case(
        "A8: nobody declares which networks are tenants'",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS, *knocked(*INNER, place="tenant")),
        says="a declaration of the networks of tenants",
    ),
    Case(
        "A8: the cluster's list of interfaces has no addresses",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(fabric.cluster_networks("HV01", interfaces=()), *CLEAN),
        context=TENANTS,
        says="the addresses of the nodes in Cluster, Migration",
    ),
    Case(
        "A8: nobody knocked",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS,),
        says="Host-side evidence shows no path; routers are not seen.",
    ),
    # A2
    Case(
        "A2: a gateway, and nobody knocked",
        Outcome.UNKNOWN,
        ("unprobed", "missing_proof", "routed", "firewall_unseen"),
        node=(*PHYSICAL[:2], gateway("10.20.30.1")),
        cluster=(NETWORKS,),
        cause=Cause.NOT_COLLECTED,
        says="HV01 has a route in Migration: to 0.0.0.0/0 through 10.20.30.1.",
    ),
    Case(
        "A2: a route to it by way of another network, and the wire could not be read",
        Outcome.UNKNOWN,
        ("unprobed", "missing_proof", "routed", "firewall_unseen"),
        node=(*PHYSICAL[:2], gateway("10.0.9.1", "10.20.30.0/24")),
        cluster=(NETWORKS,),
        gaps={"wire_reach": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    # A1
    Case(
        "A1: no network is left out of live migration, so that of clients counts, and it is routed (A2)",
        Outcome.UNKNOWN,
        ("unprobed", "missing_proof", "routed", "open_to_clients", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(ALL_MIGRATE,),
        cause=Cause.NOT_COLLECTED,
        says="Live migration goes over Management",
    ),
    Case(
        "A1: what is left out was not read",
        Outcome.UNKNOWN,
        ("excluded_unread", "clean", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(fabric.cluster_networks("HV01", migration_excluded=None), *CLEAN),
        context=TENANTS,
        cause=Cause.NOT_IN_SOURCE,
        says="over Management",
    ),
    Case(
        "A1: no network of the nodes alone",
        Outcome.REVIEW,
        ("no_own_network", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(
            with_roles(
                NetworkRole.CLUSTER_AND_CLIENT,
                migration_excluded=tuple(network.id for network in NETWORKS.networks),
            ),
        ),
    ),
    Case(
        "A1: a network of live migration that is declared and that the cluster does not have",
        Outcome.FAIL,
        ("vm_inside", "firewall_unseen"),
        node=(
            PHYSICAL[0],
            fabric.vm_network_adapters(fabric.network_adapter(ip_addresses=("10.88.0.7",))),
            PHYSICAL[2],
        ),
        cluster=(NETWORKS, *CLEAN),
        context=declared(CUSTOMERS, network("live_migration", "10.88.0.0/24", "LM2")),
        says="VM0001 on HV01 has 10.88.0.7 in LM2.",
    ),
    # A4
    Case(
        "A4: the host untagged beside VMs, whatever was knocked at",
        Outcome.FAIL,
        ("host_untagged", "no_acl", "firewall_unseen"),
        node=node(guest(), host(UNTAGGED)),
        cluster=(NETWORKS, *CLEAN),
        context=TENANTS,
        says="On HV01 vEthernet (Cluster) (Cluster) is untagged on the switch Converged, beside VMs: VM0001.",
    ),
    Case(
        "A4: the same VLAN",
        Outcome.FAIL,
        ("same_vlan", "no_acl", "firewall_unseen"),
        node=node(*(guest(access(20), number) for number in range(1, 6)), guest(access(21), 9), host(access(20))),
        cluster=(NETWORKS,),
        says="VM0001, VM0002, VM0003 and 2 more share VLAN 20 with vEthernet (Cluster) (Cluster)",
    ),
    Case(
        "A4: a tenant's trunk that has it",
        Outcome.FAIL,
        ("trunk", "no_acl", "firewall_unseen"),
        node=node(guest(TRUNK), host(access(20))),
        cluster=(NETWORKS,),
        says="the trunk of VM0001 has VLAN 20",
    ),
    Case(
        "A4: MAC spoofing and mirroring on that switch",
        Outcome.FAIL,
        ("spoofed_and_mirrored", "no_acl", "firewall_unseen"),
        node=node(guest(mac_spoofing=True), guest(number=2, mirroring=MirroringMode.DESTINATION), host(access(20))),
        cluster=(NETWORKS,),
        says="any MAC address (VM0001) and mirrored ports (VM0002)",
    ),
    Case(
        "A4: MAC spoofing alone is not that",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "no_acl", "firewall_unseen"),
        node=node(guest(mac_spoofing=True), host(access(20))),
        cluster=(NETWORKS,),
    ),
    Case(
        "A4: the host's adapter for management is not of this claim",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=node(
            guest(access(10)),
            host(access(10), "Management"),
            routes=fabric.routes(on_link("vEthernet (Management)", "10.0.9.0/24")),
        ),
        cluster=(NETWORKS,),
    ),
    Case(
        "A4: an internal switch leads nowhere",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "firewall_unseen"),
        node=node(guest(UNTAGGED), host(UNTAGGED), switches=(INTERNAL,)),
        cluster=(NETWORKS,),
    ),
    Case(
        "A4: a private VLAN that leaves it open",
        Outcome.REVIEW,
        ("private_unsure", "missing_proof", "no_acl", "firewall_unseen"),
        node=node(guest(PRIVATE), host(PRIVATE)),
        cluster=(NETWORKS,),
    ),
    Case(
        "A4: no route tells what the host's adapter carries",
        Outcome.REVIEW,
        ("unmapped", "clean", "firewall_unseen"),
        node=node(guest(access(20)), host(access(20)), routes=fabric.routes()),
        cluster=(NETWORKS, *CLEAN),
        context=TENANTS,
    ),
    Case(
        "A4: the VLAN of the host was not read",
        Outcome.UNKNOWN,
        ("vlan_unseen", "missing_proof", "no_acl", "firewall_unseen"),
        node=node(guest(), host(UNREAD)),
        cluster=(NETWORKS,),
        cause=Cause.NOT_IN_SOURCE,
        says="the VLAN of vEthernet (Cluster) on the switch Converged",
    ),
    Case(
        "A4: the VLAN of a VM was not read",
        Outcome.UNKNOWN,
        ("vlan_unseen", "clean", "no_acl", "firewall_unseen"),
        node=node(guest(UNREAD), host(access(20))),
        cluster=(NETWORKS, *CLEAN),
        context=TENANTS,
        cause=Cause.NOT_IN_SOURCE,
        says="the VLAN of Network Adapter of VM0001",
    ),
    Case(
        "A4: the host's adapter is not listed",
        Outcome.UNKNOWN,
        ("host_unseen", "missing_proof", "firewall_unseen"),
        node=node(guest()),
        cluster=(NETWORKS,),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "A4: the switch is not listed",
        Outcome.UNKNOWN,
        ("switch_unseen", "missing_proof", "no_acl", "firewall_unseen"),
        node=node(guest(), host(access(20)), switches=fabric.vm_switches().switches),
        cluster=(NETWORKS,),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "A4: a node that was not seen",
        Outcome.UNKNOWN,
        ("node_unseen", "clean", "firewall_unseen"),
        nodes={"HV01": PHYSICAL, "HV02": ()},
        cluster=(NETWORKS, *CLEAN),
        gaps=dict.fromkeys(("routes@HV02", "vm_switches@HV02", "vm_network_adapters@HV02"), Cause.ACCESS_DENIED),
        context=TENANTS,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "A4: what one node shows stands, whoever else was not seen",
        Outcome.FAIL,
        ("same_vlan", "node_unseen", "no_acl", "firewall_unseen"),
        nodes={"HV01": node(guest(access(20)), host(access(20))), "HV02": PHYSICAL},
        cluster=(NETWORKS,),
        gaps={"routes@HV02": Cause.TIMED_OUT},
    ),
    # A5
    Case(
        "A5: a VM has an address in it",
        Outcome.FAIL,
        ("vm_inside", "firewall_unseen"),
        node=(
            PHYSICAL[0],
            fabric.vm_network_adapters(fabric.network_adapter(ip_addresses=("fe80::1", "10.20.30.77"))),
            PHYSICAL[2],
        ),
        cluster=(NETWORKS, *CLEAN),
        context=TENANTS,
        says="VM0001 on HV01 has 10.20.30.77 in Migration.",
    ),
    Case(
        "A5: a declared network of tenants overlaps it",
        Outcome.FAIL,
        ("tenants_overlap", "firewall_unseen"),
        node=PHYSICAL,
        cluster=(NETWORKS, *CLEAN),
        context=declared(network("tenant", "10.20.30.128/25")),
        says="10.20.30.128/25, declared for tenants (context.toml:1), overlaps Migration (10.20.30.0/24).",
    ),
    # A6
    Case(
        "A6: port ACLs do not end a shared VLAN",
        Outcome.FAIL,
        ("same_vlan", "acl", "firewall_unseen"),
        node=node(guest(access(20), acls=(DENY,)), host(access(20))),
        cluster=(NETWORKS,),
        says="port ACLs keep the VMs on the switch Converged away from Cluster",
    ),
    Case(
        "A6: one on the adapter of the host",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "acl", "firewall_unseen"),
        node=node(guest(), host(access(20), acls=(DENY_IN,))),
        cluster=(NETWORKS,),
        context=TENANTS,
    ),
    # A7
    Case(
        "A7: anybody is let in to live migration",
        Outcome.REVIEW,
        ("no_path", "missing_proof", "exposed"),
        node=(*PHYSICAL, rules("Any")),
        cluster=(NETWORKS,),
        says="live migration (TCP 6600), if there is a way, by HV01",
    ),
    Case(
        "A7: limited to the nodes",
        Outcome.REVIEW,
        ("no_path", "missing_proof"),
        node=(*PHYSICAL, rules("10.20.30.11", "10.20.30.12")),
        cluster=(NETWORKS,),
    ),
    Case(
        "switches of no node could be read",
        Outcome.UNKNOWN,
        node=PHYSICAL[1:],
        cluster=(NETWORKS,),
        gaps={"vm_switches": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
