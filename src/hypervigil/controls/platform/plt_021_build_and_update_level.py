r"""PLT-021  Every node runs a supported build and the same update level.

## What it decides

Whether Microsoft still gave security updates for every node's release when the evidence was collected, and whether all
nodes run the same build and update build revision (UBR).

## Why it matters

A release without updates keeps every hole that is found from then on, under all VMs. Different update levels let a VM
meet a fixed host today and an open one tomorrow, and cluster validation warns about them for a second reason: nodes
that differ in code differ in behaviour, in live migration and in storage above all.

## How it is decided

**Support.** The build gives the release, and the release its last day of security updates. It is compared with the day
on which the evidence was collected, so that a bundle says the same whenever it is judged. Past the day: FAIL. The days
of 2016, 2019 and 2022 come from Microsoft's own pages; that of 2025 from secondary sources, and the finding says so;
that of version 23H2 could not be verified and leads to REVIEW only. Where nothing says when the evidence was collected:
UNKNOWN.

**Build.** A build that no table has: REVIEW. Azure Local has builds of its own and shares 25398 and 26100 with Windows
Server, client releases share 26100: both are told apart by edition and product type and are REVIEW, for their support
ends at other times. More than one build is mixed mode: REVIEW, because a rolling upgrade needs it for a while. Two
steps or more apart (2019 next to 2025) it is FAIL, inferred: the documented path goes one release at a time.

**Update level.** Nodes of one build with different UBRs: REVIEW, tolerated while cluster-aware updating goes from node
to node; hotpatched nodes show another UBR, too. A UBR that the source does not hold: UNKNOWN. Build and UBR are
compared as numbers.

## How to look yourself

    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock {
        Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' } |
        Select-Object PSComputerName, CurrentBuildNumber, UBR, EditionID, InstallationType

Expected: the same build and UBR in every line.

| release | build | security updates until |
|---|---|---|
| 2016 | 14393 | 2027-01-12 |
| 2019 | 17763 | 2029-01-09 |
| 2022 | 20348 | 2031-10-14 |
| version 23H2 | 25398 | 2025-10-24, not verified |
| 2025 | 26100 | 2034-11-14, secondary sources |

`Test-Cluster -Include 'Validate Software Update Levels'` lists the missing updates by node.

## Remedy

Bring all nodes to one level with cluster-aware updating, which drains, updates and reboots node by node:

    Invoke-CauRun -ClusterName CL01 -MaxFailedNodes 0 -RequireAllNodesOnline
    Get-CauReport -ClusterName CL01 -Last

A release at its end is replaced one step at a time (2016, 2019, 2022, 2025), by a rolling upgrade in place or with
clean nodes. A workgroup cluster must run one release on all nodes and has no rolling upgrade.

- Reboot: one for each node and round of updates.
- Order: update all nodes to the same level before a rolling upgrade; finish an upgrade within four weeks, and raise
  the functional level last (`Update-ClusterFunctionalLevel`), for that can not be undone.
- Rollback: a cumulative update can be uninstalled from a drained node; a release only by restoring or reinstalling it,
  and only until the functional level was raised.

## What it cannot see

Whether the level, the same everywhere, is a current one. Whether extended security updates were bought. Whether
cluster-aware updating is under way right now. Hotpatching, which has UBRs of its own.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/get-started/windows-server-release-info.md` (2019; its date for
  2016 is one day off)
- MicrosoftDocs/lifecycle-data-pr.ru-ru, `lifecycle-data/products/windows-server-2016.yml`; Microsoft's lifecycle page
  of Windows Server 2022
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/Cluster-Operating-System-Rolling-Upgrade.md`,
  `create-workgroup-cluster.md`
- Microsoft's Failover Clustering blog, "Cluster Validation: Missing hotfixes"
- microsoft/windows-docs-rs, constant PRODUCT_AZURESTACKHCI_SERVER_CORE (SKU 406)
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping

from hypervigil.evidence.host import OperatingSystem, ProductType
from hypervigil.evidence.release import SUPPORT, Release, release_of
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Moment, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    SAME_LEVEL = passes("All nodes that were seen run build {level}.")
    SUPPORTED = passes("{release} gets security updates until {ends}.")
    SUPPORTED_SECONDARY = passes(
        "{release} gets security updates until {ends}, as secondary sources say.", Confidence.SECONDARY
    )
    OUT_OF_SUPPORT = fails("{release} has had no security updates since {ends}: {nodes}.")
    OUT_OF_SUPPORT_SECONDARY = fails(
        "{release} has had no security updates since {ends}, as secondary sources say: {nodes}.", Confidence.SECONDARY
    )
    END_UNVERIFIED = reviews(
        "{release} is said to get security updates until {ends}, which is not verified: {nodes}. Is it supported?",
        Confidence.UNVERIFIED,
    )
    UNDATED = unknown(
        "Nothing says when the evidence was collected, so the end of support can not be judged.", Cause.NOT_IN_SOURCE
    )
    UNKNOWN_BUILD = reviews("Build {build} is in no table: {nodes}. Is it a supported release?", Confidence.UNVERIFIED)
    OTHER_PRODUCT = reviews("{nodes} run {product} with build {build}, not Windows Server. Is it supported?")
    MIXED = reviews("The nodes run different builds: {builds}. Is a rolling upgrade under way, and since when?")
    MIXED_TOO_FAR = fails(
        "The nodes are more than one release apart ({builds}); a cluster is upgraded one release at a time.",
        Confidence.INFERRED,
    )
    LEVELS_DIFFER = reviews("Update levels of build {build} differ: {levels}. Is an updating run under way?")
    LEVEL_UNSEEN = unknown("The source does not hold the update level of {nodes}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="PLT-021",
    title="Every node runs a supported build and the same update level",
    family=Family.PLATFORM,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

STEPS = (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS2025)
"""The path of rolling upgrades, one step at a time."""

AZURE_LOCAL_SKU = 406
"""PRODUCT_AZURESTACKHCI_SERVER_CORE."""

_Systems = Mapping[str, OperatingSystem]
"""Operating systems by the node's name."""


