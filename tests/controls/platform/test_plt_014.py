"""PLT-014: LSASS as a protected process."""

from __future__ import annotations

from hypervigil.controls.platform import plt_014_lsass_protected as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.registry import DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

TEXT_ZERO = RegistryValue(RegistryState.PRESENT, "REG_SZ", "0")

CASES = (
    Case(
        "started protected, configured with UEFI variable",
        Outcome.PASS,
        ("protected",),
        node=(defaults.lsa_protection(run_as_ppl=dword(1), run_as_ppl_boot=dword(1), started_protected=True),),
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "started protected, configured by policy without UEFI variable",
        Outcome.PASS,
        ("protected",),
        node=(defaults.lsa_protection(run_as_ppl_policy=dword(2), started_protected=True),),
    ),
    Case(
        "started protected, taken out since",
        Outcome.PASS,
        ("protected", "not_configured"),
        node=(defaults.lsa_protection(run_as_ppl=dword(0), run_as_ppl_boot=dword(1), started_protected=True),),
        says="local 0, policy absent, boot 1",
    ),
    Case(
        "started protected, and the values were refused",
        Outcome.PASS,
        ("protected",),
        node=(defaults.lsa_protection(run_as_ppl=DENIED, started_protected=True),),
    ),
    Case(
        "out of the box: no event, nothing configured",
        Outcome.FAIL,
        ("off",),
        node=(defaults.lsa_protection(),),
        says="local absent, policy absent, boot absent",
    ),
    Case(
        "switched off in both copies",
        Outcome.FAIL,
        ("off",),
        node=(defaults.lsa_protection(run_as_ppl=dword(0), run_as_ppl_policy=dword(0), run_as_ppl_boot=dword(0)),),
    ),
    Case(
        "1, set after the boot",
        Outcome.FAIL,
        ("not_in_effect",),
        node=(defaults.lsa_protection(run_as_ppl=dword(1)),),
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "2 and no event, as on a 2019 that may not know 2",
        Outcome.FAIL,
        ("not_in_effect", "two_alone"),
        node=(defaults.lsa_protection(run_as_ppl=dword(2)),),
    ),
    Case(
        "2 by policy, 0 locally, and no event",
        Outcome.FAIL,
        ("not_in_effect", "two_alone"),
        node=(defaults.lsa_protection(run_as_ppl=dword(0), run_as_ppl_policy=dword(2)),),
    ),
    Case(
        "2 by policy, 1 locally, and no event: 1 is known everywhere",
        Outcome.FAIL,
        ("not_in_effect",),
        node=(defaults.lsa_protection(run_as_ppl=dword(1), run_as_ppl_policy=dword(2)),),
    ),
    Case(
        "a value that no table has, and no event",
        Outcome.FAIL,
        ("not_in_effect",),
        node=(defaults.lsa_protection(run_as_ppl=dword(5)),),
        says="local 5",
    ),
    Case(
        "the text 0 is no number",
        Outcome.FAIL,
        ("not_in_effect",),
        node=(defaults.lsa_protection(run_as_ppl=TEXT_ZERO),),
    ),
    Case(
        "no event, and what is configured was refused: the event decides",
        Outcome.FAIL,
        ("not_in_effect",),
        node=(defaults.lsa_protection(run_as_ppl=DENIED),),
        says="local access denied",
    ),
    Case(
        "no event, and the boot value says protected: it can be written by hand",
        Outcome.REVIEW,
        ("boot_value_disagrees",),
        node=(defaults.lsa_protection(run_as_ppl=dword(1), run_as_ppl_boot=dword(1)),),
        confidence=Confidence.SECONDARY,
        says="boot 1",
    ),
    Case(
        "no event, nothing configured, and the boot value says protected",
        Outcome.REVIEW,
        ("boot_value_disagrees",),
        node=(defaults.lsa_protection(run_as_ppl=dword(0), run_as_ppl_boot=dword(2)),),
    ),
    Case(
        "no event, and the boot value was refused",
        Outcome.UNKNOWN,
        ("unreadable",),
        node=(defaults.lsa_protection(run_as_ppl=dword(1), run_as_ppl_boot=DENIED),),
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "log not read, nothing configured: a UEFI variable may hold it",
        Outcome.UNKNOWN,
        ("log_unseen",),
        node=(defaults.lsa_protection(started_protected=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "log not read, configured: configured is not running",
        Outcome.UNKNOWN,
        ("log_unseen",),
        node=(defaults.lsa_protection(run_as_ppl=dword(1), run_as_ppl_boot=dword(1), started_protected=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("not collected", Outcome.UNKNOWN, cause=Cause.NOT_COLLECTED),
)
