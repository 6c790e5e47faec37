"""What Windows Firewall lets in to a port of the host, as the active store comes to.

Profiles and rules are put together as the vendor describes it. A profile that is off filters nothing. On one that is
on, allow-bypass rules win over block rules, block rules over allow rules ([MS-FASP] 2.2.34 FW_RULE_ACTION), and what no
rule is about goes by the profile's default for inbound packets, which blocks where it is not configured. A disabled
rule does nothing, and a rule counts only on its profiles.

What is asked for is an ``Entrance``: a port, and the process that listens there. A rule for another program or another
service, or for a packaged app, lets nobody in to it. Restrictions of an allow rule to adapters or local addresses leave
its sources what they are; the same of a block rule make it no block for the other adapters.

What the evidence leaves open about a rule becomes a doubt of its ``Opening``: a clause that goes on where "the rule"
begins. ``AllowInboundRules`` of a profile (everything blocked, rules or not) and the store that a rule came from are in
no fact, nor are remote ports, users and computers of a rule, and its dynamic keywords.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hypervigil.controls.effective.sources import EVERYTHING, Sources, sources_of
from hypervigil.evidence.fact import once
from hypervigil.evidence.firewall import (
    FirewallProfile,
    FirewallProfiles,
    FirewallRule,
    FirewallRules,
    GpoBoolean,
    RuleAction,
    RuleAuthentication,
    RuleDirection,
)

PROFILE_BITS = {"Domain": 1, "Private": 2, "Public": 4}
"""The profiles that Windows has, with their bits in a rule's ``profiles``; 0 there stands for all of them."""

_PROTOCOLS = {"TCP": ("tcp", "6"), "UDP": ("udp", "17")}
_ANY = ("any", "*")
_SHUT = (RuleAction.BLOCK, RuleAction.NOT_CONFIGURED)
"""What lets nobody in: as the action of a rule, and as the default of a profile."""
_WIRED = 1
_KEYWORD_PORTS = {"rpcepmap": 135, "rpc-epmap": 135}
"""Words for a port that have one number. RPC (dynamic ports) and IPHTTPS have none that a rule would tell."""


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    """A port (``protocol`` is TCP or UDP) and what listens there.

    ``programs`` are file names in lower case, or ``system`` for the kernel (HTTP.sys, SMB); ``services`` are names of
    services in lower case. Where either is empty, any will do. ``named``: a rule that names the port counts whatever
    program it is for, because what listens there is not known by name.
    """

    name: str
    protocol: str
    port: int
    programs: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    named: bool = False

    @property
    def shown(self) -> str:
        """Such as ``RDP (TCP 3389)``."""
        return f"{self.name} ({self.protocol} {self.port})"


RDP = Entrance(name="RDP", protocol="TCP", port=3389, programs=("svchost.exe",), services=("termservice",))
RDP_UDP = Entrance(name="RDP", protocol="UDP", port=3389, programs=("svchost.exe",), services=("termservice",))
WINRM_HTTP = Entrance(name="WinRM", protocol="TCP", port=5985, programs=("system",))
WINRM_HTTPS = Entrance(name="WinRM over HTTPS", protocol="TCP", port=5986, programs=("system",))
WAC = Entrance(name="Windows Admin Center", protocol="TCP", port=443, programs=("system",), named=True)
WAC_CLIENT = Entrance(name="Windows Admin Center", protocol="TCP", port=6516, programs=("system",), named=True)
SMB = Entrance(name="SMB", protocol="TCP", port=445, programs=("system",))
RPC = Entrance(name="RPC", protocol="TCP", port=135, programs=("svchost.exe",), services=("rpcss", "rpceptmapper"))
LIVE_MIGRATION = Entrance(name="live migration", protocol="TCP", port=6600, programs=("vmms.exe",), services=("vmms",))
VM_CONNECT = Entrance(name="VMConnect", protocol="TCP", port=2179, programs=("vmms.exe",), services=("vmms",))
CLUSTER = Entrance(name="cluster", protocol="TCP", port=3343, programs=("system", "clussvc.exe"), services=("clussvc",))
CLUSTER_UDP = Entrance(
    name="cluster", protocol="UDP", port=3343, programs=("system", "clussvc.exe"), services=("clussvc",)
)


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """One way in: from where, on which profiles, and by which rule; ``rule`` is None where a profile itself is it.

    ``cause`` says what a profile does that lets everything in. ``doubts`` are what may make it narrower or undo it.
    """

    profiles: tuple[str, ...]
    sources: Sources
    rule: FirewallRule | None = None
    cause: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What lets in, and where: the rule's name, or the profile."""
        names = " and ".join(self.profiles)
        where = f"{names} profile{'s' if len(self.profiles) > 1 else ''}"
        if self.rule is None:
            return f"the {where} {self.cause}"
        return f"rule {name_of(self.rule)}" + ("" if len(self.profiles) == len(PROFILE_BITS) else f" on the {where}")

    @property
    def shown_doubts(self) -> str:
        """The doubts as one clause."""
        return "; ".join(self.doubts)


