"""Isolation: who can reach the networks of the cluster."""

from types import ModuleType

from hypervigil.controls.network import (
    net_001_tenants_kept_out,
    net_002_management_apart,
    net_003_tenant_vnics_apart,
    net_004_no_vm_in_infrastructure,
    net_005_no_forwarding,
    net_006_storage_only,
    net_007_migration_port_scoped,
    net_008_guards_on_tenant_vnics,
    net_009_firewall_on,
    net_011_block_storage,
)

CONTROLS: tuple[ModuleType, ...] = (
    net_001_tenants_kept_out,
    net_002_management_apart,
    net_003_tenant_vnics_apart,
    net_004_no_vm_in_infrastructure,
    net_005_no_forwarding,
    net_006_storage_only,
    net_007_migration_port_scoped,
    net_008_guards_on_tenant_vnics,
    net_009_firewall_on,
    net_011_block_storage,
)
