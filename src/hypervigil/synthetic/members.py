"""The nodes of a made-up cluster before they have facts: who they are, how they are wired, which VMs they protect."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import msgspec

from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.release import Release

PROTECTED = 2
"""So many VMs of each node are protected where any are: the first ones."""


class Guests(enum.Enum):
    """What protects VMs of the cluster.

    VIRTUAL_TPM: the first VMs of each node have one, and every node holds the key of their guardian. SHIELDED: half of
    the nodes are guarded by a Host Guardian Service and run shielded VMs; the others hold the key of a guardian for VMs
    with a virtual TPM. A host has its keys from the one or the other (Microsoft's datacenter security blog, 2018-01-05,
    on local mode and HGS mode), so neither kind of VM starts on the other half.
    """

    PLAIN = enum.auto()
    VIRTUAL_TPM = enum.auto()
    SHIELDED = enum.auto()


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A node to be: its name, how it is reached, its place among the nodes from 0, what it runs.

    ``guarded``: a Host Guardian Service gives it its keys. ``converged``: the host's networks are adapters on the
    switch of the VMs.
    """

    name: str
    fqdn: str
    place: int
    release: Release
    domain: bool
    vms: tuple[Vm, ...]
    converged: bool = False
    guests: Guests = Guests.PLAIN
    guarded: bool = False

    @property
    def protected(self) -> tuple[Vm, ...]:
        """Its VMs that need a key to start."""
        return () if self.guests is Guests.PLAIN else self.vms[:PROTECTED]

    @property
    def shielded(self) -> tuple[Vm, ...]:
        """Its VMs that are shielded."""
        return self.protected if self.guests is Guests.SHIELDED and self.guarded else ()

    @property
    def holds_keys(self) -> bool:
        """Whether keys of a guardian lie on it."""
        return self.guests is not Guests.PLAIN and not self.guarded


def is_guarded(place: int, nodes: int, guests: Guests, release: Release, *, domain: bool) -> bool:
    """Whether the node at a place is guarded.

    In a domain all are, unless some have to hold keys of their own; but none of 2016, which knows no fallback. At the
    edge no Host Guardian Service is near.
    """
    if guests is Guests.SHIELDED:
        return place < nodes // 2
    return domain and guests is Guests.PLAIN and release >= Release.WS2019


def owners(member: Member, vm: Vm, members: Sequence[Member]) -> list[str]:
    """The nodes that can own a VM of that node: all, or those that have keys from the same place."""
    if vm in member.protected:
        return [other.name for other in members if other.guarded is member.guarded]
    return [other.name for other in members]
