r"""LOG-005  Channel sizes hold the agreed retention.

## What it decides

Whether each channel that has to be recorded (LOG-001) reaches back as far on the node itself as was agreed.

## Why it matters

The node's own log is the only buffer that forwarding has. Most of these channels are made for about 1 MB and overwrite
the oldest events: an hour of a busy host, a few days of a quiet one. A collector that is away for longer than that
loses events, and nothing says so. What was not forwarded can be read on the node only as long as it is there.

## How it is decided

What is agreed is declared by the operator (`logs.on_host_days`). For each channel that is on, the time of its oldest
event is compared with the moment of the evidence:

- it reaches back far enough, or is empty: it holds;
- it is full (nine tenths of its maximum) and does not: FAIL;
- it is not full yet: what it holds now is extrapolated to its maximum. Too short: FAIL; long enough: it holds. Both are
  inferred. With less than a day to go by: UNKNOWN.
- it keeps old events and refuses new ones when it is full (`Retain`): FAIL, whatever was agreed;
- it is archived when it is full (`AutoBackup`): it holds as long as the disk does, with a remark;
- its mode, its oldest event or its size was not read: UNKNOWN.

Where nothing is agreed it is REVIEW, with the channels that reach back least. For what it is worth: Microsoft's
baseline for Server 2025 (2602) gives Security 192 MB and System and Application 32 MB, and says nothing of the others.

## How to look yourself

    Get-WinEvent -ListLog Security, System, Microsoft-Windows-Hyper-V-VMMS-Admin |
        Select-Object LogName, LogMode, MaximumSizeInBytes, FileSize, OldestRecordNumber
    Get-WinEvent -LogName Security -Oldest -MaxEvents 1 | Select-Object TimeCreated

Expected on 2019, 2022 and 2025: `Circular`, and an oldest event that is older than the agreed time. As installed,
Security and System have 20 MB and most others about 1 MB (1,052,672 bytes).

## Remedy

    wevtutil.exe set-log Microsoft-Windows-Hyper-V-VMMS-Admin /maxsize:134217728
    wevtutil.exe set-log Security /maxsize:1073741824 /retention:false

or, for the classic logs, the policies below *Event Log Service*. 64 to 128 MB cost little on a host; with process
creation and shares audited, Security may need a gigabyte.

- Reboot: none.
- Order: before audits are switched on (LOG-004).
- Rollback: the former size. A log that is made smaller keeps its file until it is cleared.

## What it cannot see

Bursts: the reach is that of the time that lies behind the node, and an attack, a broken service or a scanner writes
more. Whether a log that begins lately was cleared (1102, 104): that is for the detections.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/administration/windows-commands/wevtutil.md`
- 0x6d69636b/windows_hardening, lists for Server 2025 (Microsoft's baseline 2602, CIS 1.0.0)
- nasbench/EVTX-ETW-Resources (sizes as installed)
- Microsoft Learn, .NET enumeration `EventLogMode`
"""

from __future__ import annotations

import datetime
import math

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.detection_sources import CHANNEL_SOURCES
from hypervigil.evidence.event_logs import EventChannel, EventChannels, LogMode
from hypervigil.model.context import Context
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    HOLDS = passes("{count} channels reach back {days} days, as agreed.")
    HOLDS_BY_RATE = passes(
        "{count} channels reach back {days} days, as agreed; by the rate so far: {channels}.", Confidence.INFERRED
    )
    SHORT = fails("{channel} is full at {size} MB and reaches back {reach} days of {days}: {needed} MB would do.")
    SHORT_BY_RATE = fails(
        "{channel} will reach back {reach} days of {days} when its {size} MB are full: {needed} MB would do.",
        Confidence.INFERRED,
    )
    REFUSES_NEW = fails("{channel} keeps what is old and refuses new events when its {size} MB are full.")
    NOT_AGREED = reviews(
        "Nobody has declared how far back the node's own channels have to reach. Least far reach {shortest}. Is that "
        "longer than an outage of forwarding can last?"
    )
    TOO_YOUNG = unknown("{channels} hold less than a day, too little to go by.", Cause.NOT_IN_SOURCE)
    UNSEEN = unknown("How far {channels} reach back was not read.", Cause.NOT_IN_SOURCE)
    NO_MOMENT = unknown(
        "The evidence does not say when it was collected, so nobody knows how far back the channels reach.",
        Cause.NOT_IN_SOURCE,
    )
    ARCHIVED = remarks("Archived when they are full, until the disk is: {channels}.")


CONTROL = Control(
    id="LOG-005",
    title="Channel sizes hold the agreed retention",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)

