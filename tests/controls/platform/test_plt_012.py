"""PLT-012: nested nodes."""

from __future__ import annotations

from hypervigil.controls.platform import plt_012_not_nested as CONTROL_MODULE  # noqa: N812
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CAVEATS = ("nested", "no_hvpt", "vbs_of_host", "hvci_cost")

CASES = (
    Case(
        "a server",
        Outcome.PASS,
        ("hardware",),
        node=(defaults.computer_system(),),
        confidence=Confidence.INFERRED,
        says="Example Systems, Node R2",
    ),
    Case(
        "hardware of Microsoft's own",
        Outcome.PASS,
        ("hardware",),
        node=(defaults.computer_system(manufacturer="Microsoft Corporation", model="Surface Hub 3"),),
    ),
    Case(
        "a hypervisor is present, as on every Hyper-V host",
        Outcome.PASS,
        ("hardware",),
        node=(defaults.computer_system(hypervisor_present=True),),
    ),
    Case(
        "guest of Hyper-V",
        Outcome.FAIL,
        CAVEATS,
        node=(defaults.computer_system(manufacturer="Microsoft Corporation", model="Virtual Machine"),),
        confidence=Confidence.INFERRED,
        says="Hyper-V or Azure",
    ),
    Case(
        "guest of VMware",
        Outcome.FAIL,
        (*CAVEATS, "foreign_host"),
        node=(defaults.computer_system(manufacturer="VMware, Inc.", model="VMware20,1"),),
    ),
    Case(
        "guest of QEMU, model not read",
        Outcome.FAIL,
        (*CAVEATS, "foreign_host"),
        node=(defaults.computer_system(manufacturer="QEMU", model=None),),
    ),
    Case(
        "the model alone is no sign either way",
        Outcome.UNKNOWN,
        ("firmware_unseen",),
        node=(defaults.computer_system(manufacturer=None, model="Virtual Machine"),),
        cause=Cause.NOT_IN_SOURCE,
        says="no maker, Virtual Machine",
    ),
    Case(
        "an empty model is none",
        Outcome.UNKNOWN,
        ("firmware_unseen",),
        node=(defaults.computer_system(model=""),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
