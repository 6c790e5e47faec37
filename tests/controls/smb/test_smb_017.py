"""SMB-017: the Local KDC."""

from __future__ import annotations

from hypervigil.controls.smb import smb_017_local_kdc as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import Services
from hypervigil.model.context import Context
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NONE = account.services()


def local_kdc(state: str, name: str = "LocalKdc") -> Services:
    return account.services(account.service(name, "LocalSystem", state=state))


def declared(*, needed: bool | None) -> Context:
    return Context(file="context.toml", local_kdc_needed=needed)


CASES = (
    Case(
        "no node has it",
        Outcome.PASS,
        ("absent",),
        nodes={"HV01": (NONE,), "HV02": (NONE,)},
        confidence=Confidence.SECONDARY,
    ),
    Case(
        "no node has it, whatever is declared",
        Outcome.PASS,
        ("absent",),
        node=(NONE,),
        context=declared(needed=True),
    ),
    Case(
        "it is there, and not needed",
        Outcome.PASS,
        ("not_needed", "state"),
        nodes={"HV01": (local_kdc("Running"),), "HV02": (local_kdc("Stopped", "localkdc"),), "HV03": (NONE,)},
        context=declared(needed=False),
        says="LocalKdc on HV01 (Running), HV02 (Stopped).",
    ),
    Case("needed", Outcome.REVIEW, ("needed", "state"), node=(local_kdc("Running"),), context=declared(needed=True)),
    Case("nobody says: stopped", Outcome.REVIEW, ("undeclared", "state"), node=(local_kdc("Stopped"),)),
    Case(
        "a context that does not say",
        Outcome.REVIEW,
        ("undeclared", "state"),
        node=(local_kdc("Running"),),
        context=declared(needed=None),
    ),
    Case(
        "services of one node not read",
        Outcome.UNKNOWN,
        ("absent",),
        nodes={"HV01": (NONE,), "HV02": ()},
        gaps={"services@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("no services read", Outcome.UNKNOWN, gaps={"services": Cause.TIMED_OUT}, cause=Cause.TIMED_OUT),
)
