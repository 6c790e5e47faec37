"""SMB-009: audit of peers."""

from __future__ import annotations

from hypervigil.controls.smb import smb_009_peer_audit as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

DEMANDING_CLIENT = defaults.smb_client()
AUDITING_CLIENT = defaults.smb_client(require_signing=False, audit_signing=True, audit_encryption=True)
DEMANDING_SERVER = defaults.smb_server(require_signing=True)
AUDITING_SERVER = defaults.smb_server(audit_signing=True, audit_encryption=True)

CASES = (
    Case(
        "2025 out of the box: the client demands, the server neither demands nor records",
        Outcome.FAIL,
        ("client_demands", "server_silent"),
        node=(DEMANDING_CLIENT, defaults.smb_server()),
        says="clients that can not sign or encrypt",
    ),
    Case(
        "2025 with the server's audits on",
        Outcome.PASS,
        ("client_demands", "server_audits"),
        node=(DEMANDING_CLIENT, AUDITING_SERVER),
        says="records clients that can not sign or encrypt",
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "both demand signing, values of recorded Windows 11 24H2 listings: audits False, both signing True",
        Outcome.NOT_APPLICABLE,
        ("client_demands", "server_demands"),
        node=(DEMANDING_CLIENT, DEMANDING_SERVER),
    ),
    Case(
        "neither demands, all audits on",
        Outcome.PASS,
        ("client_audits", "server_audits"),
        node=(AUDITING_CLIENT, AUDITING_SERVER),
    ),
    Case(
        "exemption without a look: the client was switched off and records nothing",
        Outcome.FAIL,
        ("client_silent", "server_audits"),
        node=(defaults.smb_client(require_signing=False), AUDITING_SERVER),
        says="servers that can not sign or encrypt",
    ),
    Case(
        "the client records signing only",
        Outcome.FAIL,
        ("client_silent", "server_demands"),
        node=(defaults.smb_client(require_signing=False, audit_signing=True), DEMANDING_SERVER),
        says="does not record servers that can not encrypt.",
    ),
    Case(
        "the server records encryption only",
        Outcome.FAIL,
        ("client_demands", "server_silent"),
        node=(DEMANDING_CLIENT, defaults.smb_server(audit_encryption=True)),
        says="does not record clients that can not sign.",
    ),
    Case(
        "client audits not in a 2025 source",
        Outcome.UNKNOWN,
        ("client_unseen", "server_audits"),
        node=(
            defaults.smb_client(require_signing=False, audit_signing=None, audit_encryption=None),
            AUDITING_SERVER,
        ),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "server audit of signing not in a 2025 source",
        Outcome.UNKNOWN,
        ("client_demands", "server_unseen"),
        node=(DEMANDING_CLIENT, defaults.smb_server(audit_signing=None, audit_encryption=True)),
        says="clients that can not sign.",
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "one audit off is enough, whatever the other is",
        Outcome.FAIL,
        ("client_demands", "server_silent"),
        node=(DEMANDING_CLIENT, defaults.smb_server(audit_signing=None)),
    ),
    *(
        Case(
            f"{release.title} out of the box",
            Outcome.REVIEW,
            ("client_cannot", "server_backport"),
            node=(defaults.smb_client(release), defaults.smb_server(release)),
            confidence=Confidence.UNVERIFIED,
            says="2022 is not confirmed",
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS23H2)
    ),
    Case(
        "2019 that shows the audit of the September 2025 updates, on",
        Outcome.PASS,
        ("client_cannot", "server_audits"),
        node=(defaults.smb_client(Release.WS2019), defaults.smb_server(Release.WS2019, audit_signing=True)),
        says="records clients that can not sign.",
    ),
    Case(
        "2019 that shows it, off",
        Outcome.FAIL,
        ("client_cannot", "server_silent"),
        node=(defaults.smb_client(Release.WS2019), defaults.smb_server(Release.WS2019, audit_signing=False)),
        says="clients that can not sign.",
    ),
    Case(
        "2019 whose server demands signing: its client has nothing to record with",
        Outcome.NOT_APPLICABLE,
        ("client_cannot", "server_demands"),
        node=(defaults.smb_client(Release.WS2019), defaults.smb_server(Release.WS2019, require_signing=True)),
        says="Windows Server 2025 brings it",
    ),
    Case(
        "client configuration refused",
        Outcome.UNKNOWN,
        node=(defaults.smb_server(),),
        gaps={"smb_client": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("server configuration not collected", Outcome.UNKNOWN, node=(AUDITING_CLIENT,), cause=Cause.NOT_COLLECTED),
)
