"""Who knocked from where, and which of the host's adapters carries what."""

from __future__ import annotations

import pytest

from hypervigil.assess.context_file import parse_context
from hypervigil.controls.effective.shared_switches import names_of, subnets_on
from hypervigil.controls.effective.tenant_side import answers, node_addresses, untried
from hypervigil.evidence.network import Route, Routes
from hypervigil.evidence.wire import Knock, Reach, WireReach, endpoint_key
from hypervigil.model.context import Network, Purpose, address_of, subnet_of
from hypervigil.synthetic import fabric_defaults as fabric


def network(subnet: str, purpose: Purpose, name: str = "") -> Network:
    made = subnet_of(subnet)
    assert made is not None
    return Network(purposes=frozenset((purpose,)), name=name, subnets=(made,))


INNER = (network("10.20.30.0/24", Purpose.LIVE_MIGRATION, "Migration"),)
CUSTOMERS = network("172.16.0.0/12", Purpose.TENANT, "Customers")
LABS = network("192.168.0.0/16", Purpose.TENANT, "Labs")
CONTEXT = parse_context(
    b'[[networks]]\nname = "Customers"\npurposes = ["tenant"]\nsubnets = ["172.16.0.0/12"]\n'
    b'[[networks]]\npurposes = ["untrusted"]\nsubnets = ["192.0.2.0/24"]\n'
    b'[[networks]]\nname = "Admins"\npurposes = ["management"]\nsubnets = ["10.0.9.0/24"]\n',
    "context.toml",
)


def reach(
    port: int, answer: Reach, source: str | None = "172.16.5.9", place: str | None = None, host: str = "10.20.30.11"
) -> WireReach:
    knock = Knock(seen_from=source, place=place, answer=answer)
    return WireReach(endpoint=endpoint_key(host, port), host=host, address="10.20.30.11", port=port, knocks=(knock,))


@pytest.mark.parametrize(
    ("source", "place", "declared", "found"),
    [
        ("172.16.5.9", None, True, True),
        ("172.16.5.9", None, False, False),
        ("192.0.2.9", None, True, True),
        ("10.0.9.5", None, True, False),
        ("10.0.9.5", "Admins", True, False),
        ("10.99.0.5", "Tenant", False, True),
        ("10.99.0.5", "untrusted", False, True),
        ("10.99.0.5", "customers", True, True),
        (None, "", True, False),
        (None, None, True, False),
    ],
)
def test_the_side_that_a_knock_came_from(source: str | None, place: str | None, declared: bool, found: bool) -> None:
    facts = (reach(445, Reach.OPEN, source, place), reach(6600, Reach.SILENT, source, place))
    seen = list(answers(INNER, facts, CONTEXT if declared else None))
    assert [each.endpoint for each in seen] == (["10.20.30.11:445/tcp"] if found else [])


def test_an_answer_from_elsewhere_is_none_of_this() -> None:
    elsewhere = WireReach(endpoint="x", host="10.1.0.5", port=445, knocks=(Knock(place="tenant", answer=Reach.OPEN),))
    assert list(answers(INNER, (elsewhere,), None)) == []


TARGET = address_of("10.20.30.11")
ALL = tuple(reach(port, Reach.SILENT) for port in (3343, 6600, 445))


@pytest.mark.parametrize(
    ("tenants", "facts", "found"),
    [
        ((CUSTOMERS,), ALL, []),
        ((CUSTOMERS,), ALL[1:], ["a knock from Customers at TCP 3343 of 10.20.30.11"]),
        ((CUSTOMERS,), ALL[2:], ["a knock from Customers at TCP 3343 and 6600 of 10.20.30.11"]),
        # The same port under two names: what was knocked at is the address.
        ((CUSTOMERS,), (*ALL, reach(445, Reach.SILENT, "10.9.9.9", host="hv01")), []),
        ((CUSTOMERS, LABS), ALL, ["a knock from Labs at TCP 3343, 6600 and 445 of 10.20.30.11"]),
        ((), ALL, []),
    ],
)
def test_what_nobody_has_tried(tenants: tuple[Network, ...], facts: tuple[WireReach, ...], found: list[str]) -> None:
    assert TARGET is not None
    assert list(untried(tenants, (TARGET,), facts)) == found


def test_tenant_names_a_network_only_where_there_is_one() -> None:
    assert TARGET is not None
    facts = tuple(reach(port, Reach.SILENT, None, "tenant") for port in (3343, 6600, 445))
    assert list(untried((CUSTOMERS,), (TARGET,), facts)) == []
    assert len(list(untried((CUSTOMERS, LABS), (TARGET,), facts))) == 2


def test_addresses_of_nodes() -> None:
    held = node_addresses(INNER, fabric.cluster_networks("HV01", "HV02"))
    assert [str(address) for address in held] == ["10.20.30.11", "10.20.30.12"]


def test_subnets_of_an_interface() -> None:
    def route(destination: str, hop: str = "0.0.0.0", alias: str | None = "vEthernet (Cluster)") -> Route:
        return Route(destination=destination, next_hop=hop, interface_index=4, interface_alias=alias)

    fact = Routes(
        routes=(
            route("10.20.10.0/24"),
            route("10.20.10.11/32"),
            route("224.0.0.0/4"),
            route("fe80::/64", "::"),
            route("fd00::/64", "::"),
            route("0.0.0.0/0"),
            route("10.30.0.0/16", "10.20.10.1"),
            route("10.40.0.0/16", alias="Ethernet"),
            route("10.50.0.0/16", alias=None),
            route("rubbish"),
        )
    )
    assert [str(subnet) for subnet in subnets_on("vethernet (cluster)", fact)] == ["10.20.10.0/24", "fd00::/64"]


def test_names_of_vms() -> None:
    adapters = [fabric.network_adapter(number) for number in (1, 1, 2, 3, 4, 5)]
    assert names_of(adapters) == "VM0001, VM0002, VM0003 and 2 more"
    assert names_of(adapters[:1]) == "VM0001"
    assert names_of([fabric.network_adapter(1, vm_name=None)]) == fabric.network_adapter(1).vm_id
