r"""SHV-009  No shielded VM is one whose operation needs console, PowerShell Direct or host-side disk access.

## What it decides

For a shielded VM: whether it is declared as one that is operated from its host. It reports; it never fails.

## Why it matters

Shielding takes from the host what operators are used to in an emergency: no debugger, no serial port, no data exchange,
and the disk is ciphertext to whoever mounts it. A VM that is installed, repaired or searched from outside works well
until the day on which it has to be.

Shielded and encryption-supported are two things. A VM with encryption support has the virtual TPM and the encrypted
state as well, but keeps console, PowerShell Direct and integration components, and its host's administrators are
trusted. For a VM that is operated from the host it is the right one of the two.

The source document says that a shielded VM has neither console nor PowerShell Direct. That was so up to Windows Server
2016. From 2019 on both work again, with credentials of the guest and, for the console, an enhanced session; two of
Microsoft's pages still say otherwise. Access to the disk and the serial port stay closed.

## How it is decided

- Not shielded: NOT_APPLICABLE; the reason tells encryption support from a plain VM.
- Shielded, and named under `host_access` of the context, by name or id: REVIEW.
- Shielded and not named there: PASS.
- `host_access` is not declared, or VMs are named there by names and the name of this one is not known: UNKNOWN.

## How to look yourself

    Get-VM | Get-VMSecurity | Select-Object VMName, Shielded, TpmEnabled, EncryptStateAndVmMigrationTraffic

Expected on 2019, 2022 and 2025: Shielded False for every VM that somebody operates from the host.

## Remedy

Operate the VM from inside or over the network. Where that can not be, let its owner, who holds the owner's key, take
the shielding back and keep the encryption:

    Set-VMSecurityPolicy -VMName APP01 -Shielded $false

- Reboot: the VM has to be off.
- Order: the owner's key and the guest's recovery key at hand first.
- Rollback: `Set-VMSecurityPolicy -VMName APP01 -Shielded $true`.

To close console and PowerShell Direct again on hosts from 2019 on, inside the guest: disable the service
*vmicvmsession*, and set `DisableEnhancedSessionConsoleConnection` to 1 below
`HKLM\Software\Microsoft\Virtual Machine\Guest`.

## What it cannot see

How a VM is operated: that is declared. Whether its owner agreed to what an operator does in it.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/guarded-fabric-shielded-vm/`:
  `guarded-fabric-and-shielded-vms.md` (table of the two kinds), `guarded-fabric-troubleshoot-shielded-vms.md` (console
  and PowerShell Direct)
"""

from __future__ import annotations

from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.context import Context
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NOT_SHIELDED = excludes("It is not shielded.")
    ENCRYPTED_ONLY = excludes(
        "It is not shielded but has encryption support, which leaves console and host access open."
    )
    NOT_NEEDED = passes("It is not among the {count} VMs that are declared to be operated from the host.")
    NEEDED = reviews(
        "It is declared to be operated from the host. Which of it still works with shielding: the console with "
        "credentials of the guest, or was its disk to be mounted?"
    )
    NOT_DECLARED = unknown("Nobody declares which VMs are operated from the host.")
    NAME_UNKNOWN = unknown("Some VMs are declared by name, and the name of this one is not known.", Cause.NOT_COLLECTED)


CONTROL = Control(
    id="SHV-009",
    title="No shielded VM is one whose operation needs console, PowerShell Direct or host-side disk access",
    family=Family.SHIELDED,
    scope=Scope.VM,
    severity=Severity.INFO,
    reasons=Why,
)


def applies(security: VmSecurity) -> Reason | None:
    """Shielded VMs; encryption support (a virtual TPM and encrypted state) is told apart."""
    if security.shielded:
        return None
    encrypted = security.tpm_enabled and security.encrypt_state_and_migration
    return Why.ENCRYPTED_ONLY() if encrypted else Why.NOT_SHIELDED()


def assess(security: VmSecurity, context: Maybe[Context], vm: Subject) -> Verdict:
    """Look the VM up among those that are declared."""
    shielding = context.value.shielding if context.value else None
    if shielding is None or shielding.host_access is None:
        return verdict(Why.NOT_DECLARED.because(context.missing))
    if any(guest.means(security.id, vm.name) for guest in shielding.host_access):
        return verdict(Why.NEEDED())
    # Without its own fact a VM goes by its id: then a name that is declared may be its name.
    if vm.name == vm.key and any(not _is_id(guest.vm) for guest in shielding.host_access):
        return verdict(Why.NAME_UNKNOWN())
    return verdict(Why.NOT_NEEDED(count=len(shielding.host_access)))


def _is_id(text: str) -> bool:
    """Whether a VM is declared by its GUID, which has four dashes and hexadecimal digits."""
    digits = text.replace("-", "")
    return text.count("-") == 4 and len(digits) == 32 and set(digits.lower()) <= set("0123456789abcdef")  # noqa: PLR2004
