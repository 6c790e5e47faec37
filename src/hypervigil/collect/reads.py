"""Every read of the collector script, as its table ``reads.toml`` lists them."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

_READS = Path(__file__).parent / "powershell" / "reads.toml"
_ROLES = "Node", "JumpHost"


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One read: a command with the properties that are taken from its answer, or a registry key with its values.

    ``fact`` is what it is read for (``node``: which host this is). ``command`` is a cmdlet of ``module`` (empty:
    PowerShell's own), or a program. ``class_name`` is ``namespace:class`` of a CIM read. ``registry`` is a key with the
    names of its ``values`` (``*``: their names are listed), ``keys`` whether the keys below are listed. ``log``,
    ``provider``, ``events`` and ``fields`` are of an event log. ``release`` is the first release that has it,
    ``effects`` what it does besides reading.
    """

    fact: str
    command: str = ""
    module: str = ""
    parameters: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    class_name: str = msgspec.field(default="", name="class")
    registry: str = ""
    values: tuple[str, ...] = ()
    keys: bool = False
    log: str = ""
    provider: str = ""
    events: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    release: str = "2019"
    elevated: bool = True
    effects: str = "none"

    @property
    def called(self) -> str:
        """The command as the script calls it, or ``registry``."""
        if not self.command:
            return "registry"
        return f"{self.module}\\{self.command}" if self.module else self.command

    @property
    def shown(self) -> str:
        """The read in one line, without properties."""
        if self.registry:
            names = ", ".join("all names" if name == "*" else name for name in self.values)
            below = "the keys below" if self.keys else ""
            return f"{self.registry}: {', '.join(each for each in (names, below) if each)}"
        words = [self.called, self.class_name, *self._switches()]
        if self.log:
            words += [self.log, self.provider, ", ".join(str(number) for number in self.events)]
        return " ".join(word for word in words if word)

    def _switches(self) -> tuple[str, ...]:
        if self.command.endswith(".exe"):
            return self.parameters
        return tuple(f"-{name}" for name in self.parameters)


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a fact's task differs from others: its deadline in seconds (0: the default), roles, the switch it needs."""

    timeout: int = 0
    roles: tuple[str, ...] = _ROLES
    switch: str = ""


class Reads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of reads."""

    read: tuple[Row, ...] = ()
    task: dict[str, Task] = {}


def table() -> list[Row]:
    """All rows of the script that this package ships, in its order."""
    return rows_of(_document())


def tasks() -> Mapping[str, Task]:
    """What is said about single tasks, by fact."""
    return tasks_of(_document())


def rows_of(document: Mapping[str, Any]) -> list[Row]:
    """The rows of a parsed table.

    Raises:
        msgspec.ValidationError: a row has a key that is not known, or a value of another type.
    """
    return list(msgspec.convert(document, Reads).read)


def tasks_of(document: Mapping[str, Any]) -> dict[str, Task]:
    """What a parsed table says about single tasks.

    Raises:
        msgspec.ValidationError: as ``rows_of``.
    """
    return msgspec.convert(document, Reads).task


@functools.cache
def _document() -> dict[str, Any]:
    return tomllib.loads(_READS.read_text("ascii"))
