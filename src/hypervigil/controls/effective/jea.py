"""What a PowerShell endpoint really gives: whether it is JEA, whose rights it runs with, what it lets through.

An endpoint is JEA where its session type is RestrictedRemoteServer, or where it maps accounts to roles. It is said to
*delegate* where it also, or instead, runs as another account than the one that connects. Without a session type
PowerShell takes Default: all of its language and commands.

Sources: MicrosoftDocs/PowerShell-Docs, `reference/docs-conceptual/security/remoting/jea/session-configurations.md`,
`security-considerations.md` (run-as accounts), `role-capabilities.md`; PowerShell/PowerShell,
`src/System.Management.Automation/engine/remoting/fanin/InitialSessionStateProvider.cs` (session types, where role
files are looked for, wildcards).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from hypervigil.evidence.powershell import RoleCapabilities, RoleCapability, SessionConfiguration, VisibleCommand

RESTRICTED, EMPTY = "restrictedremoteserver", "empty"
"""Session types that begin with little or nothing, in lower case."""


class Kind(enum.Enum):
    """The list of a file that an entry stands in, as the file spells it, and what people call the entry."""

    CMDLET = ("VisibleCmdlets", "cmdlet")
    FUNCTION = ("VisibleFunctions", "function")
    EXTERNAL = ("VisibleExternalCommands", "external command")
    PROVIDER = ("VisibleProviders", "provider")

    def __init__(self, key: str, word: str) -> None:
        self.key = key
        self.word = word


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a file lets through: where it stands (``path:line``), and for which endpoints.

    ``parameters`` are those that it is narrowed to, as the fact has them; empty: all of them, or a list of an
    endpoint's own file, of which the fact has the names alone.
    """

    kind: Kind
    name: str
    place: str
    endpoints: str
    parameters: Mapping[str, str] = {}

    @property
    def plain(self) -> str:
        """The name of a command without its module, that of a program without its folder; in lower case."""
        return self.name.replace("/", "\\").rpartition("\\")[2].casefold()

    @property
    def narrowed(self) -> str:
        """What the entry is narrowed to, for a sentence."""
        if not self.parameters:
            return "any parameter"
        shown = (f"{name} ({limit})" if limit else name for name, limit in self.parameters.items())
        return f"the parameters {', '.join(shown)}"


class RoleFile(msgspec.Struct, frozen=True):
    """A role file that endpoints give: the file, and the names of these endpoints."""

    role: RoleCapability
    endpoints: str


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """The role files that some endpoints give.

    ``unseen`` are roles that an endpoint names and no file was found for (endpoint, role). ``ambiguous`` are names that
    several files have: PowerShell takes one of them, in an order that it does not promise.
    """

    files: tuple[RoleFile, ...]
    unseen: tuple[tuple[str, str], ...]
    ambiguous: Mapping[str, tuple[str, ...]]


def is_jea(endpoint: SessionConfiguration) -> bool:
    """Whether it is a JEA endpoint that is on, as far as its file was read."""
    return endpoint.enabled is not False and (session_type(endpoint) == RESTRICTED or bool(endpoint.roles))


def delegates(endpoint: SessionConfiguration) -> bool:
    """Whether it is on, and narrows what may be run or runs it as somebody else."""
    if endpoint.enabled is False:
        return False
    return is_jea(endpoint) or session_type(endpoint) == EMPTY or runs_as(endpoint) is not None


def is_unread(endpoint: SessionConfiguration) -> bool:
    """Whether it is on and has a file of which nothing is known, so that it may be anything."""
    return endpoint.enabled is not False and endpoint.unread is not None


def session_type(endpoint: SessionConfiguration) -> str:
    """The session type in lower case; ``default`` where no file names one."""
    return (endpoint.session_type or "default").casefold()


def runs_as(endpoint: SessionConfiguration) -> str | None:
    """The account that commands run as, for a sentence; None: the one that connects."""
    if endpoint.run_as_user:
        return endpoint.run_as_user
    if endpoint.group_managed_service_account:
        return endpoint.group_managed_service_account
    if not endpoint.run_as_virtual_account:
        return None
    groups = ", ".join(endpoint.run_as_virtual_account_groups)
    return f"a virtual account in {groups}" if groups else "a virtual account that is a local administrator"


def roles_of(endpoints: Iterable[SessionConfiguration], capabilities: RoleCapabilities) -> Roles:
    """The role files that these endpoints give. Of several files with the name of a role, each may be the one."""
    given: dict[str, dict[str, None]] = {}
    unseen: list[tuple[str, str]] = []
    ambiguous: dict[str, tuple[str, ...]] = {}
    for endpoint in endpoints:
        for role in dict.fromkeys(role for roles in endpoint.roles.values() for role in roles):
            found = [each for each in capabilities.roles if _is(role, each)]
            if not found:
                unseen.append((endpoint.name, role))
            if len(found) > 1:
                ambiguous[role] = tuple(each.path for each in found)
            for each in found:
                given.setdefault(each.path, {})[endpoint.name] = None
    files = (RoleFile(role, ", ".join(given[role.path])) for role in capabilities.roles if role.path in given)
    return Roles(files=tuple(files), unseen=tuple(unseen), ambiguous=ambiguous)


def _is(written: str, role: RoleCapability) -> bool:
    """Whether what an endpoint names, a role or the path of its file, is this one."""
    wanted = written.replace("/", "\\").casefold()
    return wanted in (role.name.casefold(), role.path.replace("/", "\\").casefold())


def entries_of_role(file: RoleFile) -> Iterator[Entry]:
    """Everything that a role file lets through, each with its line. Of providers the fact has no lines."""
    role = file.role
    lists: tuple[tuple[Kind, tuple[VisibleCommand, ...]], ...] = (
        (Kind.CMDLET, role.visible_cmdlets),
        (Kind.FUNCTION, role.visible_functions),
        (Kind.EXTERNAL, role.visible_external_commands),
    )
    for kind, commands in lists:
        for command in commands:
            place = f"{role.path}:{command.line}" if command.line else role.path
            yield Entry(
                kind=kind, name=command.name, place=place, endpoints=file.endpoints, parameters=command.parameters
            )
    for provider in role.visible_providers:
        yield Entry(kind=Kind.PROVIDER, name=provider, place=role.path, endpoints=file.endpoints)


def entries_of_endpoint(endpoint: SessionConfiguration) -> Iterator[Entry]:
    """Everything that the file of an endpoint lets through by itself. The fact has no lines of these."""
    lists = (
        (Kind.CMDLET, endpoint.visible_cmdlets),
        (Kind.FUNCTION, endpoint.visible_functions),
        (Kind.EXTERNAL, endpoint.visible_external_commands),
        (Kind.PROVIDER, endpoint.visible_providers),
    )
    place = endpoint.config_file or f"the file of {endpoint.name}"
    for kind, names in lists:
        for name in names:
            yield Entry(kind=kind, name=name, place=place, endpoints=endpoint.name)
