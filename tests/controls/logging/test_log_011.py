"""LOG-011: clocks agree."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.logging import log_011_clocks_agree as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.clock import Clock
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.registry import ABSENT
from hypervigil.evidence.wire import NtlmTarget, WireSmb
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.logging_defaults import clock
from hypervigil.synthetic.moments import AT, registry_text
from hypervigil.synthetic.remote_defaults import wire_smb
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NODE_1, NODE_2, DC = "hv01.contoso.com", "hv02.contoso.com", "dc01.contoso.com"
ALONE: dict[str, Any] = {"type": registry_text("NTP"), "source": "time.windows.com,0x8", "stratum": 4}
STOPPED: dict[str, Any] = {
    "running": None,
    "leap_indicator": None,
    "stratum": None,
    "source": None,
    "phase_offset_seconds": None,
    "last_sync_error": None,
}
WORDS: dict[str, Any] = {"source": "Local CMOS Clock", "stratum": 1, "leap_indicator": 3}


def ahead(seconds: float, **changes: Any) -> Clock:
    return clock(utc=AT + datetime.timedelta(seconds=seconds), reference_utc=AT, **changes)


def by_itself(**changes: Any) -> Clock:
    """Asked by itself, so that nothing was compared."""
    return clock(reference_utc=None, uncertainty_seconds=None, **changes)


def nodes(*clocks: Clock) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{place:02d}": (own,) for place, own in enumerate(clocks, start=1)}


def wire(*hosts: str, off: float = 0.2, **changes: Any) -> tuple[WireSmb, ...]:
    """The two nodes in time, and these hosts so many seconds ahead."""
    return (wire_smb(NODE_1), wire_smb(NODE_2), *(wire_smb(host, ahead_seconds=off, **changes) for host in hosts))


def alone(host: str, computer: str, domain: str) -> WireSmb:
    return wire_smb(host, ntlm=NtlmTarget(computer=computer, domain=domain, dns_computer=computer))


WORKGROUP = (alone(NODE_1, "HV01", "HV01"), alone(NODE_2, "HV02", "hv02"))
OTHER_DOMAIN = (alone(NODE_1, "HV01", "HV01"), alone(NODE_2, "HV02", "CONTOSO"))
P, F, R, U = Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.UNKNOWN
GOOD = nodes(clock(), clock())
CASES = (
    Case("in time", P, ("agree",), nodes=GOOD, cluster=wire(DC), says="2 nodes are at most 2.2 s apart"),
    Case("one node", P, ("agree",), nodes=nodes(clock()), cluster=(wire_smb(NODE_1),), says="1 nodes"),
    Case("within five minutes", P, ("agree",), nodes=nodes(ahead(0), ahead(290)), cluster=wire()),
    Case(
        "apart",
        F,
        ("apart",),
        nodes=nodes(ahead(-2), ahead(410), ahead(0)),
        cluster=wire(),
        says="The clocks are at least 410 s apart: HV01 +0 s, HV03 +2 s, HV02 +412 s.",
    ),
    Case("one ahead, one behind", F, ("apart",), nodes=nodes(ahead(-200), ahead(200)), cluster=wire()),
    Case(
        "as far as the comparison is exact",
        R,
        ("too_close",),
        nodes=nodes(ahead(0), ahead(301)),
        cluster=wire(),
        says="between 299 and 303 s",
    ),
    Case(
        "a slow answer", R, ("too_close",), nodes=nodes(ahead(0), ahead(400, uncertainty_seconds=200.0)), cluster=wire()
    ),
    Case(
        "off the domain's time by its own service",
        F,
        ("off_source", "drifts"),
        nodes=nodes(clock(), ahead(0, phase_offset_seconds=-412.0)),
        cluster=wire(),
        says="HV02 is 412 s off the domain's time (dc01.contoso.com)",
    ),
    Case(
        "asked by themselves, and in the domain's time",
        P,
        ("agree_by_service",),
        nodes=nodes(by_itself(), by_itself()),
        cluster=wire(),
        confidence=Confidence.INFERRED,
        says="HV01, HV02 were not compared",
    ),
    Case("one compared, one by itself", P, ("agree_by_service",), nodes=nodes(clock(), by_itself()), cluster=wire()),
    Case(
        "two compared, one by itself",
        P,
        ("agree_by_service",),
        nodes=nodes(clock(), clock(), by_itself()),
        cluster=wire(),
        says="HV03 were not compared",
    ),
    Case(
        "by itself, with a clock of its own",
        U,
        ("not_compared", "drifts"),
        nodes=nodes(clock(), clock(), by_itself(**WORDS)),
        cluster=wire(),
        cause=Cause.NOT_IN_SOURCE,
        says="The clock of HV03",
    ),
    Case(
        "by itself, and the service does not answer",
        U,
        ("not_compared", "drifts"),
        nodes=nodes(clock(), clock(), by_itself(**STOPPED)),
        cluster=wire(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "by itself, with a time of the internet",
        U,
        ("not_compared",),
        nodes=nodes(clock(), clock(), by_itself(**ALONE)),
        cluster=wire(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "by itself, and the last try failed",
        U,
        ("not_compared", "drifts"),
        nodes=nodes(clock(), clock(), by_itself(last_sync_error=1)),
        cluster=wire(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "compared without an error bar",
        U,
        ("not_compared",),
        nodes=nodes(clock(), clock(), ahead(0, uncertainty_seconds=None, **ALONE)),
        cluster=wire(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "compared; one drifts",
        P,
        ("agree", "drifts"),
        nodes=nodes(clock(), ahead(3, **WORDS)),
        cluster=wire(),
        says="does not keep to a source on HV02",
    ),
    Case(
        "no node follows the domain",
        R,
        ("no_follower",),
        nodes=nodes(ahead(0, **ALONE), ahead(1, **ALONE)),
        cluster=wire(),
    ),
    Case(
        "policy takes them off the domain",
        R,
        ("no_follower",),
        nodes=nodes(ahead(0, type_policy=registry_text("NTP"))),
        cluster=(wire_smb(NODE_1),),
    ),
    Case("nobody set the type", R, ("no_follower",), nodes=nodes(ahead(0, type=ABSENT)), cluster=(wire_smb(NODE_1),)),
    Case(
        "a workgroup has no domain controllers",
        P,
        ("agree",),
        nodes=nodes(ahead(0, **ALONE), ahead(1, **ALONE)),
        cluster=WORKGROUP,
    ),
    Case(
        "one of two is in a domain",
        R,
        ("no_follower",),
        nodes=nodes(ahead(0, **ALONE), ahead(1, **ALONE)),
        cluster=OTHER_DOMAIN,
    ),
    Case(
        "a domain controller off on the wire",
        F,
        ("apart_on_wire",),
        nodes=GOOD,
        cluster=wire(DC, off=412.0),
        says="at least 410 s apart: hv01.contoso.com +0 s, hv02.contoso.com +0 s, dc01.contoso.com +412 s",
    ),
    Case(
        "a node off on the wire",
        F,
        ("apart_on_wire",),
        nodes=nodes(clock(), clock(), clock()),
        cluster=wire("hv03.contoso.com", off=-400.0),
    ),
    Case(
        "another endpoint off on the wire",
        R,
        ("other_off",),
        nodes=GOOD,
        cluster=wire("nas01.contoso.com", off=900.0),
        says="nas01.contoso.com is 902 s off the nodes",
    ),
    Case("another endpoint in time", P, ("agree",), nodes=GOOD, cluster=wire("nas01.contoso.com")),
    Case(
        "an endpoint that does not tell",
        U,
        ("endpoint_silent",),
        nodes=GOOD,
        cluster=(wire_smb(DC, ahead_seconds=None),),
        cause=Cause.NOT_IN_SOURCE,
        says=DC,
    ),
    Case("the wire was not looked at", R, ("wire_unseen",), nodes=GOOD, says="not_collected"),
    Case(
        "the wire was refused", R, ("wire_unseen",), nodes=GOOD, cluster=wire(), gaps={"wire_smb": Cause.ACCESS_DENIED}
    ),
    Case("apart, and the wire was not looked at", F, ("apart", "wire_unseen"), nodes=nodes(ahead(0), ahead(900))),
    Case(
        "a node was not asked",
        U,
        ("agree",),
        nodes=GOOD,
        cluster=wire(),
        gaps={"clock@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "a node was not asked, others are apart",
        F,
        ("apart",),
        nodes=nodes(ahead(0), ahead(900), clock()),
        cluster=wire(),
        gaps={"clock@HV03": Cause.TIMED_OUT},
    ),
)
