"""BitLocker on the volumes of a host. Recovery passwords and keys are never read."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope

_PS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/"


class ProtectionStatus(Code):
    """``ProtectionStatus`` of a BitLocker volume."""

    OFF = 0
    ON = 1
    UNKNOWN = 2


class BitLockerVolume(msgspec.Struct, frozen=True, kw_only=True):
    """One volume; recovery passwords and keys are never read, only the kinds of protectors."""

    mount_point: str
    protection: ProtectionStatus
    volume_type: Annotated[int | str | None, Meta(description="0 operating system, 1 fixed data, 2 removable.")] = None
    conversion_status: Annotated[int | None, Meta(description="0 decrypted, 1 encrypted, 2 encrypting ...")] = None
    encryption_method: int | None = None
    protectors: Annotated[tuple[str, ...], Meta(description="Kinds: Tpm, RecoveryPassword, ExternalKey ...")] = ()
    system_volume: bool = False


class BitLocker(Fact, frozen=True, kw_only=True):
    """BitLocker on the volumes of a host, CSV volumes that it owns included."""

    INFO: ClassVar[FactType] = FactType(
        name="bitlocker",
        title="BitLocker",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-BitLockerVolume",
                properties=(
                    "MountPoint",
                    "VolumeType",
                    "VolumeStatus",
                    "ProtectionStatus",
                    "EncryptionMethod",
                    "KeyProtector",
                ),
            ),
        ),
        sources=(
            _PS + "BitLocker/Get-BitLockerVolume.md",
            "MicrosoftDocs/windowsserverdocs failover-clustering/bitlocker-on-csv",
        ),
    )

    volumes: tuple[BitLockerVolume, ...]
