"""Facts that contradict a context, and what a comparison says of both. All of it is synthetic."""

from __future__ import annotations

import datetime

import msgspec

from hypervigil.assess.context_conflicts import Compared, compare_context
from hypervigil.assess.context_file import parse_context
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.accounts import GroupMember, LocalGroup, LocalGroups, Service, Services
from hypervigil.evidence.cluster_objects import ClusterAccess, ClusterAccessEntry, ClusterRights
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.evidence import Evidence, Known, Listing
from hypervigil.evidence.network import (
    AddressFamily,
    ClusterNetwork,
    ClusterNetworks,
    IpInterface,
    IpInterfaces,
    NetworkRole,
    Route,
    Routes,
)
from hypervigil.evidence.shielding import GuardianKey, Guardians
from hypervigil.evidence.smb_events import SmbEvent, SmbEvents
from hypervigil.evidence.vm_settings import NetworkAdapter, VlanMode, VmNetworkAdapters
from hypervigil.evidence.wire import Knock, Reach, WireFact, WireReach, WireSmb, endpoint_key
from tests.controls.case import SYNTHETIC

Rows = tuple[tuple[str, str, Evidence, list[str]], ...]
"""Name, context, evidence, and what is said."""

MOMENT = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
TWO_ADDRESSES = "fe80::1%7/64"


def network(purposes: str, *, vlans: str = "", isolated: str = "", subnet: str = "10.20.30.0/24") -> str:
    extra = (f"vlans = [{vlans}]\n" if vlans else "") + (f"isolated = {isolated}\n" if isolated else "")
    listed = ", ".join(f'"{purpose}"' for purpose in purposes.split())
    return f'[[networks]]\npurposes = [{listed}]\nsubnets = ["{subnet}"]\n{extra}'


MIGRATION = network("live_migration")
ISOLATED = network("storage", isolated="true")


def in_cluster(role: NetworkRole, *subnets: str, **changes: object) -> ClusterNetworks:
    found = ClusterNetwork(id="n1", name="N1", role=role, subnets=subnets)
    return msgspec.structs.replace(
        ClusterNetworks(networks=(found,), migration_excluded=()),
        **changes,
    )


def interfaces(*addresses: str, forwarding: bool = False, alias: str = "vEthernet (Infra)") -> IpInterfaces:
    return IpInterfaces(
        interfaces=(
            IpInterface(
                index=7,
                alias=alias,
                family=AddressFamily.IPV4,
                forwarding=forwarding,
                addresses=(*addresses, TWO_ADDRESSES),
            ),
        )
    )


def routes(destination: str, hop: str) -> Routes:
    return Routes(
        routes=(
            Route(destination="10.20.30.0/24", next_hop="0.0.0.0", interface_index=7),
            Route(destination="::/0", next_hop="::", interface_index=7),
            Route(destination="not a subnet", next_hop="nor a hop", interface_index=7),
            Route(destination=destination, next_hop=hop, interface_index=7),
        )
    )


def adapters(**changes: object) -> VmNetworkAdapters:
    guest = NetworkAdapter(id="a", name="Network Adapter", vm_id="v1", vm_name="APP01")
    return VmNetworkAdapters(adapters=(msgspec.structs.replace(guest, **changes),))


def host_adapter(vlan: int, mode: VlanMode = VlanMode.ACCESS) -> VmNetworkAdapters:
    return adapters(vm_id=None, vm_name=None, name="Infra", vlan_mode=mode, access_vlan=vlan)


def services(**states: str) -> Services:
    return Services(services=tuple(Service(name=n, state=s, start_mode="Auto") for n, s in states.items()))


def members(*names: str) -> LocalGroups:
    held = tuple(GroupMember(sid=f"S-1-5-21-9-9-9-{number}", name=n) for number, n in enumerate(names, 1000))
    return LocalGroups(groups=(LocalGroup(sid="S-1-5-32-544", name="Administrators", members=held),))


def access(name: str) -> ClusterAccess:
    return ClusterAccess(entries=(ClusterAccessEntry(sid=None, name=name, rights=ClusterRights.FULL),))


def forwarding(*managers: str) -> EventForwarding:
    return EventForwarding(subscription_managers=managers)


def smb_event(peer: str, number: int = 31998, count: int = 3) -> SmbEvents:
    event = SmbEvent(record_id=1, channel="c", provider="p", id=number, time=MOMENT, peer=peer, count=count)
    return SmbEvents(events=(event,), windows=(LogWindow(channel="c", since=MOMENT),))


def keys(*thumbprints: str) -> Guardians:
    made = (GuardianKey(thumbprint=t, subject="s", not_after=MOMENT, has_private_key=True) for t in thumbprints)
    return Guardians(keys=tuple(made))


def on_the_wire(bundle: Evidence, *found: WireFact) -> Evidence:
    assert bundle.cluster is not None
    facts = dict(bundle.facts)
    facts.update({(fact.INFO.name, fact.endpoint): Known(fact, SYNTHETIC) for fact in found})
    listed = {fact.INFO.name: tuple(f.endpoint for f in found if type(f) is type(fact)) for fact in found}
    listings = {(name, bundle.cluster.key): Listing(own) for name, own in listed.items()}
    return msgspec.structs.replace(bundle, facts=facts, listings=listings)


def reach(host: str, seen_from: str, answer: Reach) -> WireReach:
    knock = Knock(seen_from=seen_from, answer=answer)
    return WireReach(endpoint=endpoint_key(host, 445), host=host, address=host, port=445, knocks=(knock,))


def smb(host: str, security_mode: int | None) -> WireSmb:
    return WireSmb(endpoint=endpoint_key(host, 445), host=host, address=host, port=445, security_mode=security_mode)


def compared(declared: str, bundle: Evidence) -> Compared:
    context = parse_context(declared.encode(), "c.toml")
    return compare_context(context, bundle, Subjects(bundle).nodes.subjects)


def said(declared: str, bundle: Evidence) -> list[str]:
    return [conflict.reason.text for conflict in compared(declared, bundle).conflicts]


NAS = '[[smb_endpoints]]\nhost = "nas01.contoso.com"\ncan_sign = true\n'
EDR = '[[edr]]\nproduct = "Sensor"\nservices = ["SensorSvc", "SensorHelper"]\n'
COPY = f'[[shielding.key_copies]]\nthumbprint = "{"A" * 40}"\nkept_at = "safe"\n'
JUMP = '[[jump_hosts]]\nname = "JUMP01"\nkind = "jump_host"\n'
STORAGE = "10.20.30.0/24 is declared for storage"
TWO = ("HV01", "HV02")
