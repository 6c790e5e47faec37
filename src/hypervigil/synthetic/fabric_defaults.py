"""What a well-kept fabric has, fact by fact: VMs, guardians, switches, networks, the cluster's objects.

As in ``defaults``, each function gives one fact, with nothing in it to complain of as far as the release allows;
keyword arguments replace single fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.cluster_objects import (
    ClusterAccess,
    ClusterAccessEntry,
    ClusterCertificates,
    ClusterGroup,
    ClusterGroups,
    ClusterRights,
    ClusterVolume,
    ClusterVolumes,
    GroupState,
    GroupType,
    ServiceCertificate,
)
from hypervigil.evidence.firewall import FirewallProfile, FirewallProfiles, GpoBoolean, RuleAction
from hypervigil.evidence.network import (
    AddressFamily,
    ClusterInterface,
    ClusterNetwork,
    ClusterNetworks,
    FcPorts,
    IpInterface,
    IpInterfaces,
    IscsiSessions,
    Listener,
    Listeners,
    NetworkCategory,
    NetworkRole,
    Route,
    RouteProtocol,
    Routes,
)
from hypervigil.evidence.registry import ABSENT
from hypervigil.evidence.release import Release
from hypervigil.evidence.shielding import (
    AttestationMode,
    AttestationStatus,
    GuardianKey,
    Guardians,
    HgsClient,
    HgsMode,
)
from hypervigil.evidence.vm_settings import (
    GuestIdentity,
    GuestProductType,
    MirroringMode,
    NetworkAdapter,
    SwitchType,
    VlanMode,
    VmFirmware,
    VmNetworkAdapters,
    VmSecurity,
    VmSwitch,
    VmSwitches,
)
from hypervigil.synthetic.moments import AT, changed

VM_ID = "00000000-0000-4000-8000-{:012x}"
"""Ids of VMs by their number, as ``defaults.vm`` has them."""
SWITCH_ID = "5b5ac4a0-0000-4000-8000-000000000001"
GUARDIAN_KEY = "89ABCDEF0123456789ABCDEF0123456789ABCDEF"
MICROSOFT_WINDOWS = "1734c6e8-3154-4dda-ba5f-a874cc483422"
"""Template id of Secure Boot for Windows guests."""
NETWORKS = {"Management": "10.0.9.0/24", "Cluster": "10.20.10.0/24", "Migration": "10.20.30.0/24"}


def vm_security(number: int = 1, **changes: Any) -> VmSecurity:
    """No virtual TPM, not shielded."""
    fact = VmSecurity(
        id=VM_ID.format(number),
        tpm_enabled=False,
        shielded=False,
        encrypt_state_and_migration=False,
        vbs_opt_out=False,
        ksd_enabled=False,
        data_protection=False,
        bind_to_host_tpm=False,
        protector_thumbprints=(),
    )
    return changed(fact, changes)


def vm_firmware(number: int = 1, **changes: Any) -> VmFirmware:
    """Secure Boot with the template for Windows."""
    return changed(VmFirmware(id=VM_ID.format(number), secure_boot=True, template_id=MICROSOFT_WINDOWS), changes)


def guest_identity(number: int = 1, **changes: Any) -> GuestIdentity:
    """A server that is no domain controller, by its own word."""
    fact = GuestIdentity(
        id=VM_ID.format(number),
        fqdn=f"app{number:02d}.contoso.com",
        os_name="Windows Server 2022 Standard",
        os_version="10.0.20348",
        product_type=GuestProductType.SERVER,
    )
    return changed(fact, changes)


def vm_switches(*switches: VmSwitch) -> VmSwitches:
    """One switch with a team below it, not shared with the host, where no others are given."""
    team = ("NVIDIA ConnectX-6 #1", "NVIDIA ConnectX-6 #2")
    tenant = VmSwitch(
        id=SWITCH_ID,
        name="Tenants",
        type=SwitchType.EXTERNAL,
        allow_management_os=False,
        adapters=team,
        embedded_teaming=True,
        team_adapters=team,
    )
    return VmSwitches(switches=switches or (tenant,))


def network_adapter(number: int = 1, **changes: Any) -> NetworkAdapter:
    """An adapter of a tenant's VM: one VLAN, guarded."""
    fact = NetworkAdapter(
        id=f"Microsoft:{VM_ID.format(number).upper()}\\1",
        name="Network Adapter",
        vm_id=VM_ID.format(number),
        vm_name=f"VM{number:04d}",
        switch_name="Tenants",
        switch_id=SWITCH_ID,
        mac_address=f"00155D{number:06X}",
        ip_addresses=(f"172.16.5.{number % 250 + 1}",),
        vlan_mode=VlanMode.ACCESS,
        access_vlan=205,
        isolation_mode="None",  # what Set-VMNetworkAdapterVlan leaves: the other family of cmdlets would hide its VLAN
        default_isolation_id=0,
        allow_untagged_traffic=False,
        multi_tenant_stack=False,
        mac_spoofing=False,
        dhcp_guard=True,
        router_guard=True,
        mirroring=MirroringMode.NONE,
        teaming=False,
    )
    return msgspec.structs.replace(fact, **changes)


