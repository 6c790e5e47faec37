"""From where a firewall rule lets packets in: remote addresses as a set, exact to the single address.

A rule writes single addresses, subnets (with a prefix length or a mask), ranges, and words such as ``LocalSubnet`` that
each host fills in by itself (MicrosoftDocs/windows-powershell-docs, ``NetSecurity/New-NetFirewallRule.md``, parameter
RemoteAddress). Words stay words here: what they stand for is in no rule.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable

import msgspec

from hypervigil.model.context import IpNetwork
from hypervigil.model.wording import few

_LAST = {4: 2**32 - 1, 6: 2**128 - 1}
_ANYWHERE = {4: 2**31, 6: 2**125}
"""So many addresses of a family are no choice: half of IPv4, or as many as 2000::/3, the addresses of the internet
(RFC 4291, 2.4)."""
_SHOWN = 4
"""So many parts are written out."""
_SHORT = 16
"""Lists of so many parts are remembered with what they make; longer ones are rare, and would take much memory."""


class AddressRange(msgspec.Struct, frozen=True, order=True):
    """Addresses of one family (4 or 6) from ``first`` to ``last``, both included, as numbers."""

    version: int
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many addresses it has."""
        return self.last - self.first + 1

    @property
    def shown(self) -> str:
        """As people write it: an address, a subnet where it is one, else a range."""
        kind = ipaddress.IPv4Address if self.version == 4 else ipaddress.IPv6Address  # noqa: PLR2004  the IP version
        first, last = kind(self.first), kind(self.last)
        if first == last:
            return str(first)
        prefix = first.max_prefixlen - (self.count.bit_length() - 1)
        if self.count & (self.count - 1) == 0 and self.first % self.count == 0:
            return f"{first}/{prefix}"
        return f"{first}-{last}"


EVERYTHING = (AddressRange(4, 0, _LAST[4]), AddressRange(6, 0, _LAST[6]))
"""Every address of both families."""


class Sources(msgspec.Struct, frozen=True):
    """Remote addresses: ``ranges`` apart from each other and in order, ``words`` in lower case without a last 4 or 6.

    ``unread`` are parts that nobody could read; a rule whose remote addresses are not in the evidence has one.
    """

    ranges: tuple[AddressRange, ...] = ()
    words: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is left that could come in."""
        return not (self.ranges or self.words or self.unread)

    @property
    def anywhere(self) -> bool:
        """Whether it is no choice of sources: any address, most of a family, or the word Internet."""
        total = {4: 0, 6: 0}
        for each in self.ranges:
            total[each.version] += each.count
        return "internet" in self.words or any(total[version] >= _ANYWHERE[version] for version in total)

    @property
    def shown(self) -> str:
        """For a sentence: any address, or what it is made of."""
        if self.ranges == EVERYTHING:
            return "any address"
        parts = [each.shown for each in self.ranges] + [WORDS.get(word, word) for word in self.words]
        parts += [f"{part} (not understood)" if part else "addresses that were not read" for part in self.unread]
        return few(parts, _SHOWN)

    def without(self, other: Sources) -> Sources:
        """What is left when another set is taken away: its addresses, and words that both have."""
        return Sources(
            subtracted(self.ranges, other.ranges),
            tuple(word for word in self.words if word not in other.words),
            self.unread,
        )

    def outside(self, networks: Iterable[IpNetwork]) -> Sources:
        """What is in none of these networks. Words and what was not read stay."""
        return self.without(Sources(merged(range_of(network) for network in networks)))


WORDS = {
    "localsubnet": "LocalSubnet",
    "dns": "DNS servers",
    "dhcp": "DHCP servers",
    "wins": "WINS servers",
    "defaultgateway": "DefaultGateway",
    "internet": "Internet",
    "intranet": "Intranet",
    "intranetremoteaccess": "IntranetRemoteAccess",
    "playtodevice": "PlayToDevice",
    "captiveportal": "CaptivePortal",
}
"""Words that stand for addresses, in lower case, and how they are shown."""
LOCAL_SUBNET = "localsubnet"


def sources_of(written: Iterable[str]) -> Sources:
    """The set that the remote addresses of a rule make; none written is one part that was not read."""
    parts = tuple(written)
    return _parsed(parts) if len(parts) <= _SHORT else _parsed.__wrapped__(parts)


@functools.lru_cache(maxsize=256)  # the same few on every node and profile
def _parsed(written: tuple[str, ...]) -> Sources:
    ranges: list[AddressRange] = []
    words: set[str] = set()
    unread: list[str] = []
    parts = [part.strip() for part in written]
    for part in parts:
        word = part.casefold()
        found = _range(part)
        if word in ("any", "*"):
            ranges += EVERYTHING
        elif (word if word in WORDS else word.rstrip("46")) in WORDS:
            words.add(word if word in WORDS else word.rstrip("46"))
        elif found is not None:
            ranges.append(found)
        else:
            unread.append(part)
    return Sources(merged(ranges), tuple(sorted(words)), tuple(unread) if parts else ("",))


def range_of(network: IpNetwork) -> AddressRange:
    """The addresses of a subnet, its own and the broadcast address included."""
    return AddressRange(network.version, int(network.network_address), int(network.broadcast_address))


def merged(ranges: Iterable[AddressRange]) -> tuple[AddressRange, ...]:
    """The same addresses as ranges that neither overlap nor touch, in order."""
    found: list[AddressRange] = []
    for each in sorted(ranges):
        last = found[-1] if found else None
        if last and last.version == each.version and each.first <= last.last + 1:
            found[-1] = AddressRange(last.version, last.first, max(last.last, each.last))
        else:
            found.append(each)
    return tuple(found)


def subtracted(ranges: Iterable[AddressRange], taken: Iterable[AddressRange]) -> tuple[AddressRange, ...]:
    """The addresses of the first that none of the second has."""
    left = list(ranges)
    for hole in taken:
        rest: list[AddressRange] = []
        for each in left:
            if each.version != hole.version or each.last < hole.first or hole.last < each.first:
                rest.append(each)
                continue
            if each.first < hole.first:
                rest.append(AddressRange(each.version, each.first, hole.first - 1))
            if hole.last < each.last:
                rest.append(AddressRange(each.version, hole.last + 1, each.last))
        left = rest
    return tuple(left)


def _range(part: str) -> AddressRange | None:
    """An address, a subnet or a range; None for anything else."""
    first, dash, last = part.partition("-")
    try:
        if not dash:
            return range_of(ipaddress.ip_network(part, strict=False))
        low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
    except ValueError:
        return None
    if low.version != high.version or int(low) > int(high):
        return None
    return AddressRange(low.version, int(low), int(high))
