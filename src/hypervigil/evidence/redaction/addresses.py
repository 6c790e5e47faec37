"""Pseudonyms for IP addresses and subnets that keep what lies in what.

IPv4. Two addresses have as long a common prefix afterwards as before, up to 24 bits; the last 8 bits stay. So an
address is in a subnet exactly where it was, a subnet of more than 24 bits stays one, and so does a range within 256
addresses. Private addresses (RFC 1918) go to 240.0.0.0/4, which no network uses: they are private there too,
and no pseudonym is somebody's address. Other addresses go to others of the kind. Loopback, link-local, multicast and
"any" stay.

IPv6. Likewise over all 128 bits, behind the first three bits of global addresses and the first eight of local ones. A
lower half that was made from a MAC address is made from that one's pseudonym; else link-local addresses stay.

Not kept: what lies in a prefix of less than 8 bits, in one that holds private addresses and others (172.0.0.0/8), or in
a range of more than 256 addresses; and which addresses are for documentation.
"""

from __future__ import annotations

import ipaddress

from hypervigil.evidence.redaction.identifiers import Identifiers

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOVED = {10: 250, 172: 251, 192: 252}
_LOOPBACK = 127
_RESERVED = 240
_MASKS = 255
_FROM_MAC = 0xFFFE
_MIXED = {100: 16, 169: 16, 172: 12, 192: 16, 198: 16, 203: 16}
"""First octets with both kinds of addresses behind them (IANA's special-purpose registry): as many bits stay."""
_PUBLIC = [octet for octet in range(1, 224) if octet not in (*_MOVED, *_MIXED, _LOOPBACK)]
_V4_BITS = 32
_V4_PERMUTED = 24


class Addresses:
    """Makes pseudonyms with the key of ``identifiers``, and remembers what it replaced."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self._bits: dict[tuple[int, int, int], int] = {}
        self.replaced: dict[str, str] = {}
        order = sorted(_PUBLIC, key=lambda octet: identifiers.number("octet", str(octet)))
        self._octets = dict(zip(_PUBLIC, order, strict=True))

    def address(self, text: str) -> str | None:
        """An address with what may follow it: a zone, a prefix length or a mask. None where it is none."""
        bare, slash, length = text.partition("/")
        bare, percent, zone = bare.partition("%")
        try:
            found = ipaddress.ip_address(bare)
            prefix = _prefix(found, length) if slash else None
        except ValueError:
            return None
        made = self._mapped(found)
        if prefix is not None and int(found) & _host_bits(found, prefix) == 0:
            # A subnet, not an address in one: its host bits are none.
            made = type(found)(int(made) & ~_host_bits(found, prefix))
        if made != found:
            self.replaced[bare] = str(made)
        return f"{made}{percent}{zone}{slash}{length}"

    def range(self, text: str) -> str | None:
        """Two addresses with a dash between them, the lower one first. None where it is no range."""
        low, dash, high = text.partition("-")
        try:
            ends = ipaddress.ip_address(low.strip()), ipaddress.ip_address(high.strip())
        except ValueError:
            return None
        if not dash or ends[0].version != ends[1].version:
            return None
        made = sorted(int(self._mapped(end)) for end in ends)
        for end in ends:
            self.address(str(end))
        return "-".join(str(type(ends[0])(number)) for number in made)

    def _mapped(self, address: Address) -> Address:
        return self._v4(address) if isinstance(address, ipaddress.IPv4Address) else self._v6(address)

    def _v4(self, address: ipaddress.IPv4Address) -> ipaddress.IPv4Address:
        first = address.packed[0]
        if address.is_loopback or address.is_link_local or address.is_multicast or first == 0:
            return address
        number = int(address)
        if first == _MASKS:  # masks, and the broadcast address
            return address
        if first >= _RESERVED:  # what was redacted before
            return ipaddress.IPv4Address(self._permuted(number, 32, 8))
        if any(address in network for network in _PRIVATE):
            kept = _MIXED.get(first, 8)
            return ipaddress.IPv4Address(self._permuted(number, 32, kept) & 0xFFFFFF | _MOVED[first] << 24)
        if address in _SHARED:
            return ipaddress.IPv4Address(self._permuted(number, 32, _SHARED.prefixlen))
        if first in _MIXED:
            # Sixteen bits, whichever octet: less would let it slip in among the private ones.
            return ipaddress.IPv4Address(self._permuted(number, 32, 16))
        return ipaddress.IPv4Address(self._permuted(number, 32, 8) & 0xFFFFFF | self._octets[first] << 24)

    def _v6(self, address: ipaddress.IPv6Address) -> ipaddress.IPv6Address:
        if address.ipv4_mapped is not None:
            return ipaddress.IPv6Address(int(address) >> 32 << 32 | int(self._v4(address.ipv4_mapped)))
        if address.is_loopback or address.is_multicast or address.is_unspecified:
            return address
        number = int(address)
        lower = number & _LOWER
        from_mac = lower >> 24 & 0xFFFF == _FROM_MAC
        if not address.is_link_local:
            kept = 8 if address in _LOCAL else 3
            number = self._permuted(number, 128, kept)
            lower = number & _LOWER
        if from_mac:
            lower = self._identifiers.eui64(int(address) & _LOWER)
        return ipaddress.IPv6Address(number >> 64 << 64 | lower)

    def _permuted(self, number: int, bits: int, kept: int) -> int:
        """Every bit behind the first ``kept`` turned or not, as the bits before it decide: prefixes stay prefixes."""
        last = _V4_PERMUTED if bits == _V4_BITS else bits
        made = number
        for place in range(kept, last):
            before = number >> (bits - place)
            turn = self._bits.get((bits, place, before))
            if turn is None:
                turn = self._identifiers.number("bit", f"{bits} {place} {before}") & 1
                self._bits[bits, place, before] = turn
            made ^= turn << (bits - place - 1)
        return made


_LOWER = (1 << 64) - 1
_LOCAL = ipaddress.IPv6Network("fc00::/7")
_PRIVATE = tuple(ipaddress.IPv4Network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")


def _prefix(address: Address, length: str) -> int:
    """A prefix length, given as such or as a mask.

    Raises:
        ValueError: it is neither.
    """
    return ipaddress.ip_network(f"{address}/{length}", strict=False).prefixlen


def _host_bits(address: Address, prefix: int) -> int:
    return (1 << (address.max_prefixlen - prefix)) - 1
