"""Sets of remote addresses."""

from __future__ import annotations

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.controls.effective.sources import AddressRange, Sources, merged, sources_of, subtracted

SMALL = st.builds(
    lambda version, first, more: AddressRange(version, first, min(first + more, 40)),
    st.sampled_from((4, 6)),
    st.integers(0, 40),
    st.integers(0, 12),
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (("Any",), "any address"),
        (("10.9.0.7",), "10.9.0.7"),
        (("10.9.0.0/24",), "10.9.0.0/24"),
        (("10.9.0.0/255.255.255.0",), "10.9.0.0/24"),
        (("10.9.0.0-10.9.0.255",), "10.9.0.0/24"),
        (("10.9.0.5-10.9.0.9",), "10.9.0.5-10.9.0.9"),
        (("10.9.0.0/25", "10.9.0.128/25"), "10.9.0.0/24"),
        (("fe80::/64",), "fe80::/64"),
        (("LocalSubnet",), "LocalSubnet"),
        (("LocalSubnet6", "DefaultGateway4"), "DefaultGateway, LocalSubnet"),
        (("10.9.0.9-10.9.0.5",), "10.9.0.9-10.9.0.5 (not understood)"),
        (("10.9.0.1-fe80::1",), "10.9.0.1-fe80::1 (not understood)"),
        (("somewhere",), "somewhere (not understood)"),
        ((), "addresses that were not read"),
        (tuple(f"10.{n}.0.1" for n in range(6)), "10.0.0.1, 10.1.0.1, 10.2.0.1, 10.3.0.1 and 2 more"),
    ],
)
def test_written_and_shown(written: tuple[str, ...], shown: str) -> None:
    assert sources_of(written).shown == shown


@pytest.mark.parametrize(
    ("written", "anywhere"),
    [
        (("Any",), True),
        (("0.0.0.0/0",), True),
        (("::/0",), True),
        (("1.0.0.0-223.255.255.255",), True),
        (("0.0.0.0/1",), True),
        (("64.0.0.0/2",), False),
        (("2000::/3",), True),
        (("2001:db8::/32",), False),
        (("Internet",), True),
        (("LocalSubnet",), False),
        (("10.0.0.0/8",), False),
        ((), False),
    ],
)
def test_anywhere(written: tuple[str, ...], anywhere: bool) -> None:
    assert sources_of(written).anywhere is anywhere


def test_outside() -> None:
    networks = [ipaddress.ip_network("10.9.0.0/25"), ipaddress.ip_network("10.9.0.128/26")]
    assert sources_of(["10.9.0.0/24", "LocalSubnet"]).outside(networks).shown == "10.9.0.192/26, LocalSubnet"
    assert sources_of(["10.9.0.130"]).outside(networks).empty
    assert not sources_of(["?"]).outside(networks).empty
    assert Sources().empty


def addresses(ranges: tuple[AddressRange, ...]) -> set[tuple[int, int]]:
    return {(each.version, number) for each in ranges for number in range(each.first, each.last + 1)}


@given(st.lists(SMALL).map(tuple), st.lists(SMALL).map(tuple))
def test_ranges_behave_as_sets(one: tuple[AddressRange, ...], other: tuple[AddressRange, ...]) -> None:
    assert addresses(merged(one)) == addresses(one)
    assert addresses(subtracted(merged(one), other)) == addresses(one) - addresses(other)


@given(st.lists(SMALL))
def test_merged_ranges_stand_apart_and_in_order(ranges: list[AddressRange]) -> None:
    found = merged(ranges)
    assert all(b.version > a.version or b.first > a.last + 1 for a, b in itertools.pairwise(found))
