"""HTML: one file for people, auditors above all. It needs no network, and its security policy lets it have none.

What fails, is unknown or needs a review is written into the page, so that it reads and prints without a script. The
script filters, and shows each finding with the facts behind it, from data that the page carries.
"""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
from collections.abc import Sequence

import jinja2
import msgspec
from markupsafe import Markup

from hypervigil.assess.assessment import Assessment
from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.parts import Answer
from hypervigil.evidence.evidence import Evidence
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.profile import GroupKind
from hypervigil.model.waiver import WaiverState
from hypervigil.report.findings import report_of
from hypervigil.report.html_data import PageData, places_of
from hypervigil.report.html_groups import NAME_LIMIT, TEXT_LIMIT, groups_of
from hypervigil.report.html_matrix import matrices_of
from hypervigil.report.html_summary import ORDER, WORDS, moment, number_of, summary_of
from hypervigil.report.json_model import Completeness, JudgedCluster, Report
from hypervigil.report.markdown import as_html
from hypervigil.report.network_picture import MOST_PICTURES, WIDTH, Picture, picture_of
from hypervigil.report.network_view import network_view
from hypervigil.report.owner_matrix import OwnerMatrix, Start, owner_matrix
from hypervigil.report.sentences import CAUSES
from hypervigil.report.text import clipped, visible

SHOWN_GAPS = 8
SHOWN_SKIPPED = 20
"""Rows of lists that can be long."""

FIRST_SECTIONS = ("Why it matters", "Remedy", "References")
MORE_SECTIONS = ("What it decides", "How it is decided", "How to look yourself", "What it cannot see")
"""Sections of a control's page: those that every reader needs, and those that open on demand."""

STATE_WORDS = {
    WaiverState.USED: "in use",
    WaiverState.UNUSED: "unused: nothing that it covers fails or needs a review",
    WaiverState.UNDECIDED: "undecided: what it covers was not asked, or is unknown",
    WaiverState.EXPIRED: "expired: it accepts nothing any more",
    WaiverState.OVER_BROAD: "over-broad: it would accept the next failure unseen",
}


SIGNS = {
    Answer.FAILS: Outcome.FAIL.value,
    Answer.UNDECIDED: Outcome.UNKNOWN.value,
    Answer.ACCEPTED: Outcome.REVIEW.value,
    Answer.HOLDS: Outcome.PASS.value,
    Answer.NOT_APPLICABLE: Outcome.NOT_APPLICABLE.value,
}
"""Whose sign an answer bears."""


class Missing(msgspec.Struct, frozen=True):
    """Gaps of one fact with the same cause."""

    words: str
    details: tuple[str, ...]
    more: int


def render(assessments: Sequence[Assessment], controls: Sequence[CompiledControl], *, made: datetime.datetime) -> str:
    """The report as one HTML file, to be written as UTF-8.

    Raises:
        ValueError: as for ``report_of``.
    """
    report = report_of(assessments, controls, made=made)
    groups = groups_of(report.findings, controls)
    places = [places_of(assessment) for assessment in assessments]
    environment = _environment()
    style, head_script, script = (_asset(name) for name in ("report.css", "early.js", "report.js"))
    return environment.get_template("report.html.j2").render(
        report=report,
        groups=groups,
        shown=frozenset(group.id for group in groups),
        matrices=matrices_of(report, places),
        pictures=_pictures(report, assessments),
        owners=_owners(report, assessments),
        summary=summary_of(report, groups),
        data=Markup(PageData(report, assessments, places).encoded(groups).decode()),  # noqa: S704  escaped for scripts
        skipped=[_skipped(assessment.evidence) for assessment in assessments],
        style=style,
        head_script=head_script,
        script=script,
        policy=content_security_policy(style, (head_script, script)),
        mistakes=assessments[0].profile.groups_are is GroupKind.MISTAKES,
        synthetic=[cluster for cluster in report.clusters if cluster.synthetic],
        severities=sorted(Severity, key=lambda severity: -severity.rank),
        confidences=sorted(Confidence, key=lambda confidence: -confidence.rank),
    )


def _pictures(report: Report, assessments: Sequence[Assessment]) -> list[Picture]:
    """Of each cluster whose evidence shows its networks; of none where there are more than anybody looks at."""
    if len(assessments) > MOST_PICTURES:
        return []
    views = [network_view(each, cluster.label) for each, cluster in zip(assessments, report.clusters, strict=True)]
    return [picture_of(view) for view in views if view is not None]


def _owners(report: Report, assessments: Sequence[Assessment]) -> list[OwnerMatrix]:
    """Of each cluster that has protected VMs."""
    found = [owner_matrix(each, cluster.label) for each, cluster in zip(assessments, report.clusters, strict=True)]
    return [matrix for matrix in found if matrix is not None]


def content_security_policy(style: str, scripts: Sequence[str]) -> str:
    """Nothing may be loaded from anywhere; this style and these scripts may run, by their digests, and no other."""
    script_sources = " ".join(_source(script) for script in scripts)
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {script_sources}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hypervigil.report", "html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        name=lambda text: clipped(visible(text), NAME_LIMIT),
        text=lambda text: clipped(visible(text), TEXT_LIMIT),
        markdown=as_html,
        moment=moment,
        thousands=lambda number: f"{number:,}",
        gaps=_gaps,
        incomplete=lambda cluster: [fact for fact in cluster.completeness if fact.known < fact.wanted],
        complete=_complete,
    )
    environment.globals.update(
        number_of=number_of,
        Outcome=Outcome,
        ORDER=ORDER,
        WORDS=WORDS,
        STATE_WORDS=STATE_WORDS,
        STARTS=tuple(Start),
        SIGNS=SIGNS,
        WIDTH=WIDTH,
        FIRST_SECTIONS=FIRST_SECTIONS,
        MORE_SECTIONS=MORE_SECTIONS,
    )
    return environment


@functools.cache
def _asset(name: str) -> Markup:
    """A style sheet or script of the package, as it is."""
    loader = _environment().loader
    if loader is None:
        msg = "the templates have no loader"
        raise LookupError(msg)
    source, _, _ = loader.get_source(_environment(), name)
    return Markup(source)  # noqa: S704  our own file


def _gaps(fact: Completeness) -> list[Missing]:
    by_cause: dict[str, list[str]] = {}
    for gap in fact.missing:
        by_cause.setdefault(CAUSES[gap.cause], []).append(gap.detail or "")
    return [
        Missing(
            words=words,
            details=tuple(clipped(visible(detail), TEXT_LIMIT) for detail in details[:SHOWN_GAPS] if detail),
            more=max(0, len(details) - SHOWN_GAPS),
        )
        for words, details in by_cause.items()
    ]


def _complete(cluster: JudgedCluster) -> str:
    return ", ".join(fact.title for fact in cluster.completeness if fact.known == fact.wanted)


def _skipped(evidence: Evidence) -> tuple[list[tuple[str, str, str]], int]:
    """Path, size and reason of members that were not read, as many as are shown, and how many more there are."""
    shown = [
        (clipped(visible(member.path), TEXT_LIMIT), _size(member.size), clipped(visible(member.why), TEXT_LIMIT))
        for member in evidence.skipped[:SHOWN_SKIPPED]
    ]
    return shown, max(0, len(evidence.skipped) - SHOWN_SKIPPED)


def _size(size: int) -> str:
    """Bytes in the largest unit of which there is at least one."""
    for unit, bits in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if size >> bits:
            return f"{size / (1 << bits):,.1f} {unit}"
    return number_of(size, "byte")
