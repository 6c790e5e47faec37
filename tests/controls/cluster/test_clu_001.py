"""CLU-001: protection of messages between the nodes."""

from __future__ import annotations

from hypervigil.controls.cluster import clu_001_messages_protected as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.cluster import SecurityLevel
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    *(
        Case(f"default of {release.title}", Outcome.PASS, ("signed",), cluster=(defaults.cluster(release),))
        for release in (Release.WS2019, Release.WS2022, Release.WS2025)
    ),
    Case(
        "encrypted",
        Outcome.PASS,
        ("encrypted",),
        cluster=(defaults.cluster(security_level=SecurityLevel.ENCRYPT),),
        confidence=Confidence.SECONDARY,
    ),
    Case("clear text", Outcome.FAIL, ("clear",), cluster=(defaults.cluster(security_level=SecurityLevel.CLEAR),)),
    Case(
        "clear text, with storage encrypted: another property",
        Outcome.FAIL,
        ("clear",),
        cluster=(
            defaults.cluster(security_level=SecurityLevel.CLEAR, security_level_for_storage=SecurityLevel.ENCRYPT),
        ),
    ),
    Case(
        "a level that nobody has named yet",
        Outcome.REVIEW,
        ("other",),
        cluster=(defaults.cluster(security_level=SecurityLevel(3)),),
        says="SecurityLevel is 3",
    ),
    Case(
        "the source left the property out",
        Outcome.UNKNOWN,
        ("unseen",),
        cluster=(defaults.cluster(security_level=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no access to the cluster",
        Outcome.UNKNOWN,
        gaps={"cluster": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
