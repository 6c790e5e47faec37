"""What facts work out of their fields: bits, windows, services, endpoints. Recorded events where there are any."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import msgspec
import pytest

from hypervigil.evidence.audit import AuditSetting
from hypervigil.evidence.boot_events import (
    KERNEL_BOOT,
    WININIT,
    BootEvent,
    BootEvents,
    EnableDisableReason,
    VsmPolicyBit,
)
from hypervigil.evidence.code_integrity import CodeIntegrityEvent, HvciFailure, ServiceFailure
from hypervigil.evidence.codes import bits_of
from hypervigil.evidence.directory import EncryptionType, UserAccountControl
from hypervigil.evidence.events import LogWindow, window_of
from hypervigil.evidence.wire import SmbCapability, Transport, endpoint_key
from hypervigil.synthetic import host_defaults, logging_defaults, remote_defaults
from hypervigil.synthetic.moments import AT, BOOT
from tests.shared import shared_data

_EVENT = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def recorded(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """System and EventData of a recorded event, by name."""
    root = ElementTree.parse(shared_data("recorded", f"Event-{name}.xml")).getroot()
    system = {child.tag.removeprefix(_EVENT): child.text or "" for child in root.iterfind(f"{_EVENT}System/*")}
    data = {child.attrib["Name"]: child.text or "" for child in root.iterfind(f"{_EVENT}EventData/{_EVENT}Data")}
    return system, data


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("Kernel-Boot-124.win10-2004.1", BootEvents),
        ("Kernel-Boot-156.win10-2004.1", BootEvents),
        ("Wininit-14.win10-2004.1", BootEvents),
    ],
)
def test_recorded_boot_events_have_the_data_that_is_read(name: str, fact: type[BootEvents]) -> None:
    system, data = recorded(name)
    asked = [each for read in fact.INFO.reads for each in read.events if int(system["EventID"]) in each.ids]
    assert [each.log for each in asked] == [system["Channel"]]
    assert set(data) <= set(asked[0].fields)


def test_a_recorded_156_says_why_vbs_is_off() -> None:
    system, data = recorded("Kernel-Boot-156.win10-2004.1")
    event = BootEvent(
        record_id=int(system["EventRecordID"]),
        channel=system["Channel"],
        provider=KERNEL_BOOT,
        id=int(system["EventID"]),
        time=datetime.datetime.fromisoformat("2021-01-20T13:56:51.330033+00:00"),
        status=int(data["Status"]),
        reason=EnableDisableReason(int(data["EnableDisableReason"])),
        policy=int(data["VsmPolicy"]),
    )
    assert event.reason is EnableDisableReason.INITIALIZATION_FAILED
    assert event.reason.enables is False
    assert event.policy_bits == (
        VsmPolicyBit.VBS_ENABLED,
        VsmPolicyBit.VSM_REQUIRED,
        VsmPolicyBit.BOOT_CHAIN_SIGNER_SOFT,
    )


def test_a_reason_that_nobody_has_named_says_neither() -> None:
    assert EnableDisableReason(0x65).enables is True
    assert EnableDisableReason(0x70).enables is None


def test_bits_without_a_name_are_kept() -> None:
    assert bits_of(VsmPolicyBit, 0) == ()
    found = bits_of(VsmPolicyBit, 0x8081)
    assert found[:2] == (VsmPolicyBit.VBS_ENABLED, VsmPolicyBit.HVCI)
    assert [(int(bit), bit.is_known) for bit in found[2:]] == [(0x8000, False)]


def test_events_of_this_boot() -> None:
    before = host_defaults.boot_event(WININIT, 15, time=BOOT - datetime.timedelta(hours=1))
    other = host_defaults.boot_event(KERNEL_BOOT, 15)
    fact = host_defaults.boot_events(before, other)
    assert fact.since_boot(WININIT, 15) == ()
    assert fact.since_boot(KERNEL_BOOT, 15) == (other,)
    unknown = msgspec.structs.replace(fact, last_boot=None)
    assert unknown.since_boot(WININIT, 15) == (before,)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("CodeIntegrity-3033.win11.1", {"FileNameBuffer", "ProcessNameBuffer", "RequestedPolicy", "Status"}),
        ("CodeIntegrity-3077.win11.1", {"File Name", "Process Name", "Requested Signing Level", "PolicyGUID"}),
        ("CodeIntegrity-3089.win11.1", {"PublisherName", "IssuerName"}),
        ("CodeIntegrity-3099.win11.1", {"PolicyNameBuffer", "PolicyGUID", "Options"}),
    ],
)
def test_recorded_code_integrity_events_have_the_data_that_is_read(name: str, fields: set[str]) -> None:
    _, data = recorded(name)
    reads = type(host_defaults.code_integrity_events()).INFO.reads
    asked = {field for read in reads for events in read.events for field in events.fields}
    assert fields <= data.keys() & asked


def test_what_hvci_does_not_take() -> None:
    event = CodeIntegrityEvent(
        record_id=1, channel="", provider="", id=3087, time=AT, hvci_failures=0x22, file="\\Device\\x.sys"
    )
    assert event.failures == (HvciFailure.BAD_SECTION_ALIGNMENT, HvciFailure.IAT_IN_EXECUTABLE_SECTION)
    assert msgspec.structs.replace(event, hvci_failures=None).failures == ()


def failure(event_id: int, *parameters: str) -> ServiceFailure:
    return ServiceFailure(
        record_id=1, channel="System", provider="Service Control Manager", id=event_id, time=AT, parameters=parameters
    )


@pytest.mark.parametrize(
    ("event", "services", "error"),
    [
        (failure(7000, "SQL Server (MSSQLSERVER)", "%%2"), ("SQL Server (MSSQLSERVER)",), 2),
        (failure(7001, "Backup", "Volume Shadow Copy", "%%1053"), ("Backup",), 1053),
        (failure(7009, "30000", "Backup"), ("Backup",), None),
        (failure(7026, "\r\n    dam\r\nmlx5"), ("dam", "mlx5"), None),
        (failure(7026, ""), (), None),
        (failure(7000), (), None),
        (failure(7000, "Backup", "The service did not respond."), ("Backup",), None),
    ],
)
def test_what_did_not_start(event: ServiceFailure, services: tuple[str, ...], error: int | None) -> None:
    assert event.services == services
    assert event.error == error


@pytest.mark.parametrize("name", ["SCM-7000.sqlserver.1", "SCM-7026.win10-2004.1"])
def test_recorded_failures_of_services(name: str) -> None:
    system, data = recorded(name)
    event = failure(int(system["EventID"]), *data.values())
    assert event.services == {"7000": ("SQL Server (MSSQLSERVER)",), "7026": ("dam",)}[system["EventID"]]


def test_how_far_a_search_reaches() -> None:
    long = LogWindow(channel="System", since=AT, oldest=AT - datetime.timedelta(days=9))
    short = LogWindow(channel="System", since=AT, oldest=AT + datetime.timedelta(days=1))
    assert long.covered_from == AT
    assert short.covered_from == short.oldest
    assert LogWindow(channel="System", since=AT).covered_from == AT
    assert msgspec.structs.replace(long, complete=False).covered_from is None


def test_a_window_is_found_whatever_the_case() -> None:
    windows = (LogWindow(channel="Microsoft-Windows-SmbClient/Audit", since=AT),)
    assert window_of(windows, "Microsoft-Windows-SMBClient/Audit") is windows[0]
    assert window_of(windows, "System") is None


def test_audit_settings_by_any_spelling_of_the_guid() -> None:
    fact = logging_defaults.audit_policy()
    assert fact.setting("{0CCE922B-69AE-11D9-BED3-505054503030}") is AuditSetting.SUCCESS
    assert fact.setting("0cce9999-69ae-11d9-bed3-505054503030") is None


def test_channels_by_any_spelling() -> None:
    fact = logging_defaults.event_channels()
    found = fact.named("microsoft-windows-smbclient/security")
    assert found is not None
    assert found.enabled
    assert fact.named("ForwardedEvents") is None
    assert "ForwardedEvents" in fact.absent


def test_a_clock_is_compared_with_that_of_the_machine_that_asked() -> None:
    later = AT + datetime.timedelta(seconds=400)
    assert logging_defaults.clock(utc=later).ahead_seconds == 400
    assert logging_defaults.clock(reference_utc=None).ahead_seconds is None


@pytest.mark.parametrize(
    ("host", "port", "transport", "key"),
    [
        ("NAS01.contoso.com", 445, "tcp", "nas01.contoso.com:445/tcp"),
        (" fs ", 443, "udp", "fs:443/udp"),
        ("FE80::1", 3389, "tcp", "[fe80::1]:3389/tcp"),
    ],
)
def test_keys_of_endpoints(host: str, port: int, transport: Transport, key: str) -> None:
    assert endpoint_key(host, port, transport) == key


@pytest.mark.parametrize(
    ("mode", "can", "demands"), [(0, False, False), (1, True, False), (3, True, True), (None, None, None)]
)
def test_what_a_security_mode_says(mode: int | None, can: bool | None, demands: bool | None) -> None:
    fact = remote_defaults.wire_smb(security_mode=mode)
    assert (fact.can_sign, fact.requires_signing) == (can, demands)


def test_bits_of_an_answer_on_the_wire_and_of_an_account() -> None:
    assert remote_defaults.wire_smb(capabilities=0x41).capability_bits == (SmbCapability.DFS, SmbCapability.ENCRYPTION)
    account = remote_defaults.directory_account(encryption_types=0x1C, user_account_control=0x10002)
    assert account.encryption == (EncryptionType.RC4_HMAC, EncryptionType.AES128, EncryptionType.AES256)
    assert account.has(UserAccountControl.DONT_EXPIRE_PASSWD)
    assert not account.has(UserAccountControl.DONT_REQ_PREAUTH)
    assert not account.enabled


def test_a_request_that_was_not_sent_has_no_answer() -> None:
    fact = remote_defaults.wire_rdp()
    assert fact.answer(11) is None
    answer = fact.answer(0)
    assert answer is not None
    assert answer.selected is None


def test_drivers_by_altitude() -> None:
    sysmon = host_defaults.driver("SysmonDrv", "15.15.0.0", altitudes=("385199",))
    fact = host_defaults.driver_inventory(sysmon)
    assert fact.at_altitude("385199", "1") == (sysmon,)
    assert fact.at_altitude("1") == ()
