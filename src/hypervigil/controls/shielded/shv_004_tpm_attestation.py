r"""SHV-004  HGS attests with TPM; no retired mode.

## What it decides

For the guarded hosts of a cluster: by what the Host Guardian Service tells a healthy host from another.

## Why it matters

The mode decides what shielding is worth. Only attestation by TPM measures what a host booted and which code it may run,
so only there the administrators of the fabric are kept out. With a host key a host proves that it has a key, and
nothing of what runs on it: malware and debuggers work as they always do. Attestation by membership of a group in Active
Directory proves still less, and has been deprecated since Windows Server 2019; while the service trusts the hosts'
directory, somebody can switch it back on with one command.

## How it is decided

Over the hosts whose client is in the mode of a Host Guardian Service, by the attestation mode that each reports:

- TPM on all: PASS.
- Active Directory on one: FAIL, naming the nodes.
- A host key on one: REVIEW. It does for encryption at rest and in flight where the administrators of the fabric are
  trusted, and for nothing else; whether that is all that is wanted, no host can tell.
- A mode that no documentation has: REVIEW. One that was not read, or that a host does not know: UNKNOWN.
- No host uses such a service: NOT_APPLICABLE. Local guardians are for SHV-002.

The source document speaks of shielded VMs as if the mode did not matter.

## How to look yourself

On each node:

    Get-HgsClientConfiguration | Select-Object Mode, AttestationOperationMode, AttestationStatus

On a node of the service:

    Get-HgsServer

Expected on 2019, 2022 and 2025: HostGuardianService and Tpm. The first command makes the host ask the service for an
attestation, so this fact is read only when the operator allows it.

## Remedy

Hosts need TPM 2.0, UEFI with Secure Boot, and a code integrity policy that HVCI enforces. Register every host, its
baseline and its policy with the service, look whether all would pass, and only then switch:

    Get-HgsTrace -RunDiagnostics -Detailed
    Set-HgsServer -TrustTpm

Then take away what is left of the trust between the directories.

- Reboot: hosts whose Secure Boot, hypervisor or policy has to change; none for the switch.
- Order: registration of all hosts, rehearsal, switch, one host after the other attested again, shielded VMs last.
- Rollback: `Set-HgsServer -TrustActiveDirectory` while the trust is there.

## What it cannot see

Policies of the service that are switched off (dumps, IOMMU, code integrity): they make TPM attestation weaker, and are
read on the service. Whether its administrators are others than those of the hosts.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/guarded-fabric-shielded-vm/`:
  `guarded-fabric-and-shielded-vms.md`, `guarded-fabric-planning-for-hosters.md`, `guarded-fabric-manage-hgs.md`
- [MS-HGSA] 2.2.1.1
"""

from __future__ import annotations

from hypervigil.controls.effective.owners import shown
from hypervigil.evidence.shielding import AttestationMode, HgsClient, HgsMode
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
    Reason,
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
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NO_SERVICE = excludes("No node is a host of a Host Guardian Service.")
    TPM = passes("The Host Guardian Service attests {nodes} by TPM.")
    DIRECTORY = fails("The Host Guardian Service attests {nodes} by Active Directory, a mode that has been retired.")
    HOST_KEY = reviews(
        "The Host Guardian Service attests {nodes} by host key, which keeps no administrator of the fabric out. Is "
        "encryption all that is wanted?"
    )
    ODD = reviews("{nodes}: an attestation mode that no table has ({mode}). What is that?")
    NOT_TOLD = unknown("By what the Host Guardian Service attests {nodes} was not read.", Cause.NOT_IN_SOURCE)
    LOCAL = remarks("{nodes}: no host of a Host Guardian Service.")


CONTROL = Control(
    id="SHV-004",
    title="HGS attests with TPM; no retired mode",
    family=Family.SHIELDED,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(clients: Nodes[HgsClient]) -> Verdict:
    """Sort the guarded hosts by how they are attested."""
    guarded = {node: client for node, client in clients if is_served(client)}
    if not guarded:
        return verdict(Why.NO_SERVICE())
    by_mode: dict[AttestationMode, list[Subject]] = {}
    for node, client in guarded.items():
        mode = client.attestation_mode
        by_mode.setdefault(AttestationMode.UNKNOWN if mode is None else mode, []).append(node)
    reasons = [_of_mode(mode, shown(nodes)) for mode, nodes in by_mode.items()]
    local = [node for node, _ in clients if node not in guarded]
    return verdict(*reasons, *([Why.LOCAL(nodes=shown(local))] if local else []))


def is_served(client: HgsClient) -> bool:
    """Whether a host belongs to a Host Guardian Service, attested or not."""
    return client.mode == HgsMode.HOST_GUARDIAN_SERVICE


def _of_mode(mode: AttestationMode, nodes: str) -> Reason:
    said = {
        AttestationMode.TPM: Why.TPM,
        AttestationMode.ACTIVE_DIRECTORY: Why.DIRECTORY,
        AttestationMode.HOST_KEY: Why.HOST_KEY,
        AttestationMode.UNKNOWN: Why.NOT_TOLD,
    }.get(mode)
    return said(nodes=nodes) if said else Why.ODD(nodes=nodes, mode=mode.label.lower())
