"""Findings of made-up clusters, told briefly enough to be compared in a table."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.engine import judge
from hypervigil.assess.registry import compiled_controls
from hypervigil.model.finding import Finding
from hypervigil.model.outcome import Outcome
from hypervigil.synthetic.cluster import Blueprint, build

Told = tuple[str, str, Outcome, tuple[str, ...]]
"""Control, subject, outcome, and the codes of the reasons; causes stand in for them where a fact is missing."""

QUIET = (Outcome.PASS, Outcome.NOT_APPLICABLE)


@functools.cache
def controls() -> tuple[CompiledControl, ...]:
    return compiled_controls()


def findings(blueprint: Blueprint) -> tuple[Finding, ...]:
    judged = judge(build(blueprint), controls())
    assert not judged.diagnostics
    return judged.findings


def told(blueprint: Blueprint) -> dict[tuple[str, str], Told]:
    return {(finding.control, finding.subject.key): _told(finding) for finding in findings(blueprint)}


def loud(made: Iterable[Told]) -> set[Told]:
    """What is neither PASS nor NOT_APPLICABLE."""
    return {one for one in made if one[2] not in QUIET}


def _told(finding: Finding) -> Told:
    codes = tuple(reason.code for reason in finding.reasons)
    causes = tuple(f"{missing.fact} {missing.cause.value}" for missing in finding.missing)
    return finding.control, finding.subject.name, finding.outcome, codes + causes
