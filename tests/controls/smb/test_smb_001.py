"""SMB-001: outbound signing."""

from __future__ import annotations

from hypervigil.controls.smb import smb_001_client_signing as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Dialect, SmbClientConfiguration
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    *(
        Case(
            f"default of {release.title}",
            Outcome.FAIL,
            ("not_required",),
            node=(defaults.smb_client(release),),
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022)
    ),
    Case("default of 2025", Outcome.PASS, ("required",), node=(defaults.smb_client(Release.WS2025),)),
    Case(
        "switched on before 2025",
        Outcome.PASS,
        ("required",),
        node=(defaults.smb_client(Release.WS2019, require_signing=True),),
    ),
    Case(
        "values of a recorded Windows 11 24H2 listing, same class as 2025: both dialect limits None, signing True",
        Outcome.PASS,
        ("required",),
        node=(
            SmbClientConfiguration(
                require_signing=True,
                insecure_guest_logons=False,
                require_encryption=False,
                block_ntlm=False,
                audit_signing=False,
                audit_encryption=False,
                audit_guest=False,
                dialect_min=Dialect.NO_LIMIT,
                dialect_max=Dialect.NO_LIMIT,
                mailslots=False,
                quic=True,
                skip_certificate_check=False,
            ),
        ),
    ),
    Case(
        "values of the client listing in the 2016 cmdlet documentation",
        Outcome.FAIL,
        ("not_required",),
        node=(SmbClientConfiguration(require_signing=False),),
    ),
    Case(
        "off, encryption demanded instead",
        Outcome.FAIL,
        ("not_required", "encrypts"),
        node=(defaults.smb_client(require_signing=False, require_encryption=True),),
        says="encryption of every session",
    ),
    Case(
        "on, and encryption demanded too",
        Outcome.PASS,
        ("required",),
        node=(defaults.smb_client(require_encryption=True),),
    ),
    Case(
        "what the server demands does not help the client",
        Outcome.FAIL,
        ("not_required",),
        node=(defaults.smb_client(Release.WS2022), defaults.smb_server(Release.WS2022, require_signing=True)),
    ),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
    Case("refused", Outcome.UNKNOWN, gaps={"smb_client": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
