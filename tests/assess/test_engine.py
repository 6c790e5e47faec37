"""The outcome algebra: what the engine makes of gaps, of many nodes, and of controls that misbehave."""

from __future__ import annotations

import msgspec
import pytest

from hypervigil.assess.engine import judge
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.platform import Tpm
from hypervigil.model.finding import Finding
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Destination, Maybe, Nodes, Source
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.profile import Profile, SeverityOverride
from hypervigil.model.reason import Reason, Verdict, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from tests.assess.planted import Why, evidence, node_says, nodes_say, plant, says

OUTCOMES = {
    "GOOD": Outcome.PASS,
    "BAD": Outcome.FAIL,
    "ODD": Outcome.REVIEW,
    "OUT": Outcome.NOT_APPLICABLE,
    "DARK": Outcome.UNKNOWN,
}


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    return finding


# One subject, its facts and their gaps


@pytest.mark.parametrize(("caption", "outcome"), OUTCOMES.items())
def test_the_finding_is_what_the_control_said(caption: str, outcome: Outcome) -> None:
    judged = judge(evidence({"HV01": (says(caption),)}), [plant()])
    finding = only(judged.findings)
    assert (finding.outcome, finding.subject.name, finding.severity) == (outcome, "HV01", Severity.HIGH)
    assert [reason.code for reason in finding.reasons] == [caption.lower()]
    assert [(ref.fact, ref.subject) for ref in finding.evidence] == [("operating_system", "hv01.contoso.com")]
    assert finding.cause is (Cause.NOT_IN_SOURCE if caption == "DARK" else None)
    assert finding.confidence is (Confidence.UNVERIFIED if caption == "ODD" else Confidence.DOCUMENTED)
    assert not finding.missing
    assert not judged.diagnostics


@pytest.mark.parametrize("cause", sorted(set(Cause) - {Cause.CONTROL_ERROR}))
def test_a_missing_required_fact_is_unknown_with_its_cause(cause: Cause) -> None:
    finding = only(judge(evidence({"HV01": ()}, gaps={"operating_system": cause}), [plant()]).findings)
    assert (finding.outcome, finding.cause, finding.reasons) == (Outcome.UNKNOWN, cause, ())
    assert [(m.fact, m.cause) for m in finding.missing] == [("operating_system", cause)]


def test_a_fact_that_nobody_mentions_was_not_collected() -> None:
    finding = only(judge(evidence({"HV01": ()}), [plant()]).findings)
    assert (finding.outcome, finding.cause) == (Outcome.UNKNOWN, Cause.NOT_COLLECTED)


def test_all_missing_facts_are_named_and_the_first_gives_the_cause() -> None:
    def both(system: OperatingSystem, tpm: Tpm) -> Verdict:
        raise AssertionError((system, tpm))

    gaps = {"operating_system": Cause.TIMED_OUT, "tpm": Cause.ACCESS_DENIED}
    finding = only(judge(evidence({"HV01": ()}, gaps=gaps), [plant(both)]).findings)
    assert finding.cause is Cause.TIMED_OUT
    assert [m.fact for m in finding.missing] == ["operating_system", "tpm"]


def test_a_missing_optional_fact_is_handed_over_with_its_cause() -> None:
    def with_tpm(system: OperatingSystem, tpm: Maybe[Tpm]) -> Verdict:
        assert tpm.value is None
        assert tpm.missing is not None
        assert tpm.missing.cause is Cause.ACCESS_DENIED
        return verdict(Why[system.caption]())

    finding = only(
        judge(evidence({"HV01": (says("GOOD"),)}, gaps={"tpm": Cause.ACCESS_DENIED}), [plant(with_tpm)]).findings
    )
    assert (finding.outcome, finding.missing) == (Outcome.PASS, ())


def test_a_present_optional_fact_is_handed_over_and_named_as_evidence() -> None:
    def with_tpm(tpm: Maybe[Tpm]) -> Verdict:
        return verdict(Why.GOOD() if tpm.value and tpm.missing is None else Why.BAD())

    finding = only(judge(evidence({"HV01": (defaults.tpm(),)}), [plant(with_tpm)]).findings)
    assert finding.outcome is Outcome.PASS
    assert [ref.fact for ref in finding.evidence] == ["tpm"]


