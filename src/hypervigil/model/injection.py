"""How a control asks for facts: the forms that a parameter of ``assess`` and ``applies`` may take.

``T``              the fact of the subject, required: where it is missing the engine says UNKNOWN and does not call.
``Maybe[T]``       the fact or its gap: the control is called either way and looks with ``fact.value``.
``Nodes[T]``       the fact of every node, with the nodes whose fact is missing.
``Items[T]``       what nodes or the cluster list (every VM, every endpoint on the wire), with the lists that miss.
``Source[T]``      of a pair: the fact of the node that a VM leaves; likewise ``Destination[T]``.

What is no fact comes last, and goes to ``assess`` only:

``Moment``         when the evidence was collected, for what holds until a date.
``Parameters``     a class of the control's own: what the profile sets.
``Context``        what the operator declares, required: where nobody did, the engine says UNKNOWN and does not call.
``Maybe[Context]`` the same, for a control that decides something without it.
``Subject``        what is judged: by its key a VM finds its own adapters in a fact of its node.

A control of scope ``cluster`` gets cluster facts as ``T``, node facts as ``Nodes[T]``, VMs as ``Items[T]``; one of
scope ``vm`` gets the facts of the VM, of the node that runs it, and of the cluster as ``T``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated, Generic, TypeVar

import msgspec

from hypervigil.model.missing import Missing
from hypervigil.model.subject import Subject

T = TypeVar("T")


class Maybe(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """An optional fact: ``value`` is the fact or None; ``missing`` then says why."""

    value: T | None
    missing: Missing | None = None


class Nodes(msgspec.Struct, Generic[T], frozen=True):
    """A fact of every node of the cluster: those that have it, in the order of the nodes, and those that have not."""

    known: Mapping[Subject, T]
    missing: Mapping[Subject, Missing]

    def __iter__(self) -> Iterator[tuple[Subject, T]]:
        return iter(self.known.items())

    def __len__(self) -> int:
        return len(self.known)


class Items(msgspec.Struct, Generic[T], frozen=True):
    """A fact of everything that is listed: of each VM of every node, of each endpoint that was looked at.

    ``known`` is by item: a VM with its node in ``Subject.nodes``, an endpoint. ``missing`` holds the items whose own
    fact is not there, and the nodes (for what is on the wire, the cluster) whose list is not. A list that was made and
    is empty is in neither.
    """

    known: Mapping[Subject, T]
    missing: Mapping[Subject, Missing]

    def __iter__(self) -> Iterator[tuple[Subject, T]]:
        return iter(self.known.items())

    def __len__(self) -> int:
        return len(self.known)


class Moment(msgspec.Struct, frozen=True):
    """The moment that the evidence shows; ``at`` is None where the evidence does not say when it was collected.

    A control that compares with a date takes this one and no clock, so that a bundle gives the same verdict whenever
    it is judged. It must say itself what it can not decide without.
    """

    at: datetime.datetime | None

    @property
    def day(self) -> datetime.date | None:
        """The day in UTC. A time without a zone is taken for UTC, as all times of evidence are."""
        if self.at is None or self.at.tzinfo is None:
            return self.at.date() if self.at else None
        return self.at.astimezone(datetime.UTC).date()


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what a profile may set for one control: fields with defaults, each described.

    A control that can be tuned has a class ``Parameters`` of this kind in its module, and takes it as a parameter.
    """


class _SourceRole:
    """Marks a parameter as the fact of a pair's source."""


class _DestinationRole:
    """Marks a parameter as the fact of a pair's destination."""


SOURCE_ROLE = _SourceRole()
DESTINATION_ROLE = _DestinationRole()

Source = Annotated[T, SOURCE_ROLE]
Destination = Annotated[T, DESTINATION_ROLE]