def assess(systems: Nodes[OperatingSystem], moment: Moment) -> Verdict:
    """Judge support build by build, then how far the nodes are apart."""
    builds: dict[int, dict[str, OperatingSystem]] = defaultdict(dict)
    for node, system in systems:
        builds[system.build_number][node.name] = system
    reasons = [reason for build in sorted(builds) for reason in _support(build, builds[build], moment.day)]
    reasons.extend(_apart(builds))
    return verdict(*reasons)


def _support(build: int, systems: _Systems, day: datetime.date | None) -> Iterator[Reason]:
    """Whether one build is supported; nodes that share its number with another product stand apart."""
    others: dict[str, list[str]] = defaultdict(list)
    nodes: list[str] = []
    for name, system in systems.items():
        product = _other_product(system)
        (others[product] if product else nodes).append(name)
    for product, names in others.items():
        yield Why.OTHER_PRODUCT(nodes=", ".join(names), product=product, build=build)
    if nodes:
        yield _end_of_support(build, ", ".join(nodes), day)


def _other_product(system: OperatingSystem) -> str:
    """What shares build numbers with Windows Server; empty for Windows Server itself."""
    if system.product_type is ProductType.WORKSTATION:
        return "a client release"
    edition = (system.edition_id or "").casefold()
    return "Azure Local" if system.sku == AZURE_LOCAL_SKU or edition == "serverazurestackhcicor" else ""


def _end_of_support(build: int, nodes: str, day: datetime.date | None) -> Reason:
    release = release_of(build)
    if release is None:
        return Why.UNKNOWN_BUILD(build=build, nodes=nodes)
    support = SUPPORT[release]
    ends = support.ends.isoformat()
    if support.confidence is Confidence.UNVERIFIED:
        return Why.END_UNVERIFIED(release=release.title, ends=ends, nodes=nodes)
    if day is None:
        return Why.UNDATED()
    if day > support.ends:
        code = Why.OUT_OF_SUPPORT if support.primary else Why.OUT_OF_SUPPORT_SECONDARY
        return code(release=release.title, ends=ends, nodes=nodes)
    return (Why.SUPPORTED if support.primary else Why.SUPPORTED_SECONDARY)(release=release.title, ends=ends)


def _apart(builds: Mapping[int, _Systems]) -> Iterator[Reason]:
    """How the nodes differ: in build, and in update level within each build that more than one of them runs."""
    same = True
    if len(builds) > 1:
        same = False
        shown = "; ".join(f"{build} on {', '.join(builds[build])}" for build in sorted(builds))
        places = [STEPS.index(release) for release in map(release_of, builds) if release in STEPS]
        too_far = bool(places) and max(places) - min(places) > 1
        yield (Why.MIXED_TOO_FAR if too_far else Why.MIXED)(builds=shown)
    for build in sorted(builds):
        for reason in _levels(build, builds[build]):
            same = False
            yield reason
    if same:
        build, systems = next(iter(builds.items()))
        ubr = next(iter(systems.values())).ubr
        yield Why.SAME_LEVEL(level=str(build) if ubr is None else f"{build}.{ubr}")


def _levels(build: int, systems: _Systems) -> Iterator[Reason]:
    """One node has nothing to differ from."""
    if len(systems) == 1:
        return
    levels: dict[int, list[str]] = defaultdict(list)
    unseen: list[str] = []
    for name, system in systems.items():
        (unseen if system.ubr is None else levels[system.ubr]).append(name)
    if len(levels) > 1:
        shown = "; ".join(f"{ubr} on {', '.join(levels[ubr])}" for ubr in sorted(levels))
        yield Why.LEVELS_DIFFER(build=build, levels=shown)
    if unseen:
        yield Why.LEVEL_UNSEEN(nodes=", ".join(unseen))
