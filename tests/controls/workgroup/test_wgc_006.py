"""WGC-006: one release on all nodes."""

from __future__ import annotations

from hypervigil.controls.workgroup import wgc_006_one_release as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem, ProductType
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

WS2019, WS2022, WS2025 = (
    defaults.operating_system(release) for release in (Release.WS2019, Release.WS2022, Release.WS2025)
)


def nodes(*systems: OperatingSystem, domain: bool = False) -> dict[str, tuple[Fact, ...]]:
    member = defaults.computer_system(domain=domain)
    return {f"HV{place:02d}": (member, system) for place, system in enumerate(systems, start=1)}


CASES = (
    Case(
        "2025 everywhere",
        Outcome.PASS,
        ("same",),
        nodes=nodes(WS2025, WS2025, WS2025),
        says="All 3 nodes that were seen run Windows Server 2025.",
    ),
    Case("2022 everywhere is one release, too", Outcome.PASS, ("same",), nodes=nodes(WS2022, WS2022)),
    Case(
        "update levels differ, which is for PLT-021",
        Outcome.PASS,
        ("same",),
        nodes=nodes(WS2025, defaults.operating_system(ubr=1)),
    ),
    Case(
        "one release apart, as a rolling upgrade has it",
        Outcome.FAIL,
        ("mixed",),
        nodes=nodes(WS2025, WS2022, WS2025),
        says="Windows Server 2022 on HV02; Windows Server 2025 on HV01, HV03.",
    ),
    Case("two apart", Outcome.FAIL, ("mixed",), nodes=nodes(WS2019, WS2025)),
    Case(
        "a build that no table has",
        Outcome.FAIL,
        ("mixed",),
        nodes=nodes(WS2025, defaults.operating_system(build_number=29500)),
        says="build 29500 on HV02",
    ),
    Case(
        "the same unknown build on both",
        Outcome.PASS,
        ("same",),
        nodes=nodes(*[defaults.operating_system(build_number=29500)] * 2),
    ),
    Case(
        "Azure Local by its SKU beside Windows Server",
        Outcome.REVIEW,
        ("other_product",),
        nodes=nodes(WS2025, defaults.operating_system(sku=406)),
        says="build 26100 and not the product: Windows Server on HV01; Azure Local on HV02.",
    ),
    Case(
        "Azure Local by its edition",
        Outcome.REVIEW,
        ("other_product",),
        nodes=nodes(defaults.operating_system(sku=None, edition_id="ServerAzureStackHCICor"), WS2025),
    ),
    Case(
        "a client",
        Outcome.REVIEW,
        ("other_product",),
        nodes=nodes(WS2025, defaults.operating_system(product_type=ProductType.WORKSTATION)),
        says="a client release on HV02",
    ),
    Case("one node", Outcome.NOT_APPLICABLE, ("single_node",), nodes=nodes(WS2025)),
    Case(
        "one of two was not read",
        Outcome.UNKNOWN,
        ("single_node",),
        nodes=nodes(WS2025, WS2022),
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "the others agree, one was not read",
        Outcome.UNKNOWN,
        ("same",),
        nodes=nodes(WS2025, WS2025, WS2022),
        gaps={"operating_system@HV03": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "the others differ, one was not read: the failure stands",
        Outcome.FAIL,
        ("mixed",),
        nodes=nodes(WS2025, WS2022, WS2022),
        gaps={"operating_system@HV03": Cause.ACCESS_DENIED},
    ),
    Case(
        "a domain cluster in its upgrade", Outcome.NOT_APPLICABLE, ("joined",), nodes=nodes(WS2025, WS2022, domain=True)
    ),
    Case(
        "one node in no domain makes it a workgroup cluster",
        Outcome.FAIL,
        ("mixed",),
        nodes={**nodes(WS2025, domain=True), "HV02": (defaults.computer_system(domain=False), WS2022)},
    ),
    Case(
        "nothing was read",
        Outcome.UNKNOWN,
        nodes=nodes(WS2025, WS2025),
        gaps={"operating_system": Cause.NOT_IN_SOURCE},
        cause=Cause.NOT_IN_SOURCE,
    ),
)
