"""PLT-003: LsaCfgFlags."""

from __future__ import annotations

from hypervigil.controls.platform import plt_003_credential_guard_not_switched_off as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.host import DomainRole
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

MEMBER = defaults.computer_system()
TEXT_ZERO = RegistryValue(RegistryState.PRESENT, "REG_SZ", "0")


def flags(
    name: str,
    copies: tuple[RegistryValue, RegistryValue],
    gives: Outcome,
    *because: str,
    cause: Cause | None = None,
    confidence: Confidence | None = None,
    **others: RegistryValue,
) -> Case:
    """A case with LsaCfgFlags in the policy and locally, and other values by field."""
    policy = defaults.device_guard_policy(lsa_cfg_flags_policy=copies[0], lsa_cfg_flags_local=copies[1], **others)
    return Case(name, gives, because, node=(MEMBER, policy), cause=cause, confidence=confidence)


CASES = (
    flags("absent in both: absent is not 0", (ABSENT, ABSENT), Outcome.PASS, "not_configured"),
    flags("3 in the policy is not configured", (dword(3), ABSENT), Outcome.PASS, "not_configured"),
    flags("Microsoft's 2025 baseline: policy 3, local 2", (dword(3), dword(2)), Outcome.PASS, "on"),
    flags("on by the local copy alone", (ABSENT, dword(2)), Outcome.PASS, "on"),
    flags("on by the policy alone", (dword(2), ABSENT), Outcome.PASS, "on"),
    flags("on with UEFI lock in both", (dword(1), dword(1)), Outcome.PASS, "on", "locked"),
    flags("on in both, the lock differs", (dword(2), dword(1)), Outcome.PASS, "on", "locks_differ"),
    flags(
        "0 in both",
        (dword(0), dword(0)),
        Outcome.FAIL,
        "switched_off",
        confidence=Confidence.DOCUMENTED,
    ),
    flags(
        "0 in the policy, absent locally",
        (dword(0), ABSENT),
        Outcome.FAIL,
        "switched_off_once",
        confidence=Confidence.INFERRED,
    ),
    flags("0 locally, absent in the policy", (ABSENT, dword(0)), Outcome.FAIL, "switched_off_once"),
    flags("0 locally, 3 in the policy", (dword(3), dword(0)), Outcome.FAIL, "switched_off_once"),
    flags(
        "0 in the policy against 2: no documented winner",
        (dword(0), dword(2)),
        Outcome.REVIEW,
        "copies_disagree",
        confidence=Confidence.UNVERIFIED,
    ),
    flags("0 locally against 1 in the policy", (dword(1), dword(0)), Outcome.REVIEW, "copies_disagree"),
    flags("3 locally is in no table", (ABSENT, dword(3)), Outcome.REVIEW, "unknown_value"),
    flags("4 in the policy against 2", (dword(4), dword(2)), Outcome.REVIEW, "unknown_value"),
    flags("the text 0 is no number", (ABSENT, TEXT_ZERO), Outcome.REVIEW, "unknown_value"),
    flags(
        "policy refused, local 0: the policy could say on",
        (DENIED, dword(0)),
        Outcome.UNKNOWN,
        "unreadable",
        cause=Cause.ACCESS_DENIED,
    ),
    flags("local refused", (dword(2), DENIED), Outcome.UNKNOWN, "unreadable", cause=Cause.ACCESS_DENIED),
    flags(
        "VBS switched off by policy under a configured Credential Guard",
        (dword(2), dword(2)),
        Outcome.REVIEW,
        "on",
        "vbs_off",
        confidence=Confidence.INFERRED,
        vbs_policy=dword(0),
        vbs_local=dword(1),
    ),
    flags(
        "VBS switched off locally without a policy",
        (ABSENT, ABSENT),
        Outcome.REVIEW,
        "not_configured",
        "vbs_off",
        vbs_local=dword(0),
    ),
    flags(
        "VBS on by policy, an old 0 locally",
        (ABSENT, ABSENT),
        Outcome.PASS,
        "not_configured",
        vbs_policy=dword(1),
        vbs_local=dword(0),
    ),
    flags(
        "VBS switch refused",
        (ABSENT, ABSENT),
        Outcome.UNKNOWN,
        "not_configured",
        "vbs_unreadable",
        cause=Cause.ACCESS_DENIED,
        vbs_policy=DENIED,
        vbs_local=dword(1),
    ),
    flags(
        "VBS switch refused, but Credential Guard is off in both copies",
        (dword(0), dword(0)),
        Outcome.FAIL,
        "switched_off",
        "vbs_unreadable",
        vbs_local=DENIED,
    ),
    flags(
        "0 in LsaCfgFlagsDefault is no switch",
        (ABSENT, ABSENT),
        Outcome.PASS,
        "not_configured",
        "boot_default",
        lsa_cfg_flags_default=dword(0),
    ),
    Case(
        "domain controller",
        Outcome.NOT_APPLICABLE,
        ("domain_controller",),
        node=(
            defaults.computer_system(domain_role=DomainRole.BACKUP_DOMAIN_CONTROLLER),
            defaults.device_guard_policy(lsa_cfg_flags_policy=dword(0), lsa_cfg_flags_local=dword(0)),
        ),
    ),
    Case(
        "workgroup",
        Outcome.NOT_APPLICABLE,
        ("workgroup",),
        node=(defaults.computer_system(domain=False), defaults.device_guard_policy()),
    ),
    Case("configuration not collected", Outcome.UNKNOWN, node=(MEMBER,), cause=Cause.NOT_COLLECTED),
    Case(
        "nothing says whether it is in a domain",
        Outcome.UNKNOWN,
        node=(defaults.device_guard_policy(),),
        cause=Cause.NOT_COLLECTED,
    ),
)
