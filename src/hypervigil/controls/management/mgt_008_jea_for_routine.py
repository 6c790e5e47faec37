r"""MGT-008  Routine operations have a JEA endpoint.

## What it decides

Whether every node of a cluster has a JEA endpoint, the same on all of them, that lets operators do something.

## Why it matters

Draining a node, looking at its health, restarting a service: whoever does this daily with an administrator's account
leaves that account's traces on every node, and can do anything besides. A JEA endpoint lends the rights for a few
commands, for the length of a session, and writes down who did what.

## How it is decided

An endpoint counts where it is on, has session type RestrictedRemoteServer or maps accounts to roles, and gives at
least one role or one visible command besides the eight that every such session has. Endpoints that a product of
Microsoft brought along (their names begin with *microsoft.*) do not count: that of Windows Admin Center is not
supported for managing clusters.

- One or more nodes have none: FAIL, with their names. Where it is all of them: FAIL for the cluster.
- Each node has one, and at least one name is on all of them: PASS, inferred, because names do not tell what for.
- Each node has one, and no name is on all: REVIEW. Operators would have to know which node they talk to.
- A node has none that can be read, and one whose file could not be read: UNKNOWN.

Whether an endpoint is a good one is for MGT-009 to say.

## How to look yourself

    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock { Get-PSSessionConfiguration } |
        Select-Object PSComputerName, Name, SessionType, RoleDefinitions

Expected on 2019, 2022 and 2025: on each node one and the same endpoint with session type `RestrictedRemoteServer` and
roles. Out of the box there is none.

## Remedy

Write role files for what operators do: reading (`Get-ClusterNode`, `Get-ClusterGroup`, `Get-VM`), draining
(`Suspend-ClusterNode` with the parameters *Name*, *Drain*, *Wait*; `Resume-ClusterNode`), moving
(`Move-ClusterVirtualMachineRole`), restarting of named services. Register the endpoint on each node, with a virtual
account and a directory for transcripts:

    New-PSSessionConfigurationFile -Path C:\JEA\ClusterOperators.pssc -SessionType RestrictedRemoteServer -Full
    Register-PSSessionConfiguration -Name ClusterOperators -Path C:\JEA\ClusterOperators.pssc -Force

- Reboot: none; registering restarts WinRM, which cuts every remoting session of the node, so it is a change.
- Order: the module with the role files first, then the endpoint, node by node; at last take the operators out of the
  groups of administrators.
- Rollback: `Unregister-PSSessionConfiguration -Name ClusterOperators -Force`, which restarts WinRM as well.

Whether a drain works from a virtual account that is put into other groups than Administrators is not documented: try
it.

## What it cannot see

Whether the roles cover what operators do, and whether operators use the endpoint: they may still be administrators.
Endpoints of PowerShell 7, which are their own.

## References

- MicrosoftDocs/PowerShell-Docs, `reference/docs-conceptual/security/remoting/jea/`: `session-configurations.md`,
  `register-jea.md`, `security-considerations.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/manage/windows-admin-center/configure/user-access-control.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/Suspend-ClusterNode.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective import jea
from hypervigil.evidence.powershell import PsSessionConfigurations, SessionConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    COMMON = passes("Every node that was seen ({count}) has the JEA endpoint {names}.", Confidence.INFERRED)
    NOWHERE = fails("None of the nodes that were seen ({count}) has a JEA endpoint for operators.")
    LACKING = fails("No JEA endpoint for operators on {nodes}; others have {names}.")
    UNLIKE = reviews("Each node has a JEA endpoint, and no two alike everywhere: {each}. Is that meant?")
    FILE_UNREAD = unknown("Files of endpoints were not read on {nodes}, where no other counts.", Cause.UNPARSABLE)
    PRODUCT = remarks("Endpoints that came with a product do not count: {names}.")
    IDLE = remarks("Endpoints that give neither a role nor a command do not count: {names}.")


CONTROL = Control(
    id="MGT-008",
    title="Routine operations have a JEA endpoint",
    family=Family.MANAGEMENT,
    scope=Scope.CLUSTER,
    severity=Severity.LOW,
    reasons=Why,
)

OF_MICROSOFT = "microsoft."
"""How names of endpoints begin that Windows and its products register."""


def assess(configurations: Nodes[PsSessionConfigurations]) -> Verdict:
    """Compare the nodes by the names of the endpoints that count, in any case."""
    having: dict[str, dict[str, str]] = {}
    lacking, unread = [], []
    for node, fact in configurations:
        names = {each.name.casefold(): each.name for each in fact.configurations if _counts(each)}
        if names:
            having[node.name] = names
        elif any(jea.is_unread(each) and not _of_product(each) for each in fact.configurations):
            unread.append(node.name)
        else:
            lacking.append(node.name)
    reasons: list[Reason] = []
    if lacking:
        reasons.append(_lacking(lacking, having, len(configurations)))
    if unread:
        reasons.append(Why.FILE_UNREAD(nodes=", ".join(unread)))
    return verdict(*(reasons or [_alike(having)]), *_not_counted(configurations))


def _lacking(nodes: list[str], having: dict[str, dict[str, str]], seen: int) -> Reason:
    if len(nodes) == seen:
        return Why.NOWHERE(count=seen)
    known = sorted({name for names in having.values() for name in names.values()})
    return Why.LACKING(nodes=", ".join(nodes), names=", ".join(known) or "one that could not be read")


def _alike(having: dict[str, dict[str, str]]) -> Reason:
    common = set.intersection(*(set(names) for names in having.values()))
    if not common:
        return Why.UNLIKE(each="; ".join(f"{node}: {', '.join(names.values())}" for node, names in having.items()))
    shown = next(iter(having.values()))
    return Why.COMMON(count=len(having), names=", ".join(shown[name] for name in sorted(common)))


def _counts(endpoint: SessionConfiguration) -> bool:
    return jea.is_jea(endpoint) and not _of_product(endpoint) and _gives(endpoint)


def _of_product(endpoint: SessionConfiguration) -> bool:
    return endpoint.name.casefold().startswith(OF_MICROSOFT)


def _gives(endpoint: SessionConfiguration) -> bool:
    """Whether anybody gets more than the commands of every such session."""
    return any(endpoint.roles.values()) or any(True for _ in jea.entries_of_endpoint(endpoint))


def _not_counted(configurations: Nodes[PsSessionConfigurations]) -> Iterator[Reason]:
    endpoints = [each for _, fact in configurations for each in fact.configurations if jea.is_jea(each)]
    product = sorted({each.name for each in endpoints if _of_product(each)})
    idle = sorted({each.name for each in endpoints if not _of_product(each) and not _gives(each)})
    if product:
        yield Why.PRODUCT(names=", ".join(product))
    if idle:
        yield Why.IDLE(names=", ".join(idle))