def name_of(rule: FirewallRule) -> str:
    """How people find it: by its name, and by the displayed one where the name is a GUID."""
    return f"{rule.name} ({rule.display_name})" if rule.name.startswith("{") and rule.display_name else rule.name


def openings(rules: FirewallRules, profiles: FirewallProfiles | None, entrance: Entrance) -> tuple[Opening, ...]:
    """All ways in to a port, in the order of the rules, those of profiles first.

    Without ``profiles`` the three that Windows has are taken for on and blocking: who asks so leaves them to NET-009.
    A profile that the fact does not list counts likewise, with a doubt.
    """
    if profiles is not None:
        return _openings(_near(rules, entrance), profiles, entrance)
    known = _without_profiles(rules)
    if entrance not in known:
        known[entrance] = _openings(_near(rules, entrance), None, entrance)
    return known[entrance]


@once
def _without_profiles(_: FirewallRules) -> dict[Entrance, tuple[Opening, ...]]:
    """The ways in that somebody asked for already: several controls ask for the same ports."""
    return {}


def _openings(near: list[FirewallRule], profiles: FirewallProfiles | None, entrance: Entrance) -> tuple[Opening, ...]:
    known = {each.name.casefold(): each for each in profiles.profiles} if profiles else {}
    if not near and all(profile.enabled and profile.default_inbound in _SHUT for profile in known.values()):
        return ()  # most ports on most hosts
    found: list[Opening] = []
    for name, bit in PROFILE_BITS.items():
        here = [rule for rule in near if rule.profiles == 0 or rule.profiles & bit]
        found += _on_profile(name, known.get(name.casefold()), here, entrance, asked=profiles is not None)
    return _together(found, near)


def serves(rule: FirewallRule, entrance: Entrance) -> bool | None:
    """Whether the rule's filters of port, program and service have the entrance; None where that was not read."""
    port = _has_port(rule, entrance)
    if port is False or (rule.group or "").startswith("@{"):  # the group of a packaged app's rules: its name
        return False
    named = any(part.casefold() not in _ANY for part in rule.local_ports)
    if named and entrance.named:
        return port
    answers = [_among(_file_of(rule.program), entrance.programs), _among(_lower(rule.service), entrance.services)]
    if False in answers:
        return False
    if port is None:
        return None
    return True if named or None not in answers else None


def at_ports(rules: FirewallRules, *ports: int) -> list[FirewallRule]:
    """The rules that do something to what comes in, in their order, but for those with the number of another port."""
    filed = _filed(rules)
    named = (place for port in {*ports} for place in filed.by_port.get(port, ()))
    return [rules.rules[place] for place in sorted((*named, *filed.others))]


def _near(rules: FirewallRules, entrance: Entrance) -> list[FirewallRule]:
    """The rules that have to do with an entrance, in their order."""
    return [rule for rule in at_ports(rules, entrance.port) if serves(rule, entrance) is not False]


