"""What is worked out of a fact once lies with that fact, goes with it, and is seen by nothing else."""

from __future__ import annotations

import gc
import weakref

import msgspec

from hypervigil.controls.effective.firewall import RDP, openings
from hypervigil.evidence.fact import once
from hypervigil.evidence.firewall import FirewallRule, FirewallRules, RuleAction, RuleDirection


class Answer:
    """Something that can be looked for after it is gone."""


asked: list[FirewallRules] = []


@once
def answer(fact: FirewallRules) -> Answer:
    """Work something out, and note who asked."""
    asked.append(fact)
    return Answer()


def test_each_fact_has_its_own_answer_once() -> None:
    asked.clear()
    one, equal = FirewallRules(rules=()), FirewallRules(rules=())
    assert answer(one) is answer(one)
    assert answer(equal) is not answer(one)
    assert [each is one for each in asked] == [True, False]


def test_an_answer_goes_with_its_fact() -> None:
    fact = FirewallRules(rules=())
    held = weakref.ref(answer(fact))
    assert held() is not None
    asked.clear()
    del fact
    gc.collect()
    assert held() is None


def test_nothing_else_sees_an_answer() -> None:
    fact = FirewallRules(rules=())
    answer(fact)
    assert fact == FirewallRules(rules=())
    assert hash(fact) == hash(FirewallRules(rules=()))
    assert msgspec.json.encode(fact) == b'{"rules":[]}'


def test_a_changed_fact_is_asked_anew() -> None:
    rule = FirewallRule(
        name="R",
        enabled=True,
        direction=RuleDirection.INBOUND,
        action=RuleAction.ALLOW,
        protocol="TCP",
        local_ports=("3389",),
        remote_addresses=("Any",),
        program="Any",
        service="Any",
    )
    fact = FirewallRules(rules=(rule,))
    assert [each.rule for each in openings(fact, None, RDP)] == [rule]
    without = msgspec.structs.replace(fact, rules=(msgspec.structs.replace(rule, enabled=False),))
    assert openings(without, None, RDP) == ()


def test_rules_of_one_port_and_of_ranges_keep_their_order() -> None:
    ports = [("3389",), ("3000-4000",), ("445",), ("3389", "5985"), ("3389",), ("Any",)]
    rules = tuple(
        FirewallRule(
            name=f"R{place}",
            enabled=True,
            direction=RuleDirection.INBOUND,
            action=RuleAction.ALLOW,
            protocol="TCP",
            local_ports=each,
            remote_addresses=(f"10.0.0.{place}",),
            program="Any",
            service="Any",
        )
        for place, each in enumerate(ports)
    )
    found = [opening.rule.name for opening in openings(FirewallRules(rules=rules), None, RDP) if opening.rule]
    assert found == ["R0", "R1", "R3", "R4", "R5"]
