"""A switch's ports as packets take them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hypervigil.controls.effective.vlans import (
    Meeting,
    Opaque,
    Port,
    is_connected,
    may_meet_outside,
    meet,
    on_one_switch,
    port_of,
    shown,
    switch_of,
    uplinks,
)
from hypervigil.evidence.vm_settings import NetworkAdapter, SwitchType, VlanMode, VmSwitch
from hypervigil.synthetic import fabric_defaults as fabric

ISOLATED_OR_COMMUNITY = {"vlan_mode": VlanMode.PRIVATE, "primary_vlan": 20, "secondary_vlan": 21}
PROMISCUOUS = {"vlan_mode": VlanMode.PRIVATE, "primary_vlan": 20, "secondary_vlan": 0}


def adapter(**changes: object) -> NetworkAdapter:
    return NetworkAdapter(id="a", name="NIC", **changes)  # type: ignore[arg-type]


def access(vlan: int) -> dict[str, object]:
    return {"vlan_mode": VlanMode.ACCESS, "access_vlan": vlan}


def trunk(native: int, *allowed: int) -> dict[str, object]:
    return {"vlan_mode": VlanMode.TRUNK, "native_vlan": native, "allowed_vlans": allowed}


UNTAGGED: dict[str, object] = {"vlan_mode": VlanMode.UNTAGGED}


def isolated(vlan: int | None, **changes: object) -> dict[str, object]:
    """Isolation in mode Vlan. What the other family of cmdlets shows then is Untagged."""
    own = {"isolation_mode": "Vlan", "default_isolation_id": vlan, "allow_untagged_traffic": True}
    return {**UNTAGGED, **own, "multi_tenant_stack": False, **changes}


def port(changes: Mapping[str, object]) -> Port:
    found = port_of(adapter(**changes))
    assert isinstance(found, Port)
    return found


@pytest.mark.parametrize(
    ("one", "other", "meeting", "vlans"),
    [
        (access(10), access(10), Meeting.TOGETHER, {10}),
        (access(10), access(20), Meeting.APART, set()),
        (UNTAGGED, UNTAGGED, Meeting.TOGETHER, {0}),
        (UNTAGGED, access(10), Meeting.APART, set()),
        (access(0), UNTAGGED, Meeting.TOGETHER, {0}),
        (trunk(0, 10, 20), access(20), Meeting.TOGETHER, {20}),
        (trunk(0, 10, 20), UNTAGGED, Meeting.TOGETHER, {0}),
        (trunk(30, 10), access(30), Meeting.TOGETHER, {30}),
        (trunk(30, 10), UNTAGGED, Meeting.APART, set()),
        (trunk(0, 10, 20), trunk(1, 20, 10), Meeting.TOGETHER, {10, 20}),
        # Private: it gets frames of the primary VLAN, and sends on the secondary one.
        (ISOLATED_OR_COMMUNITY, access(20), Meeting.TOGETHER, {20}),
        (ISOLATED_OR_COMMUNITY, access(21), Meeting.TOGETHER, {21}),
        (ISOLATED_OR_COMMUNITY, access(22), Meeting.APART, set()),
        (ISOLATED_OR_COMMUNITY, ISOLATED_OR_COMMUNITY, Meeting.PERHAPS, {21}),
        (ISOLATED_OR_COMMUNITY, {**ISOLATED_OR_COMMUNITY, "secondary_vlan": 22}, Meeting.APART, set()),
        (ISOLATED_OR_COMMUNITY, PROMISCUOUS, Meeting.TOGETHER, {20}),
        (PROMISCUOUS, PROMISCUOUS, Meeting.TOGETHER, {20}),
        (PROMISCUOUS, access(33), Meeting.PERHAPS, {33}),
        (PROMISCUOUS, UNTAGGED, Meeting.APART, set()),
        # Isolation: it is on its default VLAN, whatever the VLAN setting shows.
        (isolated(10), access(10), Meeting.TOGETHER, {10}),
        (isolated(10), isolated(10), Meeting.TOGETHER, {10}),
        (isolated(10), isolated(20), Meeting.APART, set()),
        (isolated(10), UNTAGGED, Meeting.APART, set()),
        (isolated(10, **access(20)), access(20), Meeting.APART, set()),
        (isolated(10), trunk(0, 10, 20), Meeting.TOGETHER, {10}),
        (isolated(0), UNTAGGED, Meeting.TOGETHER, {0}),
    ],
)
def test_two_ports_meet(one: dict[str, object], other: dict[str, object], meeting: Meeting, vlans: set[int]) -> None:
    assert meet(port(one), port(other)) == (meeting, frozenset(vlans))
    assert meet(port(other), port(one)) == (meeting, frozenset(vlans))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "not read"),
        ({"vlan_mode": VlanMode(9)}, "not read in full"),
        ({"vlan_mode": VlanMode.ACCESS}, "not read in full"),
        ({"vlan_mode": VlanMode.TRUNK, "allowed_vlans": (10,)}, "not read in full"),
        ({"vlan_mode": VlanMode.PRIVATE}, "not read in full"),
        ({**access(10), "isolation_mode": "Vlan"}, "DefaultIsolationID"),
        (isolated(None), "DefaultIsolationID"),
        (isolated(10, allow_untagged_traffic=None), "DefaultIsolationID"),
        (isolated(10, multi_tenant_stack=None), "DefaultIsolationID"),
        (isolated(10, allow_untagged_traffic=False), "drops its frames without a tag"),
        (isolated(10, multi_tenant_stack=True), "MultiTenantStack"),
        (isolated(10, isolation_mode="ExternalVirtualSubnet"), "ExternalVirtualSubnet"),
        ({**UNTAGGED, "isolation_mode": "NativeVirtualSubnet"}, "NativeVirtualSubnet"),
    ],
)
def test_a_port_that_was_not_read_is_no_port(changes: dict[str, object], why: str) -> None:
    found = port_of(adapter(**changes))
    assert isinstance(found, Opaque)
    assert why in found.why


def test_isolation_none_leaves_the_vlan_setting() -> None:
    assert port({**access(10), "isolation_mode": "None"}) == port(access(10))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (UNTAGGED, access(10), True),
        (access(10), UNTAGGED, True),
        (access(10), access(20), False),
        (UNTAGGED, UNTAGGED, False),
        (trunk(0, 30), access(10), True),
    ],
)
def test_untagged_frames_may_land_on_any_vlan_outside(
    one: dict[str, object], other: dict[str, object], expected: bool
) -> None:
    assert may_meet_outside(port(one), port(other)) is expected


@pytest.mark.parametrize(
    ("vlans", "text"),
    [((20, 10), "VLAN 10, 20"), ((0,), "untagged"), ((0, 7), "untagged and VLAN 7"), ((), "")],
)
def test_vlans_are_shown(vlans: tuple[int, ...], text: str) -> None:
    assert shown(vlans) == text


def test_tagged_leaves_untagged_out() -> None:
    assert port(trunk(0, 10)).tagged == {10}
    assert port(ISOLATED_OR_COMMUNITY).tagged == {20, 21}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"switch_id": "s1"}, True),
        ({"switch_name": "S"}, True),
        ({}, False),
        ({"switch_name": "", "switch_id": "00000000-0000-0000-0000-000000000000"}, False),
    ],
)
def test_an_adapter_is_connected(changes: dict[str, object], expected: bool) -> None:
    assert is_connected(adapter(**changes)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"switch_id": "s1", "switch_name": "A"}, {"switch_id": "s1", "switch_name": "B"}, True),
        ({"switch_id": "s1", "switch_name": "A"}, {"switch_id": "s2", "switch_name": "A"}, False),
        ({"switch_name": "A"}, {"switch_id": "s2", "switch_name": "A"}, True),
        ({}, {}, False),
    ],
)
def test_two_adapters_are_on_one_switch(one: dict[str, object], other: dict[str, object], expected: bool) -> None:
    assert on_one_switch(adapter(**one), adapter(**other)) is expected


def test_the_switch_of_an_adapter() -> None:
    switches = fabric.vm_switches()
    (listed,) = switches.switches
    assert switch_of(adapter(switch_id=listed.id), switches) == listed
    assert switch_of(adapter(switch_name="Tenants"), switches) == listed
    assert switch_of(adapter(switch_id="other", switch_name="Tenants"), switches) is None
    assert switch_of(adapter(), switches) is None


def test_a_team_is_the_uplink() -> None:
    team = VmSwitch(
        id="s",
        name="S",
        type=SwitchType.EXTERNAL,
        allow_management_os=True,
        embedded_teaming=True,
        adapters=("virtual",),
    )
    assert uplinks(team) == ("virtual",)
    (listed,) = fabric.vm_switches().switches
    assert uplinks(listed) == listed.team_adapters
