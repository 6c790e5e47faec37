"""Folders of CLIXML: what becomes a gap, what is put together from several files."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from hypervigil.collect.clixml_folder import collect_folder
from hypervigil.evidence.evidence import Known, Listing
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.platform import LsaProtection, SecureBoot, SecureBootState
from hypervigil.evidence.smb import Rdma, SmbServerConfiguration
from hypervigil.model.outcome import Cause
from tests.collect import clixml_files as files
from tests.collect.clixml_folders import LSA_VALUES, gap, write_host

# --- gaps ---


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        (files.error("CommandNotFoundException"), Cause.UNSUPPORTED_RELEASE),
        (files.error("UnauthorizedAccessException", "Nein.", category=18), Cause.ACCESS_DENIED),
        (files.error("CimException", category=15), Cause.TIMED_OUT),
        (files.error("VirtualizationException", "Oops."), Cause.UNPARSABLE),
    ],
)
def test_an_error_in_a_file_is_a_gap_with_its_cause(tmp_path: Path, record: files.Obj, cause: Cause) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "vm_host.GetVMHost.xml", record)
    found = gap(collect_folder(tmp_path), "vm_host")
    assert found.cause is cause
    assert found.detail
    assert found.provenance is not None
    assert found.provenance.file == "vm_host.GetVMHost.xml"
    assert len(found.provenance.digest) == 64


def test_a_wrong_type_is_a_gap_that_names_file_and_property(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "GetSmbServerConfiguration.xml", files.smb_server(EncryptData="perhaps"))
    found = gap(collect_folder(tmp_path), "smb_server")
    assert found.cause is Cause.UNPARSABLE
    assert found.detail == "GetSmbServerConfiguration.xml: property EncryptData is 'perhaps', expected true or false"


def test_an_empty_export_is_an_answer(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "rdma.GetNetAdapterRdma.xml")
    files.write(tmp_path, "vms.GetVM.xml")
    evidence = collect_folder(tmp_path)
    assert evidence.get(Rdma, "hv01.contoso.com") == Rdma(adapters=())
    listing = evidence.listings["vms", "hv01.contoso.com"]
    assert isinstance(listing, Listing)
    assert listing.keys == ()


def test_an_empty_list_of_vms_from_an_archive_is_none(tmp_path: Path) -> None:
    """Get-SDDCDiagnosticInfo suppresses the errors of Get-VM: nothing may be a failure."""
    write_host(tmp_path / "Node_HV01")
    files.write(tmp_path / "Node_HV01", "GetVM.xml")
    assert gap(collect_folder(tmp_path), "vms").cause is Cause.NOT_COLLECTED


def test_two_files_that_disagree(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "a.xml", files.smb_server())
    files.write(tmp_path, "b.xml", files.smb_server(RequireSecuritySignature=False))
    found = gap(collect_folder(tmp_path), "smb_server")
    assert found.cause is Cause.CONFLICTING
    assert found.detail == "a.xml and b.xml disagree on require_signing"


def test_two_files_that_agree(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "a.xml", files.smb_server())
    files.write(tmp_path, "b.xml", files.smb_server(ServerHidden=True))
    known = collect_folder(tmp_path).record("smb_server", "hv01.contoso.com")
    assert isinstance(known, Known)
    assert known.provenance.file == "a.xml"


def test_a_failure_beside_an_answer_does_not_count(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "1.GetSmbServerConfiguration.xml", files.error("UnauthorizedAccessException"))
    files.write(tmp_path, "2.GetSmbServerConfiguration.xml", files.smb_server())
    assert collect_folder(tmp_path).get(SmbServerConfiguration, "hv01.contoso.com") is not None


@pytest.mark.parametrize(("seconds", "kept"), [(2, True), (3600, False)])
def test_two_readings_of_the_last_boot(tmp_path: Path, seconds: int, kept: bool) -> None:
    """It is worked out from the clock: seconds are no disagreement, an hour is another boot."""
    write_host(tmp_path)
    later = files.SYSTEM["LastBootUpTime"] + datetime.timedelta(seconds=seconds)  # type: ignore[operator]
    files.write(tmp_path, "again_Win32_OperatingSystem.xml", files.operating_system(LastBootUpTime=later))
    system = collect_folder(tmp_path).get(OperatingSystem, "hv01.contoso.com")
    assert system is not None
    assert system.build_number == 26100
    assert (system.last_boot is not None) is kept


def test_secure_boot_that_the_firmware_does_not_have_is_a_fact(tmp_path: Path) -> None:
    write_host(tmp_path)
    record = files.error(
        "PlatformNotSupportedException", "Das gibt es hier nicht.", category=11, error_id="GetFWVarFailed"
    )
    files.write(tmp_path, "secure_boot.ConfirmSecureBootUEFI.xml", record)
    assert collect_folder(tmp_path).get(SecureBoot, "hv01.contoso.com") == SecureBoot(state=SecureBootState.UNSUPPORTED)


def test_an_optional_part_that_is_not_there_leaves_a_remark(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "tpm.GetTpm.xml", files.selected(TpmPresent=True))
    files.write(tmp_path, "tpm.Win32_Tpm.xml", files.error("UnauthorizedAccessException", "Nein."))
    known = collect_folder(tmp_path).record("tpm", "hv01.contoso.com")
    assert isinstance(known, Known)
    assert known.provenance.remark == "without the output of Win32_Tpm: Nein."


# --- registry and events ---


def test_lsa_protection_from_registry_and_events(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "lsa_protection.Registry.xml", *LSA_VALUES)
    boot = files.SYSTEM["LastBootUpTime"]
    assert isinstance(boot, datetime.datetime)
    minute = datetime.timedelta(minutes=1)
    seen = files.selected(ProviderName="Microsoft-Windows-Wininit", Id=12, TimeCreated=boot + minute)
    none = files.error("Exception", "Keine Ereignisse.", category=13, error_id="NoMatchingEventsFound,Get-WinEvent")
    oldest = files.selected(LogName="System", TimeCreated=boot - minute)

    def started(event: files.Obj, reach: files.Obj | None) -> bool | None:
        files.write(tmp_path, "lsa_protection.GetWinEvent.xml", event)
        (tmp_path / "lsa_protection.GetWinEvent-3.xml").unlink(missing_ok=True)
        if reach is not None:
            files.write(tmp_path, "lsa_protection.GetWinEvent-3.xml", reach)
        fact = collect_folder(tmp_path).get(LsaProtection, "hv01.contoso.com")
        assert fact is not None
        assert fact.run_as_ppl.number == 2
        assert fact.run_as_ppl_policy.absent
        assert fact.run_as_ppl_boot.denied
        return fact.started_protected

    assert started(seen, oldest) is True
    assert started(none, oldest) is False
    assert started(none, None) is None
    assert started(files.error("UnauthorizedAccessException"), oldest) is None


def test_a_value_that_was_not_exported_is_not_absent(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "lsa_protection.Registry.xml", *LSA_VALUES[:2])
    found = gap(collect_folder(tmp_path), "lsa_protection")
    assert found.cause is Cause.NOT_COLLECTED
    assert "RunAsPPLBoot" in found.detail


def test_values_of_several_facts_in_one_file(tmp_path: Path) -> None:
    write_host(tmp_path)
    version = files.registry(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "UBR", 4652)
    files.write(tmp_path, "values.xml", *LSA_VALUES, version)
    evidence = collect_folder(tmp_path)
    assert evidence.get(LsaProtection, "hv01.contoso.com") is not None
    system = evidence.get(OperatingSystem, "hv01.contoso.com")
    assert system is not None
    assert system.ubr == 4652


# --- virtual machines ---


def test_vms_are_listed_by_node(tmp_path: Path) -> None:
    write_host(tmp_path)
    files.write(tmp_path, "GetVM.xml", files.vm("a", 1), files.vm("b", 2))
    evidence = collect_folder(tmp_path)
    listing = evidence.listings["vms", "hv01.contoso.com"]
    assert isinstance(listing, Listing)
    assert [vm.name for key in listing.keys if (vm := evidence.get(Vm, key))] == ["a", "b"]
    assert listing.provenance is not None
    assert listing.provenance.file == "GetVM.xml"


def test_a_vm_that_moved_between_two_exports(tmp_path: Path) -> None:
    for name, state in (("HV01", "Running"), ("HV02", "Off")):
        write_host(tmp_path / name, name)
        files.write(tmp_path / name, "GetVM.xml", files.vm("a", 1, State=state))
    evidence = collect_folder(tmp_path)
    listing = evidence.listings["vms", "hv02.contoso.com"]
    assert isinstance(listing, Listing)
    moved = evidence.get(Vm, listing.keys[0])
    assert moved is not None
    assert moved.state is None


def test_two_vms_of_one_id(tmp_path: Path) -> None:
    for name, version in (("HV01", "12.0"), ("HV02", "9.0")):
        write_host(tmp_path / name, name)
        files.write(tmp_path / name, "GetVM.xml", files.vm("a", 1, Version=version))
    evidence = collect_folder(tmp_path)
    assert gap(evidence, "vms", "hv01.contoso.com").cause is Cause.CONFLICTING
    assert gap(evidence, "vms", "hv02.contoso.com").cause is Cause.CONFLICTING
