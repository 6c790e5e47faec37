"""The parts of a profile, answered: does it fail, does it hold, or is it undecided, on what, and what is not known.

A part fails where one of its controls does, and holds only where every one of them was asked and none is left open: a
control that is not built, or a fact that is missing, leaves it undecided.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import msgspec

from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Outcome
from hypervigil.model.profile import GroupKind, Profile, ProfileGroup


class Answer(enum.StrEnum):
    """What a part comes to. ACCEPTED: what fails is waived, and nothing else is open."""

    FAILS = "fails"
    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    HOLDS = "holds"
    NOT_APPLICABLE = "not_applicable"


MISTAKE_WORDS = {
    Answer.FAILS: "made",
    Answer.UNDECIDED: "undecided",
    Answer.ACCEPTED: "made, and accepted",
    Answer.HOLDS: "not made",
    Answer.NOT_APPLICABLE: "can not be made here",
}
AREA_WORDS = {
    Answer.FAILS: "fails",
    Answer.UNDECIDED: "undecided",
    Answer.ACCEPTED: "fails, and is accepted",
    Answer.HOLDS: "holds",
    Answer.NOT_APPLICABLE: "does not apply",
}


class Told(msgspec.Struct, frozen=True):
    """One control of a part: on whom it comes out so, how many these are, and which facts it misses there."""

    control: str
    subjects: tuple[str, ...]
    missing: tuple[Missing, ...] = ()


class PartAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a profile in one cluster.

    ``holds`` are the controls of which nothing is left open and something passes. ``facts`` are the names of those that
    the answer rests on.
    """

    name: str
    title: str
    answer: Answer
    words: str
    fails: tuple[Told, ...] = ()
    waived: tuple[Told, ...] = ()
    unknown: tuple[Told, ...] = ()
    review: tuple[Told, ...] = ()
    holds: tuple[str, ...] = ()
    not_built: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def answers(profile: Profile, findings: Sequence[Finding], built: Iterable[str]) -> tuple[PartAnswer, ...]:
    """An answer for each part of the profile. ``built`` are the ids of all controls that there are."""
    there = frozenset(built)
    words = MISTAKE_WORDS if profile.groups_are is GroupKind.MISTAKES else AREA_WORDS
    by_control: dict[str, list[Finding]] = {}
    for finding in findings:
        by_control.setdefault(finding.control, []).append(finding)
    return tuple(_answered(group, by_control, there, words) for group in profile.groups)


def _answered(
    group: ProfileGroup, by_control: dict[str, list[Finding]], built: frozenset[str], words: dict[Answer, str]
) -> PartAnswer:
    asked = [control for control in group.controls if control in by_control]
    missing = tuple(control for control in group.controls if control not in built)
    held = [finding for control in asked for finding in by_control[control]]
    open_ = [f for f in held if f.disposition is Disposition.OPEN]
    fails = [f for f in open_ if f.outcome is Outcome.FAIL]
    waived = [f for f in held if f.disposition is Disposition.WAIVED]
    unknown = [f for f in open_ if f.outcome is Outcome.UNKNOWN]
    review = [f for f in open_ if f.outcome is Outcome.REVIEW]
    answer = Answer.HOLDS
    if fails:
        answer = Answer.FAILS
    elif unknown or review or missing or not asked:
        answer = Answer.UNDECIDED
    elif waived:
        answer = Answer.ACCEPTED
    elif all(f.outcome is Outcome.NOT_APPLICABLE for f in held):
        answer = Answer.NOT_APPLICABLE
    resting = fails or held
    return PartAnswer(
        name=group.name,
        title=group.title or group.name,
        answer=answer,
        words=words[answer],
        fails=_told(fails),
        waived=_told(waived),
        unknown=_told(unknown),
        review=_told(review),
        holds=tuple(control for control in asked if _fine(by_control[control])),
        not_built=missing,
        facts=tuple(dict.fromkeys(ref.fact for finding in resting for ref in finding.evidence)),
    )


def _fine(findings: Iterable[Finding]) -> bool:
    outcomes = {finding.outcome for finding in findings}
    return Outcome.PASS in outcomes and outcomes <= {Outcome.PASS, Outcome.NOT_APPLICABLE}


def _told(findings: Iterable[Finding]) -> tuple[Told, ...]:
    by_control: dict[str, list[Finding]] = {}
    for finding in findings:
        by_control.setdefault(finding.control, []).append(finding)
    return tuple(
        Told(
            control,
            tuple(finding.subject.name for finding in found),
            tuple({(gap.fact, gap.cause): gap for finding in found for gap in finding.missing}.values()),
        )
        for control, found in by_control.items()
    )
