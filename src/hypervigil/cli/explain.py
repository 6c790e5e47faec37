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
    from hypervigil.cli.output import console, emit_json

    compiled = known_control(control)
    if as_json:
        emit_json({**described(compiled), "page": compiled.page.sections})
        return
    from rich.markdown import Markdown
    from rich.text import Text

    about = compiled.control
    out = console()
    out.print(Text(f"{about.id}  {about.title}", style="bold"))
    needs = ", ".join(name + (" (optional)" if optional else "") for name, optional in compiled.asks.items())
    out.print(f"{about.family.title} · scope {about.scope.value} · severity {about.severity.value}")
    out.print(f"Facts: {needs}\n")
    out.print(Markdown(compiled.page.markdown))
