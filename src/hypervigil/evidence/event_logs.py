"""Event logs of a host: which channels are on and how far they reach, and whether they leave the host."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.events import Event, LogWindow
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read, RegistryRead
from hypervigil.model.subject import Scope

CHANNELS = (
    "Security",
    "System",
    "Application",
    "Setup",
    "ForwardedEvents",
    "Microsoft-Windows-FailoverClustering/Operational",
    "Microsoft-Windows-FailoverClustering/Diagnostic",
    "Microsoft-Windows-Hyper-V-VMMS-Admin",
    "Microsoft-Windows-Hyper-V-VMMS-Operational",
    "Microsoft-Windows-Hyper-V-VMMS-Networking",
    "Microsoft-Windows-Hyper-V-VMMS-Storage",
    "Microsoft-Windows-Hyper-V-Worker-Admin",
    "Microsoft-Windows-Hyper-V-Worker-Operational",
    "Microsoft-Windows-Hyper-V-High-Availability-Admin",
    "Microsoft-Windows-Hyper-V-Hypervisor-Admin",
    "Microsoft-Windows-Hyper-V-Hypervisor-Operational",
    "Microsoft-Windows-Hyper-V-VmSwitch-Operational",
    "Microsoft-Windows-Hyper-V-VMSP-Admin",
    "Microsoft-Windows-VHDMP-Operational",
    "Microsoft-Windows-HostGuardianService-Client/Admin",
    "Microsoft-Windows-HostGuardianService-Client/Operational",
    "Microsoft-Windows-SMBServer/Security",
    "Microsoft-Windows-SMBServer/Audit",
    "Microsoft-Windows-SMBServer/Connectivity",
    "Microsoft-Windows-SMBServer/Operational",
    "Microsoft-Windows-SmbClient/Security",
    "Microsoft-Windows-SmbClient/Audit",
    "Microsoft-Windows-SmbClient/Connectivity",
    "Microsoft-Windows-SMBClient/Operational",
    "Microsoft-Windows-CodeIntegrity/Operational",
    "Microsoft-Windows-DeviceGuard/Operational",
    "Microsoft-Windows-Kernel-Boot/Operational",
    "Microsoft-Windows-NTLM/Operational",
    "Microsoft-Windows-Security-Kerberos/Operational",
    "Microsoft-Windows-PowerShell/Operational",
    "Windows PowerShell",
    "PowerShellCore/Operational",
    "Microsoft-Windows-WinRM/Operational",
    "Microsoft-Windows-WMI-Activity/Operational",
    "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
    "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
    "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
    "Microsoft-Windows-TaskScheduler/Operational",
    "Microsoft-Windows-Windows Defender/Operational",
    "Microsoft-Windows-SENSE/Operational",
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    "Microsoft-Windows-LAPS/Operational",
    "Microsoft-ServerManagementExperience",
    "Microsoft-Windows-Forwarding/Operational",
    "Microsoft-Windows-EventCollector/Operational",
)
"""The channels that are asked for. Names are compared without regard to case: Windows itself is not of one mind."""


class LogMode(Code):
    """``LogMode``: what happens when a log is full."""

    CIRCULAR = 0
    AUTO_BACKUP = 1
    RETAIN = 2


class EventChannel(msgspec.Struct, frozen=True, kw_only=True):
    """One channel as its host has it."""

    name: str
    enabled: Annotated[bool, Meta(description="IsEnabled.")]
    mode: LogMode | None = None
    maximum_size: Annotated[int, Meta(description="MaximumSizeInBytes.")]
    file_size: Annotated[int | None, Meta(description="Bytes now in use.")] = None
    records: Annotated[int | None, Meta(description="RecordCount.")] = None
    oldest_record: Annotated[int | None, Meta(description="OldestRecordNumber.")] = None
    oldest_time: Annotated[
        datetime.datetime | None, Meta(description="Time of the oldest record: how far back it reaches; null if empty.")
    ] = None
    last_write: Annotated[datetime.datetime | None, Meta(description="LastWriteTime.")] = None
    sddl: Annotated[str | None, Meta(description="SecurityDescriptor: who may read and clear it.")] = None
    owning_provider: Annotated[str | None, Meta(description="OwningProviderName.")] = None


class EventChannels(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """The channels that detections need: whether each exists, is on, how large it may grow and how far it reaches."""

    INFO: ClassVar[FactType] = FactType(
        name="event_channels",
        title="Event channels",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-WinEvent -ListLog",
                properties=(
                    *("LogName", "IsEnabled", "LogMode", "MaximumSizeInBytes", "FileSize", "RecordCount"),
                    *("OldestRecordNumber", "LastWriteTime", "SecurityDescriptor", "OwningProviderName"),
                ),
                shapes=("System.Diagnostics.Eventing.Reader.EventLogConfiguration",),
            ),
            Read(command="Get-WinEvent -LogName -Oldest -MaxEvents 1", properties=("TimeCreated",)),
        ),
        sources=(
            "recorded output of Get-WinEvent -ListLog, Server 2025",
            "NSA/Microsoft channel lists (facts, section 2)",
        ),
    )

    channels: tuple[EventChannel, ...]
    absent: Annotated[
        tuple[str, ...], Meta(description="Asked for and not there: as a rule their role is not installed.")
    ] = ()

    def named(self, name: str) -> EventChannel | None:
        """The channel with that name, in any case; None where it is absent or was not asked for."""
        return self.by_name.get(name.casefold())

    @functools.cached_property
    def by_name(self) -> Mapping[str, EventChannel]:
        """The first channel of each name, in lower case: controls ask for some fifty of each node."""
        return {channel.name.casefold(): channel for channel in reversed(self.channels)}


class ForwardingEvent(Event, frozen=True, kw_only=True):
    """One event of the forwarder on the source side; fields that the id does not have are null."""

    subscription: Annotated[str | None, Meta(description="Id of 100 to 103: the name of the subscription.")] = None
    query: Annotated[str | None, Meta(description="Query of 100, 101 and 102: the QueryList as XML.")] = None
    manager: Annotated[str | None, Meta(description="SubscriptionManagerAddress of 104 and 105.")] = None
    error: Annotated[int | None, Meta(description="ErrorCode of 102, 104 and 105; 0 is none.")] = None
    status: Annotated[str | None, Meta(description="Status of 101: which channels could not be read.")] = None


class EventForwarding(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """Windows Event Forwarding as a source: where policy sends the events, and what the forwarder says of it.

    Of the last 30 days, the newest 500 events at most, newest first.
    """

    INFO: ClassVar[FactType] = FactType(
        name="event_forwarding",
        title="Event forwarding",
        subject=Scope.NODE,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="subscription_managers",
                        key=r"SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager",
                        name="<number>",
                    ),
                )
            ),
            Read(
                events=(
                    EventRead(
                        log="Microsoft-Windows-Forwarding/Operational",
                        provider="Microsoft-Windows-Forwarding",
                        ids=(100, 101, 102, 103, 104, 105, 106, 107),
                        fields=("Id", "Query", "Status", "ErrorCode", "SubscriptionManagerAddress"),
                        days=30,
                        most=500,
                    ),
                )
            ),
            Read(command="Get-LocalGroupMember -SID", properties=("SID",)),
        ),
        sources=(
            "jdu2600/Windows10EtwEvents manifest/Microsoft-Windows-Forwarding.tsv",
            "MicrosoftDocs/windows-itpro-docs, page on Windows Event Forwarding for intrusion detection",
            "palantir/windows-event-forwarding",
        ),
    )

    subscription_managers: Annotated[
        tuple[str, ...], Meta(description="Values 1, 2 ... of the policy: Server=http://...; empty where none is set.")
    ]
    events: tuple[ForwardingEvent, ...] = ()
    window: Annotated[LogWindow | None, Meta(description="Null where the log could not be searched.")] = None
    log_readers: Annotated[
        tuple[str, ...] | None,
        Meta(description="SIDs in Event Log Readers (S-1-5-32-573): S-1-5-20 must be there; null where not read."),
    ] = None
