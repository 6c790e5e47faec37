r"""PLT-001  VBS is running.

## What it decides

Whether virtualization-based security (VBS) runs on a node: whether the hypervisor keeps a part of memory that the
operating system itself can not read.

## Why it matters

Credential Guard and HVCI live in that part. Without VBS neither exists, whatever is configured: whoever becomes SYSTEM
on the node reads its administrators' credentials and puts code into its kernel, below every VM that runs there.

## How it is decided

By `VirtualizationBasedSecurityStatus`:

- 2: PASS, with the services that run in it. Where none runs, a remark says that nothing is protected by it yet.
- 1, enabled and not running: FAIL, a requirement is missing or the launch failed.
- 0, not enabled: FAIL.
- Another number: REVIEW, no table has it.
- Credential Guard or HVCI listed as running while the status is not 2: UNKNOWN (conflicting). Both need VBS, so one of
  the two answers is wrong.

On a FAIL the reason names what VBS needs and the hardware does not offer: hypervisor support, without which there is no
VBS at all, and what `RequiredSecurityProperties` asks for.

VBS running is not yet protection. On a Hyper-V host the role alone starts the hypervisor and can start VBS (reason 0x65
of Kernel-Boot event 153), so a PASS here says nothing about Credential Guard (PLT-002) or HVCI (PLT-005).

The source document says that VBS, like Credential Guard, is on by default in 2025 and that workgroup nodes and domain
controllers are excluded. Documented is both for Credential Guard only, which takes VBS along; so every node is judged
here.

## How to look yourself

    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object VirtualizationBasedSecurityStatus, SecurityServicesRunning, AvailableSecurityProperties

From an elevated prompt. Expected: `VirtualizationBasedSecurityStatus` is 2.

| release | out of the box |
|---|---|
| 2019, 2022 | 0, or 2 where the Hyper-V role started it |
| 2025 | 2 on domain members where Credential Guard came on by default; else as on 2022 |

Event 153 of Kernel-Boot says why VBS is on or off at this boot.

## Remedy

Policy *System > Device Guard > Turn On Virtualization Based Security*, or `EnableVirtualizationBasedSecurity` = 1 and
`RequirePlatformSecurityFeatures` = 1 below `HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard`:

    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    New-ItemProperty -Path $key -Name EnableVirtualizationBasedSecurity -PropertyType DWord -Value 1 -Force
    New-ItemProperty -Path $key -Name RequirePlatformSecurityFeatures -PropertyType DWord -Value 1 -Force

- Reboot: one for each node.
- Order: firmware first (virtualization on, UEFI with Secure Boot: PLT-007), then the setting; drain and reboot one node
  at a time. Suspend BitLocker for that reboot, since changes to VBS can ask for the recovery key. On 2025 VBS brings
  Credential Guard along on domain members: settle LM-001 and LM-002 before.
- Rollback: remove both values together, never one of them, or set the policy to Disabled; then reboot. On 2025 a
  removed value means the default again, so write 0 to keep VBS off.

## What it cannot see

Why VBS did not start; Kernel-Boot 153 tells (PLT-006). Whether firmware settings would allow it. The state after the
next boot, where somebody has changed the configuration since this one.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (code tables, registry values)
- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/configure.md`
- repnz/etw-providers-docs, `Manifests-Win10-17134/Microsoft-Windows-Kernel-Boot.xml` (reasons of event 153)
"""

from __future__ import annotations

from hypervigil.evidence.platform import DeviceGuard, SecurityProperty, SecurityService, VbsStatus
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    RUNNING = passes("VBS runs, with {services}.")
    ENABLED_NOT_RUNNING = fails("VBS is enabled and does not run.")
    NOT_ENABLED = fails("VBS is not enabled.")
    UNKNOWN_STATUS = reviews(
        "VirtualizationBasedSecurityStatus is {status}, which is in no table. Does VBS run?", Confidence.UNVERIFIED
    )
    CONTRADICTION = unknown(
        "Win32_DeviceGuard contradicts itself: VBS has the status {status}, yet {services} is said to run in it.",
        Cause.CONFLICTING,
    )
    EMPTY = remarks(
        "No security service runs in it: as when the Hyper-V role alone started it, it protects nothing yet."
    )
    LACKING = remarks("VBS needs what the hardware does not offer: {properties}.")


CONTROL = Control(
    id="PLT-001",
    title="VBS is running",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

INSIDE_VBS = (SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY)
"""Services that are documented to need VBS."""


def assess(guard: DeviceGuard) -> Verdict:
    """Judge by the status; the lists of services and properties explain it."""
    services = [service for service in guard.services_running if service is not SecurityService.NONE]
    if guard.vbs_running:
        if not services:
            return verdict(Why.RUNNING(services="no security service in it"), Why.EMPTY())
        return verdict(Why.RUNNING(services=", ".join(service.label for service in services)))
    inside = [service.label for service in INSIDE_VBS if guard.runs(service)]
    if inside:
        return verdict(Why.CONTRADICTION(status=guard.vbs_status.label, services=", ".join(inside)))
    return verdict(_not_running(guard.vbs_status), *_lacking(guard))


def _not_running(status: VbsStatus) -> Reason:
    if not status.is_known:
        return Why.UNKNOWN_STATUS(status=int(status))
    return Why.ENABLED_NOT_RUNNING() if status is VbsStatus.ENABLED_NOT_RUNNING else Why.NOT_ENABLED()


def _lacking(guard: DeviceGuard) -> list[Reason]:
    needed = {SecurityProperty.HYPERVISOR, *(guard.required_properties or ())} - {SecurityProperty.NONE}
    lacking = sorted(needed - set(guard.available_properties))
    return [Why.LACKING(properties=", ".join(prop.label for prop in lacking))] if lacking else []
