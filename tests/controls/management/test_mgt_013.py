"""MGT-013: the system volume."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.management import mgt_013_system_volume as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.bitlocker import BitLocker, ConversionStatus, EncryptionMethod, ProtectionStatus
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import host_defaults as host
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

SYSTEM = host.bitlocker_volume("C:", "Tpm", "RecoveryPassword", system_volume=True)


def system(**changes: Any) -> tuple[BitLocker, ...]:
    return (host.bitlocker(msgspec.structs.replace(SYSTEM, **changes)),)


CASES = (
    Case(
        "encrypted", Outcome.PASS, ("protected",), node=(host.bitlocker(),), says="C: is encrypted and protected by Tpm"
    ),
    Case(
        "encrypted by the drive",
        Outcome.PASS,
        ("protected", "by_drive"),
        node=system(encryption_method=EncryptionMethod.HARDWARE),
    ),
    Case(
        "kinds of protectors not seen",
        Outcome.PASS,
        ("protected",),
        node=system(protectors=()),
        says="unnamed protectors",
    ),
    Case(
        "not encrypted, although a data volume is",
        Outcome.FAIL,
        ("not_encrypted",),
        node=(
            host.bitlocker(
                host.bitlocker_volume("C:", system_volume=True), host.bitlocker_volume("D:", "RecoveryPassword")
            ),
        ),
    ),
    Case(
        "off, and how far it is was not read",
        Outcome.FAIL,
        ("not_encrypted",),
        node=system(protection=ProtectionStatus.OFF, conversion_status=None),
    ),
    Case("suspended", Outcome.FAIL, ("suspended",), node=system(protection=ProtectionStatus.OFF)),
    Case(
        "being encrypted",
        Outcome.FAIL,
        ("under_way",),
        node=system(protection=ProtectionStatus.OFF, conversion_status=ConversionStatus.ENCRYPTION_IN_PROGRESS),
        says="encryption in progress (2)",
    ),
    Case(
        "decryption paused",
        Outcome.FAIL,
        ("under_way",),
        node=system(protection=ProtectionStatus.OFF, conversion_status=ConversionStatus.DECRYPTION_PAUSED),
    ),
    Case("not installed", Outcome.FAIL, ("not_installed",), node=(BitLocker(installed=False, volumes=()),)),
    Case(
        "a status that a running system volume can not have",
        Outcome.REVIEW,
        ("odd",),
        node=system(protection=ProtectionStatus.UNKNOWN),
        says="Unknown (2)",
    ),
    Case("a status that no table has", Outcome.REVIEW, ("odd",), node=system(protection=ProtectionStatus(7))),
    Case(
        "no system volume listed",
        Outcome.UNKNOWN,
        ("no_system_volume",),
        node=(host.bitlocker(host.bitlocker_volume("D:", "RecoveryPassword")),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("denied", Outcome.UNKNOWN, gaps={"bitlocker": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
