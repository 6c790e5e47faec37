"""What comes in to a port, by rules and profiles."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hypervigil.controls.effective.firewall import RDP, RPC, WAC, WINRM_HTTP, Entrance, Opening, openings
from hypervigil.evidence.firewall import (
    FirewallProfiles,
    FirewallRule,
    FirewallRules,
    GpoBoolean,
    RuleAction,
    RuleAuthentication,
    RuleDirection,
)
from hypervigil.synthetic import fabric_defaults as fabric

SVCHOST = r"%SystemRoot%\system32\svchost.exe"


def rule(name: str = "R", **changes: Any) -> FirewallRule:
    """Remote Desktop, let in from anywhere, with all filters read."""
    fields: dict[str, Any] = {
        "enabled": True,
        "direction": RuleDirection.INBOUND,
        "action": RuleAction.ALLOW,
        "protocol": "TCP",
        "local_ports": ("3389",),
        "remote_addresses": ("Any",),
        "local_addresses": ("Any",),
        "program": SVCHOST,
        "service": "termservice",
        "interfaces": ("Any",),
        "interface_types": 0,
        "authentication": RuleAuthentication.NOT_REQUIRED,
    }
    return FirewallRule(name=name, **{**fields, **changes})


def block(name: str = "B", **changes: Any) -> FirewallRule:
    """The same port blocked for every program."""
    return rule(name, **{"action": RuleAction.BLOCK, "program": "Any", "service": "Any", **changes})


def into(entrance: Entrance, *rules: FirewallRule, profiles: FirewallProfiles | None = None) -> tuple[Opening, ...]:
    return openings(FirewallRules(rules=rules), profiles or fabric.firewall_profiles(), entrance)


def with_profile(name: str, **changes: Any) -> FirewallProfiles:
    """One profile changed."""
    fact = fabric.firewall_profiles()
    return msgspec.structs.replace(
        fact, profiles=tuple(msgspec.structs.replace(p, **changes) if p.name == name else p for p in fact.profiles)
    )


def shown(found: tuple[Opening, ...]) -> list[str]:
    return [f"{opening.shown}: {opening.sources.shown}" for opening in found]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([rule()], ["rule R: any address"], id="any"),
        pytest.param([rule(enabled=False)], [], id="disabled"),
        pytest.param([rule(direction=RuleDirection.OUTBOUND)], [], id="outbound"),
        pytest.param([rule(action=RuleAction.NOT_CONFIGURED)], [], id="no action"),
        pytest.param([rule(profiles=1)], ["rule R on the Domain profile: any address"], id="one profile"),
        pytest.param([rule(profiles=3)], ["rule R on the Domain and Private profiles: any address"], id="two"),
        pytest.param([rule(profiles=2**31 - 1)], ["rule R: any address"], id="all bits"),
        pytest.param([rule(local_ports=("3380-3390",))], ["rule R: any address"], id="range of ports"),
        pytest.param([rule(local_ports=("80", "3389"))], ["rule R: any address"], id="list of ports"),
        pytest.param([rule(local_ports=("3390",))], [], id="another port"),
        pytest.param([rule(local_ports=("IPHTTPSIn",))], [], id="word for another port"),
        pytest.param([rule(protocol="6")], ["rule R: any address"], id="number of TCP"),
        pytest.param([rule(protocol="UDP")], [], id="another protocol"),
        pytest.param([rule(protocol="Any", local_ports=("Any",))], ["rule R: any address"], id="any protocol"),
        pytest.param([rule(program="Any", service="Any")], ["rule R: any address"], id="any program"),
        pytest.param([rule(program=r"C:\Apps\backup.exe", local_ports=("Any",))], [], id="another program"),
        pytest.param([rule(service="iphlpsvc", local_ports=("Any",))], [], id="another service"),
        pytest.param(
            [rule(program="Any", service="Any", local_ports=("Any",), group="@{Example_1.0_x64__abc?ms-resource://x}")],
            [],
            id="packaged app",
        ),
        pytest.param(
            [rule("{6F1E}", display_name="Allow jump hosts")],
            ["rule {6F1E} (Allow jump hosts): any address"],
            id="rule of one's own",
        ),
        pytest.param([rule(), block()], [], id="block over allow"),
        pytest.param([block(), rule()], [], id="whatever the order"),
        pytest.param([rule(), block(enabled=False)], ["rule R: any address"], id="disabled block"),
        pytest.param(
            [rule(), block(profiles=4)], ["rule R on the Domain and Private profiles: any address"], id="on one"
        ),
        pytest.param(
            [rule(remote_addresses=("10.0.9.0/24",)), block(remote_addresses=("10.0.9.0/255.255.255.128",))],
            ["rule R: 10.0.9.128/25"],
            id="block of a part",
        ),
        pytest.param(
            [rule(remote_addresses=("LocalSubnet",)), block(remote_addresses=("LocalSubnet4",))], [], id="same word"
        ),
        pytest.param([rule(), block(program=r"C:\Apps\backup.exe")], ["rule R: any address"], id="of another program"),
        pytest.param([rule(), block(interfaces=("Storage",))], ["rule R: any address"], id="on one adapter"),
        pytest.param([rule(interfaces=("Storage",)), block(interfaces=("storage",))], [], id="on the same adapter"),
        pytest.param(
            [rule(interfaces=("A", "B")), block(interfaces=("A",))],
            ["rule R: any address"],
            id="on one of two adapters",
        ),
        pytest.param([rule(), block(interface_types=2)], ["rule R: any address"], id="wireless adapters"),
        pytest.param([rule(), block(local_addresses=("10.0.9.11",))], ["rule R: any address"], id="at one address"),
        pytest.param(
            [rule(local_addresses=("10.0.9.11",)), block(local_addresses=("10.0.9.0/24",))], [], id="at its address"
        ),
        pytest.param(
            [rule(action=RuleAction.ALLOW_BYPASS, authentication=RuleAuthentication.REQUIRED), block()],
            ["rule R: any address"],
            id="bypass over block",
        ),
    ],
)
def test_rules(rules: list[FirewallRule], expected: list[str]) -> None:
    assert shown(into(RDP, *rules)) == expected


@pytest.mark.parametrize(
    ("profiles", "rules", "expected"),
    [
        pytest.param(
            with_profile("Public", enabled=False),
            [block()],
            ["the Public profile is off: any address"],
            id="off",
        ),
        pytest.param(
            with_profile("Public", default_inbound=RuleAction.ALLOW),
            [],
            ["the Public profile allows by default: any address"],
            id="allows by default",
        ),
        pytest.param(with_profile("Public", default_inbound=RuleAction.ALLOW), [block()], [], id="and a rule blocks"),
        pytest.param(with_profile("Public", default_inbound=RuleAction.NOT_CONFIGURED), [], [], id="not configured"),
    ],
)
def test_profiles(profiles: FirewallProfiles, rules: list[FirewallRule], expected: list[str]) -> None:
    assert shown(into(RDP, *rules, profiles=profiles)) == expected


@pytest.mark.parametrize(
    ("rules", "doubt"),
    [
        pytest.param([rule(authentication=RuleAuthentication.REQUIRED)], "IPsec has to vouch for the peer", id="IPsec"),
        pytest.param([rule(authentication=None)], "whether it demands IPsec was not read", id="IPsec not read"),
        pytest.param(
            [rule(program=None, local_ports=("Any",))], "its port, program or service was not read", id="program"
        ),
        pytest.param([rule(local_ports=())], "its port, program or service was not read", id="port"),
        pytest.param([rule(protocol=None)], "its port, program or service was not read", id="protocol"),
        pytest.param([rule(action=RuleAction(9))], "its action is", id="action"),
        pytest.param([rule(), block(interfaces=())], "block rule B may close it", id="block not read"),
        pytest.param([rule(), block(interface_types=1)], "block rule B may close it", id="wired adapters"),
        pytest.param(
            [rule(remote_addresses=("10.0.9.0/24",)), block(remote_addresses=("LocalSubnet",))],
            "block rule B takes LocalSubnet away",
            id="block of a word",
        ),
    ],
)
def test_doubts(rules: list[FirewallRule], doubt: str) -> None:
    (opening,) = into(RDP, *rules)
    assert opening.shown_doubts.startswith(doubt)


def test_a_program_that_was_not_read_leaves_no_doubt_where_the_port_is_named() -> None:
    (opening,) = into(RDP, rule(program=None, service=None))
    assert opening.doubts == ()


def test_local_rules_that_policy_ignores() -> None:
    (elsewhere, domain) = sorted(
        into(RDP, rule(), profiles=with_profile("Domain", allow_local_rules=GpoBoolean.FALSE)),
        key=lambda opening: len(opening.doubts),
    )
    assert elsewhere.profiles == ("Private", "Public")
    assert "policy ignores local rules" in domain.shown_doubts


def test_a_block_rule_may_be_one_that_policy_ignores() -> None:
    found = into(RDP, rule(), block(), profiles=with_profile("Domain", allow_local_rules=GpoBoolean.FALSE))
    assert [opening.profiles for opening in found] == [("Domain",)]


def test_a_profile_that_is_not_listed() -> None:
    fact = fabric.firewall_profiles()
    found = into(RDP, rule(), profiles=msgspec.structs.replace(fact, profiles=fact.profiles[:2]))
    assert [opening.doubts for opening in found] == [(), ("its profile is not among those that were read",)]


def test_without_profiles_the_rules_alone_are_read() -> None:
    found = openings(FirewallRules(rules=(rule(),)), None, RDP)
    assert [(opening.profiles, opening.doubts) for opening in found] == [(("Domain", "Private", "Public"), ())]


def test_words_for_ports_and_the_kernel_as_program() -> None:
    assert into(RPC, rule(local_ports=("RPCEPMap",), service="RPCSS"))
    assert not into(RPC, rule(local_ports=("RPC",), service="RPCSS"))
    assert into(WINRM_HTTP, rule(local_ports=("5985",), program="System", service="Any"))


def test_a_port_whose_program_is_not_known_by_name() -> None:
    own = {"program": r"C:\Apps\web.exe", "service": "Any"}
    assert into(WAC, rule(local_ports=("443",), **own))
    assert not into(WAC, rule(local_ports=("Any",), **own))
    assert not into(WAC, rule(local_ports=("IPHTTPSIn",), program="System", service="Any"))
