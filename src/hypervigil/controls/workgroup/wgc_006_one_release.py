r"""WGC-006  All nodes run the same Windows Server release.

## What it decides

Whether every node of a workgroup cluster runs the same release of Windows Server.

## Why it matters

A domain cluster may hold two releases for some weeks, while a rolling upgrade goes from node to node. A workgroup
cluster may not: Microsoft's page on these clusters asks for the same version on all nodes. So there is no upgrade one
node after the other, and a cluster that was caught in the middle of one is outside support, with roles that may not
move back.

## How it is decided

The build number is compared, for it names the release in every language:

- the same on all nodes: PASS;
- a different one anywhere: FAIL, with who runs what. Builds that no table has are different all the same;
- the same build, but products that are not the same (Windows Server beside Azure Local or a client, which share 26100):
  REVIEW;
- one node was seen: NOT_APPLICABLE, there is nothing to compare with.

A node that was not seen makes a PASS UNKNOWN; a difference between the others stands. Update levels within the release
are for PLT-021. Nodes of a domain cluster are not judged here; PLT-021 and CLU-002 say how far they may be apart.

## How to look yourself

    Invoke-Command -ComputerName HV01, HV02 -ScriptBlock { Get-CimInstance -ClassName Win32_OperatingSystem } |
        Select-Object PSComputerName, BuildNumber, Caption

Expected: the same build in every line: 17763 on 2019, 20348 on 2022, 26100 on 2025.

## Remedy

Bring the odd nodes to the release of the others, or build a new cluster beside this one and move the VMs over: by
export and import, by replication, or with their storage. No documented path takes a workgroup cluster to the next
release while it runs.

- Reboot: a node that is installed anew.
- Order: back up the VMs; take the odd node out of the cluster; install it with the release of the others; prepare its
  local account (WGC-003, WGC-004) and name; add it. On 2025 `Test-WorkgroupCluster` validates before that.
- Rollback: the node's former system from its backup, and only outside the cluster.

## What it cannot see

Nodes that nobody collected. Which release is meant to be the common one. Update levels (PLT-021).

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/create-workgroup-cluster.md` (same version)
  and `Cluster-Operating-System-Rolling-Upgrade.md`
"""

from __future__ import annotations

from collections import defaultdict

from hypervigil.evidence.host import ComputerSystem, OperatingSystem, ProductType
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    JOINED = excludes("All nodes are in a domain, where two releases may stand side by side for a while.")
    SINGLE_NODE = excludes("Only one node was seen: there is nothing to compare it with.")
    SAME = passes("All {count} nodes that were seen run {release}.")
    MIXED = fails("The nodes run different releases: {releases}.")
    OTHER_PRODUCT = reviews("The nodes share build {build} and not the product: {products}. Is that supported?")


CONTROL = Control(
    id="WGC-006",
    title="All nodes run the same Windows Server release",
    family=Family.WORKGROUP,
    scope=Scope.CLUSTER,
    severity=Severity.CRITICAL,
    reasons=Why,
)

AZURE_LOCAL_SKU, AZURE_LOCAL_EDITION = 406, "serverazurestackhcicor"
"""PRODUCT_AZURESTACKHCI_SERVER_CORE, and the edition's name in lower case."""


def applies(systems: Nodes[ComputerSystem]) -> Reason | None:
    """Clusters with a node that is in no domain."""
    return Why.JOINED() if all(system.part_of_domain for _, system in systems) else None


def assess(systems: Nodes[OperatingSystem]) -> Verdict:
    """Compare builds, then the products that share one."""
    if len(systems) == 1:
        return verdict(Why.SINGLE_NODE())
    builds: dict[int, list[str]] = defaultdict(list)
    products: dict[str, list[str]] = defaultdict(list)
    titles = {system.build_number: system.release_title for _, system in systems}
    for node, system in systems:
        builds[system.build_number].append(node.name)
        products[_product(system)].append(node.name)
    if len(builds) > 1:
        return verdict(Why.MIXED(releases=_shown({titles[build]: builds[build] for build in sorted(builds)})))
    build, title = next(iter(titles.items()))
    if len(products) > 1:
        return verdict(Why.OTHER_PRODUCT(build=build, products=_shown(products)))
    return verdict(Why.SAME(count=len(systems), release=title))


def _product(system: OperatingSystem) -> str:
    if system.product_type is ProductType.WORKSTATION:
        return "a client release"
    azure = system.sku == AZURE_LOCAL_SKU or (system.edition_id or "").casefold() == AZURE_LOCAL_EDITION
    return "Azure Local" if azure else "Windows Server"


def _shown(nodes_of: dict[str, list[str]]) -> str:
    return "; ".join(f"{what} on {', '.join(names)}" for what, names in nodes_of.items())
