"""vm_host, migration_networks and vms."""

from __future__ import annotations

from collections.abc import Sequence

from hypervigil.collect.readers import fields
from hypervigil.evidence.codes import Code
from hypervigil.evidence.hyper_v import (
    MigrationAuthentication,
    MigrationNetwork,
    MigrationNetworks,
    MigrationPerformance,
    Vm,
    VmHost,
)
from hypervigil.formats.clixml import PSObject


class VmState(Code):
    """Microsoft.HyperV.PowerShell.VMState, those that a VM rests in."""

    OTHER = 1
    RUNNING = 2
    OFF = 3
    STOPPING = 4
    SAVED = 6
    PAUSED = 9


def vm_host(hosts: Sequence[object]) -> VmHost:
    """From the object of Get-VMHost.

    Raises:
        UnreadableError: there is not one, or a property is missing or of another type.
    """
    host = fields.single(hosts)
    performance = "VirtualMachineMigrationPerformanceOption"
    return VmHost(
        migration_enabled=fields.boolean(host, "VirtualMachineMigrationEnabled"),
        migration_authentication=fields.code(
            host, "VirtualMachineMigrationAuthenticationType", MigrationAuthentication
        ),
        migration_performance=fields.code(host, performance, MigrationPerformance),
        any_network_for_migration=fields.boolean(host, "UseAnyNetworkForMigration"),
        maximum_migrations=fields.number_or_none(host, "MaximumVirtualMachineMigrations"),
        maximum_storage_migrations=fields.number_or_none(host, "MaximumStorageMigrations"),
        enhanced_session_mode=fields.boolean_or_none(host, "EnableEnhancedSessionMode"),
        numa_spanning=fields.boolean_or_none(host, "NumaSpanningEnabled"),
        fqdn=fields.text_or_none(host, "FullyQualifiedDomainName"),
    )


def migration_networks(networks: Sequence[object]) -> MigrationNetworks:
    """From the objects of Get-VMMigrationNetwork; none is an answer.

    Raises:
        UnreadableError: a property is missing or of another type.
    """
    return MigrationNetworks(
        networks=tuple(
            MigrationNetwork(subnet=fields.text(network, "Subnet"), priority=fields.number_or_none(network, "Priority"))
            for network in fields.records(networks)
        )
    )


def vms(machines: Sequence[object]) -> tuple[Vm, ...]:
    """From the objects of Get-VM; none is an answer.

    Raises:
        UnreadableError: a property is missing or of another type, or two VMs have one id.
    """
    found = tuple(_vm(machine) for machine in fields.records(machines))
    if len({vm.id for vm in found}) != len(found):
        raise fields.UnreadableError("it lists a virtual machine twice")
    return found


def _vm(machine: PSObject) -> Vm:
    return Vm(
        id=fields.guid_or_none(machine, "Id") or fields.guid(machine, "VMId"),
        name=fields.text(machine, "Name"),
        generation=fields.number(machine, "Generation"),
        version=fields.text(machine, "Version"),
        state=fields.code_or_none(machine, "State", VmState),
        clustered=fields.boolean_or_none(machine, "IsClustered"),
    )
