"""BitLocker on the volumes of a host. Recovery passwords and keys are never read."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope


class ProtectionStatus(Code):
    """``ProtectionStatus`` of a BitLocker volume."""

    OFF = 0
    ON = 1
    UNKNOWN = 2


class VolumeType(Code):
    """``VolumeType`` of a BitLocker volume."""

    OPERATING_SYSTEM = 0
    FIXED_DATA = 1
    REMOVABLE_DATA = 2


class ConversionStatus(Code):
    """``VolumeStatus`` of Get-BitLockerVolume, ``ConversionStatus`` in WMI."""

    FULLY_DECRYPTED = 0
    FULLY_ENCRYPTED = 1
    ENCRYPTION_IN_PROGRESS = 2
    DECRYPTION_IN_PROGRESS = 3
    ENCRYPTION_PAUSED = 4
    DECRYPTION_PAUSED = 5


class EncryptionMethod(Code):
    """``EncryptionMethod`` of a BitLocker volume."""

    NONE = 0
    AES128_DIFFUSER = 1
    AES256_DIFFUSER = 2
    AES128 = 3
    AES256 = 4
    HARDWARE = 5
    XTS_AES128 = 6
    XTS_AES256 = 7


class BitLockerVolume(msgspec.Struct, frozen=True, kw_only=True):
    """One volume; recovery passwords and keys are never read, only the kinds of protectors."""

    mount_point: Annotated[str, Meta(description="Such as C: or C:\\ClusterStorage\\Volume1.")]
    protection: ProtectionStatus
    volume_type: VolumeType | None = None
    conversion_status: ConversionStatus | None = None
    encryption_method: EncryptionMethod | None = None
    protectors: Annotated[tuple[str, ...], Meta(description="Kinds: Tpm, RecoveryPassword, ExternalKey ...")] = ()
    system_volume: Annotated[bool, Meta(description="Windows itself lies on it.")] = False


class BitLocker(Fact, frozen=True, kw_only=True):
    """BitLocker on the volumes of a host, CSV volumes that it owns included."""

    INFO: ClassVar[FactType] = FactType(
        name="bitlocker",
        title="BitLocker",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2\security -ClassName __NAMESPACE", properties=("Name",)
            ),
            Read(
                command=(
                    r"Get-CimInstance -Namespace root\cimv2\security\MicrosoftVolumeEncryption"
                    " -ClassName Win32_EncryptableVolume"
                ),
                properties=(
                    "DeviceID",
                    "DriveLetter",
                    "VolumeType",
                    "ProtectionStatus",
                    "ConversionStatus",
                    "EncryptionMethod",
                ),
            ),
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_Volume",
                properties=("DeviceID", "Name"),
            ),
            Read(
                command="Invoke-CimMethod -MethodName GetKeyProtectors, GetKeyProtectorType (Win32_EncryptableVolume)",
                properties=("VolumeKeyProtectorID", "KeyProtectorType"),
            ),
        ),
        sources=(
            "MicrosoftDocs/win32 desktop-src/SecProv/win32-encryptablevolume.md",
            "microsoft/wmi server23h2 (class Win32_EncryptableVolume)",
            "MicrosoftDocs/windowsserverdocs failover-clustering/bitlocker-on-csv-in-ws-2022.md",
        ),
    )

    installed: Annotated[bool, Meta(description="False: the feature is not there, so that no volume is protected.")] = (
        True
    )
    volumes: tuple[BitLockerVolume, ...]
