"""Waivers: as they are written down, and what they do."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import pytest

from hypervigil.assess.waiver_file import parse_waivers
from hypervigil.assess.waivers import apply_waivers
from hypervigil.formats.toml_text import TomlInputError
from hypervigil.model.finding import Disposition, Finding
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope, Subject, pair
from hypervigil.model.waiver import Waiver, WaiverState

TODAY = datetime.date(2027, 1, 15)
FAIL, REVIEW, PASS = Outcome.FAIL, Outcome.REVIEW, Outcome.PASS
UNKNOWN, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
USED, UNUSED, UNDECIDED = WaiverState.USED, WaiverState.UNUSED, WaiverState.UNDECIDED
EXPIRED, OVER_BROAD = WaiverState.EXPIRED, WaiverState.OVER_BROAD


def node(name: str) -> Subject:
    return Subject(Scope.NODE, f"{name.lower()}.contoso.com", name, aliases=(name.lower(),))


def finding(control: str, name: str, outcome: Outcome) -> Finding:
    return Finding(
        control=control,
        subject=node(name),
        outcome=outcome,
        severity=Severity.HIGH,
        confidence=Confidence.DOCUMENTED,
    )


def waiver(subject: str, expires: datetime.date = TODAY, control: str = "SMB-002") -> Waiver:
    return Waiver(control=control, subject=subject, reason="r", owner="o", expires=expires)


def findings(outcomes: Iterable[Outcome], control: str = "SMB-002") -> list[Finding]:
    """HV01, HV02 and so on, with these outcomes."""
    return [finding(control, f"HV0{number}", outcome) for number, outcome in enumerate(outcomes, 1)]


@pytest.mark.parametrize(
    ("outcomes", "given", "states", "covers", "waived"),
    [
        pytest.param([FAIL, PASS], waiver("HV01"), [USED], 1, "HV01", id="by name"),
        pytest.param([FAIL, PASS], waiver("hv01"), [USED], 1, "HV01", id="case does not matter"),
        pytest.param([FAIL, PASS], waiver("hv01.contoso.com"), [USED], 1, "HV01", id="by key"),
        pytest.param([FAIL, FAIL, PASS], waiver("HV0[12]"), [UNUSED], 0, "", id="brackets are no wildcard"),
        pytest.param([FAIL, REVIEW, UNKNOWN, PASS], waiver("HV0?"), [USED, OVER_BROAD], 2, "HV01 HV02", id="all four"),
        pytest.param([FAIL], waiver("HV0?"), [USED], 1, "HV01", id="all there is, but it is one"),
        pytest.param([FAIL], waiver("*"), [USED, OVER_BROAD], 1, "HV01", id="star"),
        pytest.param([FAIL], waiver("?*?"), [USED, OVER_BROAD], 1, "HV01", id="nothing but wildcards"),
        pytest.param([PASS, NOT_APPLICABLE], waiver("HV0?"), [UNUSED], 0, "", id="one of two is applicable"),
        pytest.param(
            [FAIL, FAIL, NOT_APPLICABLE], waiver("hv*"), [USED, OVER_BROAD], 2, "HV01 HV02", id="all that is applicable"
        ),
        pytest.param([NOT_APPLICABLE, NOT_APPLICABLE], waiver("hv*"), [UNUSED], 0, "", id="nothing applicable"),
        pytest.param([PASS, FAIL], waiver("HV01"), [UNUSED], 0, "", id="what it covers passes"),
        pytest.param([PASS, FAIL], waiver("HV07"), [UNUSED], 0, "", id="it covers nothing"),
        pytest.param([UNKNOWN, FAIL], waiver("HV01"), [UNDECIDED], 0, "", id="what it covers is unknown"),
        pytest.param([], waiver("HV01"), [UNDECIDED], 0, "", id="the control was not asked"),
        pytest.param([], waiver("*"), [UNDECIDED, OVER_BROAD], 0, "", id="star, not asked"),
        pytest.param(
            [FAIL, PASS], waiver("HV01", TODAY - datetime.timedelta(days=1)), [EXPIRED], 1, "", id="ended yesterday"
        ),
        pytest.param(
            [PASS, PASS],
            waiver("*", TODAY - datetime.timedelta(days=1)),
            [EXPIRED, OVER_BROAD],
            0,
            "",
            id="ended, and broad",
        ),
        pytest.param([FAIL, PASS], waiver("HV01", control="SMB-001"), [UNDECIDED], 0, "", id="another control"),
    ],
)
def test_use(outcomes: list[Outcome], given: Waiver, states: list[WaiverState], covers: int, waived: str) -> None:
    before = findings(outcomes)
    after, (use,) = apply_waivers(before, [given], TODAY)
    assert (list(use.states), use.covers, use.waiver) == (states, covers, given)
    assert " ".join(f.subject.name for f in after if f.disposition is Disposition.WAIVED) == waived
    assert all(f.waiver == (0 if f.disposition is Disposition.WAIVED else -1) for f in after)
    assert [(f.control, f.subject, f.outcome) for f in after] == [(f.control, f.subject, f.outcome) for f in before]


def test_the_first_waiver_in_force_accepts() -> None:
    ended = waiver("HV01", TODAY - datetime.timedelta(days=1))
    (found, _), uses = apply_waivers(findings([FAIL, PASS]), [ended, waiver("HV01"), waiver("HV0?")], TODAY)
    assert found.waiver == 1
    assert [use.states for use in uses] == [(EXPIRED,), (USED,), (USED, OVER_BROAD)]


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [("HV01 → HV02", True), ("hv01.contoso.com>hv02.contoso.com", True), ("hv01>*", True), ("HV01", False)],
)
def test_pairs_are_known_by_name_key_and_alias(pattern: str, *, covered: bool) -> None:
    assert waiver(pattern).covers("SMB-002", pair(node("HV01"), node("HV02"))) is covered


WRITTEN = """\
# agreed 2026-11
[[waivers]]
control = "SMB-002"
subject = "HV07*"
reason = "the scanner can not sign"
owner = "A. Person"
expires = 2027-03-31
ticket = "CHG-1042"
compensating_control = "own VLAN"

