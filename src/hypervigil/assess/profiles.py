"""Profiles as TOML: those that ship with hypervigil, and those that an organisation writes.

A file holds these keys and nothing else::

    name = "quick-plus"                    # required
    title = "What we look at every week"
    extends = "quick"                      # a shipped profile, or a path to a TOML file, relative to this one
    groups = ["no-detection"]              # profiles to add, each shown by itself in reports
    groups_are = "areas"                   # or "mistakes": whether reports say "holds" or "not made" of them
    select = ["SMB-*", "LM-002"]           # ids and patterns to add
    exclude = ["SMB-015"]                  # ids and patterns to take away, last of all

    [severity.SMB-002]                     # another severity for one control, with the reason
    severity = "high"
    reason = "no client here is older than 2019"

    [parameters.SMB-006]                   # values for what the control declares; its page lists them
    minimum_delay_ms = 5000

What is selected is what ``extends``, ``groups`` and ``select`` give together, without ``exclude``. An id outside the
catalogue is an error; one that is not built yet is not (``not_built`` tells which).
"""

from __future__ import annotations

import errno
import importlib.resources
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import PurePath
from typing import Final

import msgspec

from hypervigil.assess.catalogue import outside_catalogue
from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.registry import compiled_controls
from hypervigil.controls.registry import CATALOGUE
from hypervigil.formats.toml_text import TomlTable, did_you_mean, parse_toml
from hypervigil.model.grading import Severity
from hypervigil.model.profile import GroupKind, Profile, ProfileGroup, SeverityOverride, matches

SHIPPED: Final = (
    "default",
    "quick",
    "upgrade-2025",
    "workgroup",
    "hoster",
    "mistakes",
    "credential-guard-off",
    "nodes-as-workstations",
    "stale-service-accounts",
    "signing-exemption",
    "trust-boundary",
    "drivers-unvalidated",
    "no-detection",
)
"""Names of the profiles that ship, in the order in which they are shown."""

MAXIMUM_DEPTH: Final = 8
"""How many profiles may stand behind one another through ``extends`` and ``groups``."""

Value = str | int | float | bool
"""Of a parameter."""

LoadBase = Callable[[str], bytes]
"""Gives the bytes of the profile file with that path. What it raises as ``OSError`` becomes an error at the key that
names the file."""

_KEYS: Final = ("name", "title", "extends", "groups", "groups_are", "select", "exclude", "severity", "parameters")


def shipped_profile(name: str) -> Profile:
    """The profile with that name out of ``SHIPPED``.

    Raises:
        KeyError: no profile of that name ships.
    """
    if name not in SHIPPED:
        raise KeyError(name)
    return _read(_shipped_bytes(name), _shipped_file(name), _no_files, ())


def parse_profile(data: bytes, file: str, load_base: LoadBase) -> Profile:
    """The profile that a TOML file describes, with all that it builds on.

    ``file`` is the path that errors name; paths in ``extends`` and ``groups`` are relative to its folder.
    ``load_base`` reads those files.

    Raises:
        TomlInputError: this file or one that it builds on is not a profile: where, what was expected, what to do.
    """
    return _read(data, file, load_base, ())


def not_built(profile: Profile, controls: Iterable[CompiledControl]) -> tuple[str, ...]:
    """Ids of the catalogue that the profile selects and that are not among ``controls``, in the catalogue's order."""
    built = {compiled.control.id for compiled in controls}
    return tuple(control for control in CATALOGUE if profile.selects(control) and control not in built)


def _read(data: bytes, file: str, load_base: LoadBase, behind: tuple[str, ...]) -> Profile:
    """``behind`` are the files that lead to this one, the first one first."""
    table = parse_toml(data, file)
    table.refuse_unknown(_KEYS)
    name = table.text("name")
    bases = _Bases(table, load_base, (*behind, file))
    base = [bases.read(table.text("extends"), "extends")] if "extends" in table.keys else []
    grouped = [bases.read(value, "groups", index) for index, value in enumerate(table.texts("groups"))]
    selected = _selected(table, [*base, *grouped])
    return Profile(
        name=name,
        title=table.optional_text("title") or "",
        select=selected,
        severity=_severities(table, [*base, *grouped], selected),
        parameters=_parameters(table, [*base, *grouped]),
        groups=(
            *(group for profile in base for group in profile.groups),
            *(ProfileGroup(name=each.name, title=each.title, controls=each.select) for each in grouped),
        ),
        groups_are=table.optional_choice("groups_are", GroupKind) or (base[0].groups_are if base else GroupKind.AREAS),
    )


class _Bases:
    """Reads what a profile builds on; ``chain`` are the files from the first one to the profile's own."""

    def __init__(self, table: TomlTable, load_base: LoadBase, chain: tuple[str, ...]) -> None:
        self._table = table
        self._load_base = load_base
        self._chain = chain

    def read(self, value: str, *path: str | int) -> Profile:
        """``value`` is what stands at ``path``: the name of a shipped profile, or a path."""
        if not _is_path(value):
            if value not in SHIPPED:
                expected = f"a path that ends in .toml, or one of {', '.join(SHIPPED)}"
                todo = did_you_mean(value, SHIPPED)
                raise self._table.wrong(f"no profile {value} ships", *path, expected=expected, todo=todo)
            self._check(_shipped_file(value), *path)
            return _read(_shipped_bytes(value), _shipped_file(value), self._load_base, self._chain)
        file = os.path.normpath(PurePath(self._table.file).parent / value)
        self._check(file, *path)
        try:
            data = self._load_base(file)
        except OSError as error:
            what = f"{file} can not be read ({error.strerror or error})"
            raise self._table.wrong(what, *path, todo="Paths are relative to the folder of this file.") from None
        return _read(data, file, self._load_base, self._chain)

    def _check(self, file: str, *path: str | int) -> None:
        if file in self._chain:
            circle = " -> ".join((*self._chain[self._chain.index(file) :], file))
            raise self._table.wrong(f"the profiles build on one another in a circle: {circle}", *path)
        if len(self._chain) > MAXIMUM_DEPTH:
            raise self._table.wrong(f"more than {MAXIMUM_DEPTH} profiles stand behind one another", *path)


