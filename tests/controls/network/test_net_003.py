"""NET-003: adapters of VMs against those of the host, on one switch and beyond it."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.network import net_003_tenant_vnics_apart as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.vm_settings import NetworkAdapter, SwitchType, VlanMode, VmSwitch
from hypervigil.model.grading import Confidence
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
INTERNAL = msgspec.structs.replace(CONVERGED, type=SwitchType.INTERNAL, embedded_teaming=False, team_adapters=())
OTHER = msgspec.structs.replace(CONVERGED, id="5b5ac4a0-0000-4000-8000-000000000003", name="Storage")
NOT_SHARED = msgspec.structs.replace(CONVERGED, allow_management_os=False)


def access(vlan: int) -> dict[str, Any]:
    return {"vlan_mode": VlanMode.ACCESS, "access_vlan": vlan}


def trunk(native: int, *allowed: int) -> dict[str, Any]:
    return {"vlan_mode": VlanMode.TRUNK, "access_vlan": None, "native_vlan": native, "allowed_vlans": allowed}


def private(primary: int, secondary: int) -> dict[str, Any]:
    return {"vlan_mode": VlanMode.PRIVATE, "access_vlan": None, "primary_vlan": primary, "secondary_vlan": secondary}


UNTAGGED: dict[str, Any] = {"vlan_mode": VlanMode.UNTAGGED, "access_vlan": None}


def isolated(vlan: int | None, **changes: Any) -> dict[str, Any]:
    """Isolation in mode Vlan, and what the other family of cmdlets shows then."""
    own = {"isolation_mode": "Vlan", "default_isolation_id": vlan, "allow_untagged_traffic": True}
    return {**UNTAGGED, **own, "multi_tenant_stack": False, **changes}


def guest(vlan: dict[str, Any], switch: VmSwitch = CONVERGED, **changes: Any) -> NetworkAdapter:
    plugged = {"switch_id": switch.id, "switch_name": switch.name}
    return fabric.network_adapter(1, **{**plugged, **vlan, **changes})


def host(vlan: dict[str, Any], switch: VmSwitch = CONVERGED, **changes: Any) -> NetworkAdapter:
    made = {"id": "Microsoft:HOST\\1", "name": "Management", "vm_id": None, "vm_name": None, "ip_addresses": ()}
    return guest(vlan, switch, **{**made, **changes})


def node(*adapters: NetworkAdapter, switches: tuple[VmSwitch, ...] = (CONVERGED, OTHER)) -> tuple[Fact, ...]:
    return (defaults.vm(1), fabric.vm_switches(*switches), fabric.vm_network_adapters(*adapters))


CASES = (
    Case(
        "A4: a VLAN of its own",
        Outcome.PASS,
        ("apart",),
        node=node(guest(access(205)), host(access(10))),
        says="Network Adapter on the switch Converged (VLAN 205)",
    ),
    Case(
        "9, Switch: not shared with the host",
        Outcome.PASS,
        ("apart",),
        node=node(guest(UNTAGGED, NOT_SHARED), switches=(NOT_SHARED,)),
        says="(untagged)",
    ),
    Case(
        "the adapters of other VMs do not count",
        Outcome.PASS,
        ("apart",),
        node=node(guest(access(205)), guest(access(10), vm_id="other"), host(access(10))),
    ),
    Case(
        "A4: the same VLAN",
        Outcome.FAIL,
        ("same_vlan",),
        node=node(guest(access(10)), host(access(10))),
        says="Network Adapter and the host's vEthernet (Management) share VLAN 10 on the switch Converged.",
    ),
    Case(
        "A4: a trunk that has the VLAN of the host",
        Outcome.FAIL,
        ("trunk",),
        node=node(guest(trunk(0, 205, 10)), host(access(10))),
        says="has VLAN 10",
    ),
    Case(
        "A4: the native VLAN of a trunk", Outcome.FAIL, ("trunk",), node=node(guest(trunk(10, 205)), host(access(10)))
    ),
    Case("A4: both untagged", Outcome.FAIL, ("untagged_path",), node=node(guest(UNTAGGED), host(UNTAGGED))),
    Case("a trunk of the host", Outcome.FAIL, ("same_vlan",), node=node(guest(access(205)), host(trunk(0, 205)))),
    Case(
        "9, PVLAN: the primary VLAN is that of the host",
        Outcome.FAIL,
        ("private_vlan",),
        node=node(guest(private(10, 11)), host(access(10))),
    ),
    Case(
        "9, PVLAN: isolated or of one community",
        Outcome.REVIEW,
        ("private_unsure",),
        node=node(guest(private(20, 21)), host(private(20, 21))),
        says="VLAN 21",
    ),
    Case(
        "A4: two adapters of the host, one of them met",
        Outcome.FAIL,
        ("untagged_uplink", "same_vlan"),
        node=node(guest(access(10)), host(UNTAGGED, id="h2", name="Cluster"), host(access(10))),
    ),
    Case(
        "A4: the host untagged, the VM not",
        Outcome.REVIEW,
        ("untagged_uplink",),
        node=node(guest(access(205)), host(UNTAGGED)),
        confidence=Confidence.INFERRED,
        says="physical ports of NIC 1, NIC 2",
    ),
    Case(
        "A4: the VM untagged, the host not",
        Outcome.REVIEW,
        ("untagged_uplink",),
        node=node(guest(UNTAGGED), host(access(10))),
        says="Network Adapter is on untagged and the host's vEthernet (Management) on VLAN 10",
    ),
    Case(
        "9, Switch: an internal one",
        Outcome.REVIEW,
        ("internal",),
        node=node(guest(UNTAGGED, INTERNAL), host(UNTAGGED, INTERNAL), switches=(INTERNAL,)),
    ),
    Case(
        "an internal one has no uplink",
        Outcome.PASS,
        ("apart",),
        node=node(guest(access(5), INTERNAL), host(UNTAGGED, INTERNAL), switches=(INTERNAL,)),
    ),
    Case(
        "B1: the same number on another switch",
        Outcome.REVIEW,
        ("elsewhere",),
        node=node(guest(access(71)), host(access(10)), host(access(71), OTHER, id="h2", name="Storage-1")),
        says="the same number on Storage",
    ),
    Case(
        "another number on another switch",
        Outcome.PASS,
        ("apart",),
        node=node(guest(access(205)), host(access(10)), host(access(71), OTHER, id="h2")),
    ),
    Case(
        "a switch of the host alone that is not listed",
        Outcome.PASS,
        ("apart",),
        node=node(guest(access(205)), host(access(10)), host(access(205), OTHER, id="h2"), switches=(CONVERGED,)),
    ),
    Case(
        "the VLAN of the VM was not read",
        Outcome.UNKNOWN,
        ("vlan_unseen",),
        node=node(guest({"vlan_mode": None}), host(access(10))),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the VLAN of the host was not read",
        Outcome.UNKNOWN,
        ("vlan_unseen",),
        node=node(guest(access(205)), host({"vlan_mode": None})),
        cause=Cause.NOT_IN_SOURCE,
        says="the host's vEthernet (Management)",
    ),
    Case(
        "that of the host on another switch was not read",
        Outcome.UNKNOWN,
        ("vlan_unseen",),
        node=node(guest(access(205)), host(access(10)), host({"vlan_mode": None}, OTHER, id="h2")),
        cause=Cause.NOT_IN_SOURCE,
        says="on the switch Storage",
    ),
    Case(
        "9, Isolation: it drops frames without a tag, so that its number does not count",
        Outcome.UNKNOWN,
        ("vlan_unseen",),
        node=node(guest(isolated(10, allow_untagged_traffic=False)), host(access(10))),
        cause=Cause.NOT_IN_SOURCE,
        says="drops its frames without a tag",
    ),
    Case(
        "9, Isolation: several networks",
        Outcome.UNKNOWN,
        ("vlan_unseen",),
        node=node(guest(isolated(205, multi_tenant_stack=True)), host(access(10))),
        cause=Cause.NOT_IN_SOURCE,
        says="MultiTenantStack",
    ),
    Case(
        "9, Isolation: a VLAN whose number was not read, as in older evidence",
        Outcome.UNKNOWN,
        ("vlan_unseen",),
        node=node(
            guest(isolated(None, allow_untagged_traffic=None, multi_tenant_stack=None)),
            host(access(10)),
        ),
        cause=Cause.NOT_IN_SOURCE,
        says="DefaultIsolationID",
    ),
    Case(
        "9, Isolation: on the VLAN of the host, which the other cmdlets show as untagged",
        Outcome.FAIL,
        ("same_vlan",),
        node=node(guest(isolated(10)), host(access(10))),
        says="VLAN 10",
    ),
    Case(
        "9, Isolation: both by isolation, apart",
        Outcome.PASS,
        ("apart",),
        node=node(guest(isolated(205)), host(isolated(10))),
    ),
    Case(
        "not known where the VM is, and the host is nowhere",
        Outcome.PASS,
        ("apart",),
        node=node(guest({"vlan_mode": None}, NOT_SHARED), switches=(NOT_SHARED,)),
        says="VLAN not known",
    ),
    Case(
        "the host's adapter is not listed",
        Outcome.UNKNOWN,
        ("host_unseen",),
        node=node(guest(access(205))),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the switch is not listed",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=node(guest(access(205)), host(access(10)), switches=(OTHER,)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("no adapter", Outcome.NOT_APPLICABLE, ("no_adapter",), node=node(host(access(10)))),
    Case(
        "plugged in nowhere",
        Outcome.NOT_APPLICABLE,
        ("not_connected",),
        node=node(guest(UNTAGGED, switch_id=None, switch_name=None), host(UNTAGGED)),
    ),
    Case(
        "switches could not be read",
        Outcome.UNKNOWN,
        node=(defaults.vm(1), fabric.vm_network_adapters()),
        gaps={"vm_switches": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
