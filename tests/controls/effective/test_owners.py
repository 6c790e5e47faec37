"""Possible owners of a VM, and which of them hold its keys."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hypervigil.controls.effective.owners import (
    KeyState,
    coverage,
    keys_of,
    may_be_clustered,
    of_owners,
    possible_owners,
    shown,
)
from hypervigil.evidence.cluster_objects import GroupType
from hypervigil.evidence.shielding import Guardians
from hypervigil.model.injection import Nodes
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import fabric_defaults as fabric

A, B = "AA" * 20, "BB" * 20
VM = Subject(Scope.VM, fabric.VM_ID.format(1), "VM0001", nodes=("hv01.contoso.com",))
NODES = {name: Subject(Scope.NODE, f"{name.lower()}.contoso.com", name) for name in ("HV01", "HV02", "HV03")}
LOST = Missing("guardians", Cause.ACCESS_DENIED)


def told(*missing: str, **held: Guardians) -> Nodes[Guardians]:
    return Nodes({NODES[name]: fact for name, fact in held.items()}, {NODES[name]: LOST for name in missing})


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ({}, ["HV01", "HV02"]),
        ({"possible_owners": ("HV01.contoso.com", "hv03")}, ["HV01.contoso.com", "hv03"]),
        ({"possible_owners": None}, None),
        ({"possible_owners": ()}, None),
        ({"vm_id": fabric.VM_ID.format(1).upper()}, ["HV01", "HV02"]),
        ({"vm_id": fabric.VM_ID.format(2)}, ["hv01.contoso.com"]),
        ({"vm_id": None}, None),
        ({"vm_id": None, "group_type": GroupType.FILE_SERVER}, ["hv01.contoso.com"]),
    ],
)
def test_possible_owners(role: dict[str, Any], names: list[str] | None) -> None:
    groups = fabric.cluster_groups(fabric.cluster_group(1, "HV01", "HV02", **role))
    owners = possible_owners(VM, groups)
    assert (owners and list(owners.written.values())) == names
    assert may_be_clustered(VM.key, groups) is (names != ["hv01.contoso.com"])


def test_owners_are_found_by_short_and_long_names() -> None:
    owners = possible_owners(VM, fabric.cluster_groups(fabric.cluster_group(1, "HV01.contoso.com", "HV02")))
    assert owners is not None
    assert [owners.include(name) for name in ("hv01", "HV02.contoso.com", "HV03")] == [True, True, False]


def test_what_is_known_of_owners() -> None:
    owners = possible_owners(VM, fabric.cluster_groups(fabric.cluster_group(1, "HV01", "HV02", "HV09")))
    assert owners is not None
    found = of_owners(owners, told("HV02", HV01=fabric.guardians(A), HV03=fabric.guardians(A)), Guardians)
    assert shown(found.known) == "HV01"
    assert {node.name: why.cause for node, why in found.missing.items()} == {
        "HV02": Cause.ACCESS_DENIED,
        "HV09": Cause.NOT_COLLECTED,
    }


def test_a_certificate_without_its_private_key_opens_nothing() -> None:
    whole = fabric.guardians(A, B.lower())
    public = tuple(msgspec.structs.replace(key, has_private_key=key.thumbprint != A) for key in whole.keys)
    assert keys_of(whole) == {A, B}
    assert keys_of(fabric.guardians(A, keys=public)) == {B}


HOLDS, LACKS, UNCLEAR, UNSEEN = KeyState
NOTHING = {"keys": (), "names": ()}


@pytest.mark.parametrize(
    ("held", "states"),
    [
        (told(HV01=fabric.guardians(A), HV02=fabric.guardians(A, B)), [HOLDS, HOLDS]),
        (told(HV01=fabric.guardians(A), HV02=fabric.guardians(B)), [HOLDS, LACKS]),
        (told(HV01=fabric.guardians(A), HV02=fabric.guardians(**NOTHING)), [HOLDS, LACKS]),
        (told(HV01=fabric.guardians(A, names=()), HV02=fabric.guardians(**NOTHING)), [HOLDS, UNCLEAR]),
        (told(HV01=fabric.guardians(A, names=()), HV02=fabric.guardians(B)), [HOLDS, LACKS]),
        (told(HV01=fabric.guardians(**NOTHING), HV02=fabric.guardians(keys=(), names=None)), [UNCLEAR, UNCLEAR]),
        (told("HV02", HV01=fabric.guardians(A.lower())), [HOLDS, UNSEEN]),
    ],
)
def test_coverage(held: Nodes[Guardians], states: list[KeyState]) -> None:
    found = coverage([A], held)
    assert list(found.states.values()) == states
    for state in KeyState:
        assert len(found.nodes(state)) == states.count(state)


def test_coverage_of_owners_only() -> None:
    owners = possible_owners(VM, fabric.cluster_groups(fabric.cluster_group(1, "HV02")))
    found = coverage([A], told(HV01=fabric.guardians(B), HV02=fabric.guardians(B)))
    assert shown(found.nodes(LACKS, owners)) == "HV02"
