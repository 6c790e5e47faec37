"""What changed between two assessments."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.assess.compare import Change, ChangeKind, Compared, Comparison, classify, compare, compared
from hypervigil.assess.saved_result import SavedResultError, findings_from_json
from hypervigil.model.finding import Disposition, Finding, fingerprint
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope, Subject, not_enumerated, pair
from hypervigil.report import json_format
from tests.report import sample

OUTCOMES = (Outcome.PASS, Outcome.REVIEW, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN, Outcome.FAIL, None)

# One row for each outcome before, one column for each after; both in the order of OUTCOMES.
CLASSES = """
unchanged      changed            changed            newly_unknown  regressed      gone
changed        unchanged          changed            newly_unknown  regressed      gone
changed        changed            unchanged          newly_unknown  newly_failing  gone
newly_decided  newly_decided      newly_decided      unchanged      newly_failing  gone
fixed          no_longer_failing  no_longer_failing  newly_unknown  still_failing  gone
appeared       appeared           appeared           appeared       new            -
"""
TABLE = {
    (before, after): kind
    for before, row in zip(OUTCOMES, CLASSES.split("\n")[1:-1], strict=True)
    for after, kind in zip(OUTCOMES, row.split(), strict=True)
    if kind != "-"
}


@pytest.mark.parametrize(("before", "after"), TABLE)
def test_every_pair_of_outcomes_has_a_class(before: Outcome | None, after: Outcome | None) -> None:
    assert classify(before, after) == TABLE[before, after]


def test_nothing_on_either_side_has_none() -> None:
    with pytest.raises(ValueError, match="neither side"):
        classify(None, None)


def node(name: str, domain: str = "contoso.com") -> Subject:
    if not domain:
        return Subject(Scope.NODE, name.lower(), name)
    return Subject(Scope.NODE, f"{name.lower()}.{domain}", name, aliases=(name.lower(),))


def finding(
    subject: Subject,
    outcome: Outcome,
    control: str = "SMB-002",
    disposition: Disposition = Disposition.OPEN,
    severity: Severity = Severity.HIGH,
) -> Finding:
    return Finding(
        control=control,
        subject=subject,
        outcome=outcome,
        severity=severity,
        confidence=Confidence.DOCUMENTED,
        disposition=disposition,
    )


def between(before: list[Finding], after: list[Finding]) -> Comparison:
    return compare(compared(before), compared(after))


def classes(comparison: Comparison) -> list[tuple[str, str]]:
    return [(change.shown.subject, change.kind.value) for change in comparison.changes]


FAIL, PASS, UNKNOWN = Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN
BY_NAME = Subject(Scope.CLUSTER, "cl01", "CL01")
BY_ID = Subject(Scope.CLUSTER, "11111111-2222-4333-8444-555555555555", "CL01", aliases=("cl01",))


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param([node("HV01")], [node("HV01")], ["fixed"], id="same key"),
        pytest.param([node("HV01", "")], [node("HV01")], ["fixed"], id="short name, then FQDN"),
        pytest.param([node("HV01")], [node("HV01", "")], ["fixed"], id="FQDN, then short name"),
        pytest.param([BY_NAME], [BY_ID], ["fixed"], id="cluster by name, then by id"),
        pytest.param([BY_ID], [BY_NAME], ["fixed"], id="cluster by id, then by name"),
        pytest.param(
            [pair(node("HV01", ""), node("HV02", ""))], [pair(node("HV01"), node("HV02"))], ["fixed"], id="pair"
        ),
        pytest.param(
            [pair(node("HV01"), node("HV02"))], [pair(node("HV02"), node("HV01"))], ["appeared", "gone"], id="other way"
        ),
        pytest.param(
            [node("HV01", "a.com")], [node("HV01", "b.com")], ["appeared", "gone"], id="two nodes of one short name"
        ),
        pytest.param(
            [node("HV01", "")],
            [node("HV01", "a.com"), node("HV01", "b.com")],
            ["appeared", "appeared", "gone"],
            id="a short name that fits two nodes fits none",
        ),
        pytest.param(
            [node("HV01", ""), node("HV01", "a.com")],
            [node("HV01", "a.com")],
            ["fixed", "gone"],
            id="the same key beats another name",
        ),
    ],
)
def test_what_belongs_together(before: list[Subject], after: list[Subject], kinds: list[str]) -> None:
    comparison = between([finding(s, FAIL) for s in before], [finding(s, PASS) for s in after])
    assert [change.kind for change in comparison.changes] == kinds


def test_the_order_is_that_of_the_later_side_then_what_is_gone() -> None:
    before = [finding(node(name), PASS) for name in ("HV01", "HV02", "HV03")]
    after = [finding(node(name), FAIL) for name in ("HV04", "HV03", "HV01")]
    comparison = between(before, after)
    assert classes(comparison) == [("HV04", "new"), ("HV03", "regressed"), ("HV01", "regressed"), ("HV02", "gone")]
    assert comparison.counts[ChangeKind.REGRESSED] == 2
    assert [change.shown.subject for change in comparison.of(ChangeKind.NEW, ChangeKind.GONE)] == ["HV04", "HV02"]


VM1 = Subject(Scope.VM, "vm-1", "web")
UNLISTED = not_enumerated(Scope.VM, "hv01.contoso.com", "")


def test_a_list_that_could_not_be_made_makes_nothing_gone() -> None:
    comparison = between([finding(VM1, FAIL)], [finding(UNLISTED, UNKNOWN)])
    assert classes(comparison) == [(UNLISTED.name, "appeared"), ("web", "newly_unknown")]
    assert (comparison.changes[1].was, comparison.changes[1].now) == (FAIL, UNKNOWN)
    assert comparison.changes[1].after is None


def test_a_list_that_could_not_be_made_makes_nothing_new() -> None:
    comparison = between([finding(UNLISTED, UNKNOWN)], [finding(VM1, FAIL), finding(VM1, FAIL, "SMB-001")])
    # SMB-001 had no such gap before.
    assert classes(comparison) == [("web", "newly_failing"), ("web", "new"), (UNLISTED.name, "gone")]


def test_controls_that_one_side_did_not_ask() -> None:
    comparison = between(
        [finding(node("HV01"), PASS, "LM-001"), finding(node("HV01"), PASS)],
        [finding(node("HV01"), PASS, "PLT-001"), finding(node("HV01"), PASS)],
    )
    assert (comparison.only_before, comparison.only_after) == (("LM-001",), ("PLT-001",))
    assert not comparison.nothing_in_common


def test_two_clusters_have_nothing_in_common() -> None:
    assert between([finding(node("HV01"), PASS)], [finding(node("HV51"), PASS)]).nothing_in_common
    assert between([], []).nothing_in_common


@pytest.mark.parametrize(
    ("before", "after", "at_least", "counts"),
    [
        pytest.param(PASS, finding(node("HV01"), FAIL), Severity.HIGH, 1, id="regressed"),
        pytest.param(UNKNOWN, finding(node("HV01"), FAIL), Severity.HIGH, 1, id="newly failing"),
        pytest.param(None, finding(node("HV01"), FAIL), Severity.HIGH, 1, id="new"),
        pytest.param(FAIL, finding(node("HV01"), FAIL), Severity.LOW, 0, id="still failing"),
        pytest.param(FAIL, finding(node("HV01"), UNKNOWN), Severity.LOW, 0, id="newly unknown"),
        pytest.param(PASS, finding(node("HV01"), FAIL), Severity.CRITICAL, 0, id="below"),
        pytest.param(
            PASS, finding(node("HV01"), FAIL, disposition=Disposition.WAIVED), Severity.LOW, 0, id="waived already"
        ),
    ],
)
def test_what_counts_as_worse(before: Outcome | None, after: Finding, at_least: Severity, counts: int) -> None:
    comparison = between([finding(node("HV01"), before)] if before else [], [after])
    assert len(comparison.worse(at_least)) == counts


def test_severity_is_that_of_today() -> None:
    before = [finding(node("HV01"), PASS, severity=Severity.LOW)]
    comparison = between(before, [finding(node("HV01"), FAIL, severity=Severity.CRITICAL)])
    assert len(comparison.worse(Severity.CRITICAL)) == 1


@pytest.mark.parametrize(
    ("before", "after", "reopened"),
    [
        (Disposition.WAIVED, Disposition.OPEN, True),
        (Disposition.OPEN, Disposition.WAIVED, False),
        (Disposition.WAIVED, Disposition.WAIVED, False),
    ],
)
def test_a_waiver_that_ended(before: Disposition, after: Disposition, *, reopened: bool) -> None:
    (change,) = between(
        [finding(node("HV01"), FAIL, disposition=before)], [finding(node("HV01"), FAIL, disposition=after)]
    ).changes
    assert change.kind is ChangeKind.STILL_FAILING
    assert change.reopened is reopened


# Properties

SUBJECTS = st.sampled_from(
    [
        *(node(name, domain) for name in ("HV01", "HV02") for domain in ("", "a.com", "b.com")),
        pair(node("HV01"), node("HV02")),
        pair(node("HV01", ""), node("HV02", "")),
        BY_NAME,
        BY_ID,
        VM1,
        UNLISTED,
    ]
)
FINDINGS = st.lists(
    st.builds(
        finding,
        SUBJECTS,
        st.sampled_from(list(Outcome)),
        st.sampled_from(["SMB-001", "SMB-002"]),
        st.sampled_from(list(Disposition)),
        st.sampled_from(list(Severity)),
    ),
    max_size=12,
)
SIDES = FINDINGS.map(compared)
DISTINCT = FINDINGS.map(lambda found: compared({f.fingerprint: f for f in found}.values()))


@given(DISTINCT)
def test_nothing_has_changed_since_now(side: tuple[Compared, ...]) -> None:
    comparison = compare(side, side)
    for change in comparison.changes:
        assert change.before == change.after
        assert change.kind is (ChangeKind.STILL_FAILING if change.now is FAIL else ChangeKind.UNCHANGED)
    assert comparison.worse(Severity.INFO) == ()


@given(SIDES, SIDES)
def test_every_finding_is_in_one_class(before: tuple[Compared, ...], after: tuple[Compared, ...]) -> None:
    """Findings that occur twice included: nothing is dropped and nothing shown twice."""
    comparison = compare(before, after)
    assert [change.after for change in comparison.changes if change.after] == list(after)
    olds = [change.before for change in comparison.changes if change.before]
    assert sorted(map(repr, olds)) == sorted(map(repr, before))
    assert sum(comparison.counts.values()) == len(comparison.changes)
    for change in comparison.changes:
        assert change.kind == TABLE[change.was, change.now]


@given(DISTINCT, DISTINCT)
def test_the_other_way_round_is_the_mirror(before: tuple[Compared, ...], after: tuple[Compared, ...]) -> None:
    def seen(change: Change) -> str:
        return repr((change.before, change.after))

    there = {seen(change): change for change in compare(before, after).changes}
    back = compare(after, before).changes
    assert len(there) == len(back)
    for change in back:
        other = there[repr((change.after, change.before))]
        assert (change.was, change.now) == (other.now, other.was)
        if change.kind is ChangeKind.FIXED:
            assert other.kind is ChangeKind.REGRESSED
        if change.kind is ChangeKind.REGRESSED:
            assert other.kind in (ChangeKind.FIXED, ChangeKind.NO_LONGER_FAILING)
        if change.kind in (ChangeKind.NEW, ChangeKind.APPEARED):
            assert other.kind is ChangeKind.GONE
        if change.kind in (ChangeKind.CHANGED, ChangeKind.UNCHANGED, ChangeKind.STILL_FAILING):
            assert other.kind is change.kind


# Saved results


def saved(**changes: object) -> bytes:
    text = json_format.render(sample.run(), sample.CONTROLS, made=sample.MADE)
    return json.dumps(json.loads(text) | changes).encode()


def test_a_saved_result_is_the_same_side() -> None:
    live = compared(f for assessment in sample.run() for f in assessment.findings)
    loaded = findings_from_json(saved())
    plain = [msgspec.structs.replace(f, fingerprints=f.fingerprints[:1]) for f in live]
    assert [msgspec.structs.replace(f, fingerprints=f.fingerprints[:1]) for f in loaded] == plain
    for one, other in zip(live, loaded, strict=True):
        assert set(one.fingerprints) <= set(other.fingerprints), one.subject


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_a_windows_shell_makes_of_it(encoding: str) -> None:
    assert findings_from_json(saved().decode().encode(encoding)) == findings_from_json(saved())


def entry(**changes: object) -> dict[str, Any]:
    key = "hv01.contoso.com"
    found: dict[str, Any] = {
        "control": "SMB-002",
        "subject": "HV01",
        "subject_key": key,
        "scope": "node",
        "outcome": "UNKNOWN",
        "severity": "high",
        "disposition": "open",
        "fingerprint": fingerprint("SMB-002", "node", key),
        "reasons": [{"text": "It is off."}],
        "missing": [
            {"fact": "tpm", "cause": "access_denied", "detail": "HV01: refused"},
            {"fact": "tpm", "cause": "timed_out", "detail": None},
        ],
    }
    return found | changes


def load(*entries: dict[str, Any]) -> tuple[Compared, ...]:
    return findings_from_json(json.dumps({"format": 1, "findings": entries}).encode())


def test_what_is_read_of_a_finding() -> None:
    assert load(entry()) == (
        Compared(
            control="SMB-002",
            scope=Scope.NODE,
            subject="HV01",
            subject_key="hv01.contoso.com",
            outcome=Outcome.UNKNOWN,
            severity=Severity.HIGH,
            disposition=Disposition.OPEN,
            fingerprints=(
                fingerprint("SMB-002", "node", "hv01.contoso.com"),
                fingerprint("SMB-002", "node", "hv01"),
            ),
            reasons=(
                "It is off.",
                "tpm is missing: access denied (HV01: refused).",
                "tpm is missing: timed out.",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("scope", "key", "name", "others"),
    [
        ("node", "hv01", "HV01", []),
        ("node", "10.0.0.1", "10.0.0.1", []),
        ("node", "fe80::1", "fe80::1", []),
        ("cluster", "1234", "CL01", ["cl01"]),
        ("pair", "a.x>b.y", "A → B", ["a.x>b", "a>b.y", "a>b"]),
        ("vm", "1234.5", "web", []),
    ],
)
def test_other_names(scope: str, key: str, name: str, others: list[str]) -> None:
    (found,) = load(entry(scope=scope, subject_key=key, subject=name, fingerprint="f"))
    expected = {fingerprint("SMB-002", scope, other) for other in (*others, key)} - {fingerprint("SMB-002", scope, key)}
    assert set(found.fingerprints[1:]) - {fingerprint("SMB-002", scope, key)} == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not JSON (Input data was truncated); expected a JSON report of hypervigil"),
        (b'{"format": 1, ', "not JSON (Input data was truncated); expected a JSON report of hypervigil"),
        (b"\xff\xfe\x00\xd8", "not JSON ('utf-16-le' codec can't decode bytes in position 2-3: "),
        (b"[]", "Expected `object`, got `array`; expected a JSON report of hypervigil"),
        (b"{}", "Object missing required field `format`; expected a JSON report of hypervigil"),
        (b'{"format": 2}', "$.format: format 2; expected format 1"),
        (b'{"format": 1}', "Object missing required field `findings`; expected a JSON report of hypervigil"),
        (
            json.dumps({"format": 1, "findings": [entry(), entry(outcome="OK")]}).encode(),
            "$.findings[1].outcome: Invalid enum value 'OK'; expected a JSON report of hypervigil",
        ),
        (b'{"a":' + b"[" * 100_000, "nested too deeply; expected a JSON report of hypervigil"),
    ],
)
def test_what_is_no_saved_result(data: bytes, message: str) -> None:
    with pytest.raises(SavedResultError) as caught:
        findings_from_json(data)
    assert str(caught.value).startswith(message)


JSON = st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)


@given(st.one_of(st.binary(), JSON.map(str.encode)))
def test_nothing_but_its_own_error_comes_out(data: bytes) -> None:
    with pytest.raises(SavedResultError):
        findings_from_json(data)
