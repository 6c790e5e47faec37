"""LOG-005: channels reach back as far as was agreed."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.logging import log_005_channel_sizes as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.event_logs import EventChannel, EventChannels, LogMode
from hypervigil.model.context import Context, Logs
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.logging_defaults import MEGABYTE, event_channel, event_channels
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

VMMS, ADVISED = "Microsoft-Windows-Hyper-V-VMMS-Admin", "Microsoft-Windows-SmbClient/Connectivity"
FOURTEEN = Context(file="context.toml", logs=Logs(on_host_days=14))
NOT_SAID = Context(file="context.toml", logs=Logs(kept_days=90))


def channel(name: str = VMMS, *, days: float, share: float = 1, megabytes: float = 1, **changes: Any) -> EventChannel:
    """One that reaches back so many days and has filled this share of its size."""
    size = int(megabytes * MEGABYTE)
    own = {
        "maximum_size": size,
        "file_size": int(size * share),
        "oldest_time": AT - datetime.timedelta(days=days),
        **changes,
    }
    return event_channel(name, **own)


def row(
    name: str,
    gives: Outcome,
    because: tuple[str, ...],
    fact: EventChannels,
    *,
    collected: datetime.datetime | None = AT,
    context: Context | None = FOURTEEN,
    **more: Any,
) -> Case:
    return Case(name, gives, because, node=(fact,), collected=collected, context=context, **more)


P, F, R, U = Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.UNKNOWN
CASES = (
    row("large and old", P, ("holds",), event_channels(), says="26 channels reach back 14 days, as agreed."),
    row("to the day", P, ("holds",), event_channels(channel(days=14))),
    row(
        "full and short",
        F,
        ("short",),
        event_channels(channel(days=2)),
        says=f"{VMMS} is full at 1 MB and reaches back 2.0 days of 14: 7 MB would do.",
    ),
    row("nine tenths are full", F, ("short",), event_channels(channel(days=2, share=0.95))),
    row("one finding for each", F, ("short", "short"), event_channels(channel("Security", days=1), channel(days=1))),
    row(
        "not full, and too small by its rate",
        F,
        ("short_by_rate",),
        event_channels(channel(days=4, share=0.5)),
        confidence=Confidence.INFERRED,
        says="will reach back 8.0 days of 14 when its 1 MB are full",
    ),
    row(
        "not full, and large enough by its rate",
        P,
        ("holds_by_rate",),
        event_channels(channel(days=4, share=0.1)),
        confidence=Confidence.INFERRED,
        says=f"by the rate so far: {VMMS}",
    ),
    row(
        "not full after an hour",
        U,
        ("too_young",),
        event_channels(channel(days=0.04, share=0.1)),
        cause=Cause.NOT_IN_SOURCE,
        says=VMMS,
    ),
    row("full after an hour", F, ("short",), event_channels(channel(days=0.04))),
    row("full at once", F, ("short",), event_channels(channel(days=0)), says="1400 MB"),
    row("empty", P, ("holds",), event_channels(channel(days=0, records=0, oldest_time=None))),
    row("off is another control's", P, ("holds",), event_channels(channel(days=1, enabled=False)), says="25 channels"),
    row("only advised", P, ("holds",), event_channels(channel(ADVISED, days=1))),
    row(
        "refuses new events",
        F,
        ("refuses_new",),
        event_channels(channel(days=90, mode=LogMode.RETAIN)),
        says="when its 1 MB are full",
    ),
    row(
        "archived",
        P,
        ("holds", "archived"),
        event_channels(channel(days=1, mode=LogMode.AUTO_BACKUP)),
        says="26 channels",
    ),
    row("mode not read", U, ("unseen",), event_channels(channel(days=90, mode=None)), cause=Cause.NOT_IN_SOURCE),
    row(
        "a mode that nobody knows",
        U,
        ("unseen",),
        event_channels(channel(days=90, mode=LogMode(7))),
        cause=Cause.NOT_IN_SOURCE,
    ),
    row(
        "oldest not read", U, ("unseen",), event_channels(channel(days=1, oldest_time=None)), cause=Cause.NOT_IN_SOURCE
    ),
    row(
        "records not counted", U, ("unseen",), event_channels(channel(days=1, records=None)), cause=Cause.NOT_IN_SOURCE
    ),
    row(
        "size in use not read",
        U,
        ("unseen",),
        event_channels(channel(days=1, file_size=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    row("size in use not read, old enough", P, ("holds",), event_channels(channel(days=20, file_size=None))),
    row(
        "one short, one not read",
        F,
        ("short", "unseen"),
        event_channels(channel(days=1), channel("Security", days=1, mode=None)),
    ),
    row(
        "nothing is agreed",
        R,
        ("not_agreed",),
        event_channels(channel(days=1.25), channel("Security", days=0.5)),
        context=None,
        says=f"Least far reach Security (0.5 days), {VMMS} (1.2 days)",
    ),
    row("a context that does not agree on it", R, ("not_agreed",), event_channels(), context=NOT_SAID),
    row(
        "nothing is agreed, and new events are refused",
        F,
        ("refuses_new", "not_agreed"),
        event_channels(channel(days=90, mode=LogMode.RETAIN)),
        context=None,
    ),
    row("no channel to judge", U, ("unseen",), EventChannels(channels=()), cause=Cause.NOT_IN_SOURCE),
    row("nobody knows when", U, ("no_moment",), event_channels(), collected=None, cause=Cause.NOT_IN_SOURCE),
    Case("refused", U, gaps={"event_channels": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED, collected=AT),
)
