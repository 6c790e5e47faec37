"""From where people came to a host."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hypervigil.controls.effective.arrivals import CLEARTEXT, NETWORK, RDP, arrivals, computers, connections, placed
from hypervigil.evidence.logons import Logon, Logons, LogonType, Trace
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic.moments import AT

SID = "S-1-5-21-1-2-3-1105"


def row(logon_type: LogonType, address: str | None, user: str = "CONTOSO\\jdoe", **changes: Any) -> Logon:
    return account.logon(SID, logon_type, address, user=user, **changes)


def trace(event_id: int, address: str | None, user: str | None = "CONTOSO\\jdoe") -> Trace:
    return Trace(record_id=1, channel="x", provider="y", id=event_id, time=AT, user=user, address=address)


def came(*rows: Logon, traces: tuple[Trace, ...] = ()) -> list[tuple[str, str, bool | None]]:
    found = arrivals(Logons(logons=rows, traces=traces, windows=()), "HV01.contoso.com")
    return [(each.place, each.way, each.elevated) for each in found]


@pytest.mark.parametrize(
    ("logon", "place", "way"),
    [
        (row(LogonType.NETWORK, "10.0.9.5"), "10.0.9.5", NETWORK),
        (row(LogonType.NETWORK, "::ffff:10.0.9.5"), "10.0.9.5", NETWORK),
        (row(LogonType.NETWORK_CLEARTEXT, "10.0.9.5"), "10.0.9.5", CLEARTEXT),
        (row(LogonType.NETWORK, None, workstation="\\\\LAPTOP7"), "LAPTOP7", NETWORK),
        (row(LogonType.REMOTE_INTERACTIVE, "10.0.9.5", elevated=False), "10.0.9.5", RDP),
        (row(LogonType.CACHED_REMOTE_INTERACTIVE, "10.0.9.5"), "10.0.9.5", RDP),
        (row(LogonType.REMOTE_INTERACTIVE, None), "", RDP),
        (row(LogonType.UNLOCK, "10.0.9.5"), "10.0.9.5", RDP),
    ],
)
def test_rdp_and_elevated_network_logons_count(logon: Logon, place: str, way: str) -> None:
    assert came(logon) == [(place, way, True)]


@pytest.mark.parametrize(
    "logon",
    [
        row(LogonType.NETWORK, "10.0.9.5", elevated=False),
        row(LogonType.NETWORK, "10.0.9.12", user="CONTOSO\\HV02$"),
        row(LogonType.NETWORK, "10.0.9.12", user="HV01\\CLIUSR"),
        row(LogonType.NETWORK, "10.0.9.5", virtual_account=True),
        row(LogonType.NETWORK, "127.0.0.1"),
        row(LogonType.NETWORK, "::1"),
        row(LogonType.NETWORK, "-"),
        row(LogonType.NETWORK, None),
        row(LogonType.NETWORK, None, workstation="hv01"),
        row(LogonType.INTERACTIVE, "127.0.0.1"),
        row(LogonType.INTERACTIVE, None),
        row(LogonType.UNLOCK, None),
        row(LogonType.SERVICE, "10.0.9.5"),
        row(LogonType.REMOTE_INTERACTIVE, "127.0.0.1"),
    ],
)
def test_programs_the_host_itself_and_the_console_do_not(logon: Logon) -> None:
    assert came(logon) == []


def test_rights_that_were_not_read_stay_open() -> None:
    assert came(row(LogonType.NETWORK, "10.0.9.5", elevated=None)) == [("10.0.9.5", NETWORK, None)]


def test_sessions_count_where_the_security_log_has_no_logon_for_them() -> None:
    sessions = (trace(21, "10.0.0.7"), trace(25, "10.0.9.5"), trace(4778, "10.0.0.8"), trace(21, "LOCAL"))
    known = row(LogonType.REMOTE_INTERACTIVE, "10.0.9.5")
    assert came(known, traces=sessions) == [("10.0.0.7", RDP, True), ("10.0.0.8", RDP, True), ("10.0.9.5", RDP, True)]


def test_disconnections_and_connections_are_no_sessions() -> None:
    others = (trace(24, "10.0.0.7"), trace(1149, "10.0.0.9"), trace(1149, "10.0.0.9"), trace(4648, "10.0.0.7"))
    assert came(traces=others) == []
    assert connections(Logons(logons=(), traces=others, windows=())) == ("10.0.0.9",)


def test_an_arrival_is_shown_with_people_and_times() -> None:
    yesterday = AT - datetime.timedelta(days=1)
    logons = Logons(
        logons=(
            row(LogonType.NETWORK, "10.0.0.7", count=3, time=yesterday),
            row(LogonType.NETWORK, "10.0.0.7", user="CONTOSO\\anna", time=AT),
            row(LogonType.REMOTE_INTERACTIVE, None, time=AT),
        ),
        windows=(),
    )
    assert [each.shown for each in arrivals(logons, "HV01")] == [
        "no address (CONTOSO\\jdoe over RDP, once on 2026-11-16)",
        "10.0.0.7 (CONTOSO\\jdoe, CONTOSO\\anna over the network, 4 times, last on 2026-11-16)",
    ]


def test_many_people_are_cut_short() -> None:
    rows = tuple(row(LogonType.NETWORK, "10.0.0.7", user=f"CONTOSO\\u{place}") for place in range(5))
    shown = arrivals(Logons(logons=rows, windows=()), "HV01")[0].shown
    assert "CONTOSO\\u0, CONTOSO\\u1, CONTOSO\\u2 and others over" in shown


def test_computers_tell_whose_address_it_is() -> None:
    rows = (
        row(LogonType.NETWORK, "10.0.9.12", user="CONTOSO\\HV02$"),
        row(LogonType.NETWORK, "10.0.9.12", user="HV01\\CLIUSR"),
        row(LogonType.NETWORK, "10.0.0.7"),
    )
    assert computers(Logons(logons=rows, windows=())) == {"10.0.9.12": frozenset({"hv02", "cliusr"})}


@pytest.mark.parametrize("text", ["fe80::1%12", "169.254.1.7", "LAPTOP7", ""])
def test_what_no_declared_network_can_hold_has_no_place(text: str) -> None:
    assert placed(text) is None
