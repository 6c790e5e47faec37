"""PLT-010: MBEC and GMET."""

from __future__ import annotations

from hypervigil.controls.platform import plt_010_mbec as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecurityProperty, SecurityService
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]


def offering(*codes: int) -> dict[str, tuple[SecurityProperty, ...]]:
    return {"available_properties": tuple(SecurityProperty(code) for code in codes)}


CASES = (
    Case("offered", Outcome.PASS, ("offered",), node=(defaults.device_guard(),)),
    Case(
        "offered, and used",
        Outcome.PASS,
        ("offered", "hvci_runs"),
        node=(defaults.device_guard(SecurityService.MEMORY_INTEGRITY),),
    ),
    Case("not offered", Outcome.REVIEW, ("not_offered",), node=(defaults.device_guard(**offering(1, 2, 3, 5)),)),
    Case(
        "not offered, HVCI runs by emulation",
        Outcome.REVIEW,
        ("not_offered", "hvci_runs"),
        node=(defaults.device_guard(SecurityService.MEMORY_INTEGRITY, **offering(1, 2, 3)),),
    ),
    Case(
        "8 is another property",
        Outcome.REVIEW,
        ("not_offered",),
        node=(defaults.device_guard(**offering(1, 8)),),
    ),
    Case(
        "recorded on a Server 2016 (mondoohq/cnquery)",
        Outcome.REVIEW,
        ("not_offered", "no_hypervisor"),
        node=(recorded.SERVER_2016,),
    ),
    Case(
        "recorded on a Server 2019 (training-lab notes)",
        Outcome.PASS,
        ("offered",),
        node=(recorded.SERVER_2019,),
    ),
    Case(
        "recorded on a Server 2022 (mondoohq/cnquery)",
        Outcome.REVIEW,
        ("not_offered", "no_hypervisor"),
        node=(recorded.SERVER_2022,),
    ),
    Case("not elevated", Outcome.UNKNOWN, gaps={"device_guard": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
