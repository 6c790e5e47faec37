"""Flaws of the fabric: VLANs, addresses and guards of VMs, firewall, storage, and what keys of protected VMs rest on.

Each function changes a cluster that is being made up, and leaves one alone that has not what it would spoil.
"""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.cluster_objects import ClusterCertificates
from hypervigil.evidence.firewall import FirewallProfiles, FirewallRules
from hypervigil.evidence.network import ClusterNetworks, IpInterfaces, IscsiSession, IscsiSessions, NetworkRole
from hypervigil.evidence.shielding import AttestationMode, AttestationStatus, Guardians, HgsClient, HgsMode
from hypervigil.evidence.vm_settings import (
    GuestIdentity,
    GuestProductType,
    NetworkAdapter,
    VlanMode,
    VmFirmware,
    VmNetworkAdapters,
)
from hypervigil.synthetic.draft import Draft
from hypervigil.synthetic.moments import AT

MIGRATION_ADDRESS = "10.20.30.77"


def tenant_on_management_vlan(draft: Draft) -> None:
    """The last adapter of a VM on the last node is on the VLAN by which the host is managed."""
    vlan = _host_vlan(draft, "Management")
    if vlan is not None:
        _change_adapter(draft, -1, access_vlan=vlan)


def trunk_with_storage(draft: Draft) -> None:
    """The first adapter of a VM on the last node is a trunk, whose VLANs include that of storage."""
    vlan = _host_vlan(draft, "Storage")
    if vlan is not None:
        allowed = (vlan, 205, 206)
        _change_adapter(draft, 0, vlan_mode=VlanMode.TRUNK, access_vlan=None, native_vlan=205, allowed_vlans=allowed)


def vm_among_nodes(draft: Draft) -> None:
    """The last VM of the last node has an address in the network of live migration."""
    _change_adapter(draft, -1, ip_addresses=(MIGRATION_ADDRESS,))


def guards_off(draft: Draft) -> None:
    """The last VM of the last node may send with any MAC address, and answer as DHCP server and router."""
    _change_adapter(draft, -1, mac_spoofing=True, dhcp_guard=False, router_guard=False)


def packets_forwarded(draft: Draft) -> None:
    """The last node passes packets on, on every interface."""
    interfaces = draft.held(IpInterfaces).interfaces
    forwarding = tuple(msgspec.structs.replace(each, forwarding=True) for each in interfaces)
    draft.change(IpInterfaces, draft.last, interfaces=forwarding)


def firewall_off(draft: Draft) -> None:
    """The public profile of the last node is off."""
    profiles = tuple(
        msgspec.structs.replace(each, enabled=False) if each.name == "Public" else each
        for each in draft.held(FirewallProfiles).profiles
    )
    draft.change(FirewallProfiles, draft.last, profiles=profiles)


def migration_port_open(draft: Draft) -> None:
    """Anybody is let in to live migration on the last node."""
    rules = tuple(
        msgspec.structs.replace(each, remote_addresses=("Any",)) if "6600" in each.local_ports else each
        for each in draft.held(FirewallRules).rules
    )
    draft.change(FirewallRules, draft.last, rules=rules)


def clients_on_storage(draft: Draft) -> None:
    """The cluster lets clients use the network of storage."""
    held = draft.cluster[ClusterNetworks.INFO.name]
    if isinstance(held, ClusterNetworks):
        networks = tuple(
            msgspec.structs.replace(each, role=NetworkRole.CLUSTER_AND_CLIENT) if each.name == "Storage" else each
            for each in held.networks
        )
        draft.cluster[ClusterNetworks.INFO.name] = msgspec.structs.replace(held, networks=networks)


def iscsi_without_chap(draft: Draft) -> None:
    """The last node has a session with an iSCSI target that asks for no secret."""
    session = IscsiSession(
        target="iqn.2019-06.com.contoso:array1",
        portal=f"10.20.10.{10 + len(draft.nodes)}",
        authentication="NONE",
        connected=True,
        persistent=True,
    )
    draft.change(IscsiSessions, draft.last, service_running=True, sessions=(session,))


def no_fallback(draft: Draft) -> None:
    """No guarded host knows a second Host Guardian Service."""
    for name in _guarded(draft):
        draft.change(HgsClient, name, fallback_attestation_urls=(), fallback_key_protection_urls=())


def retired_attestation(draft: Draft) -> None:
    """Guarded hosts are attested by their group in Active Directory."""
    for name in _guarded(draft):
        draft.change(HgsClient, name, attestation_mode=AttestationMode.ACTIVE_DIRECTORY)


def unattested(draft: Draft) -> None:
    """The first guarded host did not pass its attestation."""
    for name in _guarded(draft)[:1]:
        draft.change(HgsClient, name, host_guarded=False, status=AttestationStatus.UNAUTHORIZED_HOST)


def without_guardian_keys(draft: Draft) -> None:
    """The last node holds no key of the guardian that the others have in common."""
    draft.change(Guardians, draft.last, keys=(), names=())


def guardian_keys_end(draft: Draft) -> None:
    """The guardian's key ends within a month."""
    for name in draft.nodes:
        soon = AT + datetime.timedelta(days=30)
        keys = tuple(msgspec.structs.replace(key, not_after=soon) for key in draft.held(Guardians, name).keys)
        draft.change(Guardians, name, keys=keys)


def cluster_certificates_ended(draft: Draft) -> None:
    """The certificate of the cluster's own account has ended on the last node."""
    held = draft.held(ClusterCertificates).certificates
    ended = tuple(msgspec.structs.replace(each, not_after=AT - datetime.timedelta(days=3)) for each in held)
    draft.change(ClusterCertificates, draft.last, certificates=ended)


def guest_without_secure_boot(draft: Draft) -> None:
    """The last VM of the last node starts without Secure Boot."""
    held = draft.vms[draft.last]
    *others, last = held[VmFirmware.INFO.name]
    held[VmFirmware.INFO.name] = (*others, msgspec.structs.replace(last, secure_boot=False))


def domain_controller_among_guests(draft: Draft) -> None:
    """The last VM of the last node calls itself a domain controller."""
    held = draft.vms[draft.last]
    *others, last = held[GuestIdentity.INFO.name]
    claimed = msgspec.structs.replace(last, product_type=GuestProductType.DOMAIN_CONTROLLER)
    held[GuestIdentity.INFO.name] = (*others, claimed)


def _guarded(draft: Draft) -> list[str]:
    return [name for name in draft.nodes if draft.held(HgsClient, name).mode is HgsMode.HOST_GUARDIAN_SERVICE]


def _adapters(draft: Draft) -> tuple[NetworkAdapter, ...]:
    return draft.held(VmNetworkAdapters).adapters


def _host_vlan(draft: Draft, name: str) -> int | None:
    """The VLAN of the host's own adapter with that name; None where it has none on a switch."""
    own = (each for each in _adapters(draft) if each.vm_id is None and each.name == name)
    return next((each.access_vlan for each in own), None)


def _change_adapter(draft: Draft, place: int, **fields: Any) -> None:  # noqa: ANN401  fields of an adapter
    """Replace fields of one of the adapters that VMs of the last node have; ``place`` counts them."""
    adapters = list(_adapters(draft))
    of_vms = [number for number, adapter in enumerate(adapters) if adapter.vm_id is not None]
    if of_vms:
        changed = msgspec.structs.replace(adapters[of_vms[place]], **fields)
        adapters[of_vms[place]] = changed
        draft.change(VmNetworkAdapters, draft.last, adapters=tuple(adapters))
