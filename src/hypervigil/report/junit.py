"""JUnit XML, as Jenkins, GitLab and Azure DevOps read it: a suite for each cluster, a case for each finding.

There is no standard. FAIL is a failure, an error of ours an error; what nobody decided, what does not apply and what
somebody has accepted is skipped with a message, so that none of them shows as passed.
"""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence

from hypervigil.assess.assessment import Assessment
from hypervigil.assess.compile import CompiledControl
from hypervigil.model.finding import Disposition
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.report.findings import report_of
from hypervigil.report.json_model import JudgedCluster, Report, ReportedFinding
from hypervigil.report.sentences import said
from hypervigil.report.text import xml_text


def render(assessments: Sequence[Assessment], controls: Sequence[CompiledControl], *, made: datetime.datetime) -> str:
    """The findings as JUnit XML, to be written as UTF-8.

    Raises:
        ValueError: as for ``report_of``.
    """
    report = report_of(assessments, controls, made=made)
    root = ET.Element("testsuites", name=f"hypervigil {report.tool.version}")
    for cluster in report.clusters:
        _add_suite(root, report, cluster)
    _add_counts(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_suite(root: ET.Element, report: Report, cluster: JudgedCluster) -> None:
    moment = report.made.replace(microsecond=0, tzinfo=None).isoformat()
    suite = ET.SubElement(root, "testsuite", name=xml_text(cluster.label), timestamp=moment)
    properties = ET.SubElement(suite, "properties")
    facts = f"{cluster.facts_known} of {cluster.facts_wanted}"
    for name, value in (
        ("profile", report.profile.name),
        ("synthetic", "true" if cluster.synthetic else "false"),
        ("integrity", cluster.integrity),
        ("facts", facts),
    ):
        ET.SubElement(properties, "property", name=name, value=xml_text(value))
    findings = [finding for finding in report.findings if finding.cluster == cluster.label]
    alike = Counter((finding.control, finding.subject) for finding in findings)
    for finding in findings:
        unique = alike[finding.control, finding.subject] == 1
        subject = finding.subject if unique else f"{finding.subject} ({finding.subject_key})"
        _add_case(suite, report, finding, subject)
    _add_counts(suite)


def _add_case(suite: ET.Element, report: Report, finding: ReportedFinding, subject: str) -> None:
    name = xml_text(f"{subject}: {finding.title}")
    case = ET.SubElement(suite, "testcase", classname=finding.control, name=name, time="0")
    message = xml_text(said(finding))
    if finding.disposition is Disposition.WAIVED and finding.waiver is not None:
        waiver = report.waivers[finding.waiver]
        accepted = f"waived by {waiver.owner} until {waiver.expires.isoformat()}: {waiver.reason}"
        ET.SubElement(case, "skipped", message=xml_text(f"{finding.outcome.value}, {accepted} {message}"))
    elif finding.outcome is Outcome.FAIL:
        failure = ET.SubElement(case, "failure", message=message, type=finding.severity.value)
        failure.text = xml_text(_details(finding))
    elif finding.cause is Cause.CONTROL_ERROR:
        ET.SubElement(case, "error", message=message, type=finding.cause.value).text = xml_text(_details(finding))
    elif finding.outcome is not Outcome.PASS:
        ET.SubElement(case, "skipped", message=f"{finding.outcome.value}: {message}")


def _details(finding: ReportedFinding) -> str:
    lines = [
        f"severity {finding.severity.value}, confidence {finding.confidence.value}",
        f"{finding.scope.value} {finding.subject_key}",
        f"fingerprint {finding.fingerprint}",
        *(f"evidence {item.fact} {item.document or item.file or ''}".rstrip() for item in finding.evidence),
    ]
    return "\n".join(lines)


def _add_counts(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
