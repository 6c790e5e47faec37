"""The command line: one module a command, thin; the work is done elsewhere."""

from hypervigil.cli.main import main

__all__ = ["main"]
