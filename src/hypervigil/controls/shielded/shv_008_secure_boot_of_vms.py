r"""SHV-008  Generation 2 VMs have Secure Boot on with the fitting template; VBS opt-out is off.

## What it decides

For a VM of generation 2: whether its firmware checks what it boots, by which set of keys, and whether the VM is kept
from using virtualization-based security.

## Why it matters

Without Secure Boot whoever writes to the disk of a VM decides what runs before the guest's own protection. The template
decides whose loaders the firmware takes: that for Windows takes Microsoft's alone, that of the UEFI certificate
authority also what Microsoft has signed for others, which for a Windows guest is a door more than it needs. With the
opt-out set, the guest can have neither Credential Guard nor memory integrity, and finds out only that they do not run.

## How it is decided

- Generation 1: NOT_APPLICABLE, it has no such firmware.
- Secure Boot is off: FAIL. `VirtualizationBasedSecurityOptOut` is True: FAIL.
- On, with the template *Microsoft Windows*: PASS. It is the narrowest of the three, and the one for Windows guests.
- On, with *Open Source Shielded VM*: PASS for a shielded VM, REVIEW for another.
- On, with *Microsoft UEFI Certificate Authority*: REVIEW. It fits a guest that is not Windows, and what runs in the
  guest is the guest's own word, which this control does not ask.
- On, with a template that no table has: REVIEW.
- A value was not read: UNKNOWN.

The ids of the templates are third hand: they are in much public code and on no page of Microsoft's that was found.

## How to look yourself

    Get-VM | Where-Object { $_.Generation -eq 2 } | Get-VMFirmware |
        Select-Object VMName, SecureBoot, SecureBootTemplate
    Get-VM | Get-VMSecurity | Where-Object { $_.VirtualizationBasedSecurityOptOut }

Expected on 2019, 2022 and 2025: On and MicrosoftWindows for each Windows guest, On and
MicrosoftUEFICertificateAuthority for the others, and nothing from the second command. Both are how a new VM of
generation 2 comes.

## Remedy

With the VM off:

    Set-VMFirmware -VMName APP01 -EnableSecureBoot On -SecureBootTemplate MicrosoftWindows
    Set-VMSecurity -VMName APP01 -VirtualizationBasedSecurityOptOut $false

- Reboot: the VM has to be shut down and started again.
- Order: keep the guest's BitLocker recovery key at hand first, for a change of Secure Boot changes what the TPM
  measures. Then one VM of each kind of guest, then the others.
- Rollback: the same commands with the former values.

## What it cannot see

Which system the guest runs, and whether its own Secure Boot keys are up to date. Whether the guest uses VBS: without
the opt-out it may.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/learn-more/`
  `Generation-2-virtual-machine-security-settings-for-Hyper-V.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/`: `Set-VMFirmware.md`, `Set-VMSecurity.md`
- MicrosoftDocs/win32, `desktop-src/HyperV_v2/msvm-virtualsystemsettingdata.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.vm_settings import VmFirmware, VmSecurity
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    GENERATION_1 = excludes("It is of generation {generation}, which has no Secure Boot.")
    FITS = passes("Secure Boot is on with the template {template}, and VBS is open to the guest.", Confidence.SECONDARY)
    OFF = fails("Secure Boot is off.")
    OPTED_OUT = fails("It is kept from using VBS (VirtualizationBasedSecurityOptOut is True).")
    NOT_FOR_WINDOWS = reviews(
        "Secure Boot is on with the template {template}. Does the guest run something else than Windows?",
        Confidence.SECONDARY,
    )
    FOR_SHIELDED = reviews(
        "Secure Boot is on with the template {template}, and the VM is not shielded. Which guest needs that?",
        Confidence.SECONDARY,
    )
    ODD_TEMPLATE = reviews("Secure Boot is on with a template that no table has ({template}). Whose keys are these?")
    UNREAD = unknown("Whether Secure Boot is on was not read.", Cause.NOT_IN_SOURCE)
    TEMPLATE_UNREAD = unknown("Secure Boot is on; its template was not read.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="SHV-008",
    title="Generation 2 VMs have Secure Boot on with the fitting template; VBS opt-out is off",
    family=Family.SHIELDED,
    scope=Scope.VM,
    severity=Severity.MEDIUM,
    reasons=Why,
)

WINDOWS = "1734c6e8-3154-4dda-ba5f-a874cc483422"
UEFI_CA = "272e7447-90a4-4563-a4b9-8e4ab00526ce"
OPEN_SOURCE_SHIELDED = "4292ae2b-ee2c-42b5-a969-dd8f8689f6f3"
TEMPLATES = {
    WINDOWS: "Microsoft Windows",
    UEFI_CA: "Microsoft UEFI Certificate Authority",
    OPEN_SOURCE_SHIELDED: "Open Source Shielded VM",
}
"""Templates of Secure Boot by their ids (secondary: docs/facts/lookups.md)."""
_FITS = {template: verdict(Why.FITS(template=name)) for template, name in TEMPLATES.items()}
"""What is said of nearly all VMs, made once."""


def applies(vm: Vm) -> Reason | None:
    """Generation 2: the other has a BIOS."""
    return None if vm.generation == 2 else Why.GENERATION_1(generation=vm.generation)  # noqa: PLR2004


def assess(firmware: VmFirmware, security: VmSecurity) -> Verdict:
    """Judge firmware and opt-out apart; a good template is said only where nothing else is wrong."""
    reasons = [Why.OPTED_OUT()] if security.vbs_opt_out else []
    if firmware.secure_boot is None:
        reasons.append(Why.UNREAD())
    elif not firmware.secure_boot:
        reasons.append(Why.OFF())
    else:
        reasons.extend(_template(firmware.template_id, shielded=security.shielded))
    if reasons:
        return verdict(*reasons)
    return _FITS[(firmware.template_id or "").lower()]


def _template(template_id: str | None, *, shielded: bool) -> Iterator[Reason]:
    """What speaks against a template."""
    if template_id is None:
        yield Why.TEMPLATE_UNREAD()
        return
    name = TEMPLATES.get(template_id.lower())
    if name is None:
        yield Why.ODD_TEMPLATE(template=template_id)
    elif template_id.lower() == UEFI_CA:
        yield Why.NOT_FOR_WINDOWS(template=name)
    elif template_id.lower() == OPEN_SOURCE_SHIELDED and not shielded:
        yield Why.FOR_SHIELDED(template=name)
