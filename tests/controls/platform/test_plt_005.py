"""PLT-005: HVCI."""

from __future__ import annotations

from hypervigil.controls.platform import plt_005_hvci_running as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecurityProperty, SecurityService, VbsStatus
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]

CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY
HYPERVISOR, DMA = SecurityProperty.HYPERVISOR, SecurityProperty.DMA_PROTECTION

CASES = (
    Case("runs alone", Outcome.PASS, ("running",), node=(defaults.device_guard(HVCI),)),
    Case("runs among others", Outcome.PASS, ("running",), node=(defaults.device_guard(CG, HVCI),)),
    Case(
        "Credential Guard runs, HVCI does not: 1 is not 2",
        Outcome.FAIL,
        ("not_configured", "vbs_only"),
        node=(defaults.device_guard(CG),),
    ),
    Case(
        "configured, switched off at boot",
        Outcome.FAIL,
        ("configured_not_running", "vbs_only"),
        node=(defaults.device_guard(CG, services_configured=(CG, HVCI)),),
    ),
    Case(
        "configured, VBS does not run for want of Secure Boot",
        Outcome.FAIL,
        ("configured_not_running", "lacking"),
        node=(
            defaults.device_guard(
                services_configured=(HVCI,),
                vbs_status=VbsStatus.ENABLED_NOT_RUNNING,
                available_properties=(HYPERVISOR, DMA),
            ),
        ),
        says="Secure Boot (2)",
    ),
    Case("nothing configured", Outcome.FAIL, ("not_configured",), node=(defaults.device_guard(),)),
    Case(
        "recorded on a Server 2022 (mondoohq/cnquery)",
        Outcome.FAIL,
        ("not_configured", "lacking"),
        node=(recorded.SERVER_2022,),
        says="hypervisor support (1), Secure Boot (2)",
    ),
    Case(
        "recorded on a Server 2025 (mondoohq/cnquery): not running, whatever is said of defaults",
        Outcome.FAIL,
        ("not_configured", "lacking"),
        node=(recorded.SERVER_2025,),
        says="Secure Boot (2)",
    ),
    Case(
        "recorded on a Windows 10 (windows-itpro-docs pull request 8077): Secure Launch configured, not running",
        Outcome.PASS,
        ("running",),
        node=(recorded.WINDOWS_10,),
    ),
    Case(
        "recorded on a Hyper-V guest with Windows 11 24H2 (notes in a public script)",
        Outcome.PASS,
        ("running",),
        node=(recorded.WINDOWS_11_GUEST,),
    ),
    Case(
        "not elevated",
        Outcome.UNKNOWN,
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
