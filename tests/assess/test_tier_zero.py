"""Findings of nodes that can host a tier-0 guest: noted, first among their like, and otherwise as they are."""

from __future__ import annotations

import datetime

import pytest

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.assess.tier_zero import TierZeroNote
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.vm_settings import GuestProductType
from hypervigil.model.context import Context, GuestRef, TierZeroRole
from hypervigil.model.outcome import Outcome
from hypervigil.model.reason import Verdict, verdict
from hypervigil.report.findings import report_of
from hypervigil.report.html_groups import groups_of
from hypervigil.report.terminal_groups import groups
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.assess.planted import Why, evidence, plant, says

NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
DECLARED = Context(file="c.toml", tier0_guests=(GuestRef(vm="vm0001", role=TierZeroRole.DOMAIN_CONTROLLER),))
ROLE = fabric.cluster_groups(fabric.cluster_group(1, "HV02", "HV03"))
CONTROLS = [plant(id="PLT-901"), plant(id="PLT-902")]


def bundle(says_each: str = "BAD", *, guest: tuple[Fact, ...] = ()) -> Evidence:
    one = (says(says_each),)
    return evidence({"HV01": one, "HV02": (*one, defaults.vm(1), *guest), "HV03": one}, ROLE)


def judged(bundle: Evidence, context: Context | None) -> Assessment:
    return assess(bundle, CONTROLS, context=context, today=NOON.date())


def told(made: Assessment) -> list[tuple[str, str, list[str]]]:
    return [(f.control, f.subject.name, [reason.code for reason in f.reasons]) for f in made.findings]


def test_nodes_that_can_host_it_are_noted_and_come_first_within_their_control() -> None:
    assert told(judged(bundle(), DECLARED)) == [
        (control, node, codes)
        for control in ("PLT-901", "PLT-902")
        for node, codes in (
            ("HV02", ["bad", "hosts_tier_zero"]),
            ("HV03", ["bad", "hosts_tier_zero"]),
            ("HV01", ["bad"]),
        )
    ]
    text = judged(bundle(), DECLARED).findings[0].reasons[-1].text
    assert text == "This node can host VM0001: whoever rules the node rules that guest."


def test_nothing_else_changes() -> None:
    def plain(made: Assessment) -> set[tuple[object, ...]]:
        return {(f.fingerprint, f.outcome, f.severity, f.confidence, f.evidence, f.cause) for f in made.findings}

    assert plain(judged(bundle(), DECLARED)) == plain(judged(bundle(), None))
    assert [name for _, name, _ in told(judged(bundle(), None))] == ["HV01", "HV02", "HV03"] * 2


def test_what_holds_needs_no_note() -> None:
    assert all(codes == ["good"] for _, _, codes in told(judged(bundle("GOOD"), DECLARED)))


def test_a_guest_that_only_calls_itself_one_is_noted_as_its_own_word() -> None:
    says_so = fabric.guest_identity(1, product_type=GuestProductType.DOMAIN_CONTROLLER)
    found = told(judged(bundle(guest=(says_so,)), None))
    assert found[0] == ("PLT-901", "HV02", ["bad", "perhaps_hosts_tier_zero"])
    other = fabric.guest_identity(1, product_type=GuestProductType.SERVER)
    assert all(codes == ["bad"] for _, _, codes in told(judged(bundle(guest=(other,)), None)))


def test_a_fact_that_is_missing_stays_what_a_finding_is_about() -> None:
    dark = evidence({"HV01": (), "HV02": (defaults.vm(1),), "HV03": ()}, ROLE)
    made = judged(dark, DECLARED)
    first = made.findings[0]
    assert (first.subject.name, first.outcome) == ("HV02", Outcome.UNKNOWN)
    assert first.missing
    assert all(group.blind for group in groups(made.findings, CONTROLS))


def turned_around(system: OperatingSystem) -> Verdict:
    return verdict(Why.GOOD() if system.caption == "BAD" else Why.BAD())


@pytest.mark.parametrize("context", [None, DECLARED])
def test_reports_put_the_control_first_that_fails_on_such_a_node(context: Context | None) -> None:
    role = fabric.cluster_groups(fabric.cluster_group(1, "HV02"))
    split = evidence({"HV01": (says("BAD"),), "HV02": (says("GOOD"), defaults.vm(1))}, role)
    elsewhere = plant(id="PLT-901")
    there = plant(turned_around, id="PLT-902")
    made = assess(split, [elsewhere, there], context=context, today=NOON.date())
    wanted = ["PLT-902", "PLT-901"] if context else ["PLT-901", "PLT-902"]
    assert [group.control.id for group in groups(made.findings, [elsewhere, there])] == wanted
    report = report_of([made], [elsewhere, there], made=NOON)
    assert [group.id for group in groups_of(report.findings, [elsewhere, there])] == wanted


def test_every_note_is_a_remark() -> None:
    assert all(note.leads.outcome is None for note in TierZeroNote)
