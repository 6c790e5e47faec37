"""LM-011: CredSSP in WinRM."""

from __future__ import annotations

from hypervigil.controls.live_migration import lm_011_winrm_credssp as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.management import WinRm
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

MEMBER = defaults.computer_system()


def winrm(*, service: bool | None = False, client: bool | None = False, running: bool = True) -> WinRm:
    return WinRm(running=running, auth_credssp=service, client_auth_credssp=client)


CASES = (
    Case("off in both, the default", Outcome.PASS, ("off",), node=(MEMBER, winrm())),
    Case("service takes it", Outcome.FAIL, ("server_takes",), node=(MEMBER, winrm(service=True))),
    Case("client gives it", Outcome.FAIL, ("client_gives",), node=(MEMBER, winrm(client=True))),
    Case("both", Outcome.FAIL, ("server_takes", "client_gives"), node=(MEMBER, winrm(service=True, client=True))),
    Case(
        "service takes it, client not seen: the failure stands",
        Outcome.FAIL,
        ("server_takes", "unseen"),
        node=(MEMBER, winrm(service=True, client=None)),
        says="client",
    ),
    Case(
        "client not seen",
        Outcome.UNKNOWN,
        ("unseen",),
        node=(MEMBER, winrm(client=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "WinRM stopped",
        Outcome.UNKNOWN,
        ("stopped",),
        node=(MEMBER, winrm(service=None, client=None, running=False)),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "workgroup",
        Outcome.NOT_APPLICABLE,
        ("workgroup",),
        node=(defaults.computer_system(domain=False), winrm(service=True)),
    ),
    Case("denied", Outcome.UNKNOWN, node=(MEMBER,), gaps={"winrm": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
