"""What must hold of every control, whoever writes it.

A check takes controls and gives complaints, one line each, so that it can be shown a bad control as well as the
registry. ``test_registry.py`` asks them of the registry; ``test_checks.py`` plants controls that break one rule each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from hypervigil.assess.compile import CompiledControl
from hypervigil.evidence.register import FACTS
from hypervigil.model.control import Page
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Outcome
from tests.controls.catalogue import Row
from tests.controls.commands import Command, commands

Controls = Iterable[CompiledControl]


@dataclass(frozen=True)
class Ran:
    """What one case of a control's table made of it."""

    control: str
    outcome: Outcome
    codes: tuple[str, ...]


def unlisted(modules: Iterable[str], packages: Iterable[str], families: Iterable[ModuleType]) -> Iterator[str]:
    """Modules and packages of the tree that the registry does not reach, and families whose tuple is out of order."""
    families = tuple(families)
    listed = [module.__name__ for family in families for module in family.CONTROLS]
    yield from (f"{name} is no family of the registry" for name in sorted({*packages} - {f.__name__ for f in families}))
    yield from (f"{name} is in no tuple CONTROLS" for name in sorted({*modules} - {*listed}))
    yield from (f"{name} is listed {times} times" for name, times in Counter(listed).items() if times > 1)
    for family in families:
        names = [module.__name__ for module in family.CONTROLS]
        yield from (f"{n} is listed in {family.__name__}" for n in names if n.rpartition(".")[0] != family.__name__)
        if names != sorted(names):
            yield f"{family.__name__}.CONTROLS is not in the order of ids"


def incomplete_pages(controls: Controls) -> Iterator[str]:
    """Pages without one of their headings, without a command to look with, or with a remedy that leaves a line out."""
    for compiled in controls:
        control, page = compiled.control, compiled.page
        if page.summary != f"{control.id} {control.title}.":
            yield f"{control.id}: its page begins {page.summary!r}, not with its id, its title and a full stop"
        yield from (f"{control.id}: nothing under '{heading}'" for heading in page.missing)
        if not code_of(page.sections.get("How to look yourself", "")):
            yield f"{control.id}: no command (indented by four) under 'How to look yourself'"
        remedy = page.sections.get("Remedy", "")
        for line in ("Reboot", "Order", "Rollback"):
            if not re.search(rf"^- {line}: \S", remedy, re.MULTILINE):
                yield f"{control.id}: no line '- {line}: ...' under 'Remedy'"


def never_said(controls: Controls, ran: Iterable[Ran]) -> Iterator[str]:
    """Reasons that no case brought out, and outcomes that a module declares and no case ended in."""
    runs = list(ran)
    for compiled in controls:
        control = compiled.control
        own = [run for run in runs if run.control == control.id]
        said = {code for run in own for code in run.codes}
        unsaid = [code.name for code in control.reasons if code.name.lower() not in said]
        yield from (f"{control.id}: no case brings out {name}" for name in unsaid)
        missed = sorted(control.outcomes - {run.outcome for run in own})
        yield from (f"{control.id}: no case ends in {outcome.value}" for outcome in missed)


def one_sided(controls: Controls) -> Iterator[str]:
    """Controls that can not both pass and fail and do not say why, or that say why although they can."""
    for compiled in controls:
        control = compiled.control
        needed = {Outcome.PASS} if control.severity is Severity.INFO else {Outcome.PASS, Outcome.FAIL}
        lacking = sorted(needed - control.outcomes)
        if lacking and not control.only and control.severity is not Severity.INFO:
            yield f"{control.id}: can not end in {' or '.join(lacking)}, and `only` does not say why"
        if control.severity is Severity.INFO and not control.outcomes & {Outcome.PASS, Outcome.REVIEW}:
            yield f"{control.id}: is info and can end in neither PASS nor REVIEW"
        if control.only and not lacking:
            yield f"{control.id}: `only` excuses a PASS or FAIL that it has"


def strange_facts(controls: Controls) -> Iterator[str]:
    """Controls that ask for a fact that is in no register."""
    for compiled in controls:
        for need in (*compiled.conditions, *compiled.needs):
            if need.fact not in FACTS:
                yield f"{compiled.control.id}: {need.parameter} asks for {need.fact.__name__}, which is not registered"


