"""MGT-006: what WinRM takes in clear, and channel binding."""

from __future__ import annotations

from hypervigil.controls.management import mgt_006_winrm_refuses_clear as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.management import WinRm
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import management_defaults as management
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


CASES = (
    Case("refused, Strict", Outcome.PASS, ("refused",), node=(management.winrm(),), says="is Strict"),
    Case(
        "Relaxed, the default, however it is spelled",
        Outcome.PASS,
        ("refused",),
        node=(management.winrm(channel_binding="relaxed"),),
        says="is Relaxed",
    ),
    Case("Basic", Outcome.FAIL, ("basic",), node=(management.winrm(auth_basic=True),)),
    Case("service in clear", Outcome.FAIL, ("clear_service",), node=(management.winrm(allow_unencrypted=True),)),
    Case("client in clear", Outcome.FAIL, ("clear_client",), node=(management.winrm(client_allow_unencrypted=True),)),
    Case("no channel binding", Outcome.FAIL, ("unbound",), node=(management.winrm(channel_binding="None"),)),
    Case(
        "everything at once",
        Outcome.FAIL,
        ("basic", "clear_service", "clear_client", "unbound"),
        node=(
            management.winrm(
                auth_basic=True,
                allow_unencrypted=True,
                client_allow_unencrypted=True,
                client_auth_basic=True,
                channel_binding="None",
            ),
        ),
    ),
    Case(
        "the client's Basic, as it comes, decides nothing",
        Outcome.PASS,
        ("refused", "basic_client"),
        node=(management.winrm(client_auth_basic=True),),
    ),
    Case("strange level", Outcome.REVIEW, ("strange",), node=(management.winrm(channel_binding="Medium"),)),
    Case(
        "not read: no channel binding",
        Outcome.UNKNOWN,
        ("unseen",),
        node=(management.winrm(channel_binding=None),),
        cause=Cause.NOT_IN_SOURCE,
        says="CbtHardeningLevel",
    ),
    Case(
        "Basic stays a failure beside what was not read",
        Outcome.FAIL,
        ("basic", "unseen"),
        node=(management.winrm(auth_basic=True, allow_unencrypted=None),),
    ),
    Case("stopped", Outcome.UNKNOWN, ("stopped",), node=(WinRm(running=False),), cause=Cause.NOT_COLLECTED),
    Case("denied", Outcome.UNKNOWN, gaps={"winrm": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
