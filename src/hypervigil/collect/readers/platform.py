"""device_guard, secure_boot, tpm, and what the event log says about LSASS."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from hypervigil.collect.failures import Failure
from hypervigil.collect.readers import fields
from hypervigil.evidence.platform import (
    DeviceGuard,
    SecureBoot,
    SecureBootState,
    SecurityProperty,
    SecurityService,
    Tpm,
    VbsStatus,
)
from hypervigil.evidence.registry import RegistryValue
from hypervigil.formats.clixml import PSObject

WININIT = "Microsoft-Windows-Wininit"
PROTECTED_PROCESS = 12
"""Wininit 12: LSASS was started as a protected process (Microsoft's page on additional LSA protection)."""

CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
"""An event this shortly before the last boot may be of it: a clock that is set after the boot moves the boot's time."""


def device_guard(instances: Sequence[object]) -> DeviceGuard:
    """From the instance of Win32_DeviceGuard.

    Raises:
        UnreadableError: there is not one instance, or a property is missing or of another type.
    """
    state = fields.single(instances)
    return DeviceGuard(
        vbs_status=fields.code(state, "VirtualizationBasedSecurityStatus", VbsStatus),
        services_configured=fields.codes(state, "SecurityServicesConfigured", SecurityService),
        services_running=fields.codes(state, "SecurityServicesRunning", SecurityService),
        available_properties=fields.codes(state, "AvailableSecurityProperties", SecurityProperty),
        required_properties=fields.codes_or_none(state, "RequiredSecurityProperties", SecurityProperty),
        code_integrity_policy=fields.number_or_none(state, "CodeIntegrityPolicyEnforcementStatus"),
        usermode_code_integrity_policy=fields.number_or_none(state, "UsermodeCodeIntegrityPolicyEnforcementStatus"),
    )


def secure_boot(answer: Sequence[object], firmware_type: RegistryValue | None = None) -> SecureBoot:
    """From the true or false of Confirm-SecureBootUEFI.

    Raises:
        UnreadableError: it is something else.
    """
    if len(answer) != 1 or not isinstance(answer[0], bool):
        raise fields.UnreadableError("it holds something else than the one true or false that the command gives")
    return SecureBoot(state=SecureBootState.ON if answer[0] else SecureBootState.OFF, firmware_type=firmware_type)


def says_not_uefi(failure: Failure) -> bool:
    """Whether Confirm-SecureBootUEFI failed because the firmware is no UEFI: that is an answer."""
    return failure.reason.rpartition(".")[2] == "PlatformNotSupportedException" or (
        "not supported on this platform" in failure.detail.casefold()
    )


_VERSION = re.compile(r"[0-9]+(\.[0-9]+)+")


def tpm(answer: Sequence[object], instances: Sequence[object] | None = None) -> Tpm:
    """From the object of Get-Tpm, and from the instance of Win32_Tpm where it was read.

    Raises:
        UnreadableError: an object is missing a property, or has it in another type.
    """
    state = fields.single(answer)
    found = fields.records(instances or ())
    full = fields.text_or_none(state, "ManufacturerVersionFull20")
    return Tpm(
        present=fields.boolean(state, "TpmPresent"),
        ready=fields.boolean_or_none(state, "TpmReady"),
        enabled=fields.boolean_or_none(state, "TpmEnabled"),
        activated=fields.boolean_or_none(state, "TpmActivated"),
        owned=fields.boolean_or_none(state, "TpmOwned"),
        locked_out=fields.boolean_or_none(state, "LockedOut"),
        manufacturer=fields.text_or_none(state, "ManufacturerIdTxt"),
        # For an older TPM the cmdlet writes a sentence here, in the language of the host.
        manufacturer_version_20=full if full and _VERSION.fullmatch(full) else None,
        spec_version=fields.text_or_none(fields.single(found), "SpecVersion") if found else None,
    )


def is_protected_process_event(record: object) -> bool:
    """Whether an exported event is Wininit 12."""
    return (
        isinstance(record, PSObject)
        and fields.value_of(record, "ProviderName") == WININIT
        and fields.value_of(record, "Id") == PROTECTED_PROCESS
    )


def started_protected(
    events: Sequence[object] | None, oldest: Sequence[object] | None, last_boot: datetime.datetime | None
) -> bool | None:
    """Whether LSASS was started as a protected process at the last boot.

    ``events`` are Wininit 12 as found (empty: none found; None: the log could not be searched), ``oldest`` the oldest
    event of the System log. True with an event since the last boot. False only where the log was searched and reaches
    back to the last boot. None where that is not known.

    Raises:
        UnreadableError: an event has no time.
    """
    if events is None or last_boot is None:
        return None
    times = [_time(record) for record in fields.records(events) if is_protected_process_event(record)]
    if any(time >= last_boot for time in times):
        return True
    if any(time >= last_boot - CLOCK_TOLERANCE for time in times):
        return None
    reach = [_time(record) for record in fields.records(oldest or ())]
    return False if reach and min(reach) <= last_boot else None


def _time(record: PSObject) -> datetime.datetime:
    time = fields.moment_or_none(record, "TimeCreated")
    if time is None:
        raise fields.UnreadableError("property TimeCreated is missing or null")
    return time
