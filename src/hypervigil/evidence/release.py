"""Windows Server releases, by build number."""

from __future__ import annotations

import datetime
import enum

import msgspec

from hypervigil.model.grading import Confidence


class Release(enum.Enum):
    """A release that hypervigil knows: its build and how it is called.

    Builds: 14393, 17763 and 20348 from Microsoft's release information page, 25398 and 26100 from Microsoft's CVE
    records.
    """

    WS2016 = (14393, "Windows Server 2016")
    WS2019 = (17763, "Windows Server 2019")
    WS2022 = (20348, "Windows Server 2022")
    WS23H2 = (25398, "Windows Server, version 23H2")
    WS2025 = (26100, "Windows Server 2025")

    def __init__(self, build: int, title: str) -> None:
        self.build = build
        self.title = title

    def __lt__(self, other: Release) -> bool:
        return self.build < other.build

    def __ge__(self, other: Release) -> bool:
        return self.build >= other.build


_BY_BUILD = {release.build: release for release in Release}


def release_of(build: int) -> Release | None:
    """The release with exactly this build number; None for a build that is in no table."""
    return _BY_BUILD.get(build)


class Support(msgspec.Struct, frozen=True):
    """The last day on which Microsoft gives security updates for a release, and how well that day is founded."""

    ends: datetime.date
    confidence: Confidence

    @property
    def primary(self) -> bool:
        """Whether a page of Microsoft's says so."""
        return self.confidence is Confidence.DOCUMENTED


SUPPORT = {
    Release.WS2016: Support(datetime.date(2027, 1, 12), Confidence.DOCUMENTED),
    Release.WS2019: Support(datetime.date(2029, 1, 9), Confidence.DOCUMENTED),
    Release.WS2022: Support(datetime.date(2031, 10, 14), Confidence.DOCUMENTED),
    Release.WS23H2: Support(datetime.date(2025, 10, 24), Confidence.UNVERIFIED),
    Release.WS2025: Support(datetime.date(2034, 11, 14), Confidence.SECONDARY),
}
"""End of security updates: 2019 from Microsoft's release information page, 2016 from MicrosoftDocs'
lifecycle-data-pr.ru-ru, 2022 from Microsoft's lifecycle page (learn.microsoft.com, windows-server-2022), 2025 from
secondary sources only, 23H2 from nowhere that could be verified."""
