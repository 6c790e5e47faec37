"""SMB-002: inbound signing."""

from __future__ import annotations

from hypervigil.controls.smb import smb_002_server_signing as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case("required", Outcome.PASS, ("required",), node=(defaults.smb_server(require_signing=True),)),
    *(
        Case(
            f"default of a {release.title} member server",
            Outcome.FAIL,
            ("not_required",),
            node=(defaults.smb_server(release),),
        )
        for release in (Release.WS2019, Release.WS2022, Release.WS2025)
    ),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
