r"""PLT-006  Everything that is configured is also running.

## What it decides

Whether each service of virtualization-based security that a node is configured for runs, and VBS itself where it is
enabled.

## Why it matters

A policy that says *enabled* protects nothing by itself. Where a requirement is missing or a launch fails, Windows
starts without the service and goes on; the policy report stays green. Microsoft's own example is HVCI: where it was
switched on automatically and a driver that the boot needs does not fit, Windows silently leaves it off.

## How it is decided

`SecurityServicesConfigured` minus `SecurityServicesRunning`, as sets, without 0, which stands for none:

- Nothing is left, and VBS is not in the state *enabled and not running* (1): PASS.
- A service is left that has a meaning: FAIL, once for each. 1 to 4 are documented by Microsoft, 5 and 7 third hand.
- A number is left that no table has, or 6, which is said to be the audit mode of 5: REVIEW. The same where 5 is left
  while 6 runs.
- VBS is enabled and does not run: FAIL. Another status than 0, 1, 2: REVIEW.

Why comes from the log of the boot, as remarks, which decide nothing: Kernel-Boot 153 or 156 (the reason for which VBS
is on or off, and the bits of its policy), 124 (a check of that policy failed), Wininit 15 (Credential Guard is
configured and the secure kernel does not run), 16 (its launch failed) and 17 (its UEFI variable could not be read).
The table of reasons is that of older builds: a number that it lacks is shown as a number.

Nothing configured passes here. Whether something should be is for PLT-001, PLT-002 and PLT-005.

## How to look yourself

    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object SecurityServicesConfigured, SecurityServicesRunning, VirtualizationBasedSecurityStatus
    Get-WinEvent -MaxEvents 5 -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Kernel-Boot';
        Id = 124, 153, 156 }
    Get-WinEvent -MaxEvents 5 -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Wininit';
        Id = 15, 16, 17 }

From an elevated prompt. Expected on 2019, 2022 and 2025: every number of the first list is in the second, the status
is 2 or 0, and the last command finds nothing.

## Remedy

| what does not run | look at |
|---|---|
| VBS | PLT-007 (Secure Boot), PLT-009 (a level that the host can not give); virtualization in the firmware |
| Credential Guard (1) | PLT-002; Wininit 16 has the error code |
| memory integrity (2) | PLT-018 and PLT-019: a driver; *HVCIMATRequired* on firmware without that table |
| Secure Launch (3), SMM measurement (4) | firmware and CPU; take the setting back where they can not |
| shadow stacks (5), paging translation (7) | CPU; take the setting back where it can not |

- Reboot: one for each node; also after the policy alone was set, which may be all that is missing.
- Order: one drained node first, and look again after its boot. Then the others.
- Rollback: the former setting and a reboot; with a UEFI lock somebody has to be at the console.

## What it cannot see

Whether the policy changed after the last boot: then a reboot mends it. Which driver stood in the way. Services for
which Windows gives no number.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (code tables)
- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/configure.md` (Wininit)
- repnz/etw-providers-docs, `Manifests-Win10-18990/Microsoft-Windows-Kernel-Boot.xml` and `-Wininit.xml`
- Microsoft's HLK page on driver compatibility (`driver-compatibility-with-device-guard`)
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.evidence.boot_events import KERNEL_BOOT, WININIT, BootEvent, BootEvents
from hypervigil.evidence.platform import DeviceGuard, SecurityService, VbsStatus
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    RUNNING = passes("All that is configured runs: {services}.", Confidence.INFERRED)
    NOTHING = passes("No service of VBS is configured, so none is missing.", Confidence.INFERRED)
    NOT_RUNNING = fails("{service} is configured and does not run.", Confidence.INFERRED)
    NOT_RUNNING_TOLD = fails(
        "{service} is configured and does not run; what its number means is told third hand.", Confidence.SECONDARY
    )
    VBS_NOT_RUNNING = fails("VBS is enabled and does not run.")
    UNNAMED = reviews("Service {number} is configured and does not run. What is it?", Confidence.UNVERIFIED)
    AUDITED = reviews(
        "Kernel shadow stacks (5) are configured and do not run, while 6 does, which is said to be their audit mode. "
        "Is that meant?",
        Confidence.UNVERIFIED,
    )
    ODD_STATUS = reviews("The status of VBS is {number}, which no table has. What is it?", Confidence.UNVERIFIED)
    VBS_REASON = remarks("Of VBS at this boot Windows says: {reason}; bits of its policy: {bits} (Kernel-Boot {id}).")
    CHECK_FAILED = remarks("A check of the policy of VBS failed at this boot, status {status} (Kernel-Boot 124).")
    NO_SECURE_KERNEL = remarks("Credential Guard is configured, and the secure kernel does not run (Wininit 15).")
    LAUNCH_FAILED = remarks("Credential Guard failed to start, error {code} (Wininit 16).")
    VARIABLE_UNREADABLE = remarks("The UEFI variable of Credential Guard could not be read, error {code} (Wininit 17).")
    SILENT = remarks("Of what the log holds, no event of this boot says why.")
    LOG_UNSEEN = remarks("What this boot wrote down is not known, so neither is why.")


CONTROL = Control(
    id="PLT-006",
    title="Everything that is configured is also running",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

STACKS, STACKS_AUDITED = SecurityService.KERNEL_SHADOW_STACKS, SecurityService.KERNEL_SHADOW_STACKS_AUDIT
TOLD = frozenset((STACKS, SecurityService.PAGING_TRANSLATION))
"""Numbers whose meaning no page of Microsoft's was found for."""


