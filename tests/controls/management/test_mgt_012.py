"""MGT-012: enhanced session mode."""

from __future__ import annotations

from hypervigil.controls.management import mgt_012_enhanced_session as CONTROL_MODULE  # noqa: N812
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case("off, the default of servers", Outcome.PASS, ("off",), node=(defaults.vm_host(),)),
    Case("on", Outcome.FAIL, ("on",), node=(defaults.vm_host(enhanced_session_mode=True),)),
    Case(
        "left out by the source",
        Outcome.UNKNOWN,
        ("unseen",),
        node=(defaults.vm_host(enhanced_session_mode=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("denied", Outcome.UNKNOWN, gaps={"vm_host": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
