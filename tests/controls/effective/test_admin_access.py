"""What comes in beyond the subnets of administrators, and how a host stands in its management network."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from hypervigil.controls.effective.admin_access import Kind, admissions, ways_in
from hypervigil.controls.effective.management_vlan import declared_vlans, standing
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode, VmNetworkAdapters
from hypervigil.model.context import Context, HostKind, JumpHost, Network, Purpose
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric


def network(purpose: Purpose, subnet: str, vlan: int) -> Network:
    subnets = (ipaddress.ip_network(subnet),)
    return Network(purposes=frozenset((purpose,)), name=purpose.value, subnets=subnets, vlans=(vlan,))


MANAGEMENT = network(Purpose.MANAGEMENT, "10.0.9.0/24", 9)
CLUSTER = network(Purpose.CLUSTER, "10.20.10.0/24", 20)
TENANT = network(Purpose.TENANT, "172.16.5.0/24", 205)
PAW = JumpHost(name="PAW01", kind=HostKind.PAW, addresses=(ipaddress.ip_network("10.9.0.7"),))
CONTEXT = Context(file="context.toml", networks=(MANAGEMENT, CLUSTER, TENANT), jump_hosts=(PAW,))


def rules(port: str, *sources: str) -> FirewallRules:
    return FirewallRules(rules=(defaults.firewall_rule("R", "TCP", port, remote_addresses=sources),))


@pytest.mark.parametrize(
    ("port", "sources", "kinds"),
    [
        ("5985", ("10.0.9.0/24", "10.9.0.7"), []),
        ("5985", ("Any",), [(Kind.ANYBODY, "any address")]),
        ("5985", ("10.20.10.0/24",), [(Kind.OUTSIDE, "10.20.10.0/24")]),
        ("445", ("10.20.10.0/24",), []),
        ("445", ("10.20.10.0/24", "172.16.5.1"), [(Kind.OUTSIDE, "172.16.5.1")]),
        ("5985", ("LocalSubnet",), [(Kind.WORD, "LocalSubnet")]),
        (
            "5985",
            ("10.8.0.1", "DNS", "?"),
            [(Kind.OUTSIDE, "10.8.0.1"), (Kind.WORD, "DNS servers"), (Kind.UNREAD, "? (not understood)")],
        ),
        ("6600", ("Any",), []),
    ],
)
def test_admissions(port: str, sources: tuple[str, ...], kinds: list[tuple[Kind, str]]) -> None:
    assert [(each.kind, each.sources) for each in admissions(rules(port, *sources), CONTEXT)] == kinds


def test_without_a_declaration_only_anybody_is_too_much() -> None:
    assert [each.kind for each in admissions(rules("5985", "10.8.0.1"), None)] == [Kind.UNDECLARED]
    assert [each.kind for each in admissions(rules("5985", "Any"), None)] == [Kind.ANYBODY]


def test_a_rule_for_all_ports_is_one_way_for_administrators_and_one_for_nodes() -> None:
    found = ways_in(rules("Any", "Any"))
    assert [(shared, len(ports)) for (_, shared), ports in found.items()] == [(False, 5), (True, 2)]


def adapter(name: str, mode: VlanMode, vlan: int | None = None, **changes: Any) -> NetworkAdapter:
    own = {"name": name, "vm_id": None, "vm_name": None, "vlan_mode": mode, "access_vlan": vlan}
    return fabric.network_adapter(1, **{**own, "isolation_mode": "None", **changes})


def test_standing() -> None:
    guest = {"vm_id": "00000000-0000-4000-8000-000000000001", "vm_name": "VM1"}
    found = standing(
        VmNetworkAdapters(
            adapters=(
                adapter("vNIC", VlanMode.ACCESS, 9),
                adapter("management", VlanMode.UNTAGGED),
                adapter("Cluster", VlanMode.ACCESS, 20),
                adapter("Lab", VlanMode.ACCESS, 205),
                adapter("Other", VlanMode.UNTAGGED),
                adapter("Odd", VlanMode.ACCESS),
                adapter("G", VlanMode.ACCESS, 9, **guest),
                adapter("J", VlanMode.ACCESS, 9, **{**guest, "vm_name": "paw01"}),
                adapter("Unplugged", VlanMode.ACCESS, 9, **guest, switch_name=None, switch_id=None),
            )
        ),
        CONTEXT,
    )
    assert [each.name for each, _ in found.own] == ["vNIC", "management"]
    assert [each.name for each in found.outside] == ["Lab"]
    assert [each.name for each in found.untagged] == ["Other"]
    assert [each.name for each, _ in found.hidden] == ["Odd"]
    assert [each.name for each, _ in found.guests] == ["G"]
    assert [(each.name, set(vlans)) for each, vlans in found.sharing(declared_vlans((MANAGEMENT,)))] == [("G", {9})]
    assert [each.name for each in found.beside(found.own[0][0])] == ["G"]
