"""Where protected VMs can start, as the page shows it."""

from __future__ import annotations

import datetime

from hypervigil.assess.assessment import assess
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.shielding import AttestationStatus
from hypervigil.report.owner_matrix import MOST_COLUMNS, OwnerMatrix, Start, owner_matrix
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.assess.planted import evidence

NOON = datetime.date(2026, 11, 24)
LOCAL = fabric.guardians()
BARE = fabric.guardians(keys=())
BOTH = fabric.cluster_groups(*map(fabric.cluster_group, (1, 2)))


def vm(number: int, *, shielded: bool = False) -> tuple[Fact, ...]:
    protected = fabric.vm_security(
        number, tpm_enabled=True, shielded=shielded, protector_thumbprints=(fabric.GUARDIAN_KEY,)
    )
    return defaults.vm(number), protected


def matrix(nodes: dict[str, tuple[Fact, ...]], *cluster: Fact) -> OwnerMatrix:
    made = owner_matrix(assess(evidence(nodes, *cluster), [], today=NOON), "CL01")
    assert made is not None
    return made


def cells(nodes: dict[str, tuple[Fact, ...]], *cluster: Fact) -> tuple[Start, ...]:
    (row,) = matrix(nodes, *cluster).rows
    return row.cells


def test_a_node_starts_what_it_may_own_and_has_a_key_for() -> None:
    nodes = {"HV01": (*vm(1), LOCAL), "HV02": (BARE,), "HV03": (LOCAL,)}
    assert cells(nodes, BOTH) == (Start.KEY, Start.NO_KEY, Start.NO_OWNER)


def test_a_host_that_a_guardian_service_vouches_for_needs_no_key() -> None:
    guarded = fabric.guardians(keys=(), names=())
    nodes = {"HV01": (*vm(1), guarded, fabric.hgs_client()), "HV02": (guarded,)}
    assert cells(nodes, BOTH) == (Start.ATTESTED, Start.UNKNOWN)
    expired = fabric.hgs_client(status=AttestationStatus.EXPIRED)
    assert cells({**nodes, "HV01": (*vm(1), guarded, expired)}, BOTH) == (Start.UNKNOWN, Start.UNKNOWN)


def test_what_was_not_read_is_unknown() -> None:
    assert cells({"HV01": (*vm(1), LOCAL), "HV02": ()}, BOTH) == (Start.KEY, Start.UNKNOWN)
    assert cells({"HV01": (*vm(1), LOCAL), "HV02": (LOCAL,)}) == (Start.UNKNOWN, Start.UNKNOWN)


def test_vms_of_which_the_same_holds_share_a_row_and_the_worst_row_comes_first() -> None:
    nodes = {"HV01": (*vm(1, shielded=True), *vm(2), *vm(3), LOCAL), "HV02": (BARE,)}
    (first, second, third) = matrix(nodes, BOTH).rows
    assert (first.vms, first.protection) == (("VM0001",), "shielded")
    assert (second.vms, second.cells) == (("VM0002",), (Start.KEY, Start.NO_KEY))
    assert (third.vms, third.cells) == (("VM0003",), (Start.KEY, Start.NO_OWNER))
    several = matrix({"HV01": (*vm(1), *vm(2), LOCAL), "HV02": (LOCAL,)}, BOTH)
    assert [row.vms for row in several.rows] == [("VM0001", "VM0002")]


def test_no_protected_vm_no_matrix() -> None:
    bare = evidence({"HV01": (defaults.vm(1), fabric.vm_security(1), LOCAL)}, BOTH)
    assert owner_matrix(assess(bare, [], today=NOON), "CL01") is None


def test_a_node_whose_vms_were_not_read_is_named() -> None:
    assert matrix({"HV01": (*vm(1), LOCAL), "HV02": (LOCAL,)}, BOTH).unseen == ("HV02",)


def test_many_nodes_become_lists() -> None:
    nodes = {"HV01": (*vm(1), LOCAL)} | {f"HV{n:02d}": (LOCAL,) for n in range(2, MOST_COLUMNS + 2)}
    made = matrix(nodes, BOTH)
    assert made.wide
    assert made.rows[0].nodes(Start.KEY, made.nodes) == "HV01, HV02"
