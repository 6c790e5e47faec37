"""A command line that names no command."""

from __future__ import annotations

import sys

import typer

from hypervigil.cli.status import ExitStatus


def require_command(context: typer.Context) -> None:
    """Print the help, and stop, where nothing follows the program or a group of commands.

    Raises:
        typer.Exit: no command was named.
    """
    if context.invoked_subcommand is None:
        sys.stderr.write(f"{context.get_help()}\n")
        raise typer.Exit(ExitStatus.WRONG_INPUT)
