"""Every type of fact, by name. A type that is not in this tuple does not exist."""

from __future__ import annotations

from hypervigil.evidence.accounts import (
    Laps,
    LocalGroups,
    LocalUsers,
    PasswordPolicy,
    Pku2u,
    RemoteUac,
    ScheduledTasks,
    Services,
    UserRights,
    WDigest,
)
from hypervigil.evidence.audit import AuditPolicy, PowerShellLogging
from hypervigil.evidence.bitlocker import BitLocker
from hypervigil.evidence.boot_events import BootEvents
from hypervigil.evidence.clock import Clock
from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.cluster_objects import ClusterAccess, ClusterCertificates, ClusterGroups, ClusterVolumes
from hypervigil.evidence.code_integrity import CodeIntegrityEvents, PnpProblems, ServiceFailures
from hypervigil.evidence.directory import DirectoryAccount, DirectoryComputer
from hypervigil.evidence.directory_domain import DirectoryAcls, DirectoryDc, DirectoryDomain
from hypervigil.evidence.drivers import DriverBlocklist, DriverInventory
from hypervigil.evidence.event_logs import EventChannels, EventForwarding
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.firewall import FirewallProfiles, FirewallRules
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import MigrationNetworks, Vm, VmHost
from hypervigil.evidence.logons import Logons
from hypervigil.evidence.management import Certificates, Rdp, WinRm
from hypervigil.evidence.network import ClusterNetworks, FcPorts, IpInterfaces, IscsiSessions, Listeners, Routes
from hypervigil.evidence.platform import DeviceGuard, DeviceGuardPolicy, LsaProtection, SecureBoot, Tpm
from hypervigil.evidence.powershell import PsSessionConfigurations, RoleCapabilities
from hypervigil.evidence.sensors import EdrOnboarding, SysmonConfig
from hypervigil.evidence.shielding import Guardians, HgsClient
from hypervigil.evidence.smb import Mailslots, Rdma, SmbClientConfiguration, SmbServerConfiguration
from hypervigil.evidence.smb_events import SmbEvents
from hypervigil.evidence.smb_quic import SmbConnections, SmbQuic, SmbShares
from hypervigil.evidence.software import InstalledSoftware, UserProfiles
from hypervigil.evidence.vm_settings import GuestIdentity, VmFirmware, VmNetworkAdapters, VmSecurity, VmSwitches
from hypervigil.evidence.wire import WireRdp, WireReach, WireSmb, WireTls, WireWinRm

_PLATFORM: tuple[type[Fact], ...] = (
    OperatingSystem,
    ComputerSystem,
    DeviceGuard,
    DeviceGuardPolicy,
    SecureBoot,
    Tpm,
    LsaProtection,
    WDigest,
    BitLocker,
    BootEvents,
    CodeIntegrityEvents,
    PnpProblems,
    ServiceFailures,
    DriverInventory,
    DriverBlocklist,
    WindowsFeatures,
)
_HYPER_V: tuple[type[Fact], ...] = (
    VmHost,
    MigrationNetworks,
    VmSwitches,
    VmNetworkAdapters,
    Vm,
    VmSecurity,
    VmFirmware,
    GuestIdentity,
    HgsClient,
    Guardians,
)
_SMB: tuple[type[Fact], ...] = (
    SmbServerConfiguration,
    SmbClientConfiguration,
    SmbShares,
    SmbQuic,
    SmbEvents,
    SmbConnections,
    Rdma,
    Mailslots,
)
_NETWORK: tuple[type[Fact], ...] = (
    FirewallRules,
    FirewallProfiles,
    IpInterfaces,
    Routes,
    Listeners,
    IscsiSessions,
    FcPorts,
)
_ACCOUNTS: tuple[type[Fact], ...] = (
    Services,
    ScheduledTasks,
    LocalGroups,
    LocalUsers,
    UserRights,
    PasswordPolicy,
    RemoteUac,
    Pku2u,
    Laps,
    Logons,
)
_MANAGEMENT: tuple[type[Fact], ...] = (
    Rdp,
    WinRm,
    Certificates,
    PsSessionConfigurations,
    RoleCapabilities,
    InstalledSoftware,
    UserProfiles,
)
_LOGGING: tuple[type[Fact], ...] = (
    EventChannels,
    EventForwarding,
    AuditPolicy,
    PowerShellLogging,
    SysmonConfig,
    EdrOnboarding,
    Clock,
)
_CLUSTER: tuple[type[Fact], ...] = (
    Cluster,
    ClusterNodes,
    ClusterNetworks,
    ClusterGroups,
    ClusterVolumes,
    ClusterAccess,
    ClusterCertificates,
)
_ELSEWHERE: tuple[type[Fact], ...] = (
    DirectoryDomain,
    DirectoryDc,
    DirectoryComputer,
    DirectoryAccount,
    DirectoryAcls,
    WireSmb,
    WireTls,
    WireRdp,
    WireWinRm,
    WireReach,
)

FACTS: tuple[type[Fact], ...] = (
    *_PLATFORM,
    *_HYPER_V,
    *_SMB,
    *_NETWORK,
    *_ACCOUNTS,
    *_MANAGEMENT,
    *_LOGGING,
    *_CLUSTER,
    *_ELSEWHERE,
)

BY_NAME: dict[str, type[Fact]] = {fact.INFO.name: fact for fact in FACTS}
