"""PLT-021: supported builds and update levels."""

from __future__ import annotations

import datetime

from hypervigil.controls.platform import plt_021_build_and_update_level as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.host import OperatingSystem, ProductType
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

TODAY = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
WS2019, WS2022 = defaults.operating_system(Release.WS2019), defaults.operating_system(Release.WS2022)
WS2025, WS23H2 = defaults.operating_system(Release.WS2025), defaults.operating_system(Release.WS23H2)
STRANGE = defaults.operating_system(build_number=29500)


def nodes(*systems: OperatingSystem) -> dict[str, tuple[OperatingSystem, ...]]:
    return {f"HV{place:02d}": (system,) for place, system in enumerate(systems, start=1)}


def at(year: int, month: int, day: int, hour: int = 0) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, tzinfo=datetime.UTC)


CASES = (
    Case(
        "2022 everywhere, same level",
        Outcome.PASS,
        ("supported", "same_level"),
        nodes=nodes(WS2022, WS2022),
        collected=TODAY,
        confidence=Confidence.DOCUMENTED,
        says="All nodes that were seen run build 20348.3932",
    ),
    Case(
        "2025 everywhere: its end of support is second hand",
        Outcome.PASS,
        ("supported_secondary", "same_level"),
        nodes=nodes(WS2025, WS2025),
        collected=TODAY,
        confidence=Confidence.SECONDARY,
    ),
    Case(
        "one node, whose level the source does not hold: nothing to differ from",
        Outcome.PASS,
        ("supported", "same_level"),
        nodes=nodes(defaults.operating_system(Release.WS2022, ubr=None)),
        collected=TODAY,
        says="run build 20348.",
    ),
    Case(
        "on the last day of 2019",
        Outcome.PASS,
        ("supported", "same_level"),
        nodes=nodes(WS2019, WS2019),
        collected=at(2029, 1, 9, 23),
    ),
    Case(
        "on the day after",
        Outcome.FAIL,
        ("out_of_support", "same_level"),
        nodes=nodes(WS2019, WS2019),
        collected=at(2029, 1, 10),
        confidence=Confidence.DOCUMENTED,
        says="since 2029-01-09: HV01, HV02",
    ),
    Case(
        "2025 after its end",
        Outcome.FAIL,
        ("out_of_support_secondary", "same_level"),
        nodes=nodes(WS2025, WS2025),
        collected=at(2035, 1, 1),
        confidence=Confidence.SECONDARY,
    ),
    Case(
        "version 23H2, before the day that is said of it",
        Outcome.REVIEW,
        ("end_unverified", "same_level"),
        nodes=nodes(WS23H2, WS23H2),
        collected=at(2025, 1, 1),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "version 23H2, after it",
        Outcome.REVIEW,
        ("end_unverified", "same_level"),
        nodes=nodes(WS23H2, WS23H2),
        collected=TODAY,
    ),
    Case(
        "nothing says when it was collected",
        Outcome.UNKNOWN,
        ("undated", "same_level"),
        nodes=nodes(WS2022, WS2022),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "nothing says when, and the nodes are two releases apart",
        Outcome.FAIL,
        ("undated", "undated", "mixed_too_far"),
        nodes=nodes(WS2019, WS2025),
    ),
    Case(
        "a build that no table has",
        Outcome.REVIEW,
        ("unknown_build", "same_level"),
        nodes=nodes(STRANGE, STRANGE),
        collected=TODAY,
        confidence=Confidence.UNVERIFIED,
        says="Build 29500",
    ),
    Case(
        "Azure Local by its SKU, which shares 26100",
        Outcome.REVIEW,
        ("other_product", "same_level"),
        nodes=nodes(defaults.operating_system(sku=406), defaults.operating_system(sku=406)),
        collected=TODAY,
        says="HV01, HV02 run Azure Local",
    ),
    Case(
        "Azure Local by its edition, next to Windows Server",
        Outcome.REVIEW,
        ("other_product", "supported_secondary", "same_level"),
        nodes=nodes(defaults.operating_system(sku=None, edition_id="ServerAzureStackHCICor"), WS2025),
        collected=TODAY,
        says="HV01 run Azure Local",
    ),
    Case(
        "a client release with 26100",
        Outcome.REVIEW,
        ("other_product", "same_level"),
        nodes=nodes(defaults.operating_system(product_type=ProductType.WORKSTATION, sku=4, edition_id="Enterprise")),
        collected=TODAY,
        says="a client release",
    ),
    Case(
        "a rolling upgrade, one step",
        Outcome.REVIEW,
        ("supported", "supported_secondary", "mixed"),
        nodes=nodes(WS2025, WS2022),
        collected=TODAY,
        says="20348 on HV02; 26100 on HV01",
    ),
    Case(
        "two steps apart",
        Outcome.FAIL,
        ("supported", "supported_secondary", "mixed_too_far"),
        nodes=nodes(WS2025, WS2019),
        collected=TODAY,
        confidence=Confidence.INFERRED,
    ),
    Case(
        "three releases at once",
        Outcome.FAIL,
        ("supported", "supported", "supported_secondary", "mixed_too_far"),
        nodes=nodes(WS2025, WS2019, WS2022),
        collected=TODAY,
    ),
    Case(
        "next to a build that no table has",
        Outcome.REVIEW,
        ("supported_secondary", "unknown_build", "mixed"),
        nodes=nodes(WS2025, STRANGE),
        collected=TODAY,
    ),
    Case(
        "next to version 23H2, which is on no path of upgrades",
        Outcome.REVIEW,
        ("end_unverified", "supported_secondary", "mixed"),
        nodes=nodes(WS2025, WS23H2),
        collected=TODAY,
    ),
    Case(
        "update levels differ",
        Outcome.REVIEW,
        ("supported", "levels_differ"),
        nodes=nodes(WS2022, defaults.operating_system(Release.WS2022, ubr=10000), WS2022),
        collected=TODAY,
        says="3932 on HV01, HV03; 10000 on HV02",
    ),
    Case(
        "update levels differ within one build of two",
        Outcome.REVIEW,
        ("supported", "supported_secondary", "mixed", "levels_differ"),
        nodes=nodes(WS2022, defaults.operating_system(Release.WS2022, ubr=1), WS2025),
        collected=TODAY,
    ),
    Case(
        "the level of one node is not in the source",
        Outcome.UNKNOWN,
        ("supported", "level_unseen"),
        nodes=nodes(WS2022, defaults.operating_system(Release.WS2022, ubr=None)),
        collected=TODAY,
        cause=Cause.NOT_IN_SOURCE,
        says="update level of HV02",
    ),
    Case(
        "the level of one node is not in the source, and the others differ",
        Outcome.UNKNOWN,
        ("supported", "levels_differ", "level_unseen"),
        nodes=nodes(
            WS2022,
            defaults.operating_system(Release.WS2022, ubr=1),
            defaults.operating_system(Release.WS2022, ubr=None),
        ),
        collected=TODAY,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no level in the source, and support has ended",
        Outcome.FAIL,
        ("out_of_support", "level_unseen"),
        nodes=nodes(
            defaults.operating_system(Release.WS2016, ubr=None), defaults.operating_system(Release.WS2016, ubr=None)
        ),
        collected=at(2027, 1, 13),
    ),
    Case(
        "one node is missing",
        Outcome.UNKNOWN,
        ("supported", "same_level"),
        nodes=nodes(WS2022, WS2022),
        collected=TODAY,
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "one node is missing, another is out of support",
        Outcome.FAIL,
        ("out_of_support", "same_level"),
        nodes=nodes(WS2019, WS2022),
        collected=at(2030, 1, 1),
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
    ),
    Case("nothing collected", Outcome.UNKNOWN, nodes={"HV01": (), "HV02": ()}, cause=Cause.NOT_COLLECTED),
)
