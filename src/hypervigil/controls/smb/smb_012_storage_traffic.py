r"""SMB-012  CSV and storage-bus traffic is signed or encrypted as the policy says.

## What it decides

How the cluster protects the storage traffic between its nodes: redirected I/O to Cluster Shared Volumes, and the
storage bus of Storage Spaces Direct.

## Why it matters

What runs here is the content of every virtual disk. In clear text, whoever gets onto the storage network, or into its
switch, reads all VMs and can change them; neither the guests' own encryption in transit nor their firewalls see it.

## How it is decided

The cluster's property `SecurityLevelForStorage`:

- 1 (signed) or 2 (encrypted): PASS. Which of the two you need is your policy's choice, and the reason names the one
  that is set. Signed traffic can be read, not altered.
- 0 (clear text): FAIL.
- Another number: REVIEW.
- Not there: NOT_APPLICABLE at functional level 9 (2016), whose clusters do not have it; UNKNOWN at any other.

The property's name is `SecurityLevelForStorage` in the types of 2019, 23H2 and 2025. Texts that call it
`SecurityLevelToStorage` name something that no recorded type has. The three numbers come from operators' scripts, not
from a page of Microsoft's (`SecurityLevel`, the one for messages between nodes, is documented with the same three),
hence the confidence *secondary*. `SecurityLevel` itself is CLU-001.

## How to look yourself

    Get-Cluster | Select-Object SecurityLevelForStorage, SecurityLevel, ClusterFunctionalLevel

| release | expected |
|---|---|
| 2016 | the property does not exist |
| 2019, 2022, 2025 | 1 or 2; the default is not confirmed (0 by one script, 1 in one listing), so read it |

## Remedy

    (Get-Cluster).SecurityLevelForStorage = 1

or 2 for encryption. The value holds for the whole cluster.

- Reboot: none documented; set it in a maintenance window, and look at one node's connections before and after with
  `Get-SmbConnection -SmbInstance CSV` (columns *Signed* and *Encrypted*).
- Order: measure first. Before 2022 encryption takes RDMA its direct placement (SMB-013), so on 2016 and 2019 with RDMA
  take 1, or upgrade first.
- Rollback: assign the number that was there before.

## What it cannot see

Whether the signing and encryption settings of the nodes' SMB client and server reach these instances as well: nobody
has shown it, so a cluster whose nodes all demand signing (SMB-001, SMB-002) is still judged by its own property.
(Azure Local's interface calls its signing setting one of SMB's *default* instance and has east-west encryption apart,
which speaks for two separate things.)
Whether the sessions are what the property says. Which networks carry them and who else is there (NET-006).

## References

- dsccommunity/FailoverClusterDsc, `tests/Unit/Stubs/FailoverClusters.stubs.psm1`; microsoft/wmi, class
  `MSCluster_Cluster` of server2019 and server23h2 (name and type)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-direct.md` (granular control of CSV and
  storage-bus encryption)
- MicrosoftDocs/win32, `desktop-src/MsCS/clusters-securitylevel.md` (the three levels of `SecurityLevel`)
- Failover Clustering team blog, "Security Settings for Failover Clustering", 13 July 2021
- Azure SDK reference, `DeploymentSecuritySettings` of Azure Local (default instance, east-west traffic)
"""

from __future__ import annotations

from hypervigil.evidence.cluster import LEVEL_OF_RELEASE, Cluster, SecurityLevel
from hypervigil.evidence.release import Release
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
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

    NO_PROPERTY = excludes(
        "At functional level {level} a cluster has no level for its storage traffic; clusters of 2019 and later, those "
        "of Windows Server 2025 among them, do."
    )
    SIGNED = passes("CSV and storage-bus traffic is signed, not encrypted (SecurityLevelForStorage 1).")
    ENCRYPTED = passes("CSV and storage-bus traffic is encrypted (SecurityLevelForStorage 2).")
    CLEAR = fails("CSV and storage-bus traffic goes in clear text (SecurityLevelForStorage 0).")
    UNKNOWN_LEVEL = reviews(
        "SecurityLevelForStorage is {level}, which no table has. What does it mean?", Confidence.UNVERIFIED
    )
    LEVEL_UNSEEN = unknown("The source does not hold SecurityLevelForStorage.", Cause.NOT_IN_SOURCE)
    COSTS_PLACEMENT = remarks(
        "Below the functional level of 2022 encryption takes RDMA its direct placement, if the storage network has it."
    )


CONTROL = Control(
    id="SMB-012",
    title="CSV and storage-bus traffic is signed or encrypted as the policy says",
    family=Family.SMB,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    confidence=Confidence.SECONDARY,
    reasons=Why,
)


def assess(cluster: Cluster) -> Verdict:
    """Judge the cluster's level for storage traffic."""
    level, functional = cluster.security_level_for_storage, cluster.functional_level
    if level is None:
        if functional is not None and functional < LEVEL_OF_RELEASE[Release.WS2019]:
            return verdict(Why.NO_PROPERTY(level=functional))
        return verdict(Why.LEVEL_UNSEEN())
    if not level.is_known:
        return verdict(Why.UNKNOWN_LEVEL(level=int(level)))
    if level is SecurityLevel.CLEAR:
        return verdict(Why.CLEAR())
    if level is SecurityLevel.SIGN:
        return verdict(Why.SIGNED())
    costs = functional is not None and functional < LEVEL_OF_RELEASE[Release.WS2022]
    return verdict(Why.ENCRYPTED(), *([Why.COSTS_PLACEMENT()] if costs else []))