def test_a_control_of_one_node_may_look_at_all_of_them() -> None:
    def of_cluster(system: OperatingSystem, nodes: Nodes[ComputerSystem]) -> Verdict:
        return verdict(Why[system.caption]() if len(nodes) == 2 else Why.BAD())

    systems = {name: (says("GOOD"), defaults.computer_system()) for name in ("HV01", "HV02")}
    findings = judge(evidence(systems), [plant(of_cluster)]).findings
    assert [f.outcome for f in findings] == [Outcome.PASS, Outcome.PASS]


# Applicability


def outside_domains(system: ComputerSystem) -> Reason | None:
    return None if system.part_of_domain else Why.OUT()


@pytest.mark.parametrize(
    ("domain", "gaps", "outcome", "cause"),
    [
        (True, {}, Outcome.FAIL, None),
        (False, {}, Outcome.NOT_APPLICABLE, None),
        (False, {"operating_system": Cause.TIMED_OUT}, Outcome.NOT_APPLICABLE, None),
        (True, {"operating_system": Cause.TIMED_OUT}, Outcome.UNKNOWN, Cause.TIMED_OUT),
        (True, {"computer_system": Cause.ACCESS_DENIED}, Outcome.UNKNOWN, Cause.ACCESS_DENIED),
    ],
)
def test_applicability_is_decided_before_gaps_are_looked_at(
    *, domain: bool, gaps: dict[str, Cause], outcome: Outcome, cause: Cause | None
) -> None:
    facts = (says("BAD"), defaults.computer_system(domain=domain))
    finding = only(judge(evidence({"HV01": facts}, gaps=gaps), [plant(node_says, outside_domains)]).findings)
    assert (finding.outcome, finding.cause) == (outcome, cause)


def test_what_excludes_is_unknown_while_a_node_is_missing() -> None:
    def no_domain(systems: Nodes[ComputerSystem]) -> Reason | None:
        return None if any(system.part_of_domain for _, system in systems) else Why.OUT()

    nodes = {name: (says("BAD"), defaults.computer_system(domain=False)) for name in ("HV01", "HV02")}
    control = plant(nodes_say, no_domain, scope=Scope.CLUSTER)
    assert only(judge(evidence(nodes), [control]).findings).outcome is Outcome.NOT_APPLICABLE
    partly = only(judge(evidence(nodes, gaps={"computer_system@HV02": Cause.TIMED_OUT}), [control]).findings)
    assert (partly.outcome, partly.cause) == (Outcome.UNKNOWN, Cause.TIMED_OUT)


# Many nodes


@pytest.mark.parametrize(
    ("captions", "missing", "outcome", "cause"),
    [
        (["GOOD", "GOOD"], [], Outcome.PASS, None),
        (["GOOD", "BAD"], [], Outcome.FAIL, None),
        (["OUT", "OUT"], [], Outcome.NOT_APPLICABLE, None),
        (["GOOD"], [Cause.TIMED_OUT], Outcome.UNKNOWN, Cause.TIMED_OUT),
        (["OUT"], [Cause.TIMED_OUT], Outcome.UNKNOWN, Cause.TIMED_OUT),
        (["BAD"], [Cause.TIMED_OUT], Outcome.FAIL, None),
        (["ODD"], [Cause.TIMED_OUT], Outcome.REVIEW, None),
        (["DARK"], [Cause.TIMED_OUT], Outcome.UNKNOWN, Cause.NOT_IN_SOURCE),
        (["GOOD", "BAD"], [Cause.TIMED_OUT, Cause.ACCESS_DENIED], Outcome.FAIL, None),
        (["GOOD"], [Cause.ACCESS_DENIED, Cause.TIMED_OUT], Outcome.UNKNOWN, Cause.ACCESS_DENIED),
        ([], [Cause.UNPARSABLE, Cause.TIMED_OUT], Outcome.UNKNOWN, Cause.UNPARSABLE),
    ],
)
def test_over_nodes_a_pass_needs_all_of_them_and_a_failure_stands(
    captions: list[str], missing: list[Cause], outcome: Outcome, cause: Cause | None
) -> None:
    facts = [(says(caption),) for caption in captions] + [()] * len(missing)
    nodes = {f"HV{place:02d}": own for place, own in enumerate(facts, start=1)}
    gaps = {f"operating_system@HV{len(captions) + place:02d}": c for place, c in enumerate(missing, start=1)}
    finding = only(judge(evidence(nodes, gaps=gaps), [plant(nodes_say, scope=Scope.CLUSTER)]).findings)
    assert (finding.outcome, finding.cause) == (outcome, cause)
    assert [m.cause for m in finding.missing] == missing
    assert len(finding.reasons) == len(captions)
    assert all(name in m.detail for name, m in zip(list(nodes)[len(captions) :], finding.missing, strict=True))


