"""Archives of Get-SDDCDiagnosticInfo, as zip and as folder.

No real archive is at hand. ``rearranged`` puts the files of a real Windows Server 2016 host where that tool would put
those of a node; ``synthetic`` is made up throughout. Both say so in their names and are no recordings.
"""

from __future__ import annotations

import datetime
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from hypervigil.collect.errors import MixedEvidenceError, NoEvidenceError, UnreadableSourceError
from hypervigil.collect.naming import FROM_FILES
from hypervigil.collect.sddc import collect_sddc
from hypervigil.collect.sddc_layout import Layout, cluster_in_name, layouts, moment_in_name, node_of
from hypervigil.evidence.cluster import ClusterNodes, NodeState
from hypervigil.evidence.evidence import Evidence, Gap, Known
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.smb import Rdma, SmbServerConfiguration
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Obj, document
from tests.shared import shared_data

KEY = "solo-e16a.solo.local"
HV01 = "hv01.contoso.com"
NAME = "HealthTest-CL01-20211002-1650.ZIP"

Members = Mapping[str, bytes]


def rearranged() -> dict[str, bytes]:
    """Files of one real host in the layout of an archive; the tables beside them are what makes them many."""
    recorded = shared_data("clixml", "server2016")
    placed = {
        "Win32_OperatingSystem.xml": "Win32_OperatingSystem.xml",
        "Win32_ComputerSystem.xml": "HyperV_Win32_ComputerSystem.xml",
        "GetSmbServerConfiguration.xml": "GetSmbServerConfiguration.xml",
        "GetWindowsFeature.xml": "GetWindowsFeature.xml",
        "GetHotFix.xml": "GetHotFix.xml",
        "GetNetAdapterRss.xml": "GetNetAdapterRss.xml",
    }
    members = {f"Node_SOLO-E16A/{name}": (recorded / original).read_bytes() for name, original in placed.items()}
    members["Node_SOLO-E16A/GetSmbServerConfiguration.txt"] = b"AnnounceComment : \r\n"
    members["Node_SOLO-E16A/SystemInfo.TXT"] = b"Host Name: SOLO-E16A\r\n"
    members["Node_SOLO-E16A/ClusterReports/Validation Report.xml"] = (recorded / "Antimalware.xml").read_bytes()
    members["0_CloudHealthSummary.log"] = b"Transcript started\r\n"
    return members


def synthetic() -> dict[str, bytes]:
    """Two nodes that answered, one that did not."""
    members = {
        "GetCluster.XML": document(files.cluster()),
        "GetClusterNode.XML": document(*map(files.cluster_node, ("HV01", "HV02")), files.cluster_node("HV03", "Down")),
        "GetClusterGroup.XML": document(Obj(("Microsoft.FailoverClusters.PowerShell.ClusterGroup",))),
        "GetParameters.XML": document(
            Obj(
                ("Selected.System.String",),
                extended={"TodayDate": datetime.datetime(2026, 11, 12, 8, tzinfo=datetime.UTC)},
            )
        ),
    }
    for node in ("HV01", "HV02"):
        members |= {
            f"Node_{node}/Win32_ComputerSystem.xml": document(files.computer_system(node)),
            f"Node_{node}/Win32_OperatingSystem.xml": document(files.operating_system(node)),
            f"Node_{node}/GetSmbServerConfiguration.xml": document(files.smb_server(PSComputerName=node)),
            f"Node_{node}/GetNetAdapterRdma.xml": document(),
            f"Node_{node}/GetVM.xml": document(files.vm(f"on {node}", int(node[-1]))),
        }
    return members


def zipped(path: Path, members: Members, *, backslashes: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename = name.replace("/", "\\") if backslashes else name
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)
    return path


def unpacked(path: Path, members: Members) -> Path:
    for name, data in members.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return path


def gap(evidence: Evidence, name: str, key: str) -> Gap:
    found = evidence.facts[name, key] if (name, key) in evidence.facts else evidence.listings[name, key]
    assert isinstance(found, Gap), found
    return found


# --- a real host's files, rearranged ---


@pytest.mark.parametrize("form", ["zip", "folder", "nested folder", "backslashes", "zip in a zip"])
def test_every_form_gives_the_same_facts(tmp_path: Path, form: str) -> None:
    members = rearranged()
    if form == "folder":
        archive = unpacked(tmp_path / NAME.removesuffix(".ZIP"), members)
    elif form == "nested folder":
        archive = zipped(tmp_path / "sent.zip", {f"{NAME[:-4]}/{name}": data for name, data in members.items()})
    elif form == "zip in a zip":
        inner = zipped(tmp_path / "inner.zip", members)
        archive = zipped(tmp_path / "sent.zip", {NAME: inner.read_bytes(), "mail.txt": b"Here it is."})
    else:
        archive = zipped(tmp_path / NAME, members, backslashes=form == "backslashes")
    evidence = collect_sddc(archive)
    assert [node.key for node in evidence.nodes] == [KEY]
    system = evidence.get(OperatingSystem, KEY)
    assert system is not None
    assert (system.build_number, system.ubr) == (14393, None)
    features = evidence.get(WindowsFeatures, KEY)
    assert features is not None
    assert features.installed("FS-SMB1") is True
    known = evidence.record("smb_server", KEY)
    assert isinstance(known, Known)
    assert isinstance(known.fact, SmbServerConfiguration)
    assert known.provenance.source == "sddc"
    assert known.provenance.file.endswith("Node_SOLO-E16A/GetSmbServerConfiguration.xml")
    # 16:50 by the name; the host is five hours west of Greenwich.
    assert (
        evidence.collected == known.provenance.collected == datetime.datetime(2021, 10, 2, 21, 50, tzinfo=datetime.UTC)
    )
    assert known.provenance.remark == "time by the archive's name, in the nodes' time zone"


