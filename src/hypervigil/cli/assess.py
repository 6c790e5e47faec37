"""``hypervigil assess``: judge bundles."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.status import ExitStatus, status
from hypervigil.model.grading import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hypervigil.assess.assessment import Assessment
    from hypervigil.assess.compile import CompiledControl


class Format(enum.StrEnum):
    """How the assessment is written."""

    TERMINAL = "terminal"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    CSV = "csv"
    JUNIT = "junit"


class FailOn(enum.StrEnum):
    """From which severity on an open failure makes the exit status 1."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"

    def reached(self, severity: Severity) -> bool:
        """Whether a failure of that severity counts."""
        return self is not FailOn.NEVER and severity.rank >= Severity(self.value).rank


def assess(
    bundles: Annotated[list[Path], typer.Argument(help="Bundles: folders or zips written by 'collect' or 'demo'.")],
    profile: Annotated[str, typer.Option(help="Name of a shipped profile, or a TOML file.")] = "default",
    waivers: Annotated[list[Path] | None, typer.Option(help="TOML file with accepted exceptions.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="A control id or pattern, such as 'SMB-*'.")] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Exit 1 for open failures from this severity on.")] = FailOn.HIGH,
    require_complete: Annotated[
        bool, typer.Option("--require-complete", help="Exit 3 when evidence was too thin to decide what was asked.")
    ] = False,
    output_format: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TERMINAL,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Also list what passes and what does not apply.")] = False,
) -> None:
    """Judge the evidence in one or many bundles.

    Exit status: 0 nothing failed at or above --fail-on; 1 something did; 2 an input is wrong; 3 too little evidence
    (with --require-complete).
    """
    import datetime

    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.inputs import load_profile, load_waivers, narrowed, not_built_note
    from hypervigil.cli.progress import progress

    controls = compiled_controls()
    chosen = load_profile(profile)
    not_built_note(chosen, controls)
    if only:
        chosen = narrowed(chosen, only)
    accepted = [waiver for file in waivers or () for waiver in load_waivers(file)]
    today = datetime.datetime.now(datetime.UTC).date()
    wanted = Format.JSON if as_json else output_format

    def judged(path: Path) -> Assessment:
        from hypervigil.assess.assessment import assess as judge
        from hypervigil.store import read_bundle

        made = judge(read_bundle(path), controls, profile=chosen, waivers=accepted, today=today)
        settle(made, fail_on, require_complete=require_complete)
        return made

    with progress("Judging", bundles) as paths:
        if wanted is Format.TERMINAL:
            _terminal(map(judged, paths), controls, output, show_all=show_all)
            return
        assessments = [judged(path) for path in paths]
    write(assessments, controls, wanted, output)


def settle(assessment: Assessment, fail_on: FailOn, *, require_complete: bool) -> None:
    """Let one assessment count towards the exit status: 1 beats 3 beats 0."""
    from hypervigil.model.finding import Disposition
    from hypervigil.model.outcome import Outcome

    for finding in assessment.findings:
        if finding.outcome is Outcome.FAIL and finding.disposition is Disposition.OPEN:
            if fail_on.reached(finding.severity):
                status.value = ExitStatus.FINDINGS
        elif finding.outcome is Outcome.UNKNOWN and require_complete and status.value != ExitStatus.FINDINGS:
            status.value = ExitStatus.TOO_THIN


def _terminal(
    assessments: Iterable[Assessment], controls: Sequence[CompiledControl], output: Path | None, *, show_all: bool
) -> None:
    from hypervigil.cli.output import captured, console, emit
    from hypervigil.report.terminal import print_assessments

    if output is None:
        print_assessments(assessments, controls, console(), show_all=show_all)
        return
    text = captured(lambda out: print_assessments(assessments, controls, out, show_all=show_all))
    emit(text, output)


def write(
    assessments: Sequence[Assessment], controls: Sequence[CompiledControl], wanted: Format, output: Path | None
) -> None:
    """Write assessments in one of the formats for files and machines."""
    import datetime
    import importlib

    from hypervigil.cli.output import emit

    module = importlib.import_module(f"hypervigil.report.{_MODULES[wanted]}")
    render: Callable[..., str] = module.render
    emit(render(assessments, controls, made=datetime.datetime.now(datetime.UTC)), output)


_MODULES = {
    Format.JSON: "json_format",
    Format.HTML: "html",
    Format.SARIF: "sarif",
    Format.CSV: "csv_format",
    Format.JUNIT: "junit",
}
