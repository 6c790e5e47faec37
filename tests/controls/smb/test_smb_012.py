"""SMB-012: storage traffic between nodes."""

from __future__ import annotations

from hypervigil.controls.smb import smb_012_storage_traffic as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.cluster import Cluster, SecurityLevel
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def cluster(level: SecurityLevel | None, release: Release = Release.WS2025) -> Cluster:
    """A cluster with this level for storage."""
    return defaults.cluster(release, security_level_for_storage=level)


CASES = (
    Case(
        "signed",
        Outcome.PASS,
        ("signed",),
        cluster=(cluster(SecurityLevel.SIGN),),
        confidence=Confidence.SECONDARY,
    ),
    Case("encrypted", Outcome.PASS, ("encrypted",), cluster=(cluster(SecurityLevel.ENCRYPT),)),
    Case("encrypted, 2022", Outcome.PASS, ("encrypted",), cluster=(cluster(SecurityLevel.ENCRYPT, Release.WS2022),)),
    Case(
        "encrypted, 2019",
        Outcome.PASS,
        ("encrypted", "costs_placement"),
        cluster=(cluster(SecurityLevel.ENCRYPT, Release.WS2019),),
    ),
    Case("signed, 2019", Outcome.PASS, ("signed",), cluster=(cluster(SecurityLevel.SIGN, Release.WS2019),)),
    Case(
        "clear text",
        Outcome.FAIL,
        ("clear",),
        cluster=(cluster(SecurityLevel.CLEAR),),
        confidence=Confidence.SECONDARY,
    ),
    Case(
        "clear text while messages between nodes are encrypted",
        Outcome.FAIL,
        ("clear",),
        cluster=(
            defaults.cluster(security_level=SecurityLevel.ENCRYPT, security_level_for_storage=SecurityLevel.CLEAR),
        ),
    ),
    Case(
        "clear text while every node demands signing: not shown to reach this traffic",
        Outcome.FAIL,
        ("clear",),
        cluster=(cluster(SecurityLevel.CLEAR),),
        node=(defaults.smb_client(), defaults.smb_server(require_signing=True)),
    ),
    Case(
        "a number that nobody has named",
        Outcome.REVIEW,
        ("unknown_level",),
        cluster=(cluster(SecurityLevel(3)),),
        says="is 3",
    ),
    Case(
        "as the Get-Cluster listing in the 2016 documentation: SecurityLevel 1, none for storage; level 9 added",
        Outcome.NOT_APPLICABLE,
        ("no_property",),
        cluster=(defaults.cluster(Release.WS2016),),
        says="level 9",
    ),
    Case(
        "2019 nodes still at the level of 2016 that show the property",
        Outcome.FAIL,
        ("clear",),
        cluster=(cluster(SecurityLevel.CLEAR, Release.WS2016),),
    ),
    Case(
        "a 2019 source without it",
        Outcome.UNKNOWN,
        ("level_unseen",),
        cluster=(cluster(None, Release.WS2019),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "neither it nor a functional level",
        Outcome.UNKNOWN,
        ("level_unseen",),
        cluster=(defaults.cluster(security_level_for_storage=None, functional_level=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "cluster properties refused", Outcome.UNKNOWN, gaps={"cluster": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED
    ),
)
