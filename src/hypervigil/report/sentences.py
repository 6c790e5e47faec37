"""What a finding says, in a sentence or more: its reasons, and what is missing where it is not known."""

from __future__ import annotations

from hypervigil.model.context import CONTEXT
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.report.json_model import MissingFact, ReportedFinding

CAUSES = {
    Cause.NOT_COLLECTED: "was not collected",
    Cause.ACCESS_DENIED: "could not be read, access was denied",
    Cause.TIMED_OUT: "could not be read in time",
    Cause.UNPARSABLE: "could not be understood",
    Cause.NOT_IN_SOURCE: "is not in this kind of source",
    Cause.UNSUPPORTED_RELEASE: "does not exist on this release",
    Cause.CONFLICTING: "is contradicted by another source",
    Cause.CONTROL_ERROR: "was not judged, the control stopped with an error",
}
"""Each cause as the end of a sentence about a fact."""


def said(finding: ReportedFinding) -> str:
    """The reasons of a finding and what it misses, as one paragraph."""
    parts = [reason.text for reason in finding.reasons]
    parts.extend(why(missing) for missing in finding.missing)
    if not parts:
        parts.append("Not known." if finding.outcome is Outcome.UNKNOWN else "No reason was given.")
    return " ".join(parts)


def why(missing: MissingFact) -> str:
    """That a fact, or the operator's context, is missing and why, as one sentence."""
    if missing.fact == CONTEXT:
        return "Nobody declared a context."
    detail = f" ({missing.detail.rstrip('.')})" if missing.detail else ""
    return f"The fact {missing.fact} {CAUSES[missing.cause]}{detail}."
