"""Declared networks against collected ones."""

from __future__ import annotations

import pytest

from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.network import (
    NetworkRole,
)
from hypervigil.evidence.vm_settings import VlanMode
from hypervigil.evidence.wire import Reach
from hypervigil.synthetic import defaults
from tests.assess.contradicted import (
    ISOLATED,
    MIGRATION,
    STORAGE,
    Rows,
    adapters,
    host_adapter,
    in_cluster,
    interfaces,
    network,
    on_the_wire,
    reach,
    routes,
    said,
)
from tests.assess.planted import evidence

ROWS: Rows = (
    # Live migration
    (
        "migration where declared",
        MIGRATION,
        evidence({"HV01": (defaults.vm_host(), defaults.migration_networks("10.20.30.0/25", "10.20.30.7/32"))}),
        [],
    ),
    (
        "migration elsewhere",
        MIGRATION,
        evidence({"HV01": (defaults.vm_host(), defaults.migration_networks("10.20.0.0/16", "rubbish"))}),
        ["Live migration is declared for 10.20.30.0/24, but HV01 takes it over 10.20.0.0/16."],
    ),
    (
        "migration anywhere",
        MIGRATION,
        evidence(
            {"HV01": (defaults.vm_host(any_network_for_migration=True), defaults.migration_networks("1.0.0.0/8"))}
        ),
        ["Live migration is declared for 10.20.30.0/24, but HV01 takes it over any network."],
    ),
    (
        "no migration",
        MIGRATION,
        evidence({"HV01": (defaults.vm_host(migration_enabled=False, any_network_for_migration=True),)}),
        [],
    ),
    (
        "the cluster's migration elsewhere",
        MIGRATION,
        evidence({}, in_cluster(NetworkRole.CLUSTER, "10.20.30.0/24", "10.1.0.0/24", "fe80::/64")),
        ["Live migration is declared for 10.20.30.0/24, but VMs of the cluster may use its network N1 (10.1.0.0/24)."],
    ),
    (
        "a network that migration leaves out",
        MIGRATION,
        evidence({}, in_cluster(NetworkRole.CLUSTER, "10.1.0.0/24", migration_excluded=("n1",))),
        [],
    ),
    ("a network without a role", MIGRATION, evidence({}, in_cluster(NetworkRole.NONE, "10.1.0.0/24")), []),
    # Roles
    (
        "clients on storage",
        network("storage"),
        evidence({}, in_cluster(NetworkRole.CLUSTER_AND_CLIENT, "10.20.30.0/24")),
        [f"{STORAGE}, but clients reach the cluster over it (network N1)."],
    ),
    (
        "clients on storage and management",
        network("storage management"),
        evidence({}, in_cluster(NetworkRole.CLUSTER_AND_CLIENT, "10.20.30.0/24")),
        [],
    ),
    (
        "not used by the cluster",
        network("cluster"),
        evidence({}, in_cluster(NetworkRole.NONE, "10.20.30.0/24")),
        ["10.20.30.0/24 is declared for cluster, but the cluster does not use its N1."],
    ),
    (
        "the cluster among tenants",
        network("tenant"),
        evidence({}, in_cluster(NetworkRole.CLUSTER, "10.20.30.0/25")),
        ["10.20.30.0/24 is declared for tenant, but the cluster talks over it (as N1)."],
    ),
    ("a role that nobody knows", network("storage"), evidence({}, in_cluster(NetworkRole(9), "10.20.30.0/24")), []),
    # Addresses
    ("an address in it", network("storage"), evidence({"HV01": (interfaces("10.20.30.5/24"),)}), []),
    (
        "no address in it",
        network("storage"),
        evidence({"HV01": (interfaces("10.20.31.5/24", "rubbish"),)}),
        [f"{STORAGE}, but HV01 has no address in it."],
    ),
    (
        "a node among tenants",
        network("tenant"),
        evidence({"HV01": (interfaces("10.20.30.5/24"),)}),
        ["10.20.30.0/24 is declared for tenant, but HV01 has the address 10.20.30.5 in it."],
    ),
    ("no node among tenants", network("tenant"), evidence({"HV01": (interfaces("10.1.0.5/24"),)}), []),
    # Isolation
    (
        "isolated indeed",
        ISOLATED,
        evidence({"HV01": (interfaces("10.20.30.5/24"), routes("0.0.0.0/0", "10.1.0.1"))}),
        [],
    ),
    (
        "a gateway in an isolated network",
        ISOLATED,
        evidence({"HV01": (interfaces("10.20.30.5/24"), routes("0.0.0.0/0", "10.20.30.1"))}),
        ["10.20.30.0/24 is declared isolated, but HV01 has a gateway in it: 10.20.30.1, to 0.0.0.0/0."],
    ),
    (
        "a route into an isolated network",
        ISOLATED,
        evidence({"HV01": (interfaces("10.20.30.5/24"), routes("10.20.30.128/25", "10.1.0.1"))}),
        ["10.20.30.0/24 is declared isolated, but HV01 reaches 10.20.30.128/25 in it through 10.1.0.1."],
    ),
    (
        "forwarding in an isolated network",
        ISOLATED,
        evidence({"HV01": (interfaces("10.20.30.5/24", forwarding=True), routes("0.0.0.0/0", "10.1.0.1"))}),
        ["10.20.30.0/24 is declared isolated, but HV01 forwards packets on vEthernet (Infra), which is in it."],
    ),
    (
        "a gateway in a network of which nobody claims anything",
        network("storage"),
        evidence({"HV01": (interfaces("10.20.30.5/24", forwarding=True), routes("0.0.0.0/0", "10.20.30.1"))}),
        [],
    ),
    (
        "an answer from an isolated network",
        ISOLATED,
        on_the_wire(
            evidence({}), reach("10.20.30.5", "172.16.0.9", Reach.OPEN), reach("10.20.30.6", "172.16.0.9", Reach.SILENT)
        ),
        ["10.20.30.0/24 is declared isolated, but 10.20.30.5:445/tcp in it answers 172.16.0.9, which is not."],
    ),
    (
        "a refusal from an isolated network",
        ISOLATED,
        on_the_wire(evidence({}), reach("10.20.30.5", "172.16.0.9", Reach.REFUSED)),
        ["10.20.30.0/24 is declared isolated, but 10.20.30.5:445/tcp in it answers 172.16.0.9, which is not."],
    ),
    (
        "an answer to a neighbour, or from elsewhere",
        ISOLATED,
        on_the_wire(
            evidence({}),
            reach("10.20.30.5", "10.20.30.9", Reach.OPEN),
            reach("10.1.0.5", "172.16.0.9", Reach.OPEN),
            reach("nas01", "172.16.0.9", Reach.OPEN),
        ),
        [],
    ),
    # Guests in networks of the infrastructure
    (
        "a VM within storage",
        network("storage"),
        evidence({"HV01": (adapters(ip_addresses=("fe80::1", "10.20.30.77")),)}),
        [f"{STORAGE}, but the VM APP01 on HV01 has 10.20.30.77 in it."],
    ),
    (
        "a VM within storage that tenants share",
        network("storage tenant"),
        evidence({"HV01": (adapters(ip_addresses=("10.20.30.77",)),)}),
        [],
    ),
    (
        "a VM of the operators",
        network("management") + '[[tier0_guests]]\nvm = "app01"\n',
        evidence({"HV01": (adapters(ip_addresses=("10.20.30.77",)), defaults.vm(1, name="APP01"))}),
        [],
    ),
    (
        "a jump host that is a VM",
        network("management") + '[[jump_hosts]]\nname = "APP01.contoso.com"\nkind = "jump_host"\n',
        evidence({"HV01": (adapters(ip_addresses=("10.20.30.77",)),)}),
        [],
    ),
    (
        "a VM on a VLAN of the infrastructure",
        network("cluster", vlans="20"),
        evidence({"HV01": (adapters(vlan_mode=VlanMode.ACCESS, access_vlan=20),)}),
        ["VLAN 20 is declared for cluster, but the VM APP01 on HV01 is on it."],
    ),
    (
        "a trunk that has it",
        network("cluster", vlans="20"),
        evidence({"HV01": (adapters(vlan_mode=VlanMode.TRUNK, native_vlan=0, allowed_vlans=(19, 20)),)}),
        ["VLAN 20 is declared for cluster, but the VM APP01 on HV01 is on it."],
    ),
    (
        "a private VLAN on top of it",
        network("cluster", vlans="20"),
        evidence({"HV01": (adapters(vlan_mode=VlanMode.PRIVATE, primary_vlan=20, secondary_vlan=21),)}),
        ["VLAN 20 is declared for cluster, but the VM APP01 on HV01 is on it."],
    ),
    (
        "a VLAN that tenants use as well",
        network("cluster", vlans="20") + network("tenant", vlans="20", subnet="172.16.0.0/12"),
        evidence({"HV01": (adapters(vlan_mode=VlanMode.ACCESS, access_vlan=20),)}),
        [],
    ),
    (
        "a VM elsewhere",
        network("cluster", vlans="20"),
        evidence({"HV01": (adapters(vlan_mode=VlanMode.UNTAGGED, access_vlan=0),)}),
        [],
    ),
    # VLANs of hosts
    (
        "the host on another VLAN",
        network("storage", vlans="71, 72"),
        evidence({"HV01": (host_adapter(20), interfaces("10.20.30.5/24"))}),
        ["10.20.30.0/24 is declared on VLAN 71 or 72, but HV01 has it on VLAN 20 (vEthernet (Infra))."],
    ),
    (
        "the host on one of them",
        network("storage", vlans="71, 72"),
        evidence({"HV01": (host_adapter(72), interfaces("10.20.30.5/24"))}),
        [],
    ),
    (
        "the host untagged",
        network("storage", vlans="71"),
        evidence({"HV01": (host_adapter(0, VlanMode.UNTAGGED), interfaces("10.20.30.5/24"))}),
        [],
    ),
)


@pytest.mark.parametrize(
    ("declared", "bundle", "texts"), [pytest.param(d, b, texts, id=name) for name, d, b, texts in ROWS]
)
def test_what_contradicts_is_said(declared: str, bundle: Evidence, texts: list[str]) -> None:
    assert said(declared, bundle) == texts
