"""The operator's context in a report: what is declared, what contradicts it, and what could not be compared."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from hypervigil.assess.context_seen import Conflict, Unchecked
from hypervigil.model.context import Context, Logs, Network, Shielding, SmbEndpoint, WacGateway
from hypervigil.model.finding import EvidenceRef
from hypervigil.report import json_model as model
from hypervigil.report.text import well_formed

T = TypeVar("T")
Item = Callable[[EvidenceRef], model.EvidenceItem]
"""Makes of a reference what a report says of the fact."""


def used_context(
    context: Context, conflicts: Sequence[Conflict], unchecked: Sequence[Unchecked], item: Item
) -> model.UsedContext:
    """The context as it is reported."""
    return model.UsedContext(
        file=well_formed(context.file),
        digest=context.digest,
        declared=tuple(
            model.DeclaredPart(what=what, values=tuple(map(well_formed, values))) for what, values in declared(context)
        ),
        undeclared=undeclared(context),
        conflicts=tuple(_conflict(conflict, item) for conflict in conflicts),
        unchecked=tuple(_unchecked(part) for part in unchecked),
    )


def _conflict(conflict: Conflict, item: Item) -> model.StatedConflict:
    reason = conflict.reason
    return model.StatedConflict(
        code=reason.code,
        text=well_formed(reason.text),
        severity=conflict.severity,
        place=well_formed(conflict.place),
        values={name: well_formed(v) if isinstance(v, str) else v for name, v in reason.values.items()},
        evidence=tuple(map(item, conflict.evidence)),
    )


def _unchecked(part: Unchecked) -> model.UncheckedPart:
    missing = tuple(
        model.MissingFact(fact=gap.fact, cause=gap.cause, detail=well_formed(gap.detail) or None)
        for gap in part.missing
    )
    return model.UncheckedPart(what=part.what, missing=missing)


def undeclared(context: Context) -> tuple[str, ...]:
    """The keys of the file that are not there, so that what they would say counts as not known."""
    return tuple(key for key, values in _keys(context) if values is None)


def declared(context: Context) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is declared, key by key, as people read it; a key that says that there is none has no values."""
    return tuple((key, values) for key, values in _keys(context) if values is not None)


def _keys(context: Context) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    yield "clusters", context.clusters or None
    yield "tenancy", (context.tenancy.value,) if context.tenancy else None
    yield "expected_nodes", _each(context.expected_nodes, lambda node: node.name)
    yield "admin_groups", _each(context.admin_groups, lambda group: group.written)
    kdc = context.local_kdc_needed
    yield "local_kdc_needed", None if kdc is None else (_yes(kdc),)
    yield "networks", _each(context.networks, _network)
    yield "jump_hosts", _each(context.jump_hosts, lambda host: _with(host.name, host.kind, *host.addresses))
    yield "wac_gateways", _each(context.wac_gateways, _gateway)
    yield "tier0_guests", _each(context.tier0_guests, lambda guest: _with(guest.vm, guest.role))
    yield "smb_endpoints", _each(context.smb_endpoints, _endpoint)
    yield "edr", _each(context.edr, lambda edr: _with(edr.product, *edr.services))
    backup = context.backup
    yield "backup", None if backup is None else (_with(backup.product, backup.shielded_vms),)
    yield "logs", None if context.logs is None else tuple(_logs(context.logs))
    yield "shielding", None if context.shielding is None else tuple(_shielding(context.shielding))


def _each(entries: Sequence[T] | None, show: Callable[[T], str]) -> tuple[str, ...] | None:
    return None if entries is None else tuple(map(show, entries))


def _with(name: str, *more: object) -> str:
    """A name, and in brackets what else is said of it."""
    said = [_word(each) for each in more if each is not None]
    return f"{name} ({', '.join(said)})" if said else name


def _word(value: object) -> str:
    if isinstance(value, enum.StrEnum):
        return value.value.replace("_", " ")
    if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network) and value.num_addresses == 1:
        return str(value.network_address)
    return str(value)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _network(network: Network) -> str:
    vlans = f"VLAN {', '.join(map(str, network.vlans))}" if network.vlans else None
    isolated = {True: "isolated", False: "not isolated", None: None}[network.isolated]
    if not network.name:
        first, *others = network.subnets or (vlans,)
        return _with(_word(first), *others, *([vlans] if network.subnets else []), network.shown_purposes, isolated)
    return _with(network.name, *network.subnets, vlans, network.shown_purposes, isolated)


def _gateway(gateway: WacGateway) -> str:
    port = f"port {gateway.port}" if gateway.port else None
    return _with(gateway.name, port, gateway.authentication, *gateway.addresses)


def _endpoint(endpoint: SmbEndpoint) -> str:
    signs = {True: "can sign", False: "can not sign", None: None}[endpoint.can_sign]
    return _with(endpoint.host, f"port {endpoint.port}", signs)


def _logs(logs: Logs) -> Iterator[str]:
    if logs.destinations is not None:
        yield f"go to {', '.join(logs.destinations) or 'nowhere'}"
    if logs.agents is not None:
        yield f"sent by {', '.join(logs.agents) or 'no agent'}"
    for days, what in (
        (logs.kept_days, "kept for"),
        (logs.required_days, "required for"),
        (logs.on_host_days, "on the host for"),
    ):
        if days is not None:
            yield f"{what} {days} days"


def _shielding(shielding: Shielding) -> Iterator[str]:
    if shielding.separate_owners is not None:
        yield f"separate owners: {_yes(shielding.separate_owners)}"
    if shielding.host_access is not None:
        yield f"operated from the host: {', '.join(guest.vm for guest in shielding.host_access) or 'none'}"
    if shielding.hgs_nodes is not None:
        yield f"nodes of the Host Guardian Service: {', '.join(shielding.hgs_nodes) or 'none'}"
    if shielding.fallback_tested is not None:
        yield f"fallback tested: {_yes(shielding.fallback_tested)}"
    for copy in shielding.key_copies or ():
        until = f"until {copy.expires}" if copy.expires else None
        yield f"key copy {_with(copy.thumbprint, copy.kept_at, until)}"
    if shielding.key_copies == ():
        yield "no key copies"
