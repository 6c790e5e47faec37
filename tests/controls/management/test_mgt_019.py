"""MGT-019: jump hosts."""

from __future__ import annotations

import datetime
import ipaddress
from typing import Any

from hypervigil.controls.management import mgt_019_jump_host as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.firewall import FirewallRule, FirewallRules, RuleAuthentication
from hypervigil.evidence.host import OperatingSystem, ProductType
from hypervigil.evidence.release import Release
from hypervigil.model.context import Context, HostKind, JumpHost, Network, Purpose
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import management_defaults as management
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

SOON = datetime.datetime(2026, 2, 27, 12, tzinfo=datetime.UTC)
"""45 days after the levels that the control comes with."""
LATE = datetime.datetime(2026, 2, 28, 12, tzinfo=datetime.UTC)
TOOLS = management.installed_software("Remote Server Administration Tools")
ADMINS = ("10.0.8.0/24",)
TENANTS = Network(
    name="Customers", purposes=frozenset((Purpose.TENANT,)), subnets=(ipaddress.ip_network("172.16.0.0/12"),)
)


def declares(*names: str, **changes: Any) -> Context:
    hosts = tuple(JumpHost(name=name, kind=HostKind.JUMP_HOST) for name in names)
    return Context(file="context.toml", **{"jump_hosts": hosts, **changes})


def system(release: Release = Release.WS2025, ubr: int | None = 32_230, **changes: Any) -> OperatingSystem:
    return defaults.operating_system(release, name="JUMP01", ubr=ubr, **changes)


def rules(*extra: FirewallRule) -> FirewallRules:
    """RDP and WinRM from the administrators' network, and what else is given."""
    own = (
        defaults.firewall_rule("RemoteDesktop-UserMode-In-TCP", "TCP", "3389", remote_addresses=ADMINS),
        defaults.firewall_rule("WINRM-HTTP-In-TCP", "TCP", "5985", program="System", remote_addresses=ADMINS),
    )
    return FirewallRules(rules=(*own, *extra))


def opens(*ports: str, **changes: Any) -> FirewallRules:
    return rules(defaults.firewall_rule("Extra", "TCP", *ports, **changes))


OURS = declares("JUMP01")


def case(name: str, gives: Outcome, because: tuple[str, ...], *facts: Any, **changes: Any) -> Case:
    """A machine JUMP01, declared, with evidence of a time at which the shipped levels are fresh."""
    return Case(name, gives, because, nodes={"JUMP01": facts}, **{"collected": SOON, "context": OURS, **changes})


GOOD = ("kept", "patched", "narrow")

