"""Folders of CLIXML: one host, a cluster of hosts, and what must never be mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypervigil.collect.clixml_folder import collect_folder
from hypervigil.collect.errors import (
    CollectError,
    MixedEvidenceError,
    NoEvidenceError,
    UnreadableSourceError,
    UnsafeSourceError,
)
from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.evidence import Known
from hypervigil.evidence.platform import LsaProtection
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.outcome import Cause
from tests.collect import clixml_files as files
from tests.collect.clixml_folders import CLUSTER, LSA_VALUES, gap, write_host

# --- identity ---


def test_two_hosts_of_a_cluster(tmp_path: Path) -> None:
    for name in ("HV01", "HV02"):
        write_host(tmp_path / name, name)
        files.write(tmp_path / name, "GetSmbServerConfiguration.xml", files.smb_server(PSComputerName=name))
        files.write(tmp_path / name, "cluster.GetCluster.xml", files.cluster())
        files.write(tmp_path / name, "GetClusterNode.xml", *map(files.cluster_node, ("HV01", "HV02", "HV03")))
    evidence = collect_folder(tmp_path)
    assert evidence.cluster is not None
    assert (evidence.cluster.key, evidence.cluster.name, evidence.cluster.aliases) == (CLUSTER, "CL01", ("cl01",))
    assert evidence.label == "CL01"
    assert [(n.key, n.name, n.cluster, n.aliases) for n in evidence.nodes] == [
        ("hv01.contoso.com", "HV01", CLUSTER, ("hv01",)),
        ("hv02.contoso.com", "HV02", CLUSTER, ("hv02",)),
    ]
    assert evidence.get(Cluster, CLUSTER) is not None
    nodes = evidence.get(ClusterNodes, CLUSTER)
    assert nodes is not None
    assert [node.name for node in nodes.nodes] == ["HV01", "HV02", "HV03"]
    known = evidence.record("smb_server", "hv02.contoso.com")
    assert isinstance(known, Known)
    assert known.provenance.file == "HV02/GetSmbServerConfiguration.xml"
    assert known.provenance.host == "HV02"


def test_a_cluster_without_an_id_is_known_by_its_name(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "GetCluster.xml", files.cluster(Id=None))
    evidence = collect_folder(tmp_path)
    assert evidence.cluster is not None
    assert (evidence.cluster.key, evidence.cluster.aliases) == ("cl01", ())


def test_a_host_without_computer_system_gets_the_cluster_domain(tmp_path: Path) -> None:
    files.write(tmp_path, "Win32_OperatingSystem.xml", files.operating_system("HV07"))
    assert collect_folder(tmp_path).nodes[0].key == "hv07"
    files.write(tmp_path, "GetCluster.xml", files.cluster())
    assert collect_folder(tmp_path).nodes[0].key == "hv07.contoso.com"


def test_a_host_in_no_domain(tmp_path: Path) -> None:
    write_host(tmp_path, PartOfDomain=False, Domain="WORKGROUP", DomainRole=2)
    (node,) = collect_folder(tmp_path).nodes
    assert (node.key, node.name, node.aliases) == ("hv01", "HV01", ())


def test_a_folder_whose_files_name_no_host_is_the_host(tmp_path: Path) -> None:
    files.write(tmp_path / "hv05", "GetSmbServerConfiguration.xml", files.smb_server())
    assert [node.key for node in collect_folder(tmp_path / "hv05").nodes] == ["hv05"]
    files.write(tmp_path / "Node_HV06", "GetSmbServerConfiguration.xml", files.smb_server())
    assert [node.name for node in collect_folder(tmp_path).nodes] == ["hv05", "HV06"]


def test_a_nameless_folder_inside_a_host_is_of_nobody(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path / "more", "GetSmbServerConfiguration.xml", files.smb_server())
    with pytest.raises(MixedEvidenceError, match="none of its files says which host it is from"):
        collect_folder(tmp_path)


def test_an_unpacked_archive_beside_the_exports_of_its_nodes(tmp_path: Path) -> None:
    write_host(tmp_path / "archive" / "Node_HV01")
    files.write(tmp_path / "archive" / "Node_HV01", "GetSmbServerConfiguration.xml", files.smb_server())
    write_host(tmp_path / "HV01")
    files.write(tmp_path / "HV01", "lsa_protection.Registry.xml", *LSA_VALUES)
    evidence = collect_folder(tmp_path)
    assert [node.key for node in evidence.nodes] == ["hv01.contoso.com"]
    assert evidence.get(SmbServerConfiguration, "hv01.contoso.com") is not None
    assert evidence.get(LsaProtection, "hv01.contoso.com") is not None


def test_two_hosts_in_one_folder(tmp_path: Path) -> None:
    files.write(tmp_path, "HV01_Win32_ComputerSystem.xml", files.computer_system("HV01"))
    files.write(tmp_path, "HV02_Win32_ComputerSystem.xml", files.computer_system("HV02"))
    with pytest.raises(MixedEvidenceError) as caught:
        collect_folder(tmp_path)
    for word in ("HV01_Win32_ComputerSystem.xml", "HV02_Win32_ComputerSystem.xml", "of HV02", "folder of its own"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "stranger", [{"PSComputerName": "HV02"}, {"__SERVER": "HV02"}, {"PSComputerName": "hv02.contoso.com"}]
)
def test_an_object_of_another_host_is_not_mixed_in(tmp_path: Path, stranger: dict[str, str]) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "GetSmbServerConfiguration.xml", files.smb_server(**stranger))
    found = gap(collect_folder(tmp_path), "smb_server")
    assert found.cause is Cause.CONFLICTING
    assert "says that it comes from" in found.detail
    assert found.provenance is not None
    assert found.provenance.file == "GetSmbServerConfiguration.xml"


@pytest.mark.parametrize("same", ["HV01", "hv01", "hv01.contoso.com", "localhost", "10.1.2.3", None])
def test_an_object_of_the_same_host_is(tmp_path: Path, same: str | None) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "GetSmbServerConfiguration.xml", files.smb_server(PSComputerName=same))
    assert collect_folder(tmp_path).get(SmbServerConfiguration, "hv01.contoso.com") is not None


def test_an_operating_system_of_another_host(tmp_path: Path) -> None:
    files.write(tmp_path, "Win32_ComputerSystem.xml", files.computer_system("HV01"))
    files.write(tmp_path, "Win32_OperatingSystem.xml", files.operating_system("HV02"))
    assert gap(collect_folder(tmp_path), "operating_system").cause is Cause.CONFLICTING


def test_a_long_host_name_and_its_netbios_name(tmp_path: Path) -> None:
    long = files.computer_system("VERYLONGHOSTNAM", DNSHostName="verylonghostname-01")
    files.write(tmp_path, "Win32_ComputerSystem.xml", long)
    files.write(tmp_path, "smb.xml", files.smb_server(PSComputerName="verylonghostname-01"))
    (node,) = (evidence := collect_folder(tmp_path)).nodes
    assert (node.key, node.name) == ("verylonghostname-01.contoso.com", "VERYLONGHOSTNAM")
    assert evidence.get(SmbServerConfiguration, node.key) is not None


def test_two_hosts_of_one_name_in_two_domains(tmp_path: Path) -> None:
    write_host(tmp_path / "a")
    write_host(tmp_path / "b", Domain="fabrikam.com")
    with pytest.raises(MixedEvidenceError, match=r"in the domains contoso\.com and fabrikam\.com"):
        collect_folder(tmp_path)


def test_two_clusters(tmp_path: Path) -> None:
    write_host(tmp_path / "HV01")
    files.write(tmp_path / "HV01", "GetCluster.xml", files.cluster("CL01"))
    files.write(tmp_path / "HV02", "GetCluster.xml", files.cluster("CL02"))
    with pytest.raises(MixedEvidenceError, match="of cluster CL02"):
        collect_folder(tmp_path)


# --- the folder itself ---


def test_progress(tmp_path: Path) -> None:
    write_host(tmp_path)
    said: list[tuple[str, int, int]] = []
    collect_folder(tmp_path, lambda path, number, total: said.append((path, number, total)))
    assert said == [("Win32_ComputerSystem.xml", 1, 2), ("Win32_OperatingSystem.xml", 2, 2)]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="no such folder"):
        collect_folder(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreadableSourceError, match="not a folder"):
        collect_folder(tmp_path / "file")


def test_a_folder_with_nothing_in_it_for_us(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(NoEvidenceError) as caught:
        collect_folder(tmp_path)
    assert "collect snippet" in str(caught.value)


def test_a_link_that_leads_out(tmp_path: Path) -> None:
    write_host(tmp_path / "in")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "in" / "link.xml").symlink_to(tmp_path / "secret")
    with pytest.raises(UnsafeSourceError, match=r"link\.xml: a symbolic link leads out of the folder"):
        collect_folder(tmp_path / "in")


def test_a_link_that_stays_inside_is_passed_over(tmp_path: Path) -> None:
    write_host(tmp_path)
    (tmp_path / "link.xml").symlink_to(tmp_path / "Win32_ComputerSystem.xml")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(collect_folder(tmp_path).nodes) == 1


def test_every_error_is_one_of_ours(tmp_path: Path) -> None:
    for kind in (UnreadableSourceError, UnsafeSourceError, NoEvidenceError, MixedEvidenceError):
        assert issubclass(kind, CollectError)
    error = CollectError(tmp_path, "wrong", place="x.xml", expected="right", remedy="Mend it.")
    assert str(error) == f"{tmp_path}: x.xml: wrong; expected right. Mend it."
