"""MGT-004: Windows Admin Center on a host."""

from __future__ import annotations

from hypervigil.controls.management import mgt_004_wac_on_host as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import Services
from hypervigil.evidence.network import Listener, Listeners
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

FREE = account.services()
OLD = account.services(account.service("ServerManagementGateway", "NT AUTHORITY\\NetworkService"))
NEW = account.services(account.service("WindowsAdminCenter", "NT AUTHORITY\\NetworkService"))
USUAL = fabric.listeners()


def on_port(process: str | None, address: str = "127.0.0.1") -> Listeners:
    """Somebody listens on 6600, and vmms does not."""
    others = tuple(each for each in USUAL.listeners if each.port != 6600)
    return Listeners(listeners=(*others, Listener(address=address, port=6600, process=process)))


CASES = (
    Case("nothing of it", Outcome.PASS, ("absent",), node=(FREE, USUAL)),
    Case("vmms by its file's name", Outcome.PASS, ("absent",), node=(FREE, on_port("vmms.exe", "::"))),
    Case("live migration is off and nobody listens", Outcome.PASS, ("absent",), node=(FREE, Listeners(listeners=()))),
    Case(
        "another port is another port",
        Outcome.PASS,
        ("absent",),
        node=(FREE, fabric.listeners(Listener(address="::", port=6601, process="sme"))),
    ),
    Case("WAC up to 2311", Outcome.FAIL, ("installed",), node=(OLD, USUAL), says="up to 2311"),
    Case(
        "WAC from 2410 on, stopped and disabled",
        Outcome.FAIL,
        ("installed",),
        node=(
            account.services(account.service("windowsadmincenter", state="Stopped", start_mode="Disabled")),
            USUAL,
        ),
        says="service windowsadmincenter, stopped",
    ),
    Case(
        "both generations, on a node without Hyper-V",
        Outcome.FAIL,
        ("installed", "installed"),
        node=(
            Services(
                services=(
                    account.service("ClusSvc"),
                    account.service("ServerManagementGateway"),
                    account.service("WindowsAdminCenter"),
                )
            ),
            USUAL,
        ),
    ),
    Case(
        "WAC has taken live migration's port",
        Outcome.FAIL,
        ("installed", "clash"),
        node=(NEW, on_port("WindowsAdminCenter.exe")),
        says="WindowsAdminCenter listens on TCP 6600 (127.0.0.1)",
    ),
    Case(
        "something else has, beside vmms",
        Outcome.FAIL,
        ("clash",),
        node=(
            FREE,
            fabric.listeners(
                Listener(address="10.0.9.11", port=6600, process="agent.exe"),
                Listener(address="10.0.9.12", port=6600, process="agent.exe"),
            ),
        ),
        says="agent listens on TCP 6600 (10.0.9.11)",
    ),
    Case(
        "whose process it is was not read",
        Outcome.UNKNOWN,
        ("owner_unseen",),
        node=(FREE, on_port(None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "installed, listeners not seen: the failure stands",
        Outcome.FAIL,
        ("installed",),
        node=(NEW,),
    ),
    Case(
        "not installed, listeners not seen",
        Outcome.UNKNOWN,
        ("listeners_unseen",),
        node=(FREE,),
        gaps={"listeners": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "a gateway of its own is no host",
        Outcome.NOT_APPLICABLE,
        ("no_host",),
        node=(Services(services=(account.service("WindowsAdminCenter"),)), on_port("WindowsAdminCenter.exe")),
    ),
    Case(
        "services denied",
        Outcome.UNKNOWN,
        node=(USUAL,),
        gaps={"services": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
