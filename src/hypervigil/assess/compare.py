"""What changed between two assessments: each finding of either falls into one class.

Findings of both sides belong together by their fingerprints, also where one side knew a cluster by its name and the
other by its id, or a node by its short name and by its FQDN. ``compared`` makes the sides from findings,
``saved_result.findings_from_json`` from a saved JSON report.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.subject import Scope


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Of a finding what a comparison looks at and shows.

    ``fingerprints``: its own, then those under which the other side may have it. ``reasons`` as sentences, with the
    facts that were missing.
    """

    control: str
    scope: Scope
    subject: str
    subject_key: str
    outcome: Outcome
    severity: Severity
    disposition: Disposition
    fingerprints: tuple[str, ...]
    reasons: tuple[str, ...] = ()

    @property
    def stands_for_unlisted(self) -> bool:
        """Whether it is about subjects that nobody could list: see ``subject.not_enumerated``."""
        return self.subject_key.endswith("/*")


def compared(findings: Iterable[Finding]) -> tuple[Compared, ...]:
    """One side of a comparison, from the findings of an assessment."""
    return tuple(
        Compared(
            control=finding.control,
            scope=finding.subject.scope,
            subject=finding.subject.name,
            subject_key=finding.subject.key,
            outcome=finding.outcome,
            severity=finding.severity,
            disposition=finding.disposition,
            fingerprints=finding.known_as,
            reasons=(
                *(reason.text for reason in finding.reasons),
                *(missing_sentence(missing.fact, missing.cause, missing.detail) for missing in finding.missing),
            ),
        )
        for finding in findings
    )


def missing_sentence(fact: str, cause: Cause, detail: str | None) -> str:
    """What a comparison says of a fact that was not there."""
    return f"{fact} is missing: {cause.value.replace('_', ' ')}" + (f" ({detail})." if detail else ".")


class ChangeKind(enum.StrEnum):
    """The classes. ``classify`` gives one for each pair of outcomes; "absent": the control did not judge the subject.

    NEW                 absent -> FAIL
    REGRESSED           PASS or REVIEW -> FAIL
    NEWLY_FAILING       UNKNOWN or NOT_APPLICABLE -> FAIL: it may have been so before, nobody saw it
    STILL_FAILING       FAIL -> FAIL
    FIXED               FAIL -> PASS
    NO_LONGER_FAILING   FAIL -> REVIEW or NOT_APPLICABLE: nothing shows that it holds now
    NEWLY_UNKNOWN       anything else -> UNKNOWN; after a FAIL this is no improvement
    NEWLY_DECIDED       UNKNOWN -> PASS, REVIEW or NOT_APPLICABLE
    CHANGED             one of PASS, REVIEW, NOT_APPLICABLE -> another of them
    UNCHANGED           one of PASS, REVIEW, NOT_APPLICABLE, UNKNOWN -> the same
    APPEARED            absent -> PASS, REVIEW, NOT_APPLICABLE or UNKNOWN
    GONE                anything -> absent; after a FAIL this is no improvement either
    """

    NEW = "new"
    REGRESSED = "regressed"
    NEWLY_FAILING = "newly_failing"
    STILL_FAILING = "still_failing"
    NO_LONGER_FAILING = "no_longer_failing"
    FIXED = "fixed"
    NEWLY_UNKNOWN = "newly_unknown"
    NEWLY_DECIDED = "newly_decided"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    APPEARED = "appeared"
    GONE = "gone"

    @property
    def is_worse(self) -> bool:
        """Whether something fails that was not known to fail before."""
        return self in (ChangeKind.NEW, ChangeKind.REGRESSED, ChangeKind.NEWLY_FAILING)


def classify(before: Outcome | None, after: Outcome | None) -> ChangeKind:
    """The class of a finding by its outcome on either side; None where that side has no such finding.

    Raises:
        ValueError: it is on neither side.
    """
    if before is None and after is None:
        msg = "a finding that is on neither side has no class"
        raise ValueError(msg)
    return _TABLE[before][_COLUMNS.index(after)]


_COLUMNS: Final = (Outcome.PASS, Outcome.REVIEW, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN, Outcome.FAIL, None)


def _table() -> dict[Outcome | None, tuple[ChangeKind, ...]]:
    """One row for each outcome before, one column for each of ``_COLUMNS`` after."""
    k = ChangeKind
    same, other, gone, unseen, decided = k.UNCHANGED, k.CHANGED, k.GONE, k.NEWLY_UNKNOWN, k.NEWLY_DECIDED
    return {
        Outcome.PASS: (same, other, other, unseen, k.REGRESSED, gone),
        Outcome.REVIEW: (other, same, other, unseen, k.REGRESSED, gone),
        Outcome.NOT_APPLICABLE: (other, other, same, unseen, k.NEWLY_FAILING, gone),
        Outcome.UNKNOWN: (decided, decided, decided, same, k.NEWLY_FAILING, gone),
        Outcome.FAIL: (k.FIXED, k.NO_LONGER_FAILING, k.NO_LONGER_FAILING, unseen, k.STILL_FAILING, gone),
        None: (k.APPEARED, k.APPEARED, k.APPEARED, k.APPEARED, k.NEW),
    }


