"""PLT-002: Credential Guard."""

from __future__ import annotations

from hypervigil.controls.platform import plt_002_credential_guard as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.host import DomainRole
from hypervigil.evidence.platform import SecureBootState, SecurityProperty, SecurityService, VbsStatus
from hypervigil.evidence.registry import ABSENT, DENIED, dword
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

MEMBER = defaults.computer_system()
GUEST = defaults.computer_system(manufacturer="VMware, Inc.", model="VMware7,1")
CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY

CASES = (
    Case("runs alone", Outcome.PASS, ("running",), node=(MEMBER, defaults.device_guard(CG))),
    Case("runs among others", Outcome.PASS, ("running",), node=(MEMBER, defaults.device_guard(HVCI, CG))),
    Case(
        "runs next to a service that nobody has named yet",
        Outcome.PASS,
        ("running",),
        node=(MEMBER, defaults.device_guard(CG, SecurityService(9))),
    ),
    Case(
        "HVCI runs, Credential Guard does not: 2 is not 1",
        Outcome.FAIL,
        ("not_running", "vbs_only"),
        node=(MEMBER, defaults.device_guard(HVCI)),
        says="not seen",
    ),
    Case(
        "VBS for the Hyper-V role only",
        Outcome.FAIL,
        ("not_running", "vbs_only"),
        node=(MEMBER, defaults.device_guard(vbs_status=VbsStatus.RUNNING), defaults.device_guard_policy()),
        says="not configured",
    ),
    Case(
        "switched off in both copies",
        Outcome.FAIL,
        ("switched_off", "firmware"),
        node=(
            MEMBER,
            defaults.device_guard(),
            defaults.device_guard_policy(lsa_cfg_flags_policy=dword(0), lsa_cfg_flags_local=dword(0)),
            defaults.secure_boot(),
        ),
        says="policy 0, local 0",
    ),
    Case(
        "policy 3 has no opinion, the local 0 decides",
        Outcome.FAIL,
        ("switched_off",),
        node=(
            MEMBER,
            defaults.device_guard(),
            defaults.device_guard_policy(lsa_cfg_flags_policy=dword(3), lsa_cfg_flags_local=dword(0)),
        ),
    ),
    Case(
        "configured without lock and not running: policy and local disagree",
        Outcome.FAIL,
        ("not_running",),
        node=(
            MEMBER,
            defaults.device_guard(),
            defaults.device_guard_policy(lsa_cfg_flags_policy=dword(2), lsa_cfg_flags_local=dword(0)),
        ),
        says="disagree",
    ),
    Case(
        "a policy value was not readable",
        Outcome.FAIL,
        ("not_running",),
        node=(
            MEMBER,
            defaults.device_guard(),
            defaults.device_guard_policy(lsa_cfg_flags_policy=DENIED, lsa_cfg_flags_local=ABSENT),
        ),
        says="could not be read",
    ),
    Case(
        "configured, launch failed on capable hardware",
        Outcome.FAIL,
        ("configured_not_running",),
        node=(MEMBER, defaults.device_guard(services_configured=(CG,), vbs_status=VbsStatus.ENABLED_NOT_RUNNING)),
        says="nothing is missing",
    ),
    Case(
        "configured, Secure Boot missing",
        Outcome.FAIL,
        ("configured_not_running", "firmware"),
        node=(
            MEMBER,
            defaults.device_guard(services_configured=(CG,), available_properties=(SecurityProperty.HYPERVISOR,)),
            defaults.secure_boot(SecureBootState.OFF),
        ),
        says="no Secure Boot",
    ),
    Case(
        "hardware that can not",
        Outcome.NOT_APPLICABLE,
        ("cannot_run", "virtual"),
        node=(GUEST, defaults.device_guard(available_properties=(SecurityProperty.NONE,))),
        says="hypervisor support and no Secure Boot",
    ),
    Case(
        "workgroup",
        Outcome.NOT_APPLICABLE,
        ("workgroup",),
        node=(defaults.computer_system(domain=False), defaults.device_guard(CG)),
    ),
    Case(
        "domain controller",
        Outcome.NOT_APPLICABLE,
        ("domain_controller",),
        node=(
            defaults.computer_system(domain_role=DomainRole.PRIMARY_DOMAIN_CONTROLLER),
            defaults.device_guard(CG),
        ),
    ),
    Case(
        "Win32_DeviceGuard refused",
        Outcome.UNKNOWN,
        node=(MEMBER,),
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("nothing says whether it is in a domain", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
