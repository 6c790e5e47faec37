"""How far back the logons of a host reach: what is before that was not seen, however few logons there are."""

from __future__ import annotations

import datetime

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.events import window_of
from hypervigil.evidence.fact import once
from hypervigil.evidence.logons import Logons

SECURITY = "Security"
ASKED = datetime.timedelta(days=30)
"""How much is asked for: see the fact."""


@once
def seen_from(logons: Logons) -> datetime.datetime | None:
    """From when on no logon is missing; None where the Security log was not searched or is empty.

    Where there were more than are read, the newest were kept: then it is the time of the oldest of them. Rows that the
    collector leaves out only make that later.
    """
    window = window_of(logons.windows, SECURITY)
    if window is None or window.oldest is None:
        return None
    if window.complete:
        return max(in_utc(window.since), in_utc(window.oldest))
    return min((in_utc(row.first or row.time) for row in logons.logons), default=None)


def seen_for(logons: Logons) -> datetime.timedelta | None:
    """How much of the time that was asked for was seen; None where nothing was."""
    window, start = window_of(logons.windows, SECURITY), seen_from(logons)
    if window is None or start is None:
        return None
    return in_utc(window.since) + ASKED - start
