r"""IDN-014  The local Administrators and Hyper-V Administrators groups hold no everyday or foreign accounts, and the
same ones on every node.

## What it decides

Who is a direct member of the two groups that own a host and all of its guests, and whether every node says the same.

## Why it matters

An administrator of a host is one of every VM on it: disks, memory and consoles are theirs. Hyper-V Administrators are
no lesser sort, for who can attach any disk to any VM can read all of them. An account that its owner also reads mail
with brings whatever that mail carries; one that sits in the group on a single node was put there in a hurry, and VMs
will pass by.

## How it is decided

Of each node, by SIDs; names are translated, and only shown.

- Everyone, all authenticated, interactive, network or local users, Users, Guests, all users, guests or computers of a
  domain, a Guest account: FAIL.
- A member that is on some nodes and not on others: FAIL, with which. A local account is taken for the same by its name,
  the built-in Administrator by its number.
- A single account of a person or a service, of the domain or made locally: REVIEW, for nothing here tells whether it is
  an everyday one.
- A computer account or managed service account (its name ends in `$`), such as that of a management server: REVIEW,
  for whoever rules that computer rules the nodes.
- A SID without a name: REVIEW. Its account is gone, or its domain does not answer.
- Members of more than one domain: REVIEW, for the other domain's administrators rule here, too.
- Any other group, the built-in Administrator, a service of the node: fits. Where nothing else is there: PASS.

Where members could not be read, or the source does not say whether a member is a group: UNKNOWN, unless something
fails. A workgroup cluster needs one local account with the same password on every node: that one is asked about as
any single account.

## How to look yourself

    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock {
        foreach ($sid in 'S-1-5-32-544', 'S-1-5-32-578') { Get-LocalGroupMember -SID $sid } } |
        Select-Object PSComputerName, Name, SID, ObjectClass, PrincipalSource

Expected on 2019, 2022 and 2025: the same lines for each node; the built-in Administrator, and groups that are kept for
the administration of these hosts. `Domain Admins` is among them by default and makes each host as worth attacking as a
domain controller. Where a member's account is gone the command fails as a whole.

## Remedy

    Remove-LocalGroupMember -SID S-1-5-32-544 -Member 'CONTOSO\jdoe'
    Add-LocalGroupMember -SID S-1-5-32-544 -Member 'CONTOSO\HyperV-Admins'

and the same for `S-1-5-32-578`. Better by policy: *Restricted Groups*, or *Local Users and Groups* of the preferences,
so that it stays.

- Reboot: none; a session that is open keeps its token.
- Order: add the group that is meant on all nodes, have one of its members sign in, then remove single accounts. On a
  workgroup cluster the account that the cluster was made with stays on every node.
- Rollback: `Add-LocalGroupMember` with the former members.

## What it cannot see

Who is in the groups that are members: domain groups are not followed. Whether a single account is used for mail and
web (MGT-010 sees some of it on the nodes). Rights that are given without a group (IDN-016, user rights), and access to
the cluster itself, which is a list of its own.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/identity/ad-ds/manage/understand-security-identifiers.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/plan/`
  `plan-hyper-v-security-in-windows-server.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/create-workgroup-cluster.md`
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.evidence.accounts import GroupMember, LocalGroup, LocalGroups
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    KEPT = passes(
        "Administrators and Hyper-V Administrators hold groups and the built-in Administrator alone, the same on all "
        "{count} nodes that were seen: {members}."
    )
    CROWD = fails("{group} holds {who} ({sid}) on {nodes}.")
    DIFFERENT = fails("{group} holds {member} on {nodes}, and not on {others}.")
    SINGLE = reviews("{group} holds {members}: is each kept for administration, and used for nothing else?")
    COMPUTER = reviews("{group} holds {members}: is whoever rules that computer or service meant to rule the nodes?")
    NAMELESS = reviews("{group} holds {members}, which have no name: are the accounts gone, or those of a lost domain?")
    DOMAINS = reviews(
        "{group} holds members of {count} domains ({members}): are all of them trusted with the hosts?",
        Confidence.INFERRED,
    )
    KIND_UNSEEN = unknown("Whether {members} in {group} are groups or accounts was not read.", Cause.NOT_IN_SOURCE)
    UNREAD = unknown("{group} has {count} members on {node} that could not be read.", Cause.UNPARSABLE)
    GROUP_UNSEEN = unknown("{group} is not among the groups that were read on {nodes}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="IDN-014",
    title="The local Administrators and Hyper-V Administrators groups hold no everyday or foreign accounts, "
    "and the same ones on every node",
    family=Family.IDENTITY,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

GROUPS = {"S-1-5-32-544": "Administrators", "S-1-5-32-578": "Hyper-V Administrators"}
DOMAIN_SID = "S-1-5-21-"
BUILT_IN_ADMINISTRATOR = "500"
FIRST_OWN_RID = 1000
"""Accounts and groups that Windows does not make itself are numbered from here on."""
CROWDS = {
    "S-1-1-0": "everyone",
    "S-1-5-2": "whoever logs on over the network",
    "S-1-5-4": "whoever logs on interactively",
    "S-1-5-7": "anonymous users",
    "S-1-5-11": "all authenticated users",
    "S-1-5-13": "users of terminal services",
    "S-1-5-14": "whoever logs on over RDP",
    "S-1-5-15": "users of the organisation",
    "S-1-5-32-545": "the group Users",
    "S-1-5-32-546": "the group Guests",
    "S-1-5-113": "all local accounts",
}
CROWDS_BY_RID = {
    "501": "a Guest account",
    "513": "all users of a domain",
    "514": "all guests of a domain",
    "515": "all computers of a domain",
}
KNOWN_GROUPS_BY_RID = frozenset(("512", "518", "519", "520"))
"""Domain, Schema and Enterprise Admins, Group Policy Creator Owners: groups, whether or not the source says so."""
SERVICES = ("S-1-5-80-", "S-1-5-18", "S-1-5-19", "S-1-5-20")
"""Services of the node itself."""

_Held = dict[str, dict[str, GroupMember]]
"""By node, members of one group by what they are the same by."""


def assess(groups: Nodes[LocalGroups]) -> Verdict:
    """Judge the two groups one after the other over all nodes."""
    reasons: list[Reason] = []
    seen: dict[str, None] = {}
    for sid, name in GROUPS.items():
        held: _Held = {}
        unsure: list[str] = []
        absent: list[str] = []
        for node, fact in groups:
            group = next((group for group in fact.groups if group.sid == sid), None)
            if group is None:
                absent.append(node.name)
                continue
            held[node.name] = _members(group, _own_domains(node, fact))
            if group.unread:
                unsure.append(node.name)
                reasons.append(Why.UNREAD(group=name, count=group.unread, node=node.name))
        if absent:
            reasons.append(Why.GROUP_UNSEEN(group=name, nodes=", ".join(absent)))
        reasons += _crowds(name, held)
        reasons += _differences(name, held, unsure)
        reasons += _questions(name, held)
        seen.update(dict.fromkeys(_shown(m) for members in held.values() for m in members.values()))
    return verdict(*reasons) if reasons else verdict(Why.KEPT(count=len(groups), members=", ".join(seen) or "nobody"))


def _own_domains(node: Subject, fact: LocalGroups) -> frozenset[str]:
    """The parts of SIDs that stand for the node itself: those of members that it says are local."""
    short = node.name.partition(".")[0].casefold()
    return frozenset(
        member.sid.rpartition("-")[0]
        for group in fact.groups
        for member in group.members
        if member.sid.startswith(DOMAIN_SID)
        and (member.source == "Local" or (member.name or "").casefold().partition("\\")[0] == short)
    )


def _members(group: LocalGroup, own: frozenset[str]) -> dict[str, GroupMember]:
    """Members by what they are the same by on every node: the SID, but for local accounts, whose SIDs differ."""
    held = {}
    for member in group.members:
        domain, _, rid = member.sid.rpartition("-")
        local = domain in own or (not own and rid == BUILT_IN_ADMINISTRATOR)
        if not local:
            held[member.sid] = member
        elif int(rid) < FIRST_OWN_RID or member.name is None:
            held[f"local {rid}"] = member
        else:
            held[f"local {member.name.casefold().rpartition(chr(92))[2]}"] = member
    return held


def _crowds(group: str, held: _Held) -> Iterator[Reason]:
    found: dict[str, list[str]] = {}
    for node, members in held.items():
        for member in members.values():
            if _crowd(member):
                found.setdefault(member.sid, []).append(node)
    for sid, nodes in found.items():
        yield Why.CROWD(group=group, who=_crowd(GroupMember(sid=sid)), sid=sid, nodes=", ".join(nodes))


def _crowd(member: GroupMember) -> str:
    """Which crowd a member is; empty for none."""
    by_rid = CROWDS_BY_RID.get(member.sid.rpartition("-")[2], "") if member.sid.startswith(DOMAIN_SID) else ""
    return CROWDS.get(member.sid, by_rid)


def _differences(group: str, held: _Held, unsure: list[str]) -> Iterator[Reason]:
    """Members that are not everywhere. A node with members that could not be read may have any of them."""
    keys = dict.fromkeys(key for members in held.values() for key in members)
    for key in keys:
        nodes = [node for node, members in held.items() if key in members]
        others = [node for node, members in held.items() if key not in members and node not in unsure]
        if others:
            member = held[nodes[0]][key]
            yield Why.DIFFERENT(group=group, member=_shown(member), nodes=", ".join(nodes), others=", ".join(others))


def _questions(group: str, held: _Held) -> Iterator[Reason]:
    """What only a person can answer: single accounts, computers, SIDs without a name, more than one domain."""
    asked: dict[Why, dict[str, None]] = {Why.SINGLE: {}, Why.COMPUTER: {}, Why.NAMELESS: {}, Why.KIND_UNSEEN: {}}
    domains: dict[str, str] = {}
    for members in held.values():
        for key, member in members.items():
            code = None if _crowd(member) else _question(key, member)
            if code is not None:
                asked[code][_shown(member)] = None
            if not key.startswith("local ") and member.sid.startswith(DOMAIN_SID):
                domains.setdefault(member.sid.rpartition("-")[0], _shown(member))
    for code, found in asked.items():
        if found:
            yield code(group=group, members=", ".join(found))
    if len(domains) > 1:
        yield Why.DOMAINS(group=group, count=len(domains), members=", ".join(domains.values()))


def _question(key: str, member: GroupMember) -> Why | None:
    rid = member.sid.rpartition("-")[2]
    if key == f"local {BUILT_IN_ADMINISTRATOR}" or member.sid.startswith(SERVICES):
        return None
    if member.sid.startswith(DOMAIN_SID) and rid in KNOWN_GROUPS_BY_RID:
        return None
    if member.name is None:
        return Why.NAMELESS
    if member.name.endswith("$"):
        return Why.COMPUTER
    if member.kind is None:
        return Why.KIND_UNSEEN
    return None if member.kind == "Group" else Why.SINGLE


def _shown(member: GroupMember) -> str:
    return member.name or member.sid
