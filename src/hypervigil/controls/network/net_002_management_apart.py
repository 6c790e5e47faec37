r"""NET-002  The management network is its own VLAN and its inbound rules name the admin subnets.

## What it decides

Whether the network from which the nodes are administered is apart from those of tenants, cluster and storage, and
whether the firewalls of the nodes let in from the administrators' subnets only.

## Why it matters

The management network is where the credentials go that open every node. If tenants share its VLAN, they hear its
broadcasts, can pose as its gateway, and stand before RDP and WinRM. If the rules let any address in, the VLAN keeps out
nobody who has a route.

## How it is decided

What is the management network, and where administrators sit, is declared (context: `networks` with the purpose
management, `jump_hosts`, `wac_gateways`). Every node's adapters and rules are then held against it:

- B1, the VLAN of the management adapter against every other one. FAIL where a declared network for anything else has
  the same VLAN, where the management network is declared for more, where an adapter of a VM is on its VLAN or has it in
  a trunk, and where the adapter is untagged on a switch that VMs use. REVIEW where no virtual adapter shows it (a
  physical adapter), or where it can not be told which adapter it is.
- B2, inbound rules for TCP 3389, 5985, 5986, 443 and 6516 (Windows Admin Center), 445, 135, and UDP 3389. FAIL where
  they let in any address, a LocalSubnet that is large (a declared management subnet shorter than /24 or /64, this
  project's choice), or an address outside the admin subnets. REVIEW for another word, and where the admin subnets are
  not all declared.
- B3, rules bound to an adapter or a local address. FAIL where an adapter of the node stands on the tenants' side, and a
  rule is bound to neither.
- B4, profiles on with inbound blocked: not looked at here (NET-009).
- B5, from where people logged on: not looked at here (MGT-003).
- B6, a probe from outside the admin subnets: not seen.
- B7, the lists of the routers: not visible from any host.

Admin subnets are those of the management networks, and the addresses of jump hosts, PAWs and gateways. For 445 and 135
the declared networks of cluster, live migration and storage count as well, because the nodes need these ports of each
other. An address is only called outside where management subnets and jump hosts are declared, for 445 and 135 the
networks of the cluster, too. VMs that are declared as tier 0, or have the name of a jump host or gateway, may stand in
the management network.

Where nothing speaks against it, B6 and B7 are still open: REVIEW, host-side evidence only. PASS where the operator
declares the management network isolated; the word is then the operator's. Remote addresses and
VLANs that were not read make UNKNOWN.

## How to look yourself

    Get-VMNetworkAdapterVlan -ManagementOS
    Get-VMNetworkAdapterVlan -VMName *
    Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound -Enabled True -Action Allow |
        Get-NetFirewallAddressFilter | Select-Object InstanceID, RemoteAddress, LocalAddress

Expected on 2019, 2022 and 2025: `Access` with the VLAN of management for the host's adapter and for no VM's;
`RemoteAddress` with the admin subnets. From a machine outside of them, nothing answers:

    Test-NetConnection -ComputerName HV01 -Port 3389

## Remedy

    Set-VMNetworkAdapterVlan -ManagementOS -VMNetworkAdapterName Management -Access -VlanId 9
    Set-VMNetworkAdapterVlan -VMName APP01 -VMNetworkAdapterName "Network Adapter" -Access -VlanId 205
    Set-NetFirewallRule -Name WINRM-HTTP-In-TCP -RemoteAddress 10.9.0.0/28

- Reboot: none.
- Order: the VLAN on the physical ports first, then one node at a time, drained, at its console or BMC: a wrong VLAN
  cuts the node off. The rules after that, the routers' lists last.
- Rollback: the former VLAN (`-Untagged` where there was none) and the former list of addresses.

## What it cannot see

VLANs of physical adapters and native VLANs of physical ports, routers, and what a probe would find. Whether WinRM or
RDP listens on one address only. Everything that MGT-002 says of rules.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMNetworkAdapterVlan.md` and
  `NetSecurity/Set-NetFirewallRule.md`
- [MS-FASP] 2.2.34 (block over allow)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from hypervigil.controls.effective.admin_access import Kind, admissions, ways_in
from hypervigil.controls.effective.firewall import name_of
from hypervigil.controls.effective.management_vlan import Standing, declared_vlans, standing
from hypervigil.controls.effective.vlans import shown
from hypervigil.evidence.firewall import FirewallRule, FirewallRules
from hypervigil.evidence.vm_settings import NetworkAdapter, VmNetworkAdapters
from hypervigil.model.context import Context, Network, Purpose
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope
from hypervigil.model.wording import few

T = TypeVar("T")


class Why(ReasonCode):
    """What this control can say."""

    APART = passes(
        "{networks} has a VLAN of its own, the rules name admin subnets, and the operator declares it isolated."
    )
    UNPROVEN = reviews(
        "Host-side evidence shows a VLAN of its own and rules for admin subnets alone. A probe from outside (B6) and "
        "the lists of the routers (B7) are not seen. Who else reaches {networks}?"
    )
    MIXED = fails("The management network {network} is declared for {purposes}.")
    SAME_DECLARED_VLAN = fails("The management network {network} shares VLAN {vlans} with {other}, for {purposes}.")
    VM_ON_VLAN = fails("On {nodes} adapters of VMs are on {vlans} of the management network: {adapters}.")
    UNTAGGED = fails("On {nodes} adapter {adapter} is for management and untagged on switch {switch}, beside VMs.")
    UNTAGGED_PERHAPS = reviews(
        "On {nodes} adapter {adapter} of the host is untagged on switch {switch}, beside VMs. Is it for management?"
    )
    OTHER_VLAN = reviews("On {nodes} adapter {adapter} is on {vlans}, which is not declared for it. What is right?")
    SEVERAL = reviews("On {nodes} {adapters} are on the management VLAN. Are all of them for management?")
    NO_ADAPTER = reviews(
        "On {nodes} no virtual adapter shows the VLAN of the management network (B1): the port of the physical switch "
        "decides. Has it a VLAN of its own?"
    )
    NOT_DECLARED = reviews("No network is declared for management (B1). Which one is it, and on which VLAN?")
    VLAN_UNSEEN = unknown("On {nodes} the VLAN of {adapters} is not known: {why}.", Cause.NOT_IN_SOURCE)
    ANYBODY = fails("On {nodes} the firewall lets {sources} in to {ports}: {way}.")
    NEIGHBOURS = fails("On {nodes} the firewall lets a large {sources} in to {ports}: {way}.", Confidence.INFERRED)
    OUTSIDE = fails("On {nodes} the firewall lets {sources}, outside the admin subnets, in to {ports}: {way}.")
    WHOSE = reviews(
        "On {nodes} the firewall lets {sources} in to {ports}: {way}. Are these admin subnets? Not all are declared."
    )
    WHICH = reviews("On {nodes} the firewall lets {sources} in to {ports}: {way}. Who is that?")
    DOUBTFUL = reviews("On {nodes} the firewall lets {sources} in to {ports}: {way}; but {doubts}. Does it?")
    UNREAD = unknown("On {nodes} from where {way} lets in to {ports} was not read: {sources}.", Cause.NOT_IN_SOURCE)
    TENANT_SIDE = fails(
        "On {nodes} {adapters} of the host stand on the tenants' side, and rules that are bound to no adapter or "
        "address let in there, too: {rules}."
    )
    BINDING_UNREAD = unknown(
        "On {nodes} {adapters} of the host stand on the tenants' side, and whether these rules are bound to another "
        "adapter was not read: {rules}.",
        Cause.NOT_IN_SOURCE,
    )
    ELSEWHERE = remarks(
        "Not looked at here: whether the profiles are on (B4, NET-009), and who logged on (B5, MGT-003)."
    )


CONTROL = Control(
    id="NET-002",
    title="The management network is its own VLAN and its inbound rules name the admin subnets",
    family=Family.NETWORK,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

SHOWN = 4
"""So many adapters or rules are named; the others are counted."""
_CODES = {
    Kind.ANYBODY: Why.ANYBODY,
    Kind.NEIGHBOURS: Why.NEIGHBOURS,
    Kind.OUTSIDE: Why.OUTSIDE,
    Kind.WORD: Why.WHICH,
    Kind.UNDECLARED: Why.WHOSE,
    Kind.DOUBTFUL: Why.DOUBTFUL,
    Kind.UNREAD: Why.UNREAD,
}
Said = tuple[Why, tuple[tuple[str, str], ...]]
"""A reason without the nodes that it is true of, so that nodes that have the same in common share one."""


def assess(adapters: Nodes[VmNetworkAdapters], rules: Nodes[FirewallRules], context: Maybe[Context]) -> Verdict:
    """Walk the evidence: what is declared, then node by node adapters (B1, B3) and rules (B2)."""
    networks = context.value.networks_for(Purpose.MANAGEMENT) if context.value else ()
    reasons: list[Reason] = []
    nodes_of: dict[Said, list[str]] = {}
    if context.value is None or not networks:
        reasons.append(Why.NOT_DECLARED())
    else:
        reasons += _declared(networks, context.value.networks or ())
        for node, fact in adapters:
            place = standing(fact, context.value)
            said = [*_vlan(place, networks), *_tenant_side(place, rules.known.get(node))]
            for each in said:
                nodes_of.setdefault(each, []).append(node.name)
    for node, own in rules:
        for each in _admitted(own, context.value):
            nodes_of.setdefault(each, []).append(node.name)
    reasons += [code(nodes=", ".join(nodes), **dict(values)) for (code, values), nodes in nodes_of.items()]
    if not reasons:
        code = Why.APART if all(network.isolated for network in networks) else Why.UNPROVEN
        reasons.append(code(networks=", ".join(network.shown for network in networks)))
    return verdict(*reasons, Why.ELSEWHERE())


def _declared(networks: tuple[Network, ...], everything: tuple[Network, ...]) -> Iterator[Reason]:
    """What the declaration itself says of B1."""
    for network in networks:
        if network.purposes != {Purpose.MANAGEMENT}:
            yield Why.MIXED(network=network.shown, purposes=network.shown_purposes)
        for other in everything:
            shared = sorted({*(network.vlans or ())} & {*(other.vlans or ())})
            if shared and Purpose.MANAGEMENT not in other.purposes:
                yield Why.SAME_DECLARED_VLAN(
                    network=network.shown,
                    vlans=", ".join(map(str, shared)),
                    other=other.shown,
                    purposes=other.shown_purposes,
                )


def _vlan(place: Standing, networks: tuple[Network, ...]) -> Iterator[Said]:
    """B1 on one node."""
    vlans = declared_vlans(networks)
    if place.hidden:
        why = place.hidden[0][1].why
        yield _said(Why.VLAN_UNSEEN, adapters=_names((each for each, _ in place.hidden), _of_vm), why=why)
    ours = vlans | frozenset(vlan for _, port in place.own for vlan in port.tagged)
    guests = list(place.sharing(ours))
    if guests:
        shared = frozenset(vlan for _, found in guests for vlan in found)
        yield _said(Why.VM_ON_VLAN, vlans=shown(shared), adapters=_names((each for each, _ in guests), _of_vm))
    tagged = [(adapter, port) for adapter, port in place.own if not port.untagged]
    for adapter, port in place.own:
        if port.untagged and place.beside(adapter):
            yield _said(Why.UNTAGGED, adapter=adapter.name, switch=adapter.switch_name or "")
        elif vlans and port.tagged - vlans:
            yield _said(Why.OTHER_VLAN, adapter=adapter.name, vlans=shown(port.tagged - vlans))
    if len(tagged) > 1:
        yield _said(Why.SEVERAL, adapters=_names((each for each, _ in tagged), _of_host))
    without_vlan = not vlans and all(network.vlans is not None for network in networks)
    for adapter in place.untagged if not place.own else ():
        code = Why.UNTAGGED if without_vlan else Why.UNTAGGED_PERHAPS
        yield _said(code, adapter=adapter.name, switch=adapter.switch_name or "")
    bare = any(port.untagged and not place.beside(adapter) for adapter, port in place.own)
    if bare or not (place.own or place.untagged):
        yield _said(Why.NO_ADAPTER)


def _admitted(rules: FirewallRules, context: Context | None) -> Iterator[Said]:
    """B2 on one node."""
    for each in admissions(rules, context):
        values = {"sources": each.sources, "ports": each.ports, "way": each.way.shown}
        if each.kind is Kind.DOUBTFUL:
            values["doubts"] = each.way.shown_doubts
        yield _said(_CODES[each.kind], **values)


def _tenant_side(place: Standing, rules: FirewallRules | None) -> Iterator[Said]:
    """B3 on one node."""
    if not place.outside or rules is None:
        return
    found = {id(way.rule): way.rule for way, _ in ways_in(rules) if way.rule}
    free = [rule for rule in found.values() if _is_free(rule.interfaces) and _is_free(rule.local_addresses)]
    unread = [rule for rule in found.values() if rule not in free and _may_be_free(rule)]
    adapters = _names(place.outside, _of_host)
    if free:
        yield _said(Why.TENANT_SIDE, adapters=adapters, rules=_names(free, name_of))
    if unread:
        yield _said(Why.BINDING_UNREAD, adapters=adapters, rules=_names(unread, name_of))


def _is_free(names: tuple[str, ...]) -> bool:
    return any(name.casefold() == "any" for name in names)


def _may_be_free(rule: FirewallRule) -> bool:
    return all(not names or _is_free(names) for names in (rule.interfaces, rule.local_addresses))


def _said(code: Why, **values: str) -> Said:
    return code, tuple(values.items())


def _of_vm(adapter: NetworkAdapter) -> str:
    return f"{adapter.name} of {adapter.vm_name or adapter.vm_id}" if adapter.vm_id else f"{adapter.name} of the host"


def _of_host(adapter: NetworkAdapter) -> str:
    return adapter.name


def _names(things: Iterable[T], name: Callable[[T], str]) -> str:
    return few(map(name, things), SHOWN)
