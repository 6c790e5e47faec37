"""Clocks compared, and what a time service says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from hypervigil.controls.effective.clocks import (
    Reading,
    follows_domain,
    furthest_apart,
    keeps_to_source,
    reading_of,
    time_source,
    time_type,
)
from hypervigil.evidence.registry import ABSENT, DENIED
from hypervigil.synthetic.logging_defaults import clock
from hypervigil.synthetic.moments import registry_text


def test_how_far_clocks_are_apart_at_least_and_at_most() -> None:
    a, b, c = Reading("a", 10.0, 1.0), Reading("b", -5.0, 2.0), Reading("c", 0.0, 9.0)
    assert furthest_apart([a, b, c]) == (a, b, 12.0, 18.0)
    assert furthest_apart([a, a]) == (a, a, 0.0, 2.0)
    assert furthest_apart([a]) == (a, a, 0.0, 0.0)
    assert furthest_apart([]) is None


def test_a_reading_needs_a_reference_and_its_error() -> None:
    assert reading_of("a", clock()) == Reading("a", 0.0, 1.1)
    assert reading_of("a", clock(reference_utc=None)) is None
    assert reading_of("a", clock(uncertainty_seconds=None)) is None


NTP = registry_text("NTP")


@pytest.mark.parametrize(
    ("changes", "type_"),
    [
        ({}, "NT5DS"),
        ({"type_policy": NTP}, "NTP"),
        ({"type": ABSENT}, None),
        ({"type_policy": DENIED}, None),
        ({"type_policy": NTP, "type": DENIED}, "NTP"),
    ],
)
def test_policy_comes_before_the_local_type(changes: dict[str, Any], type_: str | None) -> None:
    assert time_type(clock(**changes)) == type_


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("DC01.contoso.com", "dc01.contoso.com"),
        (" time.windows.com,0x8 ", "time.windows.com"),
        ("Local CMOS Clock", None),
        ("VM IC Time Synchronization Provider", None),
        ("", None),
        (None, None),
    ],
)
def test_a_source_is_a_host_or_nothing(source: str | None, host: str | None) -> None:
    assert time_source(clock(source=source)) == host


@pytest.mark.parametrize(
    "changes",
    [
        {"running": None},
        {"source": "Local CMOS Clock"},
        {"leap_indicator": 3},
        {"leap_indicator": None},
        {"stratum": 0},
        {"last_sync_error": 1},
        {"last_sync_error": None},
        {"phase_offset_seconds": None},
        {"phase_offset_seconds": -300.5},
    ],
)
def test_what_does_not_keep_to_a_source(changes: dict[str, Any]) -> None:
    assert keeps_to_source(clock())
    assert not keeps_to_source(clock(**changes))


def test_another_source_than_the_domain() -> None:
    assert follows_domain(clock())
    assert keeps_to_source(clock(type=NTP))
    assert not follows_domain(clock(type=NTP))