def untested(controls: Controls, tables: Collection[str]) -> Iterator[str]:
    """Controls without a table of cases; ``tables`` are the ids of those that have one."""
    return (f"{c.control.id}: no table of cases" for c in controls if c.control.id not in tables)


def misnamed(controls: Controls, catalogue: Collection[str]) -> Iterator[str]:
    """Ids that are not in the catalogue, twice there, or at odds with the family, the package or the module's name."""
    controls = list(controls)
    times = Counter(compiled.control.id for compiled in controls)
    yield from (f"{control_id}: {count} modules have this id" for control_id, count in times.items() if count > 1)
    for compiled in controls:
        control = compiled.control
        _, package, module = compiled.module.rsplit(".", 2)
        if control.id not in catalogue:
            yield f"{control.id}: no such id in the catalogue"
        if control.id.partition("-")[0] != control.family.prefix:
            yield f"{control.id}: its family is {control.family.prefix}"
        if package != control.family.name.lower():
            yield f"{control.id}: its family is {control.family.name}, its package {package}"
        if not re.fullmatch(control.id.lower().replace("-", "_") + r"(_[a-z0-9]+)+", module):
            yield f"{control.id}: its module is called {module}"


def off_catalogue(controls: Controls, rows: Mapping[str, Row]) -> Iterator[str]:
    """Controls whose title, scope, severity or facts are not those of their row."""
    for compiled in controls:
        control, row = compiled.control, rows.get(compiled.control.id)
        if row is None:
            yield f"{control.id}: the catalogue has no row for it"
            continue
        if not row.titled(control.title):
            yield f"{control.id}: its title is {control.title!r}, its row says {row.condition!r}"
        if control.scope.value != row.scope:
            yield f"{control.id}: its scope is {control.scope.value}, its row says {row.scope}"
        if control.severity.value != row.severity:
            yield f"{control.id}: its severity is {control.severity.value}, its row says {row.severity}"
        if compiled.asks != row.facts:
            yield f"{control.id}: it asks for {_listed(compiled.asks)}, its row says {_listed(row.facts)}"


def not_built(controls: Controls, rows: Mapping[str, Row], part: str) -> Iterator[str]:
    """Rows of a part that have no control."""
    built = {compiled.control.id for compiled in controls}
    return (f"{row.id}: {row.condition}" for row in rows.values() if row.part == part and row.id not in built)


def undocumented_commands(controls: Controls, reference: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Cmdlets and parameters on pages that Microsoft's reference does not have (entries by lower-case name)."""
    verbs = {name.partition("-")[0] for name in reference}
    for compiled in controls:
        for command in _commands_of(compiled.page, verbs):
            entry = reference.get(command.name.lower())
            if entry is None:
                if command.name.lower() not in PLUMBING:
                    yield f"{compiled.control.id}: no reference knows {command.name}"
                continue
            known = _parameters(entry) | COMMON_PARAMETERS
            strange = [name for name in command.parameters if name.lower() not in known]
            yield from (f"{compiled.control.id}: {command.name} has no parameter {name}" for name in strange)


COMMON_PARAMETERS = frozenset({"debug", "erroraction", "errorvariable", "outvariable", "verbose", "warningaction"})
"""Parameters that every cmdlet has and that the reference does not repeat (about_CommonParameters)."""

PLUMBING: frozenset[str] = frozenset()
"""Cmdlets in lower case that move objects about and that the reference leaves out."""


def code_of(section: str) -> str:
    """The lines of a section that are indented by four: its commands."""
    return "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))


def _commands_of(page: Page, verbs: Collection[str]) -> Iterator[Command]:
    for section in page.sections.values():
        yield from commands(code_of(section))
        prose = " ".join(line for line in section.splitlines() if not line.startswith("    "))
        for span in re.findall(r"`([^`]+)`", prose):
            yield from (c for c in commands(span) if c.name.lower().partition("-")[0] in verbs)


def _parameters(entry: Mapping[str, object]) -> set[str]:
    parameters = entry["parameters"]
    assert isinstance(parameters, dict)
    aliases = (alias for parameter in parameters.values() for alias in parameter["aliases"])
    return {*parameters, *aliases}


def _listed(facts: Mapping[str, bool]) -> str:
    return ", ".join(sorted(f"{name}?" if optional else name for name, optional in facts.items())) or "nothing"