CASES = (
    case("kept, patched, narrow", Outcome.PASS, GOOD, TOOLS, system(), rules(), confidence=Confidence.INFERRED),
    case("2022 at its level", Outcome.PASS, GOOD, TOOLS, system(Release.WS2022, 4648), rules(), says="20348.4648"),
    case("2019 above its level", Outcome.PASS, GOOD, TOOLS, system(Release.WS2019, 9000), rules()),
    case(
        "by its whole name, in any case",
        Outcome.PASS,
        GOOD,
        TOOLS,
        system(),
        rules(),
        context=declares("Jump01.Contoso.com"),
    ),
    case(
        "ports that are none of management, and rules that are off",
        Outcome.PASS,
        GOOD,
        TOOLS,
        system(),
        rules(
            defaults.firewall_rule("Web", "TCP", "8443"), defaults.firewall_rule("Old", "TCP", "3389", enabled=False)
        ),
    ),
    case(
        "Outlook and a browser",
        Outcome.FAIL,
        ("products", "products", "patched", "narrow"),
        management.installed_software("Microsoft Outlook 2019", "Google Chrome"),
        system(),
        rules(),
        says="Declared as JUMP01, it has software for everyday work (mail): Microsoft Outlook 2019",
    ),
    case(
        "one update level below",
        Outcome.FAIL,
        ("kept", "behind", "narrow"),
        TOOLS,
        system(ubr=32_229),
        rules(),
        says="26100.32229 is below 26100.32230",
    ),
    case(
        "out of support, as a page of Microsoft's says",
        Outcome.FAIL,
        ("kept", "out_of_support", "narrow"),
        TOOLS,
        system(Release.WS2016, 9999),
        rules(),
        collected=datetime.datetime(2027, 1, 13, tzinfo=datetime.UTC),
    ),
    case(
        "out of support, as secondary sources say",
        Outcome.FAIL,
        ("kept", "out_of_support_secondary", "narrow"),
        TOOLS,
        system(),
        rules(),
        collected=datetime.datetime(2034, 11, 15, tzinfo=datetime.UTC),
    ),
    case(
        "RDP from everywhere",
        Outcome.FAIL,
        ("kept", "patched", "anybody"),
        TOOLS,
        system(),
        opens("3389"),
        says="RDP (TCP 3389) let in from any address by rule Extra.",
    ),
    case(
        "SMB and RPC from everywhere, by one rule",
        Outcome.FAIL,
        ("kept", "patched", "anybody"),
        TOOLS,
        system(),
        opens("445", "135", profiles=1),
        says="SMB (TCP 445), RPC (TCP 135) let in from any address by rule Extra on the Domain profile",
    ),
    case(
        "WinRM from a tenants' network",
        Outcome.FAIL,
        ("kept", "patched", "foreign"),
        TOOLS,
        system(),
        opens("5986", remote_addresses=("172.20.0.0/16",)),
        context=declares("JUMP01", networks=(TENANTS,)),
        says="let in from Customers (tenant) by rule Extra",
    ),
    case(
        "open to everybody, and the rest was not collected: the failure stands",
        Outcome.FAIL,
        ("kept", "behind", "rules_unseen"),
        TOOLS,
        system(ubr=1),
    ),
    case(
        "IPsec has to vouch for who comes from everywhere",
        Outcome.REVIEW,
        ("kept", "patched", "doubtful"),
        TOOLS,
        system(),
        opens("3389", authentication=RuleAuthentication.REQUIRED),
        says="unless: IPsec has to vouch for the peer",
    ),
    case(
        "from the local subnet",
        Outcome.REVIEW,
        ("kept", "patched", "words"),
        TOOLS,
        system(),
        opens("3389", remote_addresses=("LocalSubnet",)),
        says="from LocalSubnet by rule Extra",
    ),
    case(
        "levels of 46 days ago prove little",
        Outcome.REVIEW,
        ("kept", "newer", "narrow"),
        TOOLS,
        system(ubr=33_000),
        rules(),
        collected=LATE,
        says="at least 26100.32230, that of 2026-01-13",
    ),
    case(
        "a client has no level here",
        Outcome.REVIEW,
        ("kept", "no_level", "narrow"),
        TOOLS,
        system(product_type=ProductType.WORKSTATION, caption="Microsoft Windows 11 Enterprise"),
        rules(),
        says="Microsoft Windows 11 Enterprise",
    ),
    case(
        "a release without a level",
        Outcome.REVIEW,
        ("kept", "no_level", "narrow"),
        TOOLS,
        system(Release.WS23H2, 1733),
        rules(),
    ),
    case(
        "update level not read",
        Outcome.UNKNOWN,
        ("kept", "level_unseen", "narrow"),
        TOOLS,
        system(ubr=None),
        rules(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    case(
        "evidence of no day",
        Outcome.UNKNOWN,
        ("kept", "undated", "narrow"),
        TOOLS,
        system(),
        rules(),
        collected=None,
        cause=Cause.NOT_IN_SOURCE,
    ),
    case(
        "rules denied",
        Outcome.UNKNOWN,
        ("kept", "patched", "rules_unseen"),
        TOOLS,
        system(),
        gaps={"firewall_rules": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    case(
        "another machine",
        Outcome.NOT_APPLICABLE,
        ("other",),
        management.installed_software("Google Chrome"),
        system(),
        opens("3389"),
        context=declares("JUMP02", "jump01.fabrikam.com"),
    ),
    case("there are no jump hosts", Outcome.NOT_APPLICABLE, ("other",), TOOLS, system(), rules(), context=declares()),
    case(
        "the context does not say which machines are jump hosts",
        Outcome.UNKNOWN,
        ("none_declared",),
        TOOLS,
        system(),
        rules(),
        context=Context(file="context.toml"),
        cause=Cause.NOT_COLLECTED,
    ),
    case("no context", Outcome.UNKNOWN, (), TOOLS, system(), rules(), context=None, cause=Cause.NOT_COLLECTED),
)
