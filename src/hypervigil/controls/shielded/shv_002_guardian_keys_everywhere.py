r"""SHV-002  Local guardian keys of every vTPM VM are on every possible owner.

## What it decides

For a VM with a virtual TPM: whether every node that can own it holds one of the local guardian keys that open its key
protector.

## Why it matters

Whoever switches a virtual TPM on without a Host Guardian Service gets a guardian called *UntrustedGuardian*, and with
it two self-signed certificates in the store *Shielded VM Local Certificates* of that host. They are made once for each
host. A VM starts, fails over and live-migrates only where the private key of its guardian lies: elsewhere the migration
ends with event 10698, and a start with an error about the key protector. So a cluster looks healthy until a node fails,
and then its Windows 11 and BitLocker guests stay down.

## How it is decided

Needed is one of the encryption certificates of the owner and the guardians that the key protector names; held is what
has its private key in the store.

The possible owners are those of the VM resource; a VM that is no clustered role has its own node alone.

- No virtual TPM: NOT_APPLICABLE.
- Every possible owner holds one: PASS.
- A possible owner holds none and works with local keys: FAIL, naming the nodes. It does so when it lists a guardian
  itself, or when another node lists one and holds a key of this protector.
- A possible owner holds none, and nothing shows that local keys are at work: REVIEW, inferred. In the mode of a Host
  Guardian Service a host lists no guardian, so an empty list does not prove that the key is missing; SHV-001 knows the
  mode.
- A virtual TPM without a key protector: REVIEW.
- The key protector, or the store of a possible owner, could not be read: UNKNOWN, unless another one fails. Likewise
  where nobody read the roles, or, while a node holds no key, who can own this one.

That a certificate is past its date is for SHV-003 to say: no source tells whether VMs stop to start then. A copy of
the keys offline is SHV-003's as well.

The source document treats this as a matter of shielded VMs and their Host Guardian Service. It is one of every virtual
TPM.

## How to look yourself

    Get-VM | Get-VMSecurity | Where-Object { $_.TpmEnabled }
    $protector = ConvertTo-HgsKeyProtector -Bytes (Get-VMKeyProtector -VMName APP01)
    $protector.Owner.EncryptionCertificate.Thumbprint
    $protector.Guardians.EncryptionCertificate.Thumbprint
    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock {
        Get-ChildItem -Path 'Cert:\LocalMachine\Shielded VM Local Certificates' } |
        Select-Object PSComputerName, Thumbprint, HasPrivateKey

Expected on 2019, 2022 and 2025: one of the thumbprints on every node, with HasPrivateKey True. That 2025 hands the keys
around by itself is found in no source: look there, too.

## Remedy

Bring both certificates, signing and encryption, with their private keys from each node that has a pair to every other
node, in both directions. Microsoft Japan advises this for up to about ten hosts; above that, or where the fabric's
administrators must not be able to open the VMs, a Host Guardian Service is the answer.

    $store = 'Cert:\LocalMachine\Shielded VM Local Certificates'
    Get-ChildItem -Path $store | ForEach-Object {
        Export-PfxCertificate -Cert $_ -FilePath "D:\$($_.Thumbprint).pfx" -Password $secret }
    Import-PfxCertificate -FilePath D:\KEY.pfx -CertStoreLocation $store -Password $secret -Exportable

- Reboot: none.
- Order: put a copy offline first, then import on the nodes that were named, then live-migrate a throw-away VM with a
  virtual TPM there and back. The files open every such VM: encrypt them, and delete them when the import is done.
- Rollback: remove what was imported by its thumbprint, after the VMs have left the node.

Do not replace the key protector of a VM whose disk is bound to its TPM: the guest then asks for its recovery key.

## What it cannot see

Whether a Host Guardian Service would release the key. Whether the private key can be read: only that the store names
one.

## References

- Microsoft Japan, System Center support blog on virtual TPMs in clusters (2024-09)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/learn-more/`
  `Generation-2-virtual-machine-security-settings-for-Hyper-V.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/HgsClient/`: `Get-HgsGuardian.md`,
  `ConvertTo-HgsKeyProtector.md`
"""

from __future__ import annotations

from hypervigil.controls.effective.owners import KeyState, coverage, of_owners, possible_owners, shown
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.shielding import Guardians
from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NO_TPM = excludes("It has no virtual TPM.")
    COVERED = passes("Every node that can own it and was read holds a key that its key protector names: {nodes}.")
    MISSING = fails(
        "{nodes} can own it and {hold} no key that its key protector names, and local keys are what opens it."
    )
    GUARDED = reviews(
        "{nodes} can own it, {hold} no key that its key protector names and {list} no guardian, as is so with hosts "
        "that a Host Guardian Service guards. Does that service release the key there?",
        Confidence.INFERRED,
    )
    NO_PROTECTOR = reviews("It has a virtual TPM and no key protector. How does it start?", Confidence.UNVERIFIED)
    OWNERS_UNREAD = unknown("Which nodes can own it is not known. A key that its key protector names lies on {nodes}.")
    KEYS_UNREAD = unknown("{node} can own it, and its keys were not read.")
    PROTECTOR_UNREAD = unknown("What its key protector names could not be read.", Cause.NOT_COLLECTED)


CONTROL = Control(
    id="SHV-002",
    title="Local guardian keys of every vTPM VM are on every possible owner",
    family=Family.SHIELDED,
    scope=Scope.VM,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def applies(security: VmSecurity) -> Reason | None:
    """VMs with a virtual TPM."""
    return None if security.tpm_enabled else Why.NO_TPM()


def assess(guardians: Nodes[Guardians], security: VmSecurity, groups: Maybe[ClusterGroups], vm: Subject) -> Verdict:
    """Look for a key on every possible owner; where these are not known, on every node."""
    if security.protector_thumbprints is None:
        return verdict(Why.PROTECTOR_UNREAD())
    if not security.protector_thumbprints:
        return verdict(Why.NO_PROTECTOR())
    covered = coverage(security.protector_thumbprints, guardians)
    owners = possible_owners(vm, groups.value) if groups.value else None
    lacking, unclear = (covered.nodes(state, owners) for state in (KeyState.LACKS, KeyState.UNCLEAR))
    reasons: list[Reason] = []
    # The roles may name an owner that is no known node: without them, that all known nodes hold a key is no PASS.
    if owners is None and (groups.value is None or lacking or unclear):
        holding = shown(covered.nodes(KeyState.HOLDS)) or "none of those that were read"
        reasons.append(Why.OWNERS_UNREAD.because(groups.missing, nodes=holding))
    elif lacking:
        reasons.append(Why.MISSING(**_told(*lacking)))
    if owners is not None:
        unread = of_owners(owners, guardians, Guardians).missing
        reasons += [Why.KEYS_UNREAD.because(why, node=node.name) for node, why in unread.items()]
    if owners is not None and unclear:
        reasons.append(Why.GUARDED(**_told(*unclear), list="lists" if len(unclear) == 1 else "list"))
    return verdict(*(reasons or [Why.COVERED(nodes=shown(covered.nodes(KeyState.HOLDS, owners)))]))


def _told(*nodes: Subject) -> dict[str, str]:
    return {"nodes": shown(nodes), "hold": "holds" if len(nodes) == 1 else "hold"}
