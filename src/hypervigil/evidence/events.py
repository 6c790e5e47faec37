"""What facts that are made from event logs have in common."""

from __future__ import annotations

import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hypervigil.evidence.fact import Read

LAST_BOOT = Read(
    command=r"Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2", properties=("LastBootUpTime",)
)
"""When the host started: events before it are of an earlier life."""


class LogWindow(msgspec.Struct, frozen=True, kw_only=True):
    """How far the search of one log reaches. A log that rolled over proves nothing about the time before."""

    channel: str
    since: Annotated[datetime.datetime, Meta(description="Events from then on were asked for.")]
    oldest: Annotated[
        datetime.datetime | None, Meta(description="Time of the oldest event in the log; null where it is empty.")
    ] = None
    complete: Annotated[bool, Meta(description="False: more matched than the limit, and the oldest were left.")] = True

    @property
    def covered_from(self) -> datetime.datetime | None:
        """From when on nothing can be missing: the later of the two; None where not all that matched was read."""
        if not self.complete:
            return None
        return self.since if self.oldest is None else max(self.since, self.oldest)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event: where it stands and when it was written. What it says is in the fields of each fact's own type."""

    record_id: Annotated[int, Meta(description="EventRecordID.")]
    channel: Annotated[str, Meta(description="The log that holds it.")]
    provider: str
    id: Annotated[int, Meta(description="EventID, without qualifiers.")]
    time: Annotated[datetime.datetime, Meta(description="TimeCreated.")]


class RepeatedEvent(Event, frozen=True, kw_only=True):
    """Events of one id that say the same, as one row: record id and time are those of the newest."""

    count: Annotated[int, Meta(description="How many there are.")] = 1
    first: Annotated[
        datetime.datetime | None, Meta(description="Time of the oldest of them; null where there is one only.")
    ] = None


def window_of(windows: tuple[LogWindow, ...], channel: str) -> LogWindow | None:
    """The window of one log, its name in any case; None where the log was not searched."""
    wanted = channel.casefold()
    return next((window for window in windows if window.channel.casefold() == wanted), None)
