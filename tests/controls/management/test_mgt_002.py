"""MGT-002: from where people may administer a node. Each name begins with the row of the fact sheet that it shows."""

from __future__ import annotations

import ipaddress
from typing import Any

import msgspec

from hypervigil.controls.management import mgt_002_admin_ports_scoped as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.firewall import (
    FirewallProfiles,
    FirewallRule,
    FirewallRules,
    GpoBoolean,
    RuleAction,
    RuleAuthentication,
)
from hypervigil.model.context import Context, HostKind, JumpHost, Network, Purpose, WacGateway
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic.fabric_defaults import firewall_profiles
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

SCOPE = "section 6, Firewall scope: "
RULES = "section 10, Rules: "
PROFILES = "section 10, Profiles: "
IN_FORCE = "section 10, Profile in force: "
SVCHOST = r"%SystemRoot%\system32\svchost.exe"
JUMP = "10.9.0.7"
READ: dict[str, Any] = {
    "local_addresses": ("Any",),
    "program": "Any",
    "service": "Any",
    "interfaces": ("Any",),
    "interface_types": 0,
    "authentication": RuleAuthentication.NOT_REQUIRED,
}


def allow(port: str, *sources: str, name: str = "", protocol: str = "TCP", **changes: Any) -> FirewallRule:
    fields = {**READ, "remote_addresses": sources or ("Any",), **changes}
    return defaults.firewall_rule(name or f"Rule-{port}", protocol, port, **fields)


def rdp(*sources: str, **changes: Any) -> FirewallRule:
    own = {"name": "RemoteDesktop-UserMode-In-TCP", "program": SVCHOST, "service": "termservice"}
    return allow("3389", *sources, **{**own, **changes})


def winrm(*sources: str, **changes: Any) -> FirewallRule:
    return allow("5985", *sources, **{"name": "WINRM-HTTP-In-TCP", "program": "System", **changes})


def block(port: str, *sources: str, **changes: Any) -> FirewallRule:
    return allow(port, *sources, name=f"Block-{port}", action=RuleAction.BLOCK, **changes)


def node(*rules: FirewallRule, profiles: FirewallProfiles | None = None) -> tuple[Fact, ...]:
    return (FirewallRules(rules=rules), profiles or firewall_profiles())


def public(**changes: Any) -> FirewallProfiles:
    fact = firewall_profiles()
    return FirewallProfiles(profiles=(*fact.profiles[:2], msgspec.structs.replace(fact.profiles[2], **changes)))


def host(name: str, *addresses: str) -> JumpHost:
    return JumpHost(name=name, kind=HostKind.PAW, addresses=tuple(map(ipaddress.ip_network, addresses)))


DECLARED = Context(
    file="context.toml",
    jump_hosts=(host("PAW01", JUMP), host("PAW02", "10.9.1.0/28")),
    wac_gateways=(WacGateway(name="WAC01", addresses=(ipaddress.ip_network("10.9.0.20"),)),),
)
NAMELESS = Context(file="context.toml", jump_hosts=(host("PAW01", JUMP), host("PAW03")))
NOBODY = Context(file="context.toml", jump_hosts=())


def with_management(*subnets: str) -> Context:
    """The declared machines, and a management network."""
    network = Network(purposes=frozenset((Purpose.MANAGEMENT,)), subnets=tuple(map(ipaddress.ip_network, subnets)))
    return msgspec.structs.replace(DECLARED, networks=(network,))


GATEWAYS_ONLY = Context(file="context.toml", wac_gateways=DECLARED.wac_gateways)

