r"""WGC-004  LocalAccountTokenFilterPolicy suits the account and the applied baseline agrees.

## What it decides

Whether a workgroup node lets local administrators in over the network with all their rights, as far as the account
that the cluster is set up and managed with needs it.

## Why it matters

Over the network Windows gives a local administrator a filtered token: no administrator any more. The one exception is
the built-in Administrator, the account with RID 500. A workgroup cluster that is set up with any other account needs
`LocalAccountTokenFilterPolicy` = 1 on every node, as Microsoft's page says; without it remote set-up, and the addition
of a node years later, fail with access denied.

The price of the 1: every local administrator has full rights from afar, so a password or its hash, taken from one node,
opens all nodes that have the same. That is why hardening guides want a 0, and why Microsoft's baselines for 2025 write
one, for domain members; the scenario for workgroup members leaves the value alone. Where a member baseline is laid over
a workgroup node, it breaks the management of the cluster.

## How it is decided

Absent is the same as 0. An account that is enabled counts, CLIUSR and the built-in Guest do not.

| value | built-in Administrator | other enabled accounts | outcome |
|---|---|---|---|
| 1 | disabled | any | PASS: any other account needs it; the price is named |
| 1 | enabled | some | REVIEW: which of them does the cluster use? With RID 500 the 1 is not needed |
| 1 | enabled | none | REVIEW: nobody is there who needs it |
| 0, absent | enabled | none | PASS: RID 500 needs no 1 |
| 0, absent | enabled | some | REVIEW: with any other account than RID 500 set-up from afar fails |
| 0, absent | disabled | any | FAIL: whatever account is used, its token is filtered |
| anything else | | | REVIEW: no table has it |
| reading it was refused | | | UNKNOWN |

A 0 that is written down, and not just absent, came from somewhere: the baselines for domain members write it, and the
verdict then says so. Where the list of accounts lacks RID 500, which every Windows has, the outcome is UNKNOWN.

Nodes of a domain cluster are not judged here; a 1 there is no requirement of anything.

## How to look yourself

    $key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
    Get-ItemProperty -Path $key -Name LocalAccountTokenFilterPolicy
    Get-LocalUser | Where-Object -Property Enabled

Expected on 2019, 2022 and 2025: no such property where the built-in Administrator sets the cluster up, 1 where another
account does.

## Remedy

Where another account than RID 500 is used, with the same `$key`:

    Set-ItemProperty -Path $key -Name LocalAccountTokenFilterPolicy -Type DWord -Value 1

Where nobody needs the 1:

    Remove-ItemProperty -Path $key -Name LocalAccountTokenFilterPolicy

- Reboot: none is documented; the next logon counts.
- Order: take the baseline for domain members off the node first, and use the one for workgroup members, else the 0
  comes back. Then all nodes. With a 1 narrow down who may reach WinRM and SMB of the nodes (MGT-002), and which local
  accounts may log on over the network at all.
- Rollback: the value that stood there before, or its removal where there was none.

## What it cannot see

Which account the cluster was set up with, and which of the enabled accounts are administrators (WGC-003 sees that).
Which baseline wrote the value, and whether it will write it again.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/create-workgroup-cluster.md`
- MicrosoftDocs/SupportArticles-docs, `support/windows-server/windows-security/`
  `user-account-control-and-remote-restriction.md`
- microsoft/osconfig, `security/ws2025/member_server.osc.yaml` and `workgroup_member.osc.yaml`; Group Policy backup of
  Microsoft's Windows Server 2025 security baseline
"""

from __future__ import annotations

from hypervigil.controls.effective.local_accounts import BUILT_IN_RID, built_in_administrator, usable
from hypervigil.evidence.accounts import LocalUsers, RemoteUac
from hypervigil.evidence.host import ComputerSystem
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

    JOINED = excludes("The node is in a domain.")
    NEEDED = passes("Local administrators have full rights from afar (1), and the built-in Administrator is disabled.")
    MAYBE_NEEDED = reviews(
        "Local administrators have full rights from afar (1). The built-in Administrator, who needs no 1, is enabled "
        "beside {others}. Which of them manages the cluster?"
    )
    NOT_NEEDED = reviews(
        "Local administrators have full rights from afar (1), and only the built-in Administrator, who needs no 1, is "
        "enabled. What is it for?"
    )
    BUILT_IN = passes("Tokens are filtered ({value}), and the only account, the built-in Administrator, is exempt.")
    MAYBE_MISSING = reviews(
        "Tokens are filtered ({value}), which exempts the built-in Administrator alone; {others} would be let in "
        "without rights. Which of them manages the cluster?"
    )
    MISSING = fails(
        "Tokens are filtered ({value}) and the built-in Administrator is disabled: no account can manage the node from "
        "afar ({others})."
    )
    ODD = reviews(
        "LocalAccountTokenFilterPolicy is {value}, which no table has: what is it meant to do?", Confidence.UNVERIFIED
    )
    DENIED = unknown("LocalAccountTokenFilterPolicy could not be looked at.", Cause.ACCESS_DENIED)
    NO_BUILT_IN = unknown("The list of accounts lacks RID 500, so it is not whole.", Cause.NOT_IN_SOURCE)
    FORCED = remarks("The 0 is written down: baselines for domain members do so, that for workgroups does not.")
    PRICE = remarks("With a 1 a hash of such an account opens every node that has the same password.")


CONTROL = Control(
    id="WGC-004",
    title="LocalAccountTokenFilterPolicy suits the account and the applied baseline agrees",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Nodes of a workgroup cluster."""
    return Why.JOINED() if system.part_of_domain else None


def assess(uac: RemoteUac, users: LocalUsers) -> Verdict:
    """Hold the value against the accounts that could be used."""
    value = uac.token_filter_policy
    if value.denied:
        return verdict(Why.DENIED())
    if not value.absent and value.number not in (0, 1):
        return verdict(Why.ODD(value=value.shown))
    built_in = built_in_administrator(users)
    if built_in is None:
        return verdict(Why.NO_BUILT_IN())
    others = ", ".join(user.name for user in usable(users) if user.rid != BUILT_IN_RID)
    if value.number == 1:
        return verdict(_full(built_in.enabled, others), Why.PRICE())
    found = _filtered(built_in.enabled, others, value.shown)
    return verdict(found) if value.absent else verdict(found, Why.FORCED())


def _full(built_in: bool, others: str) -> Reason:
    if not built_in:
        return Why.NEEDED()
    return Why.MAYBE_NEEDED(others=others) if others else Why.NOT_NEEDED()


def _filtered(built_in: bool, others: str, shown: str) -> Reason:
    if not built_in:
        return Why.MISSING(value=shown, others=others or "there is none besides")
    return Why.MAYBE_MISSING(value=shown, others=others) if others else Why.BUILT_IN(value=shown)
