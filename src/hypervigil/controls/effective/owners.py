"""Where a VM with a virtual TPM can start: the nodes that can own it, and the guardian keys that lie on each of them.

A key protector opens on a host that holds the private key of one of the guardians that it names, or through a Host
Guardian Service (facts of MicrosoftDocs/windowsserverdocs, Generation 2 security settings, and of Microsoft Japan's
System Center support blog, 2024-09). Nothing here asks such a service.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from typing import TypeVar

import msgspec

from hypervigil.evidence.cluster_objects import ClusterGroup, ClusterGroups, GroupType
from hypervigil.evidence.fact import Fact, once
from hypervigil.evidence.shielding import Guardians
from hypervigil.model.injection import Nodes
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject

F = TypeVar("F", bound=Fact)


class Owners(msgspec.Struct, frozen=True):
    """The nodes that can own a VM: by short name in lower case, as the evidence writes them."""

    written: Mapping[str, str]

    @classmethod
    def of(cls, names: Collection[str]) -> Owners:
        """The nodes with these names."""
        return cls({_short(name): name for name in names})

    def include(self, name: str) -> bool:
        """Whether a node with this name, short or with its domain, is one of them."""
        return _short(name) in self.written


class KeyState(enum.StrEnum):
    """What a node has of the keys that a key protector names.

    UNCLEAR: none, and nothing shows that the node works with local keys; a host that a Host Guardian Service guards
    looks like that, for it lists no guardian. UNSEEN: the node's keys were not read.
    """

    HOLDS = "holds"
    LACKS = "lacks"
    UNCLEAR = "unclear"
    UNSEEN = "unseen"


class Coverage(msgspec.Struct, frozen=True):
    """The state of each node, in the order of the nodes; ``missing`` says of unseen ones why."""

    states: Mapping[Subject, KeyState]
    missing: Mapping[Subject, Missing]

    def nodes(self, state: KeyState, among: Owners | None = None) -> tuple[Subject, ...]:
        """The nodes in this state; of all, or of those that can own a VM."""
        return tuple(
            node for node, found in self.states.items() if found is state and (among is None or _is_one(node, among))
        )


def role_of(vm_id: str, groups: ClusterGroups) -> ClusterGroup | None:
    """The clustered role of a VM; None where no role is known to be its."""
    return _roles(groups).by_vm.get(vm_id.lower())


def may_be_clustered(vm_id: str, groups: ClusterGroups) -> bool:
    """Whether a VM has a role, or may have one: some role does not tell which VM it is of."""
    return _roles(groups).unnamed or role_of(vm_id, groups) is not None


class _Roles(msgspec.Struct, frozen=True):
    """The first role of each VM, by its GUID in lower case; and whether the role of some VM does not tell which."""

    by_vm: dict[str, ClusterGroup]
    unnamed: bool


@once
def _roles(groups: ClusterGroups) -> _Roles:
    unnamed = any(group.group_type == GroupType.VIRTUAL_MACHINE and group.vm_id is None for group in groups.groups)
    return _Roles({group.vm_id.lower(): group for group in reversed(groups.groups) if group.vm_id}, unnamed)


def possible_owners(vm: Subject, groups: ClusterGroups) -> Owners | None:
    """The nodes that can own a VM; None where the evidence does not tell.

    A VM without a role starts on its own node alone. A role that no node can own would not be there, so an empty list
    is one that could not be read.
    """
    role = role_of(vm.key, groups)
    if role is not None:
        return Owners.of(role.possible_owners) if role.possible_owners else None
    return None if may_be_clustered(vm.key, groups) else Owners.of(vm.nodes)


def of_owners(owners: Owners, nodes: Nodes[F], fact: type[F]) -> Nodes[F]:
    """What is known of the nodes that can own a VM. One that is no node of the evidence counts as missing."""
    known = {node: value for node, value in nodes if _is_one(node, owners)}
    missing = {node: why for node, why in nodes.missing.items() if _is_one(node, owners)}
    seen = {short for node in (*known, *missing) for short in (_short(node.key), _short(node.name))}
    for short, name in owners.written.items():
        if short not in seen:
            detail = f"{name}: no node of this name is known"
            missing[Subject(Scope.NODE, name.lower(), name)] = Missing(fact.INFO.name, Cause.NOT_COLLECTED, detail)
    return Nodes(known, missing)


def keys_of(guardians: Guardians) -> frozenset[str]:
    """Thumbprints of the keys that can open a protector here: those with a private key."""
    return frozenset(key.thumbprint.upper() for key in guardians.keys if key.has_private_key)


def coverage(needed: Collection[str], guardians: Nodes[Guardians]) -> Coverage:
    """Which nodes hold a key that a protector names; ``needed`` are its encryption thumbprints.

    A node without one lacks it where local keys are at work: it lists a guardian itself, which a guarded host does not
    (HgsClient/Get-HgsGuardian), or a node that holds a key does, so the protector opens by local keys in this cluster.
    """
    wanted = frozenset(thumbprint.upper() for thumbprint in needed)
    holding = {node for node, own in guardians if wanted & keys_of(own)}
    local = any(guardians.known[node].names for node in holding)
    states: dict[Subject, KeyState] = {}
    for node, own in guardians:
        without = KeyState.LACKS if local or own.names else KeyState.UNCLEAR
        states[node] = KeyState.HOLDS if node in holding else without
    states.update(dict.fromkeys(guardians.missing, KeyState.UNSEEN))
    return Coverage(states, guardians.missing)


def shown(nodes: Collection[Subject]) -> str:
    """The nodes' names in one line."""
    return ", ".join(node.name for node in nodes)


def _is_one(node: Subject, owners: Owners) -> bool:
    return owners.include(node.key) or owners.include(node.name)


def _short(name: str) -> str:
    return name.lower().partition(".")[0]
