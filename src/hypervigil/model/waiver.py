"""A waiver: an accepted exception. It never changes an outcome."""

from __future__ import annotations

import datetime
import enum
import fnmatch

import msgspec

from hypervigil.model.subject import Subject


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who accepts what, why, and until when.

    ``control`` is one control id; ``subject`` a pattern (``*`` and ``?``, nothing else) over the subject's key, name or
    aliases, without case. ``expires`` is the last day on which the waiver holds. ``place`` is where it is written
    down, such as ``waivers.toml:12``.
    """

    control: str
    subject: str
    reason: str
    owner: str
    expires: datetime.date
    ticket: str = ""
    compensating_control: str = ""
    place: str = ""

    def covers(self, control: str, subject: Subject) -> bool:
        """Whether it is about this control and subject, expired or not."""
        if control != self.control:
            return False
        pattern = self.subject.casefold().replace("[", "[[]")
        known_as = (subject.name, *subject.keys)
        return any(fnmatch.fnmatchcase(text.casefold(), pattern) for text in known_as)

    def expired(self, today: datetime.date) -> bool:
        """Whether ``today`` is after the last day."""
        return today > self.expires

    @property
    def names_nothing(self) -> bool:
        """Whether the pattern holds wildcards only, so that it covers whatever there is or will be."""
        return not self.subject.strip("*?")


class WaiverState(enum.StrEnum):
    """What became of a waiver in one run; several may hold at once.

    USED: it accepts findings. UNUSED: it is in force, and nothing that it covers fails or is in review. UNDECIDED: it
    covers nothing that fails, and whether it would is not known, because the control was not asked or what it covers
    is UNKNOWN. EXPIRED: its last day is over, so it accepts nothing. OVER_BROAD: see ``WaiverUse``.
    """

    USED = "used"
    UNUSED = "unused"
    UNDECIDED = "undecided"
    EXPIRED = "expired"
    OVER_BROAD = "over_broad"


class WaiverUse(msgspec.Struct, frozen=True):
    """A waiver, what became of it, and how many findings of FAIL or REVIEW it covers (also when it has expired).

    Over-broad: its pattern holds wildcards only, or covers every subject to which the control applies where there are
    several, failing or not: the next one that fails would be accepted unseen.
    """

    waiver: Waiver
    states: tuple[WaiverState, ...]
    covers: int
