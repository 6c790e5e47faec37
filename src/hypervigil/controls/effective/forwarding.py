"""What Windows Event Forwarding does on a node: its subscriptions as they stand, and what they take along.

The forwarder's own log says it: 100 and 101 when a subscription was made, with its query; 102 when it could not be
made; 103 when it was withdrawn (jdu2600/Windows10EtwEvents, Microsoft-Windows-Forwarding).
"""

from __future__ import annotations

import datetime
import enum
import functools
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec

from hypervigil.evidence.detection_sources import CHANNEL_SOURCES, ChannelSource
from hypervigil.evidence.event_logs import EventForwarding, ForwardingEvent
from hypervigil.evidence.fact import once
from hypervigil.formats.errors import FormatError
from hypervigil.formats.event_query import Part, read_query_list, read_query_status
from hypervigil.formats.event_xpath import takes, takes_all

CREATED, CREATED_PARTLY, NOT_CREATED, WITHDRAWN = 100, 101, 102, 103
NO_SUCH_CHANNEL = 15007
"""ERROR_EVT_CHANNEL_NOT_FOUND (MicrosoftDocs/win32, system error codes): the host has no channel of that name."""

_MOST_KEPT, _LONGEST_KEPT = 32, 1 << 16
"""So many readings of queries are remembered, of texts up to so many characters (an event has no longer ones): the
nodes of a cluster have the same few, and reading one takes longer than all that follows from it."""
_LONGEST_ADDRESS = 1024
"""Characters of the longest address of a collector of which the host is remembered."""


class Taken(msgspec.Struct, frozen=True):
    """What one Query selects of one channel, and what it leaves out again: XPath expressions."""

    selects: tuple[str, ...]
    suppresses: tuple[str, ...] = ()


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription by the newest event about it, with that event's texts: its query, and its status of 101."""

    name: str
    event: int
    time: datetime.datetime
    error: int | None = None
    query: str | None = None
    status: str | None = None

    @property
    def active(self) -> bool:
        """It was made, and nothing newer says that it is gone."""
        return self.event in (CREATED, CREATED_PARTLY)

    @property
    def codes(self) -> Mapping[str, int] | None:
        """What became of single channels, names in lower case.

        None where 101 does not say it in a form that is known; after other events there is nothing to say.
        """
        return _codes_of(self.event, self.status)

    @property
    def unreadable(self) -> dict[str, int]:
        """Channels that are there and could not be read, with their error codes."""
        return {name: code for name, code in (self.codes or {}).items() if code not in (0, NO_SUCH_CHANNEL)}

    @property
    def absent(self) -> frozenset[str]:
        """Channels, in lower case, that the host does not have."""
        return frozenset(name for name, code in (self.codes or {}).items() if code == NO_SUCH_CHANNEL)


@once
def subscriptions(forwarding: EventForwarding) -> tuple[Subscription, ...]:
    """Every subscription that the log names, in the order of their names."""
    newest: dict[str, ForwardingEvent] = {}
    for event in sorted(forwarding.events, key=lambda event: (event.time, event.record_id)):
        if event.id in (CREATED, CREATED_PARTLY, NOT_CREATED, WITHDRAWN):
            newest[event.subscription or ""] = event
    return tuple(_subscription(name, event) for name, event in sorted(newest.items()))


def _subscription(name: str, event: ForwardingEvent) -> Subscription:
    return Subscription(
        name=name, event=event.id, time=event.time, error=event.error, query=event.query, status=event.status
    )


def _taken_of(query: str | None) -> Mapping[str, tuple[Taken, ...]] | None:
    """What a query takes, by channels in lower case; None where it could not be read."""
    if query is None or len(query) > _LONGEST_KEPT:
        return None if query is None else _read_taken.__wrapped__(query)
    return _read_taken(query)


@functools.lru_cache(maxsize=_MOST_KEPT)
def _read_taken(query: str) -> Mapping[str, tuple[Taken, ...]] | None:
    try:
        queries = read_query_list(query)
    except FormatError:
        return None
    found: dict[str, list[Taken]] = {}
    for each in queries:
        suppresses = _by_channel(each.suppresses)
        for name, selects in _by_channel(each.selects).items():
            found.setdefault(name, []).append(Taken(tuple(selects), tuple(suppresses.get(name, ()))))
    return {name: tuple(taken) for name, taken in found.items()}


