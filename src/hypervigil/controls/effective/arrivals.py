"""From where people came to a host with administrative rights, as its logons tell.

Two ways count (management-and-network sheet, section 6): RDP, whatever the rights, and network logons (SMB, WinRM, RPC)
with an elevated token. Left out are programs: computer accounts and managed service accounts (a name that ends in
``$``), virtual accounts, and CLIUSR, by which the nodes of a cluster log on to each other; and what came from the host
itself. A fresh RDP session without its logon in the Security log is taken from the session manager's events.
"""

from __future__ import annotations

import datetime
import functools
import ipaddress
from collections.abc import Iterable, Iterator

import msgspec

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.logons import Logon, Logons, LogonType, Trace
from hypervigil.model.context import IpAddress, address_of

RDP, NETWORK, CLEARTEXT = "RDP", "the network", "the network in clear text"
CLUSTER_ACCOUNT = "cliusr"
_SESSIONS = frozenset((21, 25, 4778))
"""Session logon and reconnection of the session manager, and reconnection in the Security log."""
CONNECTED = 1149
"""A connection that the listener let in, which becomes a session or not."""
_RDP_TYPES = frozenset((LogonType.REMOTE_INTERACTIVE, LogonType.CACHED_REMOTE_INTERACTIVE))
_UNLOCK_TYPES = frozenset((LogonType.UNLOCK, LogonType.CACHED_UNLOCK))
"""Unlocked: over RDP where the event has an address, else at the console."""
_NETWORK_TYPES = {LogonType.NETWORK: NETWORK, LogonType.NETWORK_CLEARTEXT: CLEARTEXT}
_SHOWN = 3
_LONGEST_KEPT = 256
"""Characters of the longest text of which is remembered where it stands for."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """People from one place, by one way. ``elevated`` is None for network logons whose rights were not read.

    ``place`` is the address as text, else the name that the client gave of itself, else empty; ``address`` is None
    where there is none that could be placed: not an address at all, or one of the link (fe80::, 169.254.x.x).
    """

    place: str
    address: IpAddress | None
    way: str
    elevated: bool | None
    users: tuple[str, ...]
    count: int
    last: datetime.datetime

    @property
    def shown(self) -> str:
        """Such as ``10.0.0.7 (jdoe over RDP, 3 times, last on 2026-11-15)``."""
        users = ", ".join(self.users[:_SHOWN]) + (" and others" if len(self.users) > _SHOWN else "")
        times = "once" if self.count == 1 else f"{self.count} times, last"
        return f"{self.place or 'no address'} ({users} over {self.way}, {times} on {self.last.date().isoformat()})"


def arrivals(logons: Logons, host: str) -> tuple[Arrival, ...]:
    """Who came from elsewhere, in the order of places; ``host`` is the host's own name."""
    found: dict[tuple[str, str, bool | None], list[tuple[str, int, datetime.datetime]]] = {}
    for key, user, count, time in (*_of_logons(logons.logons, host), *_of_sessions(logons)):
        found.setdefault(key, []).append((user, count, time))
    return tuple(
        Arrival(
            place=place,
            address=placed(place),
            way=way,
            elevated=elevated,
            users=tuple(dict.fromkeys(user for user, _, _ in rows)),
            count=sum(count for _, count, _ in rows),
            last=max(time for _, _, time in rows),
        )
        for (place, way, elevated), rows in sorted(found.items(), key=lambda item: (item[0][0], item[0][1]))
    )


def connections(logons: Logons) -> tuple[str, ...]:
    """Addresses from which RDP let a connection in, sessions or none."""
    places = (_elsewhere(trace.address) for trace in logons.traces if trace.id == CONNECTED)
    return tuple(sorted({place for place in places if place}))


def computers(logons: Logons) -> dict[str, frozenset[str]]:
    """By address, the computer accounts (and CLIUSR) that logged on from there, in lower case without domain and ``$``.

    Only nodes have CLIUSR; a computer account tells whose address it is.
    """
    found: dict[str, set[str]] = {}
    for row in logons.logons:
        place, user = _elsewhere(row.address), _account(row.user)
        if place and (user.endswith("$") or user == CLUSTER_ACCOUNT):
            found.setdefault(place, set()).add(user.removesuffix("$"))
    return {place: frozenset(users) for place, users in found.items()}


def placed(text: str) -> IpAddress | None:
    """The address, IPv4 where it is one within IPv6; None for what no declared network can hold."""
    address = address_of(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return None if address is None or address.is_link_local else address


_Row = tuple[tuple[str, str, bool | None], str, int, datetime.datetime]


def _of_logons(rows: Iterable[Logon], host: str) -> Iterator[_Row]:
    for row in rows:
        user = _account(row.user)
        if user.endswith("$") or user == CLUSTER_ACCOUNT or row.virtual_account:
            continue
        key = _by_network(row, host) if row.logon_type in _NETWORK_TYPES else _by_rdp(row)
        if key is not None:
            yield key, row.user or row.sid, row.count, in_utc(row.time)


def _by_network(row: Logon, host: str) -> tuple[str, str, bool | None] | None:
    """None without administrative rights, and from the host itself, whose own logons have no address."""
    place = _elsewhere(row.address) if row.address else _named(row.workstation, host)
    if row.elevated is False or not place:
        return None
    return place, _NETWORK_TYPES[row.logon_type], row.elevated


def _by_rdp(row: Logon) -> tuple[str, str, bool | None] | None:
    """None at the console. An RDP logon without an address came from somewhere all the same."""
    place = _elsewhere(row.address)
    if row.logon_type in _UNLOCK_TYPES and place:
        return place, RDP, True
    return (place, RDP, True) if row.logon_type in _RDP_TYPES and (place or not row.address) else None


def _of_sessions(logons: Logons) -> Iterator[_Row]:
    """Sessions from places from which no RDP logon is known."""
    known = {_elsewhere(row.address) for row in logons.logons if row.logon_type in _RDP_TYPES}
    for trace in logons.traces:
        place = _elsewhere(trace.address)
        if trace.id in _SESSIONS and place and place not in known:
            yield (place, RDP, True), _who(trace), trace.count, in_utc(trace.time)


def _who(trace: Trace) -> str:
    return trace.user or trace.sid or "somebody"


def _account(user: str | None) -> str:
    return (user or "").rpartition("\\")[2].casefold()


def _named(workstation: str | None, host: str) -> str:
    """The name that a client gave of itself, where it is not the host's own."""
    name = (workstation or "").strip("\\ ")
    return "" if name.casefold() == host.partition(".")[0].casefold() else name


def _elsewhere(text: str | None) -> str:
    """An address as one text, however it is written; empty for the host itself and for no address."""
    written = (text or "").strip()
    return _told(written) if len(written) <= _LONGEST_KEPT else _told.__wrapped__(written)


@functools.lru_cache(maxsize=1024)  # administrators come from the same few places to all nodes
def _told(written: str) -> str:
    if written in ("", "-") or written.casefold() == "local":
        return ""
    address = address_of(written)
    if address is None:
        return written
    plain = placed(written) or address
    return "" if plain.is_loopback or plain.is_unspecified else str(plain)
