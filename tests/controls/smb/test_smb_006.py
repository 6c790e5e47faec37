"""SMB-006: the authentication rate limiter."""

from __future__ import annotations

from hypervigil.controls.smb import smb_006_rate_limiter as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

WS2025 = defaults.operating_system()
WS23H2 = defaults.operating_system(Release.WS23H2)


def delayed(delay_ms: int | None, *, limiter: bool | None = True) -> SmbServerConfiguration:
    """A 2025 server with these two values."""
    return defaults.smb_server(rate_limiter=limiter, invalid_authentication_delay_ms=delay_ms)


def delayed_23h2(delay_ms: int | None) -> SmbServerConfiguration:
    """A 23H2 server: it has the delay and no switch."""
    return defaults.smb_server(Release.WS23H2, invalid_authentication_delay_ms=delay_ms)


CASES = (
    Case(
        "default of 2025, and values of a recorded Windows 11 24H2 listing (True, 2000)",
        Outcome.PASS,
        ("on",),
        node=(WS2025, delayed(2000)),
        says="90,000 guesses, 5 minutes of work at 300 a second without the limiter, take 50 hours",
    ),
    Case("more than wanted", Outcome.PASS, ("on",), node=(WS2025, delayed(2500)), says="take 62.5 hours"),
    Case("the longest", Outcome.PASS, ("on",), node=(WS2025, delayed(10000)), says="take 250 hours"),
    Case(
        "between two steps", Outcome.PASS, ("on", "odd_step"), node=(WS2025, delayed(2050)), says="no multiple of 100"
    ),
    Case("beyond the range", Outcome.REVIEW, ("beyond_range",), node=(WS2025, delayed(10100)), says="ends at 10000"),
    Case(
        "beyond the range and between two steps",
        Outcome.REVIEW,
        ("beyond_range", "odd_step"),
        node=(WS2025, delayed(10001)),
        confidence=Confidence.UNVERIFIED,
    ),
    Case("one step short", Outcome.FAIL, ("too_short",), node=(WS2025, delayed(1900)), says="take 47.5 hours"),
    Case("just short", Outcome.FAIL, ("too_short", "odd_step"), node=(WS2025, delayed(1999)), says="take 49.98 hours"),
    Case("shortest", Outcome.FAIL, ("too_short", "odd_step"), node=(WS2025, delayed(1)), says="take 0.025 hours"),
    Case("delay 0", Outcome.FAIL, ("no_delay",), node=(WS2025, delayed(0))),
    Case("switched off, delay left", Outcome.FAIL, ("switched_off",), node=(WS2025, delayed(2000, limiter=False))),
    Case("switched off, delay unseen", Outcome.FAIL, ("switched_off",), node=(WS2025, delayed(None, limiter=False))),
    Case(
        "on, delay not in the source",
        Outcome.UNKNOWN,
        ("delay_unseen",),
        node=(WS2025, delayed(None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "a 2025 source without the switch",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(WS2025, delayed(2000, limiter=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "a 2025 source without the switch, delay short: off or on, it is too little",
        Outcome.FAIL,
        ("too_short",),
        node=(WS2025, delayed(500, limiter=None)),
        says="take 12.5 hours",
    ),
    Case(
        "a 2025 source with neither",
        Outcome.UNKNOWN,
        ("delay_unseen",),
        node=(WS2025, delayed(None, limiter=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    *(
        Case(
            f"{release.title} has none",
            Outcome.NOT_APPLICABLE,
            ("no_limiter",),
            node=(defaults.operating_system(release), defaults.smb_server(release)),
            says=release.title,
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022)
    ),
    Case(
        "23H2: the delay alone decides",
        Outcome.PASS,
        ("delay_alone",),
        node=(WS23H2, delayed_23h2(2000)),
        confidence=Confidence.INFERRED,
        says="take 50 hours",
    ),
    Case("23H2 with delay 0", Outcome.FAIL, ("no_delay",), node=(WS23H2, delayed_23h2(0))),
    Case(
        "23H2 has the delay, so its absence is the source's",
        Outcome.UNKNOWN,
        ("delay_unseen",),
        node=(WS23H2, delayed_23h2(None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "an older build that no table has, with nothing",
        Outcome.NOT_APPLICABLE,
        ("no_limiter",),
        node=(defaults.operating_system(build_number=20349), defaults.smb_server(Release.WS2022)),
        says="build 20349",
    ),
    Case(
        "an older build that shows it all the same",
        Outcome.FAIL,
        ("switched_off",),
        node=(defaults.operating_system(build_number=25314), delayed(2000, limiter=False)),
    ),
    Case(
        "an older build that shows the delay only",
        Outcome.PASS,
        ("delay_alone",),
        node=(defaults.operating_system(build_number=25314), delayed_23h2(2000)),
    ),
    Case(
        "a newer build that no table has, with both",
        Outcome.PASS,
        ("on",),
        node=(defaults.operating_system(build_number=29000), delayed(2000)),
    ),
    Case(
        "a newer build that no table has, with nothing",
        Outcome.UNKNOWN,
        ("delay_unseen",),
        node=(defaults.operating_system(build_number=29000), defaults.smb_server(Release.WS2022)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "release not known",
        Outcome.UNKNOWN,
        node=(defaults.smb_server(),),
        gaps={"operating_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case("server configuration not collected", Outcome.UNKNOWN, node=(WS2025,), cause=Cause.NOT_COLLECTED),
)
