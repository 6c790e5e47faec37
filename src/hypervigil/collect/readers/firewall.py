"""firewall_rules: rules joined with their port and address filters, which are separate objects with the same id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hypervigil.collect.readers import fields
from hypervigil.evidence.codes import Code
from hypervigil.evidence.firewall import FirewallRule, FirewallRules, RuleAction, RuleDirection
from hypervigil.formats.clixml import PSObject


class _Enabled(Code):
    """``Enabled`` of a rule as it is serialised: not a boolean."""

    TRUE = 1
    FALSE = 2


_PROFILES = {"any": 0, "domain": 1, "private": 2, "public": 4}


def firewall_rules(
    rules: Sequence[object], port_filters: Sequence[object], address_filters: Sequence[object]
) -> FirewallRules:
    """From the objects of Get-NetFirewallRule and of the two filter commands; outbound rules are left out.

    Raises:
        UnreadableError: a property is missing or of another type, or a rule can not be matched with its filters.
    """
    inbound = [
        rule
        for rule in fields.records(rules)
        if fields.code(rule, "Direction", RuleDirection) is not RuleDirection.OUTBOUND
    ]
    names = [_name(rule) for rule in inbound]
    ports, addresses = _by_id(port_filters), _by_id(address_filters)
    seen: dict[str, int] = defaultdict(int)
    found = []
    for name, rule in zip(names, inbound, strict=True):
        place, count = seen[name], names.count(name) if len(ports.get(name, ())) > 1 else 1
        found.append(
            _rule(
                rule,
                name,
                _filter(ports, name, place, count, "port"),
                _filter(addresses, name, place, count, "address"),
            )
        )
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


def _rule(rule: PSObject, name: str, port: PSObject, address: PSObject) -> FirewallRule:
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
    )


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
    value = fields.value_of(rule, name)
    if isinstance(value, str) and not value.strip().isdecimal():
        bits = [_PROFILES.get(word.strip().casefold()) for word in value.split(",")]
        if None in bits:
            raise fields.wrong(name, value, f"some of {', '.join(_PROFILES)}")
        return sum({bit for bit in bits if bit is not None})
    return fields.number(rule, name)


def _protocol(port: PSObject) -> str | None:
    value = fields.value_of(port, "Protocol")
    return str(int(value)) if isinstance(value, int) else fields.text_or_none(port, "Protocol")
