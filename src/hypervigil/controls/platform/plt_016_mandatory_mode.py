r"""PLT-016  VBS Mandatory is not set without a recovery plan.

## What it decides

Whether a node refuses to boot when its hypervisor or its secure kernel does not start.

## Why it matters

`Mandatory` makes VBS a condition of booting. That keeps somebody with access to the boot files from starting Windows
without it, and it turns every failure of VBS into a node that is down: a firmware update, a changed setting, a
hypervisor that does not start. On a cluster whose nodes get the same update in one night that can be all of them, and
the way back is offline, at the console.

## How it is decided

- `Mandatory` absent or 0: PASS.
- 1: REVIEW. It may be right, and whether a recovery plan exists and was rehearsed no host can tell. A remark says where
  VBS is locked in UEFI as well, which makes the way back longer.
- Another value: REVIEW, no table has it.
- Reading it was refused: UNKNOWN.

There is no FAIL: the value itself is not wrong, the missing plan is, and that is never in the evidence. Where there is
a plan, say so in a waiver.

## How to look yourself

    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard | Select-Object Mandatory, Locked

Expected on 2019, 2022 and 2025: `Mandatory` empty or 0. No release sets it by itself.

## Remedy

Either write down and rehearse the way back, on one node, with the people who are on call; or take the value out:

    Remove-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard -Name Mandatory

The way back of a node that does not boot: recovery environment, load the SYSTEM hive, set `Mandatory` to 0 in the
control set that boots, restart. It needs console access through the management controller and the BitLocker key.

- Reboot: one for each node; the value is read at boot.
- Order: rehearse before the next firmware or Windows update, never after it; keep the value off while a rolling upgrade
  is under way; one node at a time.
- Rollback: set it to 1 again and reboot.

## What it cannot see

The plan. Where the recovery keys are. Whether the management controllers answer.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (Mandatory, Locked)
- repnz/etw-providers-docs, `Manifests-Win10-17134/Microsoft-Windows-Kernel-Boot.xml` (policy bit 0x40)
"""

from __future__ import annotations

from hypervigil.evidence.platform import DeviceGuardPolicy
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NOT_SET = passes("The node boots without VBS, too (Mandatory: {value}).")
    SET = reviews(
        "Mandatory is 1: the node does not boot where hypervisor or secure kernel fail. Is there a rehearsed way back?"
    )
    UNKNOWN_VALUE = reviews(
        "Mandatory is {value}, which no table has. Does the node boot where VBS fails?", Confidence.UNVERIFIED
    )
    UNREADABLE = unknown("Mandatory could not be read.", Cause.ACCESS_DENIED)
    LOCKED = remarks("VBS is locked in UEFI as well: the way back takes one more step at the console.")


CONTROL = Control(
    id="PLT-016",
    title="VBS Mandatory is not set without a recovery plan",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
    only="no FAIL: the value is wrong only without a recovery plan, and no evidence shows whether there is one",
)

OFF, ON = 0, 1
"""Mandatory; of Locked 1 is the UEFI lock."""


def assess(policy: DeviceGuardPolicy) -> Verdict:
    """Judge by the one value; absent is off."""
    mandatory = policy.mandatory
    if mandatory.denied:
        return verdict(Why.UNREADABLE())
    if mandatory.absent or mandatory.number == OFF:
        return verdict(Why.NOT_SET(value=mandatory.shown))
    reason = Why.SET() if mandatory.number == ON else Why.UNKNOWN_VALUE(value=mandatory.shown)
    return verdict(reason, *([Why.LOCKED()] if policy.locked.number == ON else []))
