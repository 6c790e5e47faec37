r"""NET-001  Cluster and live migration networks cannot be reached from tenant networks.

## What it decides

Whether anything on the hosts lets tenants reach the networks over which the nodes run the cluster and move the memory
of VMs; and, where somebody knocked from the tenants' side, what answered.

## Why it matters

Behind these networks stand the ports of the cluster, of live migration and of SMB, and on them goes the memory of every
VM that moves. They are built for nodes that trust each other. A tenant who reaches them needs one mistake in one of
these services to own every VM of the cluster.

A host can not prove that there is no way: it sees its own gateways, VLANs and filters, and the routers decide. So this
control says FAIL where the hosts show a way, PASS only where somebody on the tenants' side tried and nothing answered,
and otherwise REVIEW or UNKNOWN with the proof that is missing. A "cluster network is not routable" without such a knock
is a belief.

## How it is decided

The evidence, by the letters under which the reasons are sorted:

- A1: networks with role 1, and those that carry live migration (they have a role and are not among
  `MigrationExcludeNetworks`). These are judged, and what is declared for the two purposes. That clients reach the
  cluster over one of them is a remark.
- A2: a gateway, or another route that is not on-link, in or to one of them.
- A3: forwarding, RRAS, weak host receive. NET-005 judges them; nothing of it is looked at here.
- A4: an adapter of the host for one of them, on an external switch beside adapters of VMs. It fails untagged, on a VLAN
  that a VM has, too, within the trunk of a VM, and where the switch has both a VM that may spoof its MAC address and a
  mirrored port.
- A5: an address of a VM in one of them, or a declared network of tenants that overlaps one. Either fails.
- A6: port ACLs that keep these VMs away from these subnets. A remark: defence in depth, and no end of A4.
- A7: inbound rules that let anybody in to TCP 6600, 445, 3343, 135 or 2179. A remark: exposure if there is a way
  (NET-007 judges the rules).
- A8: knocks from the tenants' side at TCP 3343, 6600 and 445 of the nodes' addresses there. A welcome or a refusal
  fails; silence everywhere is the one proof.
- A9: protection of what is sent, which limits the damage (CLU-001, SMB-012, LM-009). Nothing of it is looked at here.

What follows:

- FAIL where A4, A5 or A8 fails, whatever else holds.
- UNKNOWN where A2 has a route and A8 is not complete; where a VLAN, an adapter or `MigrationExcludeNetworks` was not
  read; and where a node was not seen.
- PASS where A8 is complete, clean, and nothing else is open: from each declared network of tenants somebody knocked at
  each of the three ports of each address of the nodes there. A knock is from the tenants' side if its place says so
  (`tenant`, `untrusted`, or the name of such a network) or its address lies in a network that is declared so.
- Otherwise REVIEW: host-side evidence shows no path; routers are not seen.
- REVIEW as well where an adapter of the host stands beside VMs and no route tells what it carries, where a private VLAN
  leaves it open, and where the cluster has no network of its own.

Whom a VM belongs to, no host knows: each counts as a tenant's. A VM of the operators has no business in these networks
either.

## How to look yourself

    Get-ClusterNetwork | Select-Object Id, Name, Role, Ipv4Addresses, Ipv4PrefixLengths
    Get-ClusterResourceType -Name "Virtual Machine" | Get-ClusterParameter -Name MigrationExcludeNetworks
    Get-NetRoute | Where-Object -Property NextHop -NotIn -Value "0.0.0.0", "::"
    Get-VMNetworkAdapterVlan -ManagementOS
    Get-VMNetworkAdapterVlan -VMName *
    Get-VMNetworkAdapter -VMName * | Select-Object VMName, SwitchName, IPAddresses

Wanted on 2019, 2022 and 2025: no next hop in one of these networks; no VLAN in both lists of adapters on one switch; no
address of a VM in them. And from a machine in each network of tenants, for each address and port:

    Test-NetConnection -ComputerName 10.20.30.11 -Port 6600

Wanted: `TcpTestSucceeded` `False`, after a wait (an answer at once is a refusal, and there is a way). Knock at
something that must answer first, or the silence proves nothing.

## Remedy

The smallest thing that the reason names: the VLAN of an adapter, the trunk of a VM, a VM's address, a route.

    Set-VMNetworkAdapterVlan -ManagementOS -VMNetworkAdapterName Cluster -Access -VlanId 20
    Set-VMNetworkAdapterVlan -VMName APP01 -VMNetworkAdapterName "Network Adapter" -Access -VlanId 205
    Remove-NetRoute -DestinationPrefix 0.0.0.0/0 -NextHop 10.20.30.1
    Add-VMNetworkAdapterExtendedAcl -VMName APP01 -Action Deny -Direction Outbound -RemoteIPAddress 10.20.30.0/24 `
        -Weight 90

- Reboot: none.
- Order: the ports of the physical switches first. Adapters of the host one node at a time, drained, with another
  cluster network up. Then the routers' own filters, and the knock from the tenants' side last.
- Rollback: the same cmdlets with the values from before; `New-NetRoute` for a route.

## What it cannot see

Routers, their filters, and native VLANs of physical ports. Physical adapters of the host that are on no virtual switch.
Addresses that guests do not tell. A place from which nobody knocked, and a filter that came after the knock. What an
extension of the switch does.

## References

- MicrosoftDocs/win32, `desktop-src/MsCS` (roles of cluster networks, MigrationExcludeNetworks)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMNetworkAdapterVlan.md` and
  `Add-VMNetworkAdapterExtendedAcl.md`, `docset/winserver2025-ps/NetTCPIP/Get-NetRoute.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v-virtual-switch/`
  `Create-Security-Policies-with-Extended-Port-Access-Control-Lists.md`
- RFC 9293 (a refusal is an answer)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypervigil.controls.effective import firewall
from hypervigil.controls.effective.infrastructure import Place, places
from hypervigil.controls.effective.isolation import ways
from hypervigil.controls.effective.port_acls import INBOUND, OUTBOUND, denies
from hypervigil.controls.effective.shared_switches import Shared, names_of, shared_ports, unseen_hosts
from hypervigil.controls.effective.tenant_side import answers, node_addresses, untried
from hypervigil.controls.effective.vlans import Meeting, Opaque, Port, meet, port_of, shown
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.network import ClusterNetworks, Routes
from hypervigil.evidence.vm_settings import MirroringMode, NetworkAdapter, VlanMode, VmNetworkAdapters, VmSwitches
from hypervigil.evidence.wire import WireReach
from hypervigil.model.context import Context, Network, Purpose, address_of
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Items, Maybe, Nodes
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    HOST_UNTAGGED = fails("On {node} {host} ({network}) is untagged on the switch {switch}, beside VMs: {vms}.")
    SAME_VLAN = fails("On {node} {vms} share {vlans} with {host} ({network}) on the switch {switch}.")
    TRUNK = fails("On {node} the trunk of {vms} has {vlans} of {host} ({network}) on the switch {switch}.")
    SPOOFED_AND_MIRRORED = fails(
        "On {node} the switch {switch} of {host} ({network}) has VMs that may send with any MAC address ({spoofing}) "
        "and mirrored ports ({mirrored})."
    )
    VM_INSIDE = fails("{vm} on {node} has {address} in {network}.")
    TENANTS_OVERLAP = fails("{tenants}, declared for tenants ({place}), overlaps {network} ({subnets}).")
    ANSWERED = fails("{endpoint} in {network} answers {source} on the tenants' side ({answer}).")
    CLEAN = passes("From {tenants} no port of the nodes in {networks} answered.")
    NO_PATH = reviews("Host-side evidence shows no path; routers are not seen.")
    PRIVATE_UNSURE = reviews(
        "On {node} a private VLAN may let {vms} reach {host} ({network}) on {vlans} of the switch {switch}. Is the "
        "port isolated, or that of a community?"
    )
    UNMAPPED = reviews("On {node} {host} is on the switch {switch} beside VMs ({vms}). Which network does it carry?")
    NO_OWN_NETWORK = reviews("No network is the cluster's own or carries live migration. How do the nodes talk?")
    UNPROBED = unknown("Packets are routed in {networks}, and no complete knock from the tenants' side says how far.")
    VLAN_UNSEEN = unknown(
        "On {node} the VLAN of {adapter} on the switch {switch} is not known: {why}.", Cause.NOT_IN_SOURCE
    )
    HOST_UNSEEN = unknown(
        "On {node} the host shares the switch {switch} with VMs, and its adapter there is not among those read.",
        Cause.NOT_IN_SOURCE,
    )
    SWITCH_UNSEEN = unknown(
        "On {node} the switch {switch} of {host} and of VMs is not among those read.", Cause.NOT_IN_SOURCE
    )
    NODE_UNSEEN = unknown("Adapters, switches and routes of {node} were not all seen.")
    EXCLUDED_UNREAD = unknown(
        "Whether live migration goes over {networks} was not read (MigrationExcludeNetworks).", Cause.NOT_IN_SOURCE
    )
    MISSING_PROOF = remarks("Missing for a proof: {proof}.")
    ROUTED = remarks("{node} has a route in {network}: to {destination} through {hop}.")
    OPEN_TO_CLIENTS = remarks("Live migration goes over {networks}, over which clients reach the cluster, too.")
    NO_ACL = remarks("On {node} no port ACL keeps {vms} away from {network}.")
    ACL = remarks("On {node} port ACLs keep the VMs on the switch {switch} away from {network}.")
    EXPOSED = remarks("Anybody is let in to {ports}, if there is a way, by {nodes} (NET-007 judges the rules).")
    FIREWALL_UNSEEN = remarks("What the firewall of {nodes} lets in was not seen.")


CONTROL = Control(
    id="NET-001",
    title="Cluster and live migration networks cannot be reached from tenant networks",
    family=Family.NETWORK,
    scope=Scope.CLUSTER,
    severity=Severity.CRITICAL,
    reasons=Why,
)
_ENTRANCES = (firewall.LIVE_MIGRATION, firewall.SMB, firewall.CLUSTER, firewall.RPC, firewall.VM_CONNECT)


def assess(  # noqa: PLR0917  as many facts as the claim rests on
    networks: ClusterNetworks,
    switches: Nodes[VmSwitches],
    adapters: Nodes[VmNetworkAdapters],
    routes: Nodes[Routes],
    rules: Maybe[Nodes[FirewallRules]],
    reach: Maybe[Items[WireReach]],
    context: Maybe[Context],
) -> Verdict:
    """Walk A1 to A8: a way that is shown fails, a proof that is complete passes, what lies between is asked."""
    known, held = places(networks), reach.value if reach.value is not None else Items[WireReach]({}, {})
    inner = _inner(known, context.value)
    facts = tuple(held.known.values())
    shared = [
        (node.name, each)
        for node, fact in adapters
        if node in switches.known and node in routes.known
        for each in shared_ports(fact, switches.known[node], routes.known[node], inner)
    ]
    said = [reason for node, each in shared for reason in _layer_two(node, each)]
    said += [*_unread(known, switches, adapters, routes), *_inside(inner, adapters), *_overlaps(inner, context.value)]
    said += [
        Why.ANSWERED(endpoint=a.endpoint, network=a.network.shown, source=a.source, answer=a.answer)
        for a in answers(inner, facts, context.value)
    ]
    routed = list(_routed(inner, routes))
    aside = [*routed, *_open(known), *_acls(shared, context.value), *_exposed(rules)]
    if not inner:
        return verdict(*(said or [Why.NO_OWN_NETWORK()]), *aside)
    if any(reason.outcome is Outcome.FAIL for reason in said):
        return verdict(*said, *aside)
    proof = list(_missing(inner, networks, held, context.value))
    if not proof:
        tenants = ", ".join(each.shown for each in _tenants(context.value))
        return verdict(*said, Why.CLEAN(tenants=tenants, networks=_shown(inner)), *aside)
    if routed:
        gap = next(iter(held.missing.values()), reach.missing)
        said.append(Why.UNPROBED.because(gap, networks=_shown(inner)))
    return verdict(*(said or [Why.NO_PATH()]), Why.MISSING_PROOF(proof="; ".join(proof)), *aside)


def _inner(known: Sequence[Place], context: Context | None) -> tuple[Network, ...]:
    """A1: what has to be kept apart, by the cluster and by declaration."""
    own = [place.network for place in known if place.is_inner and place.network.subnets]
    wanted = {Purpose.CLUSTER, Purpose.LIVE_MIGRATION}
    declared = [each for each in (context.networks if context else None) or () if each.purposes & wanted]
    seen = [subnet for network in own for subnet in network.subnets]
    more = [each for each in declared if each.subnets and not all(subnet in seen for subnet in each.subnets)]
    return (*own, *more)


def _tenants(context: Context | None) -> tuple[Network, ...]:
    return context.networks_for(Purpose.TENANT) if context else ()


def _layer_two(node: str, shared: Shared) -> Iterator[Reason]:
    """A4: an adapter of the host and the adapters of VMs on its switch, as packets take them."""
    where = {"node": node, "host": shared.alias, "switch": shared.switch}
    if not shared.listed:
        yield Why.SWITCH_UNSEEN(**where)
    if shared.networks is None:
        yield Why.UNMAPPED(**where, vms=names_of(shared.tenants))
        return
    named = {**where, "network": shared.network}
    port = port_of(shared.host)
    if isinstance(port, Opaque):
        yield Why.VLAN_UNSEEN(node=node, switch=shared.switch, adapter=shared.alias, why=port.why)
    elif port.untagged:
        yield Why.HOST_UNTAGGED(**named, vms=names_of(shared.tenants))
    else:
        yield from _beside(named, port, shared)
    spoofing = [each for each in shared.tenants if each.mac_spoofing]
    mirrored = [each for each in shared.tenants if each.mirroring not in (None, MirroringMode.NONE)]
    if spoofing and mirrored:
        yield Why.SPOOFED_AND_MIRRORED(**named, spoofing=names_of(spoofing), mirrored=names_of(mirrored))


def _beside(named: dict[str, str], port: Port, shared: Shared) -> Iterator[Reason]:
    met: dict[Why, list[tuple[NetworkAdapter, frozenset[int]]]] = {}
    for tenant in shared.tenants:
        other = port_of(tenant)
        if isinstance(other, Opaque):
            adapter = f"{tenant.name} of {names_of([tenant])}"
            yield Why.VLAN_UNSEEN(node=named["node"], switch=shared.switch, adapter=adapter, why=other.why)
            continue
        meeting, vlans = meet(port, other)
        if meeting is Meeting.TOGETHER:
            why = Why.TRUNK if tenant.vlan_mode is VlanMode.TRUNK else Why.SAME_VLAN
            met.setdefault(why, []).append((tenant, vlans))
        elif meeting is Meeting.PERHAPS:
            met.setdefault(Why.PRIVATE_UNSURE, []).append((tenant, vlans))
    for why, found in met.items():
        vlans = frozenset().union(*(vlans for _, vlans in found))
        yield why(**named, vms=names_of([tenant for tenant, _ in found]), vlans=shown(vlans))


def _unread(
    known: Sequence[Place], switches: Nodes[VmSwitches], adapters: Nodes[VmNetworkAdapters], routes: Nodes[Routes]
) -> Iterator[Reason]:
    undecided = [place.found.name for place in known if place.is_undecided]
    if undecided:
        yield Why.EXCLUDED_UNREAD(networks=", ".join(undecided))
    for node, missing in {**routes.missing, **switches.missing, **adapters.missing}.items():
        yield Why.NODE_UNSEEN.because(missing, node=node.name)
    for node, fact in adapters:
        for switch in unseen_hosts(fact, switches.known[node]) if node in switches.known else ():
            yield Why.HOST_UNSEEN(node=node.name, switch=switch)


def _inside(inner: Sequence[Network], adapters: Nodes[VmNetworkAdapters]) -> Iterator[Reason]:
    """A5: addresses of VMs, by their own word."""
    for node, fact in adapters:
        for adapter in fact.adapters:
            for text in adapter.ip_addresses if adapter.vm_id is not None else ():
                address = address_of(text)
                held = [each for each in inner if address is not None and each.holds(address)]
                if held:
                    vm = names_of([adapter])
                    yield Why.VM_INSIDE(vm=vm, node=node.name, address=str(address), network=held[0].shown)


def _overlaps(inner: Sequence[Network], context: Context | None) -> Iterator[Reason]:
    for tenants in _tenants(context):
        for network in inner:
            if any(map(network.touches, tenants.subnets)):
                subnets = ", ".join(map(str, network.subnets))
                yield Why.TENANTS_OVERLAP(
                    tenants=tenants.shown, place=tenants.place, network=network.shown, subnets=subnets
                )


def _routed(inner: Sequence[Network], routes: Nodes[Routes]) -> Iterator[Reason]:
    """A2: what is routed in or to these networks."""
    for node, fact in routes:
        for network in inner:
            for way in ways(network, fact):
                place = {"node": node.name, "network": network.shown}
                yield Why.ROUTED(**place, hop=str(way.hop), destination=str(way.destination))


def _open(known: Sequence[Place]) -> Iterator[Reason]:
    opened = [place.found.name for place in known if place.is_open]
    if opened:
        yield Why.OPEN_TO_CLIENTS(networks=", ".join(opened))


def _acls(shared: Sequence[tuple[str, Shared]], context: Context | None) -> Iterator[Reason]:
    """A6: defence in depth where the two meet on a switch, on the VMs' adapters or on that of the host."""
    outside = [subnet for tenants in _tenants(context) for subnet in tenants.subnets]
    for node, each in shared:
        subnets = [subnet for network in each.networks or () for subnet in network.subnets]
        guarded = bool(outside) and all(denies(each.host.acls, subnet, INBOUND) for subnet in outside)
        bare = [t for t in each.tenants if not all(denies(t.acls, subnet, OUTBOUND) for subnet in subnets)]
        if subnets and bare and not guarded:
            yield Why.NO_ACL(node=node, vms=names_of(bare), network=each.network)
        elif subnets:
            yield Why.ACL(node=node, switch=each.switch, network=each.network)