CASES = (
    Case(
        SCOPE + "RDP open to Any, whoever is declared",
        Outcome.FAIL,
        ("anybody",),
        node=node(rdp()),
        context=DECLARED,
        says="lets any address in to RDP (TCP 3389): rule RemoteDesktop-UserMode-In-TCP.",
    ),
    Case(SCOPE + "RDP open to Any, nobody declared", Outcome.FAIL, ("anybody",), node=node(rdp())),
    Case(SCOPE + "WinRM 5985 open to Any", Outcome.FAIL, ("anybody",), node=node(winrm()), context=DECLARED),
    Case(SCOPE + "WinRM 5986 open to Any", Outcome.FAIL, ("anybody",), node=node(allow("5986")), context=DECLARED),
    Case(
        SCOPE + "443 open to Any",
        Outcome.FAIL,
        ("anybody",),
        node=node(allow("443", program=r"C:\Program Files\WindowsAdminCenter\wac.exe")),
        context=DECLARED,
        says="Windows Admin Center (TCP 443)",
    ),
    Case(SCOPE + "6516, the older gateway (section 5)", Outcome.FAIL, ("anybody",), node=node(allow("6516"))),
    Case(
        SCOPE + "jump hosts and gateways only",
        Outcome.PASS,
        ("declared_only",),
        node=node(rdp(JUMP), winrm(JUMP, "10.9.0.20", "10.9.1.0/255.255.255.240")),
        context=DECLARED,
        says="rule RemoteDesktop-UserMode-In-TCP from 10.9.0.7",
    ),
    Case(
        SCOPE + "a part of what is let in is declared",
        Outcome.FAIL,
        ("undeclared",),
        node=node(rdp("10.9.0.6-10.9.0.8")),
        context=DECLARED,
        says="lets 10.9.0.6, 10.9.0.8 in",
    ),
    Case(SCOPE + "a subnet, nobody declared", Outcome.REVIEW, ("whose",), node=node(rdp("10.9.0.0/24"))),
    Case(
        SCOPE + "gateways are declared, jump hosts are not",
        Outcome.REVIEW,
        ("whose",),
        node=node(rdp("10.9.0.0/24")),
        context=GATEWAYS_ONLY,
    ),
    Case(
        SCOPE + "nobody at all is declared to be there",
        Outcome.FAIL,
        ("undeclared",),
        node=node(rdp(JUMP)),
        context=NOBODY,
    ),
    Case(
        SCOPE + "may be a jump host without an address",
        Outcome.REVIEW,
        ("perhaps_declared",),
        node=node(rdp("10.9.0.8")),
        context=NAMELESS,
        says="Are these PAW03",
    ),
    Case(
        SCOPE + "a subnet is no jump host",
        Outcome.FAIL,
        ("undeclared",),
        node=node(rdp("10.9.8.0/24")),
        context=NAMELESS,
    ),
    Case(RULES + "LocalSubnet", Outcome.REVIEW, ("which",), node=node(rdp("LocalSubnet")), context=DECLARED),
    Case(
        RULES + "LocalSubnet, and the management network is declared",
        Outcome.FAIL,
        ("neighbours",),
        node=node(rdp("LocalSubnet")),
        context=with_management("10.9.0.0/30", "10.9.1.0/28"),
        confidence=Confidence.INFERRED,
        says="10.9.0.0/30 among them",
    ),
    Case(
        RULES + "LocalSubnet, and everybody in the management network is declared",
        Outcome.REVIEW,
        ("which",),
        node=node(rdp("LocalSubnet")),
        context=with_management("10.9.1.0/28"),
    ),
    Case(
        RULES + "LocalSubnet, if it counts",
        Outcome.REVIEW,
        ("which",),
        node=node(rdp("LocalSubnet", authentication=RuleAuthentication.REQUIRED)),
        context=with_management("10.9.0.0/30"),
    ),
    Case(
        RULES + "DefaultGateway beside a declared address",
        Outcome.REVIEW,
        ("which",),
        node=node(rdp(JUMP, "DefaultGateway4")),
        context=DECLARED,
        says="DefaultGateway",
    ),
    Case(RULES + "0.0.0.0/0 is any address", Outcome.FAIL, ("anybody",), node=node(rdp("0.0.0.0/0")), context=DECLARED),
    Case(
        RULES + "any address but a few",
        Outcome.FAIL,
        ("anybody",),
        node=node(rdp("1.0.0.0-223.255.255.255")),
        context=DECLARED,
    ),
    Case(RULES + "disabled", Outcome.PASS, ("closed",), node=node(rdp(enabled=False))),
    Case(RULES + "no rule", Outcome.PASS, ("closed",), node=node()),
    Case(RULES + "block over allow", Outcome.PASS, ("closed",), node=node(rdp(), block("3389")), context=DECLARED),
    Case(
        RULES + "block of what is not declared",
        Outcome.PASS,
        ("declared_only",),
        node=node(rdp("10.9.0.0/29"), block("3389", "10.9.0.0-10.9.0.6")),
        context=DECLARED,
    ),
    Case(
        RULES + "ports of a rule as a range",
        Outcome.FAIL,
        ("anybody",),
        node=node(allow("5900-5999")),
        context=DECLARED,
        says="WinRM (TCP 5985), WinRM over HTTPS (TCP 5986)",
    ),
    Case(RULES + "any protocol and port", Outcome.FAIL, ("anybody",), node=node(allow("Any", protocol="Any"))),
    Case(RULES + "UDP", Outcome.FAIL, ("anybody",), node=node(rdp(protocol="UDP")), says="RDP (UDP 3389)"),
    Case(
        RULES + "application filter of another program",
        Outcome.PASS,
        ("closed",),
        node=node(allow("Any", program=r"C:\Apps\backup.exe")),
    ),
    Case(
        RULES + "interface filter: still from anywhere",
        Outcome.FAIL,
        ("anybody",),
        node=node(rdp(interfaces=("Management",))),
        context=DECLARED,
    ),
    Case(
        RULES + "IPsec has to vouch",
        Outcome.REVIEW,
        ("doubtful",),
        node=node(rdp(authentication=RuleAuthentication.REQUIRED)),
        context=DECLARED,
        says="IPsec has to vouch",
    ),
    Case(RULES + "security filter not read", Outcome.REVIEW, ("doubtful",), node=node(rdp(authentication=None))),
    Case(
        RULES + "addresses not read",
        Outcome.UNKNOWN,
        ("unread",),
        node=node(rdp(remote_addresses=())),
        context=DECLARED,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        RULES + "addresses not understood, beside others",
        Outcome.FAIL,
        ("undeclared", "unread"),
        node=node(rdp("10.8.0.1", "somewhere")),
        context=DECLARED,
    ),
    Case(
        IN_FORCE + "a rule of the public profile counts",
        Outcome.FAIL,
        ("anybody",),
        node=node(rdp(JUMP), rdp(profiles=4, name="Public-RDP")),
        context=DECLARED,
        says="rule Public-RDP on the Public profile",
    ),
    Case(
        PROFILES + "one is off",
        Outcome.FAIL,
        ("anybody",),
        node=node(rdp(JUMP), profiles=public(enabled=False)),
        context=DECLARED,
        says="the Public profile is off",
    ),
    Case(
        PROFILES + "inbound allowed by default",
        Outcome.FAIL,
        ("anybody",),
        node=node(profiles=public(default_inbound=RuleAction.ALLOW)),
    ),
    Case(
        PROFILES + "not configured blocks",
        Outcome.PASS,
        ("closed",),
        node=node(profiles=public(default_inbound=RuleAction.NOT_CONFIGURED)),
    ),
    Case(
        PROFILES + "local rules do not merge",
        Outcome.REVIEW,
        ("doubtful",),
        node=node(rdp(), profiles=firewall_profiles(allow_local_rules=GpoBoolean.FALSE)),
        context=DECLARED,
    ),
    Case(
        PROFILES + "one was not read",
        Outcome.UNKNOWN,
        ("profile_unseen",),
        node=node(rdp(JUMP, profiles=1), profiles=FirewallProfiles(profiles=firewall_profiles().profiles[:2])),
        context=DECLARED,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        PROFILES + "refused",
        Outcome.UNKNOWN,
        node=node()[:1],
        gaps={"firewall_profiles": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        RULES + "refused",
        Outcome.UNKNOWN,
        node=node()[1:],
        gaps={"firewall_rules": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
