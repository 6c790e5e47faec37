"""SHV-007: reasons to shield."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.shielded import shv_007_shielding_justified as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.model.context import Context, Shielding, Tenancy
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def node(*numbers: int, **security: Any) -> tuple[Fact, ...]:
    """VMs with these numbers, all alike."""
    return tuple(fact for n in numbers for fact in (defaults.vm(n), fabric.vm_security(n, **security)))


def declared(tenancy: Tenancy | None = None, *, separate: bool | None = None) -> Context:
    return Context(file="context.toml", tenancy=tenancy, shielding=Shielding(separate_owners=separate))


SHIELDED = {"HV01": node(1, 2, shielded=True, tpm_enabled=True), "HV02": node(3)}
PLAIN = {"HV01": node(1, tpm_enabled=True), "HV02": node(2)}

CASES = (
    Case("nothing is shielded", Outcome.NOT_APPLICABLE, ("nothing_shielded",), nodes=PLAIN),
    Case(
        "a hoster",
        Outcome.PASS,
        ("justified", "frozen"),
        nodes=SHIELDED,
        context=declared(Tenancy.MULTI),
        says="2 shielded VMs have a reason to be: tenants",
    ),
    Case(
        "a regulated workload with separate owners",
        Outcome.PASS,
        ("justified", "frozen"),
        nodes=SHIELDED,
        context=declared(Tenancy.REGULATED, separate=True),
        says="law or contract that keeps administrators away; separate owners",
    ),
    Case(
        "one tenant, separate owners",
        Outcome.PASS,
        ("justified", "frozen"),
        nodes=SHIELDED,
        context=declared(Tenancy.SINGLE, separate=True),
    ),
    Case(
        "one tenant",
        Outcome.REVIEW,
        ("no_reason", "frozen"),
        nodes=SHIELDED,
        context=declared(Tenancy.SINGLE),
        says="one tenant: from whom are these VMs shielded? VM0001, VM0002",
    ),
    Case(
        "the same owner",
        Outcome.REVIEW,
        ("no_reason", "frozen"),
        nodes=SHIELDED,
        context=declared(Tenancy.SINGLE, separate=False),
        says="one tenant and the same owner",
    ),
    Case(
        "the same owner, tenants are not declared",
        Outcome.REVIEW,
        ("no_reason", "frozen"),
        nodes=SHIELDED,
        context=declared(separate=False),
        says="Declared is the same owner",
    ),
    Case(
        "neither is declared",
        Outcome.UNKNOWN,
        ("not_declared", "frozen"),
        nodes=SHIELDED,
        context=declared(),
        cause=Cause.NOT_COLLECTED,
    ),
    Case("no context", Outcome.UNKNOWN, ("not_declared", "frozen"), nodes=SHIELDED, cause=Cause.NOT_COLLECTED),
    Case(
        "the VMs of one node were not read, of the others none is shielded",
        Outcome.UNKNOWN,
        ("nothing_shielded",),
        nodes=PLAIN,
        gaps={"vm_security@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "no VM was read",
        Outcome.UNKNOWN,
        nodes=SHIELDED,
        gaps={"vm_security": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