# Pairs and VMs


def pair_says(source: Source[OperatingSystem], destination: Destination[OperatingSystem]) -> Verdict:
    return verdict(Why[source.caption](), Why[destination.caption]())


def source_says(source: Source[OperatingSystem]) -> Verdict:
    return verdict(Why[source.caption]())


def test_a_pair_is_judged_in_both_directions() -> None:
    nodes = {"HV01": (says("BAD"),), "HV02": (says("GOOD"),)}
    findings = judge(evidence(nodes), [plant(source_says, scope=Scope.PAIR)]).findings
    assert {f.subject.name: f.outcome for f in findings} == {
        "HV01 → HV02": Outcome.FAIL,
        "HV02 → HV01": Outcome.PASS,
    }


def test_a_pair_gets_the_facts_of_its_own_ends() -> None:
    nodes = {"HV01": (says("GOOD"),), "HV02": (says("GOOD"),), "HV03": (says("BAD"),)}
    findings = judge(evidence(nodes), [plant(pair_says, scope=Scope.PAIR)]).findings
    assert len(findings) == 6
    assert all((f.outcome is Outcome.FAIL) == ("HV03" in f.subject.name) for f in findings)


def test_pairs_of_one_source_share_a_verdict_and_keep_their_subjects() -> None:
    nodes = {"HV01": (says("BAD"),), "HV02": (says("GOOD"),), "HV03": ()}
    findings = judge(evidence(nodes), [plant(source_says, scope=Scope.PAIR)]).findings
    by_source = {f.subject.name: f.outcome for f in findings}
    assert by_source == {
        "HV01 → HV02": Outcome.FAIL,
        "HV01 → HV03": Outcome.FAIL,
        "HV02 → HV01": Outcome.PASS,
        "HV02 → HV03": Outcome.PASS,
        "HV03 → HV01": Outcome.UNKNOWN,
        "HV03 → HV02": Outcome.UNKNOWN,
    }
    assert len({f.fingerprint for f in findings}) == 6


def test_a_vm_gets_the_facts_of_its_node() -> None:
    nodes = {"HV01": (says("BAD"), defaults.vm(1), defaults.vm(2)), "HV02": (says("GOOD"), defaults.vm(3))}
    findings = judge(evidence(nodes), [plant(scope=Scope.VM)]).findings
    assert [(f.subject.name, f.outcome) for f in findings] == [
        ("VM0001", Outcome.FAIL),
        ("VM0002", Outcome.FAIL),
        ("VM0003", Outcome.PASS),
    ]


# Controls that misbehave


def test_a_control_that_raises_spoils_its_own_finding_only() -> None:
    def breaks(system: OperatingSystem) -> Verdict:
        if system.caption == "BAD":
            raise ZeroDivisionError(system.caption)
        return verdict(Why.GOOD())

    nodes = {"HV01": (says("BAD"),), "HV02": (says("GOOD"),)}
    judged = judge(evidence(nodes), [plant(breaks), plant(id="PLT-902")])
    assert [(f.control, f.outcome, f.cause) for f in judged.findings] == [
        ("PLT-901", Outcome.UNKNOWN, Cause.CONTROL_ERROR),
        ("PLT-901", Outcome.PASS, None),
        ("PLT-902", Outcome.FAIL, None),
        ("PLT-902", Outcome.PASS, None),
    ]
    assert "ZeroDivisionError: BAD" in judged.findings[0].reasons[0].text
    (diagnostic,) = judged.diagnostics
    assert (diagnostic.control, diagnostic.subject) == ("PLT-901", "HV01")
    assert "in breaks" in diagnostic.trace


