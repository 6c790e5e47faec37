r"""MGT-018  CSV volumes are encrypted with protectors that the cluster can use.

## What it decides

Whether BitLocker protects every Cluster Shared Volume, by a kind of protector with which the cluster can unlock the
volume on whichever node it comes online.

## Why it matters

A CSV volume holds the disks of all VMs on it. Unencrypted, a LUN that is copied, a retired disk or a snapshot of the
array gives all of them away. Encrypted with a protector that only people can use, it is the other way round: everything
works until the volume moves to another node or the cluster starts cold, and then it stays locked.

## How it is decided

What any node says of a volume counts, and the worst of it decides; *unknown* counts for nothing, for that is what a
locked volume shows.

- BitLocker is not installed on the owner, or protection of the volume is off: FAIL, with the volume.
- It is on, and among the protectors is one of kind `AdAccountOrGroup` or `ExternalKey`: PASS. The first is bound to a
  SID, the cluster's name object as a rule, and needs a domain controller at the time of unlocking; up to Windows Server
  2019 it is the only one that a cluster can use, and a workgroup cluster has none. The second is what the cluster
  makes for itself from 2022 on and keeps encrypted in its database. That these very protectors are the cluster's own is
  inferred: evidence has kinds, never keys.
- It is on, and the only usable kind is `RecoveryPassword`: REVIEW. A cluster from 2022 on can be given the password as
  the parameter `BitLockerProtectorInfo`, which it removes as soon as it has stored it, so nothing shows whether it was.
- It is on with none of these kinds: FAIL.
- No node says anything of the volume, or only that it is unknown: UNKNOWN. No CSV volume: NOT_APPLICABLE.

## How to look yourself

On the node that owns the volume:

    Get-ClusterSharedVolume | Select-Object Name, OwnerNode
    Get-BitLockerVolume -MountPoint 'C:\ClusterStorage\Volume1' | Select-Object ProtectionStatus, VolumeStatus
    (Get-BitLockerVolume -MountPoint 'C:\ClusterStorage\Volume1').KeyProtector | Select-Object KeyProtectorType

Expected: `On`, `FullyEncrypted`; on 2019 a protector `AdAccountOrGroup`, on 2022 and 2025 that or an `ExternalKey`. By
default a volume is not encrypted. Select the kinds only, as here: the whole object shows recovery passwords.

## Remedy

From 2022 on, with the recovery password that the first line prints put in the place of the second's:

    Get-ClusterSharedVolume -Name 'Cluster Disk 1' | Suspend-ClusterResource
    Enable-BitLocker -MountPoint 'C:\ClusterStorage\Volume1' -RecoveryPasswordProtector
    Get-ClusterSharedVolume -Name 'Cluster Disk 1' |
        Set-ClusterParameter -Name BitLockerProtectorInfo -Value '{protector id}:recovery password' -Create
    Get-ClusterSharedVolume -Name 'Cluster Disk 1' | Resume-ClusterResource

On 2019 give it the cluster's name object instead, by `Add-BitLockerKeyProtector` with `-AdAccountOrGroupProtector` and
`-AdAccountOrGroup`. Event 1810 in FailoverClustering/Operational says that the cluster added its protector, 1811 that
it failed to.

- Reboot: none for a volume; one for each node where the feature BitLocker is installed first.
- Order: encrypt the system volumes of all nodes first (MGT-013): they hold the cluster's database. Then one volume at a
  time: maintenance mode stops every role that uses it, so migrate the storage of its VMs away before. Keep the recovery
  password apart from the cluster. At the end move the volume to each node once.
- Rollback: `Disable-BitLocker -MountPoint 'C:\ClusterStorage\Volume1'`, in maintenance mode.

## What it cannot see

Which account a SID protector is bound to, and whether an external key is the one in the cluster's database. Encryption
by the array or by the drives. Disks in the cluster that are no CSV volumes.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/bitlocker-on-csv-in-ws-2022.md`
- MicrosoftDocs/win32, `desktop-src/SecProv/getprotectionstatus-win32-encryptablevolume.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.evidence.bitlocker import BitLocker, BitLockerVolume, ProtectionStatus
from hypervigil.evidence.cluster_objects import ClusterVolume, ClusterVolumes
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NO_VOLUMES = excludes("The cluster has no Cluster Shared Volumes.")
    BY_SID = passes("{volume} is encrypted, with a protector that is bound to a SID ({kinds}).", Confidence.INFERRED)
    BY_KEY = passes(
        "{volume} is encrypted, with an external key, as the cluster makes one from 2022 on ({kinds}).",
        Confidence.INFERRED,
    )
    NOT_INSTALLED = fails("{volume} is not encrypted: BitLocker is not installed on its owner {node}.")
    NOT_PROTECTED = fails("{volume} is not protected by BitLocker, as {node} says ({state}).")
    UNUSABLE = fails("{volume} is encrypted with protectors that the cluster can not use: {kinds}.")
    BY_PASSWORD = reviews(
        "{volume} is encrypted, and of its protectors ({kinds}) the cluster can use a recovery password alone, from "
        "2022 on. Was it given to the cluster?"
    )
    KINDS_UNSEEN = unknown("{volume} is encrypted; the kinds of its protectors were not read.", Cause.NOT_IN_SOURCE)
    UNSEEN = unknown("No node says whether {volume} is encrypted (its owner is {owner}).", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="MGT-018",
    title="CSV volumes are encrypted with protectors that the cluster can use",
    family=Family.MANAGEMENT,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)

SID_PROTECTOR, KEY_PROTECTOR, PASSWORD_PROTECTOR = "AdAccountOrGroup", "ExternalKey", "RecoveryPassword"


def assess(bitlockers: Nodes[BitLocker], volumes: ClusterVolumes) -> Verdict:
    """Judge each volume by all that nodes say of it: a single one that shows it unprotected is enough to fail."""
    if not volumes.volumes:
        return verdict(Why.NO_VOLUMES())
    said = {node.name: fact for node, fact in bitlockers}
    return verdict(*(reason for volume in volumes.volumes for reason in _judged(volume, said)))


def _judged(volume: ClusterVolume, said: dict[str, BitLocker]) -> list[Reason]:
    """What the nodes say of one volume, each kind of statement once."""
    shown = volume.path or volume.name
    found: dict[str, Reason] = {}
    for node, fact in said.items():
        if not fact.installed and node.casefold() == (volume.owner_node or "").casefold():
            reason = Why.NOT_INSTALLED(volume=shown, node=node)
            found.setdefault(reason.code, reason)
    for node, state in _states(volume, said):
        reason = _of_state(shown, node, state)
        found.setdefault(reason.code, reason)
    return list(found.values()) or [Why.UNSEEN(volume=shown, owner=volume.owner_node or "not known")]


def _states(volume: ClusterVolume, said: dict[str, BitLocker]) -> Iterator[tuple[str, BitLockerVolume]]:
    """What each node says of the volume, known by the folder that it is mounted at; nothing where it is locked."""
    place = (volume.path or "").rstrip("\\").casefold()
    for node, fact in said.items():
        for state in fact.volumes:
            mounted = state.mount_point.rstrip("\\").casefold()
            if place and mounted == place and state.protection is not ProtectionStatus.UNKNOWN:
                yield node, state


def _of_state(volume: str, node: str, state: BitLockerVolume) -> Reason:
    if state.protection is not ProtectionStatus.ON:
        how = state.conversion_status.label.lower() if state.conversion_status is not None else "protection is off"
        return Why.NOT_PROTECTED(volume=volume, node=node, state=how)
    if not state.protectors:
        return Why.KINDS_UNSEEN(volume=volume)
    kinds = ", ".join(state.protectors)
    if SID_PROTECTOR in state.protectors:
        return Why.BY_SID(volume=volume, kinds=kinds)
    if KEY_PROTECTOR in state.protectors:
        return Why.BY_KEY(volume=volume, kinds=kinds)
    code = Why.BY_PASSWORD if PASSWORD_PROTECTOR in state.protectors else Why.UNUSABLE
    return code(volume=volume, kinds=kinds)
