"""SHV-002: local guardian keys on every node. Each row names the row of the fact sheet (shielded VMs) that it follows.

LT rows are those of section 6 (local guardians), "algorithm" is its coverage algorithm, VR and HR are sections 4 and 3.
"""

from __future__ import annotations

import datetime
import functools
from typing import Any

import msgspec

from hypervigil.controls.shielded import shv_002_guardian_keys_everywhere as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.evidence.shielding import Guardians
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

A, B, C = "AA" * 20, "BB" * 20, "CC" * 20


def vm(**security: Any) -> tuple[Fact, ...]:
    return defaults.vm(1), fabric.vm_security(1, **{"tpm_enabled": True, "protector_thumbprints": (A,), **security})


def nodes(*guardians: Guardians, machine: tuple[Fact, ...] = vm(), also: tuple[Fact, ...] = ()) -> dict[str, Any]:
    """HV01, which holds the VM, and the nodes after it, with these keys."""
    own = {f"HV{place:02d}": (fact, *also) for place, fact in enumerate(guardians, start=1)}
    return {name: (*facts, *machine) if name == "HV01" else facts for name, facts in own.items()}


def owned_by(*owners: str, **changes: Any) -> tuple[Fact, ...]:
    return (fabric.cluster_groups(fabric.cluster_group(1, *owners, **changes)),)


def keys(*thumbprints: str, names: tuple[str, ...] | None = ("UntrustedGuardian",), **changes: Any) -> Guardians:
    """Keys with these thumbprints; ``changes`` are fields of each of them."""
    made = fabric.guardians(*thumbprints).keys if thumbprints else ()
    return fabric.guardians(keys=tuple(msgspec.structs.replace(key, **changes) for key in made), names=names)


GUARDED = keys(names=())
BOTH = owned_by("HV01", "HV02")
OfVm = functools.partial(Case, subject="VM0001", cluster=BOTH)

