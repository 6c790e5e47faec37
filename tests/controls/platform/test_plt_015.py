"""PLT-015: WDigest."""

from __future__ import annotations

from hypervigil.controls.platform import plt_015_wdigest as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import WDigest
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def wdigest(switch: RegistryValue, planted: RegistryValue = ABSENT) -> WDigest:
    return WDigest(use_logon_credential=switch, is_cred_guard_enabled=planted)


TEXT_ONE = RegistryValue(RegistryState.PRESENT, "REG_SZ", "1")

CASES = (
    Case("written as 0 by a baseline", Outcome.PASS, ("off",), node=(wdigest(dword(0)),)),
    Case(
        "absent, as a real 2025 member server was recorded",
        Outcome.PASS,
        ("absent",),
        node=(wdigest(ABSENT),),
        confidence=Confidence.SECONDARY,
    ),
    Case("switched on", Outcome.FAIL, ("keeps",), node=(wdigest(dword(1)),)),
    Case(
        "switched on next to the value that attackers write",
        Outcome.FAIL,
        ("keeps", "tampered"),
        node=(wdigest(dword(1), dword(1)),),
    ),
    Case(
        "off, but the attackers' value is there", Outcome.PASS, ("off", "tampered"), node=(wdigest(dword(0), dword(0)),)
    ),
    Case("another number", Outcome.REVIEW, ("odd",), node=(wdigest(dword(2)),), says="2"),
    Case("1 as text is no 1", Outcome.REVIEW, ("odd",), node=(wdigest(TEXT_ONE),), says="REG_SZ"),
    Case("denied", Outcome.UNKNOWN, ("denied",), node=(wdigest(DENIED, DENIED),), cause=Cause.ACCESS_DENIED),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
