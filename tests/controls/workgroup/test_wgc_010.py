"""WGC-010: whom the WinRM client trusts unproved."""

from __future__ import annotations

from hypervigil.controls.workgroup import wgc_010_trusted_hosts as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.management import WinRm, WinRmListener
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import management_defaults as management
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

LONER = defaults.computer_system(domain=False)
OTHER = management.winrm(
    listeners=(
        WinRmListener(address="*", transport="HTTP", port=5985, listening_on=("10.0.9.12", "fe80::c19:9ec8:a715:5e24")),
    )
)


def nodes(*hosts: str) -> dict[str, tuple[Fact, ...]]:
    """HV01 with these in its list, and two peers."""
    return {"HV01": (LONER, management.winrm(trusted_hosts=hosts)), "HV02": (LONER, OTHER), "HV03": (LONER, OTHER)}


def case(name: str, gives: Outcome, because: tuple[str, ...], *hosts: str, says: str = "") -> Case:
    return Case(name, gives, because, nodes=nodes(*hosts), subject="HV01", says=says)


CASES = (
    case("empty, the default", Outcome.PASS, ("nobody",)),
    case("the peers", Outcome.PASS, ("peers",), "HV02", "hv03.contoso.com", says="alone: HV02, hv03.contoso.com"),
    case("itself, too", Outcome.PASS, ("peers",), "HV01", "HV02", "HV03"),
    case("one peer", Outcome.PASS, ("peers", "peers_left_out"), "HV02", says="does not name HV03"),
    case("everybody", Outcome.FAIL, ("wide",), "*"),
    case("a subnet", Outcome.FAIL, ("wide",), "10.0.9.*", "HV02"),
    case("a domain", Outcome.FAIL, ("wide",), "*.contoso.com", says="*.contoso.com"),
    case("every short name", Outcome.FAIL, ("wide",), "<LOCAL>", says="<LOCAL>"),
    case(
        "a pattern and a stranger",
        Outcome.FAIL,
        ("wide", "strangers"),
        "wac*",
        "backup01",
        says="TrustedHosts names backup01",
    ),
    case(
        "a host that is no node",
        Outcome.REVIEW,
        ("strangers",),
        "HV02",
        "HV03",
        "wac01.contoso.com",
        says="names wac01.contoso.com",
    ),
    case("a namesake elsewhere", Outcome.REVIEW, ("strangers", "peers_left_out"), "hv02.elsewhere.example", "HV03"),
    case("by address", Outcome.PASS, ("peers",), "10.0.9.12", "[FE80:0:0:0:c19:9ec8:a715:5e24]", "HV03"),
    case("an address of nobody", Outcome.REVIEW, ("strangers", "peers_left_out"), "10.0.9.99", says="10.0.9.99"),
    Case(
        "a peer that nobody looked at is a peer",
        Outcome.PASS,
        ("peers",),
        nodes={"HV01": (LONER, management.winrm(trusted_hosts=("HV02",))), "HV02": (LONER,)},
        subject="HV01",
    ),
    Case(
        "by an address of a peer that nobody looked at",
        Outcome.REVIEW,
        ("strangers", "peers_left_out"),
        nodes={"HV01": (LONER, management.winrm(trusted_hosts=("10.0.9.12",))), "HV02": (LONER,)},
        subject="HV01",
    ),
    Case(
        "nodes could not be listed",
        Outcome.REVIEW,
        ("strangers",),
        nodes={"HV01": (LONER, management.winrm(trusted_hosts=("HV02",)))},
        gaps={"cluster_nodes": Cause.ACCESS_DENIED},
        subject="HV01",
    ),
    Case(
        "not read",
        Outcome.UNKNOWN,
        ("unseen",),
        node=(LONER, management.winrm(trusted_hosts=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("stopped", Outcome.UNKNOWN, ("stopped",), node=(LONER, WinRm(running=False)), cause=Cause.NOT_COLLECTED),
    Case(
        "domain",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        node=(defaults.computer_system(), management.winrm(trusted_hosts=("*",))),
    ),
    Case(
        "denied",
        Outcome.UNKNOWN,
        node=(LONER,),
        gaps={"winrm": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
