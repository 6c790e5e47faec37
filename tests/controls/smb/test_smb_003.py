"""SMB-003: the exemption for one device."""

from __future__ import annotations

from hypervigil.controls.smb import smb_003_signing_kept_on as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NEWER = defaults.operating_system(build_number=29000, caption="a build of the future")

CASES = (
    Case(
        "default of 2025",
        Outcome.PASS,
        ("kept",),
        node=(defaults.operating_system(), defaults.smb_client()),
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "switched off in the client",
        Outcome.FAIL,
        ("switched_off",),
        node=(defaults.operating_system(), defaults.smb_client(require_signing=False)),
        says="Windows Server 2025",
    ),
    Case(
        "switched off in the client while the server demands it: the server's side does not count",
        Outcome.FAIL,
        ("switched_off",),
        node=(
            defaults.operating_system(),
            defaults.smb_client(require_signing=False),
            defaults.smb_server(require_signing=True),
        ),
    ),
    Case(
        "not demanded by the server of a 2025 node: that is its default and no exemption",
        Outcome.PASS,
        ("kept",),
        node=(defaults.operating_system(), defaults.smb_client(), defaults.smb_server(require_signing=False)),
    ),
    Case(
        "switched off, encryption demanded",
        Outcome.FAIL,
        ("switched_off", "encrypts"),
        node=(defaults.operating_system(), defaults.smb_client(require_signing=False, require_encryption=True)),
    ),
    *(
        Case(
            f"{release.title} never demanded it",
            Outcome.NOT_APPLICABLE,
            ("before_2025",),
            node=(defaults.operating_system(release), defaults.smb_client(release, require_signing=signing)),
            says="Windows Server 2025 makes its SMB client demand it",
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS23H2)
        for signing in (False, True)
    ),
    Case(
        "a build between two releases",
        Outcome.NOT_APPLICABLE,
        ("before_2025",),
        node=(defaults.operating_system(build_number=20349), defaults.smb_client(Release.WS2022)),
        says="build 20349",
    ),
    Case("an unknown newer build, on", Outcome.PASS, ("kept",), node=(NEWER, defaults.smb_client())),
    Case(
        "an unknown newer build, off",
        Outcome.REVIEW,
        ("unknown_default",),
        node=(NEWER, defaults.smb_client(require_signing=False)),
        confidence=Confidence.UNVERIFIED,
        says="build 29000",
    ),
    Case(
        "release not known",
        Outcome.UNKNOWN,
        node=(defaults.smb_client(require_signing=False),),
        gaps={"operating_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "client configuration refused",
        Outcome.UNKNOWN,
        node=(defaults.operating_system(),),
        gaps={"smb_client": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
