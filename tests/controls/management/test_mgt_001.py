"""MGT-001: what RDP demands."""

from __future__ import annotations

from hypervigil.controls.management import mgt_001_rdp_nla_tls as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.management import Rdp
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.moments import registry_text
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def on(**values: RegistryValue) -> tuple[Rdp, ...]:
    """RDP is on, with NLA and TLS unless ``values`` say otherwise."""
    return (management.rdp(**{"deny_local": dword(0), **values}),)


CASES = (
    Case("off locally", Outcome.PASS, ("off",), node=(management.rdp(),), says="1 locally"),
    Case("off by policy, which beats the local value", Outcome.PASS, ("off",), node=on(deny_policy=dword(1))),
    Case(
        "off, so that what it would demand does not matter",
        Outcome.PASS,
        ("off",),
        node=(management.rdp(nla_local=dword(0), security_layer_local=DENIED),),
    ),
    Case("on, with NLA and TLS", Outcome.PASS, ("demanded",), node=on(), says="UserAuthentication is 1 locally"),
    Case(
        "whether it is on is not said, but NLA and TLS are demanded",
        Outcome.PASS,
        ("demanded",),
        node=on(deny_local=ABSENT),
    ),
    Case(
        "policy demands what the local values do not",
        Outcome.PASS,
        ("demanded",),
        node=on(nla_policy=dword(1), nla_local=dword(0), security_layer_policy=dword(2), security_layer_local=dword(0)),
        says="2 by policy",
    ),
    Case(
        "on by policy, off locally, no NLA",
        Outcome.FAIL,
        ("no_nla", "on"),
        node=(management.rdp(deny_policy=dword(0), nla_local=dword(0)),),
        says="0 by policy",
    ),
    Case("policy waives NLA", Outcome.FAIL, ("no_nla", "on"), node=on(nla_policy=dword(0))),
    Case("negotiated", Outcome.FAIL, ("negotiated", "on"), node=on(security_layer_local=dword(1))),
    Case(
        "neither NLA nor TLS",
        Outcome.FAIL,
        ("no_nla", "rdp_layer", "on"),
        node=on(nla_local=dword(0), security_layer_local=dword(0)),
    ),
    Case(
        "no NLA, TLS not readable: the failure stands",
        Outcome.FAIL,
        ("no_nla", "denied", "on"),
        node=on(nla_local=dword(0), security_layer_policy=DENIED),
    ),
    Case(
        "nothing is set",
        Outcome.REVIEW,
        ("unset", "unset", "on"),
        node=on(nla_local=ABSENT, security_layer_local=ABSENT),
        confidence=Confidence.UNVERIFIED,
        says="UserAuthentication is set nowhere",
    ),
    Case(
        "a number outside the table, and text where a number belongs",
        Outcome.REVIEW,
        ("odd", "odd", "on"),
        node=on(nla_local=registry_text("1"), security_layer_local=dword(3)),
        says="'1' (REG_SZ) locally",
    ),
    Case(
        "the policy could not be read",
        Outcome.UNKNOWN,
        ("denied", "on"),
        node=on(nla_policy=DENIED),
        cause=Cause.ACCESS_DENIED,
        says="by policy",
    ),
    Case(
        "no NLA, and whether RDP is on is not said",
        Outcome.REVIEW,
        ("maybe_off",),
        node=on(deny_local=ABSENT, nla_local=dword(0)),
        says="fDenyTSConnections is absent); if it is: RDP lets clients in without NLA",
    ),
    Case(
        "no NLA, and whether RDP is on could not be looked at",
        Outcome.UNKNOWN,
        ("switch_denied",),
        node=on(deny_policy=DENIED, nla_local=dword(0)),
        cause=Cause.ACCESS_DENIED,
    ),
    Case("not collected", Outcome.UNKNOWN, gaps={"rdp": Cause.NOT_COLLECTED}, cause=Cause.NOT_COLLECTED),
)
