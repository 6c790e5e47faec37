"""A waiver: an accepted exception. It never changes an outcome."""

from __future__ import annotations

import datetime
import enum
import fnmatch

import msgspec

from hypervigil.model.subject import Subject


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who accepts what, why, and until when.

    ``control`` is one control id; ``subject`` a pattern (``*``, ``?``) over the subject's key or name, without case.
    ``expires`` is the last day on which the waiver holds.
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
        pattern = self.subject.casefold()
        return any(fnmatch.fnmatchcase(text.casefold(), pattern) for text in (subject.key, subject.name))

    def expired(self, today: datetime.date) -> bool:
        """Whether ``today`` is after the last day."""
        return today > self.expires


class WaiverState(enum.StrEnum):
    """What became of a waiver in one run."""

    USED = "used"
    UNUSED = "unused"
    EXPIRED = "expired"
    OVER_BROAD = "over_broad"


class WaiverUse(msgspec.Struct, frozen=True):
    """A waiver, what became of it, and how many failing findings it covers (also when it has expired).

    Over-broad: its pattern covers every subject of a scope that has more than one, failing or not.
    """

    waiver: Waiver
    states: tuple[WaiverState, ...]
    covers: int