def vm_network_adapters(*adapters: NetworkAdapter) -> VmNetworkAdapters:
    """That of VM 1, where no others are given. The host has none on the tenants' switch."""
    return VmNetworkAdapters(adapters=adapters or (network_adapter(),))


def hgs_client(release: Release = Release.WS2025, **changes: Any) -> HgsClient:
    """Guarded, attested with its TPM, with a fallback from 2019 on."""
    fallback = ("https://hgs2.bastion.local/",) if release >= Release.WS2019 else ()
    fact = HgsClient(
        host_guarded=True,
        mode=HgsMode.HOST_GUARDIAN_SERVICE,
        attestation_mode=AttestationMode.TPM,
        status=AttestationStatus.PASSED,
        substatus=0,
        attestation_url="https://hgs.bastion.local/Attestation",
        key_protection_url="https://hgs.bastion.local/KeyProtection",
        fallback_attestation_urls=tuple(f"{url}Attestation" for url in fallback),
        fallback_key_protection_urls=tuple(f"{url}KeyProtection" for url in fallback),
        fallback_in_use=False if fallback else None,
    )
    return changed(fact, changes)


def guardians(*thumbprints: str, **changes: Any) -> Guardians:
    """Keys with these thumbprints, valid for years; one where none is named."""
    keys = tuple(
        GuardianKey(
            thumbprint=thumbprint,
            subject="CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV01)",
            not_after=AT + datetime.timedelta(days=3000),
            has_private_key=True,
        )
        for thumbprint in thumbprints or (GUARDIAN_KEY,)
    )
    return changed(Guardians(keys=keys, names=("UntrustedGuardian",)), changes)


def firewall_profiles(**changes: Any) -> FirewallProfiles:
    """All three on, inbound blocked. ``changes`` are fields of each profile."""
    profile = FirewallProfile(
        name="",
        enabled=True,
        default_inbound=RuleAction.BLOCK,
        default_outbound=RuleAction.ALLOW,
        allow_local_rules=GpoBoolean.TRUE,
        log_blocked=GpoBoolean.TRUE,
    )
    return FirewallProfiles(
        profiles=tuple(
            msgspec.structs.replace(profile, name=name, **changes) for name in ("Domain", "Private", "Public")
        )
    )


def ip_interfaces(host: int = 11, **changes: Any) -> IpInterfaces:
    """One interface in each network; ``host`` is the last part of its addresses."""
    interfaces = tuple(
        IpInterface(
            index=index,
            alias=name,
            family=AddressFamily.IPV4,
            forwarding=False,
            weak_host_receive=False,
            weak_host_send=False,
            addresses=(f"{subnet.removesuffix('0/24')}{host}/24",),
            network_category=NetworkCategory.DOMAIN if name == "Management" else NetworkCategory.PUBLIC,
        )
        for index, (name, subnet) in enumerate(NETWORKS.items(), start=4)
    )
    return changed(IpInterfaces(interfaces=interfaces, ip_enable_router=ABSENT), changes)


def routes(*extra: Route) -> Routes:
    """On-link routes, a gateway in the management network alone, and what else is given."""
    on_link = tuple(
        Route(
            destination=subnet,
            next_hop="0.0.0.0",  # noqa: S104  on-link, no address to bind to
            interface_index=index,
            interface_alias=name,
            metric=256,
            protocol=RouteProtocol.LOCAL,
        )
        for index, (name, subnet) in enumerate(NETWORKS.items(), start=4)
    )
    gateway = Route(
        destination="0.0.0.0/0",
        next_hop="10.0.9.1",
        interface_index=4,
        interface_alias="Management",
        metric=256,
        protocol=RouteProtocol.NETMGMT,
    )
    return Routes(routes=(gateway, *on_link, *extra))


