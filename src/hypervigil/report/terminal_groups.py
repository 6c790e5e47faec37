"""The findings of one control, as a terminal tells them: what it says of which subjects, each sentence once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.tier_zero import is_noted
from hypervigil.model.control import Control
from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome, worst
from hypervigil.model.subject import Scope
from hypervigil.report.json_model import MissingFact
from hypervigil.report.sentences import why
from hypervigil.report.terminal_lines import ORDER, plain
from hypervigil.report.terminal_subjects import counted, named

LOUD = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.REVIEW)
"""Outcomes that somebody has to do something about."""

SHOWN_VARIANTS = 3
"""A reason that says the same with other values of many subjects is told in full so many times."""

_VERBS = {
    Outcome.FAIL: "fails",
    Outcome.UNKNOWN: "unknown",
    Outcome.REVIEW: "to review",
    Outcome.PASS: "passes",
    Outcome.NOT_APPLICABLE: "does not apply",
}


_Place = tuple[bool, int]
"""Whether it is accepted, and the rank of its outcome."""


class Statement(msgspec.Struct, frozen=True):
    """Sentences and the subjects that they hold for, by name; ``subjects`` is empty where it goes without saying."""

    outcome: Outcome
    subjects: str
    text: str


class Group(msgspec.Struct, frozen=True):
    """The findings of one control in one cluster."""

    control: Control
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of those that nobody has accepted; the worst of all where nothing is left to do."""
        left = worst(finding.outcome for finding in self.findings if finding.disposition is Disposition.OPEN)
        return left if left in LOUD else worst(finding.outcome for finding in self.findings)

    @property
    def loud(self) -> bool:
        """Whether something is left to do that nobody has accepted."""
        return any(f.disposition is Disposition.OPEN and f.outcome in LOUD for f in self.findings)

    @property
    def waived(self) -> int:
        """How many of the findings somebody has accepted."""
        return sum(finding.disposition is Disposition.WAIVED for finding in self.findings)

    @property
    def blind(self) -> bool:
        """Whether nothing could be decided anywhere, for nothing but facts that are missing."""
        applicable = [finding for finding in self.findings if finding.outcome is not Outcome.NOT_APPLICABLE]
        return bool(applicable) and all(
            finding.missing and not any(reason.outcome for reason in finding.reasons) for finding in applicable
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts that are missing."""
        return tuple(dict.fromkeys(missing.fact for finding in self.findings for missing in finding.missing))

    @property
    def rank(self) -> tuple[bool, int, int, bool, str]:
        """Worst first: what is left to do, by outcome, severity, whether it is about a host of tier-0 guests, id."""
        return (not self.loud, ORDER.index(self.outcome), -self.severity.rank, not self.on_tier_zero, self.control.id)

    @property
    def on_tier_zero(self) -> bool:
        """Whether one of its worst is about a node that can host a tier-0 guest."""
        worst_of_all = (finding for finding in self.findings if finding.outcome is self.outcome)
        return any(is_noted(reason.code for reason in finding.reasons) for finding in worst_of_all)

    @property
    def spread(self) -> str:
        """Such as: fails on 3 nodes, passes on 1; 1 waived. Empty where there is one subject only."""
        judged = [finding for finding in self.findings if finding.outcome is not Outcome.NOT_APPLICABLE]
        if not judged:
            return "does not apply"
        count = Counter(finding.outcome for finding in judged)
        parts: list[str] = []
        for outcome in ORDER:
            if not count[outcome]:
                continue
            subjects = str(count[outcome]) if parts else counted(self.control.scope, count[outcome])
            every = f"all {subjects}" if len(judged) == count[outcome] > 1 else subjects
            parts.append(f"{_VERBS[outcome]} on {every}")
        remarks = [] if self._goes_without_saying else [", ".join(parts)]
        if self.waived:
            remarks.append(f"{self.waived} waived")
        lowest = min((finding.confidence for finding in judged), key=lambda confidence: confidence.rank)
        if lowest is not Confidence.DOCUMENTED:
            remarks.append(f"confidence: {lowest.value}")
        return "; ".join(remarks)

    def statements(self, *, in_full: bool = False) -> Iterator[Statement]:
        """What is said, worst outcomes first. Beside what is loud, passes and what does not apply stay quiet.

        Unless ``in_full``, a reason with other values on each of many subjects is told of one of them, and of a fact
        that is missing not what its source said.
        """
        variants: dict[tuple[_Place, str], dict[str, list[str]]] = {}
        for finding in self._told():
            waived = finding.disposition is Disposition.WAIVED
            place = (waived, ORDER.index(finding.outcome))
            for code, text in _sentences(finding, in_full=in_full):
                texts = variants.setdefault((place, code), {})
                texts.setdefault(text + (" (waived)" if waived else ""), []).append(finding.subject.name)
        together: dict[tuple[_Place, tuple[str, ...]], list[str]] = {}
        for (place, _), texts in variants.items():
            for text, names in (texts if in_full else few(texts)).items():
                together.setdefault((place, tuple(names)), []).append(text)
        whole = len(self.findings)
        # What holds for all goes first, right after the line that says so; what is accepted goes last.
        ordered = sorted(together.items(), key=lambda item: (item[0][0], len(set(item[0][1])) != whole))
        for number, (((_, rank), named_here), said) in enumerate(ordered):
            unsaid = self._goes_without_saying or (number == 0 and len(set(named_here)) == whole)
            subjects = "" if unsaid else named(named_here, self.control.scope, whole)
            yield Statement(ORDER[rank], subjects, " ".join(said))

    def _told(self) -> list[Finding]:
        loud = [finding for finding in self.findings if finding.outcome in LOUD]
        applicable = [finding for finding in self.findings if finding.outcome is not Outcome.NOT_APPLICABLE]
        return loud or applicable or list(self.findings)

    @property
    def _goes_without_saying(self) -> bool:
        """The cluster as a whole, or its only node: the title names it already."""
        subject = self.findings[0].subject
        alone = len(self.findings) == 1 and self.control.scope in (Scope.CLUSTER, Scope.NODE)
        return alone and not subject.key.endswith("/*")


def groups(findings: Iterable[Finding], controls: Sequence[CompiledControl]) -> list[Group]:
    """Findings by control, worst first."""
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(finding.control, []).append(finding)
    known = {compiled.control.id: compiled.control for compiled in controls}
    made = [Group(known[name], held[0].severity, tuple(held)) for name, held in by_id.items()]
    return sorted(made, key=lambda group: group.rank)


def _sentences(finding: Finding, *, in_full: bool) -> Iterator[tuple[str, str]]:
    """Code and sentence of each reason, and of each fact that is missing."""
    for reason in finding.reasons:
        yield reason.code, plain(reason.text)
    for missing in finding.missing:
        detail = missing.detail if in_full else None
        sentence = why(MissingFact(fact=missing.fact, cause=missing.cause, detail=detail or None))
        yield f"{missing.fact} {missing.cause}", plain(sentence)


def few(texts: dict[str, list[str]], where: str = "--all") -> dict[str, list[str]]:
    """The first of many texts that differ in values, and of whom the like is said; ``where`` all of them are shown."""
    if len(texts) <= SHOWN_VARIANTS:
        return texts
    first, *others = texts.items()
    names = [name for _, held in others for name in held]
    return dict([first, (f"The same, each with values of its own ({where} shows them).", names)])
