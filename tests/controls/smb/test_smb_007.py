"""SMB-007: SMB1."""

from __future__ import annotations

from hypervigil.controls.smb import smb_007_smb1_gone as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case(
        "off and not installed",
        Outcome.PASS,
        ("gone",),
        node=(defaults.smb_server(), defaults.windows_features()),
    ),
    Case(
        "switched on",
        Outcome.FAIL,
        ("enabled",),
        node=(defaults.smb_server(Release.WS2019, smb1_enabled=True), defaults.windows_features()),
    ),
    Case(
        "switched on, features not seen: the failure stands",
        Outcome.FAIL,
        ("enabled",),
        node=(defaults.smb_server(smb1_enabled=True),),
    ),
    Case(
        "off, left installed by an in-place upgrade",
        Outcome.FAIL,
        ("installed",),
        node=(defaults.smb_server(), defaults.windows_features("FS-SMB1", "FS-SMB1-SERVER")),
        says="FS-SMB1, FS-SMB1-SERVER",
    ),
    Case(
        "on and installed",
        Outcome.FAIL,
        ("enabled", "installed"),
        node=(defaults.smb_server(smb1_enabled=True), defaults.windows_features("FS-SMB1")),
    ),
    Case(
        "off, features could not be read",
        Outcome.UNKNOWN,
        ("features_unseen",),
        node=(defaults.smb_server(),),
        gaps={"windows_features": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "the source left the switch out",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(defaults.smb_server(smb1_enabled=None), defaults.windows_features()),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the source left the switch out, but it is installed",
        Outcome.FAIL,
        ("switch_unseen", "installed"),
        node=(defaults.smb_server(smb1_enabled=None), defaults.windows_features("FS-SMB1")),
    ),
    Case(
        "no SMB server configuration",
        Outcome.UNKNOWN,
        node=(defaults.windows_features(),),
        gaps={"smb_server": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
