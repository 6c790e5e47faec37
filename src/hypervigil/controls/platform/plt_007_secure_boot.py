"""PLT-007  Firmware is UEFI with Secure Boot on.

## What it decides

Whether the firmware of a node starts nothing but signed boot code.

## Why it matters

Everything above it leans on the boot chain: VBS asks for Secure Boot before it starts, the default enablement of
Credential Guard on 2025 demands it, and UEFI locks and the signing rules for drivers lose their hold without it. A node
without it can be made to load a changed boot loader, which no later protection notices.

## How it is decided

By what `Confirm-SecureBootUEFI` answers:

- true: PASS.
- false: FAIL, the firmware is UEFI and Secure Boot is switched off.
- not supported on this platform: FAIL, the firmware runs in BIOS mode or has no Secure Boot. That is a statement about
  the firmware, not an error of the collection; access that was refused is UNKNOWN.

The registry value `PEFirmwareType` is shown where it was read and decides nothing: its meaning is not verified.

## How to look yourself

    Confirm-SecureBootUEFI

From an elevated prompt. Expected on 2019, 2022 and 2025: `True`. On a machine in BIOS mode the command ends with an
error that says the platform does not support it.

## Remedy

Switch Secure Boot on in the firmware set-up. A node that was installed in BIOS mode has to be moved to UEFI first; for
a cluster node the clean way is evict, reinstall and join again.

- Reboot: one, into the firmware set-up.
- Order: save the BitLocker recovery keys and suspend protection before, or the changed boot measurement asks for the
  key; drain the node; then the firmware; then VBS and what needs it (PLT-001). One node at a time.
- Rollback: switch it off in the firmware again. Whatever asks for it (VBS with `RequirePlatformSecurityFeatures` 1 or
  3, Credential Guard) then stops with that boot, and settings that UEFI variables hold are reset.

    Suspend-BitLocker -MountPoint C: -RebootCount 1
    Suspend-ClusterNode -Name HV01 -Drain -Wait

## What it cannot see

Which keys and revocations the firmware holds, whether its certificates are about to expire, and whether the firmware
itself is current.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SecureBoot/Confirm-SecureBootUEFI.md`
- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/index.md` (requirements)
- MicrosoftDocs/windows-driver-docs, `windows-driver-docs-pr/install/`
  `kernel-mode-code-signing-policy--windows-vista-and-later-.md` (what changes without Secure Boot)
"""

from __future__ import annotations

from hypervigil.evidence.platform import SecureBoot, SecureBootState
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, remarks, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ON = passes("Secure Boot is on.")
    OFF = fails("The firmware is UEFI and Secure Boot is off.")
    UNSUPPORTED = fails("The platform does not support Secure Boot: BIOS mode, or UEFI firmware without it.")
    FIRMWARE_TYPE = remarks("PEFirmwareType is {value} (1 BIOS, 2 UEFI, as is said; it decides nothing here).")


CONTROL = Control(
    id="PLT-007",
    title="Firmware is UEFI with Secure Boot on",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

_OF_STATE = {SecureBootState.ON: Why.ON, SecureBootState.OFF: Why.OFF, SecureBootState.UNSUPPORTED: Why.UNSUPPORTED}


def assess(boot: SecureBoot) -> Verdict:
    """Judge by the state alone."""
    reasons = [_OF_STATE[boot.state]()]
    if boot.firmware_type is not None and boot.firmware_type.number is not None:
        reasons.append(Why.FIRMWARE_TYPE(value=boot.firmware_type.number))
    return verdict(*reasons)
