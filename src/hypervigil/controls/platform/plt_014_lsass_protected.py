r"""PLT-014  LSASS runs as a protected process.

## What it decides

Whether LSASS, the process that holds credentials, was started as a protected process at the last boot, on the proof
that Windows writes itself and not on what is configured.

## Why it matters

A protected process can not be opened for reading or injected into by a program that is not itself signed for it, not
even as SYSTEM. It stops the ordinary tools that read credentials out of memory, on every release and without VBS, and
stands beside Credential Guard, not instead of it: each protects what the other leaves open.

## How it is decided

Event 12 of Wininit since the last boot ("started as protected process, level 4") is the documented proof, and the only
thing that passes. `RunAsPPL` (0 off, 1 on with a UEFI variable, 2 on without; a policy has its own copy) explains.

| event 12 since the boot | outcome |
|---|---|
| there | PASS; a remark where nothing configures it for the next boot |
| not there, in a log that reaches back to the boot | FAIL: nothing is configured, or it did not take |
| not there, and `RunAsPPLBoot` is 1 or 2 | REVIEW: two signs contradict each other |
| not there, and reading `RunAsPPLBoot` was refused | UNKNOWN (access denied) |
| no log, or one that begins after the boot | UNKNOWN, whatever is configured: a UEFI variable may hold or lack it |

`RunAsPPLBoot` is said to hold the mode of the current boot. It is also a value that administrators are told to write by
hand, so it passes nothing on its own; it is enough to ask.

2 is said, third hand, to be understood only from the builds of the 22H2 generation on, hence not by 2019 and 2022; one
report has it act like 1 on an older build. Where 2 is all that is configured and LSASS was not started protected, that
is named as a possible reason.

## How to look yourself

    Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Wininit'; Id = 12 } `
        -MaxEvents 1
    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa | Select-Object RunAsPPL, RunAsPPLBoot
    Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\System | Select-Object RunAsPPL

Expected: an event 12 that is younger than the last boot.

| release | out of the box |
|---|---|
| 2019, 2022 | off |
| 2025 | off, inferred: the policy's text promises a default to clean installations of client releases only |

## Remedy

Policy *System > Local Security Authority > Configures LSASS to run as a protected process* (2025), or the local value:
1 on 2019 and 2022, 2 on 2025, as Microsoft's OSConfig baselines set there.

    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    New-ItemProperty -Path $lsa -Name RunAsPPL -PropertyType DWord -Value 2 -Force    # 1 on 2019 and 2022

- Reboot: one for each node.
- Order: audit first. `AuditLevel` = 8 below `...\Image File Execution Options\LSASS.exe`, a reboot, and events 3065 and
  3066 of CodeIntegrity name the plug-ins that would not load: security packages, password filters, smart card drivers
  without Microsoft's signature. Then one drained node, then the others.
- Rollback: 0 or no value, and a reboot. After 1 on a machine with Secure Boot the UEFI variable stays: Microsoft's
  opt-out tool (`LsaPplConfig.efi`) removes it, with somebody at the console.

## What it cannot see

What a log that was overwritten since the boot has held. The UEFI variable itself. Drivers that were written to open
protected processes: HVCI and the blocklist (PLT-005, PLT-017) stand against those.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/credentials-protection-and-management/`
  `configuring-additional-lsa-protection.md`; pull requests 7705 (2 on older builds), 8117, 8121 (RunAsPPLBoot)
- microsoft/osconfig, `security/ws2025/member_server.osc.yaml` (RunAsPPL 2)
"""

from __future__ import annotations

from hypervigil.evidence.platform import LsaProtection
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    PROTECTED = passes("LSASS was started as a protected process at the last boot.")
    OFF = fails("LSASS was not started as a protected process, and nothing configures it (RunAsPPL: {values}).")
    NOT_IN_EFFECT = fails(
        "LSASS was not started as a protected process at the last boot, whatever RunAsPPL says ({values}): a reboot is "
        "pending, or the value did not take."
    )
    BOOT_VALUE_DISAGREES = reviews(
        "RunAsPPLBoot says that LSASS was started protected ({values}), and the log, back to the boot, does not. Was "
        "the value written by hand?",
        Confidence.SECONDARY,
    )
    LOG_UNSEEN = unknown(
        "No log that reaches back to the boot was read, so nothing proves how LSASS was started (RunAsPPL: {values}).",
        Cause.NOT_IN_SOURCE,
    )
    UNREADABLE = unknown(
        "No event says that LSASS was started protected, and RunAsPPLBoot could not be read ({values}).",
        Cause.ACCESS_DENIED,
    )
    NOT_CONFIGURED = remarks(
        "Nothing configures it ({values}): unless a UEFI variable holds it, the next boot starts LSASS unprotected."
    )
    TWO_ALONE = remarks("2 is said, third hand, not to be understood before the builds of the 22H2 generation.")


CONTROL = Control(
    id="PLT-014",
    title="LSASS runs as a protected process",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

OFF, ON_LOCKED, ON = 0, 1, 2
"""RunAsPPL, and RunAsPPLBoot."""


def assess(lsa: LsaProtection) -> Verdict:
    """Judge by the event; what is configured explains why it is not there."""
    values = f"local {lsa.run_as_ppl.shown}, policy {lsa.run_as_ppl_policy.shown}, boot {lsa.run_as_ppl_boot.shown}"
    copies = (lsa.run_as_ppl, lsa.run_as_ppl_policy)
    configured = {copy.number for copy in copies if not copy.absent}
    off = configured <= {OFF}
    if lsa.started_protected:
        return verdict(Why.PROTECTED(), *([Why.NOT_CONFIGURED(values=values)] if off else []))
    if lsa.started_protected is None:
        return verdict(Why.LOG_UNSEEN(values=values))
    if lsa.run_as_ppl_boot.denied:
        return verdict(Why.UNREADABLE(values=values))
    if lsa.run_as_ppl_boot.number in (ON_LOCKED, ON):
        return verdict(Why.BOOT_VALUE_DISAGREES(values=values))
    if off:
        return verdict(Why.OFF(values=values))
    return verdict(Why.NOT_IN_EFFECT(values=values), *([Why.TWO_ALONE()] if configured <= {OFF, ON} else []))
