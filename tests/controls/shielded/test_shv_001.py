"""SHV-001: guarded owners of shielded VMs."""

from __future__ import annotations

import functools
from typing import Any

from hypervigil.controls.shielded import shv_001_owners_guarded as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.shielding import AttestationStatus, HgsClient, HgsMode
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

KEY = "AA" * 20


def vm(**security: Any) -> tuple[Fact, ...]:
    whole = {"tpm_enabled": True, "shielded": True, "protector_thumbprints": (KEY,), **security}
    return defaults.vm(1), fabric.vm_security(1, **whole)


def nodes(*clients: HgsClient, machine: tuple[Fact, ...] = vm()) -> dict[str, tuple[Fact, ...]]:
    """HV01, which holds the VM, and the nodes after it."""
    own = {f"HV{place:02d}": (fact,) for place, fact in enumerate(clients, start=1)}
    return {name: (*facts, *machine) if name == "HV01" else facts for name, facts in own.items()}


def owned_by(*owners: str, **changes: Any) -> tuple[Fact, ...]:
    return (fabric.cluster_groups(fabric.cluster_group(1, *owners, **changes)),)


def failed(status: AttestationStatus, **changes: Any) -> HgsClient:
    return fabric.hgs_client(**{"host_guarded": False, "status": status, **changes})


GOOD = fabric.hgs_client()
LOCAL = failed(
    AttestationStatus.NOT_CONFIGURED,
    mode=HgsMode.LOCAL,
    attestation_url=None,
    key_protection_url=None,
    fallback_attestation_urls=(),
    fallback_key_protection_urls=(),
)
ALONE = fabric.hgs_client(fallback_attestation_urls=(), fallback_key_protection_urls=())
ELSEWHERE = fabric.hgs_client(
    attestation_url="https://other.bastion.local/Attestation",
    fallback_attestation_urls=(),
    key_protection_url="https://other.bastion.local/KeyProtection",
    fallback_key_protection_urls=(),
)
SWAPPED = fabric.hgs_client(
    attestation_url="https://HGS2.bastion.local/Attestation/",
    fallback_attestation_urls=("https://hgs.bastion.local/Attestation",),
    key_protection_url="https://hgs2.bastion.local/KeyProtection",
    fallback_key_protection_urls=("https://hgs.bastion.local/KeyProtection",),
)
BOTH = owned_by("HV01", "HV02")
OfVm = functools.partial(Case, subject="VM0001", cluster=BOTH)

