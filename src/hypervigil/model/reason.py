"""Reasons: what a verdict is made of.

A control module declares its reasons as an enum, each with the outcome that it leads to and the sentence that it
becomes. Calling a member fills the sentence in. The outcome of a verdict is the worst of its reasons, so a control
can not say one thing and mean another::

    class Why(ReasonCode):
        RUNNING = passes("Credential Guard runs.")
        OFF = fails("Credential Guard is configured ({services}) and does not run.")

    return verdict(Why.OFF(services="1, 2"))
"""

from __future__ import annotations

import enum
import string
from collections.abc import Mapping

import msgspec

from hypervigil.model.grading import Confidence
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause, Outcome, worst

Scalar = str | int | float | bool | None


class Leads(msgspec.Struct, frozen=True, gc=False):
    """What a reason leads to: an outcome (none for a remark), its sentence, and how well its rule is founded.

    ``confidence`` is that of this reason alone; None means the one of its control.
    """

    outcome: Outcome | None
    template: str
    confidence: Confidence | None = None
    cause: Cause | None = None

    def __post_init__(self) -> None:
        if self.confidence is Confidence.UNVERIFIED and self.outcome in (Outcome.PASS, Outcome.FAIL):
            msg = f"an unverified rule may lead to REVIEW only: {self.template}"
            raise TypeError(msg)

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the values that the sentence needs."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.template) if name)


def passes(template: str, confidence: Confidence | None = None) -> Leads:
    """A reason for PASS."""
    return Leads(Outcome.PASS, template, confidence)


def fails(template: str, confidence: Confidence | None = None) -> Leads:
    """A reason for FAIL."""
    return Leads(Outcome.FAIL, template, confidence)


def reviews(template: str, confidence: Confidence | None = None) -> Leads:
    """A question that a person has to answer."""
    return Leads(Outcome.REVIEW, template, confidence)


def excludes(template: str) -> Leads:
    """A reason why the control does not apply to the subject."""
    return Leads(Outcome.NOT_APPLICABLE, template)


def unknown(template: str, cause: Cause | None = None) -> Leads:
    """Something that the decision needs could not be seen: a value inside a fact, or an optional fact.

    Without ``cause`` here, the reason is made with ``because``, which takes it from what is missing.
    """
    return Leads(Outcome.UNKNOWN, template, None, cause)


def remarks(template: str) -> Leads:
    """Something that a reader should know and that decides nothing."""
    return Leads(None, template)


class Reason(msgspec.Struct, frozen=True, gc=False):
    """One reason with its values filled in. ``code`` names it for machines and stays the same between releases."""

    code: str
    leads: Leads
    values: Mapping[str, Scalar]
    cause: Cause | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that this reason leads to; None for a remark."""
        return self.leads.outcome

    @property
    def text(self) -> str:
        """The sentence: the one place where reasons become prose."""
        return self.leads.template.format_map(dict(self.values))


class ReasonCode(enum.Enum):
    """Base of the reasons of a control. Members are made with ``passes``, ``fails``, ``reviews`` and so on."""

    def __init__(self, leads: Leads) -> None:
        self.leads = leads
        self.code = self._name_.lower()
        self.placeholders = leads.placeholders
        self._plain = Reason(self.code, leads, {}, leads.cause)

    def __call__(self, **values: Scalar) -> Reason:
        """The reason with its values.

        Raises:
            TypeError: a value that the sentence needs is missing, or one is there that it does not have.
        """
        if self.leads.outcome is Outcome.UNKNOWN and self.leads.cause is None:
            msg = f"{type(self).__qualname__}.{self.name} needs a cause: make it with because()"
            raise TypeError(msg)
        if not values and not self.placeholders:
            return self._plain
        return self._made(self.leads.cause, values)

    def because(self, missing: Missing | None, **values: Scalar) -> Reason:
        """The reason, unknown for the cause for which ``missing`` is not there.

        Raises:
            TypeError: as for a call; also for a reason that does not lead to UNKNOWN.
        """
        if self.leads.outcome is not Outcome.UNKNOWN:
            msg = f"{type(self).__qualname__}.{self.name} does not lead to UNKNOWN"
            raise TypeError(msg)
        return self._made(missing.cause if missing else Cause.NOT_COLLECTED, values)

    def _made(self, cause: Cause | None, values: Mapping[str, Scalar]) -> Reason:
        if values.keys() != self.placeholders:
            msg = f"{type(self).__qualname__}.{self.name} takes {sorted(self.placeholders)}, got {sorted(values)}"
            raise TypeError(msg)
        return Reason(self.code, self.leads, values, cause)


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a control says of a subject: its reasons, and what follows from them."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    cause: Cause | None = None

    def confidence(self, of_control: Confidence) -> Confidence:
        """The weakest confidence among the reasons that carry the outcome."""
        if len(self.reasons) == 1:
            return self.reasons[0].leads.confidence or of_control
        own = [r.leads.confidence for r in self.reasons if r.leads.outcome is self.outcome]
        if not any(own):
            return of_control
        return min((confidence or of_control for confidence in own), key=lambda c: c.rank)


def verdict(*reasons: Reason) -> Verdict:
    """The verdict that these reasons make: the worst outcome among them; remarks decide nothing.

    Raises:
        ValueError: there is no reason that leads to an outcome: a control has to say something.
    """
    if len(reasons) == 1 and reasons[0].leads.outcome is not None:
        return Verdict(reasons[0].leads.outcome, reasons, reasons[0].cause)
    outcomes = [r.leads.outcome for r in reasons if r.leads.outcome is not None]
    if not outcomes:
        msg = "a verdict needs a reason that leads to an outcome"
        raise ValueError(msg)
    outcome = worst(outcomes) if len(outcomes) > 1 else outcomes[0]
    if outcome is not Outcome.UNKNOWN:
        return Verdict(outcome, reasons)
    return Verdict(outcome, reasons, next((r.cause for r in reasons if r.leads.outcome is Outcome.UNKNOWN), None))
