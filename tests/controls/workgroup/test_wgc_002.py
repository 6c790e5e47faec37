"""WGC-002: certificates of the cluster service."""

from __future__ import annotations

import datetime

import msgspec

from hypervigil.controls.workgroup import wgc_002_certificates_not_expired as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.cluster_objects import ClusterCertificates
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

ALONE = defaults.computer_system(domain=False)
OWN = fabric.cluster_certificates().certificates[0]
DAY = datetime.timedelta(days=1)


def stores(*ends: datetime.datetime) -> ClusterCertificates:
    """One certificate for each last day."""
    return fabric.cluster_certificates(*(msgspec.structs.replace(OWN, not_after=end) for end in ends))


CASES = (
    Case(
        "one that is valid",
        Outcome.PASS,
        ("valid",),
        node=(ALONE, stores(AT + DAY)),
        collected=AT,
        confidence=Confidence.SECONDARY,
        says="CN=CLIUSR (CAFECAFECAFECAFECAFECAFECAFECAFECAFECAFE) in My is valid until 2026-11-17.",
    ),
    Case("its last second", Outcome.REVIEW, ("expired",), node=(ALONE, stores(AT)), collected=AT),
    Case(
        "one second more",
        Outcome.PASS,
        ("valid",),
        node=(ALONE, stores(AT + datetime.timedelta(seconds=1))),
        collected=AT,
    ),
    Case(
        "expired, and nothing else there",
        Outcome.REVIEW,
        ("expired",),
        node=(ALONE, stores(AT - DAY)),
        collected=AT,
        confidence=Confidence.UNVERIFIED,
        says="expired on 2026-11-15",
    ),
    Case(
        "expired, and its successor beside it: both are shown",
        Outcome.REVIEW,
        ("expired", "valid"),
        node=(ALONE, stores(AT - DAY, AT + 300 * DAY)),
        collected=AT,
    ),
    Case(
        "made by a clock that was ahead",
        Outcome.REVIEW,
        ("not_yet",),
        node=(
            ALONE,
            ClusterCertificates(certificates=(msgspec.structs.replace(OWN, not_before=AT + DAY),)),
        ),
        collected=AT,
        says="from 2026-11-17 until 2027-10-17 only",
    ),
    Case(
        "no first day was read: the last one decides",
        Outcome.PASS,
        ("valid",),
        node=(ALONE, ClusterCertificates(certificates=(msgspec.structs.replace(OWN, not_before=None),))),
        collected=AT,
    ),
    Case("no certificate", Outcome.REVIEW, ("none",), node=(ALONE, ClusterCertificates(certificates=())), collected=AT),
    Case(
        "nothing says when",
        Outcome.UNKNOWN,
        ("undated", "listed"),
        node=(ALONE, stores(AT + DAY)),
        cause=Cause.NOT_IN_SOURCE,
        says="has 2026-11-17 as its last day",
    ),
    Case(
        "a domain member",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        node=(defaults.computer_system(), stores(AT - DAY)),
        collected=AT,
    ),
    Case(
        "the stores are closed",
        Outcome.UNKNOWN,
        node=(ALONE,),
        gaps={"cluster_certificates": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
        collected=AT,
    ),
    Case(
        "nobody knows whether it is in a domain",
        Outcome.UNKNOWN,
        node=(stores(AT + DAY),),
        cause=Cause.NOT_COLLECTED,
        collected=AT,
    ),
)
