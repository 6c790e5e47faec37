"""MGT-008: a JEA endpoint for routine operations."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.management import mgt_008_jea_for_routine as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.powershell import PsSessionConfigurations, SessionConfiguration
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import management_defaults as management
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

STOCK = SessionConfiguration(name="microsoft.powershell", enabled=True)
UNREAD = SessionConfiguration(name="Secret", enabled=True, unread="it could not be read")


def jea(name: str = "Operators", **changes: Any) -> SessionConfiguration:
    return management.session_configuration(name, **changes)


def nodes(*endpoints: tuple[SessionConfiguration, ...]) -> dict[str, tuple[PsSessionConfigurations, ...]]:
    """HV01, HV02 ... with the stock endpoint and these."""
    return {
        f"HV{place:02d}": (PsSessionConfigurations(configurations=(STOCK, *own)),)
        for place, own in enumerate(endpoints, start=1)
    }


CASES = (
    Case(
        "the same on every node, whatever the case of its name",
        Outcome.PASS,
        ("common",),
        nodes=nodes((jea(),), (jea("OPERATORS"), jea("More"))),
        says="Every node that was seen (2) has the JEA endpoint Operators.",
        confidence=Confidence.INFERRED,
    ),
    Case("a single node", Outcome.PASS, ("common",), nodes=nodes((jea(),))),
    Case(
        "out of the box", Outcome.FAIL, ("nowhere",), nodes=nodes((), ()), says="None of the nodes that were seen (2)"
    ),
    Case(
        "one node lacks it",
        Outcome.FAIL,
        ("lacking",),
        nodes=nodes((jea(),), ()),
        says="on HV02; others have Operators",
    ),
    Case("it is switched off on one", Outcome.FAIL, ("lacking",), nodes=nodes((jea(),), (jea(enabled=False),))),
    Case(
        "each node has another",
        Outcome.REVIEW,
        ("unlike",),
        nodes=nodes((jea("A"),), (jea("B"), jea("C"))),
        says="HV01: A; HV02: B, C",
    ),
    Case(
        "roles without a restricted session still map accounts to roles",
        Outcome.PASS,
        ("common",),
        nodes=nodes((jea(session_type=None),)),
    ),
    Case(
        "no roles, but commands of its own",
        Outcome.PASS,
        ("common",),
        nodes=nodes((jea(roles={}, visible_functions=("Get-Health",)),)),
    ),
    Case(
        "neither roles nor commands",
        Outcome.FAIL,
        ("nowhere", "idle"),
        nodes=nodes((jea(roles={"CONTOSO\\Nobody": ()}),)),
        says="count: Operators.",
    ),
    Case(
        "that of Windows Admin Center",
        Outcome.FAIL,
        ("nowhere", "product"),
        nodes=nodes((jea("Microsoft.Sme.PowerShell"),)),
        says="count: Microsoft.Sme.PowerShell.",
    ),
    Case(
        "an unrestricted endpoint with another account is none",
        Outcome.FAIL,
        ("nowhere",),
        nodes=nodes((jea(session_type="Default", roles={}),)),
    ),
    Case(
        "a file could not be read, and no other endpoint counts",
        Outcome.UNKNOWN,
        ("file_unread",),
        nodes=nodes((jea(),), (UNREAD,)),
        cause=Cause.UNPARSABLE,
    ),
    Case(
        "a file could not be read where another endpoint counts",
        Outcome.PASS,
        ("common",),
        nodes=nodes((jea(),), (UNREAD, jea())),
    ),
    Case(
        "one node lacks it, and the other's could not be read",
        Outcome.FAIL,
        ("lacking", "file_unread"),
        nodes=nodes((), (UNREAD,)),
        says="others have one that could not be read",
    ),
    Case(
        "a node that was not seen",
        Outcome.UNKNOWN,
        ("common",),
        nodes={**nodes((jea(),)), "HV02": ()},
        gaps={"ps_session_configurations@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
