"""Declared nodes, jump hosts, groups, guests, products and endpoints against those that the evidence shows."""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.assess.context_seen import Conflict, View
from hypervigil.evidence.accounts import LocalGroups, Services
from hypervigil.evidence.cluster import ClusterNodes
from hypervigil.evidence.cluster_objects import ClusterAccess
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.network import IpInterfaces
from hypervigil.evidence.shielding import Guardians
from hypervigil.evidence.smb_events import SmbEvents
from hypervigil.evidence.wire import WireSmb
from hypervigil.model.context import OUTSIDE, Context, IpNetwork, address_of, is_inside
from hypervigil.model.finding import EvidenceRef
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, remarks
from hypervigil.model.subject import Subject

WAC_SERVICES = ("ServerManagementGateway", "WindowsAdminCenter")
"""The service of a gateway: of Windows Admin Center up to 2311, and from 2410 on (management-and-network sheet, 5)."""

CAN_NOT_SIGN = 31998
"""Event of SmbClient/Audit: the server does not support signing (smb sheet, 1)."""


class HostConflict(ReasonCode):
    """How something declared about hosts, guests and endpoints can be contradicted."""

    NODE_MISSES = remarks("{node} is expected, but the cluster does not list it.")
    NODE_UNEXPECTED = remarks("{node} is in the cluster, but nobody expects it there.")
    ADMIN_HOST_AMONG_OTHERS = remarks("{host} administers the nodes, but {address} lies in {network} ({purposes}).")
    ADMIN_HOST_IS_NODE = remarks("{host} is declared as a place to administer from, but it is the node {node}.")
    WAC_ON_NODE = remarks("The gateways of Windows Admin Center are declared, but {node} runs one, too ({service}).")
    GROUP_NOWHERE = remarks("{group} is declared to administer, but it is in no local group of {nodes}.")
    GUEST_NOWHERE = remarks("{vm} is declared ({why}), but no node has a VM of that name or id.")
    EDR_ABSENT = remarks("{products} is what is accepted, but {node} has no service of it.")
    EDR_STOPPED = remarks("{product} is what is accepted, but on {node} its services do not run ({services}).")
    AGENT_ABSENT = remarks("{agent} is declared to send the events, but {node} has no such service.")
    AGENT_STOPPED = remarks("{agent} is declared to send the events, but on {node} it does not run ({state}).")
    FORWARDED_ELSEWHERE = remarks("Events are declared to go to {declared}, but {node} forwards them to {found}.")
    CAN_NOT_SIGN = remarks("{host} is declared able to sign, but {node} recorded that it is not, {count} times.")
    NEGOTIATES_NO_SIGNING = remarks("{host} is declared able to sign, but on the wire it says that it is not.")
    COPY_OF_NOTHING = remarks("A copy of the key {thumbprint} is declared, but no node has that key.")


Why = HostConflict


def nodes(context: Context, view: View) -> Iterator[Conflict]:
    """Expected nodes, by the first part of their names."""
    if context.expected_nodes is None:
        return
    expected = {_short(node.name): node for node in context.expected_nodes}
    for seen, fact in view.of_cluster(ClusterNodes):
        there = {_short(node.name): node.name for node in fact.nodes}
        for name, node in expected.items():
            if name not in there:
                yield Conflict(Why.NODE_MISSES(node=node.name), Severity.MEDIUM, node.place, (seen.ref,))
        place = context.expected_nodes[0].place if context.expected_nodes else context.file
        for name, listed in there.items():
            if name not in expected:
                yield Conflict(Why.NODE_UNEXPECTED(node=listed), Severity.HIGH, place, (seen.ref,))


def admin_hosts(context: Context, view: View) -> Iterator[Conflict]:
    """Jump hosts, PAWs and gateways: not among tenants, and not on a node."""
    for name, places, place in _admin_hosts(context):
        for network in context.networks or ():
            reached = [own for own in places if network.touches(own)]
            if reached and network.purposes <= OUTSIDE:
                values = {"network": network.shown, "purposes": network.shown_purposes}
                said = Why.ADMIN_HOST_AMONG_OTHERS(**values, host=name, address=_shown(reached[0]))
                yield Conflict(said, Severity.HIGH, place)
        single = [own for own in places if own.num_addresses == 1]
        for node in view.nodes:
            same = _short(name) == _short(node.name)
            if same and view.evidence.cluster is None:
                continue  # evidence of that machine itself, which is a node of nothing
            refs = tuple(_with_address(view, node, single)) if single else ()
            if refs or same:
                yield Conflict(Why.ADMIN_HOST_IS_NODE(host=name, node=node.name), Severity.HIGH, place, refs)


