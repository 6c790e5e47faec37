"""PLT-009: RequirePlatformSecurityFeatures against the hardware."""

from __future__ import annotations

from hypervigil.controls.platform import plt_009_platform_level as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecurityProperty, VbsStatus
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]

HYPERVISOR, SECURE_BOOT = SecurityProperty.HYPERVISOR, SecurityProperty.SECURE_BOOT
DMA = SecurityProperty.DMA_PROTECTION
ALL = (HYPERVISOR, SECURE_BOOT, DMA)
NO_IOMMU = (HYPERVISOR, SECURE_BOOT)


def level(
    name: str,
    copies: tuple[RegistryValue, RegistryValue],
    available: tuple[SecurityProperty, ...],
    gives: Outcome,
    *because: str,
    running: bool = False,
    required: tuple[SecurityProperty, ...] | None = None,
    **more: str | Cause | Confidence,
) -> Case:
    """A case with the policy's and the local copy of the value, on hardware that offers ``available``."""
    guard = defaults.device_guard(
        vbs_status=VbsStatus.RUNNING if running else VbsStatus.NOT_ENABLED,
        available_properties=available,
        required_properties=required,
    )
    policy = defaults.device_guard_policy(platform_policy=copies[0], platform_local=copies[1])
    return Case(name, gives, because, node=(guard, policy), **more)  # type: ignore[arg-type]


CASES = (
    level("nothing asked for", (ABSENT, ABSENT), (), Outcome.PASS, "nothing_asked"),
    level("1 by policy", (dword(1), ABSENT), NO_IOMMU, Outcome.PASS, "given", running=True),
    level("3 locally, with DMA protection", (ABSENT, dword(3)), ALL, Outcome.PASS, "given", running=True),
    level("3 by policy and 1 locally, both can be given", (dword(3), dword(1)), ALL, Outcome.PASS, "given"),
    level(
        "3 without an IOMMU",
        (ABSENT, dword(3)),
        NO_IOMMU,
        Outcome.FAIL,
        "not_given",
        says="asks for Dma protection (3)",
        confidence=Confidence.DOCUMENTED,
    ),
    level("3 in both copies without an IOMMU", (dword(3), dword(3)), NO_IOMMU, Outcome.FAIL, "not_given"),
    level(
        "1 without Secure Boot",
        (dword(1), ABSENT),
        (HYPERVISOR, DMA),
        Outcome.FAIL,
        "not_given",
        says="Secure boot (2)",
    ),
    level(
        "3 and 1, and the hardware offers neither",
        (dword(3), dword(1)),
        (HYPERVISOR,),
        Outcome.FAIL,
        "not_given",
        says="Secure boot (2), Dma protection (3)",
    ),
    level(
        "3 without an IOMMU was set after the boot",
        (dword(3), ABSENT),
        NO_IOMMU,
        Outcome.FAIL,
        "not_given",
        "next_boot",
        running=True,
    ),
    level(
        "3 by policy, 1 locally, no IOMMU: no documented winner",
        (dword(3), dword(1)),
        NO_IOMMU,
        Outcome.REVIEW,
        "copies_disagree",
        confidence=Confidence.UNVERIFIED,
    ),
    level("1 by policy, 3 locally, no IOMMU", (dword(1), dword(3)), NO_IOMMU, Outcome.REVIEW, "copies_disagree"),
    level("2 is in no table", (dword(2), ABSENT), ALL, Outcome.REVIEW, "unknown_level"),
    level("0 is not absent", (ABSENT, dword(0)), ALL, Outcome.REVIEW, "unknown_level"),
    level(
        "a text is no number",
        (dword(1), RegistryValue(RegistryState.PRESENT, "REG_SZ", "1")),
        ALL,
        Outcome.REVIEW,
        "unknown_level",
    ),
    level(
        "policy refused",
        (DENIED, dword(3)),
        NO_IOMMU,
        Outcome.UNKNOWN,
        "unreadable",
        cause=Cause.ACCESS_DENIED,
    ),
    level(
        "Windows asks for more than there is",
        (ABSENT, ABSENT),
        NO_IOMMU,
        Outcome.FAIL,
        "nothing_asked",
        "required_not_offered",
        required=ALL,
        says="Dma protection (3)",
    ),
    level(
        "values refused, but Windows asks for more than there is",
        (ABSENT, DENIED),
        NO_IOMMU,
        Outcome.FAIL,
        "unreadable",
        "required_not_offered",
        required=ALL,
    ),
    level(
        "Windows asks for more than there is, and VBS runs",
        (ABSENT, ABSENT),
        NO_IOMMU,
        Outcome.REVIEW,
        "nothing_asked",
        "required_yet_running",
        required=ALL,
        running=True,
    ),
    level(
        "Windows asks for something that nobody has named yet",
        (ABSENT, ABSENT),
        ALL,
        Outcome.REVIEW,
        "nothing_asked",
        "required_unknown",
        required=(SecurityProperty(12),),
        says="unknown code (12)",
    ),
    Case(
        "recorded on a Server 2019 (training-lab notes): no Secure Boot, nothing asked for",
        Outcome.PASS,
        ("nothing_asked",),
        node=(recorded.SERVER_2019, defaults.device_guard_policy()),
    ),
    Case(
        "recorded on a Windows 10 (windows-itpro-docs pull request 8077): 1, 2 and 3 required and available",
        Outcome.PASS,
        ("given",),
        node=(recorded.WINDOWS_10, defaults.device_guard_policy(platform_policy=dword(3))),
    ),
    Case(
        "recorded on a Server 2025 (mondoohq/cnquery), with level 1 that it can not give",
        Outcome.FAIL,
        ("not_given",),
        node=(recorded.SERVER_2025, defaults.device_guard_policy(platform_policy=dword(1))),
        says="Secure boot (2)",
    ),
    Case(
        "not elevated: the hardware is unknown",
        Outcome.UNKNOWN,
        node=(defaults.device_guard_policy(platform_local=dword(3)),),
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("configuration not collected", Outcome.UNKNOWN, node=(defaults.device_guard(),), cause=Cause.NOT_COLLECTED),
)
