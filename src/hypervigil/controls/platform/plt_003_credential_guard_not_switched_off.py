r"""PLT-003  Credential Guard is not switched off by configuration.

## What it decides

Whether somebody told a domain member to do without Credential Guard: in the policy's copy of `LsaCfgFlags`, in the
local copy, or by switching VBS off underneath it.

## Why it matters

Windows Server 2025 starts Credential Guard by itself on domain members that can run it, *unless it was switched off
explicitly*. A 0 that somebody wrote years ago to get past a CredSSP problem survives an in-place upgrade and quietly
keeps the node, and every credential on it, outside the protection that its neighbours have.

## How it is decided

Two copies count: the policy's, below `SOFTWARE\Policies\Microsoft\Windows\DeviceGuard`, and the local one, below
`Control\Lsa`. In both 0 is off, 1 on with UEFI lock, 2 on without it. **Absent is not 0**, and 3 in the policy's copy
is the list entry *Not Configured*: neither has an opinion, and the other copy decides.

| policy | local | outcome |
|---|---|---|
| 0 | 0 | FAIL: this is how Microsoft documents switching it off |
| 0 | absent | FAIL, inferred: one copy says off, nothing speaks against it |
| absent or 3 | 0 | FAIL, inferred, likewise |
| absent or 3 | absent | PASS: the release's default decides |
| 1 or 2, or no opinion | 1 or 2, or no opinion | PASS |
| 1 and 2 in any order | | PASS: both are on, a remark names the differing lock |
| 0 in one | 1 or 2 in the other | REVIEW |
| another number or type | | REVIEW: no table has it |
| reading one was refused | | UNKNOWN (access denied) |

A 0 against a 1 or 2 is neither FAIL nor PASS here, although it looks like a switch-off. Microsoft documents no winner;
what it documents is that *both* must be 0 to switch off, which speaks against FAIL, and a policy usually overrules a
local value, which speaks against PASS. Whether Credential Guard runs is measured by PLT-002; what is asked here is
which of the two is meant, and the other copy should then say the same.

`EnableVirtualizationBasedSecurity` = 0 (policy; without one, local) takes the ground from under Credential Guard,
whatever `LsaCfgFlags` says. That this holds on 2025 against the default is inferred, so it is a REVIEW.

Domain controllers should have it off (PLT-004), and in a workgroup off is a fair choice (WGC-008): neither is judged.

## How to look yourself

    Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard -Name LsaCfgFlags
    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa -Name LsaCfgFlags

| release | expected |
|---|---|
| 2019, 2022 | 1 or 2 where it is wanted; absent means that it does not run there |
| 2025 | absent in both copies (the default is on), or 1 or 2; the Microsoft baseline leaves 3 and 2 |

An error *property does not exist* is the answer "absent". `LsaCfgFlagsDefault` beside the local copy is written by
Windows at boot and is no switch: many hosts show 0 in it.

## Remedy

Policy *Turn On Virtualization Based Security*, with *Credential Guard Configuration* on *Enabled without lock*; without
a policy, the local copy:

    Set-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa -Name LsaCfgFlags -Type DWord -Value 2

- Reboot: one for each node; the value is read at boot.
- Order: live migration to Kerberos on all nodes first (LM-001, LM-002), then the policy, then the local copy, then
  drain and reboot node by node. On a 2019 or 2022 cluster that holds Credential Guard back on purpose until live
  migration is ready, waive this control until that day instead.
- Rollback: 0 in both copies and a reboot. Removing the values is no way to switch off, on 2025 least of all. With 1 a
  UEFI lock stays behind, and takes somebody at the console.

## What it cannot see

Whether Credential Guard runs (PLT-002). The UEFI lock itself, which outlives changes in the registry. Which policy
object a value came from.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/configure.md` (both copies,
  how to switch off), `index.md` (default on 2025)
- MicrosoftDocs/windows-itpro-docs, `windows/client-management/mdm/policy-csp-deviceguard.md` (values)
- Group Policy backup of Microsoft's Windows Server 2025 security baseline (3 in the policy's copy, 2 in the local one)
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.platform import Configured, DeviceGuardPolicy
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
    Reason,
    ReasonCode,
    Verdict,
    excludes,
    fails,
    passes,
    remarks,
    reviews,
    unknown,
    verdict,
)
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    WORKGROUP = excludes("The node is in no domain; WGC-008 asks there whether the state is deliberate.")
    DOMAIN_CONTROLLER = excludes("The node is a domain controller, where Credential Guard should be off (PLT-004).")
    NOT_CONFIGURED = passes("Neither copy of LsaCfgFlags has an opinion (policy {policy}, local {local}).")
    ON = passes("LsaCfgFlags asks for Credential Guard (policy {policy}, local {local}).")
    SWITCHED_OFF = fails("LsaCfgFlags is 0 in the policy and locally: Credential Guard is switched off.")
    SWITCHED_OFF_ONCE = fails(
        "LsaCfgFlags is 0 in one copy and the other has no opinion (policy {policy}, local {local}).",
        Confidence.INFERRED,
    )
    COPIES_DISAGREE = reviews(
        "One copy of LsaCfgFlags is 0 and the other is not (policy {policy}, local {local}); no winner is documented. "
        "Which of them is meant?",
        Confidence.UNVERIFIED,
    )
    UNKNOWN_VALUE = reviews(
        "LsaCfgFlags holds a value that no table has (policy {policy}, local {local}). What is it meant to do?",
        Confidence.UNVERIFIED,
    )
    UNREADABLE = unknown("LsaCfgFlags could not be read (policy {policy}, local {local}).", Cause.ACCESS_DENIED)
    VBS_OFF = reviews(
        "EnableVirtualizationBasedSecurity is 0 (policy {policy}, local {local}), and Credential Guard can not run "
        "without VBS. Is that meant?",
        Confidence.INFERRED,
    )
    VBS_UNREADABLE = unknown(
        "Whether VBS is switched off could not be read (policy {policy}, local {local}).", Cause.ACCESS_DENIED
    )
    LOCKS_DIFFER = remarks("The copies differ in the UEFI lock alone: 1 sets it, 2 does not.")
    LOCKED = remarks("1 sets a UEFI lock: to undo it takes somebody at the console.")
    BOOT_DEFAULT = remarks("LsaCfgFlagsDefault is {value}: written at boot by Windows, and LsaCfgFlags wins over it.")


CONTROL = Control(
    id="PLT-003",
    title="Credential Guard is not switched off by configuration",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

OFF, ON_LOCKED, ON = 0, 1, 2
"""LsaCfgFlags; of EnableVirtualizationBasedSecurity 0 is off, too."""


def applies(system: ComputerSystem) -> Reason | None:
    """Domain members that are not domain controllers."""
    if system.is_domain_controller:
        return Why.DOMAIN_CONTROLLER()
    return None if system.part_of_domain else Why.WORKGROUP()


def assess(policy: DeviceGuardPolicy) -> Verdict:
    """Judge both copies of LsaCfgFlags, then the VBS switch below them."""
    reasons = [*_credential_guard(policy), *_vbs(policy)]
    default = policy.lsa_cfg_flags_default
    if default.number is not None:
        reasons.append(Why.BOOT_DEFAULT(value=default.number))
    return verdict(*reasons)


def _credential_guard(policy: DeviceGuardPolicy) -> list[Reason]:
    copies = (policy.lsa_cfg_flags_policy, policy.lsa_cfg_flags_local)
    shown = {"policy": copies[0].shown, "local": copies[1].shown}
    numbers = {copy.number for copy in copies}
    match policy.credential_guard:
        case Configured.UNREADABLE:
            return [Why.UNREADABLE(**shown)]
        case Configured.OFF:
            return [Why.SWITCHED_OFF() if numbers == {OFF} else Why.SWITCHED_OFF_ONCE(**shown)]
        case Configured.NOT_CONFIGURED:
            return [Why.NOT_CONFIGURED(**shown)]
        case Configured.ON:
            return [Why.ON(**shown)]
        case Configured.ON_LOCKED:
            return [Why.ON(**shown), Why.LOCKED()]
        case Configured.DISAGREES if numbers == {ON_LOCKED, ON}:
            return [Why.ON(**shown), Why.LOCKS_DIFFER()]
        case Configured.DISAGREES if OFF in numbers:
            return [Why.COPIES_DISAGREE(**shown)]
        case _:
            return [Why.UNKNOWN_VALUE(**shown)]


def _vbs(policy: DeviceGuardPolicy) -> list[Reason]:
    """The policy's value decides where there is one."""
    shown = {"policy": policy.vbs_policy.shown, "local": policy.vbs_local.shown}
    deciding = policy.vbs_local if policy.vbs_policy.absent else policy.vbs_policy
    if deciding.denied:
        return [Why.VBS_UNREADABLE(**shown)]
    return [Why.VBS_OFF(**shown)] if deciding.number == OFF else []
