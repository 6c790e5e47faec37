"""Redacted evidence: judged the same, and without a name of the original."""

from __future__ import annotations

import collections
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from hypervigil.assess.engine import judge
from hypervigil.assess.registry import compiled_controls
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance, Skipped
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.powershell import PsSessionConfigurations
from hypervigil.evidence.redaction import Redacted, RedactionError, redact
from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.model.finding import Finding
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.report.origin import integrity
from hypervigil.store import read_bundle, write_bundle
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build
from hypervigil.synthetic.demo import DEMO
from hypervigil.synthetic.logging_defaults import event_forwarding, forwarding_event
from tests.evidence.redaction.clusters import MADE, clusters, leaves, replaced, small, with_every_fact, with_vm_names

KEY = b"a key of these tests"
ODD_NAMES = (
    "DC", "A", "SQL", "SQL01", "SQL01-test", "a+b (x) [y]", "Ünïcödé-Straße", "日本語", "TCP", "Any", "$^.*\\d",
    "Hyper-V",
)  # fmt: skip

Verdict = tuple[object, ...]


def verdicts(evidence: Evidence, names: dict[str, str]) -> collections.Counter[Verdict]:
    """What every control says, by the subject's key as ``names`` maps it."""

    def subject(key: str) -> str:
        ends = [names.get(end.removesuffix("/*").removesuffix("/none"), "?") for end in key.split(">")]
        return ">".join(ends) + ("/*" if key.endswith("/*") else "")

    def said(finding: Finding) -> Verdict:
        reasons = tuple(reason.code for reason in finding.reasons)
        missing = tuple((each.fact, each.cause) for each in finding.missing)
        return (
            finding.control, subject(finding.subject.key), finding.outcome, finding.severity, finding.confidence,
            finding.cause, reasons, missing,
        )  # fmt: skip

    judged = judge(evidence, compiled_controls())
    assert judged.diagnostics == ()
    return collections.Counter(map(said, judged.findings))


def assert_judged_the_same(evidence: Evidence, redacted: Redacted) -> None:
    there = {**redacted.subjects, evidence.label: redacted.evidence.label}
    same = {key: key for key in there.values()}
    before, after = verdicts(evidence, there), verdicts(redacted.evidence, same)
    assert before == after
    assert len(before) > 0


# --- judged the same --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
@pytest.mark.parametrize("key", [None, KEY], ids=["numbered", "keyed"])
def test_a_demo_cluster_is_judged_the_same(blueprint: Blueprint, key: bytes | None) -> None:
    evidence = build(blueprint)
    assert_judged_the_same(evidence, redact(evidence, key))


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_so_is_one_with_every_fact_and_odd_names(blueprint: Blueprint) -> None:
    evidence = with_every_fact(with_vm_names(build(blueprint), *ODD_NAMES))
    assert_judged_the_same(evidence, redact(evidence))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evidence=clusters())
def test_so_is_whatever_the_types_allow(evidence: Evidence) -> None:
    assert_judged_the_same(evidence, redact(evidence))


def test_nodes_without_evidence_and_a_cluster_that_is_none_are_judged_the_same() -> None:
    whole = small()
    one = whole.nodes[0]
    facts = {place: record for place, record in whole.facts.items() if place[1] != one.key}
    listings = {place: record for place, record in whole.listings.items() if place[1] != one.key}
    evidence = replaced(whole, nodes=whole.nodes[1:], facts=facts, listings=listings)
    made = redact(evidence)
    before = verdicts(evidence, dict(made.subjects))
    assert before == verdicts(made.evidence, {key: key for key in made.subjects.values()})
    lone = Evidence(label="HV01", cluster=None, nodes=(Subject(Scope.NODE, "hv01", "HV01"),), facts={})
    assert_judged_the_same(lone, redact(lone))


# --- nothing is left --------------------------------------------------------------------------------------------------


def members(evidence: Evidence, folder: Path) -> Iterator[tuple[str, str]]:
    """Every member of the bundle as a zip: its name with its bytes as text, and once more with its JSON decoded."""
    target = folder / "redacted.zip"
    target.unlink(missing_ok=True)
    write_bundle(evidence, target, created=MOMENT)
    with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            yield name, f"{name}\n{text}"
            yield name, f"{name}\n{json.dumps(json.loads(text), ensure_ascii=False)}"


def plain_names(evidence: Evidence) -> set[str]:
    """What must not be found: from the subjects, the VMs, and the domain that synthetic clusters are in."""
    assert evidence.cluster is not None
    vms = [record.fact for record in evidence.facts.values() if isinstance(record, Known)]
    subjects = (evidence.cluster, *evidence.nodes)
    found = {text for subject in subjects for text in (*subject.keys, subject.name)}
    found |= {text for vm in vms if isinstance(vm, Vm) for text in (vm.id, vm.name)}
    return found | {defaults.DOMAIN, "contoso", "10.20.30.0", "10.20.30."}


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
@pytest.mark.parametrize("key", [None, KEY], ids=["numbered", "keyed"])
def test_no_name_address_or_id_of_a_demo_cluster_is_in_the_zip(
    blueprint: Blueprint, key: bytes | None, tmp_path: Path
) -> None:
    evidence = build(blueprint)
    names = {name.casefold() for name in plain_names(evidence)}
    assert len(names) > 30
    for member, text in members(redact(evidence, key).evidence, tmp_path):
        folded = text.casefold()
        assert [name for name in names if name in folded] == [], member