def _selected(table: TomlTable, inherited: Collection[Profile]) -> tuple[str, ...]:
    """Ids in the order of the catalogue."""
    select, exclude = _patterns(table, "select"), _patterns(table, "exclude")
    selected = tuple(
        control
        for control in CATALOGUE
        if (matches(control, select) or any(profile.selects(control) for profile in inherited))
        and not matches(control, exclude)
    )
    if not selected:
        raise table.wrong(
            "the profile selects no control",
            expected="extends, groups or select to give at least one that exclude leaves",
            todo='To select every control: select = ["*"].',
        )
    return selected


def _patterns(table: TomlTable, key: str) -> tuple[str, ...]:
    patterns = table.texts(key)
    for index, pattern in enumerate(patterns):
        if not any(matches(control, [pattern]) for control in CATALOGUE):
            raise outside_catalogue(table, pattern, key, index)
    return patterns


def _severities(
    table: TomlTable, inherited: Collection[Profile], selected: Collection[str]
) -> dict[str, SeverityOverride]:
    own = {control: _severity(table, entry, control, selected) for control, entry in _by_control(table, "severity")}
    found: dict[str, tuple[str, SeverityOverride]] = {}
    for profile in inherited:
        for control, override in profile.severity.items():
            other, first = found.setdefault(control, (profile.name, override))
            if control not in own and first.severity is not override.severity:
                ratings = f"{first.severity.value} in {other} and {override.severity.value} in {profile.name}"
                raise table.wrong(
                    f"the severity of {control} is {ratings}",
                    todo=f"Decide here, with [severity.{control}].",
                )
    return {control: override for control, (_, override) in found.items()} | own


def _severity(table: TomlTable, entry: TomlTable, control: str, selected: Collection[str]) -> SeverityOverride:
    entry.refuse_unknown(("severity", "reason"))
    if control not in selected:
        raise table.wrong(
            f"the profile does not select {control}", "severity", control, todo="Select it, or drop this."
        )
    # A control that can fail may not be info: info never fails and never moves the exit status.
    severity = entry.choice("severity", Severity, without=(Severity.INFO,))
    return SeverityOverride(severity=severity, reason=entry.text("reason"))


def _parameters(table: TomlTable, inherited: Iterable[Profile]) -> dict[str, dict[str, Value]]:
    """What the file sets goes over what it inherits, value by value."""
    own = {control: _own_parameters(control, entry) for control, entry in _by_control(table, "parameters")}
    found: dict[str, dict[str, Value]] = {}
    for profile in inherited:
        for control, values in profile.parameters.items():
            held = found.setdefault(control, {})
            for name, value in values.items():
                if held.setdefault(name, value) != value and name not in own.get(control, {}):
                    raise table.wrong(
                        f"{name} of {control} is {held[name]} in one profile and {value} in {profile.name}",
                        todo=f"Decide here, with [parameters.{control}].",
                    )
    for control, values in own.items():
        if values:
            found[control] = found.get(control, {}) | values
    return found


def _own_parameters(control: str, entry: TomlTable) -> dict[str, Value]:
    kind = {compiled.control.id: compiled.parameters for compiled in compiled_controls()}.get(control)
    names = kind.__struct_fields__ if kind else ()
    values: dict[str, Value] = {}
    for key in entry.keys:
        if kind is None or key not in names:
            todo = f"It has {', '.join(names)}." if names else "It declares none: take this out."
            raise entry.wrong(f"{control} has no parameter {key}", key, todo=todo)
        value = entry.value(key)
        try:
            msgspec.convert({key: value}, kind)
        except msgspec.ValidationError as error:
            what = str(error).partition(" - at ")[0]
            raise entry.wrong(f"the value does not fit: {what}", key) from None
        if not isinstance(value, str | int | float | bool):
            raise entry.wrong("parameters are texts, numbers, true or false", key)
        values[key] = value
    return values


def _by_control(table: TomlTable, key: str) -> list[tuple[str, TomlTable]]:
    entries = table.named_tables(key)
    for control in entries:
        if control not in CATALOGUE:
            raise outside_catalogue(table, control, key, control)
    return list(entries.items())


def _is_path(value: str) -> bool:
    return value.casefold().endswith(".toml") or "/" in value or "\\" in value


def _shipped_file(name: str) -> str:
    """What errors call a shipped profile's file."""
    return f"<hypervigil>/{name}.toml"


def _shipped_bytes(name: str) -> bytes:
    return importlib.resources.files("hypervigil.assess").joinpath("data", "profiles", f"{name}.toml").read_bytes()


def _no_files(path: str) -> bytes:
    raise FileNotFoundError(errno.ENOENT, "shipped profiles build on shipped ones only", path)
