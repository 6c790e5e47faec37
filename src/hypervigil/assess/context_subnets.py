"""Networks, subnets and addresses of a context file."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from hypervigil.formats.toml_text import TomlTable
from hypervigil.model.context import HIGHEST_VLAN, LOWEST_VLAN, IpNetwork, Network, Purpose

_CIDR = re.compile(r"[0-9a-fA-F.:]+/\d{1,3}").fullmatch
"""What a subnet looks like. The library would also take a netmask, and a host mask for one."""


def networks_of(table: TomlTable) -> tuple[Network, ...] | None:
    """The networks of the document; None where they are not declared.

    Raises:
        TomlInputError: one is wrong, or two contradict each other.
    """
    if "networks" not in table.keys:
        return None
    entries = table.tables("networks")
    made = tuple(map(_network, entries))
    _refuse_overlaps(entries, made)
    return made


def _network(entry: TomlTable) -> Network:
    entry.refuse_unknown(("purposes", "name", "subnets", "vlans", "isolated"))
    purposes = entry.choices("purposes", Purpose)
    if not purposes:
        expected = "at least one of " + ", ".join(Purpose)
        raise entry.wrong("it is not said what this network is for", "purposes", expected=expected)
    subnets = tuple(
        _subnet(entry, text, "subnets", index) for index, text in enumerate(entry.texts("subnets", "10.20.30.0/24"))
    )
    vlans = entry.numbers("vlans", LOWEST_VLAN, HIGHEST_VLAN)
    for index, vlan in enumerate(vlans):
        if vlan in vlans[:index]:
            raise entry.wrong(f"VLAN {vlan} is there twice", "vlans", index, todo="Take one out.")
    if not subnets and not vlans:
        raise entry.wrong("neither subnets nor vlans are there", todo="Say by which of them the network is known.")
    isolated = entry.optional_flag("isolated")
    if isolated and Purpose.UNTRUSTED in purposes:
        raise entry.wrong(
            "a network is either isolated or untrusted", "isolated", todo="Split the entry, or take one of the two out."
        )
    return Network(
        purposes=frozenset(purposes),
        name=entry.optional_text("name") or "",
        subnets=subnets,
        vlans=vlans or None,
        isolated=isolated,
        place=f"{entry.file}:{entry.line}",
    )


def _subnet(table: TomlTable, text: str, *path: str | int) -> IpNetwork:
    expected = "a subnet such as 10.20.30.0/24 or fd00:20::/64"
    if "/" not in text:
        raise table.wrong(f"{text} has no prefix length", *path, expected=expected)
    try:
        found = ipaddress.ip_network(text, strict=False) if _CIDR(text) else None
    except ValueError:
        found = None
    if found is None:
        raise table.wrong(f"{text} is no subnet", *path, expected=expected)
    if not found.prefixlen:
        raise table.wrong(f"{text} has every address", *path, expected=expected)
    if ipaddress.ip_interface(text).ip != found.network_address:
        raise table.wrong(
            f"{text} is an address in a subnet", *path, expected="the subnet itself", todo=f"Did you mean {found}?"
        )
    return found


def _address(table: TomlTable, text: str, *path: str | int) -> IpNetwork:
    """One address, as the subnet that has it alone, or a subnet."""
    if "/" in text:
        return _subnet(table, text, *path)
    try:
        if "%" not in text:
            return ipaddress.ip_network(text)
    except ValueError:
        pass  # said below, with its place
    raise table.wrong(f"{text} is no address", *path, expected="an address such as 10.20.30.5, or a subnet")


def addresses_of(entry: TomlTable) -> tuple[IpNetwork, ...]:
    """The ``addresses`` of a host, each once: single ones as the subnet that has nothing else.

    Raises:
        TomlInputError: one is neither an address nor a subnet.
    """
    texts = entry.texts("addresses", "10.20.30.5")
    made: dict[IpNetwork, str] = {}
    for index, text in enumerate(texts):
        address = _address(entry, text, "addresses", index)
        if address in made:
            raise entry.wrong(f"{text} is there twice", "addresses", index, todo="Take one out.")
        made[address] = text
    return tuple(made)


def _refuse_overlaps(entries: Sequence[TomlTable], networks: Sequence[Network]) -> None:
    """No subnet twice, and no address in networks of different purposes.

    Two subnets are apart, or one holds the other. So in the order of their first addresses, the larger first, whatever
    holds a subnet has come before it and has not ended yet.
    """
    held = [(subnet, number, index) for number, n in enumerate(networks) for index, subnet in enumerate(n.subnets)]
    held.sort(key=lambda each: (each[0].version, int(each[0].network_address), each[0].prefixlen))
    around: list[tuple[IpNetwork, int, int]] = []
    for found in held:
        while around and (around[-1][0].version != found[0].version or found[0].network_address not in around[-1][0]):
            around.pop()
        if around:
            _refuse_pair(entries, networks, *sorted((around[-1], found), key=lambda each: each[1:]))
        around.append(found)


def _refuse_pair(
    entries: Sequence[TomlTable],
    networks: Sequence[Network],
    first: tuple[IpNetwork, int, int],
    second: tuple[IpNetwork, int, int],
) -> None:
    """Raise where two subnets, the first of which holds the second or the other way round, can not both be right."""
    subnet, number, index = second
    before = f"{entries[0].file}:{entries[first[1]].line_of('subnets', first[2])}"
    if subnet == first[0]:
        raise entries[number].wrong(
            f"{subnet} is there twice, first at {before}",
            *("subnets", index),
            todo="Take one out; a network of several purposes is one entry that names them all.",
        )
    if networks[number].purposes != networks[first[1]].purposes:
        raise entries[number].wrong(
            f"{subnet} ({networks[number].shown_purposes}) overlaps {first[0]} "
            f"({networks[first[1]].shown_purposes}) at {before}",
            *("subnets", index),
            todo="Mend one; a network of several purposes is one entry that names them all.",
        )
