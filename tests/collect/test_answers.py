"""What a file is evidence of: by the types of its objects first, then by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hypervigil.collect.answers import Answer, answers_of, hosts_named
from hypervigil.collect.documents import Document, read_document
from hypervigil.collect.naming import FROM_FILES, Place, file_name, place_by_name
from hypervigil.collect.source import FolderSource
from hypervigil.evidence.evidence import Skipped
from hypervigil.evidence.platform import LsaProtection
from hypervigil.model.outcome import Cause
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Obj, document

VM_HOST = "Microsoft.HyperV.PowerShell.VMHost"


@pytest.mark.parametrize(
    ("stem", "place"),
    [
        ("Win32_OperatingSystem", Place("operating_system", 0)),
        ("HyperV_Win32_ComputerSystem", Place("computer_system", 0)),
        ("GetSmbServerConfiguration", Place("smb_server", 0)),
        ("GETCLUSTER", Place("cluster", 0)),
        ("GetClusterNode", Place("cluster_nodes", 0)),
        ("HV01-ConfirmSecureBootUEFI", Place("secure_boot", 0)),
        ("device_guard", Place("device_guard", 0)),
        ("tpm.Win32_Tpm", Place("tpm", 1)),
        ("operating_system.Registry", Place("operating_system", 1)),
        ("lsa_protection.GetWinEvent", Place("lsa_protection", 1)),
        ("lsa_protection.GetWinEvent-3", Place("lsa_protection", 2)),
        ("GetNetFirewallAddressFilter", Place("firewall_rules", 2)),
        # What says nothing: any log can be meant, any key.
        ("GetWinEvent", None),
        ("GetWinEventSystem", None),
        ("Registry", None),
        ("GetClusterGroup", None),
        ("MyGetVM", None),
        ("", None),
        ("...", None),
    ],
)
def test_place_by_name(stem: str, place: Place | None) -> None:
    assert place_by_name(stem) == place


def test_every_read_has_a_name_of_its_own_that_is_understood() -> None:
    names = [
        (file_name(fact, number), Place(fact.INFO.name, number))
        for fact in FROM_FILES
        for number in range(len(fact.INFO.reads))
    ]
    assert len({name.casefold() for name, _ in names}) == len(names)
    for name, place in names:
        assert place_by_name(name) == place


def answered(tmp_path: Path, name: str, *objects: Any) -> tuple[list[Answer], Skipped | None]:
    files.write(tmp_path, name, *objects)
    source = FolderSource(tmp_path)
    found = read_document(source, source.members[0])
    return ([], found) if isinstance(found, Skipped) else answers_of(found)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("anything.xml", files.smb_server(), Place("smb_server", 0)),
        ("anything.clixml", Obj((VM_HOST,)), Place("vm_host", 0)),
        ("anything.dat", Obj((f"Deserialized.{VM_HOST}",)), Place("vm_host", 0)),
        ("anything", Obj((f"Selected.{VM_HOST}",)), Place("vm_host", 0)),
        ("anything.xml", Obj((f"Selected.Deserialized.{VM_HOST}",)), Place("vm_host", 0)),
        ("anything.xml", Obj((r"System.Management.ManagementObject#root\cimv2\Win32_Tpm",)), Place("tpm", 1)),
        # The name is another one: what the object is decides.
        ("GetSmbServerConfiguration.xml", Obj((VM_HOST,)), Place("vm_host", 0)),
        # Only the name tells.
        ("GetNetAdapterRdma.txt", files.selected(Name="NIC1"), Place("rdma", 0)),
        ("device_guard.xml", files.selected(Version="1.0"), Place("device_guard", 0)),
        ("secure_boot.ConfirmSecureBootUEFI.xml", True, Place("secure_boot", 0)),
        (
            "anything.xml",
            files.registry(r"SYSTEM\CurrentControlSet\Control\Lsa", "RunAsPPL"),
            Place("lsa_protection", 0),
        ),
    ],
)
def test_recognised(tmp_path: Path, name: str, value: Any, place: Place) -> None:
    answers, skipped = answered(tmp_path, name, value)
    assert [answer.place for answer in answers] == [place]
    assert answers[0].failure is None
    assert skipped is None


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("anything.xml", Obj(("System.ServiceProcess.ServiceController",)), "which no fact is read from"),
        ("anything.xml", files.selected(RequireSecuritySignature=True), "which no fact is read from"),
        # Of a related class whose name holds the other's.
        ("anything.xml", files.cim("Win32_OperatingSystemQFE"), "nothing that a fact is read from"),
        ("anything.xml", files.registry(r"SOFTWARE\X", "Y"), "nothing that a fact is read from"),
        (
            "anything.xml",
            Obj(("System.Diagnostics.Eventing.Reader.EventLogRecord",), {"Id": 12, "ProviderName": "Other"}),
            "nothing that a fact is read from",
        ),
    ],
)
def test_not_recognised(tmp_path: Path, name: str, value: Any, why: str) -> None:
    answers, skipped = answered(tmp_path, name, value)
    assert answers == []
    assert skipped is not None
    assert why in skipped.why


def test_a_file_that_holds_another_class_than_its_name_promises(tmp_path: Path) -> None:
    answers, _ = answered(tmp_path, "Win32_OperatingSystem.xml", files.cim("Win32_Bios", Name="x"))
    assert answers[0].failure is not None
    assert answers[0].failure.cause is Cause.UNPARSABLE
    assert "holds Win32_Bios" in answers[0].failure.detail


def test_one_file_may_answer_several_reads(tmp_path: Path) -> None:
    answers, skipped = answered(
        tmp_path, "all.xml", files.operating_system(), files.computer_system(), files.smb_server(), 5
    )
    assert {answer.place.fact for answer in answers} == {"operating_system", "computer_system", "smb_server"}
    assert skipped is not None
    assert "1 objects of another kind" in skipped.why


@pytest.mark.parametrize("content", [[], [None], [[]]])
def test_an_empty_file_answers_what_its_name_says(tmp_path: Path, content: list[Any]) -> None:
    answers, _ = answered(tmp_path, "GetNetAdapterRdma.xml", *content)
    assert [(answer.place, answer.objects, answer.failure) for answer in answers] == [(Place("rdma", 0), (), None)]


def test_an_error_record_by_the_name_of_the_file(tmp_path: Path) -> None:
    answers, _ = answered(tmp_path, "vm_host.GetVMHost.xml", files.error("CommandNotFoundException"))
    assert answers[0].place == Place("vm_host", 0)
    assert answers[0].failure is not None
    assert answers[0].failure.cause is Cause.UNSUPPORTED_RELEASE


def test_an_error_record_by_its_cmdlet(tmp_path: Path) -> None:
    answers, _ = answered(tmp_path, "x.xml", files.error("Oops", activity="Get-Tpm"))
    assert answers[0].place == Place("tpm", 0)
    # Several facts are read with it.
    answers, skipped = answered(tmp_path, "x.xml", files.error("Oops", activity="Get-CimInstance"))
    assert answers == []
    assert skipped is not None


def test_damaged_clixml_is_a_gap_where_its_name_says_of_what(tmp_path: Path) -> None:
    whole = document(files.smb_server())
    for name, wanted in (("GetSmbServerConfiguration.xml", True), ("other.xml", False)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_bytes(whole[:-9])
        source = FolderSource(folder)
        found = read_document(source, source.members[0])
        if wanted:
            assert isinstance(found, Document)
            (answer,), _ = answers_of(found)
            assert answer.failure is not None
            assert answer.failure.cause is Cause.UNPARSABLE
            assert "line 1" in answer.failure.detail
        else:
            assert isinstance(found, Skipped)
            assert "damaged CLIXML" in found.why


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("GetVM.txt", "Name State", False),
        ("cluster.xml", "<Cluster/>", False),
        ("My GetVM.xml", "<VMs/>", False),
        ("GetVM.xml", "<VMs/>", True),
        ("GetVM.xml", "", True),
    ],
)
def test_what_is_no_clixml_counts_only_where_it_is_called_exactly_so(
    tmp_path: Path, name: str, content: str, wanted: bool
) -> None:
    (tmp_path / name).write_text(content)
    source = FolderSource(tmp_path)
    found = read_document(source, source.members[0])
    if wanted:
        assert isinstance(found, Document)
        assert found.damage
    else:
        assert found == Skipped(name, len(content), "it is no CLIXML")


def test_utf16_is_read_too(tmp_path: Path) -> None:
    text = document(files.smb_server()).decode()
    (tmp_path / "x.xml").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    source = FolderSource(tmp_path)
    found = read_document(source, source.members[0])
    assert isinstance(found, Document)
    assert answers_of(found)[0][0].place == Place("smb_server", 0)


def test_hosts_that_objects_name(tmp_path: Path) -> None:
    def named(**properties: Any) -> set[str]:
        (answer,), _ = answered(tmp_path, "x.xml", files.smb_server(**properties))
        return hosts_named(answer)

    assert named(PSComputerName="HV01") == {"HV01"}
    assert named(__SERVER="HV01") == {"HV01"}
    for nobody in (None, "", ".", "localhost", "10.0.0.5", "fe80::1"):
        assert named(PSComputerName=nobody) == set()


def test_only_the_event_of_lsass_is_read_as_such() -> None:
    """The type of the read fits any event, so its properties have to hold what tells them apart."""
    read = LsaProtection.INFO.reads[1]
    assert {"ProviderName", "Id", "TimeCreated"} <= set(read.properties)
