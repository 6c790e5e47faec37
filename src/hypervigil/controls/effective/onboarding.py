"""What Defender for Endpoint's onboarding on one host comes to: the registry, the log and the last contact together."""

from __future__ import annotations

import datetime
import enum

import msgspec

from hypervigil.controls.effective.moments import in_utc, to_the_minute
from hypervigil.evidence.sensors import EdrOnboarding, SenseEvent


class State(enum.Enum):
    """How far it got. LOST: it failed since its start, and was not in contact later; RECOVERED: it was."""

    WHOLE = "whole"
    NOT_ONBOARDED = "not onboarded"
    DENIED = "denied"
    LOG_UNSEEN = "log unseen"
    LOST = "lost"
    RECOVERED = "recovered"
    SILENT = "silent"


class Onboarding(msgspec.Struct, frozen=True, kw_only=True):
    """The state; for LOST and RECOVERED what failed, by which event and when, for SILENT when it was last in contact.

    ``passive`` is whether Defender Antivirus was told to be passive and said that it is.
    """

    state: State
    what: str = ""
    event: int = 0
    time: str = ""
    passive: bool = False


STARTED, PASSIVE = 1, 84
ONBOARDED = 1
FAILURES = {
    5: "could not reach its service",
    6: "found no onboarding parameters",
    7: "could not read its onboarding parameters",
    15: "could not open its command channel",
}
"""Events that speak against it when they are newer than the last start (MicrosoftDocs/defender-docs,
defender-endpoint/event-error-codes.md)."""


def onboarding_of(fact: EdrOnboarding, at: datetime.datetime | None, silent_days: int) -> Onboarding:
    """Judge one host at a moment; where the evidence does not say when (None), silence is not judged."""
    if fact.onboarding_state.denied:
        return Onboarding(state=State.DENIED)
    if fact.onboarding_state.number != ONBOARDED:
        return Onboarding(state=State.NOT_ONBOARDED)
    if fact.recorded is None:
        return Onboarding(state=State.LOG_UNSEEN)
    newest: dict[int, SenseEvent] = {}
    for event in sorted(fact.recorded, key=lambda event: in_utc(event.time)):
        newest[event.id] = event
    passive = fact.passive_mode.number == 1 and PASSIVE in newest
    contact = in_utc(fact.last_connected) if fact.last_connected else None
    started = newest.get(STARTED)
    failed = [
        event
        for event_id, event in newest.items()
        if event_id in FAILURES and (started is None or in_utc(event.time) >= in_utc(started.time))
    ]
    if failed:
        last = max(failed, key=lambda event: in_utc(event.time))
        later = contact is not None and contact > in_utc(last.time)
        state = State.RECOVERED if later else State.LOST
        return Onboarding(state=state, what=FAILURES[last.id], event=last.id, time=_shown(last.time), passive=passive)
    if at is not None and contact is not None and in_utc(at) - contact > datetime.timedelta(days=silent_days):
        return Onboarding(state=State.SILENT, time=_shown(contact), passive=passive)
    return Onboarding(state=State.WHOLE, passive=passive)


def _shown(time: datetime.datetime) -> str:
    return f"{to_the_minute(time)} UTC"
