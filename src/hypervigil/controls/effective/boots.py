"""Which events belong to the life of a host since its last boot, and whether its log goes back that far.

That a log holds no such event says something only where it reaches back to the boot: an older part may have been
overwritten, cleared, or not asked for.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from hypervigil.controls.effective.moments import in_utc, to_the_minute
from hypervigil.evidence.events import Event, LogWindow, window_of

CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
"""The time of the boot is worked out from the clock, and moves when the clock is set; ``BootEvents`` allows as much."""

E = TypeVar("E", bound=Event)


class Reach(enum.Enum):
    """How far a log goes back, seen from the boot.

    WHOLE: to the boot and beyond. EMPTY: it was searched and holds nothing at all, which a log that was cleared does as
    well. SHORT: it begins after the boot, or not all that matched was read. UNSEEN: it was not searched. NO_BOOT: when
    the host booted is not known.
    """

    WHOLE = enum.auto()
    EMPTY = enum.auto()
    SHORT = enum.auto()
    UNSEEN = enum.auto()
    NO_BOOT = enum.auto()


class Since(msgspec.Struct, frozen=True):
    """How far a log goes back, and in words from when on it is complete, and when the boot was."""

    reach: Reach
    covered: str
    boot: str


def since(windows: tuple[LogWindow, ...], channel: str, last_boot: datetime.datetime | None) -> Since:
    """How far the log of that name goes back."""
    window = window_of(windows, channel)
    covered = window.covered_from if window is not None else None
    shown = shown_time(covered) if covered is not None else "no known moment"
    if last_boot is None:
        return Since(Reach.NO_BOOT, shown, "an unknown moment")
    boot = shown_time(last_boot)
    if window is None:
        return Since(Reach.UNSEEN, shown, boot)
    if covered is None or in_utc(covered) > in_utc(last_boot) + CLOCK_TOLERANCE:
        return Since(Reach.SHORT, shown, boot)
    return Since(Reach.EMPTY if window.oldest is None else Reach.WHOLE, shown, boot)


def split(events: Iterable[E], last_boot: datetime.datetime | None) -> tuple[tuple[E, ...], tuple[E, ...]]:
    """The events since the boot, and those before it; where the boot is not known, all are of before."""
    after: list[E] = []
    before: list[E] = []
    for event in events:
        ours = last_boot is not None and in_utc(event.time) >= in_utc(last_boot) - CLOCK_TOLERANCE
        (after if ours else before).append(event)
    return tuple(after), tuple(before)


def shown_time(moment: datetime.datetime) -> str:
    """A moment for a sentence, to the minute, in UTC."""
    return f"{to_the_minute(moment)} UTC"
