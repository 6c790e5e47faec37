"""The networks of a cluster as the page shows them: who is on a segment, what is wired alike, who reaches whom."""

from __future__ import annotations

import datetime

import msgspec

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import IpInterfaces
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode, VmNetworkAdapters
from hypervigil.evidence.wire import Reach
from hypervigil.report.network_picture import MOST_FABRICS, MOST_LINES, MOST_SEGMENTS, WIDTH, Picture, picture_of
from hypervigil.report.network_view import NetworkView, Segment, network_view
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic.remote_defaults import wire_reach
from tests.assess.planted import evidence

NOON = datetime.date(2026, 11, 24)


def adapter(name: str, vm: str | None = None, **changes: object) -> NetworkAdapter:
    made = NetworkAdapter(
        id=name,
        name=name,
        vm_id=vm and f"id of {vm}",
        vm_name=vm,
        switch_name="Tenants",
        switch_id=fabric.SWITCH_ID,
        vlan_mode=VlanMode.ACCESS,
        access_vlan=20,
    )
    return msgspec.structs.replace(made, **changes)


def trunk(name: str, vm: str, *vlans: int) -> NetworkAdapter:
    return adapter(name, vm, vlan_mode=VlanMode.TRUNK, access_vlan=None, native_vlan=0, allowed_vlans=vlans)


def node(*adapters: NetworkAdapter) -> tuple[Fact, ...]:
    return (fabric.vm_switches(), VmNetworkAdapters(adapters=adapters))


def judged(nodes: dict[str, tuple[Fact, ...]], *cluster: Fact) -> Assessment:
    return assess(evidence(nodes, *cluster), [], today=NOON)


def view(nodes: dict[str, tuple[Fact, ...]], *cluster: Fact) -> NetworkView:
    made = network_view(judged(nodes, *cluster), "CL01")
    assert made is not None
    return made


def picture(*adapters: NetworkAdapter) -> Picture:
    return picture_of(view({"HV01": node(*adapters)}))


def segments(*adapters: NetworkAdapter) -> dict[str, Segment]:
    (found,) = view({"HV01": node(*adapters)}).fabrics
    return {segment.label: segment for segment in found.switches[0].segments}


def test_a_vlan_that_host_and_vms_use_is_shared() -> None:
    found = segments(adapter("Mgmt"), adapter("a", "VM1"), adapter("b", "VM2", access_vlan=100))
    assert list(found) == ["VLAN 20", "VLAN 100"]
    assert found["VLAN 20"].shared
    assert not found["VLAN 100"].shared
    assert found["VLAN 20"].hosts == ("Mgmt",)
    assert found["VLAN 20"].tenants[0].vms == ("VM1",)


def test_a_trunk_is_on_every_segment_that_others_are_on() -> None:
    found = segments(adapter("Storage", access_vlan=30), trunk("t", "VM1", *range(1, 4095)))
    assert list(found) == ["untagged", "VLANs 1 to 4094", "VLAN 30"]
    assert found["VLAN 30"].shared
    assert found["VLAN 30"].tenants[0].trunk
    assert list(segments(trunk("t", "VM1", 7, 9))) == ["untagged", "VLAN 7", "VLAN 9"]


def test_what_was_not_read_is_not_drawn_as_something_else() -> None:
    found = segments(adapter("a", "VM1", vlan_mode=None), adapter("b", "VM2", vlan_mode=VlanMode.UNTAGGED))
    assert list(found) == ["untagged", "VLAN not known"]


def test_an_adapter_in_no_switch_is_on_no_segment() -> None:
    assert segments(adapter("a", "VM1", switch_name=None, switch_id=None)) == {}


def test_nodes_that_are_wired_alike_share_a_drawing_and_others_do_not() -> None:
    alike = {f"HV0{n}": node(adapter("Mgmt"), adapter("a", f"VM{n}", access_vlan=100)) for n in (1, 2)}
    found = view({**alike, "HV03": node(adapter("Mgmt", access_vlan=21)), "HV04": ()})
    assert [each.nodes for each in found.fabrics] == [("HV01", "HV02"), ("HV03",)]
    assert found.fabrics[0].switches[0].segments[1].tenants[0].vms == ("VM1", "VM2")
    assert found.unseen == ("HV04",)


def test_nothing_is_shown_of_a_cluster_that_says_nothing() -> None:
    assert network_view(judged({"HV01": ()}), "CL01") is None


def test_networks_of_the_host_bear_the_names_that_the_cluster_gives_them() -> None:
    (found,) = view({"HV01": (*node(), fabric.ip_interfaces())}, fabric.cluster_networks()).fabrics
    assert "Management 10.0.9.0/24 (cluster and clients)" in found.loose


def test_who_reaches_whom() -> None:
    forwarding = fabric.ip_interfaces()
    forwarding = IpInterfaces(
        interfaces=tuple(msgspec.structs.replace(i, forwarding=True) for i in forwarding.interfaces[:1])
    )
    shared = node(adapter("Mgmt"), adapter("a", "VM1"))
    found = view({"HV01": (*shared, forwarding, fabric.routes())}, wire_reach(tenant=Reach.OPEN))
    said = [(path.source, path.target, path.known) for path in found.paths]
    assert said[0] == ("VM1", "Mgmt", "VLAN settings of HV01")
    assert any("HV01 forwards packets" in known for _, _, known in said)
    assert any(target == "every other network" for _, target, _ in said)
    assert said[-1][2] == "it answered"


# The picture


def test_shapes_stay_on_the_sheet_and_say_the_whole_in_their_titles() -> None:
    name = "A" * 300
    drawn = picture(adapter(name), *(adapter(f"a{n}", f"VM{n:04d}") for n in range(900))).drawings[0]
    for box in drawn.boxes:
        assert 0 <= box.x < box.x + box.width <= WIDTH
        assert 0 < box.y < box.y + box.height <= drawn.height
        assert len(box.text) <= 40
    assert any(box.whole == name for box in drawn.boxes)
    assert any(box.whole.startswith("900 VMs: ") for box in drawn.boxes)


def test_a_shared_segment_is_told_by_its_words_and_a_trunk_by_its_line() -> None:
    drawn = picture(adapter("Mgmt"), adapter("a", "VM1"), trunk("t", "VM2", 20)).drawings[0]
    (shared,) = (box for box in drawn.boxes if box.kind == "shared")
    assert shared.text == "VLAN 20: SHARED"
    assert {wire.kind for wire in drawn.wires} == {"access", "trunk"}


def test_what_is_left_out_is_counted() -> None:
    many = {f"HV{n:02d}": node(adapter("Mgmt", access_vlan=n + 1)) for n in range(MOST_FABRICS + 3)}
    assert picture_of(view(many)).more_drawings == 3
    drawn = picture(*(adapter(f"a{n}", f"VM{n}", access_vlan=n + 1) for n in range(MOST_SEGMENTS + 5))).drawings[0]
    assert any(words.text == "and 5 more segments" for words in drawn.words)
    drawn = picture(*(adapter(f"a{n}") for n in range(MOST_LINES + 2))).drawings[0]
    assert any(box.text == "and 3 more" for box in drawn.boxes)
