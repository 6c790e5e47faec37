"""PLT-010: MBEC and GMET. The recorded cases hold published values of Win32_DeviceGuard, nothing else."""

from __future__ import annotations

from hypervigil.controls.platform import plt_010_mbec as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecurityProperty, SecurityService
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

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
        node=(defaults.device_guard(**offering(3)),),
    ),
    Case(
        "recorded on a Server 2019 (training-lab notes)",
        Outcome.PASS,
        ("offered",),
        node=(defaults.device_guard(**offering(1, 3, 5, 7)),),
    ),
    Case(
        "recorded on a Server 2022 (mondoohq/cnquery)",
        Outcome.REVIEW,
        ("not_offered", "no_hypervisor"),
        node=(defaults.device_guard(**offering(0)),),
    ),
    Case("not elevated", Outcome.UNKNOWN, gaps={"device_guard": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