CASES = (
    OfVm(
        "VR-7: no virtual TPM",
        Outcome.NOT_APPLICABLE,
        ("no_tpm",),
        nodes=nodes(keys(A), keys(B), machine=vm(tpm_enabled=False, protector_thumbprints=())),
    ),
    OfVm(
        "VR-7: no virtual TPM, and nobody read any key",
        Outcome.NOT_APPLICABLE,
        ("no_tpm",),
        nodes=nodes(keys(A), keys(B), machine=vm(tpm_enabled=False, protector_thumbprints=())),
        gaps={"guardians": Cause.ACCESS_DENIED},
    ),
    OfVm(
        "algorithm, clustered roles: the VM is none, so its own node counts alone",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A), keys(B)),
        cluster=owned_by("HV01", "HV02", vm_id=fabric.VM_ID.format(7)),
    ),
    OfVm(
        "algorithm, clustered roles: one of them does not tell whose it is",
        Outcome.UNKNOWN,
        ("owners_unread",),
        nodes=nodes(keys(A), keys(B)),
        cluster=owned_by("HV01", "HV02", vm_id=None),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "algorithm, possible owners: the node without the key is none",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A), keys(A), keys(B)),
        says="HV01, HV02.",
    ),
    OfVm(
        "algorithm, possible owners: of three nodes two can own it, one of them without the key",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(B), keys(B)),
        says="HV02 can own it and holds no key",
    ),
    OfVm(
        "algorithm, possible owners: nobody read them",
        Outcome.UNKNOWN,
        ("owners_unread",),
        nodes=nodes(keys(A), keys(B)),
        cluster=owned_by("HV01", "HV02", possible_owners=None),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "LT-2: the key is on every node",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A), keys(A)),
        says="HV01, HV02",
    ),
    OfVm(
        "LT-2: the pair of the VM's own host is on no other",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(B)),
        says="HV02 can own it and holds no key",
    ),
    OfVm(
        "LT-3: the other node never had a VM with a virtual TPM",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(names=())),
        says="HV02 can own it and holds no key",
    ),
    OfVm(
        "LT-3: the other node has not even the module",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(names=None)),
    ),
    OfVm(
        "LT-4: the host was reinstalled and has a new pair; nobody has the old one",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(C), keys(B)),
        says="HV01, HV02 can own it and hold no key",
    ),
    OfVm(
        "LT-5, fix A: guarded hosts have no local key",
        Outcome.REVIEW,
        ("guarded",),
        nodes=nodes(GUARDED, GUARDED),
        confidence=Confidence.INFERRED,
        says="HV01, HV02 can own it, hold no key that its key protector names and list no guardian",
    ),
    OfVm(
        "LT-5, fix B: every pair was brought to every node",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A, B), keys(B, A)),
    ),
    OfVm(
        "LT-5, fix B: brought in one direction only",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(A, B), machine=vm(protector_thumbprints=(B,))),
        says="HV01 can own it and holds no key",
    ),
    OfVm(
        "LT-5, fix B: imported without the private key",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(A, has_private_key=False)),
    ),
    OfVm(
        "LT-6, fix C: one guardian for the whole cluster",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A, C), keys(B, C), machine=vm(protector_thumbprints=(C,))),
    ),
    OfVm(
        "algorithm: a key of any guardian will do, the owner's or another's",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A), keys(B), machine=vm(protector_thumbprints=(A, B))),
    ),
    OfVm(
        "LT-7: an empty list of guardians is no proof: the key on one node may be left from before",
        Outcome.REVIEW,
        ("guarded",),
        nodes=nodes(keys(A, names=()), GUARDED),
        says="HV02 can own it, holds no key that its key protector names and lists no guardian",
    ),
    OfVm(
        "LT-7: one node lists a guardian of its own, so it is not guarded",
        Outcome.FAIL,
        ("missing", "guarded"),
        nodes=nodes(GUARDED, keys(B)),
    ),
    OfVm(
        "LT-9: a pair past its date still opens, as far as anybody knows",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A), keys(A, not_after=AT - datetime.timedelta(days=1))),
    ),
    OfVm(
        "LT-11: 2025 brings no key to the other node either",
        Outcome.FAIL,
        ("missing",),
        nodes=nodes(keys(A), keys(B), also=(defaults.operating_system(Release.WS2025),)),
    ),
    OfVm(
        "VR-4: no key protector",
        Outcome.REVIEW,
        ("no_protector",),
        nodes=nodes(keys(A), keys(A), machine=vm(protector_thumbprints=())),
        confidence=Confidence.UNVERIFIED,
    ),
    OfVm(
        "algorithm, unreadable: the key protector",
        Outcome.UNKNOWN,
        ("protector_unread",),
        nodes=nodes(keys(A), keys(B), machine=vm(protector_thumbprints=None)),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "algorithm, unreadable: the store of one node",
        Outcome.UNKNOWN,
        ("keys_unread",),
        nodes=nodes(keys(A), keys(A)),
        gaps={"guardians@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    OfVm(
        "algorithm, unreadable: the store of one node, while another has not the key",
        Outcome.FAIL,
        ("missing", "keys_unread"),
        nodes=nodes(keys(A), keys(A), keys(B)),
        cluster=owned_by("HV01", "HV02", "HV03"),
        gaps={"guardians@HV02": Cause.ACCESS_DENIED},
        says="HV03 can own it",
    ),
    OfVm(
        "HR-9: a node that nobody visited",
        Outcome.UNKNOWN,
        ("keys_unread",),
        nodes=nodes(keys(A), keys(A)),
        cluster=(*owned_by("HV01", "HV02", "HV03"), defaults.cluster_nodes("HV01", "HV02", "HV03")),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "algorithm, unreadable: the clustered roles, and a node lacks the key",
        Outcome.UNKNOWN,
        ("owners_unread",),
        nodes=nodes(keys(A), keys(B)),
        gaps={"cluster_groups": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    OfVm(
        "algorithm, unreadable: the clustered roles, though every node that was read has the key",
        Outcome.UNKNOWN,
        ("owners_unread",),
        nodes=nodes(keys(A), keys(A)),
        gaps={"cluster_groups": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
        says="lies on HV01, HV02",
    ),
    OfVm(
        "algorithm, possible owners: nobody read them, and every node has the key",
        Outcome.PASS,
        ("covered",),
        nodes=nodes(keys(A), keys(A)),
        cluster=owned_by("HV01", "HV02", possible_owners=None),
    ),
)
