"""The waivers of a run. Each assessment says what became of them in its cluster; a report says it once for all."""

from __future__ import annotations

from collections.abc import Sequence

from hypervigil.assess.assessment import Assessment
from hypervigil.model.waiver import Waiver, WaiverState
from hypervigil.report.json_model import ReportedWaiver
from hypervigil.report.text import well_formed


class MergedWaivers:
    """Every waiver once, in the order in which they were first given."""

    def __init__(self, assessments: Sequence[Assessment]) -> None:
        self._places: dict[Waiver, int] = {}
        self._covers: dict[Waiver, int] = {}
        self._states: dict[Waiver, set[WaiverState]] = {}
        for assessment in assessments:
            for use in assessment.waivers:
                waiver = use.waiver
                self._places.setdefault(waiver, len(self._places))
                self._covers[waiver] = self._covers.get(waiver, 0) + use.covers
                self._states.setdefault(waiver, set()).update(use.states)

    def place(self, assessment: Assessment, index: int) -> int | None:
        """Where the waiver with that index in the assessment stands in ``reported``; None for -1, which is none."""
        return None if index < 0 else self._places[assessment.waivers[index].waiver]

    @property
    def reported(self) -> tuple[ReportedWaiver, ...]:
        """Each waiver with its states; it is unused if it covers nothing in any cluster, and that is known."""
        return tuple(self._reported(waiver) for waiver in self._places)

    def _reported(self, waiver: Waiver) -> ReportedWaiver:
        states = set(self._states[waiver])
        if self._covers[waiver]:
            states -= {WaiverState.UNUSED, WaiverState.UNDECIDED}
        elif WaiverState.UNDECIDED in states:
            states.discard(WaiverState.UNUSED)
        return ReportedWaiver(
            control=waiver.control,
            subject=well_formed(waiver.subject),
            reason=well_formed(waiver.reason),
            owner=well_formed(waiver.owner),
            expires=waiver.expires,
            ticket=well_formed(waiver.ticket) or None,
            compensating_control=well_formed(waiver.compensating_control) or None,
            place=well_formed(waiver.place) or None,
            states=tuple(state for state in WaiverState if state in states),
            covers=self._covers[waiver],
        )