DEMANDED = tuple(source.name.casefold() for source in CHANNEL_SOURCES if source.demanded)
"""The channels that have to be recorded, in lower case."""
FULL = 0.9
"""Share of its maximum from which on a channel counts as full: it grows and wraps in whole chunks."""
MEGABYTE = 1024 * 1024
SHORTEST_SHOWN = 3
_DAY = datetime.timedelta(days=1)
_CIRCULAR, _AUTO_BACKUP, _RETAIN = LogMode.CIRCULAR, LogMode.AUTO_BACKUP, LogMode.RETAIN


def assess(logs: EventChannels, moment: Moment, context: Maybe[Context]) -> Verdict:
    """Judge each channel that has to be recorded and is on."""
    declared = context.value.logs if context.value else None
    agreed = declared.on_host_days if declared else None
    judged = _Judged(moment.at, agreed)
    channels = logs.by_name
    for name in DEMANDED:
        channel = channels.get(name)
        if channel is not None and channel.enabled:
            judged.add(channel)
    return verdict(*judged.reasons())


class _Judged:
    """What has been said of the channels so far."""

    def __init__(self, at: datetime.datetime | None, agreed: int | None) -> None:
        self.at = None if at is None else in_utc(at)
        self.agreed = agreed
        self.failed: list[Reason] = []
        self.holding = 0
        self.by_rate: list[str] = []
        self.archived: list[str] = []
        self.young: list[str] = []
        self.unseen: list[str] = []
        self.reaches: list[tuple[float, str]] = []

    def add(self, channel: EventChannel) -> None:
        """Judge one channel."""
        mode = channel.mode
        if mode is _RETAIN:
            size = _megabytes(channel.maximum_size)
            self.failed.append(Why.REFUSES_NEW(channel=channel.name, size=size))
        elif mode is _AUTO_BACKUP:
            self.archived.append(channel.name)
        elif mode is not _CIRCULAR or channel.records is None:
            self.unseen.append(channel.name)
        elif channel.records == 0:
            self.holding += 1
        elif channel.oldest_time is None:
            self.unseen.append(channel.name)
        elif self.at is not None:
            self._compare(channel, (self.at - in_utc(channel.oldest_time)) / _DAY)

    def _compare(self, channel: EventChannel, reach: float) -> None:
        """Compare how many days it reaches back with how many were agreed."""
        self.reaches.append((reach, channel.name))
        if self.agreed is None:
            return
        if reach >= self.agreed:
            self.holding += 1
        elif channel.file_size is None or channel.maximum_size <= 0:
            self.unseen.append(channel.name)
        elif channel.file_size >= FULL * channel.maximum_size:
            self._fail(Why.SHORT, channel, reach)
        elif reach < 1:
            self.young.append(channel.name)
        else:
            projected = reach * channel.maximum_size / max(channel.file_size, 1)
            if projected < self.agreed:
                self._fail(Why.SHORT_BY_RATE, channel, projected)
            else:
                self.holding += 1
                self.by_rate.append(channel.name)

    def _fail(self, why: Why, channel: EventChannel, reach: float) -> None:
        days = self.agreed or 0
        needed = math.ceil(channel.maximum_size * days / max(reach, 0.01) / MEGABYTE)
        size = _megabytes(channel.maximum_size)
        self.failed.append(why(channel=channel.name, size=size, reach=f"{reach:.1f}", days=days, needed=needed))

    def reasons(self) -> list[Reason]:
        """All reasons, the outcome's first."""
        found = list(self.failed)
        if self.unseen:
            found.append(Why.UNSEEN(channels=", ".join(self.unseen)))
        if self.young:
            found.append(Why.TOO_YOUNG(channels=", ".join(self.young)))
        if self.at is None:
            found.append(Why.NO_MOMENT())
        elif self.agreed is None:
            shortest = sorted(self.reaches)[:SHORTEST_SHOWN]
            shown = ", ".join(f"{name} ({reach:.1f} days)" for reach, name in shortest) or "empty ones"
            found.append(Why.NOT_AGREED(shortest=shown))
        elif not found:
            found.append(self._holds() if self.holding or self.archived else Why.UNSEEN(channels="all channels"))
        return [*found, *([Why.ARCHIVED(channels=", ".join(self.archived))] if self.archived else [])]

    def _holds(self) -> Reason:
        said = {"count": self.holding + len(self.archived), "days": self.agreed}
        if self.by_rate:
            return Why.HOLDS_BY_RATE(channels=", ".join(self.by_rate), **said)
        return Why.HOLDS(**said)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.4g}"
