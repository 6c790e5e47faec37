"""NET-002: the management network. Each name begins with the row of the fact sheet's claim B that it shows."""

from __future__ import annotations

import ipaddress
from typing import Any

import msgspec

from hypervigil.controls.network import net_002_management_apart as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.firewall import FirewallRule, FirewallRules, RuleAuthentication
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode
from hypervigil.model.context import Context, GuestRef, HostKind, JumpHost, Network, Purpose
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

SVCHOST = r"%SystemRoot%\system32\svchost.exe"


def network(subnet: str, vlan: int, *purposes: Purpose, **changes: Any) -> Network:
    made = Network(purposes=frozenset(purposes), subnets=(ipaddress.ip_network(subnet),), vlans=(vlan,))
    return msgspec.structs.replace(made, **changes)


def management(**changes: Any) -> Network:
    made = network("10.0.9.0/24", 9, Purpose.MANAGEMENT, name="Management")
    return msgspec.structs.replace(made, **changes)


CLUSTER = network("10.20.10.0/24", 20, Purpose.CLUSTER, name="Cluster")
TENANTS = network("172.16.5.0/24", 205, Purpose.TENANT, name="Tenants")
PAW = JumpHost(name="PAW01", kind=HostKind.PAW, addresses=(ipaddress.ip_network("10.9.0.7"),))


def declared(*networks: Network, **changes: Any) -> Context:
    made = Context(file="context.toml", networks=(*(networks or (management(),)), CLUSTER, TENANTS), jump_hosts=(PAW,))
    return msgspec.structs.replace(made, **changes)


def access(vlan: int) -> dict[str, Any]:
    return {"vlan_mode": VlanMode.ACCESS, "access_vlan": vlan, "isolation_mode": "None"}


UNTAGGED: dict[str, Any] = {"vlan_mode": VlanMode.UNTAGGED, "access_vlan": None, "isolation_mode": "None"}


def host(vlan: dict[str, Any], name: str = "Management", **changes: Any) -> NetworkAdapter:
    own = {"id": f"HOST\\{name}", "name": name, "vm_id": None, "vm_name": None, "ip_addresses": ()}
    return fabric.network_adapter(1, **{**own, **vlan, **changes})


def guest(vlan: dict[str, Any], **changes: Any) -> NetworkAdapter:
    return fabric.network_adapter(1, **{**vlan, **changes})


GUEST = guest(access(205))
OWN = (host(access(9)), GUEST)


def allow(port: str, *sources: str, **changes: Any) -> FirewallRule:
    return defaults.firewall_rule(f"Rule-{port}", "TCP", port, **{"remote_addresses": sources or ("Any",), **changes})


def rdp(*sources: str, **changes: Any) -> FirewallRule:
    return allow("3389", *sources, **{"program": SVCHOST, "service": "termservice", **changes})


SCOPED = (rdp("10.9.0.7", "10.0.9.0/24"), allow("445", "10.0.9.0/24", "10.20.10.11"))


def node(adapters: tuple[NetworkAdapter, ...] = OWN, rules: tuple[FirewallRule, ...] = SCOPED) -> tuple[Fact, ...]:
    return (msgspec.structs.replace(fabric.vm_network_adapters(), adapters=adapters), FirewallRules(rules=rules))


def case(name: str, gives: Outcome, *codes: str, **changes: Any) -> Case:
    """A case of one node, all fine and nothing of it proven but for ``changes``."""
    return Case(name, gives, (*codes, "elsewhere"), **{"node": node(), "context": declared(), **changes})


def rules(*found: FirewallRule) -> tuple[Fact, ...]:
    return node(rules=found)


def adapters(*found: NetworkAdapter) -> tuple[Fact, ...]:
    return node(adapters=found)