def _with_address(view: View, node: Subject, places: list[IpNetwork]) -> Iterator[EvidenceRef]:
    for seen, fact in view.of_node(IpInterfaces, node):
        own = [address_of(address) for interface in fact.interfaces for address in interface.addresses]
        if any(address is not None and is_inside(address, places) for address in own):
            yield seen.ref


def _admin_hosts(context: Context) -> Iterator[tuple[str, tuple[IpNetwork, ...], str]]:
    yield from ((host.name, host.addresses, host.place) for host in context.jump_hosts or ())
    yield from ((gateway.name, gateway.addresses, gateway.place) for gateway in context.wac_gateways or ())


def gateways(context: Context, view: View) -> Iterator[Conflict]:
    """Windows Admin Center on a node that is not declared as its gateway."""
    if context.wac_gateways is None:
        return
    declared = {_short(gateway.name) for gateway in context.wac_gateways}
    place = context.wac_gateways[0].place if context.wac_gateways else context.file
    for seen, fact in view.of_nodes(Services):
        service = fact.named(*WAC_SERVICES)
        if service is not None and _short(seen.name) not in declared:
            yield Conflict(Why.WAC_ON_NODE(node=seen.name, service=service.name), Severity.MEDIUM, place, (seen.ref,))


def groups(context: Context, view: View) -> Iterator[Conflict]:
    """Declared admin groups that neither a local group of a node nor the cluster's access list has as a member."""
    if not context.admin_groups:
        return
    held = list(view.of_nodes(LocalGroups))
    if not held:
        return
    refs = tuple(seen.ref for seen, _ in held)
    members: list[tuple[str | None, str | None]] = [
        (member.sid, member.name) for _, fact in held for group in fact.groups for member in group.members
    ]
    members += [(entry.sid, entry.name) for _, fact in view.of_cluster(ClusterAccess) for entry in fact.entries]
    if view.missing:
        return  # a node that nobody could ask may have it
    for declared in context.admin_groups:
        if not any(declared.is_called(sid, name) for sid, name in members):
            said = Why.GROUP_NOWHERE(group=declared.written, nodes=", ".join(seen.name for seen, _ in held))
            yield Conflict(said, Severity.LOW, declared.place, refs)


def guests(context: Context, view: View) -> Iterator[Conflict]:
    """VMs that are declared and that no node has. Said only where every node could be asked."""
    shielding = context.shielding
    declared = [(guest, "tier 0") for guest in context.tier0_guests or ()]
    declared += [(guest, "operated from the host") for guest in (shielding.host_access if shielding else None) or ()]
    if not declared:
        return
    held = list(view.items(Vm))
    if view.missing:
        return
    for guest, why in declared:
        if not any(guest.means(vm.id, vm.name) for _, vm in held):
            yield Conflict(Why.GUEST_NOWHERE(vm=guest.vm, why=why), Severity.LOW, guest.place, view.listings(Vm))


def sensors(context: Context, view: View) -> Iterator[Conflict]:
    """Accepted EDR products: each node needs one of them, and it has to run."""
    if not context.edr:
        return
    products = " or ".join(edr.product for edr in context.edr)
    for seen, fact in view.of_nodes(Services):
        there = [(edr, [s for s in map(fact.named, edr.services) if s is not None]) for edr in context.edr]
        installed = [(edr, services) for edr, services in there if services]
        if not installed:
            said = Why.EDR_ABSENT(products=products, node=seen.name)
            yield Conflict(said, Severity.HIGH, context.edr[0].place, (seen.ref,))
        elif not any(_runs(service.state) for _, services in installed for service in services):
            edr, services = installed[0]
            said = Why.EDR_STOPPED(
                product=edr.product, node=seen.name, services=", ".join(f"{s.name}: {s.state}" for s in services)
            )
            yield Conflict(said, Severity.HIGH, edr.place, (seen.ref,))


