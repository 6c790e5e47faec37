"""The parts of a profile on a terminal: the answer of each, what it rests on, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from hypervigil.assess.parts import Answer, PartAnswer, Told
from hypervigil.model.context import CONTEXT
from hypervigil.model.wording import few
from hypervigil.report.terminal_lines import plain, print_paragraph

_STYLES = {
    Answer.FAILS: "bold red",
    Answer.UNDECIDED: "magenta",
    Answer.ACCEPTED: "yellow",
    Answer.HOLDS: "green",
    Answer.NOT_APPLICABLE: "dim",
}
_SHOWN = 4
"""So many subjects, or facts, are named."""


def print_parts(title: str, parts: Sequence[PartAnswer], out: Console) -> None:
    """Print the parts below a title, in the order of the profile."""
    out.print(Text(plain(title), "bold"))
    for part in parts:
        head = Text().append(f"{part.words}: ", _STYLES[part.answer]).append(plain(part.title), "bold")
        print_paragraph(out, head, first=2, rest=4)
        for line in _lines(part):
            print_paragraph(out, line, first=4, rest=6)


def _lines(part: PartAnswer) -> Iterator[Text]:
    for what, told in (("fails", part.fails), ("waived", part.waived)):
        if told:
            yield Text(f"{what}: {'; '.join(map(_on, told))}")
    if part.facts and part.answer in (Answer.FAILS, Answer.HOLDS):
        yield Text(f"on the facts {few(part.facts, _SHOWN)}", "dim")
    if part.holds and part.answer is not Answer.HOLDS:
        yield Text(f"fine: {', '.join(part.holds)}", "dim")
    if part.review:
        yield Text(f"a person has to answer: {', '.join(each.control for each in part.review)}", "dim")
    unknown = [
        *map(_unseen, part.unknown),
        *([f"{', '.join(part.not_built)} (not built yet)"] if part.not_built else []),
    ]
    if unknown:
        yield Text(f"not known: {'; '.join(unknown)}", "dim")


def _on(told: Told) -> str:
    return f"{told.control} on {few(map(plain, told.subjects), _SHOWN)}"


def _unseen(told: Told) -> str:
    facts = list(dict.fromkeys("no context declared" if gap.fact == CONTEXT else gap.fact for gap in told.missing))
    return f"{told.control} ({few(facts, _SHOWN)})" if facts else told.control
