r"""WGC-008  Credential Guard state is deliberate.

## What it decides

Whether what a workgroup node does with Credential Guard is what somebody told it: off, as it is there by default, or on
because the configuration says so and somebody meant it.

## Why it matters

Windows Server 2025 starts Credential Guard by itself on domain members only. In a workgroup it stays off, and CredSSP
goes on working, which the remoting of such clusters uses. But it needs no domain to run: Microsoft's OSConfig scenario
for workgroup members, a baseline that looks harmless, switches it on, and remote commands that passed credentials on
stop passing them.

What it gives in return is small there: it guards secrets of the domain, and a local account's hash lies in the SAM, out
of its reach. Either choice is sound, as long as it is one.

The source document says that Credential Guard needs a domain. Only its start by default does.

## How it is decided

The running services say what is, the two copies of `LsaCfgFlags` what was asked for (PLT-003 tells how they are read:
absent, and 3 in the policy's copy, have no opinion).

| running | asked for | outcome |
|---|---|---|
| no | nothing | PASS: the default of a workgroup |
| no | off | PASS |
| no | on | FAIL, inferred: it was asked for and did not start |
| yes | on | REVIEW: was it meant, and was remoting tried again? |
| yes | off | FAIL, inferred: it was switched off and runs, as a UEFI lock lets it |
| yes | nothing | REVIEW: a UEFI lock, or what is left of a domain, may keep it on |
| no | nothing, yet Windows calls it configured | REVIEW, likewise |
| either | 0 in one copy, 1 or 2 in the other | REVIEW: no winner is documented |
| either | a number of no table | REVIEW |
| either | a copy that could not be read | UNKNOWN |

Where it is on, no host can tell a decision from a baseline that nobody read, so that there is no PASS for it: accept it
with a waiver that names who decided. Nodes of a domain are for PLT-002 and PLT-003.

## How to look yourself

    (Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard).SecurityServicesRunning
    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa -Name LsaCfgFlags
    Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard -Name LsaCfgFlags

Expected on 2019, 2022 and 2025: no 1 among the services, and an error that the property does not exist, twice. With the
OSConfig baseline for workgroup members (2025): a 1 among the services and a 2 in the local copy, or in the policy's
with its first edition.

## Remedy

To do without, 0 in both copies, and the baseline's row for it excepted:

    Set-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa -Name LsaCfgFlags -Type DWord -Value 0
    Set-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard -Name LsaCfgFlags -Type DWord -Value 0

To keep it, try remoting on all nodes, and write down who decided:

    Test-WorkgroupClusterRemoting -Node HV01, HV02

- Reboot: one for each node; the values are read at boot.
- Order: the baseline first, else its drift control writes the value again; then one node after the other.
- Rollback: the values that stood there before, and a reboot. A 1 sets a UEFI lock, which takes somebody at the console
  to undo.

## What it cannot see

Who decided. The UEFI lock itself. Whether remoting works.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/index.md` (what is
  on by default) and `configure.md` (both copies)
- microsoft/osconfig, `security/ws2025/workgroup_member.osc.yaml`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/Test-WorkgroupClusterRemoting.md`
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.platform import Configured, DeviceGuard, DeviceGuardPolicy, SecurityService
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

    JOINED = excludes("The node is in a domain; PLT-002 and PLT-003 look at Credential Guard there.")
    OFF_BY_DEFAULT = passes("Credential Guard does not run, as is the default in a workgroup.")
    SWITCHED_OFF = passes("Credential Guard does not run, and was switched off (policy {policy}, local {local}).")
    ASKED_FOR = reviews(
        "Credential Guard runs, as LsaCfgFlags asks (policy {policy}, local {local}). Was that meant, and was remoting "
        "between the nodes tried since?"
    )
    DID_NOT_START = fails(
        "LsaCfgFlags asks for Credential Guard (policy {policy}, local {local}), and it does not run.",
        Confidence.INFERRED,
    )
    RUNS_ALL_THE_SAME = fails(
        "Credential Guard was switched off (policy {policy}, local {local}) and runs.", Confidence.INFERRED
    )
    UNEXPLAINED = reviews(
        "Windows calls Credential Guard {state}, and neither copy of LsaCfgFlags asks for it. What keeps it on?",
        Confidence.INFERRED,
    )
    COPIES_DISAGREE = reviews(
        "Credential Guard {runs}; one copy of LsaCfgFlags is 0 and the other is not (policy {policy}, local {local}), "
        "and no winner is documented. Which of them is meant?",
        Confidence.UNVERIFIED,
    )
    UNKNOWN_VALUE = reviews(
        "Credential Guard {runs}; LsaCfgFlags holds a value that no table has (policy {policy}, local {local}). What "
        "is it meant to do?",
        Confidence.UNVERIFIED,
    )
    UNREADABLE = unknown(
        "Credential Guard {runs}; whether that was asked for could not be read (policy {policy}, local {local}).",
        Cause.ACCESS_DENIED,
    )
    BASELINE = remarks("A 2 is what Microsoft's OSConfig baseline for workgroup members writes.")


CONTROL = Control(
    id="WGC-008",
    title="Credential Guard state is deliberate",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)

OFF, ON_LOCKED, ON = 0, 1, 2
"""LsaCfgFlags."""


def applies(system: ComputerSystem) -> Reason | None:
    """Nodes of a workgroup cluster."""
    return Why.JOINED() if system.part_of_domain else None


def assess(guard: DeviceGuard, policy: DeviceGuardPolicy) -> Verdict:
    """Hold what runs against what was asked for."""
    copies = (policy.lsa_cfg_flags_policy, policy.lsa_cfg_flags_local)
    found = _judged(guard, policy.credential_guard, {copy.number for copy in copies}, copies[0].shown, copies[1].shown)
    asked = found.code in (Why.ASKED_FOR.code, Why.DID_NOT_START.code)
    return verdict(found, Why.BASELINE()) if asked and ON in {copy.number for copy in copies} else verdict(found)


def _judged(guard: DeviceGuard, asked: Configured, numbers: set[int | None], policy: str, local: str) -> Reason:
    running = guard.runs(SecurityService.CREDENTIAL_GUARD)
    runs = "runs" if running else "does not run"
    if asked is Configured.UNREADABLE:
        return Why.UNREADABLE(runs=runs, policy=policy, local=local)
    if asked in (Configured.ON, Configured.ON_LOCKED) or (asked is Configured.DISAGREES and numbers == {ON_LOCKED, ON}):
        return (Why.ASKED_FOR if running else Why.DID_NOT_START)(policy=policy, local=local)
    if asked is Configured.OFF:
        return (Why.RUNS_ALL_THE_SAME if running else Why.SWITCHED_OFF)(policy=policy, local=local)
    if asked is Configured.NOT_CONFIGURED:
        if running:
            return Why.UNEXPLAINED(state="running")
        configured = guard.configures(SecurityService.CREDENTIAL_GUARD)
        return Why.UNEXPLAINED(state="configured") if configured else Why.OFF_BY_DEFAULT()
    code = Why.COPIES_DISAGREE if asked is Configured.DISAGREES and OFF in numbers else Why.UNKNOWN_VALUE
    return code(runs=runs, policy=policy, local=local)
