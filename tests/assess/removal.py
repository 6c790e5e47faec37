"""The property that makes verdicts trustworthy: what is not seen never turns one around.

Take any one fact away, any one list of items, or the operator's context, and each finding stays, or becomes UNKNOWN or
REVIEW.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.engine import Judged, judge
from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.evidence import Evidence, Known, Listing
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.hyper_v import Vm
from hypervigil.model.context import Context
from hypervigil.model.finding import Finding
from hypervigil.model.outcome import Cause, Outcome

CAUSES = (Cause.NOT_COLLECTED, Cause.ACCESS_DENIED)
"""The causes that facts are taken away with: nobody asked, and nobody was allowed to."""

_MAY_BECOME = frozenset({Outcome.UNKNOWN, Outcome.REVIEW})


def violations(
    evidence: Evidence,
    controls: Iterable[CompiledControl],
    causes: Sequence[Cause] = CAUSES,
    context: Context | None = None,
) -> list[str]:
    """What each single removal turns around, one line each.

    A finding may vanish only where the list that its subject came from could not be made, which its control then says
    in an UNKNOWN of its own. One that appears is UNKNOWN or REVIEW as well. A control that breaks is named, too: its
    UNKNOWN would pass for a sound answer.
    """
    controls = tuple(controls)
    whole = judge(evidence, controls, context=context)
    found = [f"with everything: {broken.control} broke: {broken.error}" for broken in whole.diagnostics]
    if context is not None:
        rest = judge(evidence, controls, context=None)
        found += [f"without the context: {line}" for line in _worse(whole, rest)]
    for name, key in removable(evidence):
        some = [compiled for compiled in controls if name in _LISTS or _looks_at(compiled, name)]
        ids = {compiled.control.id for compiled in some}
        before = msgspec.structs.replace(whole, findings=tuple(f for f in whole.findings if f.control in ids))
        for cause in causes if some else ():
            rest = judge(evidence.without(name, key, cause), some, context=context)
            found += [f"without {name} of {key} ({cause.value}): {line}" for line in _worse(before, rest)]
    return found


_LISTS = frozenset(fact.INFO.name for fact in (Cluster, ClusterNodes, Vm, WindowsFeatures))
"""Facts that decide which subjects there are: every control depends on them. On any other, those that ask for it."""


def _looks_at(compiled: CompiledControl, name: str) -> bool:
    return any(need.fact.INFO.name == name for need in (*compiled.needs, *compiled.conditions))


def _worse(whole: Judged, rest: Judged) -> Iterator[str]:
    yield from (f"{broken.control} broke: {broken.error}" for broken in rest.diagnostics)
    yield from _turned(whole.findings, rest.findings)


def removable(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Every fact and every list of items that is there, by fact name and subject key."""
    yield from (place for place, record in evidence.facts.items() if isinstance(record, Known))
    yield from (place for place, listing in evidence.listings.items() if isinstance(listing, Listing))


def _turned(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[str]:
    now = {finding.fingerprint: finding for finding in after}
    unlisted = {f.control for f in after if f.outcome is Outcome.UNKNOWN and f.subject.key.endswith("/*")}
    seen = set()
    for finding in before:
        found = _same(finding, now)
        if found is None:
            if finding.control not in unlisted:
                yield f"{_shown(finding)} vanished"
            continue
        seen.add(found.fingerprint)
        if found.outcome is not finding.outcome and found.outcome not in _MAY_BECOME:
            yield f"{_shown(finding)} became {found.outcome.value}"
    for fingerprint, finding in now.items():
        if fingerprint not in seen and finding.outcome not in _MAY_BECOME:
            yield f"{_shown(finding)} appeared"


def _same(finding: Finding, now: Mapping[str, Finding]) -> Finding | None:
    """The finding on the same subject, by its key or by a name that it has when less is known of it."""
    return next((now[fingerprint] for fingerprint in finding.known_as if fingerprint in now), None)


def _shown(finding: Finding) -> str:
    return f"{finding.control} on {finding.subject.name}: {finding.outcome.value}"
