"""``hypervigil diff``: what changed between two bundles or two saved results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.assess import FailOn
from hypervigil.cli.status import ExitStatus, status

if TYPE_CHECKING:
    from hypervigil.assess.compare import Compared, Comparison
    from hypervigil.model.profile import Profile

MAX_RESULT_BYTES = 2 * 1024 * 1024 * 1024


def diff(
    before: Annotated[Path, typer.Argument(help="The earlier bundle, or a saved result of 'assess --json'.")],
    after: Annotated[Path, typer.Argument(help="The later one.")],
    profile: Annotated[str, typer.Option(help="Profile for judging bundles.")] = "default",
    waivers: Annotated[list[Path] | None, typer.Option(help="TOML file with accepted exceptions, for bundles.")] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Exit 1 for new or regressed failures from here on.")] = FailOn.HIGH,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what is new, regressed, fixed, still failing and newly unknown.

    Exit status: 1 when something at or above --fail-on is new or regressed.
    """
    from hypervigil.assess.compare import compare
    from hypervigil.cli.inputs import load_profile
    from hypervigil.model.grading import Severity

    chosen = load_profile(profile)
    files = waivers or []
    made = compare(_side(before, chosen, files), _side(after, chosen, files))
    if fail_on is not FailOn.NEVER and made.worse(Severity(fail_on.value)):
        status.value = ExitStatus.FINDINGS
    if as_json:
        _print_json(made)
    else:
        _print(made)


def _side(path: Path, profile: Profile, waiver_files: list[Path]) -> tuple[Compared, ...]:
    """A saved result is taken as it is; a bundle is judged."""
    import datetime

    from hypervigil.assess.assessment import assess
    from hypervigil.assess.compare import compared
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.assess.saved_result import findings_from_json
    from hypervigil.cli.inputs import ReadError, load_waivers, read_bytes
    from hypervigil.formats.errors import FormatError
    from hypervigil.store import read_bundle

    if path.is_file() and path.suffix.lower() != ".zip":
        try:
            return findings_from_json(read_bytes(path, MAX_RESULT_BYTES))
        except FormatError as error:
            raise ReadError(f"{path}: {error}. Give a bundle, or what 'assess --json' wrote.") from error
    accepted = [waiver for file in waiver_files for waiver in load_waivers(file)]
    today = datetime.datetime.now(datetime.UTC).date()
    judged = assess(read_bundle(path), compiled_controls(), profile=profile, waivers=accepted, today=today)
    return compared(judged.findings)


def _print_json(made: Comparison) -> None:
    from hypervigil.cli.output import emit_json

    emit_json(
        {
            "counts": {kind.value: count for kind, count in made.counts.items()},
            "only_before": made.only_before,
            "only_after": made.only_after,
            "changes": [
                {
                    "kind": change.kind.value,
                    "control": change.shown.control,
                    "subject": change.shown.subject,
                    "scope": change.shown.scope.value,
                    "severity": change.shown.severity.value,
                    "was": change.was,
                    "now": change.now,
                    "disposition": change.shown.disposition.value,
                    "reopened": change.reopened,
                    "fingerprint": change.shown.fingerprints[0],
                    "reasons": change.shown.reasons,
                }
                for change in made.changes
            ],
        }
    )


def _print(made: Comparison) -> None:
    from hypervigil.assess.compare import ChangeKind
    from hypervigil.cli.output import console
    from hypervigil.report.terminal_changes import print_changes

    out = console()
    if made.nothing_in_common:
        out.print("No finding is on both sides: these are most likely different clusters.", style="yellow")
    quiet = {ChangeKind.UNCHANGED, ChangeKind.APPEARED, ChangeKind.CHANGED}
    print_changes(made, [kind for kind in ChangeKind if kind not in quiet], out)
    for name, controls in (("before", made.only_before), ("after", made.only_after)):
        if controls:
            out.print(f"Only {name} asked for: {', '.join(controls)}.", style="dim")
