"""NET-009: profiles of the firewall."""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.network import net_009_firewall_on as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.firewall import FirewallProfiles, GpoBoolean, RuleAction
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.fabric_defaults import firewall_profiles
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def public(**changes: Any) -> FirewallProfiles:
    fact = firewall_profiles()
    return FirewallProfiles(profiles=(*fact.profiles[:2], msgspec.structs.replace(fact.profiles[2], **changes)))


CASES = (
    Case("all on, blocking", Outcome.PASS, ("on",), node=(firewall_profiles(),)),
    Case(
        "not configured blocks",
        Outcome.PASS,
        ("on",),
        node=(firewall_profiles(default_inbound=RuleAction.NOT_CONFIGURED),),
    ),
    Case("one is off", Outcome.FAIL, ("off",), node=(public(enabled=False),), says="The Public profile is off"),
    Case("all are off", Outcome.FAIL, ("off",) * 3, node=(firewall_profiles(enabled=False),)),
    Case(
        "off, whatever its default",
        Outcome.FAIL,
        ("off",),
        node=(public(enabled=False, default_inbound=RuleAction.ALLOW),),
    ),
    Case("allows by default", Outcome.FAIL, ("allows",), node=(public(default_inbound=RuleAction.ALLOW),)),
    Case(
        "a number without a name",
        Outcome.REVIEW,
        ("odd_default",),
        node=(public(default_inbound=RuleAction(9)),),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "only policy's rules count",
        Outcome.PASS,
        ("on", "policy_only"),
        node=(public(allow_local_rules=GpoBoolean.FALSE),),
        says="Public",
    ),
    Case(
        "a profile is missing",
        Outcome.UNKNOWN,
        ("profile_unseen",),
        node=(FirewallProfiles(profiles=firewall_profiles().profiles[:2]),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "one is missing, another is off",
        Outcome.FAIL,
        ("off", "profile_unseen"),
        node=(
            FirewallProfiles(
                profiles=firewall_profiles(enabled=False).profiles[:1] + firewall_profiles().profiles[1:2]
            ),
        ),
    ),
    Case("refused", Outcome.UNKNOWN, gaps={"firewall_profiles": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
