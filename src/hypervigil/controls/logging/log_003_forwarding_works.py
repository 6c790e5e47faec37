r"""LOG-003  Forwarding works: recent success, no error, no silence.

## What it decides

Whether Windows Event Forwarding, where a node uses it, does its work: the collector is reached, the subscriptions were
made, and neither an error nor a long silence is the last thing that the forwarder wrote.

## Why it matters

Forwarding that stopped looks like a quiet host. The client keeps no queue: what its small logs have overwritten by the
time somebody notices is gone, and nothing says so. Stopping it is also one of the first things that an intruder with
administrator's rights does, and leaves a trace here only.

## How it is decided

By the forwarder's own log of the last 30 days. For each collector that policy names the newest contact counts, for each
subscription the newest event about it.

- FAIL: the newest contact failed (105, or 104 with an error); a subscription could not be made (102); one was made and
  channels could not be read (101 with an error other than 15007, which is a channel that the node does not have); every
  subscription was withdrawn (103); the policy is invalid (107) and nothing newer says that it was mended; policy names
  a collector and the log is empty.
- REVIEW: the newest contact is older than seven days, or there is none; one subscription was withdrawn and others are
  left; 101 does not say what could not be read; no subscription is seen; policy names no collector any more; the
  collector asks for the events itself, so that no contact is written here.
- UNKNOWN: the log could not be searched, or the evidence does not say when it was collected.
- NOT_APPLICABLE: no collector in policy and no event. Nothing is forwarded this way; LOG-002 asks how else.
- PASS: each collector was reached (104) within seven days, and every subscription is made (100 or 101).

How often a success is written is not documented, so silence is a question and no failure. `quiet_days` of a profile
sets another limit than seven.

## How to look yourself

    Get-WinEvent -LogName Microsoft-Windows-Forwarding/Operational -MaxEvents 50 |
        Select-Object TimeCreated, Id, Message

On the collector:

    wecutil.exe get-subscriptionruntimestatus Hosts

Expected on 2019, 2022 and 2025: 104 newer than any 105, and 100 or 101 for each subscription; on the collector `Active`
for each node, with a heartbeat no older than the subscription's interval.

## Remedy

After the cause: name and port of the collector (105), the firewall on the way, the certificate of a workgroup node, the
query (102), read rights (101, LOG-002). Then, on the node:

    Restart-Service -Name WinRM

- Reboot: none. Restarting WinRM ends remote sessions.
- Order: collector first, then one node, then the others; see an event arrive before the next.
- Rollback: the former policy or query.

## What it cannot see

Whether events arrive: only the collector knows (heartbeats, gaps in the record ids of a channel). Agents. A
subscription that was made before the log begins.

## References

- jdu2600/Windows10EtwEvents, `manifest/Microsoft-Windows-Forwarding.tsv`
- MicrosoftDocs/win32, `desktop-src/WEC/`, page on source-initiated subscriptions
- MicrosoftDocs/windows-itpro-docs, page *Use Windows Event Forwarding to help with intrusion detection*
- ukncsc/lme, issue 41 (the status of event 101)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective.forwarding import NOT_CREATED, Subscription, host_of, managers, subscriptions
from hypervigil.controls.effective.moments import in_utc, to_the_minute
from hypervigil.evidence.event_logs import EventForwarding, ForwardingEvent
from hypervigil.model import injection
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    UNUSED = excludes("Policy names no collector, and the forwarder has written nothing.")
    WORKS = passes("{collectors} was reached at {time} (UTC), and every subscription is made: {subscriptions}.")
    NO_CONTACT = fails("{collector} could not be reached at {time} (UTC): error {code}.")
    NOT_MADE = fails("The subscription {name} could not be made at {time} (UTC): error {code}.")
    UNREADABLE = fails(
        "The subscription {name} was made, and these channels could not be read: {channels}.", Confidence.OBSERVED
    )
    STOPPED = fails("Every subscription was withdrawn, the last one at {time} (UTC).")
    INVALID = fails("The policy of forwarding is invalid (event 107 at {time}, UTC).")
    EMPTY = fails("Policy names {collector}, and the forwarder's log is empty.", Confidence.INFERRED)
    QUIET = reviews(
        "{collector} was last reached at {time} (UTC), {days} days before the evidence. Does it still work?"
    )
    SILENT = reviews("The forwarder has not written of any contact with {collector} since {since}. Does it work?")
    WITHDRAWN = reviews("The subscription {name} was withdrawn at {time} (UTC). Is that meant?")
    PARTLY = reviews("The subscription {name} was made, and some channels could not be read. Which ones?")
    NO_SUBSCRIPTION = reviews("No subscription appears in the log. Does the collector have one for this node?")
    ASKED = reviews(
        "The collector asks for the events itself ({subscriptions}), so that no contact is written here. Do events "
        "arrive?"
    )
    GONE = reviews(
        "Policy names no collector, and the forwarder last wrote at {time} (UTC). Was forwarding taken away?"
    )
    LOG_UNSEEN = unknown("The forwarder's log could not be searched.", Cause.NOT_IN_SOURCE)
    NO_MOMENT = unknown(
        "{collector} was reached at {time} (UTC). The evidence does not say when it was collected, so nobody knows how "
        "long ago that is.",
        Cause.NOT_IN_SOURCE,
    )


CONTROL = Control(
    id="LOG-003",
    title="Forwarding works: recent success, no error, no silence",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

REACHED, NOT_REACHED, POLICY_CHANGED, POLICY_INVALID = 104, 105, 106, 107


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set."""

    quiet_days: Annotated[int, Meta(ge=1, description="Days without a contact from which on somebody has to look.")] = 7


