import xml.etree.ElementTree as ET

import msgspec
import pytest

from hypervigil.assess.assessment import Assessment
from hypervigil.evidence.evidence import Gap, Known
from hypervigil.evidence.hyper_v import Vm
from hypervigil.model.outcome import Cause
from hypervigil.report import junit
from tests.report import sample
from tests.report.snapshot import assert_matches


def rendered(*assessments: Assessment) -> str:
    return junit.render(assessments or sample.run(), sample.CONTROLS, made=sample.MADE)


def case(root: ET.Element, control: str, subject: str) -> ET.Element:
    cases = root.iter("testcase")
    (found,) = [c for c in cases if c.get("classname") == control and c.get("name", "").startswith(f"{subject}: ")]
    return found


def test_snapshot() -> None:
    text = rendered()
    version = ET.fromstring(text).get("name", "")
    assert_matches("report.junit.xml", text.replace(version, "hypervigil (any)"))


@pytest.mark.parametrize(
    ("control", "subject", "tag", "message"),
    [
        ("PLT-902", "HV04", "failure", "Credential Guard does not run"),
        ("PLT-908", "HV04", "skipped", "UNKNOWN: The fact tpm could not be read"),
        ("SMB-902", "HV01", "skipped", "REVIEW: Signing is not required"),
        ("PLT-908", "HV02", "skipped", "FAIL, waived by A. Example until 2027-03-31"),
        ("NET-901", "HV02", "error", "The control stopped with an error of its own: LookupError"),
    ],
)
def test_outcomes(control: str, subject: str, tag: str, message: str) -> None:
    (told,) = case(ET.fromstring(rendered()), control, subject)
    assert told.tag == tag
    assert told.get("message", "").startswith(message)


def test_pass_is_an_empty_case_and_not_applicable_is_not() -> None:
    assert list(case(ET.fromstring(rendered()), "PLT-902", "HV01")) == []
    (told,) = case(ET.fromstring(rendered(*sample.run(sample.cluster_evidence(1)))), "LM-902", "CL01")
    assert (told.tag, told.get("message")) == (
        "skipped",
        "NOT_APPLICABLE: The cluster has one node, so there is no pair of nodes.",
    )


def test_counts_are_those_of_the_cases() -> None:
    root = ET.fromstring(rendered(*sample.run(sample.cluster_evidence(), sample.cluster_evidence(2, "CL02"))))
    assert [suite.get("name") for suite in root] == ["CL01", "CL02"]
    for element in (root, *root):
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(attribute) == str(len(list(element.iter(tag))))
        assert element.get("tests") == str(len(list(element.iter("testcase"))))


def test_subjects_of_one_name_are_told_apart() -> None:
    evidence = sample.cluster_evidence(1)
    facts = {
        key: msgspec.structs.replace(record, fact=msgspec.structs.replace(record.fact, name="WEB"))
        if isinstance(record, Known) and isinstance(record.fact, Vm)
        else record
        for key, record in evidence.facts.items()
    }
    root = ET.fromstring(rendered(*sample.run(msgspec.structs.replace(evidence, facts=facts))))
    names = [c.get("name") for c in root.iter("testcase") if c.get("classname") == "SHV-901"]
    assert names == [
        "WEB (00000000-0000-4000-8000-000000000065): Generation is known",
        "WEB (00000000-0000-4000-8000-000000000066): Generation is known",
    ]


def test_what_xml_forbids_is_replaced() -> None:
    evidence = sample.cluster_evidence(2, label="CL\x00<&>\x1b\ufffe\ud800")
    gap = Gap("tpm", Cause.UNPARSABLE, "]]> \x08 \"'\n")
    hostile = msgspec.structs.replace(evidence, facts={**evidence.facts, ("tpm", "hv02.contoso.com"): gap})
    root = ET.fromstring(rendered(*sample.run(hostile)).encode())
    assert root[0].get("name") == "CL\ufffd<&>\ufffd\ufffd\ufffd"
    (told,) = case(root, "PLT-908", "HV02")
    assert told.get("message") == "UNKNOWN: The fact tpm could not be understood (]]> \ufffd \"'\n)."
