"""What a well-kept cluster has besides what it is judged by most: the rest of its nodes, its VMs, directory and wire.

The single facts come from the modules of defaults; here they get the names, addresses and ids of the cluster that they
are part of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.evidence.accounts import LocalGroups
from hypervigil.evidence.boot_events import WININIT
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.release import Release
from hypervigil.evidence.shielding import AttestationMode, AttestationStatus, HgsMode
from hypervigil.evidence.vm_settings import GuestIdentity, VmSecurity
from hypervigil.evidence.wire import NtlmTarget
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import converged, defaults
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic import remote_defaults as remote
from hypervigil.synthetic import smb_defaults as smb
from hypervigil.synthetic.converged import FIRST_ADDRESS
from hypervigil.synthetic.members import Member, owners
from hypervigil.synthetic.moments import DOMAIN_SID

FABRIC_KEY = "FEDCBA9876543210FEDCBA9876543210FEDCBA98"
"""The key of the Host Guardian Service that key protectors of shielded VMs name; it lies on no host."""
GUARDIAN = "Tenants"
"""The guardian that nodes without a Host Guardian Service have in common."""


def of_node(member: Member) -> Iterator[Fact]:
    """Facts of the node."""
    yield from _platform(member)
    yield from _fabric(member)
    yield from _accounts(member)
    yield from _management(member)
    yield from _logging(member)


def _platform(member: Member) -> Iterator[Fact]:
    booted = host.boot_events()
    if not member.domain:  # no Credential Guard there, so nothing that tells of its start
        booted = msgspec.structs.replace(booted, events=tuple(e for e in booted.events if e.provider != WININIT))
    yield host.wdigest()
    yield host.bitlocker()
    yield booted
    yield host.code_integrity_events()
    yield host.pnp_problems()
    yield host.service_failures()
    yield host.driver_inventory()
    yield host.driver_blocklist()


def _fabric(member: Member) -> Iterator[Fact]:
    yield from converged.of_node(member) if member.converged else _separate(member)
    yield _hgs_client(member)
    # Guarded by a service, or without a VM that needs a key, a node holds none.
    yield fabric.guardians(**({"names": (GUARDIAN,)} if member.holds_keys else {"keys": (), "names": ()}))
    yield smb.smb_shares()
    if member.release >= Release.WS2022:
        yield smb.smb_quic(release=member.release)
    yield smb.smb_events()
    yield smb.smb_connections()
    yield fabric.firewall_profiles()
    yield fabric.listeners()
    yield fabric.iscsi_sessions()
    yield fabric.fc_ports()
    yield fabric.cluster_certificates()


def _separate(member: Member) -> Iterator[Fact]:
    """The host on physical adapters of its own, the VMs on a switch that it has no part in."""
    adapters = (
        fabric.network_adapter(number, vm_id=vm.id, vm_name=vm.name) for number, vm in enumerate(member.vms, start=1)
    )
    yield fabric.vm_switches()
    # Without VMs there are none, and fabric.vm_network_adapters would take nothing for its default.
    yield msgspec.structs.replace(fabric.vm_network_adapters(), adapters=tuple(adapters))
    yield fabric.ip_interfaces(FIRST_ADDRESS + member.place)
    yield fabric.routes()


def _hgs_client(member: Member) -> Fact:
    """Guarded, or in local mode."""
    if member.guarded:
        return fabric.hgs_client(member.release)
    return fabric.hgs_client(
        member.release,
        host_guarded=False,
        mode=HgsMode.LOCAL,
        attestation_mode=AttestationMode.UNKNOWN,
        status=AttestationStatus.NOT_CONFIGURED,
        attestation_url=None,
        key_protection_url=None,
        fallback_attestation_urls=(),
        fallback_key_protection_urls=(),
        fallback_in_use=False if member.release >= Release.WS2019 else None,
    )


def _accounts(member: Member) -> Iterator[Fact]:
    yield account.services()
    yield account.scheduled_tasks()
    yield _local_groups(member)
    yield account.local_users()
    yield account.user_rights()
    yield account.password_policy()
    yield account.remote_uac()
    yield account.pku2u()
    yield account.laps()
    yield account.logons()


def _local_groups(member: Member) -> LocalGroups:
    """The administrators' group of the domain; in a workgroup nobody but the built-in Administrator."""
    groups = account.local_groups()
    if member.domain:
        return groups
    return LocalGroups(
        groups=tuple(
            msgspec.structs.replace(group, members=tuple(held for held in group.members if held.sid != account.ADMINS))
            for group in groups.groups
        )
    )


