"""WGC-001: PKU2U."""

from __future__ import annotations

from hypervigil.controls.workgroup import wgc_001_pku2u as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import Pku2u
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

ZERO_AS_TEXT = RegistryValue(RegistryState.PRESENT, "REG_SZ", "0")

CASES = (
    Case("as OSConfig writes it", Outcome.PASS, ("enabled",), node=(Pku2u(allow_online_id=dword(1)),)),
    Case(
        "not defined",
        Outcome.PASS,
        ("undefined",),
        node=(Pku2u(allow_online_id=ABSENT),),
        confidence=Confidence.INFERRED,
    ),
    Case("disabled", Outcome.FAIL, ("disabled",), node=(Pku2u(allow_online_id=dword(0)),)),
    Case(
        "disabled on a domain cluster breaks it just the same",
        Outcome.FAIL,
        ("disabled",),
        node=(defaults.computer_system(), Pku2u(allow_online_id=dword(0))),
    ),
    Case("another number", Outcome.REVIEW, ("odd",), node=(Pku2u(allow_online_id=dword(2)),), says="2"),
    Case("0 as text is no 0", Outcome.REVIEW, ("odd",), node=(Pku2u(allow_online_id=ZERO_AS_TEXT),)),
    Case("denied", Outcome.UNKNOWN, ("denied",), node=(Pku2u(allow_online_id=DENIED),), cause=Cause.ACCESS_DENIED),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
