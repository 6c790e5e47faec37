"""SHV-008: Secure Boot of VMs."""

from __future__ import annotations

import msgspec

from hypervigil.controls.shielded import shv_008_secure_boot_of_vms as CONTROL_MODULE  # noqa: N812
from hypervigil.controls.shielded.shv_008_secure_boot_of_vms import OPEN_SOURCE_SHIELDED, UEFI_CA, WINDOWS
from hypervigil.evidence.fact import Fact
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def vm(
    template: str | None = WINDOWS,
    *,
    on: bool | None = True,
    opt_out: bool = False,
    shielded: bool = False,
    generation: int = 2,
) -> tuple[Fact, ...]:
    return (
        msgspec.structs.replace(defaults.vm(1), generation=generation),
        fabric.vm_firmware(1, secure_boot=on, template_id=template),
        fabric.vm_security(1, vbs_opt_out=opt_out, shielded=shielded),
    )


CASES = (
    Case(
        "Secure Boot for Windows",
        Outcome.PASS,
        ("fits",),
        node=vm(),
        says="template Microsoft Windows",
        confidence=Confidence.SECONDARY,
    ),
    Case("the id in capitals", Outcome.PASS, ("fits",), node=vm(WINDOWS.upper()), says="template Microsoft Windows"),
    Case(
        "a shielded VM that is not Windows",
        Outcome.PASS,
        ("fits",),
        node=vm(OPEN_SOURCE_SHIELDED, shielded=True),
        says="Open Source Shielded VM",
    ),
    Case(
        "generation 1",
        Outcome.NOT_APPLICABLE,
        ("generation_1",),
        node=vm(None, on=None, generation=1),
        says="generation 1",
    ),
    Case("Secure Boot is off", Outcome.FAIL, ("off",), node=vm(on=False)),
    Case("Secure Boot of a shielded VM is off", Outcome.FAIL, ("off",), node=vm(on=False, shielded=True)),
    Case("VBS is closed to the guest", Outcome.FAIL, ("opted_out",), node=vm(opt_out=True)),
    Case("both", Outcome.FAIL, ("opted_out", "off"), node=vm(on=False, opt_out=True)),
    Case(
        "the template for other guests",
        Outcome.REVIEW,
        ("not_for_windows",),
        node=vm(UEFI_CA),
        says="Microsoft UEFI Certificate Authority",
    ),
    Case(
        "the template for other guests, and VBS is closed",
        Outcome.FAIL,
        ("opted_out", "not_for_windows"),
        node=vm(UEFI_CA, opt_out=True),
    ),
    Case(
        "the template for shielded guests on another",
        Outcome.REVIEW,
        ("for_shielded",),
        node=vm(OPEN_SOURCE_SHIELDED),
    ),
    Case(
        "a template that nobody knows",
        Outcome.REVIEW,
        ("odd_template",),
        node=vm("00000000-0000-4000-8000-000000000000"),
        says="00000000-0000-4000-8000-000000000000",
    ),
    Case("not read", Outcome.UNKNOWN, ("unread",), node=vm(None, on=None), cause=Cause.NOT_IN_SOURCE),
    Case(
        "not read, and VBS is closed",
        Outcome.FAIL,
        ("opted_out", "unread"),
        node=vm(None, on=None, opt_out=True),
    ),
    Case(
        "the template was not read",
        Outcome.UNKNOWN,
        ("template_unread",),
        node=vm(None),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "firmware was not collected",
        Outcome.UNKNOWN,
        node=(defaults.vm(1), fabric.vm_security(1)),
        cause=Cause.NOT_COLLECTED,
    ),
)
