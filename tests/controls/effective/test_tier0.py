"""Which guests are tier 0, and which nodes can host them."""

from __future__ import annotations

import pytest

from hypervigil.controls.effective.tier0 import Hosting, TierZeroGuest, hosts, tier0_guests
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.vm_settings import GuestIdentity, GuestProductType
from hypervigil.model.context import GuestRef, TierZeroRole
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric

NODES = tuple(Subject(Scope.NODE, f"hv0{n}.contoso.com", f"HV0{n}", aliases=(f"hv0{n}",)) for n in (1, 2, 3))
DC = defaults.vm(1, name="DC01")
CA = defaults.vm(2, name="CA01", clustered=False)
APP = defaults.vm(3, name="APP01", clustered=None)


def on(node: Subject, vm: Vm) -> tuple[Subject, Vm]:
    return Subject(Scope.VM, vm.id, vm.name, nodes=(node.key,)), vm


VMS = (on(NODES[0], DC), on(NODES[1], CA), on(NODES[2], APP))


def says(vm: Vm, kind: GuestProductType) -> tuple[Subject, GuestIdentity]:
    return Subject(Scope.VM, vm.id, vm.id), fabric.guest_identity(id=vm.id.upper(), product_type=kind)


def told(guests: tuple[TierZeroGuest, ...]) -> list[tuple[str, str, bool, bool]]:
    return [(guest.name, guest.role_shown, guest.declared, guest.may_move) for guest in guests]


def test_declared_by_name_or_id_in_any_case() -> None:
    declared = (
        GuestRef(vm="dc01", role=TierZeroRole.DOMAIN_CONTROLLER),
        GuestRef(vm=CA.id.upper(), role=TierZeroRole.CERTIFICATE_AUTHORITY),
        GuestRef(vm="elsewhere"),
    )
    assert told(tier0_guests(VMS, (), declared)) == [
        ("DC01", "domain controller", True, True),
        ("CA01", "certificate authority", True, False),
    ]


@pytest.mark.parametrize("role", [None, TierZeroRole.OTHER])
def test_a_role_that_nobody_named_is_tier_0(role: TierZeroRole | None) -> None:
    assert told(tier0_guests(VMS, (), (GuestRef(vm="APP01", role=role),))) == [("APP01", "tier 0", True, True)]


def test_what_a_guest_says_of_itself_counts_where_nobody_declared_it() -> None:
    said = (says(DC, GuestProductType.DOMAIN_CONTROLLER), says(APP, GuestProductType.SERVER))
    assert told(tier0_guests(VMS, said, None)) == [("DC01", "domain controller", False, True)]
    hgs = (GuestRef(vm="DC01", role=TierZeroRole.HOST_GUARDIAN_SERVICE),)
    assert told(tier0_guests(VMS, said, hgs)) == [("DC01", "host guardian service", True, True)]


def test_nobody_declared_and_nobody_said() -> None:
    assert tier0_guests(VMS, (), None) == ()


DECLARED = tier0_guests(VMS, (), (GuestRef(vm="DC01"), GuestRef(vm="CA01")))


def how(groups: ClusterGroups | None) -> dict[str, list[tuple[str, str]]]:
    found = hosts(DECLARED, NODES, groups)
    return {node.name: [(guest.name, hosting.value) for guest, hosting in own] for node, own in found.items()}


def test_possible_owners_tell_who_can_hold_it() -> None:
    groups = ClusterGroups(groups=(fabric.cluster_group(1, "HV01", "HV03", vm_id=DC.id),))
    assert how(groups) == {"HV01": [("DC01", "holds")], "HV02": [("CA01", "holds")], "HV03": [("DC01", "can_hold")]}


@pytest.mark.parametrize(
    "groups", [None, ClusterGroups(groups=(fabric.cluster_group(1, vm_id=DC.id, possible_owners=None),))]
)
def test_without_them_every_node_may_hold_what_is_clustered(groups: ClusterGroups | None) -> None:
    assert how(groups) == {
        "HV01": [("DC01", "holds")],
        "HV02": [("DC01", "may_hold"), ("CA01", "holds")],
        "HV03": [("DC01", "may_hold")],
    }


def test_nodes_without_a_tier_0_guest_are_left_out() -> None:
    assert hosts((), NODES, None) == {}
    assert {own[0][1] for own in hosts(DECLARED[1:], NODES, None).values()} == {Hosting.HOLDS}
