"""``hypervigil context``: draft what only the operator can tell, and check what was declared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.status import ExitStatus, status
from hypervigil.cli.usage import require_command
from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypervigil.assess.context_conflicts import Compared
    from hypervigil.evidence.evidence import Evidence
    from hypervigil.model.context import Context

app = typer.Typer(rich_markup_mode=None)


class WhichContextError(InputError):
    """Several contexts are about one cluster."""


class ExistsError(InputError):
    """A draft would overwrite what somebody has written."""


@app.callback(invoke_without_command=True)
def _context(context: typer.Context) -> None:
    """Declare what no host can tell."""
    require_command(context)


@app.command()
def new(
    bundle: Annotated[
        Path, typer.Argument(metavar="BUNDLE", readable=False, help="The bundle of the cluster: folder or zip.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write to this file, which must be new."),
    ] = None,
) -> None:
    """Draft a context.toml for a bundle.

    Guesses from the evidence are comments in it: they say nothing until you take their mark away.
    """
    from hypervigil.assess.context_draft import draft
    from hypervigil.cli.output import check_writable, emit
    from hypervigil.store import read_bundle

    if output is not None:
        check_writable(output)
        if output.is_file():
            raise ExistsError(f"{output}: it is there already, and what you declared would be lost. Name a new file.")
    emit(draft(read_bundle(bundle)), output)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="A context.toml.")],
    bundles: Annotated[
        list[Path] | None,
        typer.Option("--bundle", metavar="BUNDLE", readable=False, help="Compare it with this bundle."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check a context, alone or against bundles.

    Exit status: 0 nothing contradicts it; 1 something does; 2 it is wrong in itself.
    """
    from hypervigil.assess.context_conflicts import compare_context
    from hypervigil.assess.subjects import Subjects
    from hypervigil.cli.inputs import named_bundles
    from hypervigil.cli.output import emit_json
    from hypervigil.report.context import declared, undeclared
    from hypervigil.report.text import well_formed
    from hypervigil.store import read_bundle

    (context,) = load_contexts([file])
    compared: list[tuple[Evidence, Compared]] = []
    for path in named_bundles(bundles or ()):
        evidence = read_bundle(path)
        if context_for([context], evidence) is not None:
            compared.append((evidence, compare_context(context, evidence, Subjects(evidence).nodes.subjects)))
    if any(found.conflicts for _, found in compared):
        status.value = ExitStatus.FINDINGS
    if not as_json:
        _print(context, compared)
        return
    emit_json(
        {
            "file": well_formed(context.file),
            "digest": context.digest,
            "declared": dict(declared(context)),
            "undeclared": undeclared(context),
            "bundles": [_described(context, evidence, found) for evidence, found in compared],
        }
    )


def _described(context: Context, evidence: Evidence, found: Compared) -> dict[str, object]:
    import functools

    from hypervigil.report.context import used_context
    from hypervigil.report.findings import evidence_item
    from hypervigil.report.text import well_formed

    used = used_context(context, found.conflicts, found.unchecked, functools.partial(evidence_item, evidence))
    return {"label": well_formed(evidence.label), "conflicts": used.conflicts, "unchecked": used.unchecked}


def _print(context: Context, compared: Sequence[tuple[Evidence, Compared]]) -> None:
    from hypervigil.cli.output import console, say
    from hypervigil.report.terminal_context import context_lines, declaration_lines
    from hypervigil.report.terminal_lines import plain, print_paragraph

    out = console()
    for line in declaration_lines(context):
        print_paragraph(out, line, rest=4)
    for evidence, found in compared:
        out.print()
        say(out, plain(evidence.label), "bold")
        for line in context_lines(context, found.conflicts, found.unchecked):
            print_paragraph(out, line, rest=4)


def load_contexts(files: Sequence[Path]) -> tuple[Context, ...]:
    """The contexts in TOML files, in their order.

    Raises:
        ReadError: a file can not be read.
        TomlInputError: a file is no context.
    """
    from hypervigil.assess.context_file import parse_context
    from hypervigil.cli.inputs import MAX_TOML_BYTES, read_bytes

    expected = "a TOML file with a context"
    return tuple(parse_context(read_bytes(path, MAX_TOML_BYTES, expected), str(path)) for path in files)


def context_for(contexts: Sequence[Context], evidence: Evidence) -> Context | None:
    """The context that is about this cluster: one that names it goes before one that names none.

    Where contexts were given and none is about it, that is said on standard error.

    Raises:
        WhichContextError: there are several.
    """
    from hypervigil.cli.output import console, say

    if not contexts:
        return None
    subjects = (evidence.cluster,) if evidence.cluster else evidence.nodes
    names = [name for subject in subjects for name in (subject.name, *subject.keys)]
    about = [context for context in contexts if context.is_about(names)]
    found = [context for context in about if context.clusters] or about
    if len(found) > 1:
        files = " and ".join(context.file for context in found)
        raise WhichContextError(
            f"{evidence.label}: {files} are both about it. Give one, or let each name its clusters."
        )
    if not found:
        named = "; ".join(f"{context.file} is about {', '.join(context.clusters)}" for context in contexts)
        say(console(stderr=True), f"{evidence.label}: no context is about it ({named}).", "yellow")
        return None
    return found[0]
