"""LOG-003: forwarding works."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.controls.logging import log_003_forwarding_works as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.event_logs import EventForwarding, ForwardingEvent
from hypervigil.evidence.events import LogWindow
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.logging_defaults import COLLECTOR, event_forwarding, forwarding_event, select, subscription
from hypervigil.synthetic.moments import AT, window
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

LOG = "Microsoft-Windows-Forwarding/Operational"
OTHER = "http://wec02.contoso.com:5985/wsman/SubscriptionManager/WEC"
MADE = subscription(select("Security"))


def ago(**time: float) -> datetime.datetime:
    return AT - datetime.timedelta(**time)


def reached(manager: str | None = COLLECTOR, **changes: Any) -> ForwardingEvent:
    return forwarding_event(104, **{"manager": manager, "error": 0, **changes})


def refused(manager: str | None = COLLECTOR, **changes: Any) -> ForwardingEvent:
    return forwarding_event(105, **{"manager": manager, "error": 2150859027, **changes})


def says(*events: ForwardingEvent, collectors: tuple[str, ...] = (COLLECTOR,), **changes: Any) -> EventForwarding:
    policy = tuple(f"Server={collector},Refresh=60" for collector in collectors)
    return event_forwarding(subscription_managers=policy, events=events, **changes)


def row(
    name: str,
    gives: Outcome,
    because: tuple[str, ...],
    fact: EventForwarding,
    *,
    collected: datetime.datetime | None = AT,
    **more: Any,
) -> Case:
    return Case(name, gives, because, node=(fact,), collected=collected, **more)


F, R = Outcome.FAIL, Outcome.REVIEW
CASES = (
    row(
        "reached, and one made for channels that are not all there",
        Outcome.PASS,
        ("works",),
        event_forwarding(),
        says="wec01.contoso.com was reached at 2026-11-16 05:45 (UTC), and every subscription is made: Hosts.",
    ),
    row("reached after an error", Outcome.PASS, ("works",), says(refused(time=ago(hours=2)), reached(), MADE)),
    row(
        "made again after a failure",
        Outcome.PASS,
        ("works",),
        says(reached(), MADE, forwarding_event(102, subscription="Hosts", error=15001, time=ago(days=6))),
    ),
    row(
        "two collectors, both reached",
        Outcome.PASS,
        ("works",),
        says(reached(), reached(OTHER), MADE, collectors=(COLLECTOR, OTHER)),
    ),
    row(
        "a contact that does not say with whom, and one collector", Outcome.PASS, ("works",), says(reached(None), MADE)
    ),
    row("policy mended", Outcome.PASS, ("works",), says(reached(), MADE, forwarding_event(107, time=ago(days=3)))),
    row("just within the limit", Outcome.PASS, ("works",), says(reached(time=ago(days=7)), MADE)),
    row(
        "an error after the success",
        F,
        ("no_contact",),
        says(reached(time=ago(hours=2)), refused(), MADE),
        says="could not be reached at 2026-11-16 05:45 (UTC): error 2150859027",
    ),
    row("a success that carries an error", F, ("no_contact",), says(reached(error=5), MADE)),
    row(
        "one collector of two fails",
        F,
        ("no_contact",),
        says(reached(), refused(OTHER), MADE, collectors=(COLLECTOR, OTHER)),
        says="wec02.contoso.com",
    ),
    row(
        "a subscription that could not be made",
        F,
        ("not_made",),
        says(reached(), forwarding_event(102, subscription="Hosts", error=15001)),
        says="The subscription Hosts could not be made at 2026-11-16 05:45 (UTC): error 15001.",
    ),
    row(
        "channels that may not be read",
        F,
        ("unreadable",),
        says(reached(), subscription(select("Security"), codes={"Security": 5, "Nothing": 15007})),
        confidence=Confidence.OBSERVED,
        says="security (error 5).",
    ),
    row(
        "every subscription withdrawn",
        F,
        ("stopped",),
        says(reached(), MADE, forwarding_event(103, subscription="Hosts")),
    ),
    row(
        "one of two withdrawn",
        R,
        ("withdrawn",),
        says(reached(), MADE, forwarding_event(103, subscription="Old")),
        says="The subscription Old",
    ),
    row("policy invalid", F, ("invalid",), says(reached(time=ago(days=1)), MADE, forwarding_event(107))),
    row(
        "policy names a collector and the log is empty",
        F,
        ("empty",),
        says(window=LogWindow(channel=LOG, since=ago(days=30))),
        confidence=Confidence.INFERRED,
    ),
    row("older than the limit", R, ("quiet",), says(reached(time=ago(days=8)), MADE), says="8 days before"),
    row(
        "no contact is written",
        R,
        ("silent",),
        says(MADE),
        says="any contact with wec01.contoso.com since 2026-10-17 06:00",
    ),
    row(
        "a log that rolled over since",
        R,
        ("silent", "no_subscription"),
        says(window=msgspec.structs.replace(window(LOG), oldest=ago(days=2))),
        says="since 2026-11-14",
    ),
    row(
        "contacts that do not say with whom, and two collectors",
        R,
        ("silent", "silent"),
        says(reached(None), MADE, collectors=(COLLECTOR, OTHER)),
    ),
    row("no subscription is seen", R, ("no_subscription",), says(reached())),
    row(
        "101 without a status",
        R,
        ("partly",),
        says(reached(), msgspec.structs.replace(MADE, id=101, status=None)),
    ),
    row("the collector asks for the events", R, ("asked",), says(MADE, collectors=()), says="itself (Hosts)"),
    row(
        "policy is gone",
        R,
        ("gone",),
        says(forwarding_event(106), reached(time=ago(days=9)), collectors=()),
        says="last wrote at 2026-11-16 05:45",
    ),
    row(
        "policy is gone and so are the subscriptions",
        F,
        ("stopped",),
        says(MADE, forwarding_event(103, subscription="Hosts"), collectors=()),
    ),
    row("not used", Outcome.NOT_APPLICABLE, ("unused",), says(collectors=())),
    row(
        "the log could not be searched",
        Outcome.UNKNOWN,
        ("log_unseen",),
        says(window=None),
        cause=Cause.NOT_IN_SOURCE,
    ),
    row(
        "nobody knows when the evidence was collected",
        Outcome.UNKNOWN,
        ("no_moment",),
        says(reached(), MADE),
        collected=None,
        cause=Cause.NOT_IN_SOURCE,
    ),
    row("an error needs no moment", F, ("no_contact",), says(refused(), MADE), collected=None),
    Case("refused", Outcome.UNKNOWN, gaps={"event_forwarding": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
