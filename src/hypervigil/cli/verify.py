"""``hypervigil verify``: is a bundle still what it was?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hypervigil.cli.status import ExitStatus, status


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle: folder or zip.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Tell whether a bundle is still what it was.

    Every document is compared with the manifest.

    Exit status: 0 whole; 1 something changed, is missing or was added; 2 not a bundle.
    """
    from hypervigil.cli.output import console, emit_json, say
    from hypervigil.report.terminal_lines import number_of
    from hypervigil.store import verify_bundle

    found = verify_bundle(bundle)
    if not found.whole:
        status.value = ExitStatus.FINDINGS
    if as_json:
        emit_json(
            {
                "bundle": found.bundle,
                "whole": found.whole,
                "tool": found.manifest.tool,
                "created": found.manifest.created,
                "synthetic": found.manifest.synthetic,
                "documents": found.documents,
                "manifest_sha256": found.manifest_sha256,
                "differences": found.differences,
            }
        )
        return
    out = console()
    for difference in found.differences:
        detail = f" ({difference.detail})" if difference.detail else ""
        say(out, f"{difference.what}: {difference.document}{detail}", "red")
    manifest = found.manifest
    what = "all as they were" if found.whole else f"{len(found.differences)} not as they were"
    made = f"made {manifest.created:%Y-%m-%d %H:%M} UTC by {manifest.tool}"
    say(out, f"{bundle}: {number_of(found.documents, 'document')}, {made}, {what}.", "bold")
    if manifest.synthetic:
        say(out, "Synthetic: made up, no machine stands behind it.", "bold yellow")
    say(out, f"Manifest SHA-256 {found.manifest_sha256}. Digests prove integrity, not who made the bundle.")
