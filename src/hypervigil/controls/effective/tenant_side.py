"""What somebody on the tenants' side found when knocking at the nodes, and what nobody has tried yet.

The proof that a network can not be reached is a knock from each network of tenants at each address of the nodes in it,
on the ports that nodes have there, none of which was answered. An answer, a refusal as well, proves the contrary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hypervigil.controls.effective.isolation import is_answer, target_of
from hypervigil.evidence.network import ClusterNetworks
from hypervigil.evidence.wire import Knock, WireReach
from hypervigil.model.context import OUTSIDE, Context, IpAddress, Network, Purpose, address_of
from hypervigil.model.wording import few

PORTS = (3343, 6600, 445)
"""TCP ports to knock at: cluster, live migration, SMB."""
_SHOWN = 3


class Answered(msgspec.Struct, frozen=True):
    """A port in one of the nodes' networks that answered somebody on the tenants' side."""

    endpoint: str
    network: Network
    source: str
    answer: str


def answers(inner: Sequence[Network], facts: Iterable[WireReach], context: Context | None) -> Iterator[Answered]:
    """Every answer to the tenants' side, each source once for a port."""
    for fact in facts:
        target = target_of(fact)
        networks = [network for network in inner if target is not None and network.holds(target)]
        if networks:
            for knock in fact.knocks:
                if is_answer(knock) and _is_outside(knock, context):
                    source = knock.seen_from or knock.place or ""
                    yield Answered(fact.endpoint, networks[0], source, knock.answer.value)


def _is_outside(knock: Knock, context: Context | None) -> bool:
    """Whether it came from tenants or untrusted, as the operator says of the knock or declares of its address."""
    named = (knock.place or "").casefold()
    if named in OUTSIDE:
        return True
    declared = [network for network in (context.networks if context else None) or () if network.purposes & OUTSIDE]
    return any(_is_from(knock, network) or named == network.name.casefold() != "" for network in declared)


def _is_from(knock: Knock, network: Network) -> bool:
    source = address_of(knock.seen_from or "")
    return source is not None and network.holds(source)


def node_addresses(inner: Sequence[Network], fact: ClusterNetworks) -> tuple[IpAddress, ...]:
    """The addresses that nodes have in the networks, by the cluster's list of interfaces."""
    held = [address_of(text) for interface in fact.interfaces for text in interface.addresses]
    return tuple(dict.fromkeys(each for each in held if each and any(network.holds(each) for network in inner)))


def untried(tenants: Sequence[Network], targets: Sequence[IpAddress], facts: Iterable[WireReach]) -> Iterator[str]:
    """The knocks that miss, in words: from which network of tenants, at which addresses and ports."""
    tried: dict[tuple[IpAddress | None, int], list[Knock]] = {}
    for fact in facts:
        if fact.transport == "tcp":
            tried.setdefault((target_of(fact), fact.port), []).extend(fact.knocks)
    for tenant in tenants:
        missing: dict[str, list[str]] = {}
        for target in targets:
            ports = [port for port in PORTS if not _was_tried(tried.get((target, port), ()), tenant, tenants)]
            if ports:
                missing.setdefault(_ports(ports), []).append(str(target))
        for shown, addresses in missing.items():
            yield f"a knock from {tenant.shown} at TCP {shown} of {few(addresses, _SHOWN)}"


def _was_tried(knocks: Iterable[Knock], tenant: Network, tenants: Sequence[Network]) -> bool:
    """Whether somebody knocked from that network. That it is of tenants says which one only where there is one."""
    names = {tenant.name.casefold()} - {""} | ({Purpose.TENANT.value} if len(tenants) == 1 else set())
    return any(_is_from(knock, tenant) or (knock.place or "").casefold() in names for knock in knocks)


def _ports(ports: Sequence[int]) -> str:
    return ", ".join(map(str, ports[:-1])) + (" and " if len(ports) > 1 else "") + str(ports[-1])
