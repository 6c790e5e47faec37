"""The moment of the evidence, as a control gets it."""

from __future__ import annotations

import datetime
from types import ModuleType

import msgspec
import pytest

from hypervigil.assess.compile import ControlDefinitionError, compile_control
from hypervigil.assess.engine import judge
from hypervigil.evidence.host import OperatingSystem
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Moment
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, unknown, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from tests.controls.case import Case

LIMIT = datetime.date(2026, 5, 1)


class Why(ReasonCode):
    EARLY = passes("Before the limit ({name}).")
    LATE = fails("After the limit ({name}).")
    UNDATED = unknown("No date.", Cause.NOT_IN_SOURCE)


def assess(system: OperatingSystem, when: Moment) -> Verdict:
    if when.day is None:
        return verdict(Why.UNDATED())
    return verdict((Why.EARLY if when.day <= LIMIT else Why.LATE)(name=system.name))


def module(**parts: object) -> ModuleType:
    made = ModuleType("made_for_the_moment")
    control = Control(
        id="PLT-900",
        title="Made for this test",
        family=Family.PLATFORM,
        scope=Scope.NODE,
        severity=Severity.LOW,
        reasons=Why,
    )
    vars(made).update({"CONTROL": control, "assess": assess, **parts})
    return made


@pytest.mark.parametrize(
    ("collected", "outcome"),
    [
        (datetime.datetime(2026, 5, 1, 23, 59, tzinfo=datetime.UTC), Outcome.PASS),
        (datetime.datetime(2026, 5, 2, tzinfo=datetime.UTC), Outcome.FAIL),
        (None, Outcome.UNKNOWN),
    ],
)
def test_engine_hands_over_when_the_evidence_was_collected(
    collected: datetime.datetime | None, outcome: Outcome
) -> None:
    evidence = msgspec.structs.replace(
        Case("", outcome, node=(defaults.operating_system(),)).evidence, collected=collected
    )
    judged = judge(evidence, [compile_control(module())])
    assert not judged.diagnostics
    assert [finding.outcome for finding in judged.findings] == [outcome]


def test_moment_is_no_fact() -> None:
    compiled = compile_control(module())
    assert compiled.extras == (Moment,)
    assert [need.fact for need in compiled.needs] == [OperatingSystem]


def test_day_is_the_one_in_utc() -> None:
    ahead = datetime.timezone(datetime.timedelta(hours=2))
    assert Moment(datetime.datetime(2026, 5, 2, 1, 0, tzinfo=ahead)).day == LIMIT
    assert Moment(datetime.datetime(2026, 5, 1, 23, 0)).day == LIMIT  # noqa: DTZ001  evidence without a zone is UTC
    assert Moment(None).day is None


def test_applicability_can_not_take_the_moment() -> None:
    def applies(_when: Moment) -> Reason | None:
        return None

    with pytest.raises(
        ControlDefinitionError, match=r"applies\(\) can not take the moment, parameters, the context or the subject"
    ):
        compile_control(module(applies=applies))


def test_one_moment_is_enough() -> None:
    def twice(_first: Moment, _second: Moment) -> Verdict:
        return verdict(Why.UNDATED())

    with pytest.raises(ControlDefinitionError, match="more than once"):
        compile_control(module(assess=twice))


def test_the_moment_comes_last() -> None:
    def first(_when: Moment, _system: OperatingSystem) -> Verdict:
        return verdict(Why.UNDATED())

    with pytest.raises(ControlDefinitionError, match="after the facts"):
        compile_control(module(assess=first))
