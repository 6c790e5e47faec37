"""``hypervigil collect``: turn what was gathered on hosts into a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.collector import reads, script
from hypervigil.cli.merge import merge
from hypervigil.cli.usage import require_command

if TYPE_CHECKING:
    from hypervigil.evidence.evidence import Evidence
    from hypervigil.store.layout import Manifest

app = typer.Typer(rich_markup_mode=None)
app.command()(script)
app.command()(reads)
app.command()(merge)

_Output = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="BUNDLE", readable=False, help="The bundle to write: a folder, or a name with .zip."
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print what was collected as JSON.")]
_Skipped = Annotated[bool, typer.Option("--skipped", help="List the files that were not read, each with why.")]


@app.callback(invoke_without_command=True)
def _collect(context: typer.Context) -> None:
    """Make a bundle of what was gathered on hosts."""
    require_command(context)


@app.command()
def clixml(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", readable=False, help="CLIXML files of one host, or a folder of such folders."),
    ],
    output: _Output,
    as_json: _Json = False,
    skipped: _Skipped = False,
) -> None:
    """Read loose files of Export-Clixml.

    Such files are what the lines of 'hypervigil collect snippet' write on a host.
    """
    from hypervigil.cli.progress import counting
    from hypervigil.collect.clixml_folder import collect_folder

    with counting("Reading") as progress:
        evidence = collect_folder(folder, progress)
    _store(evidence, output, as_json=as_json, list_skipped=skipped)


@app.command()
def sddc(
    archive: Annotated[
        Path,
        typer.Argument(
            metavar="ARCHIVE",
            readable=False,
            help="HealthTest-*.ZIP of Get-SDDCDiagnosticInfo, or the unpacked folder.",
        ),
    ],
    output: _Output,
    as_json: _Json = False,
    skipped: _Skipped = False,
) -> None:
    """Read an archive of Get-SDDCDiagnosticInfo."""
    from hypervigil.cli.progress import counting
    from hypervigil.collect.sddc import collect_sddc

    with counting("Reading") as progress:
        evidence = collect_sddc(archive, progress)
    _store(evidence, output, as_json=as_json, list_skipped=skipped)


@app.command()
def snippet(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write to this file.")
    ] = None,
) -> None:
    """Print read-only PowerShell lines to run on a node.

    They gather what an SDDC archive lacks, or with -All everything that a fact is read from.
    """
    from hypervigil.cli.output import emit
    from hypervigil.collect.snippet import snippet as lines

    emit(lines(), output)


def _store(evidence: Evidence, output: Path, *, as_json: bool, list_skipped: bool) -> None:
    import datetime

    from hypervigil.store import write_bundle

    manifest = write_bundle(evidence, output, created=datetime.datetime.now(datetime.UTC).replace(microsecond=0))
    if as_json:
        _print_json(evidence, manifest, output)
    else:
        _print(evidence, manifest, output, list_skipped=list_skipped)


def _print_json(evidence: Evidence, manifest: Manifest, output: Path) -> None:
    from hypervigil.cli.output import emit_json

    emit_json(
        {
            "bundle": str(output),
            "cluster": manifest.cluster,
            "nodes": manifest.nodes,
            "known": sum(entry.status == "known" for entry in manifest.documents),
            "gaps": [
                {"fact": gap.fact, "subject": key, "cause": gap.cause, "detail": gap.detail}
                for key, gap in evidence.gaps
            ],
            "skipped": manifest.skipped,
        }
    )


def _print(evidence: Evidence, manifest: Manifest, output: Path, *, list_skipped: bool) -> None:
    from hypervigil.cli.output import console, quoted, say
    from hypervigil.report.terminal_lines import number_of

    out = console()
    of = f"cluster {manifest.cluster.name}" if manifest.cluster else "no cluster"
    names = ", ".join(node.name for node in manifest.nodes)
    say(out, f"{output}: {of}, {number_of(len(manifest.nodes), 'host')} ({names}).", "bold")
    known = sum(entry.status == "known" for entry in manifest.documents)
    gaps = len(manifest.documents) - known
    say(out, f"{number_of(known, 'document')} with facts, {gaps} with gaps{':' if gaps else '.'}")
    causes: dict[str, dict[str, None]] = {}
    for _, gap in evidence.gaps:
        causes.setdefault(gap.cause.value, {})[gap.fact] = None
    for cause, facts in sorted(causes.items()):
        say(out, f"  {cause}: {', '.join(sorted(facts))}")
    if manifest.skipped:
        hint = ":" if list_skipped else "; --skipped lists them."
        say(out, f"{number_of(len(manifest.skipped), 'file')} of the source not needed or not readable{hint}")
    for skipped in manifest.skipped if list_skipped else ():
        say(out, f"  {skipped.path} ({number_of(skipped.size, 'byte')}): {skipped.why}")
    say(out, f"Next: hypervigil assess {quoted(output)}", whole=True)
