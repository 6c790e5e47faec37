"""WGC-005: WinRM over HTTPS in a workgroup. What is wrong with a certificate: tests/controls/effective."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.controls.workgroup import wgc_005_winrm_https as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.management import WinRm
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

LONER = defaults.computer_system(domain=False)
HTTP, HTTPS = management.winrm().listeners or ()
HELD = management.certificates()


def https(**changes: Any) -> WinRm:
    """HTTPS alone."""
    return management.winrm(listeners=(msgspec.structs.replace(HTTPS, **changes),))


CASES = (
    Case("HTTPS alone", Outcome.PASS, ("good",), node=(LONER, https(), HELD), collected=AT, says="until 2027-11-16"),
    Case(
        "HTTP beside it",
        Outcome.REVIEW,
        ("good", "http_too"),
        node=(LONER, management.winrm(), HELD),
        collected=AT,
        says="on HTTP, too (*:5985)",
    ),
    Case(
        "HTTP beside it is switched off",
        Outcome.PASS,
        ("good",),
        node=(
            LONER,
            management.winrm(listeners=(msgspec.structs.replace(HTTP, enabled=False), HTTPS)),
            HELD,
        ),
        collected=AT,
    ),
    Case(
        "HTTP alone, as Windows comes",
        Outcome.FAIL,
        ("no_https",),
        node=(LONER, management.winrm(listeners=(HTTP,)), HELD),
        collected=AT,
    ),
    Case("no listener", Outcome.FAIL, ("no_https",), node=(LONER, management.winrm(listeners=()), HELD), collected=AT),
    Case(
        "expired, and HTTP beside it",
        Outcome.FAIL,
        ("unfit", "http_too"),
        node=(
            LONER,
            management.winrm(),
            management.certificates(management.certificate(not_after=AT - datetime.timedelta(days=1))),
        ),
        collected=AT,
        says="expired on 2026-11-15",
    ),
    Case(
        "signs itself: management stations may trust it",
        Outcome.REVIEW,
        ("asked",),
        node=(
            LONER,
            https(),
            management.certificates(management.certificate(issuer="CN=hv01.contoso.com", chain_trusted=False)),
        ),
        collected=AT,
    ),
    Case(
        "not in the store",
        Outcome.FAIL,
        ("not_held",),
        node=(LONER, https(certificate_thumbprint="FEDCBA98" * 5), HELD),
        collected=AT,
    ),
    Case(
        "names none",
        Outcome.UNKNOWN,
        ("unnamed",),
        node=(LONER, https(certificate_thumbprint=None), HELD),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "an issuer would have to be fetched",
        Outcome.UNKNOWN,
        ("unsure",),
        node=(LONER, https(), management.certificates(management.certificate(chain_trusted=None))),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "stopped",
        Outcome.UNKNOWN,
        ("stopped",),
        node=(LONER, WinRm(running=False), HELD),
        collected=AT,
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "listeners not read",
        Outcome.UNKNOWN,
        ("unseen",),
        node=(LONER, management.winrm(listeners=None), HELD),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "domain",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        node=(defaults.computer_system(), management.winrm(listeners=(HTTP,))),
        collected=AT,
    ),
    Case(
        "store not read",
        Outcome.UNKNOWN,
        node=(LONER, https()),
        gaps={"certificates": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
    ),
)
