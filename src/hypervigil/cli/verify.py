"""``hypervigil verify``: is a bundle still what it was?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hypervigil.cli.status import ExitStatus, status


def verify(
    bundle: Annotated[Path, typer.Argument(help="A bundle: folder or zip.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Compare every document of a bundle with its manifest.

    Exit status: 0 whole; 1 something changed, is missing or was added; 2 not a bundle.
    """
    from hypervigil.cli.output import console, emit_json
    from hypervigil.store import verify_bundle

    found = verify_bundle(bundle)
    if not found.whole:
        status.value = ExitStatus.FINDINGS
    if as_json:
        emit_json(
            {
                "bundle": found.bundle,
                "whole": found.whole,
                "documents": found.documents,
                "manifest_sha256": found.manifest_sha256,
                "differences": found.differences,
            }
        )
        return
    out = console()
    for difference in found.differences:
        detail = f" ({difference.detail})" if difference.detail else ""
        out.print(f"{difference.what}: {difference.document}{detail}", markup=False)
    manifest = found.manifest
    out.print(
        f"{bundle}: {found.documents} documents, made {manifest.created:%Y-%m-%d %H:%M} UTC by {manifest.tool}, "
        + ("all as they were." if found.whole else f"{len(found.differences)} not as they were."),
        markup=False,
    )
    out.print(f"Manifest SHA-256 {found.manifest_sha256}. Digests prove integrity, not who made the bundle.")
