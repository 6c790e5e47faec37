"""``hypervigil collect script`` and ``collect reads``: the script that reads hosts, and all that it reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from hypervigil.collect.reads import Row


def script(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", readable=False, help="Where to write it: a folder, made if need be."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write the script that reads hosts, to run there.

    With it come its SHA-256 and a page on how to run and review it.
    """
    import hashlib

    from hypervigil.cli.output import OutputError, console, emit_json, quoted, say, write_file
    from hypervigil.collect.script import SCRIPT, files

    try:
        output.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{output}: the folder can not be made: {error.strerror or error}. "
            "Name an existing folder, or a new one in an existing folder."
        ) from error
    written = files()
    for name, data in written.items():
        write_file(output / name, [data])
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    if as_json:
        emit_json({"folder": str(output), "files": [{"name": name, "sha256": at} for name, at in digests.items()]})
        return
    out = console()
    say(out, f"Written to {quoted(output)}: {', '.join(written)}.", "bold")
    say(out, f"SHA-256 of {SCRIPT}:")
    say(out, f"  {digests[SCRIPT]}", whole=True)
    say(out, "Next: copy the folder to a node, read the page, and run the script there, elevated.")


def reads(
    fact: Annotated[str | None, typer.Option("--fact", metavar="NAME", help="The reads of this fact only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """List all that the script reads on a host."""
    from hypervigil.cli.output import emit_json, show
    from hypervigil.collect.reads import table

    rows = table()
    if fact is not None:
        _require(fact, {row.fact for row in rows})
        rows = [row for row in rows if row.fact == fact]
    if as_json:
        import msgspec

        emit_json([msgspec.to_builtins(row) for row in rows])
    else:
        show(lambda out: _print(out, rows))


def _require(fact: str, known: Iterable[str]) -> None:
    import difflib

    from hypervigil.model.errors import InputError

    if fact in known:
        return
    near = difflib.get_close_matches(fact, sorted(known), 3)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "'hypervigil collect reads' lists them all."
    raise InputError(f"--fact: the script reads no fact {fact!r}. {remedy}")


def _print(out: Console, rows: Sequence[Row]) -> None:
    from hypervigil.cli.output import say
    from hypervigil.report.terminal_lines import number_of

    last = ""
    for row in rows:
        if row.fact != last:
            say(out, row.fact, "bold")
            last = row.fact
        say(out, f"  {row.shown}")
        for line in _details(row):
            say(out, f"      {line}", "dim")
    facts = len({row.fact for row in rows})
    say(out, "")
    say(out, f"{number_of(len(rows), 'read')} for {number_of(facts, 'fact')}.")


def _details(row: Row) -> Iterable[str]:
    if row.properties:
        yield f"takes {', '.join(row.properties)}"
    if row.fields:
        yield f"takes {', '.join(row.fields)}"
    conditions = []
    if row.release != "2019":
        conditions.append(f"from {row.release} on")
    if row.elevated:
        conditions.append("needs elevation")
    if row.effects != "none":
        conditions.append(f"besides reading: {row.effects}")
    if conditions:
        yield "; ".join(conditions)
