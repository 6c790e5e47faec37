"""PLT-011: HVPT."""

from __future__ import annotations

from hypervigil.controls.platform import plt_011_hvpt_state as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecurityService
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]

WS2025 = defaults.operating_system()
HARDWARE = defaults.computer_system()
VMWARE = defaults.computer_system(manufacturer="VMware, Inc.", model="VMware7,1")
HYPER_V = defaults.computer_system(manufacturer="Microsoft Corporation", model="Virtual Machine")
CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY
HVPT = SecurityService.PAGING_TRANSLATION

CASES = (
    Case(
        "runs on hardware",
        Outcome.PASS,
        ("running",),
        node=(WS2025, HARDWARE, defaults.device_guard(CG, HVCI, HVPT)),
        confidence=Confidence.SECONDARY,
    ),
    Case(
        "off in a guest, as it should be",
        Outcome.PASS,
        ("off_in_guest",),
        node=(WS2025, VMWARE, defaults.device_guard(CG, HVCI)),
        confidence=Confidence.INFERRED,
        says="VMware",
    ),
    Case(
        "said to run in a guest",
        Outcome.REVIEW,
        ("running_in_guest",),
        node=(WS2025, HYPER_V, defaults.device_guard(HVPT)),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "configured, not running",
        Outcome.REVIEW,
        ("configured_not_running",),
        node=(WS2025, HARDWARE, defaults.device_guard(HVCI, services_configured=(HVCI, HVPT))),
    ),
    Case(
        "other services run, HVPT does not",
        Outcome.REVIEW,
        ("not_running",),
        node=(WS2025, HARDWARE, defaults.device_guard(CG, HVCI)),
    ),
    Case(
        "a build after 2025 that no table has",
        Outcome.PASS,
        ("running",),
        node=(defaults.operating_system(build_number=29500), HARDWARE, defaults.device_guard(HVPT)),
    ),
    *(
        Case(
            f"{release.title} has none",
            Outcome.NOT_APPLICABLE,
            ("too_old",),
            node=(defaults.operating_system(release), HARDWARE, defaults.device_guard(CG)),
            says=f"{release.title} has no HVPT. Windows Server 2025 brings it",
        )
        for release in (Release.WS2019, Release.WS2022, Release.WS23H2)
    ),
    Case(
        "recorded on a physical Windows 11 24H2 (notes in a public script), which has build 26100 as well",
        Outcome.PASS,
        ("running",),
        node=(WS2025, HARDWARE, recorded.WINDOWS_11),
    ),
    Case(
        "recorded on its Hyper-V guest",
        Outcome.PASS,
        ("off_in_guest",),
        node=(WS2025, HYPER_V, recorded.WINDOWS_11_GUEST),
    ),
    Case(
        "a Server 2025 recorded without HVPT (mondoohq/cnquery)",
        Outcome.REVIEW,
        ("not_running",),
        node=(WS2025, HARDWARE, recorded.SERVER_2025),
    ),
    Case(
        "release unknown",
        Outcome.UNKNOWN,
        node=(HARDWARE, defaults.device_guard(HVPT)),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "not elevated",
        Outcome.UNKNOWN,
        node=(WS2025, HARDWARE),
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
