"""LOG-004: the audit policy records what detections read."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.logging import log_004_audit_policy as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.audit import AuditPolicy, AuditSetting
from hypervigil.evidence.detection_sources import AUDIT_SOURCES, IF_SIZE_ALLOWS, ON_A_FILE_SERVER, subcategory_guid
from hypervigil.evidence.registry import ABSENT, DENIED, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.logging_defaults import audit_policy
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NONE, SUCCESS, FAILURE, BOTH = (AuditSetting(number) for number in range(4))
PROCESSES = "922b"


def policy(*, without: str = "", more: dict[str, AuditSetting] | None = None, **digits: AuditSetting) -> AuditPolicy:
    """The well-kept policy with single subcategories (``s922b=...``) changed."""
    own = {subcategory_guid(name[1:]): setting for name, setting in digits.items()}
    subcategories = {**audit_policy().subcategories, **own, **(more or {})}
    if without:
        del subcategories[subcategory_guid(without)]
    return audit_policy(subcategories=subcategories)


def switched(**changes: Any) -> AuditPolicy:
    return audit_policy(**changes)


# What a member server records when nobody has set anything; where sources disagree, nothing.
INSTALLED = audit_policy(
    subcategories={s.guid: NONE if s.default is None else s.default for s in AUDIT_SOURCES},
    process_command_line=ABSENT,
    force_subcategories=ABSENT,
    ntlm_incoming=ABSENT,
    ntlm_outgoing=ABSENT,
)

F, U = Outcome.FAIL, Outcome.UNKNOWN
CASES = (
    Case("complete", Outcome.PASS, ("complete",), node=(audit_policy(),), says="All 26 subcategories"),
    Case("more than is wanted", Outcome.PASS, ("complete",), node=(policy(s922b=BOTH),)),
    Case("what is not asked for", Outcome.PASS, ("complete",), node=(policy(more={IF_SIZE_ALLOWS: NONE}),)),
    Case(
        "files of shares, on a file server", Outcome.PASS, ("complete",), node=(policy(more={ON_A_FILE_SERVER: BOTH}),)
    ),
    Case(
        "as installed",
        F,
        ("lacks",) * 18 + ("no_command_line", "ntlm", "ntlm"),
        node=(INSTALLED,),
    ),
    Case(
        "no processes",
        F,
        ("lacks",),
        node=(policy(s922b=NONE),),
        says="Process Creation (0cce922b-69ae-11d9-bed3-505054503030) records nothing. Missing: success (4688).",
    ),
    Case(
        "failed logons only",
        F,
        ("lacks",),
        node=(policy(s9215=FAILURE),),
        says="records failure. Missing: success (4624, 4625, 4648)",
    ),
    Case(
        "successful logons only",
        F,
        ("lacks",),
        node=(policy(s9215=SUCCESS),),
        says="records success. Missing: failure",
    ),
    Case("lockouts as the baseline has them", F, ("lacks",), node=(policy(s9217=FAILURE),)),
    Case("successes for failures", F, ("lacks",), node=(policy(s9244=SUCCESS),), says="Missing: failure (5145)"),
    Case("nothing of both", F, ("lacks",), node=(policy(s9228=NONE),), says="Missing: success and failure"),
    Case("without command lines", F, ("no_command_line",), node=(switched(process_command_line=dword(0)),), says="(0)"),
    Case("nobody has set command lines", F, ("no_command_line",), node=(switched(process_command_line=ABSENT),)),
    Case(
        "old categories may come back", Outcome.REVIEW, ("replaceable",), node=(switched(force_subcategories=dword(0)),)
    ),
    Case("nobody has set that they may not", Outcome.PASS, ("complete",), node=(switched(force_subcategories=ABSENT),)),
    Case(
        "NTLM of domain accounts only",
        Outcome.REVIEW,
        ("ntlm",),
        node=(switched(ntlm_incoming=dword(1)),),
        confidence=Confidence.UNVERIFIED,
        says="coming in (AuditReceivingNTLMTraffic: 1)",
    ),
    Case("NTLM going out", Outcome.REVIEW, ("ntlm",), node=(switched(ntlm_outgoing=ABSENT),), says="going out"),
    Case("NTLM going out is denied", Outcome.PASS, ("complete",), node=(switched(ntlm_outgoing=dword(2)),)),
    Case(
        "one is not listed",
        U,
        ("not_listed",),
        node=(policy(without="922b"),),
        cause=Cause.NOT_IN_SOURCE,
        says="Process",
    ),
    Case("a number that nobody knows", U, ("odd",), node=(policy(s9215=AuditSetting(4)),), cause=Cause.UNPARSABLE),
    Case(
        "a switch was refused",
        U,
        ("refused",),
        node=(switched(process_command_line=DENIED, ntlm_incoming=DENIED),),
        cause=Cause.ACCESS_DENIED,
        says="ProcessCreationIncludeCmdLine_Enabled, AuditReceivingNTLMTraffic",
    ),
    Case(
        "one lacks and another is not listed",
        F,
        ("lacks", "not_listed"),
        node=(policy(s9215=NONE, without=PROCESSES),),
    ),
    Case("refused", U, gaps={"audit_policy": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
