"""A profile: a chosen and tailored set of controls."""

from __future__ import annotations

import fnmatch

import msgspec

from hypervigil.model.grading import Severity


class SeverityOverride(msgspec.Struct, frozen=True, kw_only=True):
    """Another severity for one control, with the reason for it."""

    severity: Severity
    reason: str


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Which controls are asked, with which parameters and severities.

    ``select`` and ``exclude`` hold control ids or patterns such as ``SMB-*``; ``parameters`` holds values by control id
    that the control's module declares (none does yet unless its page says so).
    """

    name: str
    title: str = ""
    select: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    severity: dict[str, SeverityOverride] = {}
    parameters: dict[str, dict[str, str | int | float | bool]] = {}

    def selects(self, control: str) -> bool:
        """Whether this profile asks the control with that id."""
        return any(fnmatch.fnmatchcase(control, p) for p in self.select) and not any(
            fnmatch.fnmatchcase(control, p) for p in self.exclude
        )


EVERYTHING = Profile(name="default", title="Every control")
