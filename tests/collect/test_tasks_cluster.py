"""Tasks that read the failover cluster: nodes, networks, roles, volumes, access, certificates."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from hypervigil.evidence.cluster import ClusterNode, ClusterNodes, NodeState
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
from hypervigil.evidence.network import ClusterInterface, ClusterNetwork, ClusterNetworks, NetworkRole
from tests.collect.store_entries import NOT_AFTER, NOT_BEFORE, Made, certificate, entry
from tests.collect.task_runs import Tasks, run_tasks

FIRST, SECOND = "c39b56cd-6c81-4557-bbe0-b85d17d343a6", "c39b56cd-6c81-4557-bbe0-b85d17d343a7"
DOMAIN = "S-1-5-21-1000000000-2000000000-3000000000-"
STORES = "SOFTWARE\\Microsoft\\Cryptography\\Services\\ClusSvc\\SystemCertificates"


@functools.cache
def plain() -> Tasks:
    return run_tasks(ClusterNodes, ClusterNetworks, ClusterGroups, ClusterVolumes, ClusterAccess, ClusterCertificates)


def test_nodes() -> None:
    assert plain().fact(ClusterNodes) == ClusterNodes(
        nodes=(
            ClusterNode(name="HV01", id="1", state=NodeState.UP, build_number=20348),
            ClusterNode(name="HV02", id="2", state=NodeState.DOWN, build_number=20348),
        )
    )


def test_a_cluster_without_nodes_is_none() -> None:
    cause, detail = run_tasks(ClusterNodes, stubs=["function StandIn-ClusterNodes { }"]).gap(ClusterNodes)
    assert cause == "unparsable"
    assert "no node" in detail


def test_networks() -> None:
    assert plain().fact(ClusterNetworks) == ClusterNetworks(
        networks=(
            ClusterNetwork(
                id=FIRST,
                name="Cluster Network 1",
                role=NetworkRole.CLUSTER,
                subnets=("fde1:53ba:e9a0:de11::/64",),
                metric=40000,
                auto_metric=True,
            ),
            ClusterNetwork(
                id=SECOND,
                name="Verwaltung \u00fc",
                role=NetworkRole.CLUSTER_AND_CLIENT,
                subnets=("10.0.0.0/24", "10.0.4.0/22"),
                metric=70240,
                auto_metric=False,
            ),
        ),
        interfaces=(
            ClusterInterface(
                node="HV01",
                network_id=SECOND,
                network="Verwaltung \u00fc",
                adapter="Contoso 1G",
                addresses=("10.0.0.5", "fe80::5"),
            ),
            ClusterInterface(node="HV02"),
        ),
        migration_excluded=(FIRST, SECOND),
        migration_order=(),
    )
    assert plain().remark(ClusterNetworks) == ""


PARAMETERS = (
    "function StandIn-ClusterParameters { param($Of, $Names) [pscustomobject] @{ Name = 'NAME'; Value = 'all' } }"
)
UNREAD = "without the networks of live migration: unparsable: "
NO_MIGRATION = {
    "absent": (PARAMETERS.replace("NAME", "PendingTimeout"), ""),
    "no such type": (
        "function StandIn-ClusterResourceType { param($Name) throw 'there is no such resource type' }",
        UNREAD + "there is no such resource type",
    ),
    "no ids": (
        PARAMETERS.replace("NAME", "MigrationExcludeNetworks"),
        UNREAD + "property Id is all (String), expected a GUID",
    ),
}


@pytest.mark.parametrize("case", sorted(NO_MIGRATION))
def test_networks_of_migration_that_could_not_be_read_are_not_none(case: str) -> None:
    stub, remark = NO_MIGRATION[case]
    tasks = run_tasks(ClusterNetworks, stubs=[stub])
    found = tasks.fact(ClusterNetworks)
    assert (found.migration_excluded, found.migration_order) == (None, None)
    assert tasks.remark(ClusterNetworks) == remark
    assert len(found.networks) == 2


FILE_SERVER = ClusterGroup(
    id="189ec8ad-1831-4f57-9bb0-3ffb9cbb9227",
    name="FileServer1",
    group_type=GroupType.FILE_SERVER,
    owner_node="node1",
    state=GroupState.ONLINE,
    priority=2000,
)


def test_groups() -> None:
    assert plain().fact(ClusterGroups) == ClusterGroups(
        groups=(
            FILE_SERVER,
            ClusterGroup(
                id="00000000-0000-4000-8000-0000000000a1",
                name="HV01-guest1",
                group_type=GroupType.VIRTUAL_MACHINE,
                owner_node="HV01",
                state=GroupState.ONLINE,
                vm_id="00000000-0000-4000-8000-000000010001",
                possible_owners=("HV01", "HV02"),
                priority=3000,
            ),
        )
    )


MANY = """
function StandIn-ClusterGroups {
    foreach ($number in 1..NUMBER) {
        [pscustomobject] @{
            Name = "VM $number"; Id = '00000000-0000-4000-8000-{0:d12}' -f $number; GroupType = 111; State = 'Online'
            OwnerNode = $null; Priority = 3000
        }
    }
}
function StandIn-ClusterResources {
    foreach ($number in 1..NUMBER) {
        [pscustomobject] @{
            Name = "Virtual Machine $number"; Id = '00000000-0000-4000-8000-{0:d12}' -f $number
            OwnerGroup = [pscustomobject] @{ Name = "VM $number" }
            ResourceType = [pscustomobject] @{ Name = 'Virtual Machine' }
        }
    }
}
function StandIn-ClusterOwners {
    param($Resource)
    if ($Resource.Name -eq 'Virtual Machine 2') {
        Write-Error -Message 'Zugriff verweigert.' -Category PermissionDenied -ErrorId Whatever
        return
    }
    [pscustomobject] @{ ClusterObject = $Resource; OwnerNodes = @([pscustomobject] @{ Name = 'HV02' }) }
}
"""


def test_each_cmdlet_is_asked_once_for_all_vms() -> None:
    tasks = run_tasks(ClusterGroups, stubs=[MANY.replace("NUMBER", "200")], trace=True)
    groups = tasks.fact(ClusterGroups).groups
    assert [group.vm_id for group in groups][:2] == [f"00000000-0000-4000-8000-00000001000{n}" for n in (1, 2)]
    assert [group.possible_owners for group in groups][:3] == [("HV02",), None, ("HV02",)]
    assert len(groups) == 200
    asked = tasks.asked()
    for cmdlet in ("Get-ClusterGroup", "Get-ClusterResource", "Get-ClusterOwnerNode", "Get-ClusterParameter"):
        assert asked.count(cmdlet) == 1
    assert tasks.remark(ClusterGroups) == "without possible owners of 1 resources: access_denied: Zugriff verweigert."


def test_a_cluster_without_vms_is_not_asked_about_them() -> None:
    stubs = ["function StandIn-ClusterResources { Read-Recorded 'Get-ClusterResource.server2016.1.txt' }"]
    stubs.append("function StandIn-ClusterGroups { " + _file_server() + " }")
    tasks = run_tasks(ClusterGroups, stubs=stubs, trace=True)
    assert tasks.fact(ClusterGroups) == ClusterGroups(groups=(FILE_SERVER,))
    assert not {"Get-ClusterOwnerNode", "Get-ClusterParameter"} & set(tasks.asked())


def _file_server() -> str:
    return "Read-Recorded 'Get-ClusterGroup.server2016.1.txt' @{ GroupType = 100; Priority = 2000 }"


def test_volumes() -> None:
    assert plain().fact(ClusterVolumes) == ClusterVolumes(
        volumes=(
            ClusterVolume(
                id="6e394089-145a-4279-b75d-b14015cc36e4",
                name="Cluster Disk 2",
                path="C:\\ClusterStorage\\Volume1",
                owner_node="HV02",
                redirected=False,
            ),
            ClusterVolume(id="6e394089-145a-4279-b75d-b14015cc36e5", name="Cluster Disk 3"),
        )
    )


def test_access_is_told_by_sids_in_any_language() -> None:
    assert plain().fact(ClusterAccess) == ClusterAccess(
        entries=(
            ClusterAccessEntry(sid=DOMAIN + "1101", name="CONTOSO\\user1", rights=ClusterRights.FULL, deny=True),
            ClusterAccessEntry(sid="S-1-5-18", name="NT-AUTORIT\u00c4T\\SYSTEM", rights=ClusterRights.FULL),
            ClusterAccessEntry(sid="S-1-5-32-544", name="VORDEFINIERT\\Administratoren", rights=ClusterRights.FULL),
            ClusterAccessEntry(name="CONTOSO\\gone", rights=ClusterRights.READ),
            ClusterAccessEntry(sid=DOMAIN + "1999", name=DOMAIN + "1999", rights=ClusterRights.READ),
        )
    )
    assert plain().remark(ClusterAccess).startswith("without the SID of CONTOSO\\gone: unparsable: ")


def _key(certificates: dict[str, Made | bytes]) -> dict[str, Any]:
    """A store, with the certificates or other bytes under these names."""
    blobs = {
        name: made if isinstance(made, bytes) else entry(made.der, key=True) for name, made in certificates.items()
    }
    keys = {name: {"values": {"Blob": {"type": "Binary", "data": blob.hex()}}} for name, blob in blobs.items()}
    return {"keys": {"Certificates": {"keys": keys}, "CRLs": {"keys": {}}}}


def test_certificates_of_the_service() -> None:
    assert plain().fact(ClusterCertificates) == ClusterCertificates(certificates=())
    node, root = certificate("CN=CLIUSR,O=\u00dcbung"), certificate("CN=Cluster root")
    stores = {"MY": _key({"A": node}), "Root": _key({"B": root}), "Empty": {"keys": {}}}
    tasks = run_tasks(ClusterCertificates, registry={"HKLM": {"keys": {STORES: {"keys": stores}}}})
    made = {"not_before": NOT_BEFORE, "not_after": NOT_AFTER}
    name, other = "CN=CLIUSR, O=\u00dcbung", "CN=Cluster root"
    assert sorted(tasks.fact(ClusterCertificates).certificates, key=lambda each: each.store) == [
        ServiceCertificate(store="MY", thumbprint=node.thumbprint, subject=name, issuer=name, **made),
        ServiceCertificate(store="Root", thumbprint=root.thumbprint, subject=other, issuer=other, **made),
    ]
    document = repr(tasks.documents["cluster_certificates"])
    assert "CAFE" not in document
    assert node.der.hex() not in document


BROKEN = {
    "cut off": entry(certificate("CN=x").der, key=True)[:-1],
    "no certificate": entry(b"\x30\x03\x02\x01\x05", key=False),
    "a file with a key": entry(certificate("CN=x").pkcs12, key=False),
    "something after it": entry(certificate("CN=x").der, key=False) + b"\x00" * 5,
    "a length below zero": b"\x20\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff",
    "empty": b"",
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_an_entry_that_is_no_certificate(case: str) -> None:
    registry = {"HKLM": {"keys": {STORES: {"keys": {"MY": _key({"A": BROKEN[case]})}}}}}
    assert run_tasks(ClusterCertificates, registry=registry).gap(ClusterCertificates)[0] == "unparsable"


@pytest.mark.parametrize(
    "stores",
    [
        {"access_denied": True},
        {"keys": {"MY": {"keys": {"Certificates": {"access_denied": True}}}}},
        {"keys": {"MY": {"keys": {"Certificates": {"keys": {"A": {"access_denied": True}}}}}}},
    ],
)
def test_stores_that_may_not_be_read_are_not_empty(stores: dict[str, Any]) -> None:
    tasks = run_tasks(ClusterCertificates, registry={"HKLM": {"keys": {STORES: stores}}})
    assert tasks.gap(ClusterCertificates)[0] == "access_denied"