CASES = (
    case("B1 to B3 hold, B6 and B7 are not seen", Outcome.REVIEW, "unproven", says="A probe from outside (B6)"),
    case(
        "B7 the operator declares it isolated",
        Outcome.PASS,
        "apart",
        context=declared(management(isolated=True)),
        nodes={"HV01": node(), "HV02": node()},
    ),
    case(
        "B7 one of two management networks is not declared isolated",
        Outcome.REVIEW,
        "unproven",
        context=declared(management(isolated=True), network("10.0.8.0/24", 8, Purpose.MANAGEMENT)),
    ),
    case("B1 nothing is declared", Outcome.REVIEW, "not_declared", "whose", "whose", context=None),
    case(
        "B1 no management network is declared",
        Outcome.REVIEW,
        "not_declared",
        "whose",
        "whose",
        context=declared(TENANTS),
    ),
    case(
        "B1 the same VLAN as tenants, as declared",
        Outcome.FAIL,
        "same_declared_vlan",
        "vm_on_vlan",
        context=declared(management(vlans=(9, 205))),
        says="shares VLAN 205 with Tenants, for tenant",
    ),
    case(
        "B1 the same VLAN as the cluster, as declared",
        Outcome.FAIL,
        "same_declared_vlan",
        context=declared(management(vlans=(9, 20))),
    ),
    case(
        "B1 one network for management and storage",
        Outcome.FAIL,
        "mixed",
        context=declared(management(purposes=frozenset((Purpose.MANAGEMENT, Purpose.STORAGE)))),
        says="declared for management and storage",
    ),
    case(
        "B1 a VM on the VLAN",
        Outcome.FAIL,
        "vm_on_vlan",
        nodes={
            "HV01": adapters(host(access(9)), guest(access(9))),
            "HV02": adapters(host(access(9)), guest(access(9))),
        },
        says="On HV01, HV02 adapters of VMs are on VLAN 9 of the management network: Network Adapter of VM0001.",
    ),
    case(
        "B1 a VM on the VLAN, by another switch",
        Outcome.FAIL,
        "vm_on_vlan",
        node=adapters(host(access(9)), guest(access(9), switch_id="5b5ac4a0-0000-4000-8000-000000000002")),
    ),
    case(
        "B1 a trunk with the VLAN",
        Outcome.FAIL,
        "vm_on_vlan",
        node=adapters(
            host(access(9)),
            guest(
                {"vlan_mode": VlanMode.TRUNK, "access_vlan": None, "isolation_mode": "None"},
                native_vlan=0,
                allowed_vlans=(9, 205),
            ),
        ),
    ),
    case(
        "B1 a VM of tier 0 on the VLAN",
        Outcome.REVIEW,
        "unproven",
        node=adapters(host(access(9)), guest(access(9))),
        context=declared(tier0_guests=(GuestRef(vm="VM0001"),)),
    ),
    case(
        "B1 a jump host that is a VM",
        Outcome.REVIEW,
        "unproven",
        node=adapters(host(access(9)), guest(access(9), vm_name="PAW01")),
    ),
    case(
        "B1 untagged on a shared switch, by its name",
        Outcome.FAIL,
        "untagged",
        node=adapters(host(UNTAGGED), GUEST),
        says="adapter Management is for management and untagged on switch Tenants",
    ),
    case(
        "B1 untagged on a shared switch, declared without a VLAN",
        Outcome.FAIL,
        "untagged",
        node=adapters(host(UNTAGGED, "vNIC"), GUEST),
        context=declared(management(vlans=())),
    ),
    case(
        "B1 untagged on a shared switch, whatever it is for",
        Outcome.REVIEW,
        "untagged_perhaps",
        node=adapters(host(UNTAGGED, "vNIC"), GUEST),
    ),
    case(
        "B1 untagged on a switch of its own",
        Outcome.REVIEW,
        "no_adapter",
        node=adapters(host(UNTAGGED, switch_id="5b5ac4a0-0000-4000-8000-000000000002"), GUEST),
    ),
    case("B1 a physical adapter", Outcome.REVIEW, "no_adapter", node=adapters(GUEST), says="(B1)"),
    case("B1 another VLAN than the declared one", Outcome.REVIEW, "other_vlan", node=adapters(host(access(12)), GUEST)),
    case(
        "B1 two adapters on the VLAN",
        Outcome.REVIEW,
        "several",
        node=adapters(host(access(9)), host(access(9), "Backup"), GUEST),
        says="Management, Backup",
    ),
    case(
        "B1 the VLAN of a VM is set by isolation, whose number does not count",
        Outcome.UNKNOWN,
        "vlan_unseen",
        node=adapters(host(access(9)), guest(access(9), isolation_mode="Vlan")),
        cause=Cause.NOT_IN_SOURCE,
    ),
    case(
        "B1 the VLAN of a VM is set by isolation, and is that of the host",
        Outcome.FAIL,
        "vm_on_vlan",
        node=adapters(
            host(access(9)),
            guest(UNTAGGED, isolation_mode="Vlan", default_isolation_id=9, allow_untagged_traffic=True),
        ),
    ),
    case(
        "B1 the VLAN was not read",
        Outcome.UNKNOWN,
        "vlan_unseen",
        "no_adapter",
        node=adapters(host({"vlan_mode": None}), GUEST),
        cause=Cause.NOT_IN_SOURCE,
    ),
    case(
        "B2 RDP from Any",
        Outcome.FAIL,
        "anybody",
        node=rules(rdp()),
        says="On HV01 the firewall lets any address in to RDP (TCP 3389): rule Rule-3389.",
    ),
    case("B2 RDP from Any, nothing declared", Outcome.FAIL, "not_declared", "anybody", node=rules(rdp()), context=None),
    case("B2 WinRM from 0.0.0.0/0", Outcome.FAIL, "anybody", node=rules(allow("5986", "0.0.0.0/0"))),
    case("B2 WAC's port from Any", Outcome.FAIL, "anybody", node=rules(allow("443"))),
    case("B2 445 from Any", Outcome.FAIL, "anybody", node=rules(allow("445"))),
    case("B2 135 from Any, by its word", Outcome.FAIL, "anybody", node=rules(allow("RPCEPMap")), says="RPC (TCP 135)"),
    case(
        "B2 LocalSubnet, large",
        Outcome.FAIL,
        "neighbours",
        node=rules(rdp("LocalSubnet")),
        context=declared(management(subnets=(ipaddress.ip_network("10.0.8.0/22"),))),
        confidence=Confidence.INFERRED,
        says="LocalSubnet (10.0.8.0/22)",
    ),
    case("B2 LocalSubnet, not large", Outcome.REVIEW, "which", node=rules(rdp("LocalSubnet"))),
    case(
        "B2 outside the admin subnets",
        Outcome.FAIL,
        "outside",
        node=rules(rdp("10.9.0.0/28")),
        says="10.9.0.0-10.9.0.6, 10.9.0.8/29, outside the admin subnets",
    ),
    case("B2 SMB from a network of the nodes", Outcome.REVIEW, "unproven", node=rules(allow("445", "10.20.10.0/24"))),
    case("B2 RDP from a network of the nodes", Outcome.FAIL, "outside", node=rules(rdp("10.20.10.0/24"))),
    case(
        "B2 jump hosts are not declared",
        Outcome.REVIEW,
        "whose",
        node=rules(rdp("10.9.0.7")),
        context=declared(jump_hosts=None),
    ),
    case(
        "B2 a jump host without an address",
        Outcome.REVIEW,
        "whose",
        node=rules(rdp("10.9.0.8")),
        context=declared(jump_hosts=(PAW, JumpHost(name="PAW02", kind=HostKind.PAW))),
    ),
    case(
        "B2 SMB, and the cluster's networks are not declared",
        Outcome.REVIEW,
        "whose",
        node=rules(allow("445", "10.20.10.0/24")),
        context=declared(networks=(management(),)),
    ),
    case(
        "B2 IPsec has to vouch",
        Outcome.REVIEW,
        "doubtful",
        node=rules(rdp(authentication=RuleAuthentication.REQUIRED)),
    ),
    case(
        "B2 addresses not read",
        Outcome.UNKNOWN,
        "unread",
        node=rules(rdp(remote_addresses=())),
        cause=Cause.NOT_IN_SOURCE,
    ),
    case(
        "B3 an adapter on the tenants' side, rules bound to none",
        Outcome.FAIL,
        "tenant_side",
        node=node((*OWN, host(access(205), "Lab")), (rdp("10.9.0.7"),)),
        says="On HV01 Lab of the host stand on the tenants' side",
    ),
    case(
        "B3 rules bound to the management adapter",
        Outcome.REVIEW,
        "unproven",
        node=node((*OWN, host(access(205), "Lab")), (rdp("10.9.0.7", interfaces=("vEthernet (Management)",)),)),
    ),
    case(
        "B3 rules bound to an address",
        Outcome.REVIEW,
        "unproven",
        node=node((*OWN, host(access(205), "Lab")), (rdp("10.9.0.7", local_addresses=("10.0.9.11",)),)),
    ),
    case(
        "B3 bound or not was not read",
        Outcome.UNKNOWN,
        "binding_unread",
        node=node((*OWN, host(access(205), "Lab")), (rdp("10.9.0.7", interfaces=()),)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    case(
        "B3 a VLAN that a VM shares is the tenants' side",
        Outcome.FAIL,
        "tenant_side",
        node=node((host(access(9)), guest(access(30)), host(access(30), "Lab")), (rdp("10.9.0.7"),)),
    ),
    case(
        "B1 the adapters of one node refused",
        Outcome.UNKNOWN,
        "apart",
        nodes={"HV01": node(), "HV02": node()},
        context=declared(management(isolated=True)),
        gaps={"vm_network_adapters@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    case(
        "B2 the rules of one node refused",
        Outcome.UNKNOWN,
        "apart",
        nodes={"HV01": node(), "HV02": node()},
        context=declared(management(isolated=True)),
        gaps={"firewall_rules@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
