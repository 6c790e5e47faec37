"""Whether what a firewall lets in to a port of administration lies in the subnets that are declared for administrators.

Those are the management networks, and the addresses of jump hosts, PAWs and gateways. SMB and the mapper of RPC are not
for administrators alone: nodes need them of each other, so that there the declared networks of the nodes count as well.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

import msgspec

from hypervigil.controls.effective.firewall import (
    RDP,
    RDP_UDP,
    RPC,
    SMB,
    WAC,
    WAC_CLIENT,
    WINRM_HTTP,
    WINRM_HTTPS,
    Opening,
    openings,
)
from hypervigil.controls.effective.sources import LOCAL_SUBNET, Sources
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.model.context import INFRASTRUCTURE, Context, IpNetwork, Purpose

FOR_ADMINISTRATORS = (RDP, RDP_UDP, WINRM_HTTP, WINRM_HTTPS, WAC, WAC_CLIENT)
FOR_NODES_TOO = (SMB, RPC)
LARGE = {4: 24, 6: 64}
"""A subnet of a shorter prefix is large, by the version of IP: more neighbours than a management network needs. The
numbers are this project's choice."""


class Kind(enum.Enum):
    """What is to say of sources: ANYBODY, NEIGHBOURS (LocalSubnet, and that is large) and OUTSIDE are too much.

    The others are open: WORD (who is that?), UNDECLARED (not all that would count is declared), DOUBTFUL (the rule may
    be narrower), UNREAD.
    """

    ANYBODY = enum.auto()
    NEIGHBOURS = enum.auto()
    OUTSIDE = enum.auto()
    WORD = enum.auto()
    UNDECLARED = enum.auto()
    DOUBTFUL = enum.auto()
    UNREAD = enum.auto()


class Admission(msgspec.Struct, frozen=True):
    """Sources that are let in to ports and are not known to be administrators'."""

    kind: Kind
    sources: str
    ports: str
    way: Opening


def ways_in(rules: FirewallRules) -> dict[tuple[Opening, bool], list[str]]:
    """Every way in with the ports that it opens; the flag tells ports that nodes need of each other."""
    found: dict[tuple[Opening, bool], list[str]] = {}
    for shared, entrances in ((False, FOR_ADMINISTRATORS), (True, FOR_NODES_TOO)):
        for entrance in entrances:
            for way in openings(rules, None, entrance):
                found.setdefault((way, shared), []).append(entrance.shown)
    return found


def admissions(rules: FirewallRules, context: Context | None) -> Iterator[Admission]:
    """What the rules let in beyond the declared subnets, way by way."""
    for (way, shared), ports in ways_in(rules).items():
        for kind, sources in _kinds(way, shared, context):
            yield Admission(kind, sources, ", ".join(ports), way)


def _kinds(way: Opening, shared: bool, context: Context | None) -> Iterator[tuple[Kind, str]]:
    rest = way.sources if way.sources.anywhere else way.sources.outside(_allowed(shared, context))
    if rest.anywhere:
        yield (Kind.DOUBTFUL if way.doubts else Kind.ANYBODY), rest.shown
        return
    if rest.ranges:
        known = Kind.OUTSIDE if _is_declared(rest, shared, context) else Kind.UNDECLARED
        kind = Kind.DOUBTFUL if known is Kind.OUTSIDE and way.doubts else known
        yield kind, Sources(rest.ranges).shown
    if LOCAL_SUBNET in rest.words and _large(context):
        yield (Kind.DOUBTFUL if way.doubts else Kind.NEIGHBOURS), f"LocalSubnet ({_large(context)})"
    elif rest.words:
        yield Kind.WORD, Sources(words=rest.words).shown
    if rest.unread:
        yield Kind.UNREAD, Sources(unread=rest.unread).shown


def _allowed(shared: bool, context: Context | None) -> list[IpNetwork]:
    if context is None:
        return []
    purposes = INFRASTRUCTURE if shared else {Purpose.MANAGEMENT}
    found = [subnet for each in context.networks or () if each.purposes & purposes for subnet in each.subnets]
    return [*found, *(context.administers_from or ())]


def _is_declared(rest: Sources, shared: bool, context: Context | None) -> bool:
    """Whether all is declared that these sources may be: management, jump hosts with addresses, the nodes' networks."""
    if context is None or context.jump_hosts is None or not _management(context):
        return False
    if shared and not any(network.subnets for network in context.networks_for(Purpose.CLUSTER)):
        return False
    machines = [host.addresses for host in context.jump_hosts]
    machines += [gateway.addresses for gateway in context.wac_gateways or ()]
    return all(machines) or any(each.count > 1 for each in rest.ranges)


def _management(context: Context) -> list[IpNetwork]:
    return [subnet for each in context.networks_for(Purpose.MANAGEMENT) for subnet in each.subnets]


def _large(context: Context | None) -> str:
    """The declared management subnets that are large, as a text."""
    subnets = _management(context) if context else []
    return ", ".join(str(subnet) for subnet in subnets if subnet.prefixlen < LARGE[subnet.version])
