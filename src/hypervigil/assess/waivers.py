"""Waivers at work: which findings they accept, and which of them are expired, unused or over-broad."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.outcome import Outcome
from hypervigil.model.waiver import Waiver, WaiverState, WaiverUse

WAIVABLE = (Outcome.FAIL, Outcome.REVIEW)
"""Outcomes that somebody can accept: what is unknown has to be found out, not accepted."""


def apply_waivers(
    findings: Sequence[Finding], waivers: Sequence[Waiver], today: datetime.date
) -> tuple[tuple[Finding, ...], tuple[WaiverUse, ...]]:
    """The findings with their dispositions, and what became of each waiver. Outcomes stay as they are.

    Where several waivers in force cover a finding, the first one accepts it; the others count as used, too.
    """
    by_control: dict[str, list[int]] = {}
    for place, finding in enumerate(findings):
        by_control.setdefault(finding.control, []).append(place)
    waived = list(findings)
    uses = []
    for index, waiver in enumerate(waivers):
        judged = [findings[place] for place in by_control.get(waiver.control, [])]
        uses.append(_use(waiver, judged, today))
        if waiver.expired(today):
            continue
        for place in by_control.get(waiver.control, []):
            finding = waived[place]
            if finding.disposition is Disposition.OPEN and _accepts(waiver, finding):
                waived[place] = msgspec.structs.replace(finding, disposition=Disposition.WAIVED, waiver=index)
    return tuple(waived), tuple(uses)


def _accepts(waiver: Waiver, finding: Finding) -> bool:
    return finding.outcome in WAIVABLE and waiver.covers(finding.control, finding.subject)


def _use(waiver: Waiver, judged: Sequence[Finding], today: datetime.date) -> WaiverUse:
    """``judged`` are all findings of the waiver's control."""
    covered = [finding for finding in judged if waiver.covers(finding.control, finding.subject)]
    accepted = sum(finding.outcome in WAIVABLE for finding in covered)
    states = []
    if waiver.expired(today):
        states.append(WaiverState.EXPIRED)
    elif accepted:
        states.append(WaiverState.USED)
    elif not judged or any(finding.outcome is Outcome.UNKNOWN for finding in covered):
        states.append(WaiverState.UNDECIDED)
    else:
        states.append(WaiverState.UNUSED)
    if waiver.names_nothing or _covers_all(judged, covered):
        states.append(WaiverState.OVER_BROAD)
    return WaiverUse(waiver, tuple(states), accepted)


def _covers_all(judged: Sequence[Finding], covered: Sequence[Finding]) -> bool:
    """Whether nothing to which the control applies is left out, where there is more than one such subject."""
    applicable = sum(finding.outcome is not Outcome.NOT_APPLICABLE for finding in judged)
    return 1 < applicable == sum(finding.outcome is not Outcome.NOT_APPLICABLE for finding in covered)
