"""What code integrity refused or warned about, devices with a problem, and services that did not start."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code, bits_of
from hypervigil.evidence.events import LAST_BOOT, Event, LogWindow, RepeatedEvent
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read
from hypervigil.model.subject import Scope

CODE_INTEGRITY = "Microsoft-Windows-CodeIntegrity"


class HvciFailure(Code):
    """Bits of ``HVCIAuditFailures`` of 3087 and 3111: what of an image's layout HVCI does not take."""

    NOT_NATIVE = 0x1
    BAD_SECTION_ALIGNMENT = 0x2
    MISALIGNED_SECTION = 0x4
    WRITABLE_EXECUTABLE_SECTION = 0x8
    SHARED_WRITABLE_EXECUTABLE_SECTION = 0x10
    IAT_IN_EXECUTABLE_SECTION = 0x20
    IAT_LOCATION_INVALID = 0x40
    IAT_MISSING = 0x80
    SECTIONS_NOT_CONTIGUOUS = 0x100
    SECTIONS_NOT_ASCENDING = 0x200
    BAD_SECTION_SIZE = 0x400
    BAD_SIGNATURE_ENTRY = 0x800
    OTHER = 0x1000


class CodeIntegrityEvent(RepeatedEvent, frozen=True, kw_only=True):
    """Events of one id about one file and process; fields that the id does not have are null."""

    file: Annotated[
        str | None, Meta(description="FileNameBuffer, or File Name: a device path such as \\Device\\HarddiskVolume3.")
    ] = None
    process: Annotated[str | None, Meta(description="ProcessNameBuffer, or Process Name.")] = None
    status: Annotated[int | None, Meta(description="Status as an unsigned number, however the event writes it.")] = None
    hvci_failures: Annotated[
        int | None, Meta(description="HVCIAuditFailures of 3087 and 3111, as bits; version 0 of 3087 has none.")
    ] = None
    requested_level: Annotated[
        int | None, Meta(description="RequestedPolicy, or Requested Signing Level: 0 to 15.")
    ] = None
    validated_level: Annotated[int | None, Meta(description="ValidatedPolicy, or Validated Signing Level.")] = None
    policy_name: Annotated[str | None, Meta(description="PolicyName, or PolicyNameBuffer of 3099.")] = None
    policy_id: Annotated[str | None, Meta(description="PolicyGUID in lower case, without braces.")] = None
    policy_options: Annotated[int | None, Meta(description="Options of 3099, as bits.")] = None
    publisher: Annotated[str | None, Meta(description="PublisherName of 3089.")] = None
    issuer: Annotated[str | None, Meta(description="IssuerName of 3089.")] = None
    activity_id: Annotated[
        str | None, Meta(description="Joins 3089 to the event whose file it is about; of the newest one.")
    ] = None

    @property
    def failures(self) -> tuple[HvciFailure, ...]:
        """The bits of the mask, unnamed ones too; empty where the event has none."""
        return bits_of(HvciFailure, self.hvci_failures or 0)


class CodeIntegrityEvents(Fact, frozen=True, kw_only=True):
    """Events of the code integrity log, those that say the same as one row, newest first.

    Of the last 90 days, and of the newest 3,000 at most: 3089 comes with every other one.
    """

    INFO: ClassVar[FactType] = FactType(
        name="code_integrity_events",
        title="Code integrity events",
        subject=Scope.NODE,
        reads=(
            Read(
                events=(
                    EventRead(
                        log="Microsoft-Windows-CodeIntegrity/Operational",
                        provider=CODE_INTEGRITY,
                        ids=(
                            *(3001, 3004, 3021, 3022, 3023, 3033, 3034),
                            *(3063, 3065, 3066, 3072, 3073, 3074, 3076, 3077),
                            *(3082, 3083, 3084, 3085, 3086, 3087, 3089, 3099, 3104, 3111),
                        ),
                        fields=(
                            *("FileNameBuffer", "File Name", "ProcessNameBuffer", "Process Name", "Status"),
                            *("HVCIAuditFailures", "RequestedPolicy", "ValidatedPolicy"),
                            *("Requested Signing Level", "Validated Signing Level"),
                            *("PolicyName", "PolicyNameBuffer", "PolicyGUID", "Options"),
                            *("PublisherName", "IssuerName"),
                        ),
                        days=90,
                        most=3000,
                    ),
                )
            ),
            LAST_BOOT,
        ),
        sources=(
            "jdu2600/Windows10EtwEvents manifest/Microsoft-Windows-CodeIntegrity.tsv",
            "repnz/etw-providers-docs Manifests-Win10-18990/Microsoft-Windows-CodeIntegrity.xml (bits of the mask)",
            "recorded events 3033, 3077, 3089 and 3099 of Windows 11",
        ),
    )

    events: tuple[CodeIntegrityEvent, ...]
    windows: Annotated[tuple[LogWindow, ...], Meta(description="One for each log that was searched.")]
    last_boot: Annotated[datetime.datetime | None, Meta(description="LastBootUpTime.")] = None


