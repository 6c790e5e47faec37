"""The operator's context, redacted with the bundle that it is about: what each text of ``context.toml`` holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypervigil.evidence.redaction.kinds import Kind

CONTEXT: dict[str, Kind] = {
    "clusters": Kind.CLUSTER,
    "tenancy": Kind.PUBLIC,
    "expected_nodes": Kind.HOST,
    "admin_groups": Kind.ACCOUNT,
    "networks.name": Kind.NETWORK,
    "networks.purposes": Kind.PUBLIC,
    "networks.subnets": Kind.ADDRESS,
    "jump_hosts.name": Kind.HOST,
    "jump_hosts.kind": Kind.PUBLIC,
    "jump_hosts.addresses": Kind.ADDRESS,
    "wac_gateways.name": Kind.HOST,
    "wac_gateways.addresses": Kind.ADDRESS,
    "wac_gateways.authentication": Kind.PUBLIC,
    "tier0_guests.vm": Kind.VM,
    "tier0_guests.role": Kind.PUBLIC,
    "smb_endpoints.host": Kind.HOST,
    "edr.product": Kind.LABEL,
    "edr.services": Kind.LABEL,
    "backup.product": Kind.LABEL,
    "backup.shielded_vms": Kind.PUBLIC,
    "logs.destinations": Kind.HOST,
    "logs.agents": Kind.LABEL,
    "shielding.host_access": Kind.VM,
    "shielding.hgs_nodes": Kind.HOST,
    "shielding.key_copies.thumbprint": Kind.THUMBPRINT,
    "shielding.key_copies.kept_at": Kind.TEXT,
}
"""The kind of each text, by the keys on the way to it. What is not here is treated as prose."""


def redacted_context(context: Mapping[str, object], replace: Callable[[str, Kind], str]) -> dict[str, object]:
    """The values of a TOML document with their texts replaced; keys, numbers and dates stay."""
    return {key: _redacted(value, replace, key) for key, value in context.items()}


def _redacted(value: object, replace: Callable[[str, Kind], str], place: str) -> object:
    if isinstance(value, str):
        return replace(value, CONTEXT.get(place, Kind.TEXT))
    if isinstance(value, list):
        return [_redacted(item, replace, place) for item in value]
    if isinstance(value, Mapping):
        return {key: _redacted(item, replace, f"{place}.{key}") for key, item in value.items()}
    return value
