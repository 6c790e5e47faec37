"""firewall_rules: rules joined with their filters, which are separate objects with the same id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from hypervigil.collect.readers import fields
from hypervigil.evidence.codes import Code
from hypervigil.evidence.firewall import FirewallRule, FirewallRules, RuleAction, RuleAuthentication, RuleDirection
from hypervigil.formats.clixml import PSObject


class _Enabled(Code):
    """``Enabled`` of a rule as it is serialised: not a boolean."""

    TRUE = 1
    FALSE = 2


_PROFILES = {"any": 0, "domain": 1, "private": 2, "public": 4}
_INTERFACE_TYPES = {"any": 0, "wired": 1, "wireless": 2, "remoteaccess": 4}
_AUTHENTICATION = {"noencap": RuleAuthentication.NO_ENCAPSULATION}

OTHERS = ("application", "service", "interface", "interface type", "security")
"""The filters that say more about a rule than its ports and addresses, in the order of the fact's reads."""


def firewall_rules(
    rules: Sequence[object],
    port_filters: Sequence[object],
    address_filters: Sequence[object],
    *others: Sequence[object] | None,
) -> FirewallRules:
    """From the objects of Get-NetFirewallRule and of the filter commands; outbound rules are left out.

    ``others`` are what ``OTHERS`` names, None for what is not there: the fact is read without it.

    Raises:
        UnreadableError: a property is missing or of another type, or a rule can not be matched with its filters.
    """
    inbound = [
        rule
        for rule in fields.records(rules)
        if fields.code(rule, "Direction", RuleDirection) is not RuleDirection.OUTBOUND
    ]
    names = [_name(rule) for rule in inbound]
    kinds = {"port": _by_id(port_filters), "address": _by_id(address_filters)}
    kinds |= {what: _by_id(filters) for what, filters in zip(OTHERS, others, strict=False) if filters is not None}
    seen: dict[str, int] = defaultdict(int)
    found = []
    for name, rule in zip(names, inbound, strict=True):
        place, count = seen[name], names.count(name) if len(kinds["port"].get(name, ())) > 1 else 1
        found.append(_rule(rule, name, {what: _filter(kinds[what], name, place, count, what) for what in kinds}))
        seen[name] += 1
    return FirewallRules(rules=tuple(found))


def _name(rule: PSObject) -> str:
    return fields.text_or_none(rule, "Name") or fields.text(rule, "InstanceID")


def _by_id(filters: Sequence[object]) -> dict[str, list[PSObject]]:
    found: dict[str, list[PSObject]] = defaultdict(list)
    for each in fields.records(filters):
        found[fields.text(each, "InstanceID")].append(each)
    return found


def _filter(filters: dict[str, list[PSObject]], name: str, place: int, count: int, what: str) -> PSObject:
    """The filter of the rule. A rule that is in the active store twice (local and from a policy) has two of them."""
    mine = filters.get(name, [])
    if len(mine) == 1:
        return mine[0]
    if len(mine) == count:
        return mine[place]
    raise fields.UnreadableError(f"rule {name[:80]} has {len(mine) or 'no'} {what} filters, expected {count}")


def _rule(rule: PSObject, name: str, filters: dict[str, PSObject]) -> FirewallRule:
    port, address = filters["port"], filters["address"]
    return FirewallRule(
        name=name,
        enabled=_enabled(rule),
        direction=fields.code(rule, "Direction", RuleDirection),
        action=fields.code(rule, "Action", RuleAction),
        profiles=_profiles(rule),
        group=fields.text_or_none(rule, "Group") or fields.text_or_none(rule, "RuleGroup"),
        display_name=fields.text_or_none(rule, "DisplayName"),
        protocol=_protocol(port),
        local_ports=fields.words_or_none(port, "LocalPort") or (),
        remote_addresses=fields.words_or_none(address, "RemoteAddress") or (),
        local_addresses=fields.words_or_none(address, "LocalAddress") or (),
        **dict(_others(filters)),
    )


def _others(filters: dict[str, PSObject]) -> Iterator[tuple[str, Any]]:
    if "application" in filters:
        yield "program", fields.text_or_none(filters["application"], "Program")
    if "service" in filters:
        yield "service", fields.text_or_none(filters["service"], "Service")
    if "interface" in filters:
        yield "interfaces", fields.words_or_none(filters["interface"], "InterfaceAlias") or ()
    if "interface type" in filters:
        yield "interface_types", _bits(filters["interface type"], "InterfaceType", _INTERFACE_TYPES)
    if "security" in filters:
        yield "authentication", _authentication(filters["security"])


def _authentication(security: PSObject) -> RuleAuthentication | None:
    value = fields.value_of(security, "Authentication")
    known = _AUTHENTICATION.get(value.casefold()) if isinstance(value, str) else None
    return known or fields.code_or_none(security, "Authentication", RuleAuthentication)


def _enabled(rule: PSObject) -> bool:
    value = fields.value_of(rule, "Enabled")
    if isinstance(value, bool):
        return value
    state = fields.code(rule, "Enabled", _Enabled)
    if not state.is_known:
        raise fields.wrong("Enabled", int(state), "1 or 2")
    return state is _Enabled.TRUE


def _profiles(rule: PSObject) -> int:
    name = "Profile" if fields.value_of(rule, "Profile") is not None else "Profiles"
    bits = _bits(rule, name, _PROFILES)
    return fields.number(rule, name) if bits is None else bits


def _bits(record: PSObject, name: str, table: dict[str, int]) -> int | None:
    """Flags as a number, or by their names with commas between them."""
    value = fields.value_of(record, name)
    if isinstance(value, str) and not value.strip().isdecimal():
        bits = [table.get(word.strip().casefold()) for word in value.split(",")]
        if None in bits:
            raise fields.wrong(name, value, f"some of {', '.join(table)}")
        return sum({bit for bit in bits if bit is not None})
    return fields.number_or_none(record, name)


def _protocol(port: PSObject) -> str | None:
    value = fields.value_of(port, "Protocol")
    return str(int(value)) if isinstance(value, int) else fields.text_or_none(port, "Protocol")
