"""LM-010: where a VM with a virtual TPM can start."""

from __future__ import annotations

import functools
from typing import Any

from hypervigil.controls.live_migration import lm_010_vtpm_starts_everywhere as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.shielding import Guardians
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

A, B, C = "AA" * 20, "BB" * 20, "CC" * 20
NOTHING = fabric.guardians(keys=(), names=())


def vm(**security: Any) -> tuple[Fact, ...]:
    return defaults.vm(1), fabric.vm_security(1, **{"tpm_enabled": True, "protector_thumbprints": (A, C), **security})


def nodes(*guardians: Guardians, machine: tuple[Fact, ...] = vm()) -> dict[str, tuple[Fact, ...]]:
    """HV01, which holds the VM, and the nodes after it, with these keys."""
    own = {f"HV{place:02d}": (fact,) for place, fact in enumerate(guardians, start=1)}
    return {name: (*facts, *machine) if name == "HV01" else facts for name, facts in own.items()}


def owned_by(*owners: str, **changes: Any) -> tuple[Fact, ...]:
    return (fabric.cluster_groups(fabric.cluster_group(1, *owners, **changes)),)


HOLDS, OTHER = fabric.guardians(A), fabric.guardians(B)
BOTH = owned_by("HV01", "HV02")

OfVm = functools.partial(Case, subject="VM0001")

CASES = (
    OfVm(
        "no virtual TPM",
        Outcome.NOT_APPLICABLE,
        ("plain",),
        nodes=nodes(HOLDS, OTHER, machine=vm(tpm_enabled=False, protector_thumbprints=())),
        cluster=BOTH,
    ),
    OfVm(
        "no virtual TPM, and nobody read the keys",
        Outcome.NOT_APPLICABLE,
        ("plain",),
        nodes=nodes(HOLDS, OTHER, machine=vm(tpm_enabled=False, protector_thumbprints=())),
        cluster=BOTH,
        gaps={"guardians": Cause.ACCESS_DENIED},
    ),
    OfVm(
        "both owners hold the key",
        Outcome.PASS,
        ("everywhere",),
        nodes=nodes(HOLDS, fabric.guardians(B, A)),
        cluster=BOTH,
        says="HV01, HV02",
    ),
    OfVm(
        "each owner holds another key of the protector",
        Outcome.PASS,
        ("everywhere",),
        nodes=nodes(HOLDS, fabric.guardians(C)),
        cluster=BOTH,
    ),
    OfVm(
        "shielded is judged like a virtual TPM",
        Outcome.FAIL,
        ("lacking",),
        nodes=nodes(HOLDS, OTHER, machine=vm(tpm_enabled=False, shielded=True)),
        cluster=BOTH,
    ),
    OfVm(
        "an owner with keys of its own only",
        Outcome.FAIL,
        ("lacking",),
        nodes=nodes(HOLDS, OTHER),
        cluster=BOTH,
        says="HV02 can own it",
    ),
    OfVm(
        "an owner on which nobody ever switched a TPM on",
        Outcome.FAIL,
        ("lacking",),
        nodes=nodes(HOLDS, NOTHING),
        cluster=BOTH,
    ),
    OfVm("its own node", Outcome.FAIL, ("lacking",), nodes=nodes(OTHER, HOLDS), cluster=BOTH, says="HV01 can own it"),
    OfVm(
        "nobody holds the key",
        Outcome.FAIL,
        ("lacking", "lacking"),
        nodes=nodes(OTHER, OTHER),
        cluster=BOTH,
    ),
    OfVm(
        "the node without the key can not own it",
        Outcome.PASS,
        ("everywhere",),
        nodes=nodes(HOLDS, HOLDS, OTHER),
        cluster=BOTH,
    ),
    OfVm(
        "no clustered role: its own node counts",
        Outcome.PASS,
        ("everywhere",),
        nodes=nodes(HOLDS, OTHER),
        cluster=owned_by("HV01", "HV02", vm_id=fabric.VM_ID.format(2)),
        says="names: HV01.",
    ),
    OfVm(
        "hosts that look guarded",
        Outcome.REVIEW,
        ("guarded",),
        nodes=nodes(NOTHING, NOTHING),
        cluster=BOTH,
        confidence=Confidence.INFERRED,
        says="HV01, HV02",
    ),
    OfVm(
        "a virtual TPM without a protector",
        Outcome.REVIEW,
        ("no_protector",),
        nodes=nodes(HOLDS, HOLDS, machine=vm(protector_thumbprints=())),
        cluster=BOTH,
    ),
    OfVm(
        "the protector was not read",
        Outcome.UNKNOWN,
        ("protector_unread",),
        nodes=nodes(HOLDS, OTHER, machine=vm(protector_thumbprints=None)),
        cluster=BOTH,
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "the owners were not read",
        Outcome.UNKNOWN,
        ("owners_unread",),
        nodes=nodes(HOLDS, OTHER),
        cluster=owned_by("HV01", "HV02", possible_owners=None),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "the owners were not read, and its own node lacks the key",
        Outcome.FAIL,
        ("owners_unread", "lacking"),
        nodes=nodes(OTHER, HOLDS),
        cluster=owned_by("HV01", "HV02", possible_owners=None),
    ),
    OfVm(
        "an owner was not read",
        Outcome.UNKNOWN,
        ("keys_unread",),
        nodes=nodes(HOLDS, HOLDS),
        cluster=BOTH,
        gaps={"guardians@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    OfVm(
        "an owner was not read, another lacks the key",
        Outcome.FAIL,
        ("lacking", "keys_unread"),
        nodes=nodes(HOLDS, HOLDS, OTHER),
        cluster=owned_by("HV01", "HV02", "HV03"),
        gaps={"guardians@HV02": Cause.TIMED_OUT},
    ),
    OfVm(
        "an owner that nobody visited",
        Outcome.UNKNOWN,
        ("keys_unread",),
        nodes=nodes(HOLDS, HOLDS),
        cluster=owned_by("HV01", "HV02", "HV09"),
        cause=Cause.NOT_COLLECTED,
        says="HV09",
    ),
    OfVm(
        "a node that can not own it was not read",
        Outcome.UNKNOWN,
        ("everywhere",),
        nodes=nodes(HOLDS, HOLDS, OTHER),
        cluster=BOTH,
        gaps={"guardians@HV03": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    OfVm(
        "the roles were not read",
        Outcome.UNKNOWN,
        nodes=nodes(HOLDS, HOLDS),
        gaps={"cluster_groups": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
