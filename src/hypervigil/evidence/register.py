"""Every type of fact, by name. A type that is not in this tuple does not exist."""

from __future__ import annotations

from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import MigrationNetworks, Vm, VmHost
from hypervigil.evidence.platform import DeviceGuard, DeviceGuardPolicy, LsaProtection, SecureBoot, Tpm
from hypervigil.evidence.smb import Mailslots, Rdma, SmbClientConfiguration, SmbServerConfiguration

FACTS: tuple[type[Fact], ...] = (
    OperatingSystem,
    ComputerSystem,
    DeviceGuard,
    DeviceGuardPolicy,
    SecureBoot,
    Tpm,
    LsaProtection,
    WindowsFeatures,
    VmHost,
    MigrationNetworks,
    Vm,
    SmbServerConfiguration,
    SmbClientConfiguration,
    Rdma,
    Mailslots,
    FirewallRules,
    Cluster,
    ClusterNodes,
)

BY_NAME: dict[str, type[Fact]] = {fact.INFO.name: fact for fact in FACTS}
