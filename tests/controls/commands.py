"""Finds the commands in PowerShell text: enough of the syntax for the short commands of a control's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    """One call of a cmdlet: its name as written, and the names of the parameters given to it, without the dash."""

    name: str
    parameters: tuple[str, ...]


@dataclass
class _Statement:
    """What is being read between two separators: a cmdlet (``name`` set), another expression, or nothing yet."""

    started: bool = False
    name: str = ""
    parameters: list[str] = field(default_factory=list)


_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<text>'(?:[^']|'')*'|"(?:[^"`]|`.|"")*")
      | (?P<open>[@$]?[({])
      | (?P<close>[)}])
      | (?P<separator>[|;\n])
      | (?P<assignment>(?<=\s)=(?=\s))
      | (?P<word>[^\s|;(){}'"]+)
      | (?P<space>[^\S\n]+)""",
    re.VERBOSE,
)
_CMDLET = re.compile(r"[A-Za-z]+-[A-Za-z][A-Za-z0-9]*")
_PARAMETER = re.compile(r"-(?P<name>[A-Za-z]\w*)(?::.*)?")
_CONTINUES = ("|", ",", "`", "(", "{")
"""A line that ends in one of these goes on in the next."""


def commands(code: str) -> Iterator[Command]:
    """Every call of a cmdlet in ``code``, inner ones first; words of other programs and expressions are passed over.

    Operators are not taken for parameters: they stand behind a value, so the statement they are in is no cmdlet's.
    """
    stack = [_Statement()]
    last = ""
    for token in _TOKEN.finditer(code):
        kind, text = str(token.lastgroup), token.group()
        if kind in ("space", "comment"):
            continue
        if kind == "open":
            stack[-1].started = True
            stack.append(_Statement())
        elif kind == "close":
            yield from _end(stack)
            if len(stack) > 1:
                stack.pop()
        elif kind in ("separator", "assignment"):
            if text != "\n" or not last.endswith(_CONTINUES):
                yield from _end(stack)
        else:
            _read(stack[-1], kind, text)
        if text != "\n":
            last = text
    while stack:
        yield from _end(stack)
        stack.pop()


def _read(statement: _Statement, kind: str, text: str) -> None:
    if not statement.started:
        statement.started = True
        if kind == "word" and _CMDLET.fullmatch(text):
            statement.name = text
    elif statement.name and kind == "word" and (parameter := _PARAMETER.fullmatch(text)):
        statement.parameters.append(parameter["name"])


def _end(stack: list[_Statement]) -> Iterator[Command]:
    statement = stack[-1]
    if statement.name:
        yield Command(statement.name, tuple(statement.parameters))
    stack[-1] = _Statement()
