r"""IDN-016  Deny access from the network does not lock CLIUSR out.

## What it decides

Whether the user right *Deny access to this computer from the network* names CLIUSR, the cluster's own local account,
or a group that it is always a member of.

## Why it matters

Every node has the local account CLIUSR, which the cluster makes and whose password it changes by itself. Nodes use it
to log on to one another when they start up and for traffic of Cluster Shared Volumes. A baseline that denies network
logons to all local accounts denies them to CLIUSR: nodes can not join, volumes go offline, and nothing in the
messages points to a user right.

## How it is decided

`SeDenyNetworkLogonRight` holds one of these: FAIL, with which.

| entry | who |
|---|---|
| `S-1-5-113` | all local accounts |
| `S-1-1-0`, `S-1-5-11`, `S-1-5-2` | everyone, authenticated users, whoever logs on over the network |
| `CLIUSR` | the account by name |

`S-1-5-114`, local accounts in the group Administrators, spares CLIUSR, which is none: PASS, with a remark, because on
a workgroup cluster it keeps the administrators of the cluster out. That the entries reach CLIUSR follows from what
the SIDs mean; no page says it of CLIUSR, so the verdict is inferred.

## How to look yourself

    secedit.exe /export /areas USER_RIGHTS /cfg C:\Evidence\rights.inf
    Select-String -Path C:\Evidence\rights.inf -Pattern SeDenyNetworkLogonRight

Expected on 2019, 2022 and 2025: no line, or `*S-1-5-32-546` (guests) alone, which is what Microsoft's OSConfig
baselines write.

## Remedy

In the policy that sets the right, replace *Local account* by *Local account and member of Administrators group*
(`S-1-5-114`) on a domain cluster; on a workgroup cluster leave both out.

- Reboot: none; the next logon counts.
- Order: mend the policy before the next node is restarted: a node that is up may keep going until then. Then refresh
  it on all nodes, and move a role to and fro.
- Rollback: the former list.

## What it cannot see

Which policy wrote the list. Groups of one's own that CLIUSR was put into: their members are not followed.

## References

- Microsoft support article KB4488256 (meaning of S-1-5-113 and S-1-5-114)
- Failover Clustering team blog, post on CLIUSR (ba-p/388832)
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv`
"""

from __future__ import annotations

from hypervigil.evidence.accounts import UserRights
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    OPEN = passes("Nothing that is denied network logons reaches CLIUSR.", Confidence.INFERRED)
    LOCKED_OUT = fails("Network logons are denied to {who} ({entry}), which CLIUSR belongs to.", Confidence.INFERRED)
    ADMINISTRATORS = remarks(
        "Network logons are denied to local accounts in Administrators (S-1-5-114): CLIUSR is none, "
        "but the account that sets up a workgroup cluster is."
    )


CONTROL = Control(
    id="IDN-016",
    title="Deny access from the network does not lock CLIUSR out",
    family=Family.IDENTITY,
    scope=Scope.NODE,
    severity=Severity.CRITICAL,
    reasons=Why,
)

RIGHT = "SeDenyNetworkLogonRight"
REACHES = {
    "S-1-5-113": "all local accounts",
    "S-1-1-0": "everyone",
    "S-1-5-11": "authenticated users",
    "S-1-5-2": "whoever logs on over the network",
}
LOCAL_ADMINISTRATORS = "S-1-5-114"
ACCOUNT = "cliusr"


def assess(rights: UserRights) -> Verdict:
    """Judge each entry of the right."""
    holders = rights.holders(RIGHT)
    reasons: list[Reason] = []
    for holder in holders:
        if holder in REACHES:
            reasons.append(Why.LOCKED_OUT(who=REACHES[holder], entry=holder))
        elif holder.rpartition("\\")[2].casefold() == ACCOUNT:
            reasons.append(Why.LOCKED_OUT(who="the account itself", entry=holder))
    if not reasons:
        reasons.append(Why.OPEN())
    if LOCAL_ADMINISTRATORS in holders:
        reasons.append(Why.ADMINISTRATORS())
    return verdict(*reasons)
