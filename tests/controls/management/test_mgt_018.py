"""MGT-018: CSV volumes."""

from __future__ import annotations

import msgspec

from hypervigil.controls.management import mgt_018_shared_volumes as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.bitlocker import BitLocker, BitLockerVolume, ConversionStatus, ProtectionStatus
from hypervigil.evidence.cluster_objects import ClusterVolumes
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import host_defaults as host
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

PLACE = "C:\\ClusterStorage\\Volume1"
ONE = (fabric.cluster_volumes(),)
TWO = (fabric.cluster_volumes("Volume1", "Volume2"),)
SYSTEM = host.bitlocker_volume("C:", "Tpm", system_volume=True)
NOTHING = (BitLocker(volumes=(SYSTEM,)),)
LOCKED = msgspec.structs.replace(host.bitlocker_volume(PLACE, "ExternalKey"), protection=ProtectionStatus.UNKNOWN)


def volume(*protectors: str, place: str = PLACE) -> BitLockerVolume:
    return host.bitlocker_volume(place, *protectors)


def nodes(*volumes: BitLockerVolume) -> dict[str, tuple[BitLocker, ...]]:
    """HV01 owns the volumes and lists them, HV02 has its system volume alone."""
    return {"HV01": (BitLocker(volumes=(SYSTEM, *volumes)),), "HV02": NOTHING}


CASES = (
    Case(
        "by the cluster's name object, the only way up to 2019",
        Outcome.PASS,
        ("by_sid",),
        nodes=nodes(volume("RecoveryPassword", "AdAccountOrGroup")),
        cluster=ONE,
        confidence=Confidence.INFERRED,
    ),
    Case(
        "by a key of the cluster's own",
        Outcome.PASS,
        ("by_key",),
        nodes=nodes(volume("RecoveryPassword", "ExternalKey")),
        cluster=ONE,
        says="RecoveryPassword, ExternalKey",
    ),
    Case(
        "a folder written in another case, with a backslash behind",
        Outcome.PASS,
        ("by_key",),
        nodes=nodes(volume("ExternalKey", place="c:\\clusterstorage\\VOLUME1\\")),
        cluster=ONE,
    ),
    Case(
        "locked on the node that does not own it",
        Outcome.PASS,
        ("by_key",),
        nodes={**nodes(volume("ExternalKey")), "HV02": (BitLocker(volumes=(SYSTEM, LOCKED)),)},
        cluster=ONE,
    ),
    Case("not encrypted", Outcome.FAIL, ("not_protected",), nodes=nodes(volume()), cluster=ONE, says="as HV01 says"),
    Case(
        "protection suspended",
        Outcome.FAIL,
        ("not_protected",),
        nodes=nodes(msgspec.structs.replace(volume("ExternalKey"), protection=ProtectionStatus.OFF)),
        cluster=ONE,
        says="fully encrypted (1)",
    ),
    Case(
        "off, and how far it is was not read",
        Outcome.FAIL,
        ("not_protected",),
        nodes=nodes(msgspec.structs.replace(volume(), conversion_status=None)),
        cluster=ONE,
        says="protection is off",
    ),
    Case(
        "one volume of two, being encrypted",
        Outcome.FAIL,
        ("by_key", "not_protected"),
        nodes=nodes(
            volume("ExternalKey"),
            msgspec.structs.replace(
                volume(place="C:\\ClusterStorage\\Volume2"), conversion_status=ConversionStatus.ENCRYPTION_IN_PROGRESS
            ),
        ),
        cluster=TWO,
        says="Volume2 is not protected",
    ),
    Case(
        "BitLocker is not installed on the owner",
        Outcome.FAIL,
        ("not_installed",),
        nodes={"HV01": (BitLocker(installed=False, volumes=()),), "HV02": NOTHING},
        cluster=ONE,
    ),
    Case(
        "protectors that only people can use",
        Outcome.FAIL,
        ("unusable",),
        nodes=nodes(volume("Password", "PublicKey")),
        cluster=ONE,
        says="Password, PublicKey",
    ),
    Case(
        "a node that disagrees: the failure counts",
        Outcome.FAIL,
        ("by_key", "not_protected"),
        nodes={**nodes(volume("ExternalKey")), "HV02": (BitLocker(volumes=(volume(),)),)},
        cluster=ONE,
        says="as HV02 says",
    ),
    Case(
        "a recovery password alone",
        Outcome.REVIEW,
        ("by_password",),
        nodes=nodes(volume("RecoveryPassword")),
        cluster=ONE,
    ),
    Case(
        "kinds not read",
        Outcome.UNKNOWN,
        ("kinds_unseen",),
        nodes=nodes(msgspec.structs.replace(volume("ExternalKey"), protectors=())),
        cluster=ONE,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("locked", Outcome.UNKNOWN, ("unseen",), nodes=nodes(LOCKED), cluster=ONE, cause=Cause.NOT_IN_SOURCE),
    Case(
        "a volume that is offline has no folder",
        Outcome.UNKNOWN,
        ("unseen",),
        nodes=nodes(volume("ExternalKey")),
        cluster=(ClusterVolumes(volumes=(msgspec.structs.replace(ONE[0].volumes[0], path=None, owner_node=None),)),),
        cause=Cause.NOT_IN_SOURCE,
        says="Cluster Virtual Disk (Volume1)",
    ),
    Case(
        "the owner is missing",
        Outcome.UNKNOWN,
        ("unseen",),
        nodes=nodes(volume("ExternalKey")),
        cluster=ONE,
        gaps={"bitlocker@HV01": Cause.ACCESS_DENIED},
        cause=Cause.NOT_IN_SOURCE,
        says="its owner is HV01",
    ),
    Case(
        "a node that owns nothing is missing, and might say otherwise",
        Outcome.UNKNOWN,
        ("by_key",),
        nodes=nodes(volume("ExternalKey")),
        cluster=ONE,
        gaps={"bitlocker@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "no CSV volumes",
        Outcome.NOT_APPLICABLE,
        ("no_volumes",),
        nodes=nodes(),
        cluster=(ClusterVolumes(volumes=()),),
    ),
    Case(
        "volumes not listed",
        Outcome.UNKNOWN,
        nodes=nodes(volume("ExternalKey")),
        gaps={"cluster_volumes": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
