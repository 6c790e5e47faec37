"""Addresses: what lies in what is the same afterwards, and nothing is what it was."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hypervigil.evidence.redaction.addresses import Addresses
from hypervigil.evidence.redaction.identifiers import Identifiers

ADDRESSES = Addresses(Identifiers(b"a key of these tests"))
SHORTEST = 8
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
DOCUMENTATION = (b"\xc0\x00", b"\xc6\x33", b"\xcb\x00")
"""192.0, 198.51 and 203.0: some of these are for documentation, which nobody judges by."""
UNMIXED = 16
"""From so many bits on, no subnet holds addresses of two kinds, whatever its first octet."""


def made(text: str) -> str:
    found = ADDRESSES.address(text)
    assert found is not None
    return found


private = st.sampled_from(PRIVATE).flatmap(lambda net: st.ip_addresses(network=net))


def mixed(address: ipaddress.IPv4Address) -> bool:
    """Whether there are private or other special addresses with the same first octet, and some that are not."""
    return address.packed[0] in (100, 169, 172, 192, 198, 203)


v4 = st.one_of(private, st.ip_addresses(v=4))
v6 = st.one_of(
    st.ip_addresses(v=6), st.ip_addresses(network="fd00:1:2::/48"), st.ip_addresses(network="2001:db8:5::/48")
)


@given(one=st.one_of(v4, v6), other=st.one_of(v4, v6))
def test_different_addresses_stay_different(one: ipaddress.IPv4Address, other: ipaddress.IPv4Address) -> None:
    assert (made(str(one)) == made(str(other))) is (one == other)


@given(data=st.data(), address=v4, prefix=st.integers(SHORTEST, 32))
def test_an_ipv4_address_is_in_a_subnet_exactly_where_it_was(
    data: st.DataObject, address: ipaddress.IPv4Address, prefix: int
) -> None:
    other = data.draw(v4)
    assume(prefix >= UNMIXED or not mixed(address))
    for inside in (address, other):
        subnet = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
        mapped = ipaddress.ip_network(made(str(subnet)))
        assert (ipaddress.ip_address(made(str(inside))) in mapped) is (inside in subnet)


used_v6 = st.sampled_from(("2000::/3", "fd00::/8", "2001:db8:5::/48", "fd00:1:2::/48")).flatmap(
    lambda net: st.ip_addresses(network=net)
)


@given(address=used_v6, other=used_v6, prefix=st.integers(SHORTEST, 64))
def test_an_ipv6_address_is_in_a_subnet_exactly_where_it_was(
    address: ipaddress.IPv6Address, other: ipaddress.IPv6Address, prefix: int
) -> None:
    for inside in (address, other):
        subnet = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
        mapped = ipaddress.ip_network(made(str(subnet)))
        assert (ipaddress.ip_address(made(str(inside))) in mapped) is (inside in subnet)


@given(address=v4, lengths=st.tuples(st.integers(SHORTEST, 32), st.integers(SHORTEST, 32)))
def test_a_subnet_of_a_subnet_stays_one(address: ipaddress.IPv4Address, lengths: tuple[int, int]) -> None:
    assume(min(lengths) >= UNMIXED or not mixed(address))
    outer, inner = (ipaddress.ip_network(f"{address}/{length}", strict=False) for length in sorted(lengths))
    assert isinstance(inner, ipaddress.IPv4Network)
    assert isinstance(outer, ipaddress.IPv4Network)
    mapped = [ipaddress.ip_network(made(str(net))) for net in (inner, outer)]
    assert mapped[0].subnet_of(mapped[1])  # type: ignore[arg-type]


@given(address=v4)
def test_private_stays_private_and_public_public(address: ipaddress.IPv4Address) -> None:
    assume(address.packed[:2] not in DOCUMENTATION)
    mapped = ipaddress.ip_address(made(str(address)))
    assert mapped.is_private is address.is_private
    for trait in ("is_loopback", "is_multicast", "is_link_local", "is_unspecified"):
        assert getattr(mapped, trait) is getattr(address, trait)


@given(address=private)
def test_no_private_address_becomes_one_that_a_network_uses(address: ipaddress.IPv4Address) -> None:
    assert ipaddress.ip_address(made(str(address))) in ipaddress.ip_network("240.0.0.0/4")


@given(first=st.integers(0, 255), last=st.integers(0, 255), probe=st.integers(0, 255))
def test_a_range_within_256_addresses_keeps_what_is_in_it(first: int, last: int, probe: int) -> None:
    low, high = sorted((first, last))
    found = ADDRESSES.range(f"10.1.2.{low}-10.1.2.{high}")
    assert found is not None
    ends = [ipaddress.ip_address(end) for end in found.split("-")]
    inside = ipaddress.ip_address(made(f"10.1.2.{probe}"))
    assert (ends[0] <= inside <= ends[1]) is (low <= probe <= high)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("10.1.2.5/24", "/24"),
        ("10.1.2.0/255.255.255.0", "/255.255.255.0"),
        ("2001:db8::5%12", "%12"),
        ("fd00::/64", "/64"),
    ],
)
def test_what_follows_an_address_stays(text: str, form: str) -> None:
    assert made(text).endswith(form)


def test_an_address_in_a_subnet_is_told_from_the_subnet() -> None:
    net, host = made("10.1.2.0/23"), made("10.1.3.0/23")
    assert ipaddress.ip_network(net).prefixlen == 23
    assert ipaddress.ip_interface(host).network == ipaddress.ip_network(net)


def test_a_mac_address_in_an_ipv6_address_is_its_pseudonym() -> None:
    identifiers = Identifiers(b"a key of these tests")
    mac = identifiers.mac("00155d0a0b0c")
    assert mac is not None
    for prefix in ("fe80::", "2001:db8:1:2:"):
        found = Addresses(identifiers).address(f"{prefix}215:5dff:fe0a:b0c")
        assert found is not None
        lower = int(ipaddress.IPv6Address(found)) & ((1 << 64) - 1)
        raw = lower.to_bytes(8, "big")
        assert bytes((raw[0] ^ 2, *raw[1:3], *raw[5:])).hex() == mac


def test_mapped_ipv4_addresses_are_those_in_ipv4() -> None:
    assert made("::ffff:10.1.2.3").endswith(
        str(ipaddress.IPv6Address(f"::ffff:{made('10.1.2.3')}")).removeprefix("::ffff:")
    )


@pytest.mark.parametrize("text", ["", "10.1.2", "10.1.2.256", "10.1.2.3/33", "text", "1.2.3.4/x", "/24", "%1"])
def test_what_is_none_is_left_to_others(text: str) -> None:
    assert ADDRESSES.address(text) is None
    assert ADDRESSES.range(text) is None
