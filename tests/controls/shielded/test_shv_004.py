"""SHV-004: how hosts are attested."""

from __future__ import annotations

from hypervigil.controls.shielded import shv_004_tpm_attestation as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.evidence.shielding import AttestationMode, AttestationStatus, HgsClient, HgsMode
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def nodes(*clients: HgsClient) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{place:02d}": (fact,) for place, fact in enumerate(clients, start=1)}


def by(mode: AttestationMode | None) -> HgsClient:
    return fabric.hgs_client(attestation_mode=mode)


TPM = by(AttestationMode.TPM)
LOCAL = fabric.hgs_client(
    host_guarded=False,
    mode=HgsMode.LOCAL,
    attestation_mode=AttestationMode.UNKNOWN,
    status=AttestationStatus.NOT_CONFIGURED,
)

CASES = (
    Case("TPM on all", Outcome.PASS, ("tpm",), nodes=nodes(TPM, TPM), says="HV01, HV02 by TPM"),
    Case("TPM on 2016, without fallback", Outcome.PASS, ("tpm",), nodes=nodes(fabric.hgs_client(Release.WS2016))),
    Case(
        "the host is not attested, the service works by TPM all the same",
        Outcome.PASS,
        ("tpm",),
        nodes=nodes(fabric.hgs_client(host_guarded=False, status=AttestationStatus.EXPIRED)),
    ),
    Case("no service", Outcome.NOT_APPLICABLE, ("no_service",), nodes=nodes(LOCAL, LOCAL)),
    Case(
        "Active Directory on one",
        Outcome.FAIL,
        ("tpm", "directory"),
        nodes=nodes(TPM, by(AttestationMode.ACTIVE_DIRECTORY)),
        says="attests HV02 by Active Directory",
    ),
    Case(
        "host key",
        Outcome.REVIEW,
        ("host_key",),
        nodes=nodes(by(AttestationMode.HOST_KEY), by(AttestationMode.HOST_KEY)),
        says="HV01, HV02 by host key",
    ),
    Case(
        "a mode that nobody has named yet",
        Outcome.REVIEW,
        ("tpm", "odd"),
        nodes=nodes(TPM, by(AttestationMode(7))),
        says="unknown code (7)",
    ),
    Case(
        "the mode was not read",
        Outcome.UNKNOWN,
        ("tpm", "not_told"),
        nodes=nodes(TPM, by(None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the host does not know",
        Outcome.UNKNOWN,
        ("not_told",),
        nodes=nodes(by(AttestationMode.UNKNOWN)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("one node is no host of it", Outcome.PASS, ("tpm", "local"), nodes=nodes(TPM, LOCAL), says="HV02: no host"),
    Case(
        "a node was not asked",
        Outcome.UNKNOWN,
        ("tpm",),
        nodes=nodes(TPM, TPM),
        gaps={"hgs_client@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "a node was not asked, the others have no service",
        Outcome.UNKNOWN,
        ("no_service",),
        nodes=nodes(LOCAL, TPM),
        gaps={"hgs_client@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "nobody was asked, as is the default",
        Outcome.UNKNOWN,
        nodes=nodes(TPM),
        gaps={"hgs_client": Cause.NOT_COLLECTED},
        cause=Cause.NOT_COLLECTED,
    ),
)
