"""MGT-011: Server Core."""

from __future__ import annotations

from hypervigil.controls.management import mgt_011_server_core as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case("Server Core", Outcome.PASS, ("core",), node=(defaults.operating_system(),)),
    Case("Server Core of 2019", Outcome.PASS, ("core",), node=(defaults.operating_system(Release.WS2019),)),
    Case(
        "Desktop Experience",
        Outcome.REVIEW,
        ("desktop",),
        node=(defaults.operating_system(installation_type="Server"),),
    ),
    Case(
        "a client that is a node of its own",
        Outcome.REVIEW,
        ("other",),
        node=(defaults.operating_system(installation_type="Client"),),
        says="Client",
    ),
    Case(
        "not in an archive of older tools",
        Outcome.UNKNOWN,
        ("unseen",),
        node=(defaults.operating_system(installation_type=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "timed out",
        Outcome.UNKNOWN,
        gaps={"operating_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
