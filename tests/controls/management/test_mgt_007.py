"""MGT-007: certificates of WinRM's HTTPS listeners. What is wrong with a certificate: tests/controls/effective."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.controls.management import mgt_007_winrm_certificate as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.management import WinRm, WinRmListener
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

HTTP, HTTPS = management.winrm().listeners or ()
OTHER = "FEDCBA98" * 5


def listens(*listeners: WinRmListener) -> WinRm:
    return management.winrm(listeners=listeners)


def https(**changes: Any) -> WinRm:
    return listens(HTTP, msgspec.structs.replace(HTTPS, **changes))


def holds(**changes: Any) -> tuple[Fact, ...]:
    return (management.winrm(), management.certificates(management.certificate(**changes)))


HELD = management.certificates()

CASES = (
    Case(
        "good",
        Outcome.PASS,
        ("good",),
        node=(management.winrm(), HELD),
        collected=AT,
        says="listener *:5986 is valid until 2027-11-16",
    ),
    Case(
        "expired, and everything else that is wrong",
        Outcome.FAIL,
        ("unfit",),
        node=holds(not_after=AT - datetime.timedelta(days=3), key_bits=1024, has_private_key=False),
        collected=AT,
        says="expired on 2026-11-13, has no private key in the store, has an RSA key of 1024 bits",
    ),
    Case(
        "of another machine",
        Outcome.FAIL,
        ("unfit",),
        node=holds(subject="CN=hv09.contoso.com", dns_names=("hv09.contoso.com",)),
        collected=AT,
        says="is for hv09.contoso.com and not for this node",
    ),
    Case("not trusted", Outcome.FAIL, ("unfit",), node=holds(chain_trusted=False), collected=AT, says="no root"),
    Case(
        "signs itself",
        Outcome.REVIEW,
        ("asked",),
        node=holds(issuer="CN=hv01.contoso.com", chain_trusted=False),
        collected=AT,
        says="do those who connect trust it?",
    ),
    Case(
        "for an alias that the listener has, too",
        Outcome.REVIEW,
        ("asked",),
        node=(
            https(hostname="node-a.contoso.com"),
            management.certificates(management.certificate(dns_names=("node-a.contoso.com",))),
        ),
        collected=AT,
        says="is for node-a.contoso.com",
    ),
    Case(
        "by the address that it listens on",
        Outcome.PASS,
        ("good",),
        node=holds(dns_names=("winrm.contoso.com",), ip_names=("10.0.9.11",)),
        collected=AT,
    ),
    Case(
        "not in the store", Outcome.FAIL, ("not_held",), node=(https(certificate_thumbprint=OTHER), HELD), collected=AT
    ),
    Case(
        "names none",
        Outcome.UNKNOWN,
        ("unnamed",),
        node=(https(certificate_thumbprint=None), HELD),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "an issuer would have to be fetched",
        Outcome.UNKNOWN,
        ("unsure",),
        node=holds(chain_trusted=None),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
        says="whether it is trusted",
    ),
    Case(
        "nobody knows when",
        Outcome.UNKNOWN,
        ("unsure",),
        node=(management.winrm(), HELD),
        cause=Cause.NOT_IN_SOURCE,
        says="when the evidence was collected",
    ),
    Case(
        "one listener good, one not",
        Outcome.FAIL,
        ("good", "not_held"),
        node=(
            listens(
                HTTPS, msgspec.structs.replace(HTTPS, address="10.0.9.11", port=15986, certificate_thumbprint=OTHER)
            ),
            HELD,
        ),
        collected=AT,
        says="Listener 10.0.9.11:15986",
    ),
    Case(
        "whether the listener is on was not read: it is by default",
        Outcome.FAIL,
        ("not_held",),
        node=(https(certificate_thumbprint=OTHER, enabled=None), HELD),
        collected=AT,
    ),
    Case(
        "HTTPS is switched off", Outcome.NOT_APPLICABLE, ("no_https",), node=(https(enabled=False), HELD), collected=AT
    ),
    Case("HTTP only", Outcome.NOT_APPLICABLE, ("no_https",), node=(listens(HTTP),), collected=AT),
    Case("stopped", Outcome.NOT_APPLICABLE, ("stopped",), node=(WinRm(running=False),), collected=AT),
    Case(
        "listeners not read",
        Outcome.UNKNOWN,
        ("listeners_unseen",),
        node=(management.winrm(listeners=None), HELD),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "store not read",
        Outcome.UNKNOWN,
        node=(management.winrm(),),
        gaps={"certificates": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
    ),
)
