"""What a fact is, and what is written down about each type of fact."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from hypervigil.evidence.release import Release
from hypervigil.model.subject import Scope


class RegistryRead(msgspec.Struct, frozen=True, kw_only=True):
    """One registry value that a fact is read from: ``field`` of the fact, key below HKLM, and value name."""

    field: str
    key: str
    name: str


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """How a fact, or a part of it, is read on a host.

    ``command`` is a read-only command of Windows PowerShell 5.1 that gives objects with ``properties`` (or plain values
    where that is empty); ``registry`` lists values instead. ``shapes`` are the type names by which exported objects are
    recognised: a CIM class, or a .NET type.
    """

    command: str = ""
    properties: tuple[str, ...] = ()
    registry: tuple[RegistryRead, ...] = ()
    shapes: tuple[str, ...] = ()


class FactType(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about a type of fact; ``docs/facts/`` is made from it.

    ``subject`` is what one fact is about. ``item_key`` is set where one document holds many of them (all VMs of a
    node): the field that tells them apart. ``reads`` are what it is made from. ``in_sddc`` tells whether an archive of
    Get-SDDCDiagnosticInfo can hold it. ``sources`` say where names and values were verified.
    """

    name: str
    title: str
    subject: Scope
    reads: tuple[Read, ...]
    sources: tuple[str, ...]
    version: int = 1
    item_key: str = ""
    minimum_release: Release | None = None
    elevated: bool = True
    in_sddc: bool = False


class Fact(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Base of all facts. The class docstring says what it means; each field carries its own description."""

    INFO: ClassVar[FactType]