def test_what_an_archive_never_holds_and_what_this_one_lacks(tmp_path: Path) -> None:
    evidence = collect_sddc(zipped(tmp_path / NAME, rearranged()))
    there = {"operating_system", "computer_system", "smb_server", "windows_features"}
    for fact in FROM_FILES:
        name = fact.INFO.name
        if name not in there:
            found = gap(evidence, name, "" if fact.INFO.holder is Scope.CLUSTER else KEY)
            assert found.cause is (Cause.NOT_COLLECTED if fact.INFO.in_sddc else Cause.NOT_IN_SOURCE), name
    assert gap(evidence, "smb_client", KEY).detail == "the archive has no GetSmbClientConfiguration.xml for it"


def test_what_was_not_read_is_listed_with_its_size(tmp_path: Path) -> None:
    members = rearranged()
    evidence = collect_sddc(zipped(tmp_path / NAME, members))
    skipped = {each.path: each for each in evidence.skipped}
    read = {
        f"Node_SOLO-E16A/{name}.xml" for name in ("Win32_OperatingSystem", "Win32_ComputerSystem", "GetWindowsFeature")
    }
    assert skipped.keys() == members.keys() - read - {"Node_SOLO-E16A/GetSmbServerConfiguration.xml"}
    assert all(skipped[path].size == len(members[path]) for path in skipped)
    assert skipped["Node_SOLO-E16A/SystemInfo.TXT"].why == "no fact is read from it"


# --- a made-up cluster ---


def test_a_cluster(tmp_path: Path) -> None:
    evidence = collect_sddc(zipped(tmp_path / NAME, synthetic()))
    assert evidence.cluster is not None
    assert evidence.label == evidence.cluster.name == "CL01"
    assert [node.key for node in evidence.nodes] == [HV01, "hv02.contoso.com"]
    nodes = evidence.get(ClusterNodes, evidence.cluster.key)
    assert nodes is not None
    assert [(node.name, node.state) for node in nodes.nodes] == [
        ("HV01", NodeState.UP),
        ("HV02", NodeState.UP),
        ("HV03", NodeState.DOWN),
    ]
    assert evidence.collected == datetime.datetime(2026, 11, 12, 8, tzinfo=datetime.UTC)


def test_an_empty_list_of_adapters_counts_where_the_node_was_reached(tmp_path: Path) -> None:
    members = synthetic()
    assert collect_sddc(zipped(tmp_path / NAME, members)).get(Rdma, HV01) == Rdma(adapters=())
    del members["Node_HV01/GetSmbServerConfiguration.xml"]
    evidence = collect_sddc(zipped(tmp_path / "again.zip", members))
    assert gap(evidence, "rdma", HV01).cause is Cause.NOT_COLLECTED
    assert "keeps no errors" in gap(evidence, "rdma", HV01).detail


@pytest.mark.parametrize("content", [document(), document(None)])
def test_an_empty_list_of_vms_never_counts(tmp_path: Path, content: bytes) -> None:
    members = synthetic() | {"Node_HV01/GetVM.xml": content}
    evidence = collect_sddc(zipped(tmp_path / NAME, members))
    assert gap(evidence, "vms", HV01).cause is Cause.NOT_COLLECTED


def test_names_in_any_case(tmp_path: Path) -> None:
    members = {name.upper(): data for name, data in synthetic().items()}
    evidence = collect_sddc(zipped(tmp_path / NAME, members))
    assert [node.key for node in evidence.nodes] == [HV01, "hv02.contoso.com"]
    assert evidence.get(SmbServerConfiguration, HV01) is not None


def test_exports_that_were_put_into_the_folder_of_a_node_are_read(tmp_path: Path) -> None:
    members = synthetic() | {"Node_HV01/tpm.GetTpm.xml": document(files.selected(TpmPresent=False))}
    assert isinstance(collect_sddc(zipped(tmp_path / NAME, members)).facts["tpm", HV01], Known)


def test_a_node_folder_without_files_is_a_node(tmp_path: Path) -> None:
    members = synthetic() | {"Node_HV03/SystemInfo.TXT": b""}
    evidence = collect_sddc(zipped(tmp_path / NAME, members))
    assert [node.key for node in evidence.nodes] == [HV01, "hv02.contoso.com", "hv03.contoso.com"]
    assert gap(evidence, "operating_system", "hv03.contoso.com").cause is Cause.NOT_COLLECTED


