"""What a file is called that holds the answer to one read of a fact, by us and by other tools."""

from __future__ import annotations

import functools
import re

import msgspec

from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.fact import Fact, Read
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import MigrationNetworks, Vm, VmHost
from hypervigil.evidence.platform import DeviceGuard, DeviceGuardPolicy, LsaProtection, SecureBoot, Tpm
from hypervigil.evidence.smb import Mailslots, Rdma, SmbClientConfiguration, SmbServerConfiguration

_CLASS = re.compile(r"-ClassName\s+(\w+)")
_GENERIC = frozenset({"getwinevent"})
"""Commands whose name alone does not say what was asked."""

REGISTRY = "Registry"

FROM_FILES: tuple[type[Fact], ...] = (
    OperatingSystem,
    ComputerSystem,
    DeviceGuard,
    DeviceGuardPolicy,
    SecureBoot,
    Tpm,
    LsaProtection,
    WindowsFeatures,
    VmHost,
    MigrationNetworks,
    Vm,
    SmbServerConfiguration,
    SmbClientConfiguration,
    Rdma,
    Mailslots,
    FirewallRules,
    Cluster,
    ClusterNodes,
)
"""The facts that exported files are read for; each read of them has a command or registry values, and a recipe."""


class Place(msgspec.Struct, frozen=True):
    """One read of one fact: the fact's name, and the number of the read in its type."""

    fact: str
    read: int


def command_name(read: Read) -> str:
    """The name that Get-SDDCDiagnosticInfo and HealthChecker give to the output of the command.

    A CIM class by its name, a cmdlet by its own without the dash.
    """
    if not read.command:
        return REGISTRY
    found = _CLASS.search(read.command)
    return found[1] if found else read.command.split(maxsplit=1)[0].replace("-", "")


def described(read: Read) -> str:
    """What a person would look for: the output of a command, or registry values."""
    if read.command:
        return f"the output of {command_name(read)}"
    names = dict.fromkeys(value.name for value in read.registry)
    return (
        f"the registry values {', '.join(names)}" if len(names) > 1 else f"the registry value {next(iter(names), '')}"
    )


def file_name(fact: type[Fact], number: int) -> str:
    """The name of our own export of that read, without extension: ``tpm.GetTpm``.

    A second read with the same command gets its number: ``lsa_protection.GetWinEvent-3``.
    """
    names = [command_name(read) for read in fact.INFO.reads]
    name = names[number]
    suffix = f"-{number + 1}" if name in names[:number] else ""
    return f"{fact.INFO.name}.{name}{suffix}"


@functools.cache
def _known_names() -> dict[str, Place]:
    known: dict[str, Place] = {}
    for fact in FROM_FILES:
        name = fact.INFO.name
        for number, read in enumerate(fact.INFO.reads):
            place = Place(name, number)
            known[file_name(fact, number).casefold()] = place
            command = command_name(read).casefold()
            if read.command and command not in _GENERIC:
                known.setdefault(command, place)
        known[name.casefold()] = Place(name, 0)
    return known


def is_export_name(stem: str) -> bool:
    """Whether a file is called exactly as the output of a command; the name of a fact alone can mean anything."""
    return stem.casefold() in _known_names() and stem.casefold() not in {fact.INFO.name for fact in FROM_FILES}


def place_by_name(stem: str) -> Place | None:
    """The read that a file holds by its name (without extension); None for a name that says nothing.

    A prefix before a separator is passed over: ``HyperV_Win32_ComputerSystem``, ``HV01-GetTpm``.
    """
    known = _known_names()
    wanted = stem.casefold()
    while wanted:
        if wanted in known:
            return known[wanted]
        _, _, wanted = re.split(r"([_.\- ])", wanted, maxsplit=1) if re.search(r"[_.\- ]", wanted) else ("", "", "")
    return None
