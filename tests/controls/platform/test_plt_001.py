"""PLT-001: VBS."""

from __future__ import annotations

from hypervigil.controls.platform import plt_001_vbs_running as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecurityProperty, SecurityService, VbsStatus
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]

CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY


CASES = (
    Case(
        "runs with Credential Guard and HVCI",
        Outcome.PASS,
        ("running",),
        node=(defaults.device_guard(CG, HVCI),),
        says="Credential guard (1), Memory integrity (2)",
    ),
    Case(
        "runs with a service that nobody has named yet",
        Outcome.PASS,
        ("running",),
        node=(defaults.device_guard(SecurityService(9)),),
        says="unknown code (9)",
    ),
    Case(
        "runs for the Hyper-V role only",
        Outcome.PASS,
        ("running", "empty"),
        node=(defaults.device_guard(vbs_status=VbsStatus.RUNNING),),
    ),
    Case(
        "runs, and the list of services is empty instead of 0",
        Outcome.PASS,
        ("running", "empty"),
        node=(defaults.device_guard(vbs_status=VbsStatus.RUNNING, services_running=()),),
    ),
    Case("not enabled on capable hardware", Outcome.FAIL, ("not_enabled",), node=(defaults.device_guard(),)),
    Case(
        "enabled, not running: DMA protection is asked for and not there",
        Outcome.FAIL,
        ("enabled_not_running", "lacking"),
        node=(
            defaults.device_guard(
                vbs_status=VbsStatus.ENABLED_NOT_RUNNING,
                services_configured=(CG,),
                available_properties=(SecurityProperty.HYPERVISOR, SecurityProperty.SECURE_BOOT),
                required_properties=(
                    SecurityProperty.HYPERVISOR,
                    SecurityProperty.SECURE_BOOT,
                    SecurityProperty.DMA_PROTECTION,
                ),
            ),
        ),
        says="Dma protection (3)",
    ),
    Case(
        "enabled, not running, and the source left out what is required",
        Outcome.FAIL,
        ("enabled_not_running",),
        node=(defaults.device_guard(vbs_status=VbsStatus.ENABLED_NOT_RUNNING, required_properties=None),),
    ),
    Case(
        "a status that no table has",
        Outcome.REVIEW,
        ("unknown_status",),
        node=(defaults.device_guard(vbs_status=VbsStatus(3)),),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "HVCI runs in a VBS that does not",
        Outcome.UNKNOWN,
        ("contradiction",),
        node=(defaults.device_guard(HVCI, vbs_status=VbsStatus.NOT_ENABLED),),
        cause=Cause.CONFLICTING,
        says="Memory integrity (2) is said to run",
    ),
    Case(
        "Secure Launch alone proves no VBS",
        Outcome.FAIL,
        ("not_enabled",),
        node=(defaults.device_guard(SecurityService.SECURE_LAUNCH, vbs_status=VbsStatus.NOT_ENABLED),),
    ),
    Case(
        "recorded on a Server 2016 (mondoohq/cnquery)",
        Outcome.FAIL,
        ("not_enabled", "lacking"),
        node=(recorded.SERVER_2016,),
        says="Hypervisor (1)",
    ),
    Case(
        "recorded on a Server 2019 (training-lab notes)",
        Outcome.FAIL,
        ("not_enabled",),
        node=(recorded.SERVER_2019,),
    ),
    Case(
        "recorded on a Server 2022 (mondoohq/cnquery)",
        Outcome.FAIL,
        ("not_enabled", "lacking"),
        node=(recorded.SERVER_2022,),
    ),
    Case(
        "recorded on a Server 2025 (mondoohq/cnquery): on by default is not on everywhere",
        Outcome.FAIL,
        ("not_enabled",),
        node=(recorded.SERVER_2025,),
    ),
    Case(
        "recorded on a physical Windows 11 24H2 (notes in a public script)",
        Outcome.PASS,
        ("running",),
        node=(recorded.WINDOWS_11,),
        says="Paging translation (7)",
    ),
    Case(
        "not elevated",
        Outcome.UNKNOWN,
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
