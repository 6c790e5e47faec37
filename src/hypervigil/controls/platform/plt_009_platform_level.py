r"""PLT-009  The platform level asked for is one that the host can give.

## What it decides

Whether a node asks of its hardware no more than the hardware has: `RequirePlatformSecurityFeatures` can demand Secure
Boot, or Secure Boot and protection against DMA.

## Why it matters

The value looks like hardening and works like a switch. Where it demands DMA protection and the host has no IOMMU, or
has it switched off, VBS does not start at all, and Credential Guard and HVCI stay off with it. One policy for a mixed
park of hardware leaves the older nodes with less than a milder value would have given them.

## How it is decided

1 needs Secure Boot (2 in `AvailableSecurityProperties`), 3 needs Secure Boot and DMA protection (2 and 3). There are
two copies, a policy's and a local one:

- No copy is there: PASS, nothing is asked for.
- The hardware offers what every copy asks for: PASS, whichever of them counts.
- It offers what no copy asks for: FAIL.
- It can give one and not the other: REVIEW. Microsoft documents no winner between them.
- A number other than 1 and 3: REVIEW. Reading one of them was refused: UNKNOWN.

Besides, Windows itself lists in `RequiredSecurityProperties` what VBS needs at this boot. A member of the table that is
not offered is FAIL; where VBS runs all the same the two lists contradict each other: REVIEW. So is a code that no table
has.

A FAIL while VBS runs is no contradiction where it comes from the registry: the value counts from the next boot.

## How to look yourself

    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard -Name RequirePlatformSecurityFeatures
    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object RequiredSecurityProperties, AvailableSecurityProperties

The same value below `HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard` is the policy's copy. Expected on 2019,
2022 and 2025: absent or 1; 3 only where 3 is among the available properties, too. OSConfig's 2025 baselines set 1.

## Remedy

Set 1 where the host has no IOMMU; or switch the IOMMU (VT-d, AMD-Vi) on in the firmware and keep 3.

    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    Set-ItemProperty -Path $key -Name RequirePlatformSecurityFeatures -Type DWord -Value 1

Where a policy writes it: *Turn On Virtualization Based Security*, *Select Platform Security Level: Secure Boot*.

- Reboot: one for each node.
- Order: the policy first, then the local value; drain and reboot one node, see that VBS runs (PLT-001), go on with the
  next. Suspend BitLocker for the reboot. On a node that never ran Credential Guard it may start with VBS: LM-001 first.
- Rollback: the former value and a reboot. Do not remove this value alone while `EnableVirtualizationBasedSecurity`
  stays: take both out together, a half removal can ask for the BitLocker key.

In a VM without DMA protection 1 is the level to ask for.

## What it cannot see

Whether the firmware could offer more than it does now. Other conditions of the same kind, such as a memory attributes
table that a policy requires.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (values and code tables)
- MicrosoftDocs/windows-itpro-docs, `windows/client-management/mdm/policy-csp-deviceguard.md`
- microsoft/osconfig, `security/ws2025/member_server.osc.yaml` (level 1)
"""

from __future__ import annotations

from hypervigil.evidence.platform import DeviceGuard, DeviceGuardPolicy, SecurityProperty
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NOTHING_ASKED = passes("RequirePlatformSecurityFeatures is set nowhere.")
    GIVEN = passes(
        "The hardware offers what RequirePlatformSecurityFeatures asks for (policy {policy}, local {local})."
    )
    NOT_GIVEN = fails(
        "RequirePlatformSecurityFeatures (policy {policy}, local {local}) asks for {lacking}, which the hardware does "
        "not offer: VBS stays off."
    )
    COPIES_DISAGREE = reviews(
        "One copy of RequirePlatformSecurityFeatures (policy {policy}, local {local}) asks for {lacking}, which the "
        "hardware does not offer, and the other does not; no winner is documented. Which of them is meant?",
        Confidence.UNVERIFIED,
    )
    UNKNOWN_LEVEL = reviews(
        "RequirePlatformSecurityFeatures (policy {policy}, local {local}) is neither 1 nor 3. What is meant?",
        Confidence.UNVERIFIED,
    )
    UNREADABLE = unknown(
        "RequirePlatformSecurityFeatures could not be read (policy {policy}, local {local}).", Cause.ACCESS_DENIED
    )
    REQUIRED_NOT_OFFERED = fails("VBS needs at this boot what the hardware does not offer: {properties}.")
    REQUIRED_YET_RUNNING = reviews(
        "VBS runs, and yet it is said to need what the hardware does not offer: {properties}. Which list is wrong?"
    )
    REQUIRED_UNKNOWN = reviews(
        "VBS is said to need {properties}, which no table has. Does the hardware offer it?", Confidence.UNVERIFIED
    )
    NEXT_BOOT = remarks("VBS runs now: the value counts from the next boot on.")


CONTROL = Control(
    id="PLT-009",
    title="The platform level asked for is one that the host can give",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

SECURE_BOOT, DMA = SecurityProperty.SECURE_BOOT, SecurityProperty.DMA_PROTECTION
LEVELS = {1: (SECURE_BOOT,), 3: (SECURE_BOOT, DMA)}
"""What each value of RequirePlatformSecurityFeatures asks of the hardware."""


def assess(guard: DeviceGuard, policy: DeviceGuardPolicy) -> Verdict:
    """Judge the configured level, and what Windows says that VBS needs."""
    level = _level(guard, policy)
    reasons = [level, *_required(guard)]
    if level.outcome is Outcome.FAIL and guard.vbs_running:
        reasons.append(Why.NEXT_BOOT())
    return verdict(*reasons)


def _level(guard: DeviceGuard, policy: DeviceGuardPolicy) -> Reason:
    copies = (policy.platform_policy, policy.platform_local)
    shown = {"policy": copies[0].shown, "local": copies[1].shown}
    if any(copy.denied for copy in copies):
        return Why.UNREADABLE(**shown)
    asked = {copy.number for copy in copies if not copy.absent}
    if not asked:
        return Why.NOTHING_ASKED()
    lacking = {n: [p for p in LEVELS[n] if not guard.offers(p)] for n in asked if n in LEVELS}
    if len(lacking) < len(asked):
        return Why.UNKNOWN_LEVEL(**shown)
    properties = ", ".join(p.label for p in sorted({p for missing in lacking.values() for p in missing}))
    if not properties:
        return Why.GIVEN(**shown)
    return (Why.NOT_GIVEN if all(lacking.values()) else Why.COPIES_DISAGREE)(**shown, lacking=properties)


def _required(guard: DeviceGuard) -> list[Reason]:
    needed = set(guard.required_properties or ()) - {SecurityProperty.NONE} - set(guard.available_properties)
    known = ", ".join(prop.label for prop in sorted(needed) if prop.is_known)
    strange = ", ".join(prop.label for prop in sorted(needed) if not prop.is_known)
    reasons: list[Reason] = []
    if known:
        code = Why.REQUIRED_YET_RUNNING if guard.vbs_running else Why.REQUIRED_NOT_OFFERED
        reasons.append(code(properties=known))
    if strange:
        reasons.append(Why.REQUIRED_UNKNOWN(properties=strange))
    return reasons