class _Filed(msgspec.Struct, frozen=True):
    """Places of the rules that do something to what comes in: those with one number for a port, and the others."""

    by_port: dict[int, tuple[int, ...]]
    others: tuple[int, ...]


@once
def _filed(rules: FirewallRules) -> _Filed:
    """Most rules have one number for a port: a host has hundreds, and few of them are near to an entrance."""
    by_port: dict[int, tuple[int, ...]] = {}
    others: list[int] = []
    outbound = RuleDirection.OUTBOUND
    for place, rule in enumerate(rules.rules):
        if not rule.enabled or rule.direction is outbound:
            continue
        ports = rule.local_ports
        if len(ports) == 1 and ports[0].isdecimal():
            port = int(ports[0])
            by_port[port] = (*by_port.get(port, ()), place)
        else:
            others.append(place)
    return _Filed(by_port, tuple(others))


def _on_profile(
    name: str, profile: FirewallProfile | None, here: list[FirewallRule], entrance: Entrance, *, asked: bool
) -> list[Opening]:
    everything = Sources(EVERYTHING)
    if profile and not profile.enabled:
        return [Opening(profiles=(name,), sources=everything, cause="is off")]
    blocks = [rule for rule in here if rule.action is RuleAction.BLOCK]
    local = _local_rules(profile, asked=asked)
    found: list[Opening] = []
    if profile and profile.default_inbound not in _SHUT:
        sources, doubts = _minus(everything, None, blocks, entrance, bool(local))
        if not profile.default_inbound.is_known:
            doubts += (f"its default for inbound packets is {profile.default_inbound.label}",)
        cause = "allows by default"
        found.append(Opening(profiles=(name,), sources=sources, cause=cause, doubts=doubts))
    for rule in here:
        if rule.action in _SHUT:
            continue
        sources, doubts = sources_of(rule.remote_addresses), _doubts(rule, entrance) + local
        if not _is_authenticated(rule):  # such a rule may override block rules, which is in no fact
            sources, more = _minus(sources, rule, blocks, entrance, bool(local))
            doubts += more
        found.append(Opening(profiles=(name,), sources=sources, rule=rule, doubts=doubts))
    return [opening for opening in found if not opening.sources.empty]


def _local_rules(profile: FirewallProfile | None, *, asked: bool) -> tuple[str, ...]:
    """The doubt whether rules of the host itself count there."""
    if profile is None:
        return ("its profile is not among those that were read",) if asked else ()
    if profile.allow_local_rules is GpoBoolean.FALSE:
        return ("it does not count if it is the host's own: policy ignores local rules",)
    if profile.allow_local_rules is None:
        return ("whether the profile ignores local rules was not read",)
    return ()


def _doubts(rule: FirewallRule, entrance: Entrance) -> tuple[str, ...]:
    found: list[str] = []
    if serves(rule, entrance) is None:
        found.append("its port, program or service was not read")
    if rule.authentication is None:
        found.append("whether it demands IPsec was not read")
    elif _is_authenticated(rule):
        found.append("IPsec has to vouch for the peer")
    if not rule.action.is_known:
        found.append(f"its action is {rule.action.label}")
    if not rule.direction.is_known:
        found.append(f"its direction is {rule.direction.label}")
    return tuple(found)


def _is_authenticated(rule: FirewallRule) -> bool:
    vouched = rule.authentication not in (None, RuleAuthentication.NOT_REQUIRED)
    return vouched or rule.action is RuleAction.ALLOW_BYPASS


def _minus(
    sources: Sources, allow: FirewallRule | None, blocks: list[FirewallRule], entrance: Entrance, local: bool
) -> tuple[Sources, tuple[str, ...]]:
    """What block rules leave of sources, and what they may take away besides."""
    doubts: list[str] = []
    for block in blocks:
        taken = sources_of(block.remote_addresses)
        reaches = False if _is_narrower(block, allow) else serves(block, entrance)
        left = sources.without(taken)
        if reaches is False:
            continue
        open_words = taken.unread or any(word not in sources.words for word in taken.words)
        unsure = reaches is None or local or not block.direction.is_known or _is_vague(block, allow)
        if unsure and (left != sources or open_words):
            doubts.append(f"block rule {name_of(block)} may close it")
            continue
        sources = left
        if open_words and not sources.empty and not sources.anywhere:
            doubts.append(f"block rule {name_of(block)} takes {taken.shown} away")
    return sources, tuple(doubts)


