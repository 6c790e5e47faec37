"""LOG-010: QUIC is used where it is meant to be."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.logging import log_010_quic_used as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb_events import SmbEvent, SmbEvents, SmbTransport
from hypervigil.evidence.smb_quic import SmbQuic
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic.moments import AT
from hypervigil.synthetic.smb_defaults import quic_mapping, smb_event, smb_events, smb_quic
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

QUIC, TCP, RDMA = SmbTransport.QUIC, SmbTransport.WSK, SmbTransport.RDMA
MAPPED = smb_quic(quic_mapping("AB" * 20))
SERVED_BY, OTHER = "fs.contoso.com", "edge.contoso.com"


def to(server: str | None, transport: SmbTransport | None, *, hours: float = 1, **changes: Any) -> SmbEvent:
    time = AT - datetime.timedelta(hours=hours)
    return smb_event(30832, peer=server, connection_type=transport, time=time, **changes)


def from_client(transport: SmbTransport | None, *, hours: float = 1, count: int = 1) -> SmbEvent:
    time = AT - datetime.timedelta(hours=hours)
    return smb_event(1913, connection_type=transport, time=time, count=count)


def node(*events: SmbEvent, quic: SmbQuic | None = None, release: Release = Release.WS2025) -> tuple[Fact, ...]:
    return (defaults.operating_system(release), smb_events(*events), quic or smb_quic())


def unsearched(channel: str, quic: SmbQuic) -> tuple[Fact, ...]:
    whole = smb_events()
    windows = tuple(window for window in whole.windows if window.channel != channel)
    return (defaults.operating_system(Release.WS2025), SmbEvents(events=(), windows=windows), quic)


P, F, R, N, U = Outcome.PASS, Outcome.FAIL, Outcome.REVIEW, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
CASES = (
    Case("nothing is mapped, nothing used", N, ("not_meant",), node=node()),
    Case("TCP to servers of which nobody knows more", N, ("not_meant",), node=node(to(OTHER, TCP), to("nas01", RDMA))),
    Case("before 2025", N, ("before_2025",), node=node(to(OTHER, QUIC), release=Release.WS2022), says="Server 2022"),
    Case(
        "clients come over QUIC",
        P,
        ("served",),
        node=node(from_client(QUIC, count=40), from_client(QUIC, hours=9, count=2), quic=MAPPED),
        confidence=Confidence.SECONDARY,
        says="42 connections, the newest at 2026-11-16 05:00",
    ),
    Case("a server is reached over QUIC", P, ("reached",), node=node(to(OTHER, QUIC)), says=f"reached: {OTHER}."),
    Case("it was TCP before", P, ("reached",), node=node(to(OTHER, QUIC), to(OTHER, TCP, hours=5))),
    Case(
        "it was QUIC before",
        F,
        ("fell_back",),
        node=node(to(OTHER, TCP), to(OTHER, QUIC, hours=5)),
        confidence=Confidence.SECONDARY,
        says=f"{OTHER} was reached over QUIC until 2026-11-16 01:00 (UTC), and by TCP at 2026-11-16 05:00 (UTC).",
    ),
    Case(
        "however its name is written",
        F,
        ("fell_back",),
        node=node(to("\\\\EDGE.contoso.com", RDMA), to(OTHER, QUIC, hours=5)),
    ),
    Case(
        "by its address",
        F,
        ("fell_back",),
        node=node(to(None, TCP, address="192.0.2.7"), to(None, QUIC, hours=5, address="192.0.2.7")),
        says="192.0.2.7",
    ),
    Case(
        "one holds, one does not",
        F,
        ("fell_back", "reached"),
        node=node(to(OTHER, TCP), to(OTHER, QUIC, hours=5), to("zone.contoso.com", QUIC)),
    ),
    Case(
        "mapped here, and reached by RDMA",
        R,
        ("other_way", "served"),
        node=node(to(SERVED_BY, RDMA), from_client(QUIC), quic=MAPPED),
        says="reached by RDMA",
    ),
    Case(
        "mapped and not used",
        R,
        ("unused",),
        node=node(quic=MAPPED),
        says="mapped for fs.contoso.com, and no client came over QUIC since 2026-10-17 06:00",
    ),
    Case(
        "a client's event without a transport",
        R,
        ("not_told",),
        node=node(to(OTHER, None), to(OTHER, QUIC, hours=5)),
        says="nothing",
    ),
    Case(
        "a transport that nobody knows",
        R,
        ("not_told",),
        node=node(to(OTHER, SmbTransport(9)), to(OTHER, QUIC, hours=5)),
        says="unknown code (9)",
    ),
    Case(
        "the id alone proves nothing",
        R,
        ("not_told",),
        node=node(from_client(None), quic=MAPPED),
        says="clients (1913)",
    ),
    Case(
        "mappings not read",
        U,
        ("mappings_unseen",),
        node=node(),
        gaps={"smb_quic": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "mappings not read, one fell back",
        F,
        ("fell_back", "mappings_unseen"),
        node=node(to(OTHER, TCP), to(OTHER, QUIC, hours=5)),
        gaps={"smb_quic": Cause.ACCESS_DENIED},
    ),
    Case(
        "the client's log was not searched",
        U,
        ("log_unseen",),
        node=unsearched("Microsoft-Windows-SmbClient/Connectivity", smb_quic()),
        cause=Cause.NOT_IN_SOURCE,
        says="SmbClient/Connectivity",
    ),
    Case(
        "the server's log was not searched",
        U,
        ("log_unseen",),
        node=unsearched("Microsoft-Windows-SMBServer/Connectivity", MAPPED),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the server's log is not needed",
        N,
        ("not_meant",),
        node=unsearched("Microsoft-Windows-SMBServer/Connectivity", smb_quic()),
    ),
    Case("events refused", U, node=node(), gaps={"smb_events": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
