r"""LM-001  Live migration authenticates with Kerberos on domain-joined nodes.

## What it decides

With what a domain member proves who is asking when a VM leaves it: the host setting *Authentication protocol* of live
migration, Kerberos or CredSSP.

## Why it matters

CredSSP hands the administrator's own credentials to the source node, so somebody has to be logged on there for every
move, and what was handed over lies in that node's memory. It is also what Credential Guard stops from being used
silently: Windows Server 2025 starts Credential Guard by itself on most domain members, and a cluster that migrated with
CredSSP for years meets the error 0x8009030E in the middle of its own upgrade (LM-002).

With Kerberos nobody is logged on at the node, and Credential Guard stays where it is. The price is delegation: each
node's computer account has to be allowed to act towards the migration service of the others.

The source document says "switch to Kerberos with constrained delegation" and stops there. Since 2016 the delegation has
to be of the kind *use any authentication protocol*, resource-based delegation does as well, and `cifs` is needed only
where storage moves along (LM-003, LM-004).

## How it is decided

- The node is in no domain: NOT_APPLICABLE. There is no Kerberos to choose; WGC-007 looks at migration there.
- `VirtualMachineMigrationEnabled` is false: NOT_APPLICABLE, the setting is not in use.
- `VirtualMachineMigrationAuthenticationType` is Kerberos (1): PASS. CredSSP (0): FAIL.
- Any other number: REVIEW; Microsoft's class page names these two only.

## How to look yourself

    Get-VMHost | Select-Object VirtualMachineMigrationEnabled, VirtualMachineMigrationAuthenticationType

Wanted on every node: `Kerberos`.

| release | out of the box |
|---|---|
| 2019, 2022 | `CredSSP` |
| 2025 | not documented; it is read, never assumed |

A node that was installed anew has forgotten the setting, whatever it was before.

## Remedy

    Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos

- Reboot: none.
- Order: write the delegation for every ordered pair of nodes first, wait until it has reached all domain controllers,
  switch every node, then migrate one VM for each pair. All of that before the first node goes to 2025.
- Rollback: `Set-VMHost -VirtualMachineMigrationAuthenticationType CredSSP`, which helps only where Credential Guard
  does not run on the source.

## What it cannot see

Whether the delegation is there and of the right kind (LM-003, LM-004), and whether the operator's own account may be
delegated at all: members of Protected Users may not (IDN-013). Microsoft describes the switch and the setting for hosts
outside a cluster; how far moves that the cluster starts itself go by them is not documented.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/deploy/`
  `Set-up-hosts-for-live-migration-without-Failover-Clustering.md`
- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/`
  `considerations-known-issues.md`
- MicrosoftDocs/win32, `desktop-src/HyperV_v2/msvm-virtualsystemmigrationservicesettingdata.md` (numbers)
- Microsoft virtualization blog, live migration via constrained delegation with Kerberos in Windows Server 2016
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, VmHost
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    WORKGROUP = excludes("The node is in no domain, so there is no Kerberos to choose (WGC-007).")
    MIGRATION_OFF = excludes("Live migration is switched off on the node.")
    KERBEROS = passes("Live migration authenticates with Kerberos.")
    CREDSSP = fails("Live migration authenticates with CredSSP.")
    OTHER = reviews("Live migration authenticates with {authentication}, which no document names. What is it?")
    DELEGATION = remarks("Kerberos works where the computer account of {node} may delegate (LM-003, LM-004).")


CONTROL = Control(
    id="LM-001",
    title="Live migration authenticates with Kerberos on domain-joined nodes",
    family=Family.LIVE_MIGRATION,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Domain members, domain controllers among them."""
    return None if system.part_of_domain else Why.WORKGROUP()


def assess(host: VmHost, system: ComputerSystem) -> Verdict:
    """Judge the authentication type where live migration is on."""
    if not host.migration_enabled:
        return verdict(Why.MIGRATION_OFF())
    used = host.migration_authentication
    if not used.is_known:
        return verdict(Why.OTHER(authentication=used.label))
    said = Why.KERBEROS() if used is MigrationAuthentication.KERBEROS else Why.CREDSSP()
    return verdict(said, Why.DELEGATION(node=system.fqdn))
