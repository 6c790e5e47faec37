"""PLT-004: Credential Guard on domain controllers."""

from __future__ import annotations

from hypervigil.controls.platform import plt_004_credential_guard_not_on_dc as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.host import DomainRole
from hypervigil.evidence.platform import SecurityService, VbsStatus
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

PDC = defaults.computer_system(domain_role=DomainRole.PRIMARY_DOMAIN_CONTROLLER)
BDC = defaults.computer_system(domain_role=DomainRole.BACKUP_DOMAIN_CONTROLLER)
STRANGE = defaults.computer_system(domain_role=DomainRole(6))
CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY

CASES = (
    Case("off", Outcome.PASS, ("off",), node=(PDC, defaults.device_guard())),
    Case("HVCI runs, which is another service", Outcome.PASS, ("off",), node=(BDC, defaults.device_guard(HVCI))),
    Case(
        "VBS runs for the Hyper-V role",
        Outcome.PASS,
        ("off",),
        node=(PDC, defaults.device_guard(vbs_status=VbsStatus.RUNNING)),
    ),
    Case(
        "runs among others",
        Outcome.FAIL,
        ("running",),
        node=(PDC, defaults.device_guard(HVCI, CG)),
        says="Primary domain controller (5)",
    ),
    Case(
        "runs on a further domain controller",
        Outcome.FAIL,
        ("running",),
        node=(BDC, defaults.device_guard(CG)),
        says="Backup domain controller (4)",
    ),
    Case(
        "configured, not running",
        Outcome.REVIEW,
        ("configured",),
        node=(PDC, defaults.device_guard(services_configured=(CG,))),
    ),
    Case(
        "runs under a role that no table has",
        Outcome.REVIEW,
        ("unknown_role",),
        node=(STRANGE, defaults.device_guard(CG)),
        confidence=Confidence.UNVERIFIED,
    ),
    Case("off under a role that no table has", Outcome.PASS, ("off",), node=(STRANGE, defaults.device_guard())),
    Case(
        "member server",
        Outcome.NOT_APPLICABLE,
        ("not_a_controller",),
        node=(defaults.computer_system(), defaults.device_guard(CG)),
    ),
    Case(
        "workgroup",
        Outcome.NOT_APPLICABLE,
        ("not_a_controller",),
        node=(defaults.computer_system(domain=False), defaults.device_guard(CG)),
    ),
    Case(
        "not elevated",
        Outcome.UNKNOWN,
        node=(PDC,),
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("role unknown", Outcome.UNKNOWN, node=(defaults.device_guard(CG),), cause=Cause.NOT_COLLECTED),
)
