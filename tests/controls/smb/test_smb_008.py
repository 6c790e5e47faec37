"""SMB-008: guests."""

from __future__ import annotations

from hypervigil.controls.smb import smb_008_guests_refused as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbClientConfiguration
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    *(
        Case(f"default of {release.title}", Outcome.PASS, ("refused",), node=(defaults.smb_client(release),))
        for release in (Release.WS2019, Release.WS2022, Release.WS23H2, Release.WS2025)
    ),
    Case(
        "switched on where nothing else keeps guests out",
        Outcome.FAIL,
        ("allowed",),
        node=(defaults.smb_client(Release.WS2019, insecure_guest_logons=True),),
    ),
    Case(
        "switched on for one device on 2025, signing lifted for it",
        Outcome.FAIL,
        ("allowed",),
        node=(defaults.smb_client(insecure_guest_logons=True, require_signing=False),),
    ),
    Case(
        "switched on, held off by required signing",
        Outcome.FAIL,
        ("allowed", "held_off"),
        node=(defaults.smb_client(insecure_guest_logons=True),),
        says="because the client demands signing.",
    ),
    Case(
        "switched on, held off by required encryption",
        Outcome.FAIL,
        ("allowed", "held_off"),
        node=(defaults.smb_client(insecure_guest_logons=True, require_signing=False, require_encryption=True),),
        says="because the client demands encryption.",
    ),
    Case(
        "switched on, held off by both",
        Outcome.FAIL,
        ("allowed", "held_off"),
        node=(defaults.smb_client(insecure_guest_logons=True, require_encryption=True),),
        says="signing and encryption",
    ),
    Case(
        "values of the client listing in the 2016 cmdlet documentation, which has no such property",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(SmbClientConfiguration(require_signing=False),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "unseen, and signing required: what holds guests off does not prove the switch",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(defaults.smb_client(insecure_guest_logons=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "refused to the collector", Outcome.UNKNOWN, gaps={"smb_client": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED
    ),
)
