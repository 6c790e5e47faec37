r"""CLU-001  Intra-cluster messages are signed or encrypted.

## What it decides

How the cluster service protects what its nodes tell each other: joins, votes, changes of the cluster database, orders
to bring a resource online.

## Why it matters

Those messages decide which node owns which disk and which VM runs where. In clear text, anybody on the network between
the nodes can change them on the way; signed, a change is noticed; encrypted, it can not be read either. Signing has
been the default since 2012, so a cluster in clear text was switched there by somebody, usually for a measurement that
nobody undid.

## How it is decided

`SecurityLevel` of the cluster: 1 (sign) or 2 (encrypt) is PASS, 0 (clear text) is FAIL. Any other number is REVIEW.
Where the source holds the cluster without this property: UNKNOWN.

Microsoft's property page names the three levels in their order and signing as the default; the numbers behind the names
come from independent exporters and operators' scripts that agree with each other.

This is not the traffic of cluster shared volumes and of the storage bus, which `SecurityLevelForStorage` protects
(SMB-012). Some texts, and the note that this catalogue started from, call that property *SecurityLevelToStorage*; no
recorded type has it.

## How to look yourself

    Get-Cluster | Select-Object Name, SecurityLevel

| release | default | wanted |
|---|---|---|
| 2019, 2022, 2025 | `1` | `1` or `2` |

Needs no elevation, only read access to the cluster.

## Remedy

    (Get-Cluster).SecurityLevel = 1

- Reboot: none is documented; plan it for a quiet hour all the same.
- Order: with all nodes up and no drain under way. 2 costs processor time for every message; measure it before it goes
  on a large cluster.
- Rollback: `(Get-Cluster).SecurityLevel = 0`, which puts the messages back in clear text.

## What it cannot see

Whether the network between the nodes is isolated (NET-001), and when the level was changed.

## References

- MicrosoftDocs/win32, `desktop-src/MsCS/clusters-securitylevel.md` (names, order and default)
- prometheus-community/windows_exporter, documentation of the collector for MSCluster_Cluster (numbers)
- Microsoft Failover Clustering blog, post 2544690 on security settings of failover clusters
"""

from __future__ import annotations

from hypervigil.evidence.cluster import Cluster, SecurityLevel
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    SIGNED = passes("Messages between the nodes are signed (SecurityLevel 1).")
    ENCRYPTED = passes("Messages between the nodes are encrypted (SecurityLevel 2).")
    CLEAR = fails("Messages between the nodes are in clear text (SecurityLevel 0).")
    OTHER = reviews("SecurityLevel is {level}, which no document names. What does it stand for?")
    UNSEEN = unknown("The source holds the cluster without SecurityLevel.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="CLU-001",
    title="Intra-cluster messages are signed or encrypted",
    family=Family.CLUSTER,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
    confidence=Confidence.SECONDARY,
)

_SAYS = {SecurityLevel.CLEAR: Why.CLEAR, SecurityLevel.SIGN: Why.SIGNED, SecurityLevel.ENCRYPT: Why.ENCRYPTED}


def assess(cluster: Cluster) -> Verdict:
    """Judge the level of messages, not the one of storage."""
    level = cluster.security_level
    if level is None:
        return verdict(Why.UNSEEN())
    return verdict(_SAYS[level]() if level in _SAYS else Why.OTHER(level=int(level)))
