"""SARIF 2.1.0 (OASIS, errata 01): one run for each cluster, one result for each finding, waivers as suppressions."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from hypervigil.assess.assessment import Assessment
from hypervigil.assess.compile import CompiledControl
from hypervigil.model.finding import Disposition
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.profile import Profile
from hypervigil.report.findings import report_of
from hypervigil.report.json_model import (
    EvidenceItem,
    JudgedCluster,
    Report,
    ReportedDiagnostic,
    ReportedFinding,
    ReportedWaiver,
)
from hypervigil.report.sentences import said

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BUNDLE = "EVIDENCE"
"""Name of the base that paths of evidence documents are relative to: whoever has the bundle knows where it lies."""

KIND = {
    Outcome.FAIL: "fail",
    Outcome.UNKNOWN: "open",
    Outcome.REVIEW: "review",
    Outcome.PASS: "pass",
    Outcome.NOT_APPLICABLE: "notApplicable",
}
LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
"""Within the bands of GitHub's code scanning: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low."""

Json = dict[str, Any]


def render(assessments: Sequence[Assessment], controls: Sequence[CompiledControl], *, made: datetime.datetime) -> str:
    """The findings as a SARIF log.

    Raises:
        ValueError: as for ``report_of``.
    """
    report = report_of(assessments, controls, made=made)
    rules = [_rule(compiled, assessments[0].profile) for compiled in controls]
    runs = [_Run(report, cluster, rules).written() for cluster in report.clusters]
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(compiled: CompiledControl, profile: Profile) -> Json:
    control, page = compiled.control, compiled.page
    override = profile.severity.get(control.id)
    severity = override.severity if override else control.severity
    return {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": page.sections.get("What it decides") or control.title},
        "help": {"text": page.sections.get("Remedy") or control.title, "markdown": page.markdown or control.title},
        "defaultConfiguration": {"level": LEVEL[severity]},
        "properties": {
            "tags": ["security", control.family.prefix, control.scope.value],
            "security-severity": SECURITY_SEVERITY[severity],
            "confidence": control.confidence.value,
        },
    }


