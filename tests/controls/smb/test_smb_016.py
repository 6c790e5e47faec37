"""SMB-016: relaying."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.smb import smb_016_relay_protection as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbServerConfiguration, SpnValidation
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def server(**changes: Any) -> tuple[SmbServerConfiguration]:
    """A 2025 member server."""
    return (defaults.smb_server(**changes),)


CASES = (
    Case("signing", Outcome.PASS, ("signed",), node=server(require_signing=True)),
    Case("encryption without exception", Outcome.PASS, ("encrypted",), node=server(encrypt_data=True)),
    *(
        Case(
            f"default of a {release.title} member server",
            Outcome.FAIL,
            ("unprotected",),
            node=(defaults.smb_server(release),),
            says="EncryptData is False with RejectUnencryptedAccess True",
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS2025)
    ),
    Case(
        "values recorded on a 2019 host (CLIXML): signing True, encryption False, level 0",
        Outcome.PASS,
        ("signed",),
        node=(
            SmbServerConfiguration(
                require_signing=True,
                smb1_enabled=False,
                encrypt_data=False,
                reject_unencrypted=True,
                spn_validation=SpnValidation.OFF,
                audit_smb1=False,
            ),
        ),
    ),
    Case(
        "values of the server listing in the 2022 cmdlet documentation: signing False, encryption False, level 0",
        Outcome.FAIL,
        ("unprotected",),
        node=(
            SmbServerConfiguration(
                require_signing=False,
                smb1_enabled=False,
                encrypt_data=False,
                reject_unencrypted=True,
                spn_validation=SpnValidation.OFF,
                audit_smb1=False,
                ciphers=("AES_128_GCM", "AES_128_CCM", "AES_256_GCM", "AES_256_CCM"),
                quic=True,
                quic_restrict_named_pipes=True,
            ),
        ),
    ),
    Case(
        "encryption with exceptions",
        Outcome.FAIL,
        ("unprotected",),
        node=server(encrypt_data=True, reject_unencrypted=False),
        says="EncryptData is True with RejectUnencryptedAccess False",
    ),
    *(
        Case(
            f"names validated, {level.name}, audit {audit}",
            Outcome.REVIEW,
            ("validates",),
            node=server(spn_validation=level, audit_spn=audit),
            says=f"SmbServerNameHardeningLevel {int(level)}); its audit is {shown}",
            confidence=Confidence.DOCUMENTED,
        )
        for level in (SpnValidation.ACCEPT_ABSENT, SpnValidation.REQUIRE_MATCH)
        for audit, shown in ((True, "on"), (False, "off"), (None, "not seen"))
    ),
    Case(
        "names validated, and signing: nothing to ask",
        Outcome.PASS,
        ("signed",),
        node=server(require_signing=True, spn_validation=SpnValidation.ACCEPT_ABSENT),
    ),
    Case(
        "names validated, encryption not in the source",
        Outcome.REVIEW,
        ("validates",),
        node=server(spn_validation=SpnValidation.ACCEPT_ABSENT, encrypt_data=None),
    ),
    Case(
        "a level that nobody has named",
        Outcome.REVIEW,
        ("unknown_level",),
        node=server(spn_validation=SpnValidation(3)),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "level not in the source",
        Outcome.UNKNOWN,
        ("unseen",),
        node=server(spn_validation=None),
        cause=Cause.NOT_IN_SOURCE,
        says="does not hold SmbServerNameHardeningLevel.",
    ),
    Case(
        "encryption not in the source",
        Outcome.UNKNOWN,
        ("unseen",),
        node=server(encrypt_data=None, reject_unencrypted=None),
        cause=Cause.NOT_IN_SOURCE,
        says="EncryptData and RejectUnencryptedAccess",
    ),
    Case(
        "encrypts, whether it refuses is not in the source",
        Outcome.UNKNOWN,
        ("unseen",),
        node=server(encrypt_data=True, reject_unencrypted=None),
        cause=Cause.NOT_IN_SOURCE,
        says="does not hold RejectUnencryptedAccess.",
    ),
    Case(
        "would refuse, whether it encrypts is not in the source",
        Outcome.UNKNOWN,
        ("unseen",),
        node=server(encrypt_data=None),
        cause=Cause.NOT_IN_SOURCE,
        says="does not hold EncryptData.",
    ),
    Case(
        "does not encrypt, so whether it refuses does not matter",
        Outcome.FAIL,
        ("unprotected",),
        node=server(encrypt_data=False, reject_unencrypted=None),
    ),
    Case(
        "does not refuse, so whether it encrypts does not matter",
        Outcome.FAIL,
        ("unprotected",),
        node=server(encrypt_data=None, reject_unencrypted=False),
    ),
    Case("refused", Outcome.UNKNOWN, gaps={"smb_server": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
