"""``hypervigil diff``: what changed between two bundles or two saved results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.assess import FailOn
from hypervigil.cli.status import ExitStatus, status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypervigil.assess.compare import Compared, Comparison
    from hypervigil.assess.compile import CompiledControl
    from hypervigil.model.context import Context
    from hypervigil.model.profile import Profile
    from hypervigil.model.waiver import Waiver

MAX_RESULT_BYTES = 2 * 1024 * 1024 * 1024
_ZIP = b"PK"


def diff(
    before: Annotated[
        Path,
        typer.Argument(
            metavar="BEFORE", readable=False, help="The earlier bundle, or a saved result of 'assess --json'."
        ),
    ],
    after: Annotated[Path, typer.Argument(metavar="AFTER", readable=False, help="The later one.")],
    profile: Annotated[str, typer.Option(metavar="NAME|FILE", help="Profile for judging bundles.")] = "default",
    waivers: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", readable=False, help="Accepted exceptions, for bundles.")
    ] = None,
    context: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", readable=False, help="What no host can tell, for bundles.")
    ] = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            metavar="SEVERITY", help="Exit 1 for new failures from here on: critical, high, medium, low, never."
        ),
    ] = FailOn.HIGH,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what is new, regressed, fixed, newly unknown.

    Exit status: 1 when a failure that is not waived, at or above --fail-on, is new or regressed.
    """
    from hypervigil.assess.compare import compare
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.context import load_contexts
    from hypervigil.cli.inputs import asked, load_profile, load_waivers
    from hypervigil.model.grading import Severity

    chosen = load_profile(profile)
    controls = asked(chosen, compiled_controls())
    accepted = load_waivers(waivers or ())
    contexts = load_contexts(context or ())
    made = compare(*(_side(path, chosen, controls, accepted, contexts) for path in (before, after)))
    if fail_on is not FailOn.NEVER and made.worse(Severity(fail_on.value)):
        status.value = ExitStatus.FINDINGS
    if as_json:
        _print_json(made)
    else:
        _print(made)


def _side(
    path: Path,
    profile: Profile,
    controls: Sequence[CompiledControl],
    waivers: Sequence[Waiver],
    contexts: Sequence[Context],
) -> tuple[Compared, ...]:
    """A saved result is taken as it is; a bundle is judged."""
    import datetime

    from hypervigil.assess.assessment import assess
    from hypervigil.assess.compare import compared
    from hypervigil.assess.saved_result import findings_from_json
    from hypervigil.cli.context import context_for
    from hypervigil.cli.inputs import ReadError, read_bytes
    from hypervigil.formats.errors import FormatError
    from hypervigil.store import read_bundle

    if _is_saved_result(path):
        try:
            return findings_from_json(read_bytes(path, MAX_RESULT_BYTES, "a bundle, or what 'assess --json' wrote"))
        except FormatError as error:
            raise ReadError(f"{path}: {error}. Name a bundle, or what 'assess --json' wrote.") from error
    today = datetime.datetime.now(datetime.UTC).date()
    evidence = read_bundle(path)
    context = context_for(contexts, evidence)
    judged = assess(evidence, controls, profile=profile, waivers=waivers, context=context, today=today)
    return compared(judged.findings)


def _is_saved_result(path: Path) -> bool:
    """Whether it is a file and no zip; what can not be opened is left to the reader of bundles, which says why."""
    try:
        if not path.is_file() or path.suffix.lower() == ".zip":
            return False
        with path.open("rb") as file:
            return file.read(len(_ZIP)) != _ZIP
    except (OSError, ValueError):
        return False


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
    from hypervigil.cli.output import console, say
    from hypervigil.report.terminal_changes import print_changes

    out = console()
    if made.nothing_in_common:
        say(out, "No finding is on both sides: these are most likely different clusters.", "yellow")
    quiet = {ChangeKind.UNCHANGED, ChangeKind.APPEARED, ChangeKind.CHANGED}
    print_changes(made, [kind for kind in ChangeKind if kind not in quiet], out)
    for name, controls in (("before", made.only_before), ("after", made.only_after)):
        if controls:
            say(out, f"Asked only {name}: {', '.join(controls)}.", "dim")