def logs(context: Context, view: View) -> Iterator[Conflict]:
    """Services that send events, and the collectors that nodes forward to."""
    declared = context.logs
    if declared is None:
        return
    if declared.agents:
        for seen, fact in view.of_nodes(Services):
            for agent in declared.agents:
                service = fact.named(agent)
                if service is None:
                    said = Why.AGENT_ABSENT(agent=agent, node=seen.name)
                    yield Conflict(said, Severity.MEDIUM, declared.place, (seen.ref,))
                elif not _runs(service.state):
                    said = Why.AGENT_STOPPED(agent=agent, node=seen.name, state=service.state)
                    yield Conflict(said, Severity.MEDIUM, declared.place, (seen.ref,))
    if declared.destinations is not None:
        known = {_short(name) for name in declared.destinations}
        for seen, forwarding in view.of_nodes(EventForwarding):
            for manager in forwarding.subscription_managers:
                host = collector_of(manager)
                if host is not None and _short(host) not in known:
                    said = Why.FORWARDED_ELSEWHERE(
                        declared=", ".join(declared.destinations) or "nowhere", node=seen.name, found=host
                    )
                    yield Conflict(said, Severity.MEDIUM, declared.place, (seen.ref,))


def endpoints(context: Context, view: View) -> Iterator[Conflict]:
    """SMB endpoints of others that are declared able to sign."""
    declared = [endpoint for endpoint in context.smb_endpoints or () if endpoint.can_sign]
    if not declared:
        return
    for seen, fact in view.of_nodes(SmbEvents):
        for endpoint in declared:
            count = sum(e.count for e in fact.events if e.id == CAN_NOT_SIGN and _is_host(e.peer, endpoint.host))
            if count:
                said = Why.CAN_NOT_SIGN(host=endpoint.host, node=seen.name, count=count)
                yield Conflict(said, Severity.HIGH, endpoint.place, (seen.ref,))
    for seen, wire in view.endpoints(WireSmb):
        for endpoint in declared:
            met = _is_host(wire.host, endpoint.host) or _is_host(wire.address, endpoint.host)
            if met and wire.port == endpoint.port and wire.can_sign is False:
                said = Why.NEGOTIATES_NO_SIGNING(host=endpoint.host)
                yield Conflict(said, Severity.HIGH, endpoint.place, (seen.ref,))


def key_copies(context: Context, view: View) -> Iterator[Conflict]:
    """Copies of guardian keys. With a Host Guardian Service a copy may be of its keys, which no node has."""
    shielding = context.shielding
    if shielding is None or not shielding.key_copies or shielding.hgs_nodes:
        return
    held = list(view.of_nodes(Guardians))
    if view.missing or not held:
        return
    known = {key.thumbprint.upper() for _, fact in held for key in fact.keys}
    for copy in shielding.key_copies:
        if copy.thumbprint not in known:
            said = Why.COPY_OF_NOTHING(thumbprint=copy.thumbprint)
            yield Conflict(said, Severity.LOW, copy.place, tuple(seen.ref for seen, _ in held))


def _short(name: str) -> str:
    """The first part of a host's name, in one case: evidence has it with and without a domain."""
    return name if address_of(name) else name.casefold().partition(".")[0]


def _is_host(found: str | None, declared: str) -> bool:
    """Whether two names are of one host: alike, or one is the other without its domain."""
    given, wanted = (found or "").strip("\\").casefold(), declared.casefold()
    if not given or address_of(given) or address_of(wanted):
        return given == wanted
    return given == wanted or (("." not in given or "." not in wanted) and _short(given) == _short(wanted))


def collector_of(manager: str) -> str | None:
    """The host of a subscription manager, ``Server=http://wec01.contoso.com:5985/...``; None where there is none."""
    _, found, rest = manager.partition("://")
    host = rest.partition("/")[0].rpartition("@")[2]
    host = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return host if found and host else None


def _runs(state: str) -> bool:
    return state.casefold() == "running"


def _shown(network: IpNetwork) -> str:
    return str(network.network_address) if network.num_addresses == 1 else str(network)
