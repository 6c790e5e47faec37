"""Tasks that read Windows Firewall."""

from __future__ import annotations

import functools

import pytest

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
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import Run

FILTERS = ("Port", "Address", "Application", "Service", "Interface", "InterfaceType", "Security")


@functools.cache
def plain() -> Run:
    return collect("firewall_rules", "firewall_profiles", trace=True)


def _openssh(name: str, shown: str, group: str | None) -> FirewallRule:
    return FirewallRule(
        name=name,
        enabled=True,
        direction=RuleDirection.INBOUND,
        action=RuleAction.ALLOW,
        profiles=0,
        group=group,
        display_name=shown,
        protocol="TCP",
        local_ports=("22",),
        remote_addresses=("10.0.0.0/255.255.255.0", "10.1.0.9"),
        local_addresses=("Any",),
        program="%SystemRoot%\\System32\\OpenSSH\\sshd.exe",
        service="sshd",
        interfaces=("Management", "München"),
        interface_types=1,
        authentication=RuleAuthentication.REQUIRED,
    )


def _built_in(name: str, protocol: str, port: str, **other: object) -> FirewallRule:
    values: dict[str, object] = {
        "enabled": True,
        "action": RuleAction.ALLOW,
        "remote_addresses": ("Any",),
        "program": "System",
        "service": "Any",
    }
    return FirewallRule(
        name=name,
        direction=RuleDirection.INBOUND,
        group="@FirewallAPI.dll,-30267",
        display_name=f"Regel für {name}",
        protocol=protocol,
        local_ports=(port,),
        local_addresses=("Any",),
        interfaces=("Any",),
        interface_types=0,
        authentication=RuleAuthentication.NOT_REQUIRED,
        **(values | other),  # type: ignore[arg-type]
    )


def test_rules_joined_with_their_filters() -> None:
    svchost = "%SystemRoot%\\system32\\svchost.exe"
    assert fact_of(plain(), FirewallRules).rules == (
        _openssh("OpenSSH-Server-In-TCP", "OpenSSH SSH Server (sshd)", "OpenSSH Server"),
        _openssh("sshd", "OpenSSH Server (sshd)", None),
        _built_in("WINRM-HTTP-In-TCP", "TCP", "5985", profiles=3),
        _built_in(
            "RemoteDesktop-UserMode-In-TCP", "TCP", "3389", enabled=False, program=svchost, service="termservice"
        ),
        _built_in(
            "NETDIS-LLMNR-In-UDP",
            "UDP",
            "5355",
            program=svchost,
            service="dnscache",
            remote_addresses=("LocalSubnet",),
        ),
        _built_in("RRAS-GRE-In", "47", "Any", enabled=False, action=RuleAction.BLOCK),
        _built_in("FPS-ICMP4-ERQ-In", "ICMPv4", "RPC"),
    )


def test_no_rule_calls_a_filter_of_its_own() -> None:
    called = [each["name"] for each in plain().trace]
    assert [called.count(f"Get-NetFirewall{kind}Filter") for kind in FILTERS] == [1] * len(FILTERS)


def test_no_rule_is_an_answer() -> None:
    assert fact_of(collect("firewall_rules", faults={"Get-NetFirewallRule": "nothing"}), FirewallRules).rules == ()


def _twice(*ports: str) -> str:
    """A rule that is there twice, locally and by policy, with as many filters of each kind as there are ports."""
    own = {
        "Port": "Protocol = 'TCP'; LocalPort = $port",
        "Address": "RemoteAddress = 'Any'; LocalAddress = 'Any'",
        "Application": "Program = 'Any'",
        "Service": "Service = 'Any'",
        "Interface": "InterfaceAlias = 'Any'",
        "InterfaceType": "InterfaceType = 0",
        "Security": "Authentication = 0",
    }
    listed = ", ".join(f"'{port}'" for port in ports)
    filters = [
        f"function Instead-Filters-{kind} {{ foreach ($port in {listed}) {{\n"
        f"[pscustomobject] @{{ InstanceID = 'X'; {values} }} }} }}"
        for kind, values in own.items()
    ]
    rule = (
        "[pscustomobject] @{ Name = 'X'; Enabled = 'True'; Direction = 'Inbound'; Action = ACTION; Profile = 'Public' }"
    )
    rules = "\n".join(rule.replace("ACTION", action) for action in ("'Allow'", "'Block'"))
    return "\n".join([*filters, f"function Instead-Get-NetFirewallRule {{\n{rules}\n}}"])


