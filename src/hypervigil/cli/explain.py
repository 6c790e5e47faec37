"""``hypervigil explain``: the page of a control."""

from __future__ import annotations

from typing import Annotated

import typer


def explain(
    control: Annotated[str, typer.Argument(metavar="ID", help="Id of a control, such as SMB-002.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print a control's page: why, how, remedy.

    What it decides, why it matters, how it is decided, how to look yourself, how to mend it, what it cannot see.
    """
    from hypervigil.cli.controls import described
    from hypervigil.cli.inputs import known_control
    from hypervigil.cli.output import emit_json, show

    compiled = known_control(control)
    if as_json:
        emit_json({**described(compiled), "page": compiled.page.sections})
        return
    from hypervigil.report.terminal_pages import print_page

    show(lambda out: print_page(compiled, out))
