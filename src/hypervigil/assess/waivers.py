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
    """The findings with their dispositions, and what became of each waiver. Outcomes stay as they are."""
    by_control: dict[str, list[int]] = {}
    for place, finding in enumerate(findings):
        by_control.setdefault(finding.control, []).append(place)
    waived = list(findings)
    uses = []
    for index, waiver in enumerate(waivers):
        judged = by_control.get(waiver.control, [])
        matched = [place for place in judged if waiver.covers(waiver.control, findings[place].subject)]
        accepted = [place for place in matched if findings[place].outcome in WAIVABLE]
        if not waiver.expired(today):
            for place in accepted:
                if waived[place].disposition is Disposition.OPEN:
                    waived[place] = msgspec.structs.replace(
                        findings[place], disposition=Disposition.WAIVED, waiver=index
                    )
        uses.append(WaiverUse(waiver, _states(waiver, today, len(judged), len(matched), len(accepted)), len(accepted)))
    return tuple(waived), tuple(uses)


def _states(waiver: Waiver, today: datetime.date, judged: int, matched: int, accepted: int) -> tuple[WaiverState, ...]:
    states = []
    if waiver.expired(today):
        states.append(WaiverState.EXPIRED)
    elif accepted:
        states.append(WaiverState.USED)
    if not accepted:
        states.append(WaiverState.UNUSED)
    if judged > 1 and matched == judged:
        states.append(WaiverState.OVER_BROAD)
    return tuple(states)
