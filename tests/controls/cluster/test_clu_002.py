"""CLU-002: functional level and unfinished upgrades."""

from __future__ import annotations

from hypervigil.controls.cluster import clu_002_functional_level as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

WS2019, WS2022, WS23H2, WS2025 = Release.WS2019, Release.WS2022, Release.WS23H2, Release.WS2025


def nodes(*releases: Release) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{n:02d}": (defaults.operating_system(release),) for n, release in enumerate(releases, start=1)}


AT_2022, AT_2025 = (defaults.cluster(WS2022),), (defaults.cluster(WS2025),)
UNNAMED = {"HV01": (defaults.operating_system(),), "HV02": (defaults.operating_system(build_number=29999),)}

CASES = (
    *(
        Case(
            f"{release.title} throughout",
            Outcome.PASS,
            ("matches",),
            nodes=nodes(release, release),
            cluster=(defaults.cluster(release),),
            says=f"that of {release.title}",
        )
        for release in (Release.WS2016, WS2019, WS2022, WS2025)
    ),
    Case(
        "half way from 2022 to 2025",
        Outcome.REVIEW,
        ("mixed", "matches"),
        nodes=nodes(WS2025, WS2022),
        cluster=AT_2022,
        says="Windows Server 2022, Windows Server 2025",
    ),
    Case(
        "all nodes arrived, the level did not",
        Outcome.FAIL,
        ("behind",),
        nodes=nodes(WS2025, WS2025),
        cluster=AT_2022,
        says="level 11 is below 12, the one of Windows Server 2025",
    ),
    Case(
        "half way to 2025, and the upgrade before that was never finished",
        Outcome.FAIL,
        ("mixed", "behind"),
        nodes=nodes(WS2022, WS2025),
        cluster=(defaults.cluster(WS2019),),
    ),
    Case(
        "the nodes that were seen arrived, one was not seen: it may be the old one",
        Outcome.UNKNOWN,
        ("behind_so_far",),
        nodes=nodes(WS2025, WS2022),
        cluster=AT_2022,
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "the cluster lists a node that nobody visited",
        Outcome.UNKNOWN,
        ("behind_so_far",),
        nodes=nodes(WS2025),
        cluster=(*AT_2022, defaults.cluster_nodes("HV01", "HV02")),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "level and seen nodes match, one was not seen",
        Outcome.UNKNOWN,
        ("matches",),
        nodes=nodes(WS2025, WS2025),
        cluster=AT_2025,
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "mixed among the nodes that were seen",
        Outcome.REVIEW,
        ("mixed", "matches"),
        nodes=nodes(WS2025, WS2022, WS2025),
        cluster=AT_2022,
        gaps={"operating_system@HV03": Cause.ACCESS_DENIED},
    ),
    Case(
        "a node older than the level",
        Outcome.REVIEW,
        ("mixed", "ahead"),
        nodes=nodes(WS2025, WS2022),
        cluster=AT_2025,
        says="runs on HV02",
    ),
    Case(
        "23H2 throughout",
        Outcome.REVIEW,
        ("no_level",),
        nodes=nodes(WS23H2, WS23H2),
        cluster=(defaults.cluster(WS23H2, functional_level=11),),
    ),
    Case(
        "a build that is in no table",
        Outcome.REVIEW,
        ("mixed", "build_unnamed"),
        nodes=UNNAMED,
        cluster=AT_2025,
        says="29999 on HV02",
    ),
    Case(
        "a level that is in no table",
        Outcome.REVIEW,
        ("level_unnamed",),
        nodes=nodes(WS2025, WS2025),
        cluster=(defaults.cluster(functional_level=13),),
        says="level 13",
    ),
    Case(
        "a level from before 2016",
        Outcome.REVIEW,
        ("level_unnamed",),
        nodes=nodes(Release.WS2016),
        cluster=(defaults.cluster(functional_level=8),),
    ),
    Case(
        "the source left the level out",
        Outcome.UNKNOWN,
        ("level_unseen",),
        nodes=nodes(WS2025, WS2025),
        cluster=(defaults.cluster(functional_level=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the source left the level out of a mixed cluster",
        Outcome.UNKNOWN,
        ("mixed", "level_unseen"),
        nodes=nodes(WS2022, WS2025),
        cluster=(defaults.cluster(functional_level=None),),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no access to the cluster",
        Outcome.UNKNOWN,
        nodes=nodes(WS2025, WS2025),
        gaps={"cluster": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "no node was read",
        Outcome.UNKNOWN,
        nodes=nodes(WS2025, WS2025),
        cluster=AT_2025,
        gaps={"operating_system": Cause.NOT_IN_SOURCE},
        cause=Cause.NOT_IN_SOURCE,
    ),
)
