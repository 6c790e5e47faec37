"""LM-001: Kerberos for live migration."""

from __future__ import annotations

from hypervigil.controls.live_migration import lm_001_kerberos as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.host import DomainRole
from hypervigil.evidence.hyper_v import MigrationAuthentication
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

MEMBER = defaults.computer_system()
CREDSSP = MigrationAuthentication.CREDSSP

CASES = (
    Case(
        "Kerberos",
        Outcome.PASS,
        ("kerberos", "delegation"),
        node=(MEMBER, defaults.vm_host()),
        says="hv01.contoso.com",
    ),
    Case(
        "CredSSP",
        Outcome.FAIL,
        ("credssp", "delegation"),
        node=(MEMBER, defaults.vm_host(migration_authentication=CREDSSP)),
    ),
    Case(
        "CredSSP on a domain controller",
        Outcome.FAIL,
        ("credssp", "delegation"),
        node=(
            defaults.computer_system(domain_role=DomainRole.BACKUP_DOMAIN_CONTROLLER),
            defaults.vm_host(migration_authentication=CREDSSP),
        ),
    ),
    Case(
        "an authentication type that nobody has named yet",
        Outcome.REVIEW,
        ("other",),
        node=(MEMBER, defaults.vm_host(migration_authentication=MigrationAuthentication(7))),
        says="(7)",
    ),
    Case(
        "CredSSP, but live migration is off",
        Outcome.NOT_APPLICABLE,
        ("migration_off",),
        node=(MEMBER, defaults.vm_host(migration_enabled=False, migration_authentication=CREDSSP)),
    ),
    Case(
        "workgroup",
        Outcome.NOT_APPLICABLE,
        ("workgroup",),
        node=(defaults.computer_system(domain=False), defaults.vm_host(migration_authentication=CREDSSP)),
    ),
    Case(
        "workgroup, Hyper-V host not read",
        Outcome.NOT_APPLICABLE,
        ("workgroup",),
        node=(defaults.computer_system(domain=False),),
    ),
    Case(
        "Get-VMHost refused",
        Outcome.UNKNOWN,
        node=(MEMBER,),
        gaps={"vm_host": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "nothing says whether it is in a domain",
        Outcome.UNKNOWN,
        node=(defaults.vm_host(),),
        gaps={"computer_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
