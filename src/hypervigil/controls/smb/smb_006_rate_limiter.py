r"""SMB-006  The authentication rate limiter is on, at 2,000 ms or more.

## What it decides

Whether the SMB server of a node holds back its answer to a wrong password for at least two seconds.

## Why it matters

Without it a machine that reaches TCP 445 tries passwords as fast as the node answers. The figure that goes with the
feature: 300 guesses a second for five minutes are 90,000 guesses. With two seconds before each answer the same number
takes 50 hours. The reason states the hours for the delay that was read: guesses times delay.

That sum holds for attempts made one after another, and the source document leaves this out. Whether attempts over
many connections at once wait for each other is not documented, so take it as a brake and not as a lock: account
lockout and a narrow firewall stay necessary.

What it covers is worded in two ways by Microsoft: NTLM and PKU2U on the feature's own page, NTLM and the Local KDC on
another; the source document quotes the second. Kerberos of a domain is never slowed down, since it authenticates
before SMB is spoken. RDP, WinRM, LDAP and RPC are not covered.

## How it is decided

- `EnableAuthRateLimiter` false, or a delay of 0: FAIL, the limiter is off.
- A delay of 1 to 1,999 ms: FAIL, with the time that it costs an attacker.
- On, with 2,000 ms or more: PASS. The setting goes in steps of 100 ms; another number is remarked on and does not
  change the verdict, for rounding to a step would not bring it below 2,000. A profile may ask for another number
  with the parameter `minimum_delay_ms`.
- More than 10,000 ms is beyond the documented range: REVIEW, since what Windows makes of it is not documented.
- A value that the build has and the source does not: UNKNOWN.
- 2016, 2019 and 2022 have no limiter: NOT_APPLICABLE. Version 23H2 knows the delay, without a separate switch: there
  the delay alone decides. Builds that no table knows are judged by what they show. Where neither property is there, a
  build older than 23H2 is taken to have none.

## How to look yourself

    Get-SmbServerConfiguration | Select-Object EnableAuthRateLimiter, InvalidAuthenticationDelayTimeInMs

| release | expected |
|---|---|
| 2016, 2019, 2022 | neither property exists |
| 23H2 | the delay exists, the switch does not |
| 2025 | `True` and `2000`, which is the default |

A failed logon over SMB is event 551 in SMBServer/Security. The source document sends its reader to SMBServer/Audit,
which records other things.

## Remedy

    Set-SmbServerConfiguration -InvalidAuthenticationDelayTimeInMs 2000 -Force

The switch is readable and no parameter of the cmdlet. Where it is `False`, look at the policy *Enable authentication
rate limiter* (*Network > Lanman Server*), which belongs on *Enabled*, and at the registry value of the switch's name
below `LanmanServer\Parameters`. There is a policy for the delay, too, although the feature's page still says that only
PowerShell can set it.

- Reboot: none named by the documentation.
- Order: find services that loop with an old password beforehand (event 551 in SMBServer/Security names the client):
  they get slow answers from then on. Then node by node.
- Rollback: the same command with the number that was there before; 0 switches the limiter off.

## What it cannot see

Whether the delay is felt on the wire, which only failed logons would show. What a policy is going to set at its next
refresh.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/configure-smb-authentication-rate-limiter.md`
  and `smb-security-hardening.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
- microsoft/wmi, class `MSFT_SmbServerConfiguration` of server2019 and server23h2 (which build has the delay)
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model import injection
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

LONGEST_MS = 10_000
STEP_MS = 100
GUESSES_PER_SECOND = 300
ATTACK_SECONDS = 5 * 60


class Why(ReasonCode):
    """What this control can say."""

    NO_LIMITER = excludes(
        "{release} has no authentication rate limiter; Windows Server 2025 brings one that is on, with 2,000 ms."
    )
    ON = passes(
        "Each wrong password costs {delay} ms: {guesses} guesses, {minutes} minutes of work at {rate} a second without "
        "the limiter, take {hours} hours when they are made one after another."
    )
    DELAY_ALONE = passes(
        "Each wrong password costs {delay} ms: {guesses} guesses take {hours} hours when they are made one after "
        "another. This build shows no switch EnableAuthRateLimiter, so its delay alone was judged.",
        Confidence.INFERRED,
    )
    SWITCHED_OFF = fails("The authentication rate limiter is switched off (EnableAuthRateLimiter is False).")
    NO_DELAY = fails("The authentication rate limiter is off: its delay is 0 ms.")
    TOO_SHORT = fails(
        "A wrong password costs {delay} ms only: {guesses} guesses take {hours} hours when they are made one after "
        "another."
    )
    BEYOND_RANGE = reviews(
        "The delay is {delay} ms; the documented range ends at {longest} ms. Is a delay felt at all?",
        Confidence.UNVERIFIED,
    )
    SWITCH_UNSEEN = unknown("The source does not say whether the limiter is switched on.", Cause.NOT_IN_SOURCE)
    DELAY_UNSEEN = unknown("The source does not hold the limiter's delay.", Cause.NOT_IN_SOURCE)
    ODD_STEP = remarks("The delay is no multiple of {step} ms, which the cmdlet would refuse: look where it came from.")


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set."""

    minimum_delay_ms: Annotated[int, Meta(ge=100, le=LONGEST_MS, description="Shortest delay that passes, in ms.")] = (
        2000
    )


