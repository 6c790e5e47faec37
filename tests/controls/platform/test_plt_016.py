"""PLT-016: Mandatory."""

from __future__ import annotations

from hypervigil.controls.platform import plt_016_mandatory_mode as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.registry import DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case("absent", Outcome.PASS, ("not_set",), node=(defaults.device_guard_policy(),), says="Mandatory: absent"),
    Case("0", Outcome.PASS, ("not_set",), node=(defaults.device_guard_policy(mandatory=dword(0)),)),
    Case(
        "0, and VBS locked in UEFI: not a matter of this control",
        Outcome.PASS,
        ("not_set",),
        node=(defaults.device_guard_policy(mandatory=dword(0), locked=dword(1)),),
    ),
    Case("1", Outcome.REVIEW, ("set",), node=(defaults.device_guard_policy(mandatory=dword(1)),)),
    Case(
        "1, and VBS locked in UEFI",
        Outcome.REVIEW,
        ("set", "locked"),
        node=(defaults.device_guard_policy(mandatory=dword(1), locked=dword(1)),),
    ),
    Case(
        "2 is in no table",
        Outcome.REVIEW,
        ("unknown_value",),
        node=(defaults.device_guard_policy(mandatory=dword(2)),),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "the text 0 is no number",
        Outcome.REVIEW,
        ("unknown_value",),
        node=(defaults.device_guard_policy(mandatory=RegistryValue(RegistryState.PRESENT, "REG_SZ", "0")),),
        says="'0' (REG_SZ)",
    ),
    Case(
        "refused is not absent",
        Outcome.UNKNOWN,
        ("unreadable",),
        node=(defaults.device_guard_policy(mandatory=DENIED),),
        cause=Cause.ACCESS_DENIED,
    ),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
