"""Severity and confidence: two axes that never mix with the outcome."""

from __future__ import annotations

import enum


class Severity(enum.StrEnum):
    """How much a failure of a control matters. ``INFO`` controls report a state and never fail."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """4 for critical down to 0 for info."""
        return _SEVERITIES.index(self)


class Confidence(enum.StrEnum):
    """How well the rule behind a verdict is founded (the marks of the fact sheets in brackets).

    DOCUMENTED: read in a primary source (V). OBSERVED: seen on a real machine (M). SECONDARY: third hand (S).
    INFERRED: follows from documented facts (I). UNVERIFIED: nobody has shown it (U): never more than a REVIEW.
    """

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    SECONDARY = "secondary"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"

    @property
    def rank(self) -> int:
        """4 for documented down to 0 for unverified."""
        return _CONFIDENCES.index(self)


_SEVERITIES = [Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]
_CONFIDENCES = [
    Confidence.UNVERIFIED,
    Confidence.INFERRED,
    Confidence.SECONDARY,
    Confidence.OBSERVED,
    Confidence.DOCUMENTED,
]
