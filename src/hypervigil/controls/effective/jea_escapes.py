"""Ways out of a JEA session: what an entry of a role file or of an endpoint's file makes of the restriction.

Sources: MicrosoftDocs/PowerShell-Docs, `reference/docs-conceptual/security/remoting/jea/role-capabilities.md`
(dangerous commands, full paths, wildcards, providers) and `security-considerations.md` (jobs, type and format data,
Trace-Command, proxies of restricted commands); MicrosoftDocs/windows-powershell-docs,
`FailoverClusters/Grant-ClusterAccess.md` (full access to a cluster is full access to each node), `Test-Cluster.md`
(makes a local account on every node).
"""

from __future__ import annotations

import enum
import fnmatch
import re

from hypervigil.controls.effective.jea import Entry, Kind

ESCAPES = (
    *("start-process", "new-service", "invoke-item", "invoke-wmimethod", "invoke-cimmethod", "invoke-expression"),
    *("invoke-command", "*-job", "new-scheduledtask", "register-scheduledjob"),
    *("add-localgroupmember", "add-adgroupmember"),
    *("update-typedata", "remove-typedata", "update-formatdata", "trace-command"),
)
"""Commands that run code of the user's choice, or make the user an administrator; a star stands for any text."""
ESCAPING_PROGRAMS = ("net", "dsadd")
SHELLS = ("cmd", "powershell", "powershell_ise", "pwsh", "wscript", "cscript")
"""Programs that run whatever they are told, inferred to be the same as Start-Process."""
CLUSTER_RIGHTS = ("grant-clusteraccess", "set-clusterparameter", "set-clusterownernode", "remove-cluster*")
"""Commands that change who rules the cluster, or take it apart."""
NOT_FOR_OPERATORS = (
    *("block-clusteraccess", "set-clusterquorum", "new-*", "remove-*", "set-vm*", "export-vm", "invoke-*"),
    *("enter-pssession", "restart-computer", "test-cluster"),
)
"""Commands that no role for the operation of a cluster needs as they are; asked about, not failed."""
PROVIDERS = ("filesystem", "registry", "certificate")
"""Providers with which a user gets around every restriction, or at keys."""
RESTRICTED_PROXIES = frozenset(
    ("exit-pssession", "get-command", "get-formatdata", "get-help", "measure-object", "out-default", "select-object")
)
"""Commands whose own restricted versions guard a session; a function of that name takes their place."""

_WILDCARD = re.compile(r"[*?\[]")
_COMPUTED = re.compile(r"""^["'@($]|\$[\w({]""")
"""What the collector could not take for a literal stands there as it is written: an expression."""
_ROOTED = re.compile(r"^([a-z]:|\\)\\", re.IGNORECASE)
_PROGRAM = re.compile(r"\.(exe|com|cmd|bat)$")


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)))


class Escape(enum.Enum):
    """What an entry opens. The last three are questions."""

    WILDCARD = enum.auto()
    COMMAND = enum.auto()
    CLUSTER = enum.auto()
    SHELL = enum.auto()
    PROVIDER = enum.auto()
    UNROOTED = enum.auto()
    COMPUTED = enum.auto()
    OTHER_PROVIDER = enum.auto()
    UNUSUAL = enum.auto()


def escapes(entry: Entry) -> tuple[Escape, ...]:
    """What an entry opens; nothing for one that is in order.

    A wildcard is one whatever it stands for. An entry that is an expression is not guessed at.
    """
    if _COMPUTED.search(entry.name):
        return (Escape.COMPUTED,)
    if entry.kind is Kind.PROVIDER:
        return (_provider(entry.name.casefold()),)
    if entry.kind is Kind.EXTERNAL:
        return tuple(_program(entry))
    if _WILDCARD.search(entry.name):
        return (Escape.WILDCARD,)
    return _command(entry.plain)


_COMMANDS = (
    (_any_of(ESCAPES), Escape.COMMAND),
    (_any_of(CLUSTER_RIGHTS), Escape.CLUSTER),
    (_any_of(NOT_FOR_OPERATORS), Escape.UNUSUAL),
)


def _command(name: str) -> tuple[Escape, ...]:
    return next(((escape,) for commands, escape in _COMMANDS if commands.match(name)), ())


def _program(entry: Entry) -> list[Escape]:
    """Of a program or script: how it is named, and what it is."""
    found = [Escape.WILDCARD] if _WILDCARD.search(entry.name) else []
    if not _ROOTED.match(entry.name.replace("/", "\\")):
        found.append(Escape.UNROOTED)
    name = _PROGRAM.sub("", entry.plain)
    if name in ESCAPING_PROGRAMS:
        found.append(Escape.COMMAND)
    elif name in SHELLS:
        found.append(Escape.SHELL)
    return found


def _provider(name: str) -> Escape:
    plain = name.rpartition("\\")[2]
    if any(fnmatch.fnmatchcase(provider, plain) for provider in PROVIDERS):
        return Escape.PROVIDER
    return Escape.OTHER_PROVIDER
