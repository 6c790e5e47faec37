r"""SHV-007  Shielding is justified.

## What it decides

Where VMs of a cluster are shielded: whether anything that is declared makes that worth its price. It reports; it never
fails.

## Why it matters

Shielding keeps those who run the hosts away from what runs on them. That is worth much to a hoster, to a regulated
workload, and wherever hosts and VMs have different owners. It costs a Host Guardian Service with its own forest and
administrators, a dependency for every start and migration, a bit of density, and much of what helps when a VM is in
trouble. Where one organisation trusts its own administrators, generation 2 with Secure Boot, a virtual TPM and a
hardened host is enough, and what is left to do is to keep the keys of the TPMs (SHV-002, SHV-003).

Microsoft does not develop the feature any further since Windows Server 2022 and points to confidential computing in
Azure. It is supported; whoever starts with it now should know how to leave it again.

## How it is decided

- No VM is shielded: NOT_APPLICABLE.
- Several tenants (`tenancy = "multi"`), law or contract (`"regulated"`), or separate owners (`separate_owners = true`)
  are declared: PASS, with the reasons.
- Declared is that there is one tenant, or that the owners are the same, and nothing else: REVIEW, with the VMs.
- Nothing of it is declared: UNKNOWN.

Justified is not the same as done well: without attestation by TPM the administrators of the fabric are not kept out
(SHV-004).

## How to look yourself

    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock { Get-VM | Get-VMSecurity } |
        Where-Object { $_.Shielded }

Expected on 2019, 2022 and 2025: nothing, or VMs of which somebody can say from whom they are kept.

## Remedy

Declare `tenancy`, and `separate_owners` under `[shielding]`. Where there is no reason left to shield, make the VM one
with encryption support instead, which its owner has to do who holds the owner's key:

    Set-VMSecurityPolicy -VMName APP01 -Shielded $false

- Reboot: the VM has to be off.
- Order: the owner's key at hand and the guest's recovery key kept first. Then one VM, then the others.
- Rollback: `Set-VMSecurityPolicy -VMName APP01 -Shielded $true`.

## What it cannot see

Contracts, laws, and who trusts whom. Whether a plain virtual TPM is wanted for the guest (BitLocker, Windows 11).

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/guarded-fabric-shielded-vm/`:
  `guarded-fabric-and-shielded-vms.md`, `guarded-fabric-planning-for-hosters.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/get-started/`, features removed or no longer developed (2022)
"""

from __future__ import annotations

from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.context import Context, Tenancy
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Items, Maybe
from hypervigil.model.reason import ReasonCode, Verdict, excludes, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NOTHING_SHIELDED = excludes("No VM is shielded.")
    JUSTIFIED = passes("{count} shielded VMs have a reason to be: {why}.")
    NO_REASON = reviews("Declared is {declared}: from whom are these VMs shielded? {vms}")
    NOT_DECLARED = unknown("{count} VMs are shielded, and nobody declares tenants or separate owners.")
    FROZEN = remarks("Microsoft has not developed shielded VMs any further since Windows Server 2022.")


CONTROL = Control(
    id="SHV-007",
    title="Shielding is justified",
    family=Family.SHIELDED,
    scope=Scope.CLUSTER,
    severity=Severity.INFO,
    reasons=Why,
)

_REASONS = {
    Tenancy.MULTI: "tenants that do not trust each other or the hosts",
    Tenancy.REGULATED: "law or contract that keeps administrators away",
}


def assess(machines: Items[VmSecurity], context: Maybe[Context]) -> Verdict:
    """Look for one reason among what is declared."""
    shielded = [vm.name for vm, security in machines if security.shielded]
    if not shielded:
        return verdict(Why.NOTHING_SHIELDED())
    tenancy = context.value.tenancy if context.value else None
    shielding = context.value.shielding if context.value else None
    separate = shielding.separate_owners if shielding else None
    reasons = [_REASONS[tenancy]] if tenancy in _REASONS else []
    if separate:
        reasons.append("separate owners of hosts and VMs")
    if reasons:
        return verdict(Why.JUSTIFIED(count=len(shielded), why="; ".join(reasons)), Why.FROZEN())
    if tenancy is None and separate is None:
        return verdict(Why.NOT_DECLARED.because(context.missing, count=len(shielded)), Why.FROZEN())
    declared = ["one tenant"] if tenancy is not None else []
    declared += ["the same owner for hosts and VMs"] if separate is False else []
    return verdict(Why.NO_REASON(declared=" and ".join(declared), vms=", ".join(shielded)), Why.FROZEN())