def test_a_rule_that_is_there_twice_has_two_of_each_filter() -> None:
    rules = fact_of(collect("firewall_rules", stubs=[_twice("1", "2")]), FirewallRules).rules
    assert [(rule.action, rule.local_ports, rule.profiles) for rule in rules] == [
        (RuleAction.ALLOW, ("1",), 4),
        (RuleAction.BLOCK, ("2",), 4),
    ]


def test_a_filter_that_both_rules_share_is_that_of_both() -> None:
    rules = fact_of(collect("firewall_rules", stubs=[_twice("1")]), FirewallRules).rules
    assert [rule.local_ports for rule in rules] == [("1",), ("1",)]


@pytest.mark.parametrize("kind", FILTERS)
def test_a_rule_without_its_filter_is_not_taken_for_one_that_admits_all(kind: str) -> None:
    stub = f"function Instead-Filters-{kind} {{ }}"
    gap = gap_of(collect("firewall_rules", stubs=[stub]), FirewallRules)
    assert (gap.cause, "OpenSSH-Server-In-TCP" in gap.detail) == ("conflicting", True)


def test_a_rule_that_says_no_address_is_no_rule() -> None:
    stub = """function Instead-Filters-Address { foreach ($id in 'OpenSSH-Server-In-TCP', 'sshd') {
        [pscustomobject] @{ InstanceID = $id; RemoteAddress = $null; LocalAddress = 'Any' } } }"""
    assert gap_of(collect("firewall_rules", stubs=[stub]), FirewallRules).cause == "unparsable"


def test_profiles() -> None:
    assert fact_of(plain(), FirewallProfiles).profiles == tuple(
        FirewallProfile(
            name=name,
            enabled=True,
            default_inbound=RuleAction.NOT_CONFIGURED,
            default_outbound=RuleAction.NOT_CONFIGURED,
            allow_local_rules=GpoBoolean.NOT_CONFIGURED,
            log_blocked=GpoBoolean.FALSE,
        )
        for name in ("Domain", "Private", "Public")
    )


def test_profiles_as_names_and_switched_off() -> None:
    stub = """function Instead-Get-NetFirewallProfile { [pscustomobject] @{ Name = 'Public'; Enabled = 'False'
        DefaultInboundAction = 'Allow'; DefaultOutboundAction = 'Block'; AllowLocalFirewallRules = 'True'
        LogBlocked = 'True' } }"""
    assert fact_of(collect("firewall_profiles", stubs=[stub]), FirewallProfiles).profiles == (
        FirewallProfile(
            name="Public",
            enabled=False,
            default_inbound=RuleAction.ALLOW,
            default_outbound=RuleAction.BLOCK,
            allow_local_rules=GpoBoolean.TRUE,
            log_blocked=GpoBoolean.TRUE,
        ),
    )


@pytest.mark.parametrize(
    "stub",
    [
        "function Instead-Get-NetFirewallProfile { }",
        "function Instead-Get-NetFirewallProfile { @{ Name = 'X'; Enabled = 2; DefaultInboundAction = 4 } }",
    ],
)
def test_profiles_that_say_nothing_are_no_answer(stub: str) -> None:
    assert gap_of(collect("firewall_profiles", stubs=[stub]), FirewallProfiles).cause == "unparsable"
