r"""MGT-013  The system volume is encrypted.

## What it decides

Whether BitLocker protects the volume that Windows runs from.

## Why it matters

A disk that leaves the building takes the node with it: the secrets of its machine account, cached logons, certificates
with their keys, and the node's copy of the cluster database. From Windows Server 2022 on that database also holds the
keys with which the cluster unlocks encrypted CSV volumes (MGT-018): they are worth as much as the weakest system volume
among the nodes. The cluster does not enforce it, it only warns (event 1824).

## How it is decided

- BitLocker is not installed: FAIL.
- `ProtectionStatus` of the system volume is 1: PASS. It means that the volume is wholly encrypted and its key does not
  lie on the disk in the clear.
- It is 0: FAIL, and how far the volume is: not encrypted, being encrypted or decrypted, or encrypted with its
  protection suspended. The last is a state for one reboot; for longer it is no protection.
- It is 2, or a number that no table has: REVIEW. A running system volume can not be locked.
- No system volume is among those listed: UNKNOWN.

## How to look yourself

    Get-BitLockerVolume -MountPoint C: | Select-Object MountPoint, VolumeStatus, ProtectionStatus, EncryptionMethod

Expected on 2019, 2022 and 2025: `FullyEncrypted` and `On`. `Get-BitLockerVolume` is missing where BitLocker is not
installed.

## Remedy

    Install-WindowsFeature -Name BitLocker -IncludeAllSubFeature -IncludeManagementTools
    Add-BitLockerKeyProtector -MountPoint C: -RecoveryPasswordProtector
    Enable-BitLocker -MountPoint C: -TpmProtector -EncryptionMethod XtsAes256

Where it is only suspended: `Resume-BitLocker -MountPoint C:`.

- Reboot: one for the feature, one for the hardware test before encryption starts.
- Order: bring the recovery passwords to a safe place first and try one. Then drain and encrypt node by node. From then
  on, suspend protection for one reboot before a change of firmware, Secure Boot or VBS:
  `Suspend-BitLocker -MountPoint C: -RebootCount 1`.
- Rollback: `Disable-BitLocker -MountPoint C:` decrypts the volume.

## What it cannot see

Where the recovery passwords are kept, and whether one of them works. A drive that encrypts itself, or a disk array that
does: BitLocker does not know of it. Other volumes of the node.

## References

- MicrosoftDocs/win32, `desktop-src/SecProv/getprotectionstatus-win32-encryptablevolume.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/bitlocker-on-csv-in-ws-2022.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/BitLocker/Enable-BitLocker.md`
"""

from __future__ import annotations

from hypervigil.evidence.bitlocker import (
    BitLocker,
    BitLockerVolume,
    ConversionStatus,
    EncryptionMethod,
    ProtectionStatus,
)
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    PROTECTED = passes("The system volume {volume} is encrypted and protected by {protectors}.")
    NOT_INSTALLED = fails("BitLocker is not installed, so the system volume is not encrypted by it.")
    SUSPENDED = fails("The system volume {volume} is encrypted, but its protection is suspended: its key lies open.")
    UNDER_WAY = fails("The system volume {volume} is not protected yet, or no longer: {state}.")
    NOT_ENCRYPTED = fails("The system volume {volume} is not protected by BitLocker.")
    ODD = reviews("The protection of the system volume {volume} is {status}: what does BitLocker say on the node?")
    NO_SYSTEM_VOLUME = unknown("The volumes that were listed have no system volume among them.", Cause.NOT_IN_SOURCE)
    BY_DRIVE = remarks("The drive encrypts it by itself: how well is up to its firmware.")


CONTROL = Control(
    id="MGT-013",
    title="The system volume is encrypted",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)

MOVING = (
    ConversionStatus.ENCRYPTION_IN_PROGRESS,
    ConversionStatus.DECRYPTION_IN_PROGRESS,
    ConversionStatus.ENCRYPTION_PAUSED,
    ConversionStatus.DECRYPTION_PAUSED,
)


def assess(bitlocker: BitLocker) -> Verdict:
    """Judge each volume that Windows lies on; there is one, as a rule."""
    if not bitlocker.installed:
        return verdict(Why.NOT_INSTALLED())
    found = [volume for volume in bitlocker.volumes if volume.system_volume]
    if not found:
        return verdict(Why.NO_SYSTEM_VOLUME())
    reasons = [_judged(volume) for volume in found]
    if any(volume.encryption_method is EncryptionMethod.HARDWARE for volume in found):
        reasons.append(Why.BY_DRIVE())
    return verdict(*reasons)


def _judged(volume: BitLockerVolume) -> Reason:
    place, state = volume.mount_point, volume.conversion_status
    if volume.protection is ProtectionStatus.ON:
        return Why.PROTECTED(volume=place, protectors=", ".join(volume.protectors) or "unnamed protectors")
    if volume.protection is not ProtectionStatus.OFF:
        return Why.ODD(volume=place, status=volume.protection.label)
    if state is ConversionStatus.FULLY_ENCRYPTED:
        return Why.SUSPENDED(volume=place)
    if state in MOVING:
        return Why.UNDER_WAY(volume=place, state=state.label.lower())
    return Why.NOT_ENCRYPTED(volume=place)
