r"""PLT-015  WDigest does not keep clear-text credentials.

## What it decides

Whether a node keeps the passwords of those who log on in clear text in the memory of LSASS, for the old WDigest
authentication.

## Why it matters

With WDigest's switch on, whoever becomes SYSTEM on a node reads the passwords of its administrators as they typed them,
not just hashes. Nothing on a Hyper-V node needs it. Attackers set the value themselves and wait for the next logon,
which makes it a trace of an intrusion as much as a weakness.

## How it is decided

- `UseLogonCredential` is 1: FAIL.
- It is 0 or absent: PASS. Absent means off since Windows Server 2012 R2; that this holds on 2025, too, no primary
  source says, so an absent value there is an inferred PASS in its wording.
- It has another number or type: REVIEW, no table has it.
- It could not be looked at: UNKNOWN.

`IsCredGuardEnabled` in the same key is written by no part of Windows that is known of, but by tools that trick WDigest
into keeping passwords. Where it is there, that is said.

## How to look yourself

    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest -Name UseLogonCredential

Expected on 2019, 2022 and 2025: an error that the property does not exist, or 0.

## Remedy

    Remove-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest -Name UseLogonCredential

- Reboot: none for the value; passwords that LSASS holds already go at the next reboot.
- Order: find out who wrote the value and when before you remove it; it may be the trace of an intruder. Then all nodes,
  then drain and reboot node by node, then new passwords for everybody who has logged on to a node since.
- Rollback: none that anybody should want; the value 1 brings the old state back.

## What it cannot see

Passwords that LSASS keeps already, and whether somebody has read them. Credential Guard keeps WDigest from using saved
credentials; whether it runs is asked by PLT-002.

## References

- Microsoft Security Response Center blog, "An overview of KB2871997"
- 0x6d69636b/windows_hardening, Microsoft's baseline for Windows Server 2022, row 10625
- SigmaHQ/sigma, rules on changes of the WDigest values (for IsCredGuardEnabled)
"""

from __future__ import annotations

from hypervigil.evidence.accounts import WDigest
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    OFF = passes("WDigest keeps no clear-text passwords (UseLogonCredential is 0).")
    ABSENT = passes("WDigest keeps no clear-text passwords: UseLogonCredential is absent.", Confidence.SECONDARY)
    KEEPS = fails("WDigest keeps passwords in clear text in LSASS (UseLogonCredential is 1).")
    ODD = reviews(
        "UseLogonCredential is {value}, which no table has: what did who write it for?", Confidence.UNVERIFIED
    )
    DENIED = unknown("UseLogonCredential could not be looked at.", Cause.ACCESS_DENIED)
    TAMPERED = remarks("IsCredGuardEnabled is there ({value}): Windows does not write it, tools of attackers do.")


CONTROL = Control(
    id="PLT-015",
    title="WDigest does not keep clear-text credentials",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(wdigest: WDigest) -> Verdict:
    """Judge the switch; the other value is only told."""
    switch = wdigest.use_logon_credential
    reasons: list[Reason] = []
    if switch.denied:
        reasons.append(Why.DENIED())
    elif switch.absent:
        reasons.append(Why.ABSENT())
    elif switch.number == 1:
        reasons.append(Why.KEEPS())
    elif switch.number == 0:
        reasons.append(Why.OFF())
    else:
        reasons.append(Why.ODD(value=switch.shown))
    planted = wdigest.is_cred_guard_enabled
    if not planted.absent and not planted.denied:
        reasons.append(Why.TAMPERED(value=planted.shown))
    return verdict(*reasons)