[[waivers]]
control = "LM-009"
subject = "CL01"
reason = "isolated"
owner = "B. Person"
expires = 2027-02-01
"""


def test_what_is_written_down() -> None:
    assert parse_waivers(WRITTEN.encode(), "w.toml") == (
        Waiver(
            control="SMB-002",
            subject="HV07*",
            reason="the scanner can not sign",
            owner="A. Person",
            expires=datetime.date(2027, 3, 31),
            ticket="CHG-1042",
            compensating_control="own VLAN",
            place="w.toml:2",
        ),
        Waiver(
            control="LM-009",
            subject="CL01",
            reason="isolated",
            owner="B. Person",
            expires=datetime.date(2027, 2, 1),
            place="w.toml:11",
        ),
    )


def test_an_empty_file_waives_nothing() -> None:
    assert parse_waivers(b"# none yet\n", "w.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'owner = "B. Person"\n',
            "",
            "w.toml:11: waivers[2].owner: this key is missing; expected a text in quotes. Add it.",
        ),
        (
            "expires = 2027-02-01\n",
            "",
            (
                "w.toml:11: waivers[2].expires: this key is missing; expected a date without quotes, such as "
                "2027-03-31. "
                "Add it."
            ),
        ),
        (
            "2027-02-01",
            '"2027-02-01"',
            "w.toml:16: waivers[2].expires: this is a text; expected a date without quotes, such as 2027-03-31.",
        ),
        (
            "2027-02-01",
            "2027-02-30",
            (
                "w.toml:16: not TOML (column 11): Invalid date or datetime. Dates are written as 2027-03-31: year, "
                "month, "
                "day."
            ),
        ),
        (
            'reason = "isolated"',
            'reason = ""',
            "w.toml:14: waivers[2].reason: the text is empty. Fill it in.",
        ),
        (
            'owner = "B. Person"',
            'onwer = "B. Person"',
            (
                "w.toml:15: waivers[2].onwer: this key is not known; expected one of control, subject, reason, owner, "
                "expires, ticket, compensating_control. Did you mean owner?"
            ),
        ),
        (
            '"LM-009"',
            '"LM-0009"',
            (
                "w.toml:12: waivers[2].control: LM-0009 is no control of the catalogue; expected an id such as "
                "SMB-002. "
                "Did you mean LM-009?"
            ),
        ),
        (
            '"LM-009"',
            '"LM-*"',
            (
                "w.toml:12: waivers[2].control: LM-* is a pattern; expected one id such as SMB-002. Write one waiver a "
                "control."
            ),
        ),
        (
            'control = "LM-009"\nsubject = "CL01"',
            'control = "SMB-002"\nsubject = "hv07*"',
            "w.toml:11: waivers[2]: SMB-002 on hv07* is waived twice, first at w.toml:2. Take one out.",
        ),
        (
            WRITTEN,
            "[[waiver]]\ncontrol = 'SMB-002'",
            "w.toml:1: waiver: this key is not known; expected waivers. Did you mean waivers?",
        ),
        (
            WRITTEN,
            "[waivers]\ncontrol = 'SMB-002'",
            "w.toml:1: waivers: this is a table; expected entries that begin with [[waivers]].",
        ),
    ],
)
def test_errors(old: str, new: str, message: str) -> None:
    assert old in WRITTEN
    with pytest.raises(TomlInputError) as caught:
        parse_waivers(WRITTEN.replace(old, new).encode(), "w.toml")
    assert str(caught.value) == message
