"""SHV-009: shielded VMs that are operated from the host."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.shielded import shv_009_not_operated_from_host as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.model.context import Context, GuestRef, Shielding
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

ID = fabric.VM_ID.format(1)


def vm(**security: Any) -> tuple[Fact, ...]:
    whole = {"tpm_enabled": True, "shielded": True, "encrypt_state_and_migration": True, **security}
    return defaults.vm(1), fabric.vm_security(1, **whole)


def declared(*names: str) -> Context:
    guests = tuple(GuestRef(vm=name) for name in names)
    return Context(file="context.toml", shielding=Shielding(host_access=guests))


CASES = (
    Case(
        "not shielded",
        Outcome.NOT_APPLICABLE,
        ("not_shielded",),
        node=vm(shielded=False, encrypt_state_and_migration=False),
        context=declared("VM0001"),
    ),
    Case(
        "encrypted state alone is no encryption support",
        Outcome.NOT_APPLICABLE,
        ("not_shielded",),
        node=vm(shielded=False, tpm_enabled=False),
    ),
    Case(
        "encryption support, and operated from the host",
        Outcome.NOT_APPLICABLE,
        ("encrypted_only",),
        node=vm(shielded=False),
        context=declared("VM0001"),
    ),
    Case("not operated from the host", Outcome.PASS, ("not_needed",), node=vm(), context=declared("VM0002")),
    Case(
        "no VM is operated from the host",
        Outcome.PASS,
        ("not_needed",),
        node=vm(),
        context=declared(),
        says="among the 0 VMs",
    ),
    Case(
        "declared by name, in another case",
        Outcome.REVIEW,
        ("needed",),
        node=vm(),
        context=declared("VM0002", "vm0001"),
    ),
    Case("declared by id", Outcome.REVIEW, ("needed",), node=vm(), context=declared(ID)),
    Case("nobody declares anything", Outcome.UNKNOWN, ("not_declared",), node=vm(), cause=Cause.NOT_COLLECTED),
    Case(
        "nobody declares which VMs",
        Outcome.UNKNOWN,
        ("not_declared",),
        node=vm(),
        context=Context(file="context.toml", shielding=Shielding(separate_owners=True)),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "it goes by its id, others are declared by name",
        Outcome.UNKNOWN,
        ("name_unknown",),
        node=(defaults.vm(1, name=ID), *vm()[1:]),
        context=declared("VM0002"),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "it goes by its id, others are declared by id",
        Outcome.PASS,
        ("not_needed",),
        node=(defaults.vm(1, name=ID), *vm()[1:]),
        context=declared(fabric.VM_ID.format(2)),
    ),
)
