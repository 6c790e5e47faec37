"""WGC-008: Credential Guard in a workgroup."""

from __future__ import annotations

from hypervigil.controls.workgroup import wgc_008_credential_guard_deliberate as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.evidence.registry import DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CG = SecurityService.CREDENTIAL_GUARD
RUNS, OFF = defaults.device_guard(CG, SecurityService.MEMORY_INTEGRITY), defaults.device_guard()
ALONE = defaults.computer_system(domain=False)


def node(guard: DeviceGuard, **values: RegistryValue) -> tuple[Fact, ...]:
    copies = {f"lsa_cfg_flags_{copy}": value for copy, value in values.items()}
    return (ALONE, guard, defaults.device_guard_policy(**copies))


CASES = (
    Case("off, nothing configured (WG-9)", Outcome.PASS, ("off_by_default",), node=node(OFF)),
    Case("off, the policy has no opinion", Outcome.PASS, ("off_by_default",), node=node(OFF, policy=dword(3))),
    Case(
        "the boot's own value says nothing",
        Outcome.PASS,
        ("off_by_default",),
        node=node(OFF, default=dword(2)),
    ),
    Case(
        "switched off in both copies",
        Outcome.PASS,
        ("switched_off",),
        node=node(OFF, policy=dword(0), local=dword(0)),
        says="(policy 0, local 0)",
    ),
    Case("switched off in one copy", Outcome.PASS, ("switched_off",), node=node(OFF, local=dword(0))),
    Case(
        "on as OSConfig writes it (OSC-5)",
        Outcome.REVIEW,
        ("asked_for", "baseline"),
        node=node(RUNS, local=dword(2)),
        confidence=Confidence.DOCUMENTED,
        says="(policy absent, local 2)",
    ),
    Case("on with a lock", Outcome.REVIEW, ("asked_for",), node=node(RUNS, policy=dword(1))),
    Case(
        "on in both, with and without lock",
        Outcome.REVIEW,
        ("asked_for", "baseline"),
        node=node(RUNS, policy=dword(1), local=dword(2)),
    ),
    Case(
        "asked for, and not running",
        Outcome.FAIL,
        ("did_not_start", "baseline"),
        node=node(OFF, local=dword(2)),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "VBS and HVCI run, which is not Credential Guard",
        Outcome.FAIL,
        ("did_not_start",),
        node=node(defaults.device_guard(SecurityService.MEMORY_INTEGRITY), local=dword(1)),
    ),
    Case(
        "switched off, and running",
        Outcome.FAIL,
        ("runs_all_the_same",),
        node=node(RUNS, policy=dword(0), local=dword(0)),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "running, and nobody asked", Outcome.REVIEW, ("unexplained",), node=node(RUNS), says="Credential Guard running"
    ),
    Case(
        "configured somewhere else, and not running",
        Outcome.REVIEW,
        ("unexplained",),
        node=node(defaults.device_guard(services_configured=(CG,))),
        says="Credential Guard configured",
    ),
    Case(
        "the copies disagree",
        Outcome.REVIEW,
        ("copies_disagree",),
        node=node(RUNS, policy=dword(0), local=dword(2)),
        confidence=Confidence.UNVERIFIED,
        says="Credential Guard runs; one copy",
    ),
    Case(
        "a number of no table",
        Outcome.REVIEW,
        ("unknown_value",),
        node=node(OFF, local=dword(7)),
        says="does not run; LsaCfgFlags holds a value",
    ),
    Case(
        "3 in the local copy is no list entry",
        Outcome.REVIEW,
        ("unknown_value",),
        node=node(OFF, local=dword(3)),
    ),
    Case(
        "text",
        Outcome.REVIEW,
        ("unknown_value",),
        node=node(OFF, policy=RegistryValue(RegistryState.PRESENT, "REG_SZ", "0")),
    ),
    Case(
        "0 here, a number of no table there",
        Outcome.REVIEW,
        ("copies_disagree",),
        node=node(OFF, policy=dword(0), local=dword(7)),
    ),
    Case(
        "a copy could not be read",
        Outcome.UNKNOWN,
        ("unreadable",),
        node=node(RUNS, policy=DENIED, local=dword(2)),
        cause=Cause.ACCESS_DENIED,
        says="(policy access denied, local 2)",
    ),
    Case(
        "a domain member",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        node=(defaults.computer_system(), RUNS, defaults.device_guard_policy()),
    ),
    Case("configuration not collected", Outcome.UNKNOWN, node=(ALONE, RUNS), cause=Cause.NOT_COLLECTED),
)
