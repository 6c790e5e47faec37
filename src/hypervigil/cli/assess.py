"""``hypervigil assess``: judge bundles."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.status import ExitStatus, status
from hypervigil.model.errors import InputError
from hypervigil.model.grading import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


class ClashError(InputError):
    """Two options that ask for different things."""


def assess(
    bundles: Annotated[
        list[Path],
        typer.Argument(metavar="BUNDLE", readable=False, help="Folders or zips written by 'collect' or 'demo'."),
    ],
    profile: Annotated[str, typer.Option(metavar="NAME|FILE", help="A shipped profile, or a TOML file.")] = "default",
    waivers: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", readable=False, help="TOML file with accepted exceptions.")
    ] = None,
    context: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", readable=False, help="TOML file with what no host can tell.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="ID", help="A control id or pattern, as 'SMB-*'.")] = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(metavar="SEVERITY", help="Exit 1 for failures from here on: critical, high, medium, low, never."),
    ] = FailOn.HIGH,
    require_complete: Annotated[
        bool, typer.Option("--require-complete", help="Exit 3 when evidence was too thin to decide what was asked.")
    ] = False,
    output_format: Annotated[
        Format, typer.Option("--format", metavar="FORMAT", help="One of terminal, json, html, sarif, csv, junit.")
    ] = Format.TERMINAL,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write to this file.")
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="On a terminal: everything, and in full.")] = False,
) -> None:
    """Judge the evidence in one or many bundles.

    Exit status: 0 nothing failed at or above --fail-on; 1 something did that is not waived; 2 an input is wrong; 3 too
    little evidence (with --require-complete).
    """
    import datetime

    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.context import context_for, load_contexts
    from hypervigil.cli.inputs import asked, load_profile, load_waivers, named_bundles, narrowed
    from hypervigil.cli.output import check_writable

    wanted = chosen_format(output_format, as_json=as_json)
    if output is not None:
        check_writable(output)
    paths = named_bundles(bundles)
    chosen = load_profile(profile)
    if only:
        chosen = narrowed(chosen, only)
    controls = asked(chosen, compiled_controls())
    accepted = load_waivers(waivers or ())
    contexts = load_contexts(context or ())
    today = datetime.datetime.now(datetime.UTC).date()

    def judged(path: Path) -> Assessment:
        from hypervigil.assess.assessment import assess as judge
        from hypervigil.store import read_bundle

        evidence = read_bundle(path)
        known = context_for(contexts, evidence)
        made = judge(evidence, controls, profile=chosen, waivers=accepted, context=known, today=today)
        settle(made, fail_on, require_complete=require_complete)
        return made

    if wanted is Format.TERMINAL:
        _terminal(map(judged, paths), controls, output, show_all=show_all)
    else:
        write(_lean(paths, judged, wanted), controls, wanted, output)


def chosen_format(named: Format, *, as_json: bool) -> Format:
    """The format that --format and --json ask for together.

    Raises:
        ClashError: they ask for different ones.
    """
    if as_json and named not in (Format.TERMINAL, Format.JSON):
        raise ClashError(f"--json and --format {named.value} ask for different formats. Give one of the two.")
    return Format.JSON if as_json else named


def _lean(paths: Sequence[Path], judged: Callable[[Path], Assessment], wanted: Format) -> list[Assessment]:
    """The assessments, each without what the format does not show, so that a fleet fits into memory."""
    from hypervigil.assess.assessment import lean
    from hypervigil.cli.progress import progress
    from hypervigil.report.network_picture import MOST_PICTURES

    with progress("Judging", paths) as shown:
        if wanted is Format.HTML and len(paths) <= MOST_PICTURES:
            return list(map(judged, shown))  # pictures are drawn of facts that no finding need rest on
        return [lean(judged(path), with_facts=wanted is Format.HTML) for path in shown]


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
    assessments: Iterator[Assessment], controls: Sequence[CompiledControl], output: Path | None, *, show_all: bool
) -> None:
    from hypervigil.cli.output import captured, console, emit
    from hypervigil.report.terminal import print_assessments

    if output is None:
        try:
            print_assessments(assessments, controls, console(), show_all=show_all)
        except BrokenPipeError:
            for _ in assessments:  # nobody reads on, but the exit status speaks of all bundles
                pass
            raise
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
