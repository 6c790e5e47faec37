r"""LM-008  Live migration is limited to chosen networks.

## What it decides

Whether a node takes VMs over networks that somebody chose, or over whichever network reaches it.

## Why it matters

What moves is the memory of a running machine: keys, passwords, open files. By default nothing encrypts it on the way
(LM-009), so the network that it takes is its only protection. A node that takes it over any network takes it over the
management network, too, and over one that guests may reach.

## How it is decided

- Live migration is off: NOT_APPLICABLE.
- `UseAnyNetworkForMigration` is true: FAIL, whatever networks are listed; the list does not count then.
- It is false, and a chosen subnet spans every address (a prefix of 0): FAIL, that is the same in other words.
- It is false, and at least one network is chosen: PASS, naming them.
- It is false, and the list is empty: REVIEW. No incoming migration is let in over anything then, unless the cluster
  keeps a list of its own; either nobody migrates to this node, or the answer is where this control can not look.

## How to look yourself

    Get-VMHost | Select-Object VirtualMachineMigrationEnabled, UseAnyNetworkForMigration
    Get-VMMigrationNetwork | Select-Object Subnet, Priority

Wanted: `False`, and the subnets of the migration networks. What a fresh installation of 2019, 2022 or 2025 has is not
documented; it is read, never assumed.

The cluster keeps a list of its own, which Failover Cluster Manager shows under *Networks > Live Migration Settings*:

    Get-ClusterResourceType -Name "Virtual Machine" |
        Get-ClusterParameter -Name MigrationExcludeNetworks, MigrationNetworkOrder

The two parameters are what operators' scripts use; Microsoft describes them for 2008 R2 only. One practitioner reports
that a host without a fitting entry of its own falls back to any interface, silently: set both lists.

## Remedy

    Add-VMMigrationNetwork -Subnet 10.20.30.0/24 -Priority 1
    Set-VMHost -UseAnyNetworkForMigration $false

- Reboot: none.
- Order: add the networks on every node first, then switch any network off node by node, and migrate one VM to each.
- Rollback: `Set-VMHost -UseAnyNetworkForMigration $true`; the list stays for the next attempt.

## What it cannot see

Whether the chosen network is isolated (NET-001, NET-007) or encrypted (LM-009), whether the source can reach it, and
what the cluster's own list says, which is in no fact yet.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/deploy/`
  `Set-up-hosts-for-live-migration-without-Failover-Clustering.md` (isolation as the recommended practice)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Add-VMMigrationNetwork.md`,
  `Get-VMMigrationNetwork.md` and `Set-VMHost.md`
- MicrosoftDocs/win32, `desktop-src/HyperV_v2/msvm-virtualsystemmigrationnetworksettingdata.md`
"""

from __future__ import annotations

import ipaddress

from hypervigil.evidence.hyper_v import MigrationNetworks, VmHost
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.reason import ReasonCode, Verdict, excludes, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    MIGRATION_OFF = excludes("Live migration is switched off on the node.")
    ANY = fails("The node takes live migrations over any network (UseAnyNetworkForMigration is True).")
    EVERYTHING = fails("A chosen network spans every address: {subnet}.", Confidence.INFERRED)
    CHOSEN = passes("The node takes live migrations over chosen networks: {subnets}.")
    NONE_CHOSEN = reviews(
        "No network is chosen and any network is off. Does nothing migrate to this node, or does the cluster's own "
        "list of migration networks stand in?",
        Confidence.INFERRED,
    )


CONTROL = Control(
    id="LM-008",
    title="Live migration is limited to chosen networks",
    family=Family.LIVE_MIGRATION,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(host: VmHost, chosen: MigrationNetworks) -> Verdict:
    """Judge the switch first: the list counts only where any network is off."""
    if not host.migration_enabled:
        return verdict(Why.MIGRATION_OFF())
    if host.any_network_for_migration:
        return verdict(Why.ANY())
    subnets = [network.subnet for network in chosen.networks]
    if not subnets:
        return verdict(Why.NONE_CHOSEN())
    wide = [Why.EVERYTHING(subnet=subnet) for subnet in subnets if _spans_everything(subnet)]
    return verdict(*wide) if wide else verdict(Why.CHOSEN(subnets=", ".join(subnets)))


def _spans_everything(subnet: str) -> bool:
    """Whether the prefix is 0. What is no address in CIDR form was entered by a person and is left to the reader."""
    try:
        return ipaddress.ip_network(subnet, strict=False).prefixlen == 0
    except ValueError:
        return False
