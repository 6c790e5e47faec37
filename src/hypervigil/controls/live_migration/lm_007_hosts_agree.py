r"""LM-007  All nodes agree on authentication, performance option and networks of live migration.

## What it decides

Whether the hosts of a cluster have the same three settings of live migration: how they authenticate, how they move
memory, and whether they take a VM over any network or over chosen ones only.

## Why it matters

These settings belong to the host, not to the cluster, so they drift: a node that was installed anew starts with the
defaults. Then a migration works in one direction and fails in the other, or memory goes over a network that was never
meant for it, and nobody looks for the reason in a host setting.

During an upgrade it is the rule rather than the exception. Write the values down before the first node is reinstalled
and put them back afterwards.

## How it is decided

Over the nodes on which live migration is switched on:

- the same `VirtualMachineMigrationAuthenticationType`, `VirtualMachineMigrationPerformanceOption` and
  `UseAnyNetworkForMigration` on all of them: PASS;
- a difference in any of them: FAIL, naming who has what;
- fewer than two such nodes: NOT_APPLICABLE, there is nothing to agree on.

A node on which live migration is off is named and left out. A node that was not seen makes a PASS UNKNOWN; a difference
between the others stands.

## How to look yourself

    Invoke-Command -ComputerName HV01, HV02 -ScriptBlock { Get-VMHost } |
        Select-Object Name, VirtualMachineMigrationEnabled, VirtualMachineMigrationAuthenticationType,
            VirtualMachineMigrationPerformanceOption, UseAnyNetworkForMigration

Wanted: the same in every row.

| release | authentication | performance option | any network |
|---|---|---|---|
| 2019, 2022 | `CredSSP` | `Compression` | not documented |
| 2025 | not documented | `Compression` | not documented |

## Remedy

On the nodes that differ, with the values of the others:

    Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos
    Set-VMHost -VirtualMachineMigrationPerformanceOption SMB
    Set-VMHost -UseAnyNetworkForMigration $false

- Reboot: none.
- Order: delegation before Kerberos (LM-003), migration networks before any network is switched off (LM-008). Then one
  test migration in each direction.
- Rollback: the same commands with the values that were written down before.

With the option SMB a migration is an ordinary SMB session, which follows what SMB-001 and SMB-002 say of signing.

## What it cannot see

Which networks were chosen: LM-008 lists them node by node. The list that the cluster keeps for itself (see LM-008) is
one for all nodes and is not read.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/deploy/`
  `Set-up-hosts-for-live-migration-without-Failover-Clustering.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMHost.md` and `Get-VMHost.md`
- MicrosoftDocs/win32, `desktop-src/HyperV_v2/msvm-virtualsystemmigrationservicesettingdata.md`
"""

from __future__ import annotations

from collections.abc import Callable

from hypervigil.evidence.hyper_v import MigrationAuthentication, MigrationPerformance, VmHost
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, remarks, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    AGREE = passes("{count} nodes agree: {settings}.")
    DIFFER = fails("The nodes differ in {setting}: {values}.")
    NOTHING_TO_AGREE_ON = excludes("Live migration is switched on at fewer than two nodes.")
    LEFT_OUT = remarks("Live migration is switched off on {nodes}.")


CONTROL = Control(
    id="LM-007",
    title="All nodes agree on authentication, performance option and networks of live migration",
    family=Family.LIVE_MIGRATION,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)

_AUTHENTICATION = {MigrationAuthentication.CREDSSP: "CredSSP", MigrationAuthentication.KERBEROS: "Kerberos"}
_PERFORMANCE = {
    MigrationPerformance.TCPIP: "TCP/IP",
    MigrationPerformance.COMPRESSION: "compression",
    MigrationPerformance.SMB: "SMB",
}

SETTINGS: dict[str, Callable[[VmHost], str]] = {
    "authentication": lambda host: _AUTHENTICATION.get(
        host.migration_authentication, host.migration_authentication.label
    ),
    "performance option": lambda host: _PERFORMANCE.get(host.migration_performance, host.migration_performance.label),
    "networks": lambda host: "any network" if host.any_network_for_migration else "chosen networks",
}


def assess(hosts: Nodes[VmHost]) -> Verdict:
    """Compare the hosts on which live migration is on."""
    on = {node.name: host for node, host in hosts if host.migration_enabled}
    off = [node.name for node, host in hosts if not host.migration_enabled]
    left_out = [Why.LEFT_OUT(nodes=", ".join(off))] if off else []
    if len(on) <= 1:
        return verdict(Why.NOTHING_TO_AGREE_ON(), *left_out)
    shared: list[str] = []
    differences: list[Reason] = []
    for setting, read in SETTINGS.items():
        nodes_of: dict[str, list[str]] = {}
        for name, host in on.items():
            nodes_of.setdefault(read(host), []).append(name)
        if len(nodes_of) == 1:
            shared += nodes_of
        else:
            values = "; ".join(f"{value} on {', '.join(names)}" for value, names in nodes_of.items())
            differences.append(Why.DIFFER(setting=setting, values=values))
    return verdict(*(differences or [Why.AGREE(count=len(on), settings=", ".join(shared))]), *left_out)
