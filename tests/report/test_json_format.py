import datetime
import json
from typing import Any

import jsonschema
import msgspec
import pytest

from hypervigil.assess.assessment import Assessment
from hypervigil.evidence.evidence import Evidence
from hypervigil.model.waiver import WaiverState
from hypervigil.report import json_format
from hypervigil.report.json_model import Report, schema
from tests.report import sample
from tests.report.snapshot import assert_matches


def rendered(*assessments: Assessment) -> str:
    return json_format.render(assessments or sample.run(), sample.CONTROLS, made=sample.MADE)


def report(*assessments: Assessment) -> Any:
    return json.loads(rendered(*assessments))


def found(document: Any, control: str, subject: str) -> Any:
    (finding,) = [f for f in document["findings"] if (f["control"], f["subject"]) == (control, subject)]
    return finding


def test_snapshot() -> None:
    text = rendered()
    document = json.loads(text)
    for diagnostic in document["diagnostics"]:
        assert "LookupError" in diagnostic["trace"]
        diagnostic["trace"] = "(differs from machine to machine)"
    document["tool"]["version"] = "(any)"
    assert_matches("report.json", json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def test_is_valid_against_its_schema() -> None:
    published = schema()
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(report(), published, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("where", "value"),
    [(("made",), 7), (("findings", 0, "outcome"), "BAD"), (("format",), 2), (("findings", 0, "fingerprint"), "x")],
)
def test_schema_refuses(where: tuple[str | int, ...], value: object) -> None:
    document = report()
    place = document
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema(), cls=jsonschema.Draft202012Validator)


def test_schema_wants_every_key() -> None:
    """A reader may rely on each key: the schema requires all that is written."""
    document = report()
    definitions = schema()["$defs"]
    assert set(definitions["ReportedFinding"]["required"]) == document["findings"][0].keys()
    assert set(definitions["JudgedCluster"]["required"]) == document["clusters"][0].keys()
    assert set(definitions["Report"]["required"]) >= document.keys() - {"format"}


def test_can_be_read_back_as_types() -> None:
    text = rendered()
    assert msgspec.json.format(msgspec.json.encode(msgspec.json.decode(text, type=Report))).decode() + "\n" == text


def test_same_input_gives_the_same_bytes() -> None:
    assert rendered() == rendered()


def test_summary_counts_all_findings() -> None:
    document = report()
    summary = document["summary"]
    kinds = ("FAIL", "UNKNOWN", "REVIEW", "PASS", "NOT_APPLICABLE")
    for table in ([summary["outcomes"]], summary["severities"].values(), summary["families"].values()):
        assert sum(row[kind] for row in table for kind in kinds) == len(document["findings"]) == summary["findings"]
    assert summary["outcomes"]["FAIL"] == sum(f["outcome"] == "FAIL" for f in document["findings"]) > 0
    assert summary["outcomes"]["waived"] == 1


def test_provenance_comes_from_the_evidence() -> None:
    item = found(report(), "PLT-902", "HV04")["evidence"][-1]
    assert (item["fact"], item["subject"]) == ("device_guard", "hv04.contoso.com")
    assert item["document"] == "facts/HV04/device_guard.json"
    assert item["file"] == "HV04/device_guard.clixml"
    assert item["command"].startswith("Get-CimInstance -ClassName Win32_DeviceGuard")
    assert len(item["digest"]) == 64
    assert item["collected"] == "2026-11-23T22:15:00Z"


def test_unknown_says_what_is_missing_and_why() -> None:
    finding = found(report(), "PLT-908", "HV04")
    assert (finding["outcome"], finding["cause"]) == ("UNKNOWN", "access_denied")
    detail = "Get-Tpm: Access is denied. (0x80070005)"
    assert finding["missing"] == [{"fact": "tpm", "cause": "access_denied", "detail": detail}]


def test_tailoring_is_reported() -> None:
    (assessment,) = sample.run()
    document = report(msgspec.structs.replace(assessment, profile=sample.TAILORED))
    assert document["profile"]["severities"] == [
        {"control": "PLT-902", "severity": "low", "reason": "The nodes are replaced in May."}
    ]
    assert document["profile"]["parameters"] == {"SMB-902": {"clients": 3}}
    assert document["profile"]["parts"] == [{"name": "mistakes", "title": "What goes wrong", "controls": ["LM-902"]}]
    part = document["summary"]["parts"]["mistakes"]
    assert (part["FAIL"], part["PASS"]) == (3, 9)
    jsonschema.validate(document, schema(), cls=jsonschema.Draft202012Validator)


def test_clusters_share_their_waivers() -> None:
    """A waiver that is used in one cluster is not called unused because of another; its place holds for both."""
    small = sample.cluster_evidence(1, "CL02")
    document = report(*sample.run(small, sample.cluster_evidence()))
    assert len(document["waivers"]) == len(sample.WAIVERS)
    assert document["waivers"][0]["states"] == [WaiverState.USED]
    assert document["waivers"][1]["states"] == [WaiverState.EXPIRED, WaiverState.OVER_BROAD]
    assert document["waivers"][2]["states"] == [WaiverState.UNUSED]
    assert found(document, "PLT-908", "HV02")["waiver"] == 0


def test_clusters_with_one_label_are_told_apart() -> None:
    document = report(*sample.run(sample.cluster_evidence(), sample.cluster_evidence(1)))
    assert [cluster["label"] for cluster in document["clusters"]] == ["CL01", "CL01 (2)"]
    assert {finding["cluster"] for finding in document["findings"]} == {"CL01", "CL01 (2)"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "made up"),
        ({"synthetic": False}, "do not prove where it came from"),
        ({"synthetic": False, "signed_by": "CN=Collector"}, "signed by CN=Collector"),
        ({"synthetic": False, "facts": {}}, "carries no digests"),
    ],
)
def test_integrity_and_origin_are_told_apart(changes: dict[str, Any], says: str) -> None:
    evidence: Evidence = sample.cluster_evidence(1, **changes)
    assert says in report(*sample.run(evidence))["clusters"][0]["integrity"]


def test_text_that_no_encoding_can_write() -> None:
    evidence = sample.cluster_evidence(1, label="CL\ud800\x0001")
    assert report(*sample.run(evidence))["clusters"][0]["label"] == "CL\ufffd\x0001"


def test_refuses_a_time_without_a_zone() -> None:
    naive = datetime.datetime(2026, 11, 24)  # noqa: DTZ001  the point of the test
    with pytest.raises(ValueError, match="time zone"):
        json_format.render(sample.run(), sample.CONTROLS, made=naive)
    with pytest.raises(ValueError, match="at least one"):
        json_format.render((), sample.CONTROLS, made=sample.MADE)
