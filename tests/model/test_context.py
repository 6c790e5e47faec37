"""What a control asks of a context: which network an address is in, who may administer, which cluster it is about."""

from __future__ import annotations

import ipaddress

import pytest

from hypervigil.model.context import AdminGroup, Context, GuestRef, IpNetwork, Network, Purpose, address_of, subnet_of


def network(*subnets: str, purpose: Purpose = Purpose.CLUSTER, name: str = "") -> Network:
    return Network(purposes=frozenset({purpose}), name=name, subnets=tuple(map(ipaddress.ip_network, subnets)))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.5", "10.0.0.5"),
        (" 10.0.0.5/24 ", "10.0.0.5"),
        ("fe80::1%7", "fe80::1"),
        ("fe80::1%7/64", "fe80::1"),
        ("10.0.0.256", None),
        ("HV01", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_an_address_as_evidence_writes_it(text: str, address: str | None) -> None:
    assert address_of(text) == (ipaddress.ip_address(address) if address else None)


@pytest.mark.parametrize(
    ("text", "subnet"),
    [
        ("10.0.0.5/24", "10.0.0.0/24"),
        ("10.0.0.5", "10.0.0.5/32"),
        ("fd00::1/64", "fd00::/64"),
        ("x/8", None),
        ("", None),
    ],
)
def test_a_subnet_as_evidence_writes_it(text: str, subnet: str | None) -> None:
    assert subnet_of(text) == (ipaddress.ip_network(subnet) if subnet else None)


@pytest.mark.parametrize(
    ("subnet", "covered", "touched"),
    [
        ("10.0.0.0/24", True, True),
        ("10.0.0.128/25", True, True),
        ("10.0.0.0/23", False, True),
        ("10.0.1.0/24", False, False),
        ("fd00::/64", True, True),
        ("fd00::/32", False, True),
        ("::/96", False, False),
    ],
)
def test_a_network_covers_or_touches_a_subnet(subnet: str, covered: bool, touched: bool) -> None:
    asked = ipaddress.ip_network(subnet)
    own = network("10.0.0.0/24", "fd00::/64")
    assert (own.covers(asked), own.touches(asked)) == (covered, touched)


def test_an_address_is_in_the_network_with_the_smallest_subnet() -> None:
    wide, narrow = network("10.0.0.0/8", name="wide"), network("10.1.0.0/16", name="narrow")
    for order in ((wide, narrow), (narrow, wide)):
        context = Context(file="c", networks=order)
        assert context.network_of(ipaddress.ip_address("10.1.2.3")) is narrow
        assert context.network_of(ipaddress.ip_address("10.2.2.3")) is wide
        assert context.network_of(ipaddress.ip_address("fd00::1")) is None
    assert Context(file="c").network_of(ipaddress.ip_address("10.1.2.3")) is None


def test_networks_by_purpose() -> None:
    tenant, cluster = network("10.0.0.0/8", purpose=Purpose.TENANT), network("11.0.0.0/8")
    context = Context(file="c", networks=(tenant, cluster))
    assert context.networks_for(Purpose.TENANT) == (tenant,)
    assert Context(file="c").networks_for(Purpose.TENANT) == ()


def test_a_network_is_shown_by_what_is_known_of_it() -> None:
    assert network("10.0.0.0/8", name="N").shown == "N"
    assert network("10.0.0.0/8", "11.0.0.0/8").shown == "10.0.0.0/8, 11.0.0.0/8"
    assert Network(purposes=frozenset({Purpose.STORAGE, Purpose.CLUSTER}), vlans=(1, 2)).shown == "VLAN 1, 2"
    both = Network(purposes=frozenset({Purpose.LIVE_MIGRATION, Purpose.CLUSTER}))
    assert both.shown_purposes == "cluster and live migration"


@pytest.mark.parametrize(
    ("written", "sid", "name", "called"),
    [
        ("S-1-5-32-544", "S-1-5-32-544", "Administrators", True),
        ("S-1-5-32-544", "s-1-5-32-544", None, True),
        ("S-1-5-32-544", None, "S-1-5-32-544", False),
        (r"CONTOSO\Ops", "S-1-5-21-1", r"contoso\OPS", True),
        (r"CONTOSO\Ops", None, r"FABRIKAM\Ops", False),
        (r"CONTOSO\Ops", None, "Ops", False),
        ("Ops", None, r"FABRIKAM\ops", True),
        ("Ops", None, "ops", True),
        ("Ops", None, None, False),
    ],
)
def test_a_group_by_sid_or_name(written: str, sid: str | None, name: str | None, called: bool) -> None:
    assert AdminGroup(written=written).is_called(sid, name) is called


def test_a_guest_by_name_or_id() -> None:
    guid = "0f0e0d0c-0b0a-4908-8706-050403020100"
    assert GuestRef(vm="DC01").means(guid, "dc01")
    assert GuestRef(vm=guid).means(guid.upper(), "whatever")
    assert not GuestRef(vm="DC01").means(guid, "DC011")


def test_which_cluster_it_is_about() -> None:
    own = Context(file="c", clusters=("CL01",))
    assert own.is_about(["cl01", "11111111"])
    assert not own.is_about(["CL02"])
    assert Context(file="c").is_about([])


def test_where_administrators_come_from_is_not_known_where_nobody_says() -> None:
    assert Context(file="c").administers_from is None
    nobody: tuple[IpNetwork, ...] = ()
    assert Context(file="c", jump_hosts=()).administers_from == nobody
    assert Context(file="c", wac_gateways=()).administers_from == nobody
