"""LM-002: CredSSP out of a node that runs Credential Guard."""

from __future__ import annotations

from hypervigil.controls.live_migration import lm_002_credssp_under_credential_guard as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import MigrationAuthentication
from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY
CREDSSP, KERBEROS = MigrationAuthentication.CREDSSP, MigrationAuthentication.KERBEROS
THERE, BACK = "HV01 → HV02", "HV02 → HV01"


def node(
    guard: DeviceGuard, used: MigrationAuthentication, *, domain: bool = True, on: bool = True
) -> tuple[Fact, ...]:
    host = defaults.vm_host(migration_authentication=used, migration_enabled=on)
    return (defaults.computer_system(domain=domain), guard, host)


GUARDED, PLAIN = defaults.device_guard(CG), defaults.device_guard()
UPGRADING = {"HV01": node(GUARDED, CREDSSP), "HV02": node(PLAIN, CREDSSP)}

CASES = (
    Case(
        "out of the first upgraded node",
        Outcome.FAIL,
        ("stops", "typed", "cluster_moves"),
        nodes=UPGRADING,
        subject=THERE,
        confidence=Confidence.DOCUMENTED,
        says="0x8009030E",
    ),
    Case(
        "into the first upgraded node: the destination's Credential Guard does not matter",
        Outcome.PASS,
        ("no_credential_guard", "upgrade"),
        nodes=UPGRADING,
        subject=BACK,
    ),
    Case(
        "Credential Guard among other services",
        Outcome.FAIL,
        ("stops", "typed", "cluster_moves"),
        nodes={"HV01": node(defaults.device_guard(HVCI, CG), CREDSSP), "HV02": node(PLAIN, CREDSSP)},
        subject=THERE,
    ),
    Case(
        "memory integrity alone is not Credential Guard",
        Outcome.PASS,
        ("no_credential_guard", "upgrade"),
        nodes={"HV01": node(defaults.device_guard(HVCI), CREDSSP), "HV02": node(PLAIN, CREDSSP)},
        subject=THERE,
    ),
    Case(
        "Kerberos under Credential Guard",
        Outcome.PASS,
        ("kerberos",),
        nodes={"HV01": node(GUARDED, KERBEROS), "HV02": node(GUARDED, CREDSSP)},
        subject=THERE,
    ),
    Case(
        "configured, waiting for a boot",
        Outcome.REVIEW,
        ("configured",),
        nodes={
            "HV01": node(defaults.device_guard(services_configured=(CG,)), CREDSSP),
            "HV02": node(PLAIN, CREDSSP),
        },
        subject=THERE,
        confidence=Confidence.INFERRED,
    ),
    Case(
        "an authentication type that nobody has named yet",
        Outcome.REVIEW,
        ("other",),
        nodes={"HV01": node(GUARDED, MigrationAuthentication(4)), "HV02": node(PLAIN, KERBEROS)},
        subject=THERE,
        says="(4)",
    ),
    Case(
        "migration off on the source",
        Outcome.NOT_APPLICABLE,
        ("migration_off",),
        nodes={"HV01": node(GUARDED, CREDSSP, on=False), "HV02": node(PLAIN, CREDSSP)},
        subject=THERE,
        says="off on the source.",
    ),
    Case(
        "migration off on the destination",
        Outcome.NOT_APPLICABLE,
        ("migration_off",),
        nodes={"HV01": node(GUARDED, CREDSSP), "HV02": node(PLAIN, CREDSSP, on=False)},
        subject=THERE,
        says="off on the destination.",
    ),
    Case(
        "migration off on both",
        Outcome.NOT_APPLICABLE,
        ("migration_off",),
        nodes={"HV01": node(GUARDED, CREDSSP, on=False), "HV02": node(PLAIN, CREDSSP, on=False)},
        subject=THERE,
        says="source and on the destination",
    ),
    Case(
        "workgroup, where a baseline has turned Credential Guard on",
        Outcome.NOT_APPLICABLE,
        ("workgroup",),
        nodes={"HV01": node(GUARDED, CREDSSP, domain=False), "HV02": node(PLAIN, CREDSSP, domain=False)},
        subject=THERE,
    ),
    Case(
        "what runs on the source was refused",
        Outcome.UNKNOWN,
        nodes=UPGRADING,
        gaps={"device_guard@HV01": Cause.ACCESS_DENIED},
        subject=THERE,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "what runs on the destination was refused: not needed",
        Outcome.FAIL,
        ("stops", "typed", "cluster_moves"),
        nodes=UPGRADING,
        gaps={"device_guard@HV02": Cause.ACCESS_DENIED},
        subject=THERE,
    ),
    Case(
        "the destination's host settings are missing, so migration may be off there",
        Outcome.UNKNOWN,
        nodes=UPGRADING,
        gaps={"vm_host@HV02": Cause.TIMED_OUT},
        subject=THERE,
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "nothing says whether the source is in a domain",
        Outcome.UNKNOWN,
        nodes=UPGRADING,
        gaps={"computer_system@HV01": Cause.NOT_COLLECTED},
        subject=THERE,
        cause=Cause.NOT_COLLECTED,
    ),
)
