"""SMB-014: the lowest configured dialect."""

from __future__ import annotations

from hypervigil.controls.smb import smb_014_lowest_dialect as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Dialect
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NONE, SMB300, SMB311 = Dialect.NO_LIMIT, Dialect.SMB300, Dialect.SMB311


def limited(
    server: Dialect | None,
    client: Dialect | None,
    *,
    server_max: Dialect | None = NONE,
    client_max: Dialect | None = NONE,
    build: int = Release.WS2025.build,
) -> tuple[Fact, ...]:
    """A 2025 node with these limits."""
    return (
        defaults.operating_system(build_number=build),
        defaults.smb_server(dialect_min=server, dialect_max=server_max),
        defaults.smb_client(dialect_min=client, dialect_max=client_max),
    )


CASES = (
    *(
        Case(
            f"{lowest.name} in both roles",
            Outcome.PASS,
            ("new_enough", "new_enough"),
            node=limited(lowest, lowest),
            says=f"nothing older than SMB {lowest.dotted}",
        )
        for lowest in (Dialect.SMB300, Dialect.SMB302, Dialect.SMB311)
    ),
    Case(
        "default of 2025, and values of recorded Windows 11 24H2 listings (None, None)",
        Outcome.FAIL,
        ("unlimited", "unlimited"),
        node=limited(NONE, NONE),
        says="takes SMB 2.0.2",
    ),
    Case("server limited, client not", Outcome.FAIL, ("new_enough", "unlimited"), node=limited(SMB311, NONE)),
    Case("client limited, server not", Outcome.FAIL, ("unlimited", "new_enough"), node=limited(NONE, SMB311)),
    Case(
        "limited, but too low",
        Outcome.FAIL,
        ("too_old", "too_old"),
        node=limited(Dialect.SMB202, Dialect.SMB210),
        says="The SMB client takes SMB 2.1.",
    ),
    Case(
        "one dialect only",
        Outcome.PASS,
        ("new_enough", "new_enough"),
        node=limited(SMB311, SMB311, server_max=SMB311, client_max=SMB311),
    ),
    Case(
        "kept below 3.1.1",
        Outcome.PASS,
        ("new_enough", "capped", "new_enough"),
        node=limited(SMB300, SMB300, server_max=Dialect.SMB302),
        says="nothing newer than SMB 3.0.2",
    ),
    Case(
        "kept at 2.1 from above",
        Outcome.FAIL,
        ("new_enough", "unlimited", "capped"),
        node=limited(SMB300, NONE, client_max=Dialect.SMB210),
    ),
    Case(
        "highest below lowest",
        Outcome.REVIEW,
        ("empty_range", "new_enough"),
        node=limited(SMB311, SMB300, server_max=SMB300),
        confidence=Confidence.UNVERIFIED,
        says="3.1.1 and newer and to 3.0 and older",
    ),
    Case(
        "highest below lowest, and a client without a limit",
        Outcome.FAIL,
        ("empty_range", "unlimited"),
        node=limited(SMB311, NONE, server_max=SMB300),
    ),
    Case(
        "a code that nobody has named",
        Outcome.REVIEW,
        ("unknown_dialect", "new_enough"),
        node=limited(Dialect(0x02FF), SMB300),
        says="unknown code (767)",
    ),
    Case(
        "a highest dialect that nobody has named",
        Outcome.PASS,
        ("new_enough", "new_enough"),
        node=limited(SMB300, SMB300, client_max=Dialect(0x0400)),
    ),
    Case(
        "the source leaves one role out",
        Outcome.UNKNOWN,
        ("limit_unseen", "new_enough"),
        node=limited(None, SMB300),
        cause=Cause.NOT_IN_SOURCE,
        says="lowest dialect of the SMB server",
    ),
    Case(
        "the source leaves everything out on 2025",
        Outcome.UNKNOWN,
        ("limit_unseen", "limit_unseen"),
        node=limited(None, None, server_max=None, client_max=None),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "one role left out, the other fails",
        Outcome.FAIL,
        ("limit_unseen", "unlimited"),
        node=limited(None, NONE, server_max=None),
    ),
    *(
        Case(
            f"{release.title} can not limit them",
            Outcome.NOT_APPLICABLE,
            ("no_limits",),
            node=(defaults.operating_system(release), defaults.smb_server(release), defaults.smb_client(release)),
            says=release.title,
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS23H2)
    ),
    Case(
        "an older build that shows limits",
        Outcome.PASS,
        ("new_enough", "new_enough"),
        node=limited(SMB300, SMB300, build=25951),
    ),
    Case(
        "a newer build that no table has",
        Outcome.FAIL,
        ("new_enough", "unlimited"),
        node=limited(SMB300, NONE, build=29000),
    ),
    Case(
        "server configuration refused",
        Outcome.UNKNOWN,
        node=limited(SMB300, NONE),
        gaps={"smb_server": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "release not known",
        Outcome.UNKNOWN,
        node=limited(SMB300, NONE),
        gaps={"operating_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