CASES = (
    OfVm(
        "not shielded, and nobody asked the clients",
        Outcome.NOT_APPLICABLE,
        ("not_shielded",),
        nodes=nodes(GOOD, LOCAL, machine=vm(shielded=False)),
        gaps={"hgs_client": Cause.NOT_COLLECTED},
    ),
    OfVm(
        "both owners are guarded",
        Outcome.PASS,
        ("guarded",),
        nodes=nodes(GOOD, GOOD),
        says="HV01, HV02",
        confidence=Confidence.DOCUMENTED,
    ),
    OfVm("the same two services the other way round", Outcome.PASS, ("guarded",), nodes=nodes(ALONE, SWAPPED)),
    OfVm(
        "an owner in local mode",
        Outcome.FAIL,
        ("unguarded",),
        nodes=nodes(GOOD, LOCAL),
        says="HV02 can own it and is not guarded (mode local (1), attestation not configured (0))",
    ),
    OfVm(
        "an owner with the wrong configuration",
        Outcome.FAIL,
        ("unguarded",),
        nodes=nodes(GOOD, failed(AttestationStatus.INSECURE_HOST_CONFIGURATION, substatus="SecureBootSettings")),
        says="insecure host configuration (303), substatus SecureBootSettings",
    ),
    OfVm(
        "an owner that has to try again",
        Outcome.FAIL,
        ("unguarded",),
        nodes=nodes(GOOD, failed(AttestationStatus.RETRIABLE)),
        says="retriable (300)",
    ),
    OfVm(
        "not guarded, the status was not read",
        Outcome.FAIL,
        ("unguarded",),
        nodes=nodes(GOOD, fabric.hgs_client(host_guarded=False, status=None)),
        says="attestation not read",
    ),
    OfVm(
        "guarded by its own word, in local mode",
        Outcome.FAIL,
        ("unguarded",),
        nodes=nodes(GOOD, fabric.hgs_client(mode=HgsMode.LOCAL)),
    ),
    OfVm(
        "guarded by its own word, with an attestation that ran out",
        Outcome.FAIL,
        ("not_passed",),
        nodes=nodes(GOOD, fabric.hgs_client(status=AttestationStatus.EXPIRED)),
        says="expired (200)",
    ),
    OfVm(
        "a status that nobody has named yet",
        Outcome.REVIEW,
        ("odd_status",),
        nodes=nodes(GOOD, fabric.hgs_client(status=AttestationStatus(150))),
        says="unknown code (150)",
    ),
    OfVm(
        "shielded without a key protector",
        Outcome.REVIEW,
        ("no_protector",),
        nodes=nodes(GOOD, GOOD, machine=vm(protector_thumbprints=())),
        confidence=Confidence.UNVERIFIED,
    ),
    OfVm(
        "owners that ask two services",
        Outcome.FAIL,
        ("apart", "apart"),
        nodes=nodes(GOOD, ELSEWHERE),
        confidence=Confidence.INFERRED,
        says="HV02 https://other.bastion.local/attestation",
    ),
    OfVm(
        "the node that is not guarded can not own it",
        Outcome.PASS,
        ("guarded",),
        nodes=nodes(GOOD, GOOD, LOCAL),
    ),
    OfVm(
        "no clustered role: its own node counts",
        Outcome.PASS,
        ("guarded",),
        nodes=nodes(GOOD, LOCAL),
        cluster=owned_by("HV01", "HV02", vm_id=fabric.VM_ID.format(2)),
        says="attested: HV01.",
    ),
    OfVm(
        "guarded, the status was not read",
        Outcome.UNKNOWN,
        ("status_unread",),
        nodes=nodes(GOOD, fabric.hgs_client(status=None)),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "guarded, one address was not read",
        Outcome.UNKNOWN,
        ("address_unread",),
        nodes=nodes(GOOD, fabric.hgs_client(key_protection_url=None)),
        cause=Cause.NOT_COLLECTED,
        says="key protection service was not read on HV02",
    ),
    OfVm(
        "the owners were not read",
        Outcome.UNKNOWN,
        ("owners_unread",),
        nodes=nodes(GOOD, LOCAL),
        cluster=owned_by("HV01", "HV02", possible_owners=None),
        cause=Cause.NOT_COLLECTED,
    ),
    OfVm(
        "the owners were not read, its own node is not guarded",
        Outcome.FAIL,
        ("owners_unread", "unguarded"),
        nodes=nodes(LOCAL, GOOD),
        cluster=owned_by("HV01", "HV02", possible_owners=None),
    ),
    OfVm(
        "an owner was not asked",
        Outcome.UNKNOWN,
        ("client_unread",),
        nodes=nodes(GOOD, GOOD),
        gaps={"hgs_client@HV02": Cause.NOT_COLLECTED},
        cause=Cause.NOT_COLLECTED,
        says="HV02 can own it",
    ),
    OfVm(
        "an owner was not asked, another is not guarded",
        Outcome.FAIL,
        ("unguarded", "client_unread"),
        nodes=nodes(GOOD, GOOD, LOCAL),
        cluster=owned_by("HV01", "HV02", "HV03"),
        gaps={"hgs_client@HV02": Cause.TIMED_OUT},
    ),
    OfVm(
        "no client was asked, as is the default",
        Outcome.UNKNOWN,
        nodes=nodes(GOOD, GOOD),
        gaps={"hgs_client": Cause.NOT_COLLECTED},
        cause=Cause.NOT_COLLECTED,
    ),
)
