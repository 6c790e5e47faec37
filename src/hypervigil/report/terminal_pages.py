"""The page of a control on a terminal."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown
from rich.text import Text

from hypervigil.assess.compile import CompiledControl
from hypervigil.model.grading import Confidence
from hypervigil.report.terminal_lines import print_paragraph, usable_width


def print_page(compiled: CompiledControl, out: Console) -> None:
    """Print the page, with what the control is about and asks for at its head."""
    about = compiled.control
    print_paragraph(out, Text(f"{about.id}  {about.title}", "bold"), rest=len(about.id) + 2)
    graded = [about.family.title, f"scope {about.scope.value}", f"severity {about.severity.value}"]
    if about.confidence is not Confidence.DOCUMENTED:
        graded.append(f"confidence {about.confidence.value}")
    print_paragraph(out, Text(" · ".join(graded)))
    needs = ", ".join(name + (" (optional)" if optional else "") for name, optional in compiled.asks.items())
    print_paragraph(out, Text(f"Facts: {needs}"), rest=4)
    out.print()
    out.print(_Page(compiled.page.markdown, hyperlinks=False), width=usable_width(out), crop=False)


class _Commands(CodeBlock):
    """Commands to copy: never wrapped, for a shell would take the parts for lines of their own."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.plain.rstrip().splitlines():
            yield Text(f"    {line}", "bold", no_wrap=True, overflow="ignore")


class _Page(Markdown):
    elements: ClassVar = {**Markdown.elements, "code_block": _Commands, "fence": _Commands}