def _by_channel(parts: Iterable[Part]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in parts:
        found.setdefault(part.channel.casefold(), []).append(part.xpath)
    return found


def _codes_of(event: int, status: str | None) -> Mapping[str, int] | None:
    if event != CREATED_PARTLY:
        return {}
    if status is None or len(status) > _LONGEST_KEPT:
        return None if status is None else _read_codes.__wrapped__(status)
    return _read_codes(status)


@functools.lru_cache(maxsize=_MOST_KEPT)
def _read_codes(status: str) -> Mapping[str, int] | None:
    try:
        codes = read_query_status(status)
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
    return _host_of(address) if len(address) <= _LONGEST_ADDRESS else _host_of.__wrapped__(address)


@functools.lru_cache(maxsize=256)  # all nodes send to the same few
def _host_of(address: str) -> str:
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


_Asked = tuple[int, str | None, str | None]
"""Of a subscription that is made, all that decides over channels: the id of its event, its query, its status."""
_Answer = tuple[Mapping[str, tuple[Taken, ...]] | None, Mapping[str, int] | None]
"""What it takes of each channel, and what became of single ones; None where that could not be read."""


def coverage(source: ChannelSource, made: Iterable[Subscription]) -> Coverage:
    """What the active ones among these subscriptions do with a channel."""
    return _coverage(source, _answers(_asked(made)))


def coverages(made: Iterable[Subscription]) -> Mapping[str, Coverage]:
    """The same for every channel that detections may need, by the name that ``CHANNEL_SOURCES`` has for it."""
    asked = _asked(made)
    kept = sum(len(text) for _, *texts in asked for text in texts if text) <= _LONGEST_KEPT
    return (_coverages if kept else _coverages.__wrapped__)(asked)


def _asked(made: Iterable[Subscription]) -> tuple[_Asked, ...]:
    return tuple((each.event, each.query, each.status) for each in made if each.active)


@functools.lru_cache(maxsize=_MOST_KEPT)
def _coverages(asked: tuple[_Asked, ...]) -> Mapping[str, Coverage]:
    answers = _answers(asked)
    return {source.name: _coverage(source, answers) for source in CHANNEL_SOURCES}


def _answers(asked: tuple[_Asked, ...]) -> list[_Answer]:
    return [(_taken_of(query), _codes_of(event, status)) for event, query, status in asked]


def _coverage(source: ChannelSource, active: Sequence[_Answer]) -> Coverage:
    name = source.name.casefold()
    taking = [(own, codes) for taken, codes in active if taken is not None and (own := taken.get(name))]
    readable = [own for own, codes in taking if codes is not None and codes.get(name, 0) == 0]
    found = _filtered(source, [each for own in readable for each in own])
    if found.shipped is Shipped.WHOLE:
        return found
    if any(taken is None for taken, _ in active) or any(codes is None for _, codes in taking):
        return Coverage(source, Shipped.UNSEEN)
    if readable or not taking:
        return found
    refused = [code for _, codes in taking if (code := (codes or {}).get(name)) not in (None, NO_SUCH_CHANNEL)]
    return Coverage(source, Shipped.UNREADABLE, code=refused[0]) if refused else Coverage(source, Shipped.ABSENT)


def _filtered(source: ChannelSource, own: Sequence[Taken]) -> Coverage:
    if not own:
        return Coverage(source, Shipped.NOT)
    if any(any(map(takes_all, each.selects)) and not each.suppresses for each in own):
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


def _taken(own: Iterable[Taken], provider: str, number: int) -> bool | None:
    """Whether any of these queries takes an event: a Select of it does, and no Suppress."""
    answers: set[bool | None] = set()
    for each in own:
        selected = _any(takes(xpath, provider, number) for xpath in each.selects)
        suppressed = _any(takes(xpath, provider, number) for xpath in each.suppresses)
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
