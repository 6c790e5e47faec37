r"""CLU-002  Functional level matches the lowest node, and an unfinished rolling upgrade is named.

## What it decides

Whether the cluster's functional level is the one of the oldest release among its nodes, and whether its nodes run more
than one release.

## Why it matters

Between the first upgraded node and `Update-ClusterFunctionalLevel` a cluster works in a mixed mode: new nodes hold back
what old ones do not know, and VMs wander between hosts with different security defaults. Microsoft means that state for
four weeks at the most. A cluster that stopped there looks healthy and is neither the old nor the new thing: the
protections that the upgrade was made for are not in force, and the next upgrade starts from a mode that nobody tested.

A cluster whose nodes have all arrived and whose level was never raised is the more common case: it is one command away
from done, and every node of the old release could still be let in again.

## How it is decided

- All nodes run one release and the level is that release's: PASS.
- The nodes run more than one release: REVIEW. An upgrade is under way or was left; since when, only people know.
- The level is below the one of the oldest node: FAIL, the upgrade was never finished. Where a node was not seen, it may
  be the older one that holds the level down: UNKNOWN.
- The level is above the one of the oldest node: REVIEW, such a node could not be a member; the evidence contradicts
  itself.
- A build or a level that is in no table, and version 23H2, for which no level is documented: REVIEW.

| release | level |
|---|---|
| 2016 | 9 |
| 2019 | 10 |
| 2022 | 11 |
| 2025 | 12 |

## How to look yourself

    Get-Cluster | Select-Object ClusterFunctionalLevel, ClusterUpgradeVersion
    Get-ClusterNode | Select-Object Name, State, BuildNumber

Expected: 10 with builds 17763 (2019), 11 with 20348 (2022), 12 with 26100 (2025), and one build on all nodes.

## Remedy

Upgrade the remaining nodes, one release at a time, in place or with a clean installation. When all run the new release:

    Update-ClusterFunctionalLevel -WhatIf
    Update-ClusterFunctionalLevel

- Reboot: none for the level; each node that is still to be upgraded reboots with it.
- Order: all nodes on one release, patched and up; backups done; migrations tried in every direction (LM-002) while a
  node of the old release could still be put back; the level last. A workgroup cluster may not run two releases at all
  (WGC-006).
- Rollback: none once the level is raised, it cannot be lowered. Before that, a node of the old release can join again.

## What it cannot see

Since when the cluster has been mixed. `ClusterUpgradeVersion`, the step inside a level, is not judged: its values are
not documented for each release. Nor are the versions of VMs, which stay where they are until they are raised on their
own.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/Cluster-Operating-System-Rolling-Upgrade.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/Update-ClusterFunctionalLevel.md`
"""

from __future__ import annotations

from hypervigil.evidence.cluster import LEVEL_OF_RELEASE, Cluster
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    MATCHES = passes("Functional level {level} is that of {release}, the oldest release among the nodes.")
    MIXED = reviews(
        "The nodes run more than one release ({releases}): a rolling upgrade is not finished. Since when? "
        "Microsoft allows four weeks."
    )
    BEHIND = fails("Functional level {level} is below {expected}, the one of {release}; no node runs anything older.")
    BEHIND_SO_FAR = unknown(
        "Functional level {level} is below {expected}, the one of {release}; a node that was not seen may run older."
    )
    AHEAD = reviews(
        "Functional level {level} is above {expected}, the one of {release}, which runs on {nodes}. Is that node still "
        "a member?"
    )
    BUILD_UNNAMED = reviews("Builds that are in no table: {builds}. Which functional level do they need?")
    NO_LEVEL = reviews("No functional level is documented for {release}, the oldest release. Is {level} right?")
    LEVEL_UNNAMED = reviews("Functional level {level} is in no table. Which release does it belong to?")
    LEVEL_UNSEEN = unknown("The source holds the cluster without its functional level.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="CLU-002",
    title="Functional level matches the lowest node, and an unfinished rolling upgrade is named",
    family=Family.CLUSTER,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(cluster: Cluster, systems: Nodes[OperatingSystem]) -> Verdict:
    """Name what is mixed, then compare the level with the oldest release."""
    reasons: list[Reason] = []
    builds = sorted({system.build_number for _, system in systems})
    if len(builds) > 1:
        titles = {system.build_number: system.release_title for _, system in systems}
        reasons.append(Why.MIXED(releases=", ".join(titles[build] for build in builds)))
    unnamed = [f"{s.build_number} on {node.name}" for node, s in systems if s.release is None]
    if cluster.functional_level is None:
        reasons.append(Why.LEVEL_UNSEEN())
    elif unnamed:
        reasons.append(Why.BUILD_UNNAMED(builds=", ".join(unnamed)))
    elif cluster.functional_level not in LEVEL_OF_RELEASE.values():
        reasons.append(Why.LEVEL_UNNAMED(level=cluster.functional_level))
    else:
        reasons.append(_compared(cluster.functional_level, systems))
    return verdict(*reasons)


def _compared(level: int, systems: Nodes[OperatingSystem]) -> Reason:
    """The level beside the one of the oldest release; every node that was seen runs a release with a name."""
    by_release: dict[Release, list[str]] = {}
    for node, system in systems:
        if system.release is not None:
            by_release.setdefault(system.release, []).append(node.name)
    oldest = min(by_release)
    expected, release = LEVEL_OF_RELEASE.get(oldest), oldest.title
    if expected is None:
        return Why.NO_LEVEL(release=release, level=level)
    if level == expected:
        return Why.MATCHES(level=level, release=release)
    if level > expected:
        return Why.AHEAD(level=level, expected=expected, release=release, nodes=", ".join(by_release[oldest]))
    if systems.missing:
        missing = next(iter(systems.missing.values()))
        return Why.BEHIND_SO_FAR.because(missing, level=level, expected=expected, release=release)
    return Why.BEHIND(level=level, expected=expected, release=release)
