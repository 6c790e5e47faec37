"""Tasks that read event logs: boots, code integrity, failures, logons, SMB."""

from __future__ import annotations

import functools

from hypervigil.evidence.boot_events import BootEvents, EnableDisableReason
from hypervigil.evidence.code_integrity import CodeIntegrityEvents, PnpProblems, ProblemCode, ServiceFailures
from hypervigil.evidence.drivers import DriverBlocklist
from hypervigil.evidence.logons import Logons, LogonType
from hypervigil.evidence.registry import dword
from hypervigil.evidence.smb_events import SmbEvents, SmbTransport
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import Run

FACTS = (
    *("boot_events", "code_integrity_events", "pnp_problems", "service_failures", "driver_blocklist"),
    *("logons", "smb_events"),
)


@functools.cache
def plain() -> Run:
    return collect(*FACTS)


def test_boot_events_as_recorded() -> None:
    found = fact_of(plain(), BootEvents)
    (disabled,) = (event for event in found.events if event.id == 156)
    assert disabled.reason is EnableDisableReason.INITIALIZATION_FAILED
    (configuration,) = (event for event in found.events if event.id == 14)
    assert (configuration.config, configuration.is_test_config) == (0, 0)
    assert {window.channel for window in found.windows} == {"System", "Microsoft-Windows-Kernel-Boot/Operational"}


def test_code_integrity_events_that_say_the_same_are_one_row() -> None:
    found = fact_of(plain(), CodeIntegrityEvents)
    (blocked,) = (event for event in found.events if event.id == 3077)
    assert (blocked.count, blocked.record_id) == (2, 30)
    assert blocked.first is not None
    assert blocked.first < blocked.time
    assert blocked.file
    assert {event.id for event in found.events} == {3033, 3077, 3099}


def test_devices_with_a_problem() -> None:
    (device,) = fact_of(plain(), PnpProblems).devices
    assert device.code is ProblemCode.DRIVER_FAILED_LOAD
    assert device.class_guid == "4d36e972-e325-11ce-bfc1-08002be10318"


def test_services_that_failed_as_recorded() -> None:
    events = {event.id: event for event in fact_of(plain(), ServiceFailures).events}
    assert events[7000].services
    assert events[7000].error is not None
    assert events[7026].services


def test_blocklist_without_its_file() -> None:
    found = fact_of(plain(), DriverBlocklist)
    assert (found.enabled, found.file_present, found.file_sha256) == (dword(1), False, None)
    assert found.loaded is not None
    assert [policy.id for policy in found.loaded] == [3099]


def test_logons_are_counted_and_windows_own_left_out() -> None:
    found = fact_of(plain(), Logons)
    (logon,) = found.logons
    assert (logon.count, logon.record_id, logon.logon_type) == (3, 3999, LogonType.REMOTE_INTERACTIVE)
    assert (logon.user, logon.address, logon.process, logon.ntlm) == ("CONTOSO\\admin", "10.9.0.5", "User32", None)
    assert (logon.elevated, logon.virtual_account, logon.remote_credential_guard) == (True, False, True)
    (trace,) = found.traces
    assert (trace.id, trace.user, trace.client) == (4778, "CONTOSO\\admin", "JUMP01")


def test_logons_without_any_log_are_a_gap() -> None:
    assert gap_of(collect("logons", faults={"Get-WinEvent": "denied"}), Logons).cause == "access_denied"


def test_smb_events_with_decoded_addresses() -> None:
    events = {event.id: event for event in fact_of(plain(), SmbEvents).events}
    assert (events[3021].peer, events[3021].required) == ("\\\\10.1.2.3", False)
    assert (events[1913].connection_type, events[1913].address) == (SmbTransport.QUIC, "10.1.2.3")
