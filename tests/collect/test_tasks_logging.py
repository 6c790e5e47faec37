"""Tasks that read logging: channels, forwarding, audit policy, clock."""

from __future__ import annotations

import datetime
import functools

from hypervigil.evidence.audit import AuditPolicy, AuditSetting
from hypervigil.evidence.clock import Clock
from hypervigil.evidence.event_logs import CHANNELS, EventChannels, EventForwarding, LogMode
from hypervigil.evidence.registry import dword
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import SCRIPT, Run

FACTS = ("event_channels", "event_forwarding", "audit_policy", "clock")


@functools.cache
def plain() -> Run:
    return collect(*FACTS)


def test_the_script_asks_for_the_channels_of_the_register() -> None:
    text = (SCRIPT.parent / "parts" / "tasks_logging.ps1").read_text("ascii")
    listed = text.partition("function Get-HvLoggingNames {")[2].partition("}")[0]
    assert tuple(line.strip().strip("'") for line in listed.strip().splitlines()) == CHANNELS


def test_channels_as_recorded_and_those_that_are_absent() -> None:
    found = fact_of(plain(), EventChannels)
    powershell = found.named("microsoft-windows-powershell/operational")
    assert powershell is not None
    assert (powershell.enabled, powershell.mode, powershell.maximum_size) == (True, LogMode.CIRCULAR, 15728640)
    assert powershell.oldest_time == datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    assert "Microsoft-Windows-Sysmon/Operational" in found.absent
    assert len(found.channels) + len(found.absent) == len(CHANNELS)


def test_forwarding_with_its_events_and_readers() -> None:
    found = fact_of(plain(), EventForwarding)
    assert found.subscription_managers == (
        "Server=http://wec.contoso.com:5985/wsman/SubscriptionManager/WEC,Refresh=60",
    )
    assert [(event.id, event.subscription, event.error) for event in found.events] == [
        (100, "Hyper-V", None),
        (105, None, 2150859027),
    ]
    assert found.window is not None
    assert found.window.complete


def test_forwarding_without_its_log_is_still_a_fact() -> None:
    found = fact_of(collect("event_forwarding", faults={"Get-WinEvent": "denied"}), EventForwarding)
    assert found.window is None
    assert found.events == ()


def test_audit_policy_of_a_german_server() -> None:
    found = fact_of(plain(), AuditPolicy)
    assert found.setting("{0CCE9214-69AE-11D9-BED3-505054503030}") is AuditSetting.SUCCESS_AND_FAILURE
    assert found.setting("{0CCE9211-69AE-11D9-BED3-505054503030}") is AuditSetting.NONE
    assert found.options["CrashOnAuditFail"] == 0
    assert found.ntlm_incoming == dword(2)


def test_audit_policy_refused() -> None:
    assert gap_of(collect("audit_policy", faults={"auditpol.exe": "denied"}), AuditPolicy).cause == "access_denied"


def test_clock_of_a_german_host() -> None:
    found = fact_of(plain(), Clock)
    assert (found.leap_indicator, found.stratum, found.source) == (0, 4, "time.windows.com,0x9")
    assert (found.phase_offset_seconds, found.last_sync_error, found.since_sync_seconds) == (0.0011834, 0, 512.5)
    assert abs(datetime.datetime.now(datetime.UTC) - found.utc) < datetime.timedelta(minutes=10)


def test_a_stopped_time_service_leaves_the_clock() -> None:
    found = fact_of(collect("clock", faults={"w32tm.exe": "denied"}), Clock)
    assert (found.running, found.stratum) == (None, None)
