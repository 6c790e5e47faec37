"""``context.toml``: the operator's context as it is written down, validated to the last key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final, TypeVar

from hypervigil.assess.context_subnets import addresses_of, networks_of
from hypervigil.formats.toml_text import TomlTable, parse_toml
from hypervigil.model.context import (
    LONGEST_NAME,
    AdminGroup,
    Backup,
    Context,
    EdrProduct,
    ExpectedNode,
    GatewayAuthentication,
    GuestRef,
    HostKind,
    JumpHost,
    KeyCopy,
    Logs,
    ShieldedBackup,
    Shielding,
    SmbEndpoint,
    Tenancy,
    TierZeroRole,
    WacGateway,
)

T = TypeVar("T")

KEYS: Final = (
    *("clusters", "tenancy", "expected_nodes", "admin_groups", "local_kdc_needed", "networks", "jump_hosts"),
    *("wac_gateways", "tier0_guests", "smb_endpoints", "edr", "backup", "logs", "shielding"),
)
"""The keys of the document."""

HIGHEST_PORT: Final = 65_535
_LONGEST_TIME: Final = 36_500
"""Days: nobody keeps events for more than a hundred years, so a larger number is a slip."""

_SID = re.compile(r"S-1-\d{1,14}(?:-\d{1,10}){1,15}", re.IGNORECASE).fullmatch
_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE).fullmatch
_THUMBPRINT = re.compile(r"[0-9A-F]{40}").fullmatch


def parse_context(data: bytes, file: str) -> Context:
    """The context in a file; an empty file declares nothing.

    ``file`` is what errors, and the places of entries, call it.

    Raises:
        TomlInputError: the file is no context, or contradicts itself: where, what was expected, what to do.
    """
    table = parse_toml(data, file)
    table.refuse_unknown(KEYS)
    return Context(
        file=file,
        digest=hashlib.sha256(data).hexdigest(),
        clusters=_unlike(table, "clusters", "CL01"),
        tenancy=table.optional_choice("tenancy", Tenancy),
        expected_nodes=_listed(table, "expected_nodes", "HV01", lambda name, at: ExpectedNode(name=name, place=at)),
        admin_groups=_listed(table, "admin_groups", r"CONTOSO\\HV-Admins", _admin_group),
        networks=networks_of(table),
        jump_hosts=_entries(table, "jump_hosts", _jump_host, lambda host: host.name),
        wac_gateways=_entries(table, "wac_gateways", _gateway, lambda gateway: gateway.name),
        tier0_guests=_entries(table, "tier0_guests", _tier0_guest, lambda guest: guest.vm),
        smb_endpoints=_entries(table, "smb_endpoints", _endpoint, lambda found: f"{found.host}, port {found.port},"),
        edr=_entries(table, "edr", _edr, lambda edr: edr.product),
        backup=_below(table, "backup", _backup),
        logs=_below(table, "logs", _logs),
        shielding=_below(table, "shielding", _shielding),
        local_kdc_needed=table.optional_flag("local_kdc_needed"),
    )


def _place(table: TomlTable, *path: str | int) -> str:
    return f"{table.file}:{table.line_of(*path)}"


def _below(table: TomlTable, key: str, make: Callable[[TomlTable], T]) -> T | None:
    found = table.optional_table(key)
    return None if found is None else make(found)


def _entries(
    table: TomlTable, key: str, make: Callable[[TomlTable], T], name: Callable[[T], str]
) -> tuple[T, ...] | None:
    """The entries of a list; None where it is absent. No two may have the same name, whatever its case."""
    if key not in table.keys:
        return None
    made: list[T] = []
    first: dict[str, TomlTable] = {}
    for entry in table.tables(key):
        made.append(make(entry))
        own = name(made[-1])
        same = first.setdefault(own.casefold(), entry)
        if same is not entry:
            raise entry.wrong(f"{own} is there twice, first at {_place(same)}", todo="Take one out.")
    return tuple(made)


def _named(table: TomlTable, key: str) -> str:
    """A required name of one thing: a pattern would find nothing, as names are compared whole."""
    name = table.text(key)
    _check_name(table, name, key)
    return name


def _check_name(table: TomlTable, name: str, *path: str | int) -> None:
    if "*" in name or "?" in name:
        raise table.wrong(f"{name} is a pattern", *path, expected="one name", todo="Write one entry for each.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise table.wrong("this can not be a name", *path, expected=f"up to {LONGEST_NAME} printable characters")


def _unlike(table: TomlTable, key: str, example: str) -> tuple[str, ...]:
    """A list of names, each once."""
    names = table.texts(key, example)
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        _check_name(table, name, key, index)
        if first.setdefault(name.casefold(), index) != index:
            before = _place(table, key, first[name.casefold()])
            raise table.wrong(f"{name} is there twice, first at {before}", key, index, todo="Take one out.")
    return names


def _listed(table: TomlTable, key: str, example: str, make: Callable[[str, str], T]) -> tuple[T, ...] | None:
    """A list of names, each with its place; None where the key is absent."""
    if key not in table.keys:
        return None
    names = _unlike(table, key, example)
    try:
        return tuple(make(name, _place(table, key, index)) for index, name in enumerate(names))
    except _NoSidError as error:
        at = names.index(error.written)
        raise table.wrong(
            f"{error.written} is no SID", key, at, expected="S-1-5-21-..., or a name such as CONTOSO\\HV-Admins"
        ) from None


class _NoSidError(Exception):
    """A text that begins like a SID and is none."""

    def __init__(self, written: str) -> None:
        super().__init__(written)
        self.written = written


def _admin_group(written: str, place: str) -> AdminGroup:
    if not written.upper().startswith("S-1-"):
        return AdminGroup(written=written, place=place)
    if _SID(written) is None:
        raise _NoSidError(written)
    return AdminGroup(written=written.upper(), place=place)


def _hosts(table: TomlTable, key: str) -> tuple[str, ...] | None:
    """Host names or services, each once; None where the key is absent."""
    return _unlike(table, key, "wec01.contoso.com") if key in table.keys else None


# Hosts and guests


def _jump_host(entry: TomlTable) -> JumpHost:
    entry.refuse_unknown(("name", "kind", "addresses"))
    return JumpHost(
        name=_named(entry, "name"),
        kind=entry.choice("kind", HostKind),
        addresses=addresses_of(entry),
        place=_place(entry),
    )


def _gateway(entry: TomlTable) -> WacGateway:
    entry.refuse_unknown(("name", "addresses", "port", "authentication"))
    return WacGateway(
        name=_named(entry, "name"),
        addresses=addresses_of(entry),
        port=entry.optional_number("port", 1, HIGHEST_PORT),
        authentication=entry.optional_choice("authentication", GatewayAuthentication),
        place=_place(entry),
    )


def _tier0_guest(entry: TomlTable) -> GuestRef:
    entry.refuse_unknown(("vm", "role"))
    role = entry.optional_choice("role", TierZeroRole)
    return _guest(_named(entry, "vm"), _place(entry), role)


def _guest(written: str, place: str, role: TierZeroRole | None = None) -> GuestRef:
    guid = _GUID(written)
    return GuestRef(vm=guid[1].lower() if guid else written, role=role, place=place)


def _endpoint(entry: TomlTable) -> SmbEndpoint:
    entry.refuse_unknown(("host", "port", "can_sign"))
    port = entry.optional_number("port", 1, HIGHEST_PORT)
    return SmbEndpoint(
        host=_named(entry, "host"),
        port=445 if port is None else port,
        can_sign=entry.optional_flag("can_sign"),
        place=_place(entry),
    )


# What the cluster depends on


def _edr(entry: TomlTable) -> EdrProduct:
    entry.refuse_unknown(("product", "services"))
    services = _unlike(entry, "services", "Sense")
    if not services:
        raise entry.wrong(
            "it is not said by which services the product is known", "services", expected='a list such as ["Sense"]'
        )
    return EdrProduct(product=_named(entry, "product"), services=services, place=_place(entry))


def _backup(table: TomlTable) -> Backup:
    table.refuse_unknown(("product", "shielded_vms"))
    return Backup(
        product=_named(table, "product"),
        shielded_vms=table.optional_choice("shielded_vms", ShieldedBackup),
        place=_place(table),
    )


def _logs(table: TomlTable) -> Logs:
    days = ("kept_days", "required_days", "on_host_days")
    table.refuse_unknown(("destinations", "agents", *days))
    kept, required, on_host = (table.optional_number(key, 1, _LONGEST_TIME) for key in days)
    return Logs(
        destinations=_hosts(table, "destinations"),
        agents=_hosts(table, "agents"),
        kept_days=kept,
        required_days=required,
        on_host_days=on_host,
        place=_place(table),
    )


def _shielding(table: TomlTable) -> Shielding:
    table.refuse_unknown(("separate_owners", "host_access", "hgs_nodes", "fallback_tested", "key_copies"))
    return Shielding(
        separate_owners=table.optional_flag("separate_owners"),
        host_access=_listed(table, "host_access", "VM01", _guest),
        hgs_nodes=_hosts(table, "hgs_nodes"),
        fallback_tested=table.optional_flag("fallback_tested"),
        key_copies=_entries(table, "key_copies", _key_copy, lambda copy: copy.thumbprint),
        place=_place(table),
    )


def _key_copy(entry: TomlTable) -> KeyCopy:
    entry.refuse_unknown(("thumbprint", "kept_at", "expires"))
    written = entry.text("thumbprint")
    thumbprint = re.sub(r"[ :]", "", written).upper()
    if _THUMBPRINT(thumbprint) is None:
        raise entry.wrong(f"{written} is no thumbprint", "thumbprint", expected="40 hex digits (SHA-1)")
    return KeyCopy(
        thumbprint=thumbprint,
        kept_at=entry.text("kept_at"),
        expires=entry.optional_date("expires"),
        place=_place(entry),
    )
