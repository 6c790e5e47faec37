"""The operator's context as a control asks for it: required, optional, and what the engine says where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hypervigil.assess.compile import CompiledControl, ControlDefinitionError
from hypervigil.assess.engine import UNDECLARED, judge
from hypervigil.cli.controls import described
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.platform import Tpm
from hypervigil.model.context import Context, Tenancy
from hypervigil.model.finding import EvidenceRef, Finding
from hypervigil.model.injection import Maybe, Moment, Source
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, Verdict, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from tests.assess.declared import DECLARED
from tests.assess.planted import Why, evidence, plant, says

ONE = {"HV01": (says("GOOD"),)}


def required(system: OperatingSystem, context: Context) -> Verdict:
    return verdict(Why.BAD() if context.tenancy is Tenancy.MULTI else Why[system.caption]())


def optional(system: OperatingSystem, context: Maybe[Context]) -> Verdict:
    if context.value is None:
        assert context.missing == UNDECLARED
        return verdict(Why.ODD())
    assert context.missing is None
    return required(system, context.value)


def alone(context: Context) -> Verdict:
    return verdict(Why.BAD() if context.networks else Why.GOOD())


def with_the_moment(system: OperatingSystem, context: Maybe[Context], when: Moment) -> Verdict:
    return verdict(Why[system.caption]() if context.value and when.at is None else Why.BAD())


def only(
    control: CompiledControl, context: Context | None, facts: Mapping[str, tuple[OperatingSystem, ...]]
) -> Finding:
    judged = judge(evidence(facts), [control], context=context)
    assert not judged.diagnostics, judged.diagnostics[0].trace
    (finding,) = judged.findings
    return finding


@pytest.mark.parametrize(
    ("assess", "context", "outcome"),
    [
        (required, DECLARED, Outcome.FAIL),
        (required, Context(file="c.toml"), Outcome.PASS),
        (required, None, Outcome.UNKNOWN),
        (optional, DECLARED, Outcome.FAIL),
        (optional, Context(file="c.toml"), Outcome.PASS),
        (optional, None, Outcome.REVIEW),
        (alone, DECLARED, Outcome.FAIL),
        (alone, None, Outcome.UNKNOWN),
        (with_the_moment, DECLARED, Outcome.PASS),
        (with_the_moment, None, Outcome.FAIL),
    ],
)
def test_the_context_is_handed_over(assess: Callable[..., Verdict], context: Context | None, outcome: Outcome) -> None:
    assert only(plant(assess), context, ONE).outcome is outcome


def test_a_control_that_needs_it_is_not_called_without_it() -> None:
    finding = only(plant(required), None, ONE)
    assert (finding.outcome, finding.cause, finding.reasons) == (Outcome.UNKNOWN, Cause.NOT_COLLECTED, ())
    assert [(m.fact, m.cause, m.detail) for m in finding.missing] == [
        ("context", Cause.NOT_COLLECTED, "no context was declared")
    ]


def test_facts_that_miss_as_well_come_first() -> None:
    finding = only(plant(required), None, {"HV01": ()})
    assert [m.fact for m in finding.missing] == ["operating_system", "context"]


def test_a_finding_names_the_file_that_it_rests_on() -> None:
    assert only(plant(optional), DECLARED, ONE).evidence[-1] == EvidenceRef("context", "context.toml")
    assert [ref.fact for ref in only(plant(optional), None, ONE).evidence] == ["operating_system"]


def test_what_does_not_apply_needs_no_context() -> None:
    def applies(system: ComputerSystem) -> Reason | None:
        return None if system.part_of_domain else Why.OUT()

    control = plant(required, applies)
    bundle = evidence({"HV01": (says("GOOD"), defaults.computer_system(domain=False))})
    assert [finding.outcome for finding in judge(bundle, [control]).findings] == [Outcome.NOT_APPLICABLE]


def test_what_a_control_asks_for_names_the_context() -> None:
    def both(_tpm: Maybe[Tpm], _system: OperatingSystem, _context: Maybe[Context]) -> Verdict:
        raise AssertionError

    assert list(plant(both).asks.items()) == [("tpm", True), ("operating_system", False), ("context", True)]
    assert plant(required).asks == {"operating_system": False, "context": False}
    assert (described(plant(both))["needs"], described(plant(both))["optional"]) == (
        ["tpm", "operating_system", "context"],
        ["tpm", "context"],
    )


def test_a_fact_that_is_asked_for_twice_is_optional_where_it_always_is() -> None:
    def twice(_source: Source[OperatingSystem], _maybe: Maybe[Source[OperatingSystem]]) -> Verdict:
        raise AssertionError

    assert plant(twice, scope=Scope.PAIR).asks == {"operating_system": False}


def test_the_context_is_no_condition() -> None:
    def applies(_context: Context) -> Reason | None:
        return None

    with pytest.raises(ControlDefinitionError, match="can not take the moment, parameters, the context or the subject"):
        plant(required, applies)


def first(_context: Maybe[Context], _system: OperatingSystem) -> Verdict:
    raise AssertionError


def twofold(_system: OperatingSystem, _context: Context, _again: Maybe[Context]) -> Verdict:
    raise AssertionError


@pytest.mark.parametrize(("assess", "complaint"), [(first, "after the facts"), (twofold, "more than once")])
def test_the_context_comes_last_and_once(assess: Callable[..., Verdict], complaint: str) -> None:
    with pytest.raises(ControlDefinitionError, match=complaint):
        plant(assess)
