"""``hypervigil collect``: turn what was gathered on hosts into a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hypervigil.evidence.evidence import Evidence

app = typer.Typer(help="Turn what was gathered on hosts into a bundle.", no_args_is_help=True, rich_markup_mode=None)

_Output = Annotated[Path, typer.Option("--output", "-o", help="The bundle to write: a folder, or a name with .zip.")]
_Json = Annotated[bool, typer.Option("--json", help="Print what was collected as JSON.")]
_Skipped = Annotated[bool, typer.Option("--skipped", help="List the files that were not read, each with why.")]


@app.command()
def clixml(
    folder: Annotated[Path, typer.Argument(help="CLIXML files of one host, or a folder of such folders.")],
    output: _Output,
    as_json: _Json = False,
    skipped: _Skipped = False,
) -> None:
    """Read loose files of Export-Clixml, as 'collect snippet' makes them."""
    from hypervigil.collect.clixml_folder import collect_folder

    _store(collect_folder(folder), output, as_json=as_json, list_skipped=skipped)


@app.command()
def sddc(
    archive: Annotated[
        Path, typer.Argument(help="HealthTest-*.ZIP of Get-SDDCDiagnosticInfo, or the unpacked folder.")
    ],
    output: _Output,
    as_json: _Json = False,
    skipped: _Skipped = False,
) -> None:
    """Read an archive of Get-SDDCDiagnosticInfo."""
    from hypervigil.collect.sddc import collect_sddc

    _store(collect_sddc(archive), output, as_json=as_json, list_skipped=skipped)


@app.command()
def snippet(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Print the read-only PowerShell lines that gather on a node what an SDDC archive lacks."""
    from hypervigil.cli.output import emit
    from hypervigil.collect.snippet import snippet as lines

    emit(lines(), output)


def _store(evidence: Evidence, output: Path, *, as_json: bool, list_skipped: bool) -> None:
    import datetime

    from hypervigil.cli.output import console, emit_json
    from hypervigil.store import write_bundle

    manifest = write_bundle(evidence, output, created=datetime.datetime.now(datetime.UTC).replace(microsecond=0))
    known = sum(entry.status == "known" for entry in manifest.documents)
    gaps = len(manifest.documents) - known
    if as_json:
        emit_json(
            {
                "bundle": str(output),
                "cluster": manifest.cluster,
                "nodes": manifest.nodes,
                "known": known,
                "gaps": [
                    {"fact": gap.fact, "subject": key, "cause": gap.cause, "detail": gap.detail}
                    for key, gap in evidence.gaps
                ],
                "skipped": manifest.skipped,
            }
        )
        return
    out = console()
    of = f"cluster {manifest.cluster.name}" if manifest.cluster else "no cluster"
    names = ", ".join(node.name for node in manifest.nodes)
    out.print(
        f"{output}: {of}, {len(manifest.nodes)} host{'s' if len(manifest.nodes) != 1 else ''} ({names}).", markup=False
    )
    out.print(f"{known} documents with facts, {gaps} with gaps.")
    causes: dict[str, set[str]] = {}
    for _, gap in evidence.gaps:
        causes.setdefault(gap.cause.value, set()).add(gap.fact)
    for cause, facts in sorted(causes.items()):
        out.print(f"  {cause}: {', '.join(sorted(facts))}", markup=False)
    if manifest.skipped:
        hint = ":" if list_skipped else "; --skipped lists them."
        out.print(f"{len(manifest.skipped)} files of the source were not needed or not readable{hint}")
    for skipped in manifest.skipped if list_skipped else ():
        out.print(f"  {skipped.path} ({skipped.size} bytes): {skipped.why}", markup=False)
    out.print(f"Next: hypervigil assess {output}", markup=False)
