"""Onboarding of Defender for Endpoint on one host."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hypervigil.controls.effective.onboarding import State, onboarding_of
from hypervigil.evidence.registry import ABSENT, DENIED, dword
from hypervigil.evidence.sensors import SenseEvent
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic.moments import AT

HOUR = datetime.timedelta(hours=1)


def event(event_id: int, hours: float) -> SenseEvent:
    """An event so many hours before the evidence."""
    return SenseEvent(
        record_id=event_id,
        channel="Microsoft-Windows-SENSE/Operational",
        provider="Microsoft-Windows-SENSE",
        id=event_id,
        time=AT - hours * HOUR,
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.WHOLE),
        ({"recorded": (event(1, 90), event(11, 400))}, State.WHOLE),
        ({"onboarding_state": DENIED}, State.DENIED),
        ({"onboarding_state": ABSENT}, State.NOT_ONBOARDED),
        ({"onboarding_state": dword(0)}, State.NOT_ONBOARDED),
        ({"onboarding_state": dword(2)}, State.NOT_ONBOARDED),
        ({"recorded": None}, State.LOG_UNSEEN),
        *(({"recorded": (event(1, 9), event(bad, 3)), "last_connected": None}, State.LOST) for bad in (5, 6, 7, 15)),
        ({"recorded": (event(1, 9), event(5, 3)), "last_connected": AT - 4 * HOUR}, State.LOST),
        ({"recorded": (event(1, 9), event(5, 3)), "last_connected": AT - 3 * HOUR}, State.LOST),
        ({"recorded": (event(1, 9), event(5, 3)), "last_connected": AT - HOUR}, State.RECOVERED),
        ({"recorded": (event(5, 3),), "last_connected": None}, State.LOST),
        ({"recorded": (event(5, 3), event(1, 1))}, State.WHOLE),
        ({"recorded": (event(5, 3), event(1, 3)), "last_connected": None}, State.LOST),
        ({"recorded": (event(20, 1), event(10, 1))}, State.WHOLE),
        ({"last_connected": AT - 7 * 24 * HOUR}, State.WHOLE),
        ({"last_connected": AT - 7.01 * 24 * HOUR}, State.SILENT),
        ({"last_connected": None}, State.WHOLE),
    ],
)
def test_states(changes: dict[str, Any], state: State) -> None:
    assert onboarding_of(logging.edr_onboarding(**changes), AT, 7).state is state


def test_the_newest_failure_is_named() -> None:
    fact = logging.edr_onboarding(recorded=(event(15, 2), event(5, 3), event(1, 9)), last_connected=None)
    found = onboarding_of(fact, AT, 7)
    assert (found.event, found.time, found.what) == (15, "2026-11-16 04:00 UTC", "could not open its command channel")


def test_without_a_moment_silence_is_not_judged() -> None:
    fact = logging.edr_onboarding(last_connected=AT - 400 * 24 * HOUR)
    assert onboarding_of(fact, None, 7).state is State.WHOLE


@pytest.mark.parametrize(
    ("mode", "events", "passive"),
    [(dword(1), (84,), True), (dword(1), (), False), (ABSENT, (84,), False), (dword(0), (84,), False)],
)
def test_passive_takes_the_policy_and_the_event(mode: Any, events: tuple[int, ...], passive: bool) -> None:
    fact = logging.edr_onboarding(passive_mode=mode, recorded=tuple(event(each, 30) for each in events))
    assert onboarding_of(fact, AT, 7).passive is passive
