"""Hyper-V on a host: its settings, its migration networks, its VMs."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope

_CMDLETS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/Hyper-V/"
_TYPES = "dsccommunity/HyperVDsc tests/Unit/Stubs/Hyper-V.stubs.psm1 (types of module Hyper-V 2.0.0.0)"


class MigrationAuthentication(Code):
    """``VirtualMachineMigrationAuthenticationType``."""

    CREDSSP = 0
    KERBEROS = 1


class MigrationPerformance(Code):
    """``VirtualMachineMigrationPerformanceOption``."""

    TCPIP = 0
    COMPRESSION = 1
    SMB = 2


class VmHost(Fact, frozen=True, kw_only=True):
    """Settings of the Hyper-V host, most of them about live migration."""

    INFO: ClassVar[FactType] = FactType(
        name="vm_host",
        title="Hyper-V host",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-VMHost",
                properties=(
                    "Name",
                    "FullyQualifiedDomainName",
                    "VirtualMachineMigrationEnabled",
                    "VirtualMachineMigrationAuthenticationType",
                    "VirtualMachineMigrationPerformanceOption",
                    "UseAnyNetworkForMigration",
                    "MaximumVirtualMachineMigrations",
                    "MaximumStorageMigrations",
                    "EnableEnhancedSessionMode",
                    "NumaSpanningEnabled",
                ),
                shapes=("Microsoft.HyperV.PowerShell.VMHost",),
            ),
        ),
        sources=(_CMDLETS + "Get-VMHost.md", _CMDLETS + "Set-VMHost.md", _TYPES),
    )

    migration_enabled: Annotated[
        bool, Meta(description="VirtualMachineMigrationEnabled: it takes and gives live migrations.")
    ]
    migration_authentication: MigrationAuthentication
    migration_performance: MigrationPerformance
    any_network_for_migration: Annotated[bool, Meta(description="True: incoming migrations come over any network.")]
    maximum_migrations: Annotated[int | None, Meta(description="Live migrations at once.")] = None
    maximum_storage_migrations: Annotated[int | None, Meta(description="Storage migrations at once.")] = None
    enhanced_session_mode: Annotated[bool | None, Meta(description="Clipboard and drive redirection to guests.")] = None
    numa_spanning: Annotated[bool | None, Meta(description="NumaSpanningEnabled.")] = None
    fqdn: Annotated[str | None, Meta(description="FullyQualifiedDomainName.")] = None


class MigrationNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """One network over which a host takes incoming migrations."""

    subnet: Annotated[str, Meta(description="Address or subnet in CIDR form, as entered.")]
    priority: Annotated[int | None, Meta(description="Lower goes first.")] = None


class MigrationNetworks(Fact, frozen=True, kw_only=True):
    """The networks chosen for incoming live migrations; they count when ``any_network_for_migration`` is off."""

    INFO: ClassVar[FactType] = FactType(
        name="migration_networks",
        title="Migration networks",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-VMMigrationNetwork",
                properties=("Subnet", "Priority"),
                shapes=("Microsoft.HyperV.PowerShell.VMMigrationNetwork",),
            ),
        ),
        sources=(_CMDLETS + "Get-VMMigrationNetwork.md", _TYPES),
    )

    networks: tuple[MigrationNetwork, ...]


class Vm(Fact, frozen=True, kw_only=True):
    """A virtual machine as its host lists it: settings only, nothing of the guest."""

    INFO: ClassVar[FactType] = FactType(
        name="vms",
        title="Virtual machines",
        subject=Scope.VM,
        item_key="id",
        in_sddc=True,
        reads=(
            Read(
                command="Get-VM",
                properties=("Id", "Name", "Generation", "Version", "State", "IsClustered"),
                shapes=("Microsoft.HyperV.PowerShell.VirtualMachine",),
            ),
        ),
        sources=(_CMDLETS + "Get-VM.md", _TYPES),
    )

    id: Annotated[str, Meta(description="VM GUID in lower case.")]
    name: str
    generation: int
    version: Annotated[str, Meta(description="Configuration version such as 12.0.")]
    state: Annotated[int | None, Meta(description="VMState: 2 running, 3 off, 6 saved, 9 paused.")] = None
    clustered: Annotated[bool | None, Meta(description="IsClustered.")] = None
