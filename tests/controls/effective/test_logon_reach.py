"""How far back logons reach."""

from __future__ import annotations

import datetime

import pytest

from hypervigil.controls.effective.logon_reach import seen_for, seen_from
from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.logons import Logons, LogonType
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic.moments import AT

SINCE = AT - datetime.timedelta(days=30)
ROWS = (
    account.logon("S-1-5-21-1-2-3-1105", LogonType.NETWORK, "10.0.9.5", time=AT - datetime.timedelta(days=1)),
    account.logon(
        "S-1-5-21-1-2-3-1106",
        LogonType.NETWORK,
        "10.0.9.5",
        time=AT - datetime.timedelta(days=2),
        first=AT - datetime.timedelta(days=4),
        count=9,
    ),
)


def logons(*windows: LogWindow) -> Logons:
    return account.logons(*ROWS, windows=windows)


@pytest.mark.parametrize(
    ("window", "days"),
    [
        (LogWindow(channel="Security", since=SINCE, oldest=SINCE - datetime.timedelta(days=9)), 30),
        (LogWindow(channel="SECURITY", since=SINCE, oldest=AT - datetime.timedelta(days=6)), 6),
        (LogWindow(channel="Security", since=SINCE, oldest=SINCE, complete=False), 4),
    ],
)
def test_it_reaches_as_far_as_the_log_and_what_was_read_of_it(window: LogWindow, days: int) -> None:
    assert seen_from(logons(window)) == AT - datetime.timedelta(days=days)
    assert seen_for(logons(window)) == datetime.timedelta(days=days)


@pytest.mark.parametrize(
    "windows",
    [(), (LogWindow(channel="System", since=SINCE, oldest=SINCE),), (LogWindow(channel="Security", since=SINCE),)],
)
def test_a_log_that_was_not_searched_or_is_empty_reaches_nowhere(windows: tuple[LogWindow, ...]) -> None:
    assert seen_from(logons(*windows)) is None
    assert seen_for(logons(*windows)) is None


def test_of_too_many_none_that_is_of_interest() -> None:
    window = LogWindow(channel="Security", since=SINCE, oldest=SINCE, complete=False)
    assert seen_from(Logons(logons=(), windows=(window,))) is None


def test_times_without_a_zone_are_utc() -> None:
    naive = LogWindow(channel="Security", since=SINCE, oldest=(AT - datetime.timedelta(days=6)).replace(tzinfo=None))
    assert seen_for(logons(naive)) == datetime.timedelta(days=6)