def assess(forwarding: EventForwarding, moment: Moment, wanted: Parameters) -> Verdict:
    """Judge collectors, subscriptions and the policy, each by what was written last."""
    window = forwarding.window
    if window is None:
        return verdict(Why.LOG_UNSEEN())
    collectors = managers(forwarding)
    if not forwarding.events:
        if not collectors:
            return verdict(Why.UNUSED())
        if window.oldest is None:
            return verdict(*(Why.EMPTY(collector=collector) for collector in collectors))
    made = subscriptions(forwarding)
    reasons = [*_policy(forwarding.events), *_subscriptions(made)]
    for collector in collectors:
        reasons += _contact(collector, forwarding, moment, wanted, alone=len(collectors) == 1)
    if not collectors and any(each.active for each in made):
        reasons.append(Why.ASKED(subscriptions=_named(made)))
    if collectors and not made:
        reasons.append(Why.NO_SUBSCRIPTION())
    if not reasons and not collectors:
        reasons.append(Why.GONE(time=to_the_minute(max(in_utc(event.time) for event in forwarding.events))))
    if reasons:
        return verdict(*reasons)
    reached = _newest(forwarding.events, REACHED)
    time = to_the_minute(reached.time) if reached else ""
    return verdict(Why.WORKS(collectors=", ".join(collectors), time=time, subscriptions=_named(made)))


def _policy(events: Iterable[ForwardingEvent]) -> list[Reason]:
    newest = _newest(events, REACHED, POLICY_CHANGED, POLICY_INVALID)
    return [Why.INVALID(time=to_the_minute(newest.time))] if newest and newest.id == POLICY_INVALID else []


def _subscriptions(made: tuple[Subscription, ...]) -> list[Reason]:
    reasons: list[Reason] = []
    gone = [each for each in made if not each.active and each.event != NOT_CREATED]
    for each in made:
        if each.event == NOT_CREATED:
            reasons.append(Why.NOT_MADE(name=each.name, time=to_the_minute(each.time), code=each.error))
        elif each.active and each.unreadable:
            channels = ", ".join(f"{name} (error {code})" for name, code in each.unreadable.items())
            reasons.append(Why.UNREADABLE(name=each.name, channels=channels))
        elif each.active and each.codes is None:
            reasons.append(Why.PARTLY(name=each.name))
    if gone and len(gone) == len(made):
        reasons.append(Why.STOPPED(time=to_the_minute(max(each.time for each in gone))))
    else:
        reasons += [Why.WITHDRAWN(name=each.name, time=to_the_minute(each.time)) for each in gone]
    return reasons


def _contact(
    collector: str, forwarding: EventForwarding, moment: Moment, wanted: Parameters, *, alone: bool
) -> list[Reason]:
    """What there is to say of one collector; nothing where it was reached not long ago."""
    own = [each for each in forwarding.events if _is_about(each, collector, alone=alone)]
    newest = _newest(own, REACHED, NOT_REACHED)
    if newest is None:
        since = forwarding.window and max(filter(None, (forwarding.window.since, forwarding.window.oldest)))
        return [Why.SILENT(collector=collector, since=to_the_minute(since) if since else "")]
    if newest.id == NOT_REACHED or newest.error:
        return [Why.NO_CONTACT(collector=collector, time=to_the_minute(newest.time), code=newest.error)]
    if moment.at is None:
        return [Why.NO_MOMENT(collector=collector, time=to_the_minute(newest.time))]
    age = in_utc(moment.at) - in_utc(newest.time)
    if age > datetime.timedelta(days=wanted.quiet_days):
        return [Why.QUIET(collector=collector, time=to_the_minute(newest.time), days=age.days)]
    return []


def _is_about(event: ForwardingEvent, collector: str, *, alone: bool) -> bool:
    """Whether a contact is one with this collector. One that does not say with whom can only be with the only one."""
    return alone if event.manager is None else host_of(event.manager) == collector


def _newest(events: Iterable[ForwardingEvent], *ids: int) -> ForwardingEvent | None:
    own = [each for each in events if each.id in ids]
    return max(own, key=lambda each: (in_utc(each.time), each.record_id), default=None)


def _named(made: tuple[Subscription, ...]) -> str:
    return ", ".join(each.name for each in made if each.active)
