"""``hypervigil diff``: what changed between two bundles or two saved results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hypervigil.cli.assess import FailOn


def diff(
    before: Annotated[Path, typer.Argument(help="The earlier bundle, or a saved result of 'assess --json'.")],
    after: Annotated[Path, typer.Argument(help="The later one.")],
    profile: Annotated[str, typer.Option(help="Profile for judging bundles.")] = "default",
    fail_on: Annotated[FailOn, typer.Option(help="Exit 1 for new or regressed failures from here on.")] = FailOn.HIGH,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what is new, regressed, fixed, still failing and newly unknown.

    Exit status: 1 when something at or above --fail-on is new or regressed.
    """
    raise NotImplementedError