class ProblemCode(Code):
    """``ConfigManagerErrorCode`` of a device, by the name that its constant CM_PROB_... has."""

    NONE = 0
    NOT_CONFIGURED = 1
    OUT_OF_MEMORY = 3
    INVALID_DATA = 9
    FAILED_START = 10
    NORMAL_CONFLICT = 12
    NEED_RESTART = 14
    PARTIAL_LOG_CONF = 16
    REINSTALL = 18
    REGISTRY = 19
    WILL_BE_REMOVED = 21
    DISABLED = 22
    DEVICE_NOT_THERE = 24
    FAILED_INSTALL = 28
    HARDWARE_DISABLED = 29
    FAILED_ADD = 31
    DISABLED_SERVICE = 32
    TRANSLATION_FAILED = 33
    NO_SOFTCONFIG = 34
    BIOS_TABLE = 35
    IRQ_TRANSLATION_FAILED = 36
    FAILED_DRIVER_ENTRY = 37
    DRIVER_FAILED_PRIOR_UNLOAD = 38
    DRIVER_FAILED_LOAD = 39
    DRIVER_SERVICE_KEY_INVALID = 40
    LEGACY_SERVICE_NO_DEVICES = 41
    DUPLICATE_DEVICE = 42
    FAILED_POST_START = 43
    HALTED = 44
    PHANTOM = 45
    SYSTEM_SHUTDOWN = 46
    HELD_FOR_EJECT = 47
    DRIVER_BLOCKED = 48
    REGISTRY_TOO_LARGE = 49
    SETPROPERTIES_FAILED = 50
    WAITING_ON_DEPENDENCY = 51
    UNSIGNED_DRIVER = 52
    USED_BY_DEBUGGER = 53
    DEVICE_RESET = 54
    CONSOLE_LOCKED = 55
    NEED_CLASS_CONFIG = 56
    GUEST_ASSIGNMENT_FAILED = 57


class PnpProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One device that does not work, and why."""

    device_id: Annotated[str, Meta(description="PNPDeviceID.")]
    code: ProblemCode
    name: Annotated[str | None, Meta(description="In the language of the host: shown, never judged.")] = None
    service: Annotated[str | None, Meta(description="Service of its driver.")] = None
    pnp_class: Annotated[str | None, Meta(description="PNPClass such as Net.")] = None
    class_guid: Annotated[str | None, Meta(description="ClassGuid in lower case, without braces.")] = None
    present: Annotated[bool | None, Meta(description="The device is plugged in.")] = None


class PnpProblems(Fact, frozen=True, kw_only=True):
    """The devices of a host whose problem code is not 0."""

    INFO: ClassVar[FactType] = FactType(
        name="pnp_problems",
        title="Devices with a problem",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command=(
                    r"Get-CimInstance -ClassName Win32_PnPEntity -Namespace root\cimv2 "
                    r"-Filter 'ConfigManagerErrorCode <> 0'"
                ),
                properties=(
                    "PNPDeviceID",
                    "ConfigManagerErrorCode",
                    "Name",
                    "Service",
                    "PNPClass",
                    "ClassGuid",
                    "Present",
                ),
                shapes=("Win32_PnPEntity",),
            ),
        ),
        sources=(
            "MicrosoftDocs/windows-driver-docs windows-driver-docs-pr/install/device-manager-error-messages.md",
            "MicrosoftDocs/win32 desktop-src/CIMWin32Prov/win32-pnpentity.md",
        ),
    )

    devices: tuple[PnpProblem, ...]


class ServiceFailure(Event, frozen=True, kw_only=True):
    """One event of the Service Control Manager about a service or driver that did not start."""

    parameters: Annotated[
        tuple[str, ...], Meta(description="param1, param2 ... as the event has them; services by display name.")
    ]

    @property
    def services(self) -> tuple[str, ...]:
        """What did not start: display names of services (7000, 7001, 7009), names of drivers (7026)."""
        if self.id == _DRIVERS_FAILED:
            return tuple(name for text in self.parameters[:1] for name in text.split())
        place = 1 if self.id == _TIMED_OUT else 0
        return tuple(self.parameters[place : place + 1])

    @property
    def error(self) -> int | None:
        """The error number of 7000 and 7001, which is written as ``%%1053``; None where there is none."""
        place = {_FAILED: 1, _DEPENDENCY_FAILED: 2}.get(self.id)
        if place is None or len(self.parameters) <= place:
            return None
        written = self.parameters[place].strip().removeprefix("%%")
        return int(written) if written.isascii() and written.isdecimal() else None


_FAILED, _DEPENDENCY_FAILED, _TIMED_OUT, _DRIVERS_FAILED = 7000, 7001, 7009, 7026


class ServiceFailures(Fact, frozen=True, kw_only=True):
    """Services and drivers that did not start, newest first: of the last 90 days, the newest 1,000 at most."""

    INFO: ClassVar[FactType] = FactType(
        name="service_failures",
        title="Services that did not start",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                events=(
                    EventRead(
                        log="System",
                        provider="Service Control Manager",
                        ids=(_FAILED, _DEPENDENCY_FAILED, _TIMED_OUT, _DRIVERS_FAILED),
                        fields=("param1", "param2", "param3"),
                        days=90,
                        most=1000,
                    ),
                )
            ),
            LAST_BOOT,
        ),
        sources=("recorded events 7000 and 7026", "message table of the Service Control Manager, as dumped"),
    )

    events: tuple[ServiceFailure, ...]
    windows: Annotated[tuple[LogWindow, ...], Meta(description="One for each log that was searched.")]
    last_boot: Annotated[datetime.datetime | None, Meta(description="LastBootUpTime.")] = None
