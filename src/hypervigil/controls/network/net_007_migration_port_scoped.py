r"""NET-007  The live migration listener (TCP 6600) and cluster ports are let in only from nodes.

## What it decides

From where the node's firewall lets packets in to the port of live migration (TCP 6600) and to that of the cluster
(TCP and UDP 3343), and whether those are the nodes of the cluster and nobody else.

## Why it matters

The rule that comes with Hyper-V lets any address in to live migration, on every profile, and its name says so:
`VIRT-MIGL-In-TCP-NoScope`. The listener stands on every adapter. Choosing migration networks (LM-008) chooses paths and
closes nothing: the port stays open on the management network and on whatever else the host has an address in.

## How it is decided

The enabled inbound rules of the active store, block over allow, exact to the address. The nodes are the addresses of
the cluster's network interfaces.

| what is let in | verdict |
|---|---|
| any address, or most of all | FAIL |
| addresses of no node, in a network that clients use or in none of the cluster's | FAIL, naming them |
| addresses of no node, in subnets of networks for the cluster alone (or that it does not use) | REVIEW |
| a word such as LocalSubnet | REVIEW |
| a rule that may be narrower: it demands IPsec, a filter was not read | REVIEW |
| remote addresses that were not read or not understood | UNKNOWN |
| specific addresses, and the cluster's interfaces were not read | UNKNOWN |
| nodes only, or nobody | PASS |

A rule that is limited to the migration adapter and lets any address in there still lets any address in.

## How to look yourself

    Get-NetFirewallRule -PolicyStore ActiveStore -Name VIRT-MIGL-In-TCP-NoScope | Get-NetFirewallAddressFilter
    Get-NetFirewallPortFilter -PolicyStore ActiveStore | Where-Object LocalPort -In 6600, 3343
    Get-ClusterNetworkInterface | Select-Object Node, Network, Ipv4Addresses, Ipv6Addresses

Expected on 2019, 2022 and 2025: `RemoteAddress` lists addresses of nodes. Out of the box it is `Any`.

## Remedy

    Set-NetFirewallRule -Name VIRT-MIGL-In-TCP-NoScope -RemoteAddress 10.20.30.11, 10.20.30.12
    Set-NetFirewallRule -Name FailoverClustering-NetFt-UDP-In -RemoteAddress 10.0.9.11, 10.0.9.12, 10.20.10.11

- Reboot: none.
- Order: all addresses of all nodes first, on all cluster networks, also of a node that is to join; one node, one test
  migration in each direction, then the others. A missing address splits the cluster: begin with 6600.
- Rollback: `Set-NetFirewallRule -Name VIRT-MIGL-In-TCP-NoScope -RemoteAddress Any`

## What it cannot see

Whether the profiles are on (NET-009), and the other ports that nodes need of one another and that others need as well:
SMB 445 and RPC (NET-002), VMConnect 2179. Migration from hosts outside the cluster, which the rule then has to name.
Whether anything answers from outside (NET-010). Dynamic keywords of a rule.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetSecurity/Set-NetFirewallRule.md` and
  `Hyper-V/Set-VMHost.md`
- Microsoft support article KB832017 (ports of Windows services; cluster 3343)
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective.firewall import CLUSTER, CLUSTER_UDP, LIVE_MIGRATION, Opening, openings
from hypervigil.controls.effective.isolation import is_open_to_clients, subnets_of
from hypervigil.controls.effective.sources import AddressRange, Sources, merged, range_of
from hypervigil.evidence.fact import once
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.network import ClusterNetworks
from hypervigil.model.context import address_of
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    CLOSED = passes("The firewall lets nobody in to live migration or to the cluster's port.")
    NODES_ONLY = passes("The firewall lets nodes of the cluster in, and nobody else: {rules}.")
    ANYBODY = fails("The firewall lets {sources} in to {ports}: {way}.")
    OTHERS = fails("The firewall lets {sources} in to {ports}, which no node has: {way}.")
    NEIGHBOURS = reviews(
        "The firewall lets {sources} in to {ports}: {way}. The subnet is one that the cluster keeps for nodes; "
        "is anybody else in it?"
    )
    WHICH = reviews("The firewall lets {sources} in to {ports}: {way}. Who is that on this host?")
    DOUBTFUL = reviews("The firewall lets {sources} in to {ports}: {way}; but {doubts}. Does it?")
    UNREAD = unknown("From where the firewall lets in to {ports} was not read: {way}, {sources}.", Cause.NOT_IN_SOURCE)
    NODES_UNSEEN = unknown(
        "The firewall lets {sources} in to {ports}: {way}. The addresses of the nodes were not read.",
        Cause.NOT_IN_SOURCE,
    )


CONTROL = Control(
    id="NET-007",
    title="The live migration listener (TCP 6600) and cluster ports are let in only from nodes",
    family=Family.NETWORK,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

ENTRANCES = (LIVE_MIGRATION, CLUSTER, CLUSTER_UDP)


def assess(rules: FirewallRules, networks: ClusterNetworks) -> Verdict:
    """Judge every way in, the ports that it opens together."""
    ways: dict[Opening, list[str]] = {}
    for entrance in ENTRANCES:
        for opening in openings(rules, None, entrance):
            ways.setdefault(opening, []).append(entrance.shown)
    if not ways:
        return verdict(Why.CLOSED())
    nodes, kept = _nodes(networks), _kept_for_nodes(networks)
    reasons = [reason for way, ports in ways.items() for reason in _of_way(way, ", ".join(ports), nodes, kept)]
    if not reasons:
        shown = "; ".join(f"{way.shown} from {way.sources.shown}" for way in ways)
        return verdict(Why.NODES_ONLY(rules=shown))
    return verdict(*reasons)


@once  # every node of a cluster asks
def _nodes(networks: ClusterNetworks) -> Sources:
    """The addresses of the nodes; empty where none was read."""
    found = (address_of(address) for interface in networks.interfaces for address in interface.addresses)
    return Sources(merged(AddressRange(each.version, int(each), int(each)) for each in found if each is not None))


@once
def _kept_for_nodes(networks: ClusterNetworks) -> Sources:
    """The subnets of networks that clients do not use."""
    inner = [network for network in networks.networks if not is_open_to_clients(network) and network.role.is_known]
    return Sources(merged(range_of(subnet) for network in inner for subnet in subnets_of(network)))


def _of_way(way: Opening, ports: str, nodes: Sources, kept: Sources) -> Iterator[Reason]:
    """What is to say of one way in; nothing where only nodes come in."""
    at = {"ports": ports, "way": way.shown}
    others = Sources(way.sources.ranges).without(nodes)
    strangers = others.without(kept)
    if way.sources.anywhere or (nodes.ranges and strangers.ranges):
        shown = way.sources.shown if way.sources.anywhere else strangers.shown
        if way.doubts:
            yield Why.DOUBTFUL(sources=shown, doubts=way.shown_doubts, **at)
        else:
            code = Why.ANYBODY if way.sources.anywhere else Why.OTHERS
            yield code(sources=shown, **at)
    elif others.ranges and not nodes.ranges:
        yield Why.NODES_UNSEEN(sources=others.shown, **at)
    elif others.ranges:
        yield Why.NEIGHBOURS(sources=others.shown, **at)
    if way.sources.words and not way.sources.anywhere:
        yield Why.WHICH(sources=Sources(words=way.sources.words).shown, **at)
    if way.sources.unread:
        yield Why.UNREAD(sources=Sources(unread=way.sources.unread).shown, **at)
