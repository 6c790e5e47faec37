"""PLT-006: what is configured runs."""

from __future__ import annotations

from collections.abc import Iterable

from hypervigil.controls.platform import plt_006_configured_is_running as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.boot_events import KERNEL_BOOT, WININIT, BootEvent, EnableDisableReason
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.platform import SecurityService, VbsStatus
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic.moments import AT, BOOT
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]

CG, HVCI, RUNNING = 1, 2, VbsStatus.RUNNING


def guard(configured: Iterable[int], running: Iterable[int], status: int = RUNNING) -> Fact:
    return defaults.device_guard(
        vbs_status=VbsStatus(status),
        services_configured=tuple(SecurityService(code) for code in configured),
        services_running=tuple(SecurityService(code) for code in running),
    )


def log(*events: BootEvent) -> Fact:
    return host.boot_events(events=events)


def vbs(reason: int, policy: int | None, event_id: int = 153) -> BootEvent:
    return host.boot_event(KERNEL_BOOT, event_id, status=0, reason=EnableDisableReason(reason), policy=policy)


CASES = (
    Case(
        "Credential Guard and HVCI, both running",
        Outcome.PASS,
        ("running",),
        node=(guard((CG, HVCI), (CG, HVCI)), host.boot_events()),
        says="Credential guard (1), Memory integrity (2)",
    ),
    Case("the log is not needed for it", Outcome.PASS, ("running",), node=(guard((CG,), (CG,)),)),
    Case("more runs than is configured", Outcome.PASS, ("running",), node=(guard((HVCI,), (CG, HVCI, 7)),)),
    Case("nothing is configured", Outcome.PASS, ("nothing",), node=(guard((0,), (0,), 0),)),
    Case("nothing is configured, and VBS runs for the Hyper-V role", Outcome.PASS, ("nothing",), node=(guard((), ()),)),
    Case("recorded: Server 2025 as it came", Outcome.PASS, ("nothing",), node=(recorded.SERVER_2025,)),
    Case(
        "recorded: Windows 10 where System Guard is configured and does not run",
        Outcome.FAIL,
        ("not_running", "log_unseen"),
        node=(recorded.WINDOWS_10,),
        says="Secure launch (3) is configured",
    ),
    Case(
        "HVCI does not run; the boot says that VBS is on without it",
        Outcome.FAIL,
        ("not_running", "vbs_reason"),
        node=(guard((CG, HVCI), (CG,)), log(vbs(0x64, 0x5))),
        says="Enabled by registry (100); bits of its policy: Vbs enabled (1), Secure boot (4) (Kernel-Boot 153)",
        confidence=Confidence.INFERRED,
    ),
    Case(
        "Secure Boot is off: VBS is enabled, nothing runs",
        Outcome.FAIL,
        ("vbs_not_running", "not_running", "not_running", "vbs_reason", "no_secure_kernel"),
        node=(guard((CG, HVCI), (0,), 1), log(vbs(3, None, 156), host.boot_event(WININIT, 15))),
        says="Secure boot off (3); bits of its policy: none (Kernel-Boot 156)",
    ),
    Case(
        "the launch failed, with all that the log can have",
        Outcome.FAIL,
        ("not_running", "vbs_reason", "check_failed", "launch_failed", "variable_unreadable"),
        node=(
            guard((CG,), (0,)),
            log(
                host.boot_event(WININIT, 17, level=0xC0000100),
                host.boot_event(WININIT, 16, level=0xC0000001),
                host.boot_event(KERNEL_BOOT, 124, status=0xC0430001),
                vbs(0x99, 0x8000),
            ),
        ),
        says="unknown code (153)",
    ),
    Case(
        "codes that the events do not have",
        Outcome.FAIL,
        ("not_running", "check_failed", "launch_failed"),
        node=(guard((CG,), (0,)), log(host.boot_event(WININIT, 16), host.boot_event(KERNEL_BOOT, 124))),
        says="error not given",
    ),
    Case(
        "events of an earlier boot explain nothing",
        Outcome.FAIL,
        ("not_running", "silent"),
        node=(guard((CG,), (0,)), log(host.boot_event(WININIT, 16, level=1, time=BOOT - (AT - BOOT)))),
    ),
    Case(
        "the log could not be read: the failure stands",
        Outcome.FAIL,
        ("not_running", "log_unseen"),
        node=(guard((CG,), (0,)),),
        gaps={"boot_events": Cause.ACCESS_DENIED},
    ),
    Case(
        "when the host booted is not known: no event can be told to be of this boot",
        Outcome.FAIL,
        ("not_running", "log_unseen"),
        node=(guard((CG,), (0,)), host.boot_events(host.boot_event(WININIT, 16), last_boot=None)),
    ),
    Case(
        "VBS is enabled and does not run, no service is configured",
        Outcome.FAIL,
        ("vbs_not_running", "silent"),
        node=(guard((0,), (0,), 1), log()),
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "shadow stacks and HVPT, of which Microsoft's page says nothing",
        Outcome.FAIL,
        ("not_running_told", "not_running_told", "silent"),
        node=(guard((5, 7), (CG,)), log()),
        confidence=Confidence.SECONDARY,
    ),
    Case(
        "shadow stacks in what is said to be their audit mode",
        Outcome.REVIEW,
        ("audited", "silent"),
        node=(guard((5,), (6,)), log()),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "numbers without a meaning",
        Outcome.REVIEW,
        ("unnamed", "unnamed", "silent"),
        node=(guard((6, 11), (CG,)), log()),
        says="Service 11 is",
    ),
    Case("a status without a meaning", Outcome.REVIEW, ("odd_status", "silent"), node=(guard((), (), 3), log())),
    Case(
        "Device Guard could not be asked",
        Outcome.UNKNOWN,
        node=(host.boot_events(),),
        gaps={"device_guard": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