def test_an_applicability_that_raises_is_isolated_too() -> None:
    def breaks(system: OperatingSystem) -> Reason | None:
        raise KeyError(system.caption)

    judged = judge(evidence({"HV01": (says("GOOD"),)}), [plant(node_says, breaks)])
    assert only(judged.findings).cause is Cause.CONTROL_ERROR
    assert len(judged.diagnostics) == 1


def test_a_silent_control_is_a_bug_and_said_to_be_one() -> None:
    def silent(system: OperatingSystem) -> None:
        del system

    judged = judge(evidence({"HV01": (says("GOOD"),)}), [plant(silent)])
    finding = only(judged.findings)
    assert (finding.outcome, finding.cause) == (Outcome.UNKNOWN, Cause.CONTROL_ERROR)
    assert [reason.code for reason in finding.reasons] == ["control_silent"]
    assert len(judged.diagnostics) == 1


def test_a_verdict_of_nothing_is_isolated() -> None:
    def empty(system: OperatingSystem) -> Verdict:
        del system
        return verdict()

    judged = judge(evidence({"HV01": (says("GOOD"),)}), [plant(empty)])
    assert only(judged.findings).cause is Cause.CONTROL_ERROR


# Profiles


@pytest.mark.parametrize(
    ("profile", "asked"),
    [
        (Profile(name="all"), ["PLT-901", "PLT-902", "SMB-901"]),
        (Profile(name="one", select=("PLT-902",)), ["PLT-902"]),
        (Profile(name="family", select=("PLT-*",)), ["PLT-901", "PLT-902"]),
        (Profile(name="but one", exclude=("PLT-901",)), ["PLT-902", "SMB-901"]),
        (Profile(name="none", select=()), []),
    ],
)
def test_a_profile_chooses(profile: Profile, asked: list[str]) -> None:
    controls = [plant(id=control) for control in ("PLT-901", "PLT-902", "SMB-901")]
    findings = judge(evidence({"HV01": (says("GOOD"),)}), controls, profile).findings
    assert [f.control for f in findings] == asked


def test_a_profile_gives_another_severity_to_every_finding_of_a_control() -> None:
    profile = Profile(name="mild", severity={"PLT-901": SeverityOverride(severity=Severity.LOW, reason="a lab")})
    nodes = {"HV01": (says("BAD"),), "HV02": ()}
    findings = judge(evidence(nodes), [plant(), plant(id="PLT-902")], profile).findings
    assert [f.severity for f in findings] == [Severity.LOW, Severity.LOW, Severity.HIGH, Severity.HIGH]


# What a finding keeps


def test_a_fingerprint_does_not_follow_the_values() -> None:
    passing = only(judge(evidence({"HV01": (says("GOOD"),)}), [plant()]).findings)
    failing = only(judge(evidence({"HV01": (says("BAD"),)}), [plant()]).findings)
    other = only(judge(evidence({"HV01": (says("BAD"),)}), [plant(id="PLT-902")]).findings)
    assert passing.fingerprint == failing.fingerprint != other.fingerprint
    assert len(passing.fingerprint) == 32


def test_evidence_names_the_document_that_holds_the_fact() -> None:
    bundle = evidence({"HV01": (says("GOOD"),)})
    key = ("operating_system", "hv01.contoso.com")
    facts = {**bundle.facts, key: msgspec.structs.replace(bundle.facts[key], document="hv01/operating_system.json")}
    finding = only(judge(msgspec.structs.replace(bundle, facts=facts), [plant()]).findings)
    assert finding.evidence[0].document == "hv01/operating_system.json"
