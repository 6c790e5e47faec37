"""What a well-kept host has of logging, fact by fact: channels, forwarding, audit policy, sensors, clock.

As in ``defaults``, each function gives one fact, with nothing in it to complain of as far as the release allows;
keyword arguments replace single fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.audit import AuditPolicy, AuditSetting, PowerShellLogging
from hypervigil.evidence.clock import Clock
from hypervigil.evidence.detection_sources import subcategory_guid
from hypervigil.evidence.event_logs import (
    CHANNELS,
    EventChannel,
    EventChannels,
    EventForwarding,
    ForwardingEvent,
    LogMode,
)
from hypervigil.evidence.registry import ABSENT, RegistryValue, dword
from hypervigil.evidence.sensors import (
    SYSMON_ALTITUDE,
    EdrOnboarding,
    LaunchProtection,
    SensorService,
    SysmonConfig,
    SysmonEvent,
)
from hypervigil.synthetic.moments import AT, changed, registry_text, window

MEGABYTE = 1024 * 1024
ABSENT_CHANNELS = ("ForwardedEvents", "Microsoft-Windows-Hyper-V-VMSP-Admin", "PowerShellCore/Operational")
"""What a host without shielding and PowerShell 7 has not, made up as far as it goes."""
COLLECTOR = "http://wec01.contoso.com:5985/wsman/SubscriptionManager/WEC"


def event_channel(name: str, **changes: Any) -> EventChannel:
    """A channel that is on and large."""
    fact = EventChannel(
        name=name,
        enabled=True,
        mode=LogMode.CIRCULAR,
        maximum_size=(1024 if name == "Security" else 128) * MEGABYTE,
        file_size=12 * MEGABYTE,
        records=18_200,
        oldest_record=4_100,
        oldest_time=AT - datetime.timedelta(days=45),
        last_write=AT - datetime.timedelta(minutes=2),
    )
    return msgspec.structs.replace(fact, **changes)


def event_channels(*others: EventChannel) -> EventChannels:
    """Every channel that is asked for, on and large; ``others`` stand in place of those of their name."""
    given = {channel.name: channel for channel in others}
    here = [name for name in CHANNELS if name not in ABSENT_CHANNELS or name in given]
    return EventChannels(
        channels=tuple(given.get(name) or event_channel(name) for name in here),
        absent=tuple(name for name in ABSENT_CHANNELS if name not in given),
    )


def forwarding_event(event_id: int, **changes: Any) -> ForwardingEvent:
    """An event of the forwarder, a quarter of an hour old."""
    fact = ForwardingEvent(
        record_id=600 + event_id,
        channel="Microsoft-Windows-Forwarding/Operational",
        provider="Microsoft-Windows-Forwarding",
        id=event_id,
        time=AT - datetime.timedelta(minutes=15),
    )
    return msgspec.structs.replace(fact, **changes)


def query(*selects: str) -> str:
    """A QueryList of these Select elements."""
    return f'<QueryList><Query Id="0">{"".join(selects)}</Query></QueryList>'


def select(channel: str, xpath: str = "*") -> str:
    """A Select element; the expression is escaped already where it has to be."""
    return f'<Select Path="{channel}">{xpath}</Select>'


def query_status(**codes: int) -> str:
    """The Status of event 101: an error code for each channel."""
    told = "".join(f'<t:Channel Name="{channel}" ErrorCode="{code}"/>' for channel, code in codes.items())
    return f'<t:QueryStatus xmlns:t="http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog">{told}</t:QueryStatus>'


def subscription(*selects: str, name: str = "Hosts", codes: dict[str, int] | None = None) -> ForwardingEvent:
    """A subscription made five days ago; ``codes`` are those of channels that could not be read."""
    return forwarding_event(
        101 if codes else 100,
        subscription=name,
        query=query(*selects),
        status=query_status(**codes) if codes else None,
        time=AT - datetime.timedelta(days=5),
    )


_NO_SUCH_CHANNEL = 15007


def event_forwarding(**changes: Any) -> EventForwarding:
    """A policy that names a collector, a subscription with all channels, and a contact just now.

    The subscription asks for channels that the host has not, too, as one for many hosts does.
    """
    fact = EventForwarding(
        subscription_managers=(f"Server={COLLECTOR},Refresh=60",),
        events=(
            forwarding_event(104, manager=COLLECTOR, error=0),
            subscription(*map(select, CHANNELS), codes=dict.fromkeys(ABSENT_CHANNELS, _NO_SUCH_CHANNEL)),
        ),
        window=window("Microsoft-Windows-Forwarding/Operational"),
        log_readers=("S-1-5-20",),
    )
    return changed(fact, changes)


_RECORDED = {
    AuditSetting.SUCCESS: ("9237", "9248", "922b", "9249", "9216", "921b", "921e", "9230", "9231", "9210", "9211"),
    AuditSetting.FAILURE: ("9244", "9234"),
    AuditSetting.SUCCESS_AND_FAILURE: (
        *("923f", "9235", "9217", "9215", "921c", "9224", "9227", "9245"),
        *("922f", "9232", "9228", "9214", "9212"),
    ),
}
"""What is recorded of each subcategory, by the digits in which their GUIDs differ: Microsoft's baseline (2602) and the
subcategories that detections need besides."""


def audit_policy(**changes: Any) -> AuditPolicy:
    """What detections need, and command lines in process creation."""
    fact = AuditPolicy(
        subcategories={subcategory_guid(digits): setting for setting, each in _RECORDED.items() for digits in each},
        options={"CrashOnAuditFail": 0, "FullPrivilegeAuditing": 0, "AuditBaseObjects": 0, "AuditBaseDirectories": 0},
        force_subcategories=dword(1),
        process_command_line=dword(1),
        ntlm_incoming=dword(2),
        ntlm_outgoing=dword(1),
    )
    return changed(fact, changes)


def powershell_logging(**changes: RegistryValue | tuple[str, ...]) -> PowerShellLogging:
    """Script blocks are recorded, and transcripts kept."""
    fact = PowerShellLogging(
        script_block=dword(1),
        script_block_invocation=ABSENT,
        module=dword(1),
        module_names=("*",),
        transcription=dword(1),
        transcription_header=dword(1),
        transcription_directory=registry_text("C:\\ProgramData\\Transcripts"),
    )
    return changed(fact, changes)


def sysmon_event(event_id: int, **changes: Any) -> SysmonEvent:
    """The newest event of an id, three minutes old."""
    fact = SysmonEvent(
        record_id=1_200_000 + event_id,
        channel="Microsoft-Windows-Sysmon/Operational",
        provider="Microsoft-Windows-Sysmon",
        id=event_id,
        time=AT - datetime.timedelta(minutes=3),
    )
    return msgspec.structs.replace(fact, **changes)


def sysmon_config(**changes: Any) -> SysmonConfig:
    """Installed by itself, with rules that record processes, connections and files."""
    fact = SysmonConfig(
        installed=True,
        driver="SysmonDrv",
        service="Sysmon64",
        image="C:\\Windows\\Sysmon64.exe",
        altitude=SYSMON_ALTITUDE,
        rules_sha256="cd" * 32,
        rules_size=24_576,
        hashing_algorithm=dword(0x80000002),
        options=dword(3),
        config_file=registry_text("C:\\Windows\\sysmon.xml"),
        config_hash=registry_text("SHA256=" + "EF" * 32),
        recorded=(sysmon_event(1), sysmon_event(3), sysmon_event(4, state="Started"), sysmon_event(11)),
    )
    return changed(fact, changes)


def edr_onboarding(**changes: Any) -> EdrOnboarding:
    """Onboarded to Defender for Endpoint, and in contact."""
    fact = EdrOnboarding(
        onboarding_state=dword(1),
        last_connected=AT - datetime.timedelta(minutes=20),
        onboarding_policy=True,
        passive_mode=ABSENT,
        services=(SensorService(name="Sense", launch_protected=LaunchProtection.ANTIMALWARE_LIGHT),),
        recorded=(),
    )
    return changed(fact, changes)


def clock(**changes: Any) -> Clock:
    """Synchronised with the domain, and as good as exact."""
    fact = Clock(
        utc=AT,
        reference_utc=AT,
        uncertainty_seconds=1.1,
        running=True,
        leap_indicator=0,
        stratum=3,
        source="dc01.contoso.com",
        phase_offset_seconds=0.0021,
        last_sync_error=0,
        since_sync_seconds=412.0,
        type=registry_text("NT5DS"),
        ntp_server=ABSENT,
        type_policy=ABSENT,
        ntp_server_policy=ABSENT,
        vm_provider_enabled=dword(0),
    )
    return changed(fact, changes)


def clock_of_a_workgroup(**changes: Any) -> Clock:
    """Synchronised with a server of the internet, as Windows does it outside a domain."""
    return clock(
        **{
            "source": "time.windows.com,0x8",
            "stratum": 4,
            "type": registry_text("NTP"),
            "ntp_server": registry_text("time.windows.com,0x8"),
            **changes,
        }
    )
