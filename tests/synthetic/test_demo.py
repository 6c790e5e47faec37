"""The three clusters of the demonstration: what each of them comes to."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import pytest

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.assess.waiver_file import parse_waivers
from hypervigil.model.finding import Disposition
from hypervigil.model.outcome import Outcome
from hypervigil.model.waiver import WaiverState
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.demo import DEMO, GOOD_2025, UPGRADE_2022, WORKGROUP_2025, demo_waivers
from tests.report.snapshot import assert_matches
from tests.synthetic.findings import controls, findings

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = datetime.date(2026, 12, 1)


def with_waivers(blueprint: Blueprint) -> Assessment:
    waivers = parse_waivers(demo_waivers(TODAY).encode(), "waivers.toml")
    return assess(build(blueprint), controls(), waivers=waivers, today=TODAY)


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_what_the_demo_shows(blueprint: Blueprint) -> None:
    """Outcomes by control; a new control adds its lines."""
    counts = Counter((finding.control, finding.outcome.value) for finding in findings(blueprint))
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
    assert unknown == [("PLT-008", "UPGRADE22-N04")]


def test_the_good_cluster_has_two_accepted_findings_and_no_other() -> None:
    made = with_waivers(GOOD_2025)
    loud = [f for f in made.findings if f.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)]
    assert [(f.control, f.subject.name, f.outcome, f.disposition) for f in loud] == [
        ("SMB-014", "GOOD25-N04", Outcome.FAIL, Disposition.WAIVED),
        ("SMB-015", "GOOD25-N04", Outcome.REVIEW, Disposition.WAIVED),
    ]
    assert [(use.states, use.covers) for use in made.waivers] == [((WaiverState.USED,), 1)] * 2


def test_the_waivers_are_in_force_for_some_months() -> None:
    waivers = parse_waivers(demo_waivers(TODAY).encode(), "waivers.toml")
    assert [(waiver.expires - TODAY).days for waiver in waivers] == [60, 180]
    assert not any(waiver.expired(TODAY) for waiver in waivers)


def test_the_workgroup_cluster_is_none_of_a_domain() -> None:
    made = {f.control: f.outcome for f in findings(WORKGROUP_2025)}
    assert made["PLT-002"] is made["LM-001"] is Outcome.NOT_APPLICABLE
    assert {control for control, outcome in made.items() if outcome is Outcome.FAIL} == {"SMB-012"}
