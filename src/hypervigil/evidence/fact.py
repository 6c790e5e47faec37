"""What a fact is, and what is written down about each type of fact."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from typing import ClassVar, TypeVar

import msgspec

from hypervigil.evidence.release import Release
from hypervigil.model.subject import Scope


class RegistryRead(msgspec.Struct, frozen=True, kw_only=True):
    """One registry value that a fact is read from: ``field`` of the fact, key below HKLM, and value name."""

    field: str
    key: str
    name: str


class EventRead(msgspec.Struct, frozen=True, kw_only=True):
    """Events of one log that a fact is read from.

    ``ids`` of one ``provider``; ``fields`` are the names of their data, as the event's XML has them. Never more than
    the newest ``most`` of the last ``days`` days are read.
    """

    log: str
    provider: str
    ids: tuple[int, ...]
    fields: tuple[str, ...] = ()
    days: int
    most: int


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """How a fact, or a part of it, is read on a host.

    ``command`` is a read-only command of Windows PowerShell 5.1, or a program of Windows, that gives objects (columns,
    sections) with ``properties`` (or plain values where that is empty); ``registry`` lists values instead, ``events``
    says which events. ``shapes`` are the type names by which exported objects are recognised: a CIM class, or a .NET
    type.
    """

    command: str = ""
    properties: tuple[str, ...] = ()
    registry: tuple[RegistryRead, ...] = ()
    events: tuple[EventRead, ...] = ()
    shapes: tuple[str, ...] = ()


class Origin(enum.StrEnum):
    """Where facts of a type come from: a host that is asked, the directory, or the wire."""

    HOST = "host"
    DIRECTORY = "directory"
    WIRE = "wire"


class FactType(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about a type of fact; ``docs/facts/`` is made from it.

    ``subject`` is what one fact is about. ``item_key`` is set where one document holds many of them (all VMs of a
    node): the field that tells them apart, which is the key of the subject. ``others`` are further kinds of subject
    that single items of such a list are about. ``reads`` are what it is made from; a type without any has no reader
    yet. ``in_sddc`` tells whether an archive of Get-SDDCDiagnosticInfo can hold it. ``sources`` say where names and
    values were verified.
    """

    name: str
    title: str
    subject: Scope
    reads: tuple[Read, ...]
    sources: tuple[str, ...]
    version: int = 1
    item_key: str = ""
    others: tuple[Scope, ...] = ()
    origin: Origin = Origin.HOST
    minimum_release: Release | None = None
    elevated: bool = True
    in_sddc: bool = False

    @property
    def holder(self) -> Scope:
        """Whose documents hold it: a node's where the node gives it, the cluster's where no node can.

        What is about the cluster, and what the directory and the wire tell (of accounts, domain controllers, endpoints
        and nodes alike), belongs to the cluster; everything else to the node that was asked, such as its VMs.
        """
        of_cluster = self.subject is Scope.CLUSTER or self.origin is not Origin.HOST
        return Scope.CLUSTER if of_cluster else Scope.NODE

    @property
    def read_on_host(self) -> bool:
        """Whether there is a way to read it on a host."""
        return self.origin is Origin.HOST and bool(self.reads)


class Fact(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Base of all facts. The class docstring says what it means; each field carries its own description."""

    INFO: ClassVar[FactType]


F = TypeVar("F", bound=Fact)
T = TypeVar("T")


def once(work: Callable[[F], T]) -> Callable[[F], T]:
    """Make a function of a fact work its answer out once for each fact.

    For types with ``gc=True, dict=True``: the answer lies in the fact's ``__dict__``, where no comparison, hash or
    document sees it, and goes when the fact goes. All who ask get the same object.
    """
    name = f"{work.__module__}.{work.__qualname__}"

    @functools.wraps(work)
    def kept(fact: F) -> T:
        answers: dict[str, T] = fact.__dict__
        try:
            return answers[name]
        except KeyError:
            answers[name] = work(fact)
            return answers[name]

    return kept
