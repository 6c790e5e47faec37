r"""CLU-004  Guests make the host tier 0.

## What it decides

Which nodes hold a domain controller, a certificate authority, a Host Guardian Service or another guest that is
declared as tier 0, and whether such a guest shares its node with others.

## Why it matters

Whoever rules a host rules its guests: their memory, their disks, their console. So a node that can hold a domain
controller is worth as much as the domain, and so is everything that leads to the node: its administrators, its backup,
its management network. Microsoft asks for separate hosts for virtual domain controllers, so that the few who rule the
domain rule those hosts, and nobody else does. Which guests count is for their owner to say.

## How it is decided

For each guest that the context declares under `tier0_guests`, by the node that lists it:

- Guests that are not declared stand on the same node: FAIL, with the node, the guest and its neighbours.
- None does now, but clustering can bring them together: REVIEW. Whether possible owners keep them apart is not looked
  at here; the report's note on nodes does.
- Nothing else can come to its node: PASS, with the node and the guest.

Besides:

- A guest that is not declared and calls itself a domain controller: REVIEW. All that is heard from a guest is written
  in the guest, so it may be wrong or a lie. That it says nothing proves nothing, and neither a certificate
  authority nor a Host Guardian Service would say so. Where guests were not heard at all: UNKNOWN.
- A declared guest that no node lists: REVIEW.
- Nobody declares which guests are tier 0 (an empty list says "none"): REVIEW.
- None is here, by declaration, and no guest claims to be one; or no node holds a VM: PASS.

The severity of other findings on these nodes stays as it is. The report puts them first and names the guest beside
the node.

## How to look yourself

    Get-VM | Select-Object -Property Name, Id, State, IsClustered
    Get-ClusterGroup | Where-Object GroupType -eq VirtualMachine | Get-ClusterOwnerNode

Expected on 2019, 2022 and 2025: tier-0 guests on nodes that hold nothing else, or on no node of this cluster.

## Remedy

Give tier-0 guests hosts of their own, with administrators, backup and management networks of tier 0. Inside one
cluster, owners keep guests apart; the administrators of the cluster, who rule all nodes, stay the same:

    Get-ClusterResource -Name 'Virtual Machine DC01' | Set-ClusterOwnerNode -Owners HV01, HV02
    Move-ClusterVirtualMachineRole -Name DC01 -Node HV01 -MigrationType Live

- Reboot: none.
- Order: declare the guests, so that the report knows; then narrow who administers the nodes; then move: first other
  guests away, then the owners. Leave each role two owners at least.
- Rollback: `Set-ClusterOwnerNode` with all nodes.

Where that can not be, treat every node as tier 0, shield the guests, and accept the finding with a waiver that says
so.

## What it cannot see

What a guest is that nobody declares. Who can own which role (`cluster_groups` is not among its facts). Guests of other
clusters on the same storage, copies in backups, and replicas elsewhere.

## References

- MicrosoftDocs/windowsserverdocs,
  `WindowsServerDocs/identity/ad-ds/plan/security-best-practices/Securing-Domain-Controllers-Against-Attack.md`
- MicrosoftDocs/win32, `desktop-src/HyperV_v2/msvm-kvpexchangecomponent.md` (what guests say)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/Set-ClusterOwnerNode.md`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypervigil.controls.effective.tier0 import TierZeroGuest, tier0_guests
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.vm_settings import GuestIdentity
from hypervigil.model.context import Context, GuestRef
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Items, Maybe
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.wording import few


class Why(ReasonCode):
    """What this control can say."""

    NO_VM = passes("No node holds a virtual machine.")
    NONE = passes("No guest of this cluster is declared to be tier 0, and none says that it is a domain controller.")
    ALONE = passes("{node} holds {guest} ({role}), and no guest that is not declared can come there: it is tier 0.")
    BESIDE = fails("{node} holds {guest} ({role}) beside {others}: the node is tier 0, and who rules it has {guest}.")
    MAY_MEET = reviews(
        "{node} holds {guest} ({role}), so it is tier 0; what keeps it apart from {others}?", Confidence.INFERRED
    )
    SAYS_SO = reviews("{guest} on {node} calls itself a domain controller and is not declared: is it one?")
    NOT_HERE = reviews("{guest} is declared to be tier 0 ({place}), and no node lists it: where is it?")
    UNDECLARED = reviews("Nobody has declared which guests are tier 0, and no host can tell: is there one here?")
    UNHEARD = unknown("What guests on {places} say of themselves was not heard.")
    MOVES = remarks("{guest} is clustered, or may be: {nodes} can come to hold it, where the role's owners allow.")


CONTROL = Control(
    id="CLU-004",
    title="Guests make the host tier 0",
    family=Family.CLUSTER,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

SHOWN = 3
"""Neighbours of a guest that are named; the others are counted."""


def assess(vms: Items[Vm], said: Maybe[Items[GuestIdentity]], context: Maybe[Context]) -> Verdict:
    """Name the nodes of declared guests and their neighbours; ask about the rest."""
    if not vms.known and not vms.missing:
        return verdict(Why.NO_VM())
    declared = context.value.tier0_guests if context.value else None
    guests = tier0_guests(vms, said.value or (), declared)
    own = [guest for guest in guests if guest.declared]
    others = _others(vms, own)
    reasons = [reason for guest in own for reason in _of_guest(guest, others, vms)]
    reasons += [Why.SAYS_SO(guest=guest.name, node=_node(guest.vm)) for guest in guests if not guest.declared]
    reasons += _of_declaration(declared, vms)
    unheard = _unheard(said, own)
    if unheard is not None:
        reasons.append(unheard)
    return verdict(*reasons) if reasons else verdict(Why.NONE())


def _of_guest(guest: TierZeroGuest, others: Sequence[tuple[Subject, Vm]], vms: Items[Vm]) -> Iterator[Reason]:
    """What is to be said of a declared guest; ``others`` are the VMs that are not declared."""
    node = _node(guest.vm)
    values = {"guest": guest.name, "role": guest.role_shown, "node": node}
    beside = [vm.name for subject, vm in others if _node(subject) == node]
    mobile = [vm.name for _, vm in others if guest.may_move or vm.clustered is not False]
    if beside:
        yield Why.BESIDE(**values, others=few(beside, SHOWN))
    elif mobile:
        yield Why.MAY_MEET(**values, others=few(mobile, SHOWN))
    else:
        yield Why.ALONE(**values)
    if guest.may_move:
        elsewhere = {_node(subject) for subject in (*vms.known, *vms.missing)} - {node, ""}
        nodes = ", ".join((*sorted(elsewhere), "or any other node")) if elsewhere else "any other node"
        yield Why.MOVES(guest=guest.name, nodes=nodes)


def _others(vms: Items[Vm], own: Sequence[TierZeroGuest]) -> list[tuple[Subject, Vm]]:
    keys = {guest.vm.key for guest in own}
    return [(subject, vm) for subject, vm in vms if subject.key not in keys]


def _of_declaration(declared: Sequence[GuestRef] | None, vms: Items[Vm]) -> Iterator[Reason]:
    if declared is None:
        yield Why.UNDECLARED()
        return
    for entry in declared:
        if not any(entry.means(vm.id, vm.name) for _, vm in vms):
            yield Why.NOT_HERE(guest=entry.vm, place=entry.place or "no place given")


def _unheard(said: Maybe[Items[GuestIdentity]], own: Sequence[TierZeroGuest]) -> Reason | None:
    """Where guests were not asked what they are; those declared need not say it."""
    if said.value is None:
        return Why.UNHEARD.because(said.missing, places="any node")
    keys = {guest.vm.key for guest in own}
    gaps = {item: missing for item, missing in said.value.missing.items() if item.key not in keys}
    if not gaps:
        return None
    places = dict.fromkeys(_node(item) or item.name for item in gaps)
    return Why.UNHEARD.because(next(iter(gaps.values())), places=", ".join(places))


def _node(subject: Subject) -> str:
    """The key of the node that a VM is on, or of the node itself; empty for what stands in for a list."""
    if subject.scope is Scope.VM:
        return subject.nodes[0]
    return "" if subject.key.endswith("/*") else subject.key