IDENTIFYING = frozenset(Kind) - {Kind.PUBLIC, Kind.LABEL, Kind.QUERY, Kind.TEXT}
IDENTIFIERS = re.compile(
    r"S-1-5-21-\d+-\d+-\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{40}\b"
    r"|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b",
    re.IGNORECASE,
)
STAYS = re.compile(
    r"0\.0\.0\.0|127\..*|169\.254\..*|22[4-9]\..*|23\d\..*|255\..*|0{8}-.*|ff[-:].*|00[-:]00.*", re.IGNORECASE
)


def identifiers(evidence: Evidence) -> set[str]:
    """Every SID, GUID, address, MAC address and thumbprint in a text that is not Windows' own."""
    return {
        match.casefold()
        for record in evidence.facts.values()
        if isinstance(record, Known)
        for kind, text in leaves(record.fact)
        if kind is not Kind.PUBLIC
        for match in IDENTIFIERS.findall(text)
        if not STAYS.fullmatch(match)
    }


def test_words_that_firewall_rules_and_descriptors_are_made_of_stay_whatever_a_vm_is_called() -> None:
    evidence = with_vm_names(build(Blueprint(name="WORDS", nodes=2, vms=6)), "Any", "A", "GA", "BA", "System", "D")
    evidence = with_every_fact(evidence)
    node = evidence.nodes[0].key
    kept = redact(evidence).evidence
    rules, configured = kept.get(FirewallRules, kept.nodes[0].key), kept.get(PsSessionConfigurations, kept.nodes[0].key)
    before = evidence.get(FirewallRules, node)
    assert rules
    assert before
    assert [(rule.program, rule.service) for rule in rules.rules] == [(r.program, r.service) for r in before.rules]
    assert configured
    descriptors = [each.sddl for each in configured.configurations if each.sddl]
    assert descriptors
    assert all(each.startswith("O:NSG:BAD:P(A;;GA;;;") for each in descriptors)


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_no_identifier_of_any_fact_is_left(blueprint: Blueprint, tmp_path: Path) -> None:
    evidence = with_every_fact(build(blueprint))
    wanted = identifiers(evidence)
    assert len(wanted) > 50
    for member, text in members(redact(evidence).evidence, tmp_path):
        found = {match.casefold() for match in IDENTIFIERS.findall(text)}
        assert found & wanted == set(), member


def test_odd_names_are_in_no_text_that_is_not_windows_own() -> None:
    evidence = with_every_fact(with_vm_names(small(), *ODD_NAMES))
    made = redact(evidence)
    words = [re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE) for name in ODD_NAMES]
    for record in made.evidence.facts.values():
        if isinstance(record, Known):
            for kind, text in leaves(record.fact):
                # "DC" is an attribute of distinguished names, "A" a part of security descriptors, "Any" an address.
                if kind in IDENTIFYING - {Kind.SDDL} and text != "Any":
                    assert not any(word.search(re.sub("DC=|/tcp", "", text)) for word in words), (kind, text)
    # What a VM is called and Windows too is said to whoever redacts.
    assert {residue.word.casefold() for residue in made.residues} >= {"hyper-v", "tcp"}
    assert all(residue.word.casefold() in residue.text.casefold() for residue in made.residues)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evidence=clusters())
def test_no_identifying_text_stays_and_equal_ones_stay_equal(evidence: Evidence) -> None:
    made = redact(evidence)
    pairs: dict[str, set[str]] = {}
    for (_, before), (_, after) in zip(evidence.facts.items(), made.evidence.facts.items(), strict=True):
        assert isinstance(before, Known)
        assert isinstance(after, Known)
        for (kind, old), (_, new) in zip(leaves(before.fact), leaves(after.fact), strict=True):
            if kind in (Kind.VM, Kind.HOST, Kind.GUID, Kind.SID, Kind.NETWORK, Kind.SWITCH):
                pairs.setdefault(old.casefold(), set()).add(new.casefold())
                assert (old == new) is (old == "S-1-5-32-544"), (kind, old)
            if kind is Kind.PUBLIC:
                assert old == new
    assert all(len(new) == 1 for new in pairs.values()), pairs


# --- the form ---------------------------------------------------------------------------------------------------------


def test_a_redacted_bundle_says_so_and_reads_back(tmp_path: Path) -> None:
    made = redact(with_every_fact(small())).evidence
    assert made.redacted
    write_bundle(made, tmp_path / "bundle", created=MOMENT)
    again = read_bundle(tmp_path / "bundle")
    assert again.redacted
    assert (again.nodes, again.cluster, again.label) == (made.nodes, made.cluster, made.label)
    assert again.facts.keys() == made.facts.keys()
    assert json.loads((tmp_path / "bundle" / "manifest.json").read_text())["redacted"] is True
    assert "replaced" in integrity(again)


