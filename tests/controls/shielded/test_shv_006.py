"""SHV-006: backup of shielded VMs."""

from __future__ import annotations

from hypervigil.controls.shielded import shv_006_backup as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.model.context import Backup, Context, ShieldedBackup
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def vm(*, shielded: bool = True) -> tuple[Fact, ...]:
    return defaults.vm(1), fabric.vm_security(1, tpm_enabled=True, shielded=shielded, protector_thumbprints=None)


def declared(how: ShieldedBackup | None) -> Context:
    return Context(file="context.toml", backup=Backup(product="Backups of the house", shielded_vms=how))


CASES = (
    Case("not shielded, nothing declared", Outcome.NOT_APPLICABLE, ("not_shielded",), node=vm(shielded=False)),
    Case(
        "not shielded, whatever is declared",
        Outcome.NOT_APPLICABLE,
        ("not_shielded",),
        node=vm(shielded=False),
        context=declared(ShieldedBackup.HOST_APPLICATION_AWARE),
    ),
    Case(
        "an agent in the guest",
        Outcome.PASS,
        ("agent",),
        node=vm(),
        context=declared(ShieldedBackup.AGENT_IN_GUEST),
        says="Backups of the house",
    ),
    Case(
        "disks only",
        Outcome.PASS,
        ("disks_only",),
        node=vm(),
        context=declared(ShieldedBackup.HOST_WITHOUT_GUEST),
    ),
    Case(
        "application-aware from the host",
        Outcome.REVIEW,
        ("reaches_in",),
        node=vm(),
        context=declared(ShieldedBackup.HOST_APPLICATION_AWARE),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "not backed up",
        Outcome.REVIEW,
        ("not_backed_up",),
        node=vm(),
        context=declared(ShieldedBackup.NOT_BACKED_UP),
    ),
    Case(
        "a product is declared, what it does with shielded VMs is not",
        Outcome.UNKNOWN,
        ("not_declared",),
        node=vm(),
        context=declared(None),
        cause=Cause.NOT_COLLECTED,
    ),
    Case("nothing is declared", Outcome.UNKNOWN, ("not_declared",), node=vm(), cause=Cause.NOT_COLLECTED),
    Case(
        "security of the VM was not read",
        Outcome.UNKNOWN,
        node=(defaults.vm(1),),
        context=declared(ShieldedBackup.AGENT_IN_GUEST),
        cause=Cause.NOT_COLLECTED,
    ),
)
