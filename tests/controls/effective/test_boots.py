"""Events since the last boot, and how far logs go back."""

from __future__ import annotations

import datetime

import pytest

from hypervigil.controls.effective.boots import Reach, since, split
from hypervigil.evidence.events import Event, LogWindow

BOOT = datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC)
HOUR, MINUTE = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)


def window(since_boot: datetime.timedelta, oldest: datetime.timedelta | None, *, complete: bool = True) -> LogWindow:
    """Asked for from ``since_boot`` after the boot on, and beginning ``oldest`` after it."""
    return LogWindow(
        channel="System",
        since=BOOT + since_boot,
        oldest=None if oldest is None else BOOT + oldest,
        complete=complete,
    )


@pytest.mark.parametrize(
    ("windows", "boot", "reach"),
    [
        ((window(-9 * HOUR, -99 * HOUR),), BOOT, Reach.WHOLE),
        ((window(-9 * HOUR, -HOUR),), BOOT, Reach.WHOLE),
        ((window(-9 * HOUR, 5 * MINUTE),), BOOT, Reach.WHOLE),
        ((window(-9 * HOUR, 6 * MINUTE),), BOOT, Reach.SHORT),
        ((window(HOUR, -HOUR),), BOOT, Reach.SHORT),
        ((window(-9 * HOUR, -HOUR, complete=False),), BOOT, Reach.SHORT),
        ((window(-9 * HOUR, None),), BOOT, Reach.EMPTY),
        ((window(HOUR, None),), BOOT, Reach.SHORT),
        ((), BOOT, Reach.UNSEEN),
        ((window(-9 * HOUR, -HOUR),), None, Reach.NO_BOOT),
    ],
)
def test_how_far_a_log_goes_back(windows: tuple[LogWindow, ...], boot: datetime.datetime | None, reach: Reach) -> None:
    assert since(windows, "SYSTEM", boot).reach is reach


def test_what_is_said_of_it() -> None:
    found = since((window(-9 * HOUR, 6 * HOUR),), "System", BOOT)
    assert (found.covered, found.boot) == ("2026-11-11 09:10 UTC", "2026-11-11 03:10 UTC")


def test_events_before_and_after_the_boot() -> None:
    early, late, old = (
        Event(record_id=1, channel="System", provider="p", id=1, time=BOOT + passed)
        for passed in (-5 * MINUTE, HOUR, -6 * MINUTE)
    )
    assert split((late, early, old), BOOT) == ((late, early), (old,))
    assert split((late, old), BOOT.replace(tzinfo=None)) == ((late,), (old,))
    assert split((late,), None) == ((), (late,))
