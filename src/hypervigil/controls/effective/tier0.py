"""Guests that make their host tier 0, and the nodes that hold them or can come to hold them.

Whoever rules a host rules its guests; where a guest rules more than itself (a domain controller, a certificate
authority, a Host Guardian Service), so does the host. Which guests are of that kind is for their owner to declare. A
guest may say of itself that it is a domain controller; all that it says is written inside, and that it says nothing
proves nothing (MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/manage/`, page on data
exchange; MicrosoftDocs/win32, `desktop-src/HyperV_v2/msvm-kvpexchangecomponent.md`).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping

import msgspec

from hypervigil.controls.effective.owners import possible_owners
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.vm_settings import GuestIdentity, GuestProductType
from hypervigil.model.context import GuestRef, TierZeroRole
from hypervigil.model.subject import Subject


class TierZeroGuest(msgspec.Struct, frozen=True):
    """A guest that makes its host tier 0, or may.

    ``vm`` is its subject, with its node. ``declared`` is false where only the guest says so. ``may_move`` is whether
    the cluster may start it on another node: false where Hyper-V says that it is not clustered.
    """

    vm: Subject
    role: TierZeroRole | None
    declared: bool
    may_move: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return self.vm.name

    @property
    def role_shown(self) -> str:
        """Its role in words; "tier 0" where none was declared, or another."""
        if self.role is None or self.role is TierZeroRole.OTHER:
            return "tier 0"
        return self.role.value.replace("_", " ")


class Hosting(enum.StrEnum):
    """How a node comes to host a guest.

    HOLDS: it is there now. CAN_HOLD: the node is a possible owner of its role. MAY_HOLD: the guest is clustered, or may
    be, and who can own it is not known.
    """

    HOLDS = "holds"
    CAN_HOLD = "can_hold"
    MAY_HOLD = "may_hold"


def tier0_guests(
    vms: Iterable[tuple[Subject, Vm]],
    said: Iterable[tuple[Subject, GuestIdentity]],
    declared: Iterable[GuestRef] | None,
) -> tuple[TierZeroGuest, ...]:
    """The tier-0 guests among VMs: those declared, and those that call themselves domain controllers.

    ``said`` is what guests say of themselves, as far as it was heard; ``declared`` None where nobody declared any.
    """
    claims = {
        identity.id.lower() for _, identity in said if identity.product_type is GuestProductType.DOMAIN_CONTROLLER
    }
    found = []
    for subject, vm in vms:
        entry = next((entry for entry in declared or () if entry.means(vm.id, vm.name)), None)
        if entry is not None:
            found.append(TierZeroGuest(subject, entry.role, declared=True, may_move=vm.clustered is not False))
        elif vm.id.lower() in claims:
            role = TierZeroRole.DOMAIN_CONTROLLER
            found.append(TierZeroGuest(subject, role, declared=False, may_move=vm.clustered is not False))
    return tuple(found)


def hosts(
    guests: Iterable[TierZeroGuest], nodes: Collection[Subject], groups: ClusterGroups | None
) -> Mapping[Subject, tuple[tuple[TierZeroGuest, Hosting], ...]]:
    """For each node that hosts a tier-0 guest, or can come to: the guests, and how. Other nodes are left out.

    ``groups`` tells who can own which role; None where that is not known.
    """
    found: dict[Subject, list[tuple[TierZeroGuest, Hosting]]] = {}
    for guest in guests:
        for node, how in _nodes_of(guest, nodes, groups):
            found.setdefault(node, []).append((guest, how))
    return {node: tuple(found[node]) for node in nodes if node in found}


def _nodes_of(
    guest: TierZeroGuest, nodes: Collection[Subject], groups: ClusterGroups | None
) -> Iterable[tuple[Subject, Hosting]]:
    owners = possible_owners(guest.vm, groups) if groups is not None else None
    for node in nodes:
        if node.key in guest.vm.nodes:
            yield node, Hosting.HOLDS
        elif owners is not None and (owners.include(node.key) or owners.include(node.name)):
            yield node, Hosting.CAN_HOLD
        elif owners is None and guest.may_move:
            yield node, Hosting.MAY_HOLD