def test_a_signature_and_digests_of_the_source_do_not_stay() -> None:
    evidence = with_every_fact(replaced(small(), signed_by="CN=HV01"))
    made = redact(evidence).evidence
    assert made.signed_by == ""
    records = (*made.facts.values(), *made.listings.values())
    assert all(record.provenance is None or record.provenance.digest == "" for record in records)


def test_numbers_times_causes_and_places_stay() -> None:
    evidence = with_every_fact(small())
    made = redact(evidence).evidence
    assert [record.cause for record in made.facts.values() if isinstance(record, Gap)] == [
        record.cause for record in evidence.facts.values() if isinstance(record, Gap)
    ]
    assert [len(record.keys) for record in made.listings.values() if isinstance(record, Listing)] == [
        len(record.keys) for record in evidence.listings.values() if isinstance(record, Listing)
    ]
    assert made.collected == evidence.collected
    assert made.synthetic is evidence.synthetic


def test_messages_keep_what_is_plain_and_lose_what_is_not() -> None:
    node = small().nodes[0]
    details = {
        "tpm": ("Access is denied.", "Access is denied."),
        "secure_boot": (f"{node.name} did not answer", "host0001 did not answer"),
        "mailslots": ("Zugriff auf GEHEIM verweigert", "[redacted text]"),
    }
    facts = {
        **small().facts,
        **{(name, node.key): Gap(name, Cause.ACCESS_DENIED, old, MADE) for name, (old, _) in details.items()},
    }
    made = redact(replaced(small(), facts=facts, skipped=(Skipped("HV99/secret.xml", 5, "it is not XML"),))).evidence
    key = made.nodes[0].key
    for name, (_, new) in details.items():
        record = made.record(name, key)
        assert isinstance(record, Gap)
        assert record.detail == new
    assert made.skipped == (Skipped("[redacted text]", 5, "it is not XML"),)


def test_with_one_key_two_clusters_share_pseudonyms_and_without_they_are_numbered() -> None:
    one, other = (redact(small(name), KEY) for name in ("CL01", "CL02"))
    domain = {made.evidence.nodes[0].key.partition(".")[2] for made in (one, other)}
    assert len(domain) == 1
    assert redact(small(), KEY).evidence == one.evidence
    assert redact(small()).evidence.nodes[0].key == "host0001.dom0001.dom0002"
    assert redact(small()).evidence.cluster != redact(small()).evidence.cluster  # its id is made with a random key


def test_everything_that_was_replaced_is_listed() -> None:
    evidence = small()
    made = redact(evidence)
    listed = {each.original.casefold() for each in made.replacements}
    assert {name.casefold() for name in plain_names(evidence)} - listed == {
        *(node.key for node in evidence.nodes), "contoso.com", "10.20.30.",
    }  # fmt: skip
    assert "10.20.30.0" in listed


def test_redacting_twice_does_no_harm() -> None:
    once = redact(with_every_fact(small()))
    assert_judged_the_same(once.evidence, redact(once.evidence))


def test_subjects_that_differ_in_case_only_are_refused() -> None:
    nodes = tuple(Subject(Scope.NODE, key, key) for key in ("hv01", "HV01"))
    facts = {("tpm", node.key): Known(defaults.tpm(), Provenance(source="synthetic")) for node in nodes}
    with pytest.raises(RedactionError, match="differ in case only"):
        redact(Evidence(label="x", cluster=None, nodes=nodes, facts=facts))


def test_a_key_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        redact(small(), b"short")


# --- queries of the event log -----------------------------------------------------------------------------------------


def test_a_query_keeps_channels_and_tags_and_loses_names() -> None:
    """Whatever VMs are called: a part of a channel's name, a tag, an account of a filter."""
    whole = with_vm_names(small(), "Hyper-V", "Select", "SQL01")
    place = ("event_forwarding", whole.nodes[0].key)
    query = (
        '<QueryList><Query Id="0"><Select Path="Microsoft-Windows-Hyper-V-VMMS-Admin">*</Select>'
        "<Suppress Path='Security'>*[EventData[Data='SQL01']]</Suppress></Query></QueryList>"
    )
    forwarding = event_forwarding(events=(forwarding_event(100, subscription="Hosts", query=query),))
    facts = {**whole.facts, place: Known(forwarding, Provenance(source="synthetic"))}
    redacted = redact(replaced(whole, facts=facts)).evidence
    record = redacted.facts["event_forwarding", redacted.nodes[0].key]
    assert isinstance(record, Known)
    assert isinstance(record.fact, EventForwarding)
    made = record.fact.events[0].query
    assert made is not None
    assert re.sub("Data='vm[0-9]+'", "Data='SQL01'", made) == query
    assert made != query