def listeners(*extra: Listener) -> Listeners:
    """SMB, WinRM, live migration and the cluster, and what else is given."""
    known = ((445, "System"), (5985, "System"), (5986, "System"), (6600, "vmms"), (3343, "clussvc"))
    return Listeners(listeners=(*(Listener(address="::", port=port, process=name) for port, name in known), *extra))


def iscsi_sessions(**changes: Any) -> IscsiSessions:
    """The service does not run, so there are none."""
    return changed(IscsiSessions(service_running=False), changes)


def fc_ports(**changes: Any) -> FcPorts:
    """No Fibre Channel."""
    return changed(FcPorts(ports=()), changes)


def cluster_networks(*nodes: str, **changes: Any) -> ClusterNetworks:
    """Management for clients, the others for the cluster; migration goes over its own network alone."""
    ids = {name: f"11111111-0000-4000-8000-{place:012d}" for place, name in enumerate(NETWORKS, start=1)}
    fact = ClusterNetworks(
        networks=tuple(
            ClusterNetwork(
                id=ids[name],
                name=name,
                role=NetworkRole.CLUSTER_AND_CLIENT if name == "Management" else NetworkRole.CLUSTER,
                subnets=(subnet,),
                metric=70_000 if name == "Management" else 30_000,
                auto_metric=True,
            )
            for name, subnet in NETWORKS.items()
        ),
        interfaces=tuple(
            ClusterInterface(
                node=node,
                network_id=ids[name],
                network=name,
                adapter=f"{name} adapter",
                addresses=(f"{subnet.removesuffix('0/24')}{host}",),
            )
            for host, node in enumerate(nodes or ("HV01", "HV02"), start=11)
            for name, subnet in NETWORKS.items()
        ),
        migration_excluded=(ids["Management"], ids["Cluster"]),
        migration_order=(ids["Migration"],),
    )
    return changed(fact, changes)


def cluster_group(number: int = 1, *owners: str, **changes: Any) -> ClusterGroup:
    """The clustered role of a VM that these nodes can own."""
    possible = owners or ("HV01", "HV02")
    fact = ClusterGroup(
        id=f"22222222-0000-4000-8000-{number:012d}",
        name=f"VM{number:04d}",
        group_type=GroupType.VIRTUAL_MACHINE,
        owner_node=possible[0],
        state=GroupState.ONLINE,
        vm_id=VM_ID.format(number),
        possible_owners=possible,
        priority=2000,
    )
    return msgspec.structs.replace(fact, **changes)


def cluster_groups(*groups: ClusterGroup) -> ClusterGroups:
    """The role of VM 1, where no others are given."""
    return ClusterGroups(groups=groups or (cluster_group(),))


def cluster_volumes(*names: str) -> ClusterVolumes:
    """Volumes with these names; one where none is named."""
    return ClusterVolumes(
        volumes=tuple(
            ClusterVolume(
                id=f"33333333-0000-4000-8000-{place:012d}",
                name=f"Cluster Virtual Disk ({name})",
                path=f"C:\\ClusterStorage\\{name}",
                owner_node="HV01",
                redirected=False,
            )
            for place, name in enumerate(names or ("Volume1",), start=1)
        )
    )


def cluster_access(*extra: ClusterAccessEntry) -> ClusterAccess:
    """Those that every cluster has, and what else is given."""
    stock = {
        "S-1-5-18": "NT AUTHORITY\\SYSTEM",
        "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
        "S-1-5-32-544": "BUILTIN\\Administrators",
    }
    entries = (ClusterAccessEntry(sid=sid, name=name, rights=ClusterRights.FULL) for sid, name in stock.items())
    return ClusterAccess(entries=(*entries, *extra))


def cluster_certificates(*certificates: ServiceCertificate) -> ClusterCertificates:
    """The certificate of CLIUSR, valid for a year, where no others are given."""
    own = ServiceCertificate(
        store="My",
        thumbprint="CAFE" * 10,
        subject="CN=CLIUSR",
        issuer="CN=CLIUSR",
        not_before=AT - datetime.timedelta(days=30),
        not_after=AT + datetime.timedelta(days=335),
    )
    return ClusterCertificates(certificates=certificates or (own,))
