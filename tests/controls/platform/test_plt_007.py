"""PLT-007: Secure Boot."""

from __future__ import annotations

from hypervigil.controls.platform import plt_007_secure_boot as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import SecureBoot, SecureBootState
from hypervigil.evidence.registry import ABSENT, dword
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case("on", Outcome.PASS, ("on",), node=(defaults.secure_boot(),)),
    Case(
        "on, and the registry says UEFI",
        Outcome.PASS,
        ("on", "firmware_type"),
        node=(SecureBoot(state=SecureBootState.ON, firmware_type=dword(2)),),
    ),
    Case("off", Outcome.FAIL, ("off",), node=(defaults.secure_boot(SecureBootState.OFF),)),
    Case(
        "BIOS mode",
        Outcome.FAIL,
        ("unsupported", "firmware_type"),
        node=(SecureBoot(state=SecureBootState.UNSUPPORTED, firmware_type=dword(1)),),
        says="PEFirmwareType is 1",
    ),
    Case(
        "the registry's UEFI does not make up for a platform without Secure Boot",
        Outcome.FAIL,
        ("unsupported", "firmware_type"),
        node=(SecureBoot(state=SecureBootState.UNSUPPORTED, firmware_type=dword(2)),),
    ),
    Case(
        "the registry value is absent",
        Outcome.PASS,
        ("on",),
        node=(SecureBoot(state=SecureBootState.ON, firmware_type=ABSENT),),
    ),
    Case(
        "not elevated is not unsupported",
        Outcome.UNKNOWN,
        gaps={"secure_boot": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
