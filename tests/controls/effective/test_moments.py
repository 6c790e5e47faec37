"""Moments in UTC."""

from __future__ import annotations

import datetime

import pytest

from hypervigil.controls.effective.moments import in_utc

NOON = datetime.datetime(2026, 11, 16, 12, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "time",
    [
        NOON,
        NOON.replace(tzinfo=None),
        NOON.astimezone(datetime.timezone(datetime.timedelta(hours=2))),
    ],
)
def test_times_are_in_utc(time: datetime.datetime) -> None:
    assert in_utc(time) == NOON
    assert in_utc(time).tzinfo is datetime.UTC
