"""What Windows Event Forwarding does on a node: its subscriptions as they stand, and what they take along.

The forwarder's own log says it: 100 and 101 when a subscription was made, with its query; 102 when it could not be
made; 103 when it was withdrawn (jdu2600/Windows10EtwEvents, Microsoft-Windows-Forwarding).
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import msgspec

from hypervigil.evidence.detection_sources import ChannelSource
from hypervigil.evidence.event_logs import EventForwarding, ForwardingEvent
from hypervigil.formats.errors import FormatError
from hypervigil.formats.event_query import Part, Query, read_query_list, read_query_status
from hypervigil.formats.event_xpath import takes, takes_all

CREATED, CREATED_PARTLY, NOT_CREATED, WITHDRAWN = 100, 101, 102, 103
NO_SUCH_CHANNEL = 15007
"""ERROR_EVT_CHANNEL_NOT_FOUND (MicrosoftDocs/win32, system error codes): the host has no channel of that name."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription by the newest event about it.

    ``queries`` is None where its query could not be read, ``codes`` (what became of single channels, names in lower
    case) where 101 does not say it in a form that is known; after 100 there is nothing to say.
    """

    name: str
    event: int
    time: datetime.datetime
    error: int | None = None
    queries: tuple[Query, ...] | None = ()
    codes: Mapping[str, int] | None = {}

    @property
    def active(self) -> bool:
        """It was made, and nothing newer says that it is gone."""
        return self.event in (CREATED, CREATED_PARTLY)

    @property
    def unreadable(self) -> dict[str, int]:
        """Channels that are there and could not be read, with their error codes."""
        return {name: code for name, code in (self.codes or {}).items() if code not in (0, NO_SUCH_CHANNEL)}

    @property
    def absent(self) -> frozenset[str]:
        """Channels, in lower case, that the host does not have."""
        return frozenset(name for name, code in (self.codes or {}).items() if code == NO_SUCH_CHANNEL)


def subscriptions(forwarding: EventForwarding) -> tuple[Subscription, ...]:
    """Every subscription that the log names, in the order of their names."""
    newest: dict[str, ForwardingEvent] = {}
    for event in sorted(forwarding.events, key=lambda event: (event.time, event.record_id)):
        if event.id in (CREATED, CREATED_PARTLY, NOT_CREATED, WITHDRAWN):
            newest[event.subscription or ""] = event
    return tuple(_subscription(name, event) for name, event in sorted(newest.items()))


def _subscription(name: str, event: ForwardingEvent) -> Subscription:
    codes: Mapping[str, int] | None = {}
    if event.id == CREATED_PARTLY:
        codes = _codes(event.status)
    return Subscription(
        name=name, event=event.id, time=event.time, error=event.error, queries=_queries(event.query), codes=codes
    )


def _queries(text: str | None) -> tuple[Query, ...] | None:
    try:
        return None if text is None else read_query_list(text)
    except FormatError:
        return None


def _codes(text: str | None) -> Mapping[str, int] | None:
    try:
        codes = {} if text is None else read_query_status(text)
    except FormatError:
        return None
    return {name.casefold(): code for name, code in codes.items()} or None


def managers(forwarding: EventForwarding) -> tuple[str, ...]:
    """The hosts of the collectors that policy names, in lower case; a value that names none as it is written."""
    return tuple(host_of(_server(value)) or value for value in forwarding.subscription_managers)


def _server(value: str) -> str:
    """The address in ``Server=http://...,Refresh=60``."""
    for part in value.split(","):
        key, _, address = part.strip().partition("=")
        if key.strip().casefold() == "server":
            return address.strip()
    return value.strip()


def host_of(address: str) -> str:
    """The host in an address, in lower case; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


class Shipped(enum.Enum):
    """What subscriptions do with a channel.

    WHOLE: every event of it that detections read leaves. FILTERED: some do not. CONDITIONS: event data, or other
    things that ids do not tell, decide. NOT: no subscription takes it. UNREADABLE: one does, and the forwarder may not
    read it. ABSENT: one does, and the host has no such channel. UNSEEN: a query, or what became of it, could not be
    read, so nobody knows.
    """

    WHOLE = "whole"
    FILTERED = "filtered"
    CONDITIONS = "conditions"
    NOT = "not"
    UNREADABLE = "unreadable"
    ABSENT = "absent"
    UNSEEN = "unseen"


class Coverage(msgspec.Struct, frozen=True):
    """How one channel is shipped; ``lost`` are ids that no expression takes (FILTERED) or that depend (CONDITIONS)."""

    source: ChannelSource
    shipped: Shipped
    lost: tuple[int, ...] = ()
    code: int | None = None


def coverage(source: ChannelSource, made: Iterable[Subscription]) -> Coverage:
    """What the active ones among these subscriptions do with a channel."""
    active = [each for each in made if each.active]
    name = source.name.casefold()
    taking = [each for each in active if any(_selects(query, name) for query in each.queries or ())]
    readable = [each for each in taking if each.codes is not None and each.codes.get(name, 0) == 0]
    found = _filtered(source, [query for each in readable for query in each.queries or ()])
    if found.shipped is Shipped.WHOLE:
        return found
    if any(each.queries is None for each in active) or any(each.codes is None for each in taking):
        return Coverage(source, Shipped.UNSEEN)
    if readable or not taking:
        return found
    if all(name in each.absent for each in taking):
        return Coverage(source, Shipped.ABSENT)
    return Coverage(
        source, Shipped.UNREADABLE, code=next(each.unreadable[name] for each in taking if name not in each.absent)
    )


def _filtered(source: ChannelSource, queries: Iterable[Query]) -> Coverage:
    name = source.name.casefold()
    own = [(selects, _of(query.suppresses, name)) for query in queries if (selects := _of(query.selects, name))]
    if not own:
        return Coverage(source, Shipped.NOT)
    if any(any(map(takes_all, selects)) and not suppresses for selects, suppresses in own):
        return Coverage(source, Shipped.WHOLE)
    if not source.wanted:  # which of its events count is not known, so a filter can not be judged
        return Coverage(source, Shipped.CONDITIONS)
    lost: list[int] = []
    depends: list[int] = []
    for wanted in source.wanted:
        for number in sorted(wanted.ids):
            taken = _taken(own, wanted.provider, number)
            if taken is not True:
                (lost if taken is False else depends).append(number)
    if lost:
        return Coverage(source, Shipped.FILTERED, tuple(lost))
    return Coverage(source, Shipped.CONDITIONS, tuple(depends)) if depends else Coverage(source, Shipped.WHOLE)


def _taken(own: Iterable[tuple[tuple[str, ...], tuple[str, ...]]], provider: str, number: int) -> bool | None:
    """Whether any of these queries takes an event: a Select of it does, and no Suppress."""
    answers: set[bool | None] = set()
    for selects, suppresses in own:
        selected = _any(takes(each, provider, number) for each in selects)
        suppressed = _any(takes(each, provider, number) for each in suppresses)
        if selected is False or suppressed is True:
            answers.add(False)
        else:
            answers.add(True if selected and suppressed is False else None)
    return _any(answers)


def _any(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    if True in found:
        return True
    return None if None in found else False


def _selects(query: Query, name: str) -> bool:
    return bool(_of(query.selects, name))


def _of(parts: Iterable[Part], name: str) -> tuple[str, ...]:
    return tuple(part.xpath for part in parts if part.channel.casefold() == name)