_TABLE: Final = _table()


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One finding on both sides, and its class.

    ``was`` and ``now`` are the outcomes that the class follows from. They are UNKNOWN, not None, where a side has no
    such finding because its list of subjects was a gap.
    """

    kind: ChangeKind
    before: Compared | None
    after: Compared | None
    was: Outcome | None
    now: Outcome | None

    @property
    def shown(self) -> Compared:
        """The finding as it is now; as it was where it is gone."""
        found = self.after or self.before
        if found is None:
            msg = "a change has a finding on one side at least"
            raise ValueError(msg)
        return found

    @property
    def reopened(self) -> bool:
        """Whether it was waived and is not any more: a waiver has ended."""
        was_waived = self.before is not None and self.before.disposition is Disposition.WAIVED
        return was_waived and self.after is not None and self.after.disposition is Disposition.OPEN


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Every finding of two assessments: those of the later one in their order, then those that are gone.

    ``only_before`` and ``only_after`` are controls that one side did not ask at all: other profiles, or another
    version, make much that is new or gone.
    """

    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    def of(self, *kinds: ChangeKind) -> tuple[Change, ...]:
        """The changes of these classes."""
        return tuple(change for change in self.changes if change.kind in kinds)

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many findings fall into each class."""
        return {kind: sum(change.kind is kind for change in self.changes) for kind in ChangeKind}

    @property
    def nothing_in_common(self) -> bool:
        """Whether no finding is on both sides: most likely the two are about different clusters."""
        return all(change.before is None or change.after is None for change in self.changes)

    def worse(self, at_least: Severity) -> tuple[Change, ...]:
        """What fails now, is not accepted, was not known to fail before, and is of this severity or a higher one."""
        return tuple(
            change
            for change in self.changes
            if change.kind.is_worse
            and change.shown.disposition is Disposition.OPEN
            and change.shown.severity.rank >= at_least.rank
        )


def compare(before: Sequence[Compared], after: Sequence[Compared]) -> Comparison:
    """The two sides, finding by finding.

    A side whose list of subjects was a gap for a control has not seen the subjects that the other side has: for them
    its outcome is UNKNOWN, so that a failed enumeration makes nothing new and nothing gone.
    """
    unlisted_before, unlisted_after = _unlisted(before), _unlisted(after)

    def change(old: Compared | None, new: Compared | None) -> Change:
        was = old.outcome if old else _unseen(new, unlisted_before)
        now = new.outcome if new else _unseen(old, unlisted_after)
        return Change(kind=classify(was, now), before=old, after=new, was=was, now=now)

    partners = _partners(before, after)
    asked_before, asked_after = {f.control for f in before}, {f.control for f in after}
    old_of = {new: old for old, new in partners.items()}
    return Comparison(
        changes=(
            *(change(before[old_of[i]] if i in old_of else None, new) for i, new in enumerate(after)),
            *(change(old, None) for i, old in enumerate(before) if i not in partners),
        ),
        only_before=tuple(sorted(asked_before - asked_after)),
        only_after=tuple(sorted(asked_after - asked_before)),
    )


def _unlisted(side: Iterable[Compared]) -> frozenset[str]:
    """Controls for which this side could not list all subjects."""
    return frozenset(finding.control for finding in side if finding.stands_for_unlisted)


def _unseen(other: Compared | None, unlisted: frozenset[str]) -> Outcome | None:
    """What a side says of a finding that only the other side has."""
    if other is None or other.stands_for_unlisted:
        return None
    return Outcome.UNKNOWN if other.control in unlisted else None


def _partners(before: Sequence[Compared], after: Sequence[Compared]) -> dict[int, int]:
    """Places in ``before`` with the places in ``after`` of the same findings.

    First by the fingerprints themselves. Then by those under which one side may have known it, where that leaves one
    candidate on either side: a short name can be that of two nodes.
    """
    places: dict[str, list[int]] = {}
    for place, finding in enumerate(after):
        places.setdefault(finding.fingerprints[0], []).append(place)
    partners: dict[int, int] = {}
    for place, finding in enumerate(before):
        same = places.get(finding.fingerprints[0])
        if same:
            partners[place] = same.pop(0)
    return partners | _by_other_names(before, after, partners)


def _by_other_names(before: Sequence[Compared], after: Sequence[Compared], partners: dict[int, int]) -> dict[int, int]:
    taken = set(partners.values())
    old = {place: finding for place, finding in enumerate(before) if place not in partners}
    new = {place: finding for place, finding in enumerate(after) if place not in taken}
    pairs = _named_otherwise(old, new) | {(o, n) for n, o in _named_otherwise(new, old)}
    of_old, of_new = Counter(o for o, _ in pairs), Counter(n for _, n in pairs)
    return {o: n for o, n in pairs if of_old[o] == of_new[n] == 1}


def _named_otherwise(these: dict[int, Compared], those: dict[int, Compared]) -> set[tuple[int, int]]:
    """Places of two findings where another name of the first is the fingerprint of the second."""
    places: dict[str, list[int]] = {}
    for place, finding in those.items():
        places.setdefault(finding.fingerprints[0], []).append(place)
    return {
        (place, other)
        for place, finding in these.items()
        for name in finding.fingerprints[1:]
        for other in places.get(name, ())
    }
