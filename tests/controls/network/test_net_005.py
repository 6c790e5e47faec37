"""NET-005: forwarding, weak hosts and routing services."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.network import net_005_no_forwarding as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.network import AddressFamily
from hypervigil.evidence.registry import DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def node(
    router: Any = None, service: str = "", state: str = "Running", mode: str = "Manual", **changes: Any
) -> tuple[Fact, ...]:
    """``changes`` are fields of the first interface; ``service`` has this state and start mode."""
    fact = fabric.ip_interfaces(**({"ip_enable_router": router} if router is not None else {}))
    first = msgspec.structs.replace(fact.interfaces[0], **changes)
    services = [each for each in account.services().services if each.name != service]
    if service:
        services.append(account.service(service, "LocalSystem", state=state, start_mode=mode))
    return (
        msgspec.structs.replace(fact, interfaces=(first, *fact.interfaces[1:])),
        msgspec.structs.replace(account.services(), services=tuple(services)),
    )


def without_switch() -> tuple[Fact, ...]:
    interfaces, services = node()
    return (msgspec.structs.replace(interfaces, ip_enable_router=None), services)


def without_interfaces() -> tuple[Fact, ...]:
    interfaces, services = node()
    return (msgspec.structs.replace(interfaces, interfaces=()), services)


CASES = (
    Case("nothing forwards", Outcome.PASS, ("none",), node=node()),
    Case(
        "one interface forwards",
        Outcome.FAIL,
        ("forwards",),
        node=node(forwarding=True),
        says="at Management (IPv4, 10.0.9.11/24)",
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "IPv6 forwards, without an address",
        Outcome.FAIL,
        ("forwards",),
        node=node(forwarding=True, family=AddressFamily.IPV6, addresses=()),
        says="(IPv6)",
    ),
    Case("weak receiving", Outcome.FAIL, ("weak",), node=node(weak_host_receive=True), confidence=Confidence.INFERRED),
    Case("weak sending", Outcome.PASS, ("none", "weak_send"), node=node(weak_host_send=True)),
    Case(
        "weak receiving not read",
        Outcome.UNKNOWN,
        ("weak_unseen",),
        node=node(weak_host_receive=None),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "forwarding beats what was not read",
        Outcome.FAIL,
        ("forwards", "weak_unseen"),
        node=node(forwarding=True, weak_host_receive=None),
    ),
    Case("the host's switch", Outcome.FAIL, ("router_switch",), node=node(router=dword(1))),
    Case("the switch is 0", Outcome.PASS, ("none",), node=node(router=dword(0))),
    Case("the switch is 2", Outcome.REVIEW, ("odd_switch",), node=node(router=dword(2))),
    Case(
        "the switch is text",
        Outcome.REVIEW,
        ("odd_switch",),
        node=node(router=RegistryValue(RegistryState.PRESENT, "REG_SZ", "1")),
    ),
    Case(
        "the switch was refused",
        Outcome.UNKNOWN,
        ("switch_refused",),
        node=node(router=DENIED),
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "the switch was not read", Outcome.UNKNOWN, ("switch_unseen",), node=without_switch(), cause=Cause.NOT_IN_SOURCE
    ),
    Case(
        "no interface at all", Outcome.UNKNOWN, ("no_interfaces",), node=without_interfaces(), cause=Cause.NOT_IN_SOURCE
    ),
    Case("routing runs", Outcome.FAIL, ("routing_runs",), node=node(service="RemoteAccess"), says="is running"),
    Case("routing starts", Outcome.FAIL, ("routing_runs",), node=node(service="RemoteAccess", state="Start Pending")),
    Case(
        "routing will start",
        Outcome.REVIEW,
        ("routing_starts",),
        node=node(service="RemoteAccess", state="Stopped", mode="Auto"),
    ),
    Case("routing is stopped", Outcome.PASS, ("none",), node=node(service="RemoteAccess", state="Stopped")),
    Case("sharing runs", Outcome.REVIEW, ("sharing_runs",), node=node(service="SharedAccess")),
    Case("sharing is stopped", Outcome.PASS, ("none",), node=node(service="SharedAccess", state="Stopped")),
    Case(
        "interfaces refused",
        Outcome.UNKNOWN,
        node=node()[1:],
        gaps={"ip_interfaces": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "services refused",
        Outcome.UNKNOWN,
        node=node()[:1],
        gaps={"services": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
