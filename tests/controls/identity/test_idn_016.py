"""IDN-016: network logons and CLIUSR."""

from __future__ import annotations

from hypervigil.controls.identity import idn_016_network_logon_denied as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import UserRights
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def denied(*holders: str) -> UserRights:
    return UserRights(rights={"SeDenyNetworkLogonRight": holders} if holders else {})


CASES = (
    Case("nobody is denied", Outcome.PASS, ("open",), node=(denied(),), confidence=Confidence.INFERRED),
    Case("guests, as OSConfig writes it", Outcome.PASS, ("open",), node=(denied("S-1-5-32-546"),)),
    Case("local administrators", Outcome.PASS, ("open", "administrators"), node=(denied("S-1-5-114"),)),
    Case(
        "all local accounts",
        Outcome.FAIL,
        ("locked_out",),
        node=(denied("S-1-5-32-546", "S-1-5-113"),),
        says="all local accounts (S-1-5-113)",
    ),
    Case("everyone", Outcome.FAIL, ("locked_out",), node=(denied("S-1-1-0"),)),
    Case("authenticated users", Outcome.FAIL, ("locked_out",), node=(denied("S-1-5-11"),)),
    Case("network", Outcome.FAIL, ("locked_out",), node=(denied("S-1-5-2"),)),
    Case("by name", Outcome.FAIL, ("locked_out",), node=(denied("HV01\\CLIUSR"),), says="the account itself"),
    Case(
        "both kinds",
        Outcome.FAIL,
        ("locked_out", "administrators"),
        node=(denied("S-1-5-113", "S-1-5-114"),),
    ),
    Case(
        "another right is another right",
        Outcome.PASS,
        ("open",),
        node=(UserRights(rights={"SeDenyBatchLogonRight": ("S-1-5-113",)}),),
    ),
    Case("refused", Outcome.UNKNOWN, gaps={"user_rights": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
