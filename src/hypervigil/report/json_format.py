"""JSON: the whole report for machines. ``json_model`` is its schema."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

from hypervigil.assess.assessment import Assessment
from hypervigil.assess.compile import CompiledControl
from hypervigil.report.findings import report_of


def render(assessments: Sequence[Assessment], controls: Sequence[CompiledControl], *, made: datetime.datetime) -> str:
    """The report as JSON with an indent of two spaces and a newline at the end.

    Raises:
        ValueError: as for ``report_of``.
    """
    report = report_of(assessments, controls, made=made)
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
