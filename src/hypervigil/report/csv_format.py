"""CSV for spreadsheets: one row for each finding, RFC 4180 with a byte order mark, no cell that runs as a formula."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Sequence

from hypervigil.assess.assessment import Assessment
from hypervigil.assess.compile import CompiledControl
from hypervigil.report.findings import report_of
from hypervigil.report.json_model import Report, ReportedFinding
from hypervigil.report.sentences import why
from hypervigil.report.text import xml_text

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for one in the local code page."""

COLUMNS = (
    "cluster",
    "control",
    "title",
    "family",
    "scope",
    "subject",
    "subject_key",
    "outcome",
    "cause",
    "severity",
    "confidence",
    "disposition",
    "reasons",
    "missing",
    "waiver_owner",
    "waiver_expires",
    "waiver_reason",
    "evidence",
    "fingerprint",
)

# Spreadsheets run a cell that starts so, some after blanks. Where the local separator is the semicolon, a cell can
# start in the middle of one of ours. The wide forms count in East Asian editions.
_STARTS_FORMULA = re.compile("(^|[;\t\r\n])([ \u00a0\u3000]*)([=+\\-@\uff1d\uff0b\uff0d\uff20])")


def render(assessments: Sequence[Assessment], controls: Sequence[CompiledControl], *, made: datetime.datetime) -> str:
    """The findings as CSV, to be written as UTF-8 without changing line ends.

    Raises:
        ValueError: as for ``report_of``.
    """
    report = report_of(assessments, controls, made=made)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in report.findings:
        writer.writerow([cell(text) for text in _row(report, finding)])
    return BYTE_ORDER_MARK + out.getvalue()


def cell(text: str) -> str:
    """The text as a cell: an apostrophe stops what would run as a formula, control characters are replaced."""
    return _STARTS_FORMULA.sub(r"\1\2'\3", xml_text(text))


def _row(report: Report, finding: ReportedFinding) -> tuple[str, ...]:
    waiver = report.waivers[finding.waiver] if finding.waiver is not None else None
    return (
        finding.cluster,
        finding.control,
        finding.title,
        finding.family,
        finding.scope.value,
        finding.subject,
        finding.subject_key,
        finding.outcome.value,
        finding.cause.value if finding.cause else "",
        finding.severity.value,
        finding.confidence.value,
        finding.disposition.value,
        " ".join(reason.text for reason in finding.reasons),
        " ".join(why(missing) for missing in finding.missing),
        waiver.owner if waiver else "",
        waiver.expires.isoformat() if waiver else "",
        waiver.reason if waiver else "",
        " ".join(dict.fromkeys(item.document or item.fact for item in finding.evidence)),
        finding.fingerprint,
    )