def _exposed(rules: Maybe[Nodes[FirewallRules]]) -> Iterator[Reason]:
    """A7: ports that the firewall opens to anybody."""
    nodes_of: dict[str, list[str]] = {}
    for node, fact in rules.value or ():
        wide = [each for each in _ENTRANCES if any(o.sources.anywhere for o in firewall.openings(fact, None, each))]
        nodes_of.setdefault(", ".join(each.shown for each in wide), []).append(node.name)
    for ports, nodes in nodes_of.items():
        if ports:
            yield Why.EXPOSED(nodes=", ".join(nodes), ports=ports)
    if rules.value is not None and rules.value.missing:
        yield Why.FIREWALL_UNSEEN(nodes=", ".join(node.name for node in rules.value.missing))


def _missing(
    inner: Sequence[Network], networks: ClusterNetworks, held: Items[WireReach], context: Context | None
) -> Iterator[str]:
    """A8: what the proof lacks, in words; nothing where it is complete."""
    tenants, targets = _tenants(context), node_addresses(inner, networks)
    if not tenants:
        yield "a declaration of the networks of tenants"
    bare = [each.shown for each in inner if not any(map(each.holds, targets))]
    if bare:
        yield f"the addresses of the nodes in {', '.join(bare)}"
    yield from untried(tenants, targets, held.known.values())
    for subject in held.missing:
        yield f"what was found on the wire at {subject.name}"
    if not tenants and not held:
        yield "a knock from the tenants' side at TCP 3343, 6600 and 445 of the nodes"


def _shown(networks: Sequence[Network]) -> str:
    return ", ".join(network.shown for network in networks)