def assess(guard: DeviceGuard, booted: Maybe[BootEvents]) -> Verdict:
    """Take the running services from the configured ones; the log explains what is left."""
    reasons = [*_vbs(guard), *_services(guard)]
    if not reasons:
        configured = [service.label for service in guard.services_configured if service is not SecurityService.NONE]
        return verdict(Why.RUNNING(services=", ".join(configured)) if configured else Why.NOTHING())
    return verdict(*reasons, *_told(booted.value))


def _vbs(guard: DeviceGuard) -> Iterator[Reason]:
    if guard.vbs_status is VbsStatus.ENABLED_NOT_RUNNING:
        yield Why.VBS_NOT_RUNNING()
    elif not guard.vbs_status.is_known:
        yield Why.ODD_STATUS(number=int(guard.vbs_status))


def _services(guard: DeviceGuard) -> Iterator[Reason]:
    for service in sorted({*guard.services_configured} - {*guard.services_running, SecurityService.NONE}):
        if service is STACKS and guard.runs(STACKS_AUDITED):
            yield Why.AUDITED()
        elif not service.is_known or service is STACKS_AUDITED:
            yield Why.UNNAMED(number=int(service))
        elif service in TOLD:
            yield Why.NOT_RUNNING_TOLD(service=service.label)
        else:
            yield Why.NOT_RUNNING(service=service.label)


def _told(booted: BootEvents | None) -> Iterator[Reason]:
    """What the log says of this boot, the newest event of each kind."""
    if booted is None or booted.last_boot is None:
        yield Why.LOG_UNSEEN()
        return
    found = [
        *(_reason(event) for event in booted.since_boot(KERNEL_BOOT, 153, 156)[:1]),
        *(Why.CHECK_FAILED(status=_code(event.status)) for event in booted.since_boot(KERNEL_BOOT, 124)[:1]),
        *(Why.NO_SECURE_KERNEL() for _ in booted.since_boot(WININIT, 15)[:1]),
        *(Why.LAUNCH_FAILED(code=_code(event.level)) for event in booted.since_boot(WININIT, 16)[:1]),
        *(Why.VARIABLE_UNREADABLE(code=_code(event.level)) for event in booted.since_boot(WININIT, 17)[:1]),
    ]
    yield from found or [Why.SILENT()]


def _reason(event: BootEvent) -> Reason:
    reason = event.reason.label if event.reason is not None else "nothing"
    return Why.VBS_REASON(reason=reason, bits=", ".join(bit.label for bit in event.policy_bits) or "none", id=event.id)


def _code(number: int | None) -> str:
    return f"{number:#x}" if number is not None else "not given"
