"""Flaws of logging: what is not recorded, does not leave, or is watched by nobody, on the last node or on all."""

from __future__ import annotations

import datetime

import msgspec

from hypervigil.evidence.accounts import Services
from hypervigil.evidence.audit import AuditPolicy, AuditSetting, PowerShellLogging
from hypervigil.evidence.clock import Clock
from hypervigil.evidence.detection_sources import subcategory_guid
from hypervigil.evidence.drivers import DriverInventory
from hypervigil.evidence.event_logs import EventChannels, EventForwarding
from hypervigil.evidence.registry import ABSENT
from hypervigil.evidence.sensors import EdrOnboarding
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic.draft import Draft
from hypervigil.synthetic.moments import AT

PROCESS_CREATION = "922b"
"""The digits of its subcategory's GUID."""
SENSOR, SENSOR_FILTER = "Sense", "mssecflt"
OFF_BY = datetime.timedelta(minutes=11)


def not_forwarded(draft: Draft) -> None:
    """No policy names a collector on the last node, and the forwarder has written nothing."""
    draft.change(EventForwarding, draft.last, subscription_managers=(), events=())


def collector_lost(draft: Draft) -> None:
    """The last word of the forwarder is that the collector can not be reached."""
    lost = logging.forwarding_event(105, manager=logging.COLLECTOR, error=2150859046)
    others = (each for each in draft.held(EventForwarding).events if each.subscription is not None)
    draft.change(EventForwarding, draft.last, events=(lost, *others))


def channel_off(draft: Draft) -> None:
    """The channel of Hyper-V's virtual machine management is switched off."""
    _change_channel(draft, "Microsoft-Windows-Hyper-V-VMMS-Admin", enabled=False)


def security_log_small(draft: Draft) -> None:
    """The Security log is full at 20 MB, and reaches back for two days."""
    small = 20 * logging.MEGABYTE
    oldest = AT - datetime.timedelta(days=2)
    _change_channel(draft, "Security", maximum_size=small, file_size=small, oldest_time=oldest)


def processes_not_audited(draft: Draft) -> None:
    """Process creation is not recorded."""
    recorded = draft.held(AuditPolicy).subcategories
    silent = {**recorded, subcategory_guid(PROCESS_CREATION): AuditSetting.NONE}
    draft.change(AuditPolicy, draft.last, subcategories=silent)


def script_blocks_off(draft: Draft) -> None:
    """PowerShell does not record what it runs."""
    draft.change(PowerShellLogging, script_block=ABSENT)


def sysmon_stopped(draft: Draft) -> None:
    """The service of Sysmon does not run."""
    services = draft.held(Services).services
    stopped = tuple(
        msgspec.structs.replace(each, state="Stopped") if each.name == "Sysmon64" else each for each in services
    )
    draft.change(Services, draft.last, services=stopped)


def edr_missing(draft: Draft) -> None:
    """The last node has no EDR sensor, and never had one."""
    services = tuple(each for each in draft.held(Services).services if each.name != SENSOR)
    draft.change(Services, draft.last, services=services)
    drivers = tuple(
        msgspec.structs.replace(each, state="Stopped", start_mode="Manual") if each.name == SENSOR_FILTER else each
        for each in draft.held(DriverInventory).drivers
    )
    draft.change(DriverInventory, draft.last, drivers=drivers)
    draft.change(
        EdrOnboarding,
        draft.last,
        onboarding_state=ABSENT,
        last_connected=None,
        onboarding_policy=False,
        services=(),
    )


def clock_off(draft: Draft) -> None:
    """The clock of the last node is eleven minutes fast, and follows nobody."""
    draft.change(
        Clock,
        draft.last,
        utc=AT + OFF_BY,
        running=False,
        leap_indicator=None,
        stratum=None,
        source=None,
        phase_offset_seconds=None,
        last_sync_error=None,
        since_sync_seconds=None,
    )


def _change_channel(draft: Draft, name: str, **fields: object) -> None:
    channels = draft.held(EventChannels).channels
    changed = tuple(msgspec.structs.replace(each, **fields) if each.name == name else each for each in channels)
    draft.change(EventChannels, draft.last, channels=changed)
