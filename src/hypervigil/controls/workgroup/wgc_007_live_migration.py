r"""WGC-007  Live migration is expected only on 2025; auth is by cluster certificates.

## What it decides

Whether live migration is switched on at nodes of a workgroup cluster whose release does not support it there.

## Why it matters

Live migration between nodes in no domain exists from Windows Server 2025 on. Before, a VM of a workgroup cluster moves
with an interruption (quick migration). A plan for maintenance that counts on live migration there fails on the day it
is needed, node by node, with a message about authentication.

On 2025 nodes prove who they are by certificates that the cluster makes for PKU2U. The setting that a domain cluster
turns on, Kerberos or CredSSP, is not what authenticates; nobody should spend a day on it.

## How it is decided

A build below 26100 is older than 2025.

- live migration is on at a node that is older: FAIL, naming it. That the switch means somebody expects it is inferred,
  and so is the verdict; that it is not supported there is documented;
- it is on at nodes of 2025 or newer only: PASS; the authentication type is shown and decides nothing (inferred:
  Microsoft names the certificates, and no setting that has to go with them);
- it is off at all nodes: PASS, nothing is expected.

Nodes where it is off are named. A node that was not seen makes a PASS UNKNOWN. What must not happen to the certificates
is for WGC-001 (a policy that disables PKU2U) and WGC-002 (dates). Domain clusters are not judged here; LM-001 is.

## How to look yourself

    Invoke-Command -ComputerName HV01, HV02 -ScriptBlock { Get-VMHost } |
        Select-Object Name, VirtualMachineMigrationEnabled, VirtualMachineMigrationAuthenticationType

| release | expected |
|---|---|
| 2019, 2022 | `VirtualMachineMigrationEnabled` is False |
| 2025 | True where VMs are to move, the same on all nodes; the authentication type is of no account |

## Remedy

On nodes before 2025 switch it off, and plan with quick migration:

    Disable-VMMigration

To have live migration, go to 2025 on all nodes at once (WGC-006), then on each node:

    Enable-VMMigration

- Reboot: none.
- Order: on 2025 first WGC-001, WGC-003 and WGC-004, then a test migration in each direction.
- Rollback: the other of the two commands.

## What it cannot see

Whether a migration works. Whether the host's switch governs moves that the cluster starts, which is not documented. The
certificates themselves (WGC-002).

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/manage/`
  `live-migration-workgroup-cluster.md`, `WindowsServerDocs/failover-clustering/create-workgroup-cluster.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Enable-VMMigration.md`
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, VmHost
from hypervigil.evidence.release import Release
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, remarks, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    JOINED = excludes("All nodes are in a domain; LM-001 looks at how they authenticate.")
    BY_CERTIFICATE = passes(
        "Live migration is on at {nodes}, with a release that authenticates it by certificates of the cluster.",
        Confidence.INFERRED,
    )
    OFF = passes("Live migration is off on all nodes that were seen: nothing is expected of it.")
    TOO_OLD = fails(
        "Live migration is on at {nodes}: between nodes in no domain it works from Windows Server 2025 on.",
        Confidence.INFERRED,
    )
    NOWHERE_BOTH = unknown("Of no node were both the release and the settings of Hyper-V read.")
    LEFT_OUT = remarks("Live migration is off on {nodes}.")
    NO_MATTER = remarks("The authentication type ({types}) is not what authenticates here.")


CONTROL = Control(
    id="WGC-007",
    title="Live migration is expected only on 2025; auth is by cluster certificates",
    family=Family.WORKGROUP,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

_TYPES = {MigrationAuthentication.CREDSSP: "CredSSP", MigrationAuthentication.KERBEROS: "Kerberos"}


def applies(systems: Nodes[ComputerSystem]) -> Reason | None:
    """Clusters with a node that is in no domain."""
    return Why.JOINED() if all(system.part_of_domain for _, system in systems) else None


def assess(hosts: Nodes[VmHost], systems: Nodes[OperatingSystem]) -> Verdict:
    """Hold the switch of each node against its release."""
    both = [(node.name, host, systems.known[node]) for node, host in hosts if node in systems.known]
    if not both:
        missing = next(iter((*systems.missing.values(), *hosts.missing.values())), None)
        return verdict(Why.NOWHERE_BOTH.because(missing))
    on = [(name, host, system) for name, host, system in both if host.migration_enabled]
    off = [name for name, host, _ in both if not host.migration_enabled]
    if not on:
        return verdict(Why.OFF())
    old = [f"{name} ({system.release_title})" for name, _, system in on if system.build_number < Release.WS2025.build]
    notes = [Why.LEFT_OUT(nodes=", ".join(off))] if off else []
    if old:
        return verdict(Why.TOO_OLD(nodes=", ".join(old)), *notes)
    types = sorted(
        {_TYPES.get(host.migration_authentication, host.migration_authentication.label) for _, host, _ in on}
    )
    by_certificate = Why.BY_CERTIFICATE(nodes=", ".join(name for name, _, _ in on))
    return verdict(by_certificate, Why.NO_MATTER(types=", ".join(types)), *notes)
