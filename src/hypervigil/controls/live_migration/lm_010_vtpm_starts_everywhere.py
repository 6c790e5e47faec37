r"""LM-010  A VM with a vTPM or shielding can start on every possible owner.

## What it decides

For a VM with a virtual TPM, or one that is shielded: whether every node that the cluster lets own it holds a key that
opens the VM's key protector.

## Why it matters

The state of a virtual TPM is encrypted, and only the guardians that the key protector names open it. Without a Host
Guardian Service such a guardian is a pair of certificates that Hyper-V made on the one host on which the TPM was
switched on, and which never left it. The cluster knows nothing of that: it moves the VM, or fails it over, to a node
without the key, and there it does not start. Every Windows 11 or BitLocker guest on a cluster carries this, mostly
unnoticed until the first failover. If the one host with the key is lost or reinstalled, the VM is gone with it.

## How it is decided

The nodes that can own the VM are the possible owners of its VM resource; a VM that is no clustered role has its own
node alone. A key counts where its certificate lies in *Shielded VM Local Certificates* with its private key.

- No virtual TPM and not shielded: NOT_APPLICABLE.
- Each possible owner holds a key that the protector names: PASS.
- One holds none, and local keys are at work: FAIL, naming the node. They are at work where the node lists a guardian
  itself, or where a node that holds a key of this protector does.
- One holds none, and nothing shows that local keys are at work: REVIEW, inferred. A host that a Host Guardian Service
  guards lists no guardian and holds no key either; SHV-001 says whether the hosts are guarded.
- The VM has a virtual TPM and no key protector: REVIEW.
- The protector, the possible owners or a node's keys could not be read: UNKNOWN. What the others show still fails.

The source document does not speak of this. It warns of clusters with a Host Guardian Service only; the trap needs none.

## How to look yourself

    Get-VMSecurity -VMName APP01 | Select-Object TpmEnabled, Shielded
    Get-ClusterResource | Where-Object { $_.ResourceType -eq 'Virtual Machine' } | Get-ClusterOwnerNode
    $protector = ConvertTo-HgsKeyProtector -Bytes (Get-VMKeyProtector -VMName APP01)
    $protector.Owner.EncryptionCertificate.Thumbprint
    $protector.Guardians.EncryptionCertificate.Thumbprint
    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock {
        Get-ChildItem -Path 'Cert:\LocalMachine\Shielded VM Local Certificates' } |
        Select-Object PSComputerName, Thumbprint, HasPrivateKey, NotAfter

Expected on 2019, 2022 and 2025: for each node among the owners, a line with one of the thumbprints and HasPrivateKey
True. No source says that any release hands these keys around in a cluster by itself.

## Remedy

Either guard all hosts with a Host Guardian Service, or bring the keys to all nodes: on each node that has a pair,
export both certificates (signing and encryption) with their private keys, and import them on every other node:

    $store = 'Cert:\LocalMachine\Shielded VM Local Certificates'
    Get-ChildItem -Path $store | ForEach-Object {
        Export-PfxCertificate -Cert $_ -FilePath "D:\$($_.Thumbprint).pfx" -Password $secret }
    Import-PfxCertificate -FilePath D:\KEY.pfx -CertStoreLocation $store -Password $secret -Exportable

For VMs to come, one guardian for the whole cluster is easier to keep: make it once, import it on all nodes, and name it
in the key protector before the guest uses its TPM. Never replace the protector of a VM whose disk BitLocker binds to
its TPM.

- Reboot: none.
- Order: a copy of the keys offline first (SHV-003). Then the imports, then a throw-away VM with a virtual TPM that is
  live-migrated there and back. The files hold what opens every such VM: encrypt them, and delete them afterwards.
- Rollback: remove the imported certificates by thumbprint, after the VMs have left the node.

## What it cannot see

Whether a Host Guardian Service releases the key to a host: that is asked only when the operator allows it (SHV-001).
Whether the private key is really readable: only that the store says where it lies. Whether a VM stops to start when
the certificate of its guardian expires is documented nowhere.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/learn-more/`
  `Generation-2-virtual-machine-security-settings-for-Hyper-V.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/HgsClient/Get-HgsGuardian.md` and
  `docset/winserver2025-ps/FailoverClusters/Get-ClusterOwnerNode.md`
- Microsoft Japan, System Center support blog on virtual TPMs in clusters (2024-09)
"""

from __future__ import annotations

from hypervigil.controls.effective.owners import KeyState, Owners, coverage, of_owners, possible_owners, shown
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.shielding import Guardians
from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    PLAIN = excludes("It has no virtual TPM and is not shielded, so it needs no key to start.")
    EVERYWHERE = passes("Each node that can own it holds a key that its key protector names: {nodes}.")
    LACKING = fails("{node} can own it and holds no key that its key protector names: it does not start there.")
    GUARDED = reviews(
        "{nodes} can own it and hold no key that its key protector names. They list no guardian, as is so with hosts "
        "that a Host Guardian Service guards. Does that service release the key there?",
        Confidence.INFERRED,
    )
    NO_PROTECTOR = reviews("It has a virtual TPM and no key protector. How does it start?", Confidence.UNVERIFIED)
    PROTECTOR_UNREAD = unknown("What its key protector names could not be read.", Cause.NOT_COLLECTED)
    OWNERS_UNREAD = unknown("Which nodes can own it could not be read.", Cause.NOT_COLLECTED)
    KEYS_UNREAD = unknown("{node} can own it, and its keys were not read.")


CONTROL = Control(
    id="LM-010",
    title="A VM with a vTPM or shielding can start on every possible owner",
    family=Family.LIVE_MIGRATION,
    scope=Scope.VM,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def applies(security: VmSecurity) -> Reason | None:
    """A VM without keys starts wherever its files are."""
    return None if security.tpm_enabled or security.shielded else Why.PLAIN()


def assess(security: VmSecurity, guardians: Nodes[Guardians], groups: ClusterGroups, vm: Subject) -> Verdict:
    """Look for a key on each possible owner; where the owners were not read, on the VM's own node at least."""
    if security.protector_thumbprints is None:
        return verdict(Why.PROTECTOR_UNREAD())
    if not security.protector_thumbprints:
        return verdict(Why.NO_PROTECTOR())
    owners = possible_owners(vm, groups)
    unread = [Why.OWNERS_UNREAD()] if owners is None else []
    judged = owners or Owners.of(vm.nodes)
    covered = coverage(security.protector_thumbprints, guardians)
    reasons: list[Reason] = [Why.LACKING(node=node.name) for node in covered.nodes(KeyState.LACKS, judged)]
    reasons += [
        Why.KEYS_UNREAD.because(why, node=node.name)
        for node, why in of_owners(judged, guardians, Guardians).missing.items()
    ]
    if guarded := covered.nodes(KeyState.UNCLEAR, judged):
        reasons.append(Why.GUARDED(nodes=shown(guarded)))
    everywhere = Why.EVERYWHERE(nodes=shown(covered.nodes(KeyState.HOLDS, judged)))
    return verdict(*(unread + reasons or [everywhere]))