def test_a_file_of_a_host_outside_the_folders_of_nodes_is_of_nobody(tmp_path: Path) -> None:
    members = synthetic() | {"GetSmbClientConfiguration.xml": document(files.selected(RequireSecuritySignature=True))}
    evidence = collect_sddc(zipped(tmp_path / NAME, members))
    assert gap(evidence, "smb_client", HV01).cause is Cause.NOT_COLLECTED
    assert [each.why for each in evidence.skipped if each.path == "GetSmbClientConfiguration.xml"] == [
        "it lies in no node's folder"
    ]


def test_files_of_another_node(tmp_path: Path) -> None:
    members = synthetic()
    members["Node_HV01/GetSmbServerConfiguration.xml"] = members["Node_HV02/GetSmbServerConfiguration.xml"]
    evidence = collect_sddc(zipped(tmp_path / NAME, members))
    assert gap(evidence, "smb_server", HV01).cause is Cause.CONFLICTING
    members["Node_HV01/Win32_ComputerSystem.xml"] = members["Node_HV02/Win32_ComputerSystem.xml"]
    with pytest.raises(MixedEvidenceError, match="Node_HV01: its files are of HV02"):
        collect_sddc(zipped(tmp_path / "again.zip", members))


def test_an_offline_cluster(tmp_path: Path) -> None:
    members = {name: data for name, data in synthetic().items() if not name.startswith("GetCluster")}
    evidence = collect_sddc(zipped(tmp_path / "HealthTest-OFFLINECLUSTER-20261112-0800.ZIP", members))
    assert evidence.cluster is None
    assert evidence.label == "HV01, HV02"
    assert gap(evidence, "cluster", "").cause is Cause.NOT_COLLECTED


def test_two_archives_in_one_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        unpacked(tmp_path / name, synthetic())
    with pytest.raises(MixedEvidenceError, match="holds 2 archives: a, b"):
        collect_sddc(tmp_path)


def test_a_folder_that_holds_the_zip(tmp_path: Path) -> None:
    zipped(tmp_path / NAME, synthetic())
    assert collect_sddc(tmp_path).label == "CL01"


@pytest.mark.parametrize("content", [{}, {"notes.txt": b"x"}, {"a.zip": b"", "b.zip": b""}])
def test_something_else(tmp_path: Path, content: Members) -> None:
    archive = zipped(tmp_path / "x.zip", content) if content else tmp_path
    with pytest.raises(NoEvidenceError, match="Node_HV01"):
        collect_sddc(archive)


def test_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="no such file or folder"):
        collect_sddc(tmp_path / "nothing.zip")


def test_nothing_is_left_open_or_behind(tmp_path: Path) -> None:
    archive = zipped(tmp_path / NAME, synthetic())
    collect_sddc(archive)
    archive.unlink()
    assert list(tmp_path.iterdir()) == []


def test_the_layout_of_an_archive_inside_others(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "1.zip", synthetic())
    middle = zipped(tmp_path / "2.zip", {NAME: inner.read_bytes()})
    outer = zipped(tmp_path / "3.zip", {"2.zip": middle.read_bytes()})
    assert collect_sddc(outer).label == "CL01"
    beyond = zipped(tmp_path / "4.zip", {"3.zip": outer.read_bytes()})
    with pytest.raises(NoEvidenceError):
        collect_sddc(beyond)
    shutil.rmtree(tmp_path)


# --- names ---


def test_layouts() -> None:
    assert layouts(["Node_A/x.xml", "GetCluster.XML"]) == [Layout("")]
    assert layouts(["top/NODE_A/x.xml"]) == [Layout("top")]
    # An older gather that a node keeps is no second archive.
    assert layouts(["Node_A/Old/Node_B/x", "Node_A/Old/GetCluster.xml"]) == [Layout("")]
    assert layouts(["a/GetClusterNode.xml", "b/Node_B/x"]) == [Layout("a"), Layout("b")]
    assert layouts(["x.xml", "Nodes/x", "Node_/x"]) == []


def test_nodes() -> None:
    assert node_of("a/b/NODE_HV01") == "HV01"
    assert node_of("Node_a_b") == "a_b"
    assert node_of("Node_") is None
    assert node_of("Node_HV01/ClusterReports") is None


@pytest.mark.parametrize(
    ("name", "cluster"),
    [
        (NAME, "CL01"),
        ("HealthTest-CL-01-20211002-1650.zip", "CL-01"),
        ("HealthTest-CL01-20211002-1650", "CL01"),
        ("HealthTest-OFFLINECLUSTER-20211002-1650.ZIP", ""),
        ("anything.zip", ""),
    ],
)
def test_cluster_in_the_name(name: str, cluster: str) -> None:
    assert cluster_in_name(name) == cluster


def test_moment_in_the_name() -> None:
    assert moment_in_name(NAME, 120) == datetime.datetime(2021, 10, 2, 14, 50, tzinfo=datetime.UTC)
    assert moment_in_name("HealthTest-CL01-20211399-1650.ZIP", 0) is None
    assert moment_in_name(NAME, 9999) is None
    assert moment_in_name("x.zip", 0) is None
