"""SHV-005: a Host Guardian Service that survives a node."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.shielded import shv_005_hgs_survives as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.evidence.shielding import HgsClient, HgsMode
from hypervigil.evidence.wire import WireTls
from hypervigil.model.context import Context, Shielding
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import remote_defaults as remote
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]


def nodes(*clients: HgsClient) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{place:02d}": (fact,) for place, fact in enumerate(clients, start=1)}


def declared(**shielding: Any) -> Context:
    return Context(file="context.toml", shielding=Shielding(**shielding))


def hgs2(port: int = 443, **changes: Any) -> WireTls:
    return remote.wire_tls("hgs2.bastion.local", port, **changes)


WITH = fabric.hgs_client()
WITHOUT = fabric.hgs_client(fallback_attestation_urls=(), fallback_key_protection_urls=())
HALF = fabric.hgs_client(fallback_key_protection_urls=())
IN_USE = fabric.hgs_client(fallback_in_use=True)
LOCAL = fabric.hgs_client(host_guarded=False, mode=HgsMode.LOCAL)
PLAIN = fabric.hgs_client(
    fallback_attestation_urls=("http://hgs2.bastion.local/Attestation",),
    fallback_key_protection_urls=("http://hgs2.bastion.local/KeyProtection",),
)
OTHER_PORT = fabric.hgs_client(
    fallback_attestation_urls=("https://HGS2.bastion.local:8443/Attestation",),
    fallback_key_protection_urls=("https://hgs2.bastion.local/KeyProtection",),
)
NO_ADDRESS = fabric.hgs_client(fallback_attestation_urls=("https://[broken",))
RESET = hgs2(versions=None, certificate=None, problem="reset")
TWO, THREE = declared(hgs_nodes=("hgs01", "hgs02")), declared(hgs_nodes=("hgs01", "hgs02", "hgs03"))

CASES = (
    Case("no service", Outcome.NOT_APPLICABLE, ("no_service",), nodes=nodes(LOCAL, LOCAL), cluster=(hgs2(),)),
    Case(
        "three nodes",
        Outcome.PASS,
        ("enough_nodes",),
        nodes=nodes(WITHOUT, WITHOUT),
        context=THREE,
        says="3 declared nodes: hgs01, hgs02, hgs03",
    ),
    Case(
        "a fallback that answers the probe",
        Outcome.PASS,
        ("answers",),
        nodes=nodes(WITH, WITH),
        cluster=(hgs2(),),
        says="hgs2.bastion.local:443/tcp",
    ),
    Case(
        "two nodes, and a fallback that answers",
        Outcome.PASS,
        ("answers",),
        nodes=nodes(WITH, WITH),
        cluster=(hgs2(),),
        context=TWO,
    ),
    Case(
        "a fallback at two endpoints, one of which was looked at",
        Outcome.UNKNOWN,
        ("nobody_tried",),
        nodes=nodes(OTHER_PORT),
        cluster=(hgs2(),),
        cause=Cause.NOT_COLLECTED,
        says="looked at hgs2.bastion.local:8443/tcp",
    ),
    Case("both were looked at", Outcome.PASS, ("answers",), nodes=nodes(OTHER_PORT), cluster=(hgs2(), hgs2(8443))),
    Case(
        "one of the two was silent, the other not looked at",
        Outcome.UNKNOWN,
        ("silent", "nobody_tried"),
        nodes=nodes(OTHER_PORT),
        cluster=(RESET,),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "in use on one host: so it answers, and the first service does not",
        Outcome.PASS,
        ("in_use", "answers"),
        nodes=nodes(IN_USE, WITH),
        says="in use on HV01",
    ),
    Case(
        "declared as tested",
        Outcome.PASS,
        ("tested",),
        nodes=nodes(WITH, WITH),
        context=declared(fallback_tested=True),
    ),
    Case(
        "declared as tested; the probe got no answer",
        Outcome.PASS,
        ("tested", "silent_to_probe"),
        nodes=nodes(WITH, WITH),
        cluster=(RESET,),
        context=declared(fallback_tested=True),
    ),
    Case(
        "without TLS, declared as tested",
        Outcome.PASS,
        ("tested",),
        nodes=nodes(PLAIN),
        context=declared(fallback_tested=True),
    ),
    Case(
        "two nodes and a host without fallback",
        Outcome.FAIL,
        ("no_fallback",),
        nodes=nodes(WITH, WITHOUT),
        cluster=(hgs2(),),
        context=TWO,
        says="HV02 has no fallback, and the Host Guardian Service has 2 declared nodes.",
    ),
    Case(
        "two nodes and half a fallback",
        Outcome.FAIL,
        ("no_fallback",),
        nodes=nodes(HALF, WITHOUT),
        context=TWO,
        says="HV01, HV02 have no fallback",
    ),
    Case(
        "two nodes, and 2016 knows no fallback",
        Outcome.FAIL,
        ("no_fallback",),
        nodes=nodes(fabric.hgs_client(Release.WS2016)),
        context=TWO,
    ),
    Case(
        "declared as never tried",
        Outcome.REVIEW,
        ("untested",),
        nodes=nodes(WITH),
        context=declared(fallback_tested=False),
    ),
    Case(
        "declared as never tried, and it answers",
        Outcome.PASS,
        ("answers",),
        nodes=nodes(WITH),
        cluster=(hgs2(),),
        context=declared(fallback_tested=False),
    ),
    Case(
        "no answer to the probe",
        Outcome.REVIEW,
        ("silent",),
        nodes=nodes(WITH),
        cluster=(RESET,),
    ),
    Case(
        "no fallback, and nobody declares the nodes of the service",
        Outcome.UNKNOWN,
        ("nobody_counts",),
        nodes=nodes(WITH, WITHOUT),
        cluster=(hgs2(),),
        cause=Cause.NOT_COLLECTED,
        says="HV02 has no fallback",
    ),
    Case(
        "a fallback, and no probe",
        Outcome.UNKNOWN,
        ("nobody_tried",),
        nodes=nodes(WITH),
        gaps={"wire_tls": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "an address that is none",
        Outcome.UNKNOWN,
        ("nobody_tried",),
        nodes=nodes(NO_ADDRESS),
        cluster=(hgs2(),),
        cause=Cause.NOT_COLLECTED,
        says="https://[broken",
    ),
    Case(
        "a host was not asked",
        Outcome.UNKNOWN,
        ("answers",),
        nodes=nodes(WITH, WITH),
        cluster=(hgs2(),),
        gaps={"hgs_client@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "a host was not asked, another has no fallback",
        Outcome.FAIL,
        ("no_fallback",),
        nodes=nodes(WITHOUT, WITH),
        gaps={"hgs_client@HV02": Cause.TIMED_OUT},
        context=TWO,
    ),
    Case(
        "nobody was asked, as is the default",
        Outcome.UNKNOWN,
        nodes=nodes(WITH),
        gaps={"hgs_client": Cause.NOT_COLLECTED},
        cause=Cause.NOT_COLLECTED,
    ),
)
