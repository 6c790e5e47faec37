"""NET-008: what the switch lets a guest pretend."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.network import net_008_guards_on_tenant_vnics as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.vm_settings import MirroringMode
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def node(*changes: dict[str, Any]) -> tuple[Fact, ...]:
    adapters = (fabric.network_adapter(1, id=f"a{place}", **each) for place, each in enumerate(changes))
    other = fabric.network_adapter(2, mac_spoofing=True, dhcp_guard=False, router_guard=False)
    host = fabric.network_adapter(3, vm_id=None, vm_name=None, dhcp_guard=False, router_guard=False)
    return (defaults.vm(1), fabric.vm_network_adapters(*adapters, other, host))


CASES = (
    Case("9, VM vNICs: guarded", Outcome.PASS, ("guarded",), node=node({}), says="Network Adapter"),
    Case("two adapters", Outcome.PASS, ("guarded",), node=node({}, {"name": "Backup"}), says="Network Adapter, Backup"),
    Case("A4: MAC spoofing", Outcome.FAIL, ("spoofs",), node=node({"mac_spoofing": True})),
    Case("9, DHCP guard", Outcome.FAIL, ("no_dhcp_guard",), node=node({"dhcp_guard": False})),
    Case("9, router guard", Outcome.FAIL, ("no_router_guard",), node=node({"router_guard": False})),
    Case(
        "the second adapter has none of it",
        Outcome.FAIL,
        ("spoofs", "no_dhcp_guard", "no_router_guard"),
        node=node({}, {"name": "Backup", "mac_spoofing": True, "dhcp_guard": False, "router_guard": False}),
        says="Backup may send with any MAC address",
    ),
    Case(
        "9, Mirroring: a destination", Outcome.REVIEW, ("listens",), node=node({"mirroring": MirroringMode.DESTINATION})
    ),
    Case("9, Mirroring: a source", Outcome.REVIEW, ("copied",), node=node({"mirroring": MirroringMode.SOURCE})),
    Case(
        "a mode that nobody knows",
        Outcome.REVIEW,
        ("mirroring_odd",),
        node=node({"mirroring": MirroringMode(7)}),
        says="is 7",
    ),
    Case(
        "settings that were not read",
        Outcome.UNKNOWN,
        ("unread",),
        node=node({"mac_spoofing": None, "dhcp_guard": None, "router_guard": None, "mirroring": None}),
        cause=Cause.NOT_IN_SOURCE,
        says="MAC spoofing, DHCP guard, router guard, port mirroring",
    ),
    Case(
        "one that is wrong and one that was not read",
        Outcome.FAIL,
        ("no_dhcp_guard", "unread"),
        node=node({"dhcp_guard": False, "router_guard": None}),
    ),
    Case("no adapter", Outcome.NOT_APPLICABLE, ("no_adapter",), node=node()),
    Case(
        "adapters could not be read",
        Outcome.UNKNOWN,
        node=(defaults.vm(1),),
        gaps={"vm_network_adapters": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
