"""What subscriptions come to: the newest event counts, and what became of single channels."""

from __future__ import annotations

import datetime

import pytest

from hypervigil.controls.effective.forwarding import Shipped, coverage, coverages, host_of, managers, subscriptions
from hypervigil.controls.effective.shippers import other_senders
from hypervigil.evidence.accounts import Services
from hypervigil.evidence.detection_sources import CHANNEL_SOURCES, ChannelSource, Tier, Wanted
from hypervigil.formats.event_query import MOST_CHARACTERS
from hypervigil.model.context import Context, Logs
from hypervigil.model.injection import Maybe
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.synthetic.account_defaults import service, services
from hypervigil.synthetic.logging_defaults import event_forwarding, forwarding_event, query, select, subscription
from hypervigil.synthetic.moments import AT

CHANNEL = ChannelSource(name="Some/Channel", tier=Tier.MUST, wanted=(Wanted("Some", frozenset({7, 9})),))


def test_the_newest_event_of_a_subscription_counts_whatever_the_order() -> None:
    old = forwarding_event(103, subscription="A", time=AT - datetime.timedelta(days=9))
    new = forwarding_event(100, subscription="A", query=query(), time=AT - datetime.timedelta(days=1))
    for events in ((old, new), (new, old)):
        (made,) = subscriptions(event_forwarding(events=events))
        assert (made.name, made.event, made.active) == ("A", 100, True)


def test_of_one_moment_the_higher_record_counts() -> None:
    events = (
        forwarding_event(103, subscription="A", record_id=8),
        forwarding_event(100, subscription="A", record_id=9, query=query()),
    )
    assert subscriptions(event_forwarding(events=events))[0].active


def test_what_101_says_of_channels() -> None:
    event = subscription(select("Security"), codes={"Security": 5, "Nothing": 15007, "System": 0})
    (made,) = subscriptions(event_forwarding(events=(event,)))
    assert made.unreadable == {"security": 5}
    assert made.absent == {"nothing"}


@pytest.mark.parametrize(
    ("selects", "codes", "shipped", "lost"),
    [
        ((select("Some/Channel"),), None, Shipped.WHOLE, ()),
        ((select("some/CHANNEL"),), None, Shipped.WHOLE, ()),
        ((select("Other"),), None, Shipped.NOT, ()),
        ((select("Some/Channel", "*[System[EventID=7]]"),), None, Shipped.FILTERED, (9,)),
        ((select("Some/Channel", "*[System[Level=1]]"),), None, Shipped.CONDITIONS, (7, 9)),
        ((select("Some/Channel", "*[System[Level=1 or EventID=7]]"),), None, Shipped.CONDITIONS, (9,)),
        ((select("Some/Channel", "*[System[EventID=7 or EventID=9]]"),), None, Shipped.WHOLE, ()),
        ((select("Some/Channel"),), {"Some/Channel": 5}, Shipped.UNREADABLE, ()),
        ((select("Some/Channel"),), {"Some/Channel": 15007}, Shipped.ABSENT, ()),
        ((select("Some/Channel"),), {"Other": 15007}, Shipped.WHOLE, ()),
    ],
)
def test_what_becomes_of_a_channel(
    selects: tuple[str, ...], codes: dict[str, int] | None, shipped: Shipped, lost: tuple[int, ...]
) -> None:
    made = subscriptions(event_forwarding(events=(subscription(*selects, codes=codes),)))
    found = coverage(CHANNEL, made)
    assert (found.shipped, found.lost) == (shipped, lost)


def test_what_one_may_not_read_another_takes() -> None:
    refused = subscription(select("Some/Channel"), codes={"Some/Channel": 5})
    other = subscription(select("Some/Channel"), name="Other")
    assert coverage(CHANNEL, subscriptions(event_forwarding(events=(refused, other)))).shipped is Shipped.WHOLE


@pytest.mark.parametrize("padding", [0, 1 << 16, 1 << 20])
def test_all_channels_are_judged_as_one_by_one_however_long_the_query_is(padding: int) -> None:
    asked = select("Security"), select("System", "*[System[EventID=104]]"), " " * padding
    events = (subscription(*asked, codes={"Security": 5}), subscription(*asked, name="Other"))
    made = subscriptions(event_forwarding(events=events))
    found = coverages(made)
    assert found == {source.name: coverage(source, made) for source in CHANNEL_SOURCES}
    shipped = Shipped.WHOLE if padding < MOST_CHARACTERS else Shipped.UNSEEN
    assert found["Security"].shipped is shipped


def test_what_is_remembered_of_one_node_is_not_told_of_another() -> None:
    first, second = (
        subscriptions(event_forwarding(events=(subscription(select(name), codes=codes),)))
        for name, codes in (("Security", None), ("System", {"System": 5}))
    )
    for _ in range(2):
        assert coverages(first)["Security"].shipped is Shipped.WHOLE
        assert coverages(second)["Security"].shipped is Shipped.NOT
        assert coverages(second)["System"].shipped is Shipped.UNREADABLE


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("Server=http://WEC01.contoso.com:5985/wsman/SubscriptionManager/WEC,Refresh=60", "wec01.contoso.com"),
        ("Refresh=60, server=https://wec02:5986/wsman/SubscriptionManager/WEC", "wec02"),
        ("http://wec03/wsman", "wec03"),
        ("wec04", "wec04"),
        ("Server=http://[broken", "Server=http://[broken"),
    ],
)
def test_the_host_in_a_policy(value: str, host: str) -> None:
    assert managers(event_forwarding(subscription_managers=(value,))) == (host,)


def test_the_host_in_what_is_no_address() -> None:
    assert host_of("") == ""


MISSING = Missing("services", Cause.ACCESS_DENIED)


def declared(*agents: str) -> Maybe[Context]:
    return Maybe(Context(file="context.toml", logs=Logs(agents=agents)))


def test_who_else_may_send() -> None:
    nxlog = Maybe(services(service("nxlog")))
    unread = Maybe[Services](None, MISSING)
    undeclared = Maybe[Context](None, Missing("context", Cause.NOT_COLLECTED))
    assert other_senders(nxlog, declared()).none
    assert other_senders(nxlog, declared("NXLOG")).may_send
    assert other_senders(Maybe(services()), declared("nxlog")).none
    assert other_senders(unread, declared("nxlog")).unseen == "nxlog"
    assert other_senders(nxlog, undeclared).may_send
    nobody = other_senders(unread, undeclared)
    assert (nobody.may_send, nobody.none, nobody.unseen) == (False, False, "")
