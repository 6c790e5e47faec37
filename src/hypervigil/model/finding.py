"""A finding: the outcome of one control on one subject, with its reasons and the facts it rests on."""

from __future__ import annotations

import enum
import hashlib

import msgspec

from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason
from hypervigil.model.subject import Subject


class Disposition(enum.StrEnum):
    """Whether somebody has accepted the finding. Never changes its outcome."""

    OPEN = "open"
    WAIVED = "waived"


class EvidenceRef(msgspec.Struct, frozen=True, gc=False):
    """A fact that a finding rests on: its name, the key of the subject it is about, and the document that holds it."""

    fact: str
    subject: str
    document: str = ""


class Finding(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The outcome of one control on one subject.

    ``cause`` is set for UNKNOWN only. ``missing`` names the required facts (and those of single nodes) that were not
    there. ``waiver`` is the index of the waiver that accepts it, within those that were given; -1 for none.
    """

    control: str
    subject: Subject
    outcome: Outcome
    severity: Severity
    confidence: Confidence
    reasons: tuple[Reason, ...] = ()
    cause: Cause | None = None
    missing: tuple[Missing, ...] = ()
    evidence: tuple[EvidenceRef, ...] = ()
    disposition: Disposition = Disposition.OPEN
    waiver: int = -1

    @property
    def fingerprint(self) -> str:
        """32 hex digits that stay the same between runs, whatever the values are."""
        return fingerprint(self.control, self.subject.scope.value, self.subject.key)

    @property
    def known_as(self) -> tuple[str, ...]:
        """The fingerprint, and those under which an earlier run may have recorded the same finding."""
        return tuple(fingerprint(self.control, self.subject.scope.value, key) for key in self.subject.keys)


def fingerprint(control: str, scope: str, key: str) -> str:
    """SHA-256 over control id, scope and subject key, cut to 128 bits."""
    named = f"{control}\n{scope}\n{key}".encode("utf-8", "surrogatepass")  # a host may send half a character
    return hashlib.sha256(named).hexdigest()[:32]
