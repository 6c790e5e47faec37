"""What the collector's tasks read, as PowerShell's own parser sees it: to be compared with the table of reads."""

from __future__ import annotations

import fnmatch
import functools
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tests.collect.collector import SCRIPT
from tests.shared import psengine

PARTS = SCRIPT.parent / "parts"

PLUMBING = frozenset({"ForEach-Object", "Where-Object", "Sort-Object", "Select-Object", "Group-Object", "New-Object"})
"""Cmdlets that only work on what was read."""

ACCESSORS = frozenset(
    f"Get-Hv{kind}"
    for kind in ("Value", "Boolean", "Number", "Decimal", "Code", "Codes", "Text", "Texts", "Guid", "Moment", "Seconds")
)
EVERY = "*"
"""In a name that the parser can not see the whole of: anything."""


class Call(NamedTuple):
    """A command in a function: its name without module, parameters by name, and its arguments as written."""

    function: str
    name: str
    module: str
    parameters: tuple[str, ...]
    values: dict[str, str]
    arguments: tuple[str, ...]
    redirections: tuple[str, ...]


@functools.cache
def parsed() -> dict[str, Any]:
    """What the parser says of the script."""
    done = subprocess.run([str(psengine()), "parse", str(SCRIPT)], capture_output=True, check=False, timeout=120)
    (found,) = json.loads(done.stdout)["files"]
    return dict(found)


@functools.cache
def calls() -> tuple[Call, ...]:
    """Every command of the script."""
    return tuple(_calls())


def _calls() -> Iterator[Call]:
    for command in parsed()["commands"]:
        name = command["name"]
        if name is None:
            continue
        module, _, bare = name.rpartition("\\")
        parameters = tuple(each["name"] for each in command["parameters"])
        values = {each["name"]: each.get("next") or each.get("value") or "" for each in command["parameters"]}
        yield Call(
            command["function"] or "",
            bare,
            module,
            parameters,
            values,
            tuple(command["arguments"]),
            tuple(command["redirections"]),
        )


@functools.cache
def functions() -> dict[str, str]:
    """The text of every function of the script."""
    lines = SCRIPT.read_text("ascii").split("\n")
    return {each["name"]: "\n".join(lines[each["line"] - 1 : each["end_line"]]) for each in parsed()["functions"]}


@functools.cache
def task_functions() -> frozenset[str]:
    """Functions that stand in the parts with tasks; the others are the core's."""
    texts = "\n".join(part.read_text("ascii") for part in PARTS.glob("tasks_*.ps1"))
    return frozenset(re.findall(r"^function ([\w-]+)", texts, re.MULTILINE))


def closure(function: str) -> frozenset[str]:
    """A task's function and those of the tasks' parts that it calls, directly or not."""
    found: set[str] = set()
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += [call.name for call in calls() if call.function == name and call.name in task_functions()]
    return frozenset(found)


def calls_of(names: Iterable[str]) -> list[Call]:
    """The commands in these functions."""
    wanted = set(names)
    return [call for call in calls() if call.function in wanted]


def text_of(names: Iterable[str]) -> str:
    """The text of these functions."""
    return "\n".join(functions()[name] for name in sorted(names))


def resolved(argument: str, function: str) -> set[str]:
    """What an argument can be, ``EVERY`` in place of what only a run knows.

    A literal, a variable that is assigned one, a variable of a loop over literals, a text with such variables in it.
    """
    return _resolved(argument.strip(), functions().get(function, ""), 0)


def quoted_in(function: str) -> set[str]:
    """Every text in quotes in a function, its variables put in where the function says what they are."""
    text = functions()[function]
    found = {literal.replace("''", "'") for literal in re.findall(r"'((?:[^']|'')*)'", text)}
    for template in re.findall(r'"([^"\n]*)"', text):
        found |= _expanded(template, text, 1)
    return found


def _resolved(argument: str, text: str, depth: int) -> set[str]:
    if depth > 5:
        return {EVERY}
    if match := re.fullmatch(r"'((?:[^']|'')*)'", argument):
        return {match[1].replace("''", "'")}
    if match := re.fullmatch(r"\$(\w+)", argument):
        return _assigned(match[1], text, depth)
    if match := re.fullmatch(r'"([^"]*)"', argument):
        return _expanded(match[1], text, depth)
    return {argument} if re.fullmatch(r"[\w\\.:-]+", argument) else {EVERY}


def _expanded(template: str, text: str, depth: int) -> set[str]:
    found = {""}
    for literal, _, name in re.findall(r"([^$]+)|(\$\{?(\w+)\}?)", re.sub(r"\$\([^)]*\)", "$unknown__", template)):
        each = {literal} if literal else _assigned(name, text, depth)
        found = {before + after for before in found for after in each}
    return found


def _assigned(name: str, text: str, depth: int) -> set[str]:
    variable = re.escape(name)
    found: set[str] = set()
    for written in re.findall(
        rf"\${variable}\s*=\s*('(?:[^']|'')*'|\"[^\"]*\"|\$\w+)\s*$", text, re.MULTILINE | re.IGNORECASE
    ):
        found |= _resolved(written, text, depth + 1)
    for listed in re.findall(rf"foreach \(\${variable} in ([^)]*)\)", text, re.IGNORECASE):
        literals = re.findall(r"'((?:[^']|'')*)'", listed)
        found |= set(literals) if literals else {EVERY}
    return found or {EVERY}


def same(one: str, other: str) -> bool:
    """Whether two names can be the same; ``*`` and ``<anything>`` in either stand for anything. Case does not count."""
    a, b = (_pattern(name) for name in (one, other))
    return fnmatch.fnmatchcase(a, b) or fnmatch.fnmatchcase(b, a)


def _pattern(name: str) -> str:
    return re.sub(r"<[^>]*>", "*", name).casefold().replace("[", "[[]")


def argument(call: Call, parameter: str, place: int) -> str:
    """An argument by the parameter's name, else by its place among all arguments."""
    if parameter in call.values:
        return call.values[parameter]
    return call.arguments[place] if place < len(call.arguments) else ""
