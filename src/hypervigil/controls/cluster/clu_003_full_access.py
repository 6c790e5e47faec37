r"""CLU-003  Full cluster access is granted to administrators only.

## What it decides

Whether anybody but the accounts that a cluster comes with may do everything to it.

## Why it matters

Full access to the cluster is full access to every node, as the page of `Grant-ClusterAccess` says: who may add a
script as a resource runs it as SYSTEM wherever the cluster starts it. The entry stands in the cluster's own descriptor,
so it survives every clean-up of local groups, and nobody sees it there.

## How it is decided

Of the entries that allow full access:

- A group that everybody or every machine is in (Everyone, Anonymous, Authenticated Users, Network, Interactive, This
  Organization, Users, Guests; Domain Users, Domain Guests, Domain Computers; the account Guest): FAIL, one line each.
- SYSTEM, NETWORK SERVICE, the local Administrators, the service MSDTC: fine. These four are what a sample of Microsoft
  shows; no list of defaults for each release was found.
- Any other: REVIEW. It may be the group that administers the cluster.
- An entry without a SID, or with rights that no table has: REVIEW.
- No entry at all with full access: REVIEW, for then somebody else than this list decides.
- Nothing but the four: PASS.

SIDs are compared, for names are translated. Entries that deny take away and are not judged.

## How to look yourself

    Get-ClusterAccess

Expected on 2019, 2022 and 2025: `Full` for nobody but SYSTEM, NETWORK SERVICE, Administrators and MSDTC, in the words
of the system's language, and the group that administers the cluster.

## Remedy

    Remove-ClusterAccess -User 'CONTOSO\Domain Users'
    Grant-ClusterAccess -User 'CONTOSO\Monitoring' -ReadOnly

- Reboot: none.
- Order: grant what is still needed first; from a node, as a member of its local Administrators, who keep access.
- Rollback: `Grant-ClusterAccess -User 'CONTOSO\...' -Full`.

An account whose entry goes may have access through a group all the same.

## What it cannot see

Who is in the groups that have access: the local Administrators of each node are IDN-014, groups of the domain are the
directory's.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/`, pages `Grant-ClusterAccess.md`,
  `Get-ClusterAccess.md`, `Remove-ClusterAccess.md`
- [MS-CMRP] 3.1.1.3; Microsoft TechNet hh847270 (the sample)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/identity/ad-ds/manage/understand-security-identifiers.md`
"""

from __future__ import annotations

import re

from hypervigil.evidence.cluster_objects import ClusterAccess, ClusterAccessEntry, ClusterRights
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    STOCK = passes("Full access is granted to {names} and to nobody else.", Confidence.INFERRED)
    EVERYBODY = fails("{name} ({sid}) has full access: no administrators, but everybody or every machine.")
    OTHER = reviews("{name} ({sid}) has full access: does it administer the cluster?", Confidence.INFERRED)
    NAMELESS = reviews("{name}, whose SID is not known, has full access: who is that?", Confidence.INFERRED)
    STRANGE = reviews("{name} has the rights {rights}, which no table has: what may it do?", Confidence.UNVERIFIED)
    NOBODY = reviews("The list grants full access to nobody: who administers the cluster?", Confidence.INFERRED)


CONTROL = Control(
    id="CLU-003",
    title="Full cluster access is granted to administrators only",
    family=Family.CLUSTER,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

STOCK = frozenset(
    (
        "S-1-5-18",  # SYSTEM
        "S-1-5-20",  # NETWORK SERVICE
        "S-1-5-32-544",  # Administrators
        "S-1-5-80-3960419045-2460139048-4046793004-1809597027-2250574426",  # NT SERVICE\MSDTC, made of its name
    )
)
EVERYBODY = frozenset(
    (
        *("S-1-1-0", "S-1-5-7", "S-1-5-11"),  # Everyone, Anonymous, Authenticated Users
        *("S-1-5-2", "S-1-5-4", "S-1-5-15"),  # Network, Interactive, This Organization
        *("S-1-5-32-545", "S-1-5-32-546"),  # Users, Guests
    )
)
EVERYBODY_OF_A_DOMAIN = re.compile(r"S-1-5-21(-\d+){3}-(501|513|514|515)")
"""Guest, Domain Users, Domain Guests and Domain Computers by the last part of their SIDs."""


def assess(access: ClusterAccess) -> Verdict:
    """Judge each entry that allows more than reading."""
    allowed = [entry for entry in access.entries if not entry.deny]
    full = [entry for entry in allowed if entry.rights is ClusterRights.FULL]
    strange = [entry for entry in allowed if not entry.rights.is_known]
    reasons = [reason for entry in full if (reason := _judged(entry)) is not None]
    reasons += [Why.STRANGE(name=entry.name, rights=int(entry.rights)) for entry in strange]
    if not full:
        reasons.append(Why.NOBODY())
    return verdict(*reasons) if reasons else verdict(Why.STOCK(names=", ".join(entry.name for entry in full)))


def _judged(entry: ClusterAccessEntry) -> Reason | None:
    """What is to be said of an entry with full access; None for one that every cluster has."""
    if entry.sid is None:
        return Why.NAMELESS(name=entry.name)
    sid = entry.sid.upper()
    if sid in STOCK:
        return None
    if sid in EVERYBODY or EVERYBODY_OF_A_DOMAIN.fullmatch(sid):
        return Why.EVERYBODY(name=entry.name, sid=entry.sid)
    return Why.OTHER(name=entry.name, sid=entry.sid)
