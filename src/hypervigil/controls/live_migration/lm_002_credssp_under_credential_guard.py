r"""LM-002  No pair is left where the source runs Credential Guard and authenticates with CredSSP.

## What it decides

For every direction in which a VM can move between two nodes: whether the node that it leaves runs Credential Guard
while its live migration authenticates with CredSSP.

## Why it matters

Credential Guard does not let CredSSP use credentials that Windows holds on its own. A migration out of such a node
fails with 0x8009030E, "no credentials are available in the security package". Maintenance then stands still at the
first node that has to be emptied, and the quick way out, switching Credential Guard off, gives away what it protects.

In a rolling upgrade to 2025 every node becomes the source at some time: the first upgraded node cannot give its VMs
back while the old ones still can. That is why the answer is given for each pair and direction, not for the cluster.

The source document says that migrations stop the moment Credential Guard turns on. That is too strong in two ways. It
is the *source* node that decides; Microsoft calls the destination's state mostly irrelevant. And CredSSP itself is
not blocked, only single sign-on and saved credentials are: a password typed for the occasion can still work.

## How it is decided

- The source is in no domain: NOT_APPLICABLE. A workgroup cluster of 2025 authenticates with certificates of its own; an
  older one has no live migration (WGC-007).
- Live migration is off at either end: NOT_APPLICABLE, nothing moves in this direction.
- The source authenticates with Kerberos: PASS.
- CredSSP, and the running security services of the source contain 1 (Credential Guard): FAIL.
- CredSSP, Credential Guard is configured there and does not run: REVIEW, because it may run from the next boot on.
- CredSSP without Credential Guard: PASS, with a warning of what an upgrade to 2025 does to it.
- An authentication type outside Microsoft's table: REVIEW.

With every FAIL stands a question about moves that the cluster itself starts (drain, Failover Cluster Manager,
balancing, SCVMM). Microsoft's list of known issues counts them among those that stop. An older book on Hyper-V says
that moves inside a cluster use the cluster's identity and need no delegation. Both cannot be right, and nobody has
shown which is: drain one node for each pair and see.

## How to look yourself

    Get-VMHost | Select-Object VirtualMachineMigrationEnabled, VirtualMachineMigrationAuthenticationType
    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object SecurityServicesRunning, SecurityServicesConfigured

On the source, from an elevated prompt. Wanted: `Kerberos`; or no 1 among `SecurityServicesRunning`.

| release | authentication out of the box | Credential Guard out of the box, domain member |
|---|---|---|
| 2019, 2022 | `CredSSP` | not running |
| 2025 | not documented | running where the hardware can |

## Remedy

    Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos

after the source was allowed to delegate to the destination, by either of

    Set-ADComputer HV02 -PrincipalsAllowedToDelegateToAccount (Get-ADComputer HV01)

on the destination's account (resource-based; the command replaces the list, so name all sources), or the service
`Microsoft Virtual System Migration Service` of the destination in the source's *Delegation* tab with *Use any
authentication protocol*.

- Reboot: none.
- Order: delegation for all pairs, replication, then Kerberos on all nodes, then one test migration for each pair;
  Credential Guard or the upgrade to 2025 only after that.
- Rollback: `Set-VMHost -VirtualMachineMigrationAuthenticationType CredSSP` brings back what was only where Credential
  Guard does not run. Leave Credential Guard on: PLT-003 fails where it was switched off to get past this.

## What it cannot see

Who starts a migration and with which credentials; whether delegation is in place (LM-003, LM-004); whether the cluster
asks the migration switch of a host for its own moves, which Microsoft documents for hosts outside a cluster only.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/`
  `considerations-known-issues.md` and `index.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/deploy/`
  `Set-up-hosts-for-live-migration-without-Failover-Clustering.md` (error text)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/manage/live-migration-workgroup-cluster.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/ActiveDirectory/Set-ADComputer.md`
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, VmHost
from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Destination, Source
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    WORKGROUP = excludes("The source is in no domain and does not authenticate with CredSSP or Kerberos (WGC-007).")
    MIGRATION_OFF = excludes("Live migration is switched off on the {ends}.")
    KERBEROS = passes("The source authenticates with Kerberos.")
    NO_CREDENTIAL_GUARD = passes("The source authenticates with CredSSP, and Credential Guard does not run there.")
    CONFIGURED = reviews(
        "The source authenticates with CredSSP, and Credential Guard is configured there without running. "
        "Will the next boot start it?",
        Confidence.INFERRED,
    )
    OTHER = reviews("The source authenticates with {authentication}, which no document names. What is it?")
    STOPS = fails(
        "The source runs Credential Guard and authenticates with CredSSP: migrations with single sign-on or saved "
        "credentials stop with 0x8009030E."
    )
    TYPED = remarks("Credentials that are typed for one migration may still work.")
    CLUSTER_MOVES = reviews(
        "Does a drain still empty the source? Sources contradict each other about moves that the cluster starts.",
        Confidence.UNVERIFIED,
    )
    UPGRADE = remarks(
        "Windows Server 2025 starts Credential Guard by default on domain members: change to Kerberos first."
    )


CONTROL = Control(
    id="LM-002",
    title="No pair is left where the source runs Credential Guard and authenticates with CredSSP",
    family=Family.LIVE_MIGRATION,
    scope=Scope.PAIR,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def applies(system: Source[ComputerSystem]) -> Reason | None:
    """Pairs whose source is in a domain."""
    return None if system.part_of_domain else Why.WORKGROUP()


def assess(source: Source[VmHost], destination: Destination[VmHost], guard: Source[DeviceGuard]) -> Verdict:
    """Judge by the source: how it authenticates, and what runs on it."""
    if not (source.migration_enabled and destination.migration_enabled):
        off = [name for name, host in (("source", source), ("destination", destination)) if not host.migration_enabled]
        return verdict(Why.MIGRATION_OFF(ends=" and on the ".join(off)))
    used = source.migration_authentication
    if not used.is_known:
        return verdict(Why.OTHER(authentication=used.label))
    if used is MigrationAuthentication.KERBEROS:
        return verdict(Why.KERBEROS())
    if guard.runs(SecurityService.CREDENTIAL_GUARD):
        return verdict(Why.STOPS(), Why.TYPED(), Why.CLUSTER_MOVES())
    if guard.configures(SecurityService.CREDENTIAL_GUARD):
        return verdict(Why.CONFIGURED())
    return verdict(Why.NO_CREDENTIAL_GUARD(), Why.UPGRADE())
