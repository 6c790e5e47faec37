"""Clocks compared: how far apart they are at least, and whether a time service keeps one to the domain."""

from __future__ import annotations

import msgspec

from hypervigil.evidence.clock import Clock

TOLERANCE_SECONDS = 300
"""Kerberos: Maximum tolerance for computer clock synchronization, 5 minutes (MicrosoftDocs/windows-itpro-docs)."""
NOT_SYNCHRONISED = 3
"""Leap indicator of a clock that is not synchronised (MicrosoftDocs/windowsserverdocs, Windows time service tools)."""
OF_THE_DOMAIN = ("NT5DS", "AllSync")
"""Values of ``Type`` with which a member asks the domain's hierarchy; AllSync asks others as well."""


class Reading(msgspec.Struct, frozen=True):
    """A clock against one that is the same for all readings that are compared: seconds ahead, and how sure that is."""

    name: str
    ahead: float
    uncertainty: float


def furthest_apart(readings: list[Reading]) -> tuple[Reading, Reading, float, float] | None:
    """The first and the last clock, and by how many seconds they are apart at least and at most.

    None where there is none. One is no further apart than from itself.
    """
    if not readings:
        return None
    ordered = sorted(readings, key=lambda reading: reading.ahead)
    last, first = ordered[0], ordered[-1]
    if len(readings) == 1:
        return first, last, 0.0, 0.0
    spread, unsure = first.ahead - last.ahead, first.uncertainty + last.uncertainty
    return first, last, max(spread - unsure, 0.0), spread + unsure


def reading_of(name: str, clock: Clock) -> Reading | None:
    """A host's clock against that of the machine that asked; None where it asked itself or the error is not known."""
    ahead, uncertainty = clock.ahead_seconds, clock.uncertainty_seconds
    return None if ahead is None or uncertainty is None else Reading(name, ahead, uncertainty)


def time_type(clock: Clock) -> str | None:
    """Where the time service takes its time from, policy before the local value; None where that is not known."""
    for value in (clock.type_policy, clock.type):
        if value.denied:
            return None
        if not value.absent:
            return value.data if isinstance(value.data, str) else None
    return None


def time_source(clock: Clock) -> str | None:
    """The host that the time comes from, in lower case and without flags; None for a clock of its own.

    Windows prints words there as well, in its own language: what has a blank in it is no host.
    """
    source = (clock.source or "").strip().partition(",")[0].casefold()
    return source if source and " " not in source else None


def keeps_to_source(clock: Clock) -> bool:
    """Whether the time service says itself that it follows a host, without an error and within the tolerance."""
    offset = clock.phase_offset_seconds
    return (
        clock.running is True
        and time_source(clock) is not None
        and clock.leap_indicator not in (None, NOT_SYNCHRONISED)
        and bool(clock.stratum)
        and clock.last_sync_error == 0
        and offset is not None
        and abs(offset) <= TOLERANCE_SECONDS
    )


def follows_domain(clock: Clock) -> bool:
    """Whether it keeps to a domain controller."""
    return keeps_to_source(clock) and time_type(clock) in OF_THE_DOMAIN
