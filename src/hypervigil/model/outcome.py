"""Outcomes, the causes of not knowing, and how outcomes combine."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Outcome(enum.StrEnum):
    """What one control says of one subject."""

    PASS = "PASS"  # noqa: S105  an outcome, not a password
    FAIL = "FAIL"
    REVIEW = "REVIEW"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Cause(enum.StrEnum):
    """Why a fact is not there (the first seven), or why a control could not decide although it was."""

    NOT_COLLECTED = "not_collected"
    ACCESS_DENIED = "access_denied"
    TIMED_OUT = "timed_out"
    UNPARSABLE = "unparsable"
    NOT_IN_SOURCE = "not_in_source"
    UNSUPPORTED_RELEASE = "unsupported_release"
    CONFLICTING = "conflicting"
    CONTROL_ERROR = "control_error"


GAP_CAUSES = frozenset(Cause) - {Cause.CONTROL_ERROR}
"""The closed list of causes that a gap may carry."""

_RANK = {Outcome.FAIL: 4, Outcome.UNKNOWN: 3, Outcome.REVIEW: 2, Outcome.PASS: 1, Outcome.NOT_APPLICABLE: 0}


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of several: FAIL beats UNKNOWN beats REVIEW beats PASS; NOT_APPLICABLE counts for nothing.

    Of nothing at all, and of nothing but NOT_APPLICABLE, it is NOT_APPLICABLE.
    """
    return max(outcomes, key=_RANK.__getitem__, default=Outcome.NOT_APPLICABLE)
