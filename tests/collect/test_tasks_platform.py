"""Tasks that read the platform: VBS, firmware, TPM, LSASS, drivers."""

from __future__ import annotations

import functools

import pytest

from hypervigil.evidence.drivers import DriverInventory
from hypervigil.evidence.platform import (
    DeviceGuard,
    LsaProtection,
    SecureBoot,
    SecureBootState,
    SecurityProperty,
    SecurityService,
    Tpm,
    VbsStatus,
)
from hypervigil.evidence.registry import ABSENT, dword
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import Run

FACTS = ("device_guard", "secure_boot", "tpm", "lsa_protection", "driver_inventory")


@functools.cache
def plain() -> Run:
    return collect(*FACTS)


def test_device_guard_as_recorded() -> None:
    guard = fact_of(plain(), DeviceGuard)
    assert guard.vbs_status is VbsStatus.RUNNING
    assert guard.services_configured == (
        SecurityService.CREDENTIAL_GUARD,
        SecurityService.MEMORY_INTEGRITY,
        SecurityService.SECURE_LAUNCH,
    )
    assert guard.services_running == (SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY)
    assert SecurityProperty.MBEC_GMET in guard.available_properties
    assert guard.code_integrity_policy == 2


def test_secure_boot_as_recorded() -> None:
    assert fact_of(plain(), SecureBoot) == SecureBoot(state=SecureBootState.ON, firmware_type=dword(2))


NOT_UEFI = """
function Instead-Confirm-SecureBootUEFI {
    throw (New-Object System.PlatformNotSupportedException('(a message in the language of the host)'))
}
"""


def test_firmware_that_is_no_uefi_is_an_answer() -> None:
    run = collect("secure_boot", stubs=(NOT_UEFI,))
    assert fact_of(run, SecureBoot).state is SecureBootState.UNSUPPORTED


def test_secure_boot_refused_is_a_gap() -> None:
    run = collect("secure_boot", faults={"Confirm-SecureBootUEFI": "denied"})
    assert gap_of(run, SecureBoot).cause == "access_denied"


def test_tpm_as_recorded() -> None:
    assert fact_of(plain(), Tpm) == Tpm(
        present=True,
        ready=True,
        enabled=True,
        activated=True,
        owned=True,
        locked_out=False,
        manufacturer="INTC",
        manufacturer_version_20="402.1.0.0",
        spec_version="2.0, 0, 1.38",
    )


@pytest.mark.parametrize("fault", ["missing", "denied"])
def test_a_tpm_without_its_class_is_still_one(fault: str) -> None:
    run = collect("tpm", faults={"Cim-Win32_Tpm": fault})
    assert fact_of(run, Tpm).spec_version is None
    assert "the specification of the TPM" in run.by_fact()["tpm"].remark


def test_lsass_that_was_started_protected() -> None:
    assert fact_of(plain(), LsaProtection) == LsaProtection(
        run_as_ppl=dword(2), run_as_ppl_policy=ABSENT, run_as_ppl_boot=ABSENT, started_protected=True
    )


def test_drivers_with_images_that_are_not_there() -> None:
    drivers = {driver.name: driver for driver in fact_of(plain(), DriverInventory).drivers}
    assert drivers["disk"].path is not None
    assert drivers["disk"].path.replace("\\", "/").endswith("System32/drivers/disk.sys")
    assert drivers["disk"].display_name == "Datenträgertreiber"
    assert drivers["disk"].sha256 is None
    assert drivers["FltMgr"].altitudes == ("40700",)
    assert drivers["gone"].path == "C:\\Windows\\System32\\drivers\\gone.sys"
    assert "the image of disk" in plain().by_fact()["driver_inventory"].remark


def test_driver_packages_count_their_devices() -> None:
    packages = fact_of(plain(), DriverInventory).packages
    assert packages is not None
    (package,) = packages
    assert (package.inf, package.version, package.signed) == ("oem5.inf", "1.2.3.4", True)
    assert package.devices == ("Netzwerkkarte 1", "Netzwerkkarte 2")