def _is_narrower(block: FirewallRule, allow: FirewallRule | None) -> bool:
    """Whether the block rule leaves adapters or local addresses free that the allow rule has."""
    adapters, own = _restriction(block.interfaces), _restriction(allow.interfaces if allow else ())
    if adapters and (not own or own - adapters):
        return True
    if _leaves_types(block, allow) and not (block.interface_types or 0) & _WIRED:
        return True
    if _restriction(block.local_addresses):
        here = sources_of(allow.local_addresses) if allow and allow.local_addresses else Sources(EVERYTHING)
        held = sources_of(block.local_addresses)
        return not here.without(held).empty and not (held.words or held.unread)
    return False


def _leaves_types(block: FirewallRule, allow: FirewallRule | None) -> bool:
    """Whether the block rule is for some types of adapters, and the allow rule for more."""
    own = allow.interface_types if allow else 0
    return bool(block.interface_types and (not own or own & ~block.interface_types))


def _is_vague(block: FirewallRule, allow: FirewallRule | None) -> bool:
    """Whether it is open how far a block rule reaches: filters not read, words for addresses, all wired adapters."""
    if not (block.interfaces and block.local_addresses) or block.interface_types is None:
        return True
    if block.authentication is not RuleAuthentication.NOT_REQUIRED:
        return True
    if _leaves_types(block, allow):  # every adapter of a host may be wired
        return True
    held = sources_of(block.local_addresses)
    return bool(held.words or held.unread)


def _restriction(names: Iterable[str]) -> set[str]:
    """Names in lower case; none where any will do."""
    found = {name.casefold() for name in names}
    return set() if found & set(_ANY) else found


def _has_port(rule: FirewallRule, entrance: Entrance) -> bool | None:
    protocol = (rule.protocol or "").strip().casefold()
    if protocol and protocol not in (*_ANY, *_PROTOCOLS[entrance.protocol]):
        return False
    if not rule.local_ports:
        return None
    has = any(_holds(part.strip().casefold(), entrance.port) for part in rule.local_ports)
    return (True if protocol else None) if has else False


def _holds(part: str, port: int) -> bool:
    if part in _ANY:
        return True
    if part.isdecimal():
        return int(part) == port
    first, _, last = part.partition("-")
    if first.isdecimal() and last.isdecimal():
        return int(first) <= port <= int(last)
    return _KEYWORD_PORTS.get(part) == port


def _among(value: str | None, wanted: tuple[str, ...]) -> bool | None:
    """Whether a filter takes one of those wanted; None where it was not read."""
    if not wanted:
        return True
    return None if value is None else value in _ANY or value in wanted


def _lower(text: str | None) -> str | None:
    return text.strip().casefold() if text is not None else None


def _file_of(path: str | None) -> str | None:
    lower = _lower(path)
    return lower.replace("/", "\\").rpartition("\\")[2] if lower is not None else None


def _together(found: list[Opening], order: list[FirewallRule]) -> tuple[Opening, ...]:
    """Openings that differ in their profile alone as one."""
    of_rule = {id(rule): place for place, rule in enumerate(order)}
    same: dict[tuple[int, Sources, str, tuple[str, ...]], list[Opening]] = {}
    for opening in found:
        key = (of_rule.get(id(opening.rule), -1), opening.sources, opening.cause, opening.doubts)
        same.setdefault(key, []).append(opening)
    return tuple(
        msgspec.structs.replace(group[0], profiles=tuple(name for each in group for name in each.profiles))
        for _, group in sorted(same.items(), key=lambda item: item[0][0])
    )
