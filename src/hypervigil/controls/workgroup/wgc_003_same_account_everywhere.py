r"""WGC-003  The set-up account exists on every node with the same name, enabled, and is not reused.

## What it decides

Whether there is an enabled local account of one and the same name on every node of a workgroup cluster that is a
member of the local group Administrators there: the account with which such a cluster is set up and managed.

## Why it matters

Without a domain, a node knows another node's administrator only if it has one of the same name and password itself.
Where the account is missing, disabled or without its group on one node, that node can not be added, validated or
managed together with the others, and it shows on the day of a repair.

The same secret on all nodes is also the weak spot of the arrangement: who has it from one node has all of them, and
whatever else it opens. So it should open nothing else.

## How it is decided

An account counts on a node where it is enabled and a direct member of Administrators (`S-1-5-32-544`, found by its SID
as the group's name is translated). Names are compared without regard to case.

| evidence | outcome |
|---|---|
| no such name on every node | FAIL, naming the account that comes closest, and what it lacks on which node |
| no two nodes have such an account of one name | FAIL, with who has which |
| one name or more on every node | REVIEW: is its password the same there, and used nowhere else? |
| the group or one of its members could not be read, and that could make the difference | UNKNOWN |

There is no PASS, for what is left to say no host can tell: passwords are not to be compared but by logging on, and
where else one is used shows nowhere. The built-in Administrator is named as such: everybody knows its name.

Both pages of Microsoft's on these clusters ask for the same name and password on all nodes. The cmdlets that came with
2025 take a credential for each node, and whether that ends the demand is not documented, so it is kept here.

Nodes of a domain cluster are not judged.

## How to look yourself

    Invoke-Command -ComputerName HV01, HV02 -ScriptBlock { Get-LocalUser | Where-Object -Property Enabled }
    Invoke-Command -ComputerName HV01, HV02 -ScriptBlock { Get-LocalGroupMember -SID S-1-5-32-544 }

Expected on 2019, 2022 and 2025: one account of the same name, enabled, among the members on each node. `CLIUSR`, which
the cluster makes for itself, is enabled everywhere and no member.

## Remedy

On the node that lacks it, with the password of the others:

    New-LocalUser -Name hvsetup -Password (Read-Host -AsSecureString) -Description 'Set-up of the cluster'
    Add-LocalGroupMember -SID S-1-5-32-544 -Member hvsetup

Where it exists and is disabled: `Enable-LocalUser -Name hvsetup`.

- Reboot: none.
- Order: the account first, then WGC-004, which decides whether it may be used over the network at all, then
  `Test-WorkgroupClusterRemoting` (2025). Give people accounts of their own for daily work.
- Rollback: disable the account again on that node; it can then not be managed together with the others.

## What it cannot see

Which of several accounts the cluster was set up with. Whether the passwords are the same, whether the password is a
good one (WGC-009 looks at its age), and where else it is used. Groups in the group.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/create-workgroup-cluster.md`,
  `WindowsServerDocs/virtualization/hyper-v/manage/live-migration-workgroup-cluster.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/New-WorkgroupCluster.md`
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hypervigil.controls.effective.local_accounts import BUILT_IN_RID
from hypervigil.evidence.accounts import LocalGroups, LocalUser, LocalUsers
from hypervigil.evidence.host import ComputerSystem
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    JOINED = excludes("All nodes are in a domain: they need no local account in common.")
    EVERYWHERE = reviews(
        "{account} is an enabled administrator on all {count} nodes that were seen. Is its password the same on all of "
        "them, and used nowhere else?"
    )
    LACKING = fails("No enabled administrator has the same name on every node; {account} comes closest: {lacking}.")
    NOTHING_IN_COMMON = fails("The nodes have no enabled administrator of the same name: {accounts}.")
    GROUP_UNREAD = unknown("Who is in Administrators was not read in full on {nodes}.", Cause.NOT_IN_SOURCE)
    NOWHERE_BOTH = unknown("Of no node were both accounts and groups read.")
    BUILT_IN = remarks("{account} is the built-in Administrator (RID 500), a name that everybody knows.")


CONTROL = Control(
    id="WGC-003",
    title="The set-up account exists on every node with the same name, enabled, and is not reused",
    family=Family.WORKGROUP,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
    only="Whether a password is the same on other nodes, or used for something else, no host can tell.",
)

ADMINISTRATORS = "S-1-5-32-544"


class _Node(msgspec.Struct, frozen=True):
    """The accounts of one node by lower-case name; ``members`` is None where the group was not read."""

    name: str
    accounts: Mapping[str, LocalUser]
    members: frozenset[str] | None
    whole: bool

    def serves(self, name: str) -> bool:
        """Whether the account can be used for the set-up here."""
        return self.lacks(name) == ""

    def lacks(self, name: str) -> str:
        """What an account lacks on this node; empty where nothing."""
        account = self.accounts.get(name)
        if account is None:
            return "does not exist"
        if not account.enabled:
            return "is disabled"
        return "" if account.sid in (self.members or ()) else "is no member of Administrators"

    def could_serve(self, name: str) -> bool:
        """Whether it serves, or could if what was not read of the group held it."""
        return self.serves(name) or (not self.whole and name in self.accounts and self.accounts[name].enabled)


def applies(systems: Nodes[ComputerSystem]) -> Reason | None:
    """Clusters with a node that is in no domain."""
    return Why.JOINED() if all(system.part_of_domain for _, system in systems) else None


def assess(users: Nodes[LocalUsers], groups: Nodes[LocalGroups]) -> Verdict:
    """Look for a name that serves on every node of which both facts are there."""
    nodes = [_node(node.name, own, groups.known[node]) for node, own in users if node in groups.known]
    names = sorted({name for node in nodes for name in node.accounts})
    everywhere = [name for name in names if all(node.serves(name) for node in nodes)]
    if everywhere:
        found = [Why.EVERYWHERE(account=nodes[0].accounts[name].name, count=len(nodes)) for name in everywhere]
        return verdict(*found, *_built_in(nodes, everywhere))
    if not nodes:
        return verdict(Why.NOWHERE_BOTH.because(next(iter((*groups.missing.values(), *users.missing.values())), None)))
    partly = [node.name for node in nodes if not node.whole]
    if any(all(node.could_serve(name) for node in nodes) for name in names):
        return verdict(Why.GROUP_UNREAD(nodes=", ".join(partly)))
    return verdict(_nowhere(nodes, names))


def _node(name: str, users: LocalUsers, groups: LocalGroups) -> _Node:
    group = next((group for group in groups.groups if group.sid == ADMINISTRATORS), None)
    members = frozenset(member.sid for member in group.members) if group else None
    accounts = {user.name.casefold(): user for user in users.users}
    return _Node(name, accounts, members, group is not None and group.unread == 0)


def _nowhere(nodes: list[_Node], names: list[str]) -> Reason:
    """The name that serves on most nodes, and what it lacks on the others."""
    serving = {name: [node for node in nodes if node.serves(name)] for name in names}
    best = max(names, key=lambda name: len(serving[name]), default="")
    if best and len(serving[best]) > 1:
        lacking = "; ".join(f"on {node.name} it {node.lacks(best)}" for node in nodes if not node.serves(best))
        return Why.LACKING(account=serving[best][0].accounts[best].name, lacking=lacking)
    own = (
        f"{', '.join(node.accounts[name].name for name in names if node.serves(name)) or 'none'} on {node.name}"
        for node in nodes
    )
    return Why.NOTHING_IN_COMMON(accounts="; ".join(own))


def _built_in(nodes: list[_Node], names: list[str]) -> list[Reason]:
    accounts = (nodes[0].accounts[name] for name in names)
    return [Why.BUILT_IN(account=account.name) for account in accounts if account.rid == BUILT_IN_RID]