class _Run:
    """Writes the run of one cluster; documents get their place in ``artifacts`` when a finding first rests on them."""

    def __init__(self, report: Report, cluster: JudgedCluster, rules: Sequence[Json]) -> None:
        self.report = report
        self.cluster = cluster
        self.rules = rules
        self.rule_index = {rule["id"]: place for place, rule in enumerate(rules)}
        self.artifacts: dict[str, Json] = {}

    def written(self) -> Json:
        label = self.cluster.label
        results = [self._result(finding) for finding in self.report.findings if finding.cluster == label]
        tool = self.report.tool
        return {
            "tool": {"driver": {"name": tool.name, "semanticVersion": tool.version, "rules": self.rules}},
            "automationDetails": {
                "id": f"hypervigil/{quote(label, safe='')}",
                "description": {"text": f"Judgement of {label}, profile {self.report.profile.name}."},
            },
            "invocations": [self._invocation()],
            "originalUriBaseIds": {BUNDLE: {"description": {"text": f"The evidence of {label}."}}},
            "artifacts": list(self.artifacts.values()),
            "results": results,
            "properties": self._properties(),
        }

    def _invocation(self) -> Json:
        """A run whose notifications hold an error has failed (section 3.20.21): its results may be incomplete."""
        found = [d for d in self.report.diagnostics if d.cluster == self.cluster.label]
        return {
            "executionSuccessful": not found,
            "endTimeUtc": _utc(self.report.made),
            "toolExecutionNotifications": [self._notification(diagnostic) for diagnostic in found],
        }

    def _notification(self, diagnostic: ReportedDiagnostic) -> Json:
        return {
            "level": "error",
            "message": _message(f"{diagnostic.control} on {diagnostic.subject}: {diagnostic.error}"),
            "associatedRule": {"id": diagnostic.control, "index": self.rule_index[diagnostic.control]},
        }

    def _result(self, finding: ReportedFinding) -> Json:
        documents = [self._document(item) for item in finding.evidence]
        location: Json = {"logicalLocations": [self._logical(finding)]}
        known = list(dict.fromkeys(uri for uri in documents if uri is not None))
        if known:
            location["physicalLocation"] = self._physical(known[0])
        result: Json = {
            "ruleId": finding.control,
            "ruleIndex": self.rule_index[finding.control],
            "kind": KIND[finding.outcome],
            "level": LEVEL[finding.severity] if finding.outcome is Outcome.FAIL else "none",
            "message": _message(f"{finding.subject}: {said(finding)}"),
            "locations": [location],
            "relatedLocations": [{"physicalLocation": self._physical(uri)} for uri in known[1:]],
            "partialFingerprints": {"hypervigil/v1": finding.fingerprint},
            # Given for every result, or for none (section 3.27.23).
            "suppressions": self._suppressions(finding),
            "properties": {
                "outcome": finding.outcome.value,
                "cause": finding.cause.value if finding.cause else None,
                "severity": finding.severity.value,
                "security-severity": SECURITY_SEVERITY[finding.severity],
                "confidence": finding.confidence.value,
                "scope": finding.scope.value,
                "reasons": [reason.code for reason in finding.reasons],
            },
        }
        return result

    def _logical(self, finding: ReportedFinding) -> Json:
        return {
            "name": finding.subject,
            "fullyQualifiedName": f"{self.cluster.label}/{finding.subject_key}",
            "kind": finding.scope.value,
        }

    def _suppressions(self, finding: ReportedFinding) -> list[Json]:
        if finding.disposition is not Disposition.WAIVED or finding.waiver is None:
            return []
        waiver = self.report.waivers[finding.waiver]
        return [{"kind": "external", "status": "accepted", "justification": _justification(waiver)}]

    def _document(self, item: EvidenceItem) -> str | None:
        """URI of the document that holds the fact, listed among the artifacts; None where there is none."""
        path = item.document or item.file
        if path is None:
            return None
        uri = quote(path, safe="/")
        if uri not in self.artifacts:
            self.artifacts[uri] = _artifact(item, uri, len(self.artifacts))
        return uri

    def _physical(self, uri: str) -> Json:
        return {"artifactLocation": self.artifacts[uri]["location"]}

    def _properties(self) -> Json:
        cluster = self.cluster
        return {
            "profile": self.report.profile.name,
            "synthetic": cluster.synthetic,
            "integrity": cluster.integrity,
            "collected": _utc(cluster.collected) if cluster.collected else None,
            "nodes": [node.key for node in cluster.nodes],
            "factsKnown": cluster.facts_known,
            "factsWanted": cluster.facts_wanted,
        }


def _message(text: str) -> Json:
    """Evidence may hold what a viewer would take for a placeholder (section 3.11.5) or a link (3.11.6)."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _artifact(item: EvidenceItem, uri: str, index: int) -> Json:
    """The digest is that of the file that was read. The document need not be that file, so it is no artifact hash."""
    read = f" It was read with: {item.command}" if item.command else ""
    return {
        "location": {"uri": uri, "uriBaseId": BUNDLE, "index": index},
        "description": {"text": f"Evidence {item.fact} about {item.subject}.{read}"},
        "properties": {"source": item.source, "file": item.file, "fileSha256": item.digest},
    }


def _justification(waiver: ReportedWaiver) -> str:
    parts = [f"{waiver.reason} Accepted by {waiver.owner} until {waiver.expires.isoformat()}."]
    if waiver.ticket:
        parts.append(f"Ticket: {waiver.ticket}.")
    if waiver.compensating_control:
        parts.append(f"Compensating control: {waiver.compensating_control}")
    return " ".join(parts)


def _utc(moment: datetime.datetime) -> str:
    """As section 3.9 wants it: UTC with a Z."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
