"""Readers of facts about a host; the cases that all readers share come last."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from hypervigil.collect.failures import Failure
from hypervigil.collect.readers import (
    cluster,
    features,
    fields,
    host,
    hyper_v,
    platform,
    registry_values,
    smb,
)
from hypervigil.evidence.platform import SecureBootState, SecurityService, VbsStatus
from hypervigil.evidence.registry import DENIED, RegistryState, RegistryValue
from hypervigil.model.outcome import Cause
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Obj
from tests.collect.clixml_files import parsed as objects

BOOT = datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


# --- host ---


def test_operating_system_as_cim_instance_and_as_selection() -> None:
    system = host.operating_system(objects(files.operating_system()))
    assert (system.name, system.build_number, system.last_boot) == ("HV01", 26100, BOOT)
    assert host.operating_system(objects(files.selected(**files.SYSTEM))) == system


def test_operating_system_with_registry_values() -> None:
    values = {
        "ubr": RegistryValue(RegistryState.PRESENT, "REG_DWORD", 4652),
        "edition_id": RegistryValue(RegistryState.PRESENT, "REG_SZ", "ServerDatacenter"),
        "installation_type": DENIED,
    }
    system = host.operating_system(objects(files.operating_system()), values)
    assert (system.ubr, system.edition_id, system.installation_type) == (4652, "ServerDatacenter", None)


@pytest.mark.parametrize("found", [[], [files.operating_system(), files.operating_system()], ["text"]])
def test_operating_system_of_something_else(found: list[Any]) -> None:
    with pytest.raises(fields.UnreadableError):
        host.operating_system(objects(*found))


# --- platform ---

_GUARD = {
    "AvailableSecurityProperties": [1, 2, 3, 9],
    "RequiredSecurityProperties": [1, 2],
    "SecurityServicesConfigured": [1, 2],
    "SecurityServicesRunning": [1, 11],
    "VirtualizationBasedSecurityStatus": 2,
    "CodeIntegrityPolicyEnforcementStatus": 2,
    "UsermodeCodeIntegrityPolicyEnforcementStatus": 0,
}


def test_device_guard_keeps_services_without_a_name() -> None:
    guard = platform.device_guard(objects(files.selected(**_GUARD)))
    assert guard.vbs_status is VbsStatus.RUNNING
    assert [int(service) for service in guard.services_running] == [1, 11]
    assert guard.runs(SecurityService.CREDENTIAL_GUARD)
    assert not guard.runs(SecurityService.MEMORY_INTEGRITY)


@pytest.mark.parametrize("name", ["SecurityServicesRunning", "VirtualizationBasedSecurityStatus"])
def test_device_guard_without_a_property_that_decides(name: str) -> None:
    with pytest.raises(fields.UnreadableError, match=name):
        platform.device_guard(objects(files.selected(**{**_GUARD, name: None})))


def test_device_guard_with_a_wrong_member() -> None:
    with pytest.raises(fields.UnreadableError, match="SecurityServicesRunning"):
        platform.device_guard(objects(files.selected(**{**_GUARD, "SecurityServicesRunning": [1, "two"]})))


def test_secure_boot() -> None:
    assert platform.secure_boot([True]).state is SecureBootState.ON
    assert platform.secure_boot([False]).state is SecureBootState.OFF
    for wrong in ([], [True, True], ["True"], [1]):
        with pytest.raises(fields.UnreadableError):
            platform.secure_boot(wrong)


def test_secure_boot_of_a_bios() -> None:
    german = Failure(
        Cause.UNSUPPORTED_RELEASE, "Das Cmdlet wird nicht unterstützt.", "x", "PlatformNotSupportedException"
    )
    assert platform.says_not_uefi(german)
    assert platform.says_not_uefi(Failure(Cause.UNPARSABLE, "Cmdlet not supported on this platform."))
    assert not platform.says_not_uefi(Failure(Cause.ACCESS_DENIED, "Access was denied.", "x", "UnauthorizedAccess"))


_TPM = {"TpmPresent": True, "TpmReady": True, "ManufacturerIdTxt": "INTC", "ManufacturerVersionFull20": "600.18.34.0"}


def test_tpm() -> None:
    tpm = platform.tpm(objects(files.selected(**_TPM)), objects(files.selected(SpecVersion="2.0, 0, 1.59")))
    assert (tpm.present, tpm.ready, tpm.specification, tpm.manufacturer_version_20) == (
        True,
        True,
        "2.0",
        "600.18.34.0",
    )
    assert platform.tpm(objects(files.selected(**_TPM)), []).specification is None
    older = {**_TPM, "ManufacturerVersionFull20": "Nicht unterstützt für TPM 1.2"}
    assert platform.tpm(objects(files.selected(**older))).manufacturer_version_20 is None


def _event(time: datetime.datetime, provider: str = platform.WININIT, number: int = 12) -> Obj:
    return files.selected(ProviderName=provider, Id=number, TimeCreated=time, RecordId=1)


@pytest.mark.parametrize(
    ("events", "oldest", "last_boot", "expected"),
    [
        ([_event(BOOT + MINUTE)], None, BOOT, True),
        ([_event(BOOT)], None, BOOT, True),
        ([_event(BOOT - 60 * MINUTE)], [_event(BOOT - 999 * MINUTE)], BOOT, False),
        ([], [_event(BOOT - MINUTE)], BOOT, False),
        # The log does not reach back to the boot, or nobody knows how far it reaches.
        ([], [_event(BOOT + MINUTE)], BOOT, None),
        ([], None, BOOT, None),
        # The clock may have been set after the boot.
        ([_event(BOOT - MINUTE)], [_event(BOOT - 999 * MINUTE)], BOOT, None),
        # Another event with this id is none.
        ([_event(BOOT + MINUTE, "Microsoft-Windows-Kernel-General")], [_event(BOOT - MINUTE)], BOOT, False),
        (None, [_event(BOOT - MINUTE)], BOOT, None),
        ([_event(BOOT + MINUTE)], None, None, None),
    ],
)
def test_started_protected(
    events: list[Obj] | None, oldest: list[Obj] | None, last_boot: datetime.datetime | None, expected: bool | None
) -> None:
    found = None if events is None else objects(*events)
    reach = None if oldest is None else objects(*oldest)
    assert platform.started_protected(found, reach, last_boot) is expected


# --- all of them ---


@pytest.mark.parametrize(
    "reader",
    [
        host.operating_system,
        host.computer_system,
        platform.device_guard,
        platform.tpm,
        features.windows_features,
        hyper_v.vm_host,
        hyper_v.migration_networks,
        hyper_v.vms,
        smb.smb_server,
        smb.smb_client,
        smb.rdma,
        cluster.cluster,
        cluster.cluster_nodes,
        registry_values.registry_values,
    ],
)
def test_every_reader_names_what_is_wrong(reader: Callable[[list[object]], object]) -> None:
    wrongs: list[list[object]] = [[3], ["text"], objects(files.selected(Unrelated=1))]
    for wrong in wrongs:
        with pytest.raises(fields.UnreadableError) as caught:
            reader(wrong)
        assert caught.value.problem
