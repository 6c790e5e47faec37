"""``hypervigil controls``: list what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.model.grading import Severity
from hypervigil.model.subject import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from hypervigil.assess.compile import CompiledControl


def controls(
    family: Annotated[str | None, typer.Option(metavar="PREFIX", help="Only this family, such as SMB.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only this severity.")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Only this scope.")] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="Only those that this profile selects.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List what can be asked, for what subjects."""
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.inputs import known_family, load_profile
    from hypervigil.cli.output import emit_json, show

    chosen = load_profile(profile) if profile else None
    wanted = known_family(family) if family else None
    listed = [
        compiled
        for compiled in compiled_controls()
        if (wanted is None or compiled.control.family is wanted)
        and severity in (None, compiled.control.severity)
        and scope in (None, compiled.control.scope)
        and (chosen is None or chosen.selects(compiled.control.id))
    ]
    if as_json:
        emit_json([described(compiled) for compiled in listed])
        return
    show(lambda out: _print(listed, out))


def _print(listed: Sequence[CompiledControl], out: Console) -> None:
    from rich.table import Table

    from hypervigil.cli.output import say
    from hypervigil.report.terminal_lines import number_of, usable_width

    table = Table(box=None, pad_edge=False, header_style="bold", width=usable_width(out))
    for heading in ("id", "severity", "scope"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what should hold", ratio=1)
    for compiled in listed:
        control = compiled.control
        table.add_row(control.id, control.severity.value, control.scope.value, control.title)
    if listed:
        out.print(table)
    hint = " 'hypervigil explain ID' prints the page of one." if listed else " Ask for less, or for another profile."
    say(out, f"{number_of(len(listed), 'control')}.{hint}")


def described(compiled: CompiledControl) -> dict[str, object]:
    """A control for machines: ``needs`` is what it asks for, ``optional`` what of that it can do without.

    These are facts by name, and ``context`` for what the operator declares.
    """
    control = compiled.control
    return {
        "id": control.id,
        "title": control.title,
        "family": control.family.prefix,
        "scope": control.scope.value,
        "severity": control.severity.value,
        "confidence": control.confidence.value,
        "outcomes": sorted(outcome.value for outcome in control.outcomes),
        "needs": list(compiled.asks),
        "optional": [name for name, optional in compiled.asks.items() if optional],
    }
