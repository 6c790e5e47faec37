"""Findings of made-up clusters, told briefly enough to be compared in a table."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import msgspec

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.context_file import parse_context
from hypervigil.assess.engine import judge
from hypervigil.assess.registry import compiled_controls
from hypervigil.model.context import Context
from hypervigil.model.finding import Finding
from hypervigil.model.outcome import Outcome
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.declared import declared
from hypervigil.synthetic.flaws import Flaw

Told = tuple[str, str, Outcome, tuple[str, ...]]
"""Control, subject, outcome, and the codes of the reasons; causes stand in for them where a fact is missing."""

Change = tuple[str, tuple[str, ...], Outcome, str]
"""A control, the subjects on which it changes, what it changes to, and the codes of its reasons there."""

QUIET = (Outcome.PASS, Outcome.NOT_APPLICABLE)


@functools.cache
def controls() -> tuple[CompiledControl, ...]:
    return compiled_controls()


def context(blueprint: Blueprint) -> Context:
    return parse_context(declared(blueprint).encode(), "context.toml")


def findings(blueprint: Blueprint, known: Context | None = None) -> tuple[Finding, ...]:
    judged = judge(build(blueprint), controls(), context=known)
    assert not judged.diagnostics
    return judged.findings


def told(blueprint: Blueprint, known: Context | None = None) -> dict[tuple[str, str], Told]:
    return {(finding.control, finding.subject.key): tell(finding) for finding in findings(blueprint, known)}


def loud(made: Iterable[Told]) -> set[Told]:
    """What is neither PASS nor NOT_APPLICABLE."""
    return {one for one in made if one[2] not in QUIET}


def tell(finding: Finding) -> Told:
    """A finding, briefly."""
    codes = tuple(reason.code for reason in finding.reasons)
    causes = tuple(f"{missing.fact} {missing.cause.value}" for missing in finding.missing)
    return finding.control, finding.subject.name, finding.outcome, codes + causes


def changes(twin: Blueprint, *flaws: Flaw, known: Context | None = None) -> set[Told]:
    """The findings that differ from those of the cluster without the flaws; none appears or vanishes."""
    sound, flawed = told(twin, known), told(msgspec.structs.replace(twin, flaws=flaws), known)
    assert sound.keys() == flawed.keys()
    return {now for place, now in flawed.items() if now != sound[place]}


def expected(rows: Iterable[Change]) -> set[Told]:
    return {
        (control, subject, outcome, _codes(codes)) for control, subjects, outcome, codes in rows for subject in subjects
    }


def _codes(text: str) -> tuple[str, ...]:
    return (text,) if text.startswith("tpm ") else tuple(text.split())
