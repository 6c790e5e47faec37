"""PLT-008: the TPM. Get-Tpm of the documentation is the one recorded text; Microsoft's page prints it."""

from __future__ import annotations

from hypervigil.controls.platform import plt_008_tpm_ready as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import Tpm
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CASES = (
    Case(
        "2.0, ready",
        Outcome.PASS,
        ("ready",),
        node=(defaults.tpm(),),
        confidence=Confidence.DOCUMENTED,
        says="INTC",
    ),
    Case("2.0, ready, maker not said", Outcome.PASS, ("ready",), node=(defaults.tpm(manufacturer=None),)),
    Case(
        "Get-Tpm as printed in windows-powershell-docs, and no Win32_Tpm: 2.0 by its version number",
        Outcome.PASS,
        ("ready_by_version",),
        node=(defaults.tpm(spec_version=None),),
        confidence=Confidence.INFERRED,
        says="402.1.0.0",
    ),
    Case(
        "no Win32_Tpm, and a sentence instead of a version number",
        Outcome.UNKNOWN,
        ("specification_unseen",),
        node=(defaults.tpm(spec_version=None, manufacturer_version_20="Not supported"),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no Win32_Tpm, and nothing instead of a version number",
        Outcome.UNKNOWN,
        ("specification_unseen",),
        node=(defaults.tpm(spec_version=None, manufacturer_version_20=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("there is none", Outcome.FAIL, ("absent",), node=(Tpm(present=False),)),
    Case(
        "there is none, and the source says ready all the same",
        Outcome.FAIL,
        ("absent",),
        node=(defaults.tpm(present=False),),
    ),
    Case(
        "not ready",
        Outcome.FAIL,
        ("not_ready", "follows_20", "locked_out"),
        node=(defaults.tpm(ready=False, owned=False, locked_out=True),),
        says="enabled, activated, not owned",
    ),
    Case(
        "not ready, and no more said",
        Outcome.FAIL,
        ("not_ready", "specification_unseen"),
        node=(Tpm(present=True, ready=False),),
        says="nothing more is known",
    ),
    Case(
        "not ready, 2.0 by its version number",
        Outcome.FAIL,
        ("not_ready", "follows_20"),
        node=(defaults.tpm(ready=False, spec_version=None),),
    ),
    Case("1.2", Outcome.FAIL, ("old",), node=(defaults.tpm(spec_version="1.2, 2, 3"),), says="specification 1.2"),
    Case(
        "Win32_Tpm wins over the version number",
        Outcome.FAIL,
        ("old",),
        node=(defaults.tpm(spec_version="1.2, 2, 3", manufacturer_version_20="6.40.0.0"),),
    ),
    Case(
        "a specification that no table has",
        Outcome.REVIEW,
        ("unknown_specification",),
        node=(defaults.tpm(spec_version="3.0"),),
    ),
    Case(
        "a text instead of a specification",
        Outcome.REVIEW,
        ("unknown_specification",),
        node=(defaults.tpm(spec_version="1.x"),),
    ),
    Case(
        "readiness left out",
        Outcome.UNKNOWN,
        ("readiness_unseen", "follows_20"),
        node=(defaults.tpm(ready=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "readiness left out of a 1.2",
        Outcome.FAIL,
        ("readiness_unseen", "old"),
        node=(defaults.tpm(ready=None, spec_version="1.2"),),
    ),
    Case(
        "locked out, yet ready",
        Outcome.PASS,
        ("ready", "locked_out"),
        node=(defaults.tpm(locked_out=True),),
    ),
    Case("not elevated", Outcome.UNKNOWN, gaps={"tpm": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
