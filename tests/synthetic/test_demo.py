"""The clusters of the demonstration: what each of them comes to."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import pytest

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.assess.context_file import parse_context
from hypervigil.assess.tier_zero import is_noted
from hypervigil.assess.waiver_file import parse_waivers
from hypervigil.model.finding import Disposition
from hypervigil.model.outcome import Outcome
from hypervigil.model.waiver import WaiverState
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.demo import (
    DEMO,
    GOOD_2025,
    HOSTER_2025,
    UPGRADE_2022,
    WORKGROUP_2025,
    demo_contexts,
    demo_waivers,
)
from tests.report.snapshot import assert_matches
from tests.synthetic.findings import controls, findings
from tests.synthetic.undecided import UNDECLARED

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = datetime.date(2026, 12, 1)


CONTEXTS = {blueprint: parse_context(text.encode(), "context.toml") for blueprint, text in demo_contexts().items()}


def judged(blueprint: Blueprint) -> Assessment:
    """As the demo judges it: with its waivers, and with what is declared of it."""
    waivers = parse_waivers(demo_waivers(TODAY).encode(), "waivers.toml")
    return assess(build(blueprint), controls(), waivers=waivers, context=CONTEXTS.get(blueprint), today=TODAY)


def failing(blueprint: Blueprint) -> dict[str, set[str]]:
    """The subjects that fail, by control."""
    made: dict[str, set[str]] = {}
    for finding in judged(blueprint).findings:
        if finding.outcome is Outcome.FAIL:
            made.setdefault(finding.control, set()).add(finding.subject.name)
    return made


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_what_the_demo_shows(blueprint: Blueprint) -> None:
    """Outcomes by control; a new control adds its lines."""
    counts = Counter((finding.control, finding.outcome.value) for finding in judged(blueprint).findings)
    lines = [f"{control} {outcome} {count}\n" for (control, outcome), count in sorted(counts.items())]
    assert_matches(f"{blueprint.name}.txt", "".join(lines), SNAPSHOTS)


def test_the_2022_cluster_shows_what_an_upgrade_runs_into() -> None:
    """CredSSP with Credential Guard, a node unlike the others, an exemption from signing, SMB1, a gap."""
    made = findings(UPGRADE_2022)
    worst = {(f.control, f.subject.name) for f in made if f.outcome is Outcome.FAIL}
    assert {subject for control, subject in worst if control == "LM-001"} == {f"UPGRADE22-N0{n}" for n in range(1, 5)}
    assert {subject for control, subject in worst if control == "LM-002"} == {
        f"UPGRADE22-N04 → UPGRADE22-N0{n}" for n in range(1, 4)
    }
    assert {("PLT-013", "UPGRADE22"), ("SMB-001", "UPGRADE22-N04"), ("SMB-007", "UPGRADE22-N04")} <= worst
    assert {subject for control, subject in worst if control in ("SMB-001", "SMB-007")} == {"UPGRADE22-N04"}
    unknown = [(f.control, f.subject.name) for f in made if f.outcome is Outcome.UNKNOWN]
    assert [one for one in unknown if one[0] not in UNDECLARED] == [("PLT-008", "UPGRADE22-N04")]


def test_the_good_cluster_has_two_accepted_findings_and_what_no_host_decides() -> None:
    made = judged(GOOD_2025)
    loud = [f for f in made.findings if f.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)]
    assert {(f.control, f.subject.name, f.outcome, f.disposition) for f in loud} == {
        ("SMB-014", "GOOD25-N04", Outcome.FAIL, Disposition.WAIVED),
        ("SMB-015", "GOOD25-N04", Outcome.REVIEW, Disposition.WAIVED),
        ("NET-002", "GOOD25", Outcome.REVIEW, Disposition.OPEN),
    }
    assert [(use.states, use.covers) for use in made.waivers] == [((WaiverState.USED,), 1)] * 2
    assert (made.conflicts, made.unchecked) == ((), ())


def test_the_hosters_cluster_fails_by_its_last_node() -> None:
    last, cluster = {"HOSTER25-N04"}, {"HOSTER25"}
    assert failing(HOSTER_2025) == {
        "LM-010": {f"HOSTER25-VM00{number:02d}" for number in (3, 4, 7, 8)},
        "SHV-002": {f"HOSTER25-VM00{number:02d}" for number in (3, 4, 7, 8)},
        "SHV-005": cluster,
        "NET-001": cluster,
        "NET-002": cluster,
        "NET-003": {"HOSTER25-VM0004", "HOSTER25-VM0012"},
        "NET-005": last,
        "MGT-002": last,
        "MGT-003": last,
        "MGT-004": last,
        "MGT-009": last,
        "MGT-010": last,
        "LOG-002": last,
        "LOG-006": cluster,
        "LOG-008": cluster,
        "CLU-004": cluster,
    }


def test_what_is_declared_decides_what_no_host_can_tell() -> None:
    """Without a word from the operator these are questions."""
    asked = ("MGT-002", "MGT-003", "MGT-019", "CLU-004", "LM-009", "LOG-006")
    declared = {f.control: f.outcome for f in judged(HOSTER_2025).findings}
    assert not {declared[control] for control in asked} & {Outcome.REVIEW, Outcome.UNKNOWN}
    silent = {f.control: f.outcome for f in findings(HOSTER_2025)}
    assert {silent[control] for control in asked if control != "MGT-002"} <= {Outcome.REVIEW, Outcome.UNKNOWN}


def test_findings_of_a_node_that_can_hold_the_domain_controller_say_so() -> None:
    """VM0003 can come to the last node; of the third, where it is, there is nothing else to say."""
    noted = {f.subject.name for f in judged(HOSTER_2025).findings if is_noted(reason.code for reason in f.reasons)}
    assert noted == {"HOSTER25-N04"}


def test_the_waivers_are_in_force_for_some_months() -> None:
    waivers = parse_waivers(demo_waivers(TODAY).encode(), "waivers.toml")
    assert [(waiver.expires - TODAY).days for waiver in waivers] == [60, 180]
    assert not any(waiver.expired(TODAY) for waiver in waivers)


def test_the_workgroup_cluster_is_none_of_a_domain() -> None:
    made = {f.control: f.outcome for f in judged(WORKGROUP_2025).findings}
    assert made["PLT-002"] is made["LM-001"] is Outcome.NOT_APPLICABLE
    assert {control for control, outcome in made.items() if outcome is Outcome.FAIL} == {"SMB-012"}
