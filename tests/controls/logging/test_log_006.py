"""LOG-006: the Security log is kept elsewhere."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.logging import log_006_kept_elsewhere as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.evidence.fact import Fact
from hypervigil.model.context import Context, Logs
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.logging_defaults import event_forwarding, forwarding_event, select, subscription
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def declared(**changes: Any) -> Context:
    logs = {"destinations": ("wec01.contoso.com",), "agents": (), "kept_days": 365, "required_days": 180}
    return Context(file="context.toml", logs=Logs(**{**logs, **changes}))


def nodes(*facts: EventForwarding) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{place:02d}": (fact,) for place, fact in enumerate(facts, start=1)}


SENDS = event_forwarding()
STAYS = event_forwarding(subscription_managers=(), events=())
FILTERED = event_forwarding(events=(subscription(select("Security", "*[System[EventID=4624]]")),))
REFUSED = event_forwarding(events=(subscription(select("Security"), codes={"Security": 5}),))
GARBLED = event_forwarding(events=(forwarding_event(100, subscription="Hosts", query="?"),))
NO_LOG = event_forwarding(events=(), window=None)
P, F, R, U = Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.UNKNOWN


def to(collector: str) -> EventForwarding:
    address = f"Server=http://{collector}:5985/wsman/SubscriptionManager/WEC,Refresh=60"
    return event_forwarding(subscription_managers=(address,))


CASES = (
    Case(
        "everything leaves and is kept",
        P,
        ("kept",),
        nodes=nodes(SENDS, SENDS),
        context=declared(),
        says="The Security log of 2 nodes leaves, and is kept for 365 days of 180.",
    ),
    Case("kept to the day", P, ("kept",), nodes=nodes(SENDS), context=declared(kept_days=180)),
    Case("a part of it", P, ("kept", "in_part"), nodes=nodes(SENDS, FILTERED), context=declared(), says="HV02, a part"),
    Case(
        "one keeps it to itself",
        F,
        ("only_store",),
        nodes=nodes(SENDS, STAYS, STAYS),
        context=declared(),
        says="The Security log of HV02, HV03 does not leave",
    ),
    Case("one may not read it", F, ("only_store",), nodes=nodes(SENDS, REFUSED), context=declared()),
    Case("an agent may send it", R, ("agent",), nodes=nodes(STAYS), context=declared(agents=("nxlog",)), says="nxlog"),
    Case(
        "nobody says whether an agent does",
        U,
        ("undeclared",),
        nodes=nodes(STAYS),
        context=declared(agents=None),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "a query that can not be read",
        U,
        ("unseen",),
        nodes=nodes(GARBLED),
        context=declared(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "a log that could not be searched",
        U,
        ("unseen",),
        nodes=nodes(SENDS, NO_LOG),
        context=declared(),
        cause=Cause.NOT_IN_SOURCE,
        says="HV02",
    ),
    Case(
        "the collector is a node",
        F,
        ("on_a_node",),
        nodes=nodes(SENDS, to("HV01.contoso.com")),
        context=declared(),
        says="HV02 would be sent to hv01.contoso.com",
    ),
    Case("the collector is a node by its short name", F, ("on_a_node",), nodes=nodes(to("hv01")), context=declared()),
    Case(
        "the destination is a node",
        F,
        ("on_a_node",),
        nodes=nodes(SENDS),
        context=declared(destinations=("hv01.contoso.com",)),
        says="Events would be sent to hv01.contoso.com",
    ),
    Case("a collector by its address", P, ("kept",), nodes=nodes(to("10.1.0.5")), context=declared()),
    Case("events go nowhere", F, ("nowhere",), nodes=nodes(SENDS), context=declared(destinations=())),
    Case(
        "not kept long enough",
        F,
        ("too_short",),
        nodes=nodes(SENDS),
        context=declared(kept_days=90),
        says="kept for 90 days, and have to be for 180",
    ),
    Case(
        "how long is not declared",
        R,
        ("retention_undeclared",),
        nodes=nodes(SENDS),
        context=declared(kept_days=None),
        says="declared for how long they are kept. How",
    ),
    Case(
        "what is required is not declared",
        R,
        ("retention_undeclared",),
        nodes=nodes(SENDS),
        context=declared(required_days=None),
    ),
    Case(
        "nothing is declared, all leave", R, ("retention_undeclared",), nodes=nodes(SENDS), says="kept and for how long"
    ),
    Case(
        "nothing is declared, one does not leave",
        U,
        ("undeclared", "retention_undeclared"),
        nodes=nodes(STAYS),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "a node was not seen",
        U,
        ("kept",),
        nodes=nodes(SENDS, SENDS),
        gaps={"event_forwarding@HV02": Cause.TIMED_OUT},
        context=declared(),
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "one fails, another was not seen",
        F,
        ("only_store",),
        nodes=nodes(STAYS, SENDS),
        gaps={"event_forwarding@HV02": Cause.TIMED_OUT},
        context=declared(),
    ),
)
