"""How outcomes combine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.model.outcome import GAP_CAUSES, Cause, Outcome, worst

OUTCOMES = st.lists(st.sampled_from(Outcome))
ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.REVIEW, Outcome.PASS, Outcome.NOT_APPLICABLE)


def test_every_outcome_has_its_place() -> None:
    assert set(ORDER) == set(Outcome)


@pytest.mark.parametrize("outcome", Outcome)
def test_one_outcome_is_the_worst_of_itself(outcome: Outcome) -> None:
    assert worst([outcome]) is outcome


def test_of_nothing_nothing_applies() -> None:
    assert worst([]) is Outcome.NOT_APPLICABLE


@given(OUTCOMES)
def test_the_first_in_the_order_that_occurs_wins(outcomes: list[Outcome]) -> None:
    assert worst(outcomes) is next((o for o in ORDER if o in outcomes), Outcome.NOT_APPLICABLE)


@given(OUTCOMES, OUTCOMES)
def test_commutative(left: list[Outcome], right: list[Outcome]) -> None:
    assert worst(left + right) is worst(right + left)


@given(OUTCOMES, OUTCOMES, OUTCOMES)
def test_associative(left: list[Outcome], middle: list[Outcome], right: list[Outcome]) -> None:
    assert worst([worst(left + middle), *right]) is worst([*left, worst(middle + right)])


@given(OUTCOMES)
def test_not_applicable_counts_for_nothing(outcomes: list[Outcome]) -> None:
    assert worst([*outcomes, Outcome.NOT_APPLICABLE]) is worst(outcomes)


def test_a_gap_can_not_be_an_error_of_ours() -> None:
    assert set(Cause) - GAP_CAUSES == {Cause.CONTROL_ERROR}
