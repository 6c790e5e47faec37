r"""WGC-009  The shared local account is rotated, and a minimum length was in force.

## What it decides

Whether the password of each local account that a workgroup cluster may share is younger than a limit, bound by a
minimum length, and whether that minimum is long enough.

## Why it matters

The account that all nodes have in common is the one secret of a workgroup cluster: whoever knows it administers every
node and reads every VM. Nothing changes it by itself. Windows LAPS is no help: it gives each machine a password of its
own, which a cluster that needs the same one on all nodes can not use, and a node in a workgroup could not store it in
Active Directory.

## How it is decided

Which account is shared no node can tell by itself, so every enabled local account counts, but for CLIUSR, whose
password the cluster changes, and the built-in Guest.

- Its password is older than the limit of the profile (70 days, the longest age in Microsoft's OSConfig baseline for
  workgroup members): FAIL. When it was set is not known: UNKNOWN. It was set after the evidence was collected: REVIEW,
  for a clock must be wrong.
- `PasswordRequired` is False: FAIL, the minimum does not bind this account. It was not read: UNKNOWN.
- The minimum length in force is below that of the profile (14, as the same baseline has it): FAIL. It was not read:
  UNKNOWN.
- Everything holds: PASS, inferred.

That PASS says less than it seems to. **The length of a password can never be read.** A minimum that is in force now
bound it only if it was in force when the password was set, and no host records since when it is. An account that has
seen one change since the baseline was applied is sound; ask whoever applied it.

A node where no such account is enabled: NOT_APPLICABLE. Nodes of a domain cluster are not judged; LAPS and IDN-015 are
for them.

## How to look yourself

    Get-LocalUser | Select-Object Name, Enabled, PasswordLastSet, PasswordRequired
    secedit.exe /export /areas SECURITYPOLICY /cfg C:\Evidence\policy.inf
    Select-String -Path C:\Evidence\policy.inf -Pattern MinimumPasswordLength

Expected: a recent date and True for each enabled account but CLIUSR.

| release | `MinimumPasswordLength` |
|---|---|
| all, stand-alone, nothing applied | 0 |
| 2025 with the OSConfig baseline | 14 |

More than 14 can be asked for from 2022 on, with the policy *Relax minimum password length limits*.

## Remedy

A new password on all nodes in one go, the same on each:

    $password = Read-Host -AsSecureString
    Invoke-Command -ComputerName HV01, HV02 -ScriptBlock { Set-LocalUser -Name hvsetup -Password $using:password }

The minimum: policy *Minimum password length*, 14 or more, with history and complexity; or the OSConfig scenario for
workgroup members.

- Reboot: none.
- Order: the minimum first, on all nodes, then the password, so that it is bound; services and tasks that run under the
  account need the new one at the same moment, so look for them before. Watch the lockout of the baseline (3 tries).
- Rollback: the former password; a history of passwords may refuse it.

## What it cannot see

Length and quality of any password. Whether it is the same on the other nodes, or known elsewhere (WGC-003). Since when
the minimum has been in force. Which account is the shared one.

## References

- MicrosoftDocs/PowerShell-Docs, `reference/5.1/Microsoft.PowerShell.LocalAccounts/Get-LocalUser.md`
- MicrosoftDocs/windows-itpro-docs, `windows/security/threat-protection/security-policy-settings/`
  `minimum-password-length.md`; Microsoft support article KB4557232
- microsoft/osconfig, `security/ws2025/workgroup_member.osc.yaml`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/identity/laps/laps-management-policy-settings.md`
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective.local_accounts import usable
from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.accounts import LocalUser, LocalUsers, PasswordPolicy
from hypervigil.evidence.host import ComputerSystem
from hypervigil.model import injection
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Moment
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

    JOINED = excludes("The node is in a domain.")
    NOBODY = excludes("No local account is enabled but that of the cluster itself.")
    FRESH = passes("The password of {account} is {days} days old.", Confidence.INFERRED)
    MINIMUM = passes("A minimum length of {length} characters is in force.", Confidence.INFERRED)
    STALE = fails("The password of {account} is {days} days old, {most} at most were asked for.")
    UNBOUND = fails("{account} needs no password (PasswordRequired is False): no minimum binds it.")
    TOO_SHORT = fails("The minimum length in force is {length}, {least} or more were asked for.")
    AHEAD = reviews("The password of {account} was set after the evidence was collected. Which clock is wrong?")
    AGE_UNSEEN = unknown("When the password of {account} was set is not known.", Cause.NOT_IN_SOURCE)
    BOUND_UNSEEN = unknown("Whether {account} needs a password was not read.", Cause.NOT_IN_SOURCE)
    UNDATED = unknown("Nothing says when the evidence was collected, so no age can be told.", Cause.NOT_IN_SOURCE)
    MINIMUM_UNSEEN = unknown("The minimum length in force was not read.")
    NEVER_READ = remarks(
        "How long a password is can not be read, nor since when the minimum has been in force: whoever applied it can "
        "say whether it was there when the password was set."
    )


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set; the defaults are those of OSConfig's scenario for workgroup members."""

    maximum_age_days: Annotated[int, Meta(ge=1, le=999, description="Oldest password that passes, in days.")] = 70
    minimum_length: Annotated[int, Meta(ge=1, le=128, description="Smallest minimum that passes, in characters.")] = 14


CONTROL = Control(
    id="WGC-009",
    title="The shared local account is rotated, and a minimum length was in force",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Nodes of a workgroup cluster."""
    return Why.JOINED() if system.part_of_domain else None


def assess(users: LocalUsers, policy: Maybe[PasswordPolicy], moment: Moment, wanted: Parameters) -> Verdict:
    """Judge every account that may be the shared one, then the minimum."""
    accounts = usable(users)
    if not accounts:
        return verdict(Why.NOBODY())
    reasons: list[Reason] = [] if moment.at else [Why.UNDATED()]
    for account in accounts:
        reasons.extend(_of_account(account, moment.at, wanted.maximum_age_days))
    length = policy.value.minimum_length if policy.value else None
    if length is None:
        reasons.append(Why.MINIMUM_UNSEEN.because(policy.missing))
    elif length < wanted.minimum_length:
        reasons.append(Why.TOO_SHORT(length=length, least=wanted.minimum_length))
    else:
        reasons.append(Why.MINIMUM(length=length))
    return verdict(*reasons, Why.NEVER_READ())


def _of_account(account: LocalUser, at: datetime.datetime | None, most: int) -> Iterator[Reason]:
    name, since = account.name, account.password_last_set
    if account.password_required is None:
        yield Why.BOUND_UNSEEN(account=name)
    elif not account.password_required:
        yield Why.UNBOUND(account=name)
    if since is None:
        yield Why.AGE_UNSEEN(account=name)
    elif at is not None:
        age = in_utc(at) - in_utc(since)
        if age < datetime.timedelta(0):
            yield Why.AHEAD(account=name)
        elif age > datetime.timedelta(days=most):
            yield Why.STALE(account=name, days=age.days, most=most)
        else:
            yield Why.FRESH(account=name, days=age.days)
