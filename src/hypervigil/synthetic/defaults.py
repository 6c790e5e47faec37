"""What a host of each release has out of the box, fact by fact.

Each function gives one fact with the defaults that the documentation names for that release; keyword arguments replace
single fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.cluster import (
    LEVEL_OF_RELEASE,
    AccessPoint,
    Cluster,
    ClusterNode,
    ClusterNodes,
    NodeState,
    SecurityLevel,
)
from hypervigil.evidence.features import InstallState, WindowsFeature, WindowsFeatures
from hypervigil.evidence.firewall import (
    FirewallRule,
    FirewallRules,
    RuleAction,
    RuleAuthentication,
    RuleDirection,
)
from hypervigil.evidence.host import ComputerSystem, DomainRole, OperatingSystem, ProductType
from hypervigil.evidence.hyper_v import (
    MigrationAuthentication,
    MigrationNetwork,
    MigrationNetworks,
    MigrationPerformance,
    Vm,
    VmHost,
)
from hypervigil.evidence.platform import (
    DeviceGuard,
    DeviceGuardPolicy,
    LsaProtection,
    SecureBoot,
    SecureBootState,
    SecurityProperty,
    SecurityService,
    Tpm,
    VbsStatus,
)
from hypervigil.evidence.registry import ABSENT, RegistryValue
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import (
    Dialect,
    Mailslots,
    Rdma,
    RdmaAdapter,
    SmbClientConfiguration,
    SmbServerConfiguration,
    SpnValidation,
)

DOMAIN = "contoso.com"
UBR = {Release.WS2016: 7428, Release.WS2019: 7314, Release.WS2022: 3932, Release.WS23H2: 1733, Release.WS2025: 4652}
"""An update level for each release, made up: only equality between nodes matters."""
VM_VERSION = {
    Release.WS2016: "8.0",
    Release.WS2019: "9.0",
    Release.WS2022: "10.0",
    Release.WS23H2: "10.0",
    Release.WS2025: "12.0",
}
"""The newest configuration version of VMs on each release, as windowsserverdocs tables it; 23H2 is not in the table and
gets the one before it."""
CIPHERS = ("AES_128_GCM", "AES_128_CCM", "AES_256_GCM", "AES_256_CCM")


def operating_system(release: Release = Release.WS2025, **changes: Any) -> OperatingSystem:
    """A Datacenter installation."""
    fact = OperatingSystem(
        name="HV01",
        build_number=release.build,
        product_type=ProductType.SERVER,
        caption=f"Microsoft {release.title} Datacenter",
        sku=8,
        ubr=UBR[release],
        edition_id="ServerDatacenter",
        installation_type="Server Core",
        installed=datetime.datetime(2026, 2, 3, 9, 30, tzinfo=datetime.UTC),
        last_boot=datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC),
    )
    return msgspec.structs.replace(fact, **changes)


def computer_system(*, domain: bool = True, **changes: Any) -> ComputerSystem:
    """A physical server, in the domain or in a workgroup."""
    fact = ComputerSystem(
        name="HV01",
        part_of_domain=domain,
        domain_role=DomainRole.MEMBER_SERVER if domain else DomainRole.STANDALONE_SERVER,
        dns_host_name="HV01",
        domain=DOMAIN if domain else "WORKGROUP",
        manufacturer="Example Systems",
        model="Node R2",
        hypervisor_present=True,
    )
    return msgspec.structs.replace(fact, **changes)


def device_guard(*services: SecurityService, **changes: Any) -> DeviceGuard:
    """Capable hardware on which exactly ``services`` are configured and run; VBS runs when there is one of them."""
    shown = services or (SecurityService.NONE,)
    fact = DeviceGuard(
        vbs_status=VbsStatus.RUNNING if services else VbsStatus.NOT_ENABLED,
        services_configured=shown,
        services_running=shown,
        available_properties=(
            SecurityProperty.HYPERVISOR,
            SecurityProperty.SECURE_BOOT,
            SecurityProperty.DMA_PROTECTION,
            SecurityProperty.NX_PROTECTIONS,
            SecurityProperty.SMM_MITIGATIONS,
            SecurityProperty.MBEC_GMET,
            SecurityProperty.APIC_VIRTUALIZATION,
        ),
        required_properties=(SecurityProperty.NONE,),
        code_integrity_policy=0,
        usermode_code_integrity_policy=0,
    )
    return msgspec.structs.replace(fact, **changes)


def device_guard_policy(**values: RegistryValue) -> DeviceGuardPolicy:
    """Nothing configured but ``values``."""
    fields = dict.fromkeys(DeviceGuardPolicy.__struct_fields__, ABSENT)
    return DeviceGuardPolicy(**{**fields, **values})


def secure_boot(state: SecureBootState = SecureBootState.ON) -> SecureBoot:
    """UEFI with Secure Boot on."""
    return SecureBoot(state=state)


def tpm(**changes: Any) -> Tpm:
    """A TPM 2.0 that is ready."""
    fact = Tpm(
        present=True,
        ready=True,
        enabled=True,
        activated=True,
        owned=True,
        locked_out=False,
        manufacturer="INTC",
        manufacturer_version_20="402.1.0.0",
        spec_version="2.0, 0, 1.38",
    )
    return msgspec.structs.replace(fact, **changes)


def lsa_protection(**changes: Any) -> LsaProtection:
    """Nothing configured, and LSASS was not seen to start protected."""
    fact = LsaProtection(run_as_ppl=ABSENT, run_as_ppl_policy=ABSENT, run_as_ppl_boot=ABSENT, started_protected=False)
    return msgspec.structs.replace(fact, **changes)


def windows_features(*installed: str) -> WindowsFeatures:
    """A Hyper-V cluster node, and what else is named."""
    names = {"Hyper-V", "Failover-Clustering", "Failover-Clustering-S2D", *installed} & {
        *OPTIONAL_FEATURES,
        *installed,
    }
    return WindowsFeatures(
        features=tuple(
            WindowsFeature(
                name=name,
                installed=name in names,
                install_state=InstallState.INSTALLED if name in names else InstallState.AVAILABLE,
            )
            for name in sorted({*OPTIONAL_FEATURES, *installed})
        )
    )


OPTIONAL_FEATURES = (
    "Failover-Clustering",
    "FileAndStorage-Services",
    "FS-FileServer",
    "FS-SMB1",
    "FS-SMB1-CLIENT",
    "FS-SMB1-SERVER",
    "FS-SMBBW",
    "HostGuardian",
    "Hyper-V",
    "Hyper-V-PowerShell",
    "RSAT-Clustering-PowerShell",
    "ShieldedVMToolsAdminPack",
    "Web-Server",
)


def vm_host(**changes: Any) -> VmHost:
    """Live migration on, with Kerberos, over chosen networks."""
    fact = VmHost(
        migration_enabled=True,
        migration_authentication=MigrationAuthentication.KERBEROS,
        migration_performance=MigrationPerformance.COMPRESSION,
        any_network_for_migration=False,
        maximum_migrations=2,
        maximum_storage_migrations=2,
        enhanced_session_mode=False,
        numa_spanning=True,
        fqdn=f"HV01.{DOMAIN}",
    )
    return msgspec.structs.replace(fact, **changes)


def migration_networks(*subnets: str) -> MigrationNetworks:
    """The networks named, in their order; one where none is."""
    return MigrationNetworks(
        networks=tuple(
            MigrationNetwork(subnet=subnet, priority=place)
            for place, subnet in enumerate(subnets or ("10.20.30.0/24",), start=1)
        )
    )


def vm(number: int = 1, **changes: Any) -> Vm:
    """A generation 2 VM, clustered and running."""
    fact = Vm(
        id=f"00000000-0000-4000-8000-{number:012x}",
        name=f"VM{number:04d}",
        generation=2,
        version="12.0",
        state=2,
        clustered=True,
    )
    return msgspec.structs.replace(fact, **changes)


def smb_server(release: Release = Release.WS2025, **changes: Any) -> SmbServerConfiguration:
    """A member server: inbound signing is not required on any release; the limiter and audits exist from 2025 on.

    23H2 has the delay of the limiter, without the switch.
    """
    fact = SmbServerConfiguration(
        require_signing=False,
        smb1_enabled=False,
        encrypt_data=False,
        reject_unencrypted=True,
        spn_validation=SpnValidation.OFF,
        audit_smb1=False,
    )
    if release >= Release.WS2022:
        fact = msgspec.structs.replace(fact, ciphers=CIPHERS, quic=True, quic_restrict_named_pipes=True)
    if release >= Release.WS23H2:
        fact = msgspec.structs.replace(fact, invalid_authentication_delay_ms=2000)
    if release >= Release.WS2025:
        fact = msgspec.structs.replace(
            fact,
            rate_limiter=True,
            audit_signing=False,
            audit_encryption=False,
            audit_guest=False,
            dialect_min=Dialect.NO_LIMIT,
            dialect_max=Dialect.NO_LIMIT,
            mailslots=False,
        )
    return msgspec.structs.replace(fact, **changes)


def smb_client(release: Release = Release.WS2025, **changes: Any) -> SmbClientConfiguration:
    """Outbound signing is required from 2025 on."""
    fact = SmbClientConfiguration(
        require_signing=release >= Release.WS2025, insecure_guest_logons=False, skip_certificate_check=False
    )
    if release >= Release.WS2022:
        fact = msgspec.structs.replace(fact, ciphers=CIPHERS)
    if release >= Release.WS2025:
        fact = msgspec.structs.replace(
            fact,
            require_encryption=False,
            block_ntlm=False,
            block_ntlm_exceptions=(),
            audit_signing=False,
            audit_encryption=False,
            audit_guest=False,
            dialect_min=Dialect.NO_LIMIT,
            dialect_max=Dialect.NO_LIMIT,
            mailslots=False,
            quic=True,
        )
    return msgspec.structs.replace(fact, **changes)


def rdma(*names: str) -> Rdma:
    """Adapters that know RDMA, enabled and operational; none where none is named."""
    return Rdma(adapters=tuple(RdmaAdapter(name=name, enabled=True, operational=True) for name in names))


def mailslots(**values: RegistryValue) -> Mailslots:
    """No policy but ``values``."""
    return Mailslots(**{**dict.fromkeys(Mailslots.__struct_fields__, ABSENT), **values})


def firewall_rule(name: str, protocol: str, *ports: str, **changes: Any) -> FirewallRule:
    """An enabled inbound allow rule, open to any address on every profile; all its filters were read."""
    fact = FirewallRule(
        name=name,
        enabled=True,
        direction=RuleDirection.INBOUND,
        action=RuleAction.ALLOW,
        profiles=0,
        protocol=protocol,
        local_ports=ports,
        remote_addresses=("Any",),
        local_addresses=("Any",),
        program="Any",
        service="Any",
        interfaces=("Any",),
        interface_types=0,
        authentication=RuleAuthentication.NOT_REQUIRED,
    )
    return msgspec.structs.replace(fact, **changes)


def firewall_rules(
    *extra: FirewallRule, admins: tuple[str, ...] = ("Any",), nodes: tuple[str, ...] = ("Any",)
) -> FirewallRules:
    """SMB Direct, WinRM from ``admins``, live migration from ``nodes`` let in, and what else is named."""
    return FirewallRules(
        rules=(
            firewall_rule("FPSSMBD-iWARP-In-TCP", "TCP", "5445"),
            firewall_rule("WINRM-HTTP-In-TCP", "TCP", "5985", program="System", remote_addresses=admins),
            firewall_rule("VIRT-MIGL-In-TCP-NoScope", "TCP", "6600", remote_addresses=nodes),
            *extra,
        )
    )


def cluster(release: Release = Release.WS2025, **changes: Any) -> Cluster:
    """A domain cluster at the functional level of ``release``."""
    fact = Cluster(
        name="CL01",
        id="11111111-2222-4333-8444-555555555555",
        domain=DOMAIN,
        security_level=SecurityLevel.SIGN,
        security_level_for_storage=SecurityLevel.SIGN if release >= Release.WS2019 else None,
        functional_level=LEVEL_OF_RELEASE.get(release),
        upgrade_version=1,
        access_point=AccessPoint.ACTIVE_DIRECTORY_AND_DNS,
        netft_ipsec=1,
        s2d_enabled=0,
        maximum_parallel_migrations=1,
        rdma_for_storage=0 if release >= Release.WS2025 else None,
    )
    return msgspec.structs.replace(fact, **changes)


def cluster_nodes(*names: str, release: Release = Release.WS2025) -> ClusterNodes:
    """Members of the cluster, all up."""
    return ClusterNodes(
        nodes=tuple(
            ClusterNode(name=name, id=str(place), state=NodeState.UP, build_number=release.build)
            for place, name in enumerate(names or ("HV01", "HV02"), start=1)
        )
    )