def _management(member: Member) -> Iterator[Fact]:
    own = management.certificate(subject=f"CN={member.fqdn}", dns_names=(member.fqdn,))
    address = (f"10.0.9.{FIRST_ADDRESS + member.place}",)
    listeners = tuple(
        msgspec.structs.replace(
            listener, hostname=member.fqdn if listener.transport == "HTTPS" else listener.hostname, listening_on=address
        )
        for listener in management.winrm().listeners or ()
        if member.domain or listener.transport == "HTTPS"  # in a workgroup nothing proves the node over HTTP
    )
    yield management.rdp()
    yield management.winrm(listeners=listeners)
    yield management.certificates(own)
    yield management.ps_session_configurations()
    yield management.role_capabilities()
    yield management.installed_software()
    yield management.user_profiles()


def _logging(member: Member) -> Iterator[Fact]:
    yield logging.event_channels()
    yield logging.event_forwarding()
    yield logging.audit_policy()
    yield logging.powershell_logging()
    yield logging.sysmon_config()
    yield logging.edr_onboarding()
    yield logging.clock() if member.domain else logging.clock_of_a_workgroup()


def of_vms(member: Member) -> Iterator[tuple[type[Fact], tuple[Fact, ...]]]:
    """Lists of facts about the VMs of a node, by the type of fact."""
    made = (
        tuple(_security(member, vm) for vm in member.vms),
        tuple(fabric.vm_firmware(id=vm.id) for vm in member.vms),
        tuple(_identity(member, number, vm) for number, vm in enumerate(member.vms, start=1)),
    )
    types = (type(fabric.vm_security()), type(fabric.vm_firmware()), type(fabric.guest_identity()))
    return iter(zip(types, made, strict=True))


def _security(member: Member, vm: Vm) -> VmSecurity:
    if vm in member.shielded:
        return fabric.vm_security(
            id=vm.id,
            tpm_enabled=True,
            shielded=True,
            encrypt_state_and_migration=True,
            data_protection=True,
            protector_thumbprints=(FABRIC_KEY,),
        )
    if vm in member.protected:
        return fabric.vm_security(id=vm.id, tpm_enabled=True, protector_thumbprints=(fabric.GUARDIAN_KEY,))
    return fabric.vm_security(id=vm.id)


def _identity(member: Member, number: int, vm: Vm) -> GuestIdentity:
    """What the guest says of itself: nothing where it is shielded, for that blocks the data exchange."""
    if vm in member.shielded:
        return GuestIdentity(id=vm.id)
    return fabric.guest_identity(number, id=vm.id)


def of_cluster(members: Sequence[Member]) -> Iterator[Fact]:
    """Facts of the cluster that its nodes tell, and its directory where it has one."""
    names = [member.name for member in members]
    groups = (
        fabric.cluster_group(number, *owners(member, vm, members), name=vm.name, vm_id=vm.id, owner_node=member.name)
        for member in members
        for number, vm in enumerate(member.vms, start=1 + 1000 * member.place)
    )
    yield converged.cluster_networks(names) if members[0].converged else fabric.cluster_networks(*names)
    yield msgspec.structs.replace(fabric.cluster_groups(), groups=tuple(groups))
    yield fabric.cluster_volumes()
    yield fabric.cluster_access()
    if members[0].domain:
        yield remote.directory_domain()
        yield remote.directory_acls()


def of_elsewhere(members: Sequence[Member]) -> Iterator[tuple[Fact, ...]]:
    """Lists that directory and wire give for the cluster, none of them empty."""
    names = [member.name for member in members]
    if members[0].domain:
        yield (remote.directory_dc(),)
        computers = tuple(
            remote.directory_computer(
                member.name,
                *(name for name in names if name != member.name),
                sid=f"{DOMAIN_SID}-{2001 + member.place}",
                operating_system=f"{member.release.title} Datacenter",
                operating_system_version=f"10.0 ({member.release.build})",
            )
            for member in members
        )
        yield computers
        yield (remote.directory_account(retrievers=tuple(computer.sid for computer in computers)),)
    # Before a logon, only a server outside a domain has nothing but its own name to tell.
    yield tuple(
        remote.wire_smb(member.fqdn.lower(), ntlm=None if member.domain else _ntlm_target(member)) for member in members
    )
    tls = [remote.wire_tls(member.fqdn.lower()) for member in members]
    if any(member.guarded for member in members):
        tls.append(remote.wire_tls("hgs2.bastion.local", 443))
    yield tuple(tls)
    yield tuple(
        remote.wire_rdp(
            member.fqdn.lower(),
            ntlm=_ntlm_target(member),
        )
        for member in members
    )
    yield tuple(remote.wire_winrm(member.fqdn.lower()) for member in members)
    knocks = converged.knocks(members) if members[0].converged else ()
    yield (*(remote.wire_reach(member.fqdn.lower()) for member in members), *knocks)


def _ntlm_target(member: Member) -> NtlmTarget:
    """What the node tells in an NTLM challenge: in a workgroup its own name stands for the domain's."""
    return NtlmTarget(
        computer=member.name,
        domain="CONTOSO" if member.domain else member.name,
        dns_domain=defaults.DOMAIN if member.domain else None,
        build=member.release.build,
    )
