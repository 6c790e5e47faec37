"""A profile: a chosen and tailored set of controls."""

from __future__ import annotations

import enum
import fnmatch
from collections.abc import Iterable

import msgspec

from hypervigil.model.grading import Severity


class SeverityOverride(msgspec.Struct, frozen=True, kw_only=True):
    """Another severity for one control, with the reason for it."""

    severity: Severity
    reason: str


class GroupKind(enum.StrEnum):
    """How people read the groups of a profile: an area holds or fails, a mistake is made or not."""

    AREAS = "areas"
    MISTAKES = "mistakes"


class ProfileGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a profile that a report shows by itself: another profile, with the ids of the controls it selects."""

    name: str
    title: str
    controls: tuple[str, ...]


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Which controls are asked, with which parameters and severities.

    ``select`` and ``exclude`` hold control ids or patterns such as ``SMB-*``; a profile that was read from TOML has its
    patterns worked out, so that ``select`` holds ids only. ``parameters`` holds values by control id that the control's
    module declares (none does yet unless its page says so). ``groups`` may overlap, and may leave controls out;
    ``groups_are`` says how people read them.
    """

    name: str
    title: str = ""
    select: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    severity: dict[str, SeverityOverride] = {}
    parameters: dict[str, dict[str, str | int | float | bool]] = {}
    groups: tuple[ProfileGroup, ...] = ()
    groups_are: GroupKind = GroupKind.AREAS

    def selects(self, control: str) -> bool:
        """Whether this profile asks the control with that id."""
        return matches(control, self.select) and not matches(control, self.exclude)


def matches(control: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns (``*`` and ``?`` as in file names) is about the control with that id."""
    return any(fnmatch.fnmatchcase(control, pattern) for pattern in patterns)


EVERYTHING = Profile(name="default", title="Every control")
