"""What a well-kept host has of its platform, fact by fact: encryption, boots, code integrity, drivers.

As in ``defaults``, each function gives one fact, with nothing in it to complain of as far as the release allows;
keyword arguments replace single fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.accounts import WDigest
from hypervigil.evidence.bitlocker import (
    BitLocker,
    BitLockerVolume,
    ConversionStatus,
    EncryptionMethod,
    ProtectionStatus,
    VolumeType,
)
from hypervigil.evidence.boot_events import KERNEL_BOOT, WININIT, BootEvent, BootEvents, EnableDisableReason
from hypervigil.evidence.code_integrity import CodeIntegrityEvents, PnpProblems, ServiceFailures
from hypervigil.evidence.drivers import BLOCKLIST_POLICY, Driver, DriverBlocklist, DriverInventory, LoadedPolicy
from hypervigil.evidence.registry import ABSENT, RegistryValue, dword
from hypervigil.evidence.sensors import SYSMON_ALTITUDE
from hypervigil.synthetic.moments import BOOT, changed, window


def wdigest(**values: RegistryValue) -> WDigest:
    """Nothing set, which keeps no clear text, but ``values``."""
    return WDigest(**{**dict.fromkeys(WDigest.__struct_fields__, ABSENT), **values})


def bitlocker(*volumes: BitLockerVolume) -> BitLocker:
    """The system volume encrypted, and a CSV volume, where no others are given."""
    return BitLocker(
        volumes=volumes
        or (
            bitlocker_volume("C:", "Tpm", "RecoveryPassword", system_volume=True),
            bitlocker_volume("C:\\ClusterStorage\\Volume1", "RecoveryPassword", "ExternalKey"),
        )
    )


def bitlocker_volume(mount_point: str, *protectors: str, system_volume: bool = False) -> BitLockerVolume:
    """An encrypted volume with these kinds of protectors; one that is not encrypted where none is named."""
    return BitLockerVolume(
        mount_point=mount_point,
        protection=ProtectionStatus.ON if protectors else ProtectionStatus.OFF,
        volume_type=VolumeType.OPERATING_SYSTEM if system_volume else VolumeType.FIXED_DATA,
        conversion_status=ConversionStatus.FULLY_ENCRYPTED if protectors else ConversionStatus.FULLY_DECRYPTED,
        encryption_method=EncryptionMethod.XTS_AES256 if protectors else EncryptionMethod.NONE,
        protectors=protectors,
        system_volume=system_volume,
    )


def boot_events(*extra: BootEvent, **changes: Any) -> BootEvents:
    """VBS enabled by its registry configuration, Credential Guard configured and started, and what else is given."""
    fact = BootEvents(
        events=(
            *extra,
            boot_event(WININIT, 14, config=2, is_test_config=0),
            boot_event(WININIT, 13),
            boot_event(KERNEL_BOOT, 153, status=0, reason=EnableDisableReason.ENABLED_BY_REGISTRY, policy=0x81),
        ),
        windows=(window("System", days=180), window("Microsoft-Windows-Kernel-Boot/Operational", days=180)),
        last_boot=BOOT,
    )
    return changed(fact, changes)


def boot_event(provider: str, event_id: int, **fields: Any) -> BootEvent:
    """An event of the last boot."""
    given = {"record_id": 4000 + event_id, "channel": "System", "time": BOOT + datetime.timedelta(seconds=5), **fields}
    return BootEvent(provider=provider, id=event_id, **given)


def code_integrity_events(**changes: Any) -> CodeIntegrityEvents:
    """A log that was searched and holds nothing of interest."""
    windows = (window("Microsoft-Windows-CodeIntegrity/Operational", days=90),)
    return changed(CodeIntegrityEvents(events=(), windows=windows, last_boot=BOOT), changes)


def pnp_problems(**changes: Any) -> PnpProblems:
    """No device with a problem."""
    return changed(PnpProblems(devices=()), changes)


def service_failures(**changes: Any) -> ServiceFailures:
    """A log that was searched, and everything started."""
    return changed(ServiceFailures(events=(), windows=(window("System", days=90),), last_boot=BOOT), changes)


def driver_inventory(*extra: Driver) -> DriverInventory:
    """Drivers of Windows, the filters of its sensors, a network driver, and what else is given."""
    return DriverInventory(
        drivers=(
            driver("disk", "10.0.26100.1150"),
            driver("WdFilter", "4.18.25090.3009", altitudes=("328010",), service_type="File System Driver"),
            driver("mssecflt", "10.0.26100.1150", altitudes=("385600",), service_type="File System Driver"),
            driver(
                "SysmonDrv", "15.15.0.0", altitudes=(SYSMON_ALTITUDE,), company="Sysinternals - www.sysinternals.com"
            ),
            driver("mlx5", "24.4.26429.0", company="NVIDIA Corporation"),
            *extra,
        ),
        packages=(),
    )


def driver(name: str, version: str, **changes: Any) -> Driver:
    """A running driver in the system's folder."""
    fact = Driver(
        name=name,
        path=f"C:\\Windows\\System32\\drivers\\{name.lower()}.sys",
        state="Running",
        start_mode="Boot",
        service_type="Kernel Driver",
        file_version=version,
        company="Microsoft Corporation",
        original_name=f"{name.lower()}.sys",
        size=131_072,
        sha256=f"{len(name):02x}" * 32,
    )
    return msgspec.structs.replace(fact, **changes)


def driver_blocklist(**changes: Any) -> DriverBlocklist:
    """Switched on, with a file, and loaded at this boot."""
    fact = DriverBlocklist(
        enabled=dword(1),
        file_present=True,
        file_size=181_248,
        file_sha256="ab" * 32,
        file_written=datetime.datetime(2026, 10, 14, 18, 0, tzinfo=datetime.UTC),
        loaded=(
            LoadedPolicy(
                record_id=812,
                channel="Microsoft-Windows-CodeIntegrity/Operational",
                provider="Microsoft-Windows-CodeIntegrity",
                id=3099,
                time=BOOT,
                policy_id=BLOCKLIST_POLICY,
                policy_name="Microsoft Windows Driver Policy",
                options=0,
            ),
        ),
    )
    return changed(fact, changes)
