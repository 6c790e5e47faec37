"""``hypervigil collect merge``: bundles of single nodes as one bundle of their cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hypervigil.collect.merge_remarks import Remark
    from hypervigil.store.layout import Manifest


def merge(
    bundles: Annotated[
        list[Path],
        typer.Argument(
            metavar="BUNDLE", readable=False, help="Bundles of one cluster, or folders that hold such bundles."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="BUNDLE",
            readable=False,
            help="The bundle to write: a folder, or a name with .zip.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was merged as JSON.")] = False,
) -> None:
    """Make one bundle of those of single nodes.

    The bundles must be of one cluster. It says which node's bundle lacks what others have or is older than the rest,
    and which nodes of the cluster no bundle covers. A signature covers one bundle and not what it was merged into:
    verify the parts first.
    """
    import datetime

    from hypervigil.cli.inputs import named_bundles
    from hypervigil.cli.output import console, emit_json, quoted, say
    from hypervigil.cli.progress import progress
    from hypervigil.collect.merge import merge as merged_from
    from hypervigil.report.terminal_lines import number_of
    from hypervigil.store import read_bundle, write_bundle

    with progress("Reading", named_bundles(bundles)) as paths:
        parts = [(str(path), read_bundle(path)) for path in paths]
    merged = merged_from(parts)
    created = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    manifest = write_bundle(merged.evidence, output, created=created)
    if as_json:
        emit_json(_as_json(output, len(parts), manifest, merged.remarks))
        return
    out = console()
    for remark in merged.remarks:
        say(out, f"{remark.kind}: {remark.text}", "yellow")
    nodes = number_of(len(manifest.nodes), "node")
    merge_of = f"{nodes} of {number_of(len(parts), 'bundle')}, {number_of(len(merged.remarks), 'remark')}"
    say(out, f"{output}: cluster {merged.evidence.label}, {merge_of}.", "bold")
    say(out, f"Next: hypervigil assess {quoted(output)}", whole=True)


def _as_json(output: Path, parts: int, manifest: Manifest, remarks: tuple[Remark, ...]) -> dict[str, object]:
    return {
        "bundle": str(output),
        "merged": parts,
        "cluster": manifest.cluster,
        "nodes": manifest.nodes,
        "remarks": remarks,
    }