CONTROL = Control(
    id="SMB-006",
    title="The authentication rate limiter is on, at 2,000 ms or more",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(system: OperatingSystem, server: SmbServerConfiguration) -> Reason | None:
    """Builds that show a property of the limiter, and those that should: from 23H2 on."""
    shows = server.rate_limiter is not None or server.invalid_authentication_delay_ms is not None
    if shows or system.build_number >= Release.WS23H2.build:
        return None
    return Why.NO_LIMITER(release=system.release_title)


def assess(server: SmbServerConfiguration, wanted: Parameters) -> Verdict:
    """Judge the switch, then the delay."""
    delay = server.invalid_authentication_delay_ms
    if server.rate_limiter is False:
        return verdict(Why.SWITCHED_OFF())
    if delay is None:
        return verdict(Why.DELAY_UNSEEN())
    if delay <= 0:
        return verdict(Why.NO_DELAY())
    notes = [Why.ODD_STEP(step=STEP_MS)] if delay % STEP_MS else []
    if delay < wanted.minimum_delay_ms:
        return verdict(Why.TOO_SHORT(delay=delay, **_sum(delay)), *notes)
    if delay > LONGEST_MS:
        return verdict(Why.BEYOND_RANGE(delay=delay, longest=LONGEST_MS), *notes)
    if server.rate_limiter is None:
        if _has_switch(server):
            return verdict(Why.SWITCH_UNSEEN(), *notes)
        return verdict(Why.DELAY_ALONE(delay=delay, **_sum(delay)), *notes)
    minutes = ATTACK_SECONDS // 60
    return verdict(Why.ON(delay=delay, minutes=minutes, rate=GUESSES_PER_SECOND, **_sum(delay)), *notes)


def _sum(delay_ms: int) -> dict[str, str]:
    """How many guesses an unhindered attack makes, and how many hours the same number takes with the delay."""
    guesses = GUESSES_PER_SECOND * ATTACK_SECONDS
    return {"guesses": f"{guesses:,}", "hours": f"{guesses * delay_ms / 1000 / 3600:,.4g}"}


def _has_switch(server: SmbServerConfiguration) -> bool:
    """Whether the build has EnableAuthRateLimiter: it came together with these, which 23H2 has not."""
    companions = (server.dialect_min, server.dialect_max, server.audit_guest, server.audit_encryption, server.mailslots)
    return any(value is not None for value in companions)
