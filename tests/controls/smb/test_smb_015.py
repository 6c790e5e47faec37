"""SMB-015: NTLM in the SMB client."""

from __future__ import annotations

from hypervigil.controls.smb import smb_015_ntlm_blocked as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

WS2025 = defaults.operating_system()

CASES = (
    Case("blocked", Outcome.PASS, ("blocked",), node=(WS2025, defaults.smb_client(block_ntlm=True))),
    Case(
        "blocked, two servers excepted",
        Outcome.PASS,
        ("blocked", "except"),
        node=(WS2025, defaults.smb_client(block_ntlm=True, block_ntlm_exceptions=("192.0.2.7", "nas.contoso.com"))),
        says="192.0.2.7, nas.contoso.com",
    ),
    Case(
        "blocked, list not in the source",
        Outcome.PASS,
        ("blocked", "except_unseen"),
        node=(WS2025, defaults.smb_client(block_ntlm=True, block_ntlm_exceptions=None)),
    ),
    *(
        Case(
            f"blocked, with the exception {exception}",
            Outcome.REVIEW,
            ("wildcard",),
            node=(WS2025, defaults.smb_client(block_ntlm=True, block_ntlm_exceptions=("nas01", exception))),
            says=exception,
            confidence=Confidence.UNVERIFIED,
        )
        for exception in ("*", "*.contoso.com", "nas0?")
    ),
    Case(
        "default of 2025, and values of a recorded Windows 11 24H2 listing (False, empty list)",
        Outcome.REVIEW,
        ("not_blocked",),
        node=(WS2025, defaults.smb_client()),
        says="event 8001",
    ),
    Case(
        "not blocked, exceptions left over",
        Outcome.REVIEW,
        ("not_blocked",),
        node=(WS2025, defaults.smb_client(block_ntlm_exceptions=("*",))),
    ),
    Case(
        "the source leaves it out on 2025",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(WS2025, defaults.smb_client(block_ntlm=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    *(
        Case(
            f"{release.title} has no switch",
            Outcome.NOT_APPLICABLE,
            ("no_switch",),
            node=(defaults.operating_system(release), defaults.smb_client(release)),
            says=release.title,
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS23H2)
    ),
    Case(
        "an older build that shows it",
        Outcome.PASS,
        ("blocked",),
        node=(defaults.operating_system(build_number=25951), defaults.smb_client(block_ntlm=True)),
    ),
    Case(
        "a newer build that no table has, without it",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(defaults.operating_system(build_number=29000), defaults.smb_client(Release.WS2022)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("not collected", Outcome.UNKNOWN, node=(WS2025,), cause=Cause.NOT_COLLECTED),
    Case(
        "release not known",
        Outcome.UNKNOWN,
        node=(defaults.smb_client(block_ntlm=True),),
        gaps={"operating_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
