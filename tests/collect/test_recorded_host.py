"""The files of a real Windows Server 2016 host, published by microsoft/CSS-Exchange (see the data's PROVENANCE.md)."""

import datetime
import hashlib

import pytest

from hypervigil.collect.clixml_folder import collect_folder
from hypervigil.collect.naming import FROM_FILES
from hypervigil.evidence.evidence import Evidence, Gap, Known
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.host import ComputerSystem, DomainRole, OperatingSystem, ProductType
from hypervigil.evidence.register import FACTS
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbServerConfiguration, SpnValidation
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from tests.shared import shared_data

KEY = "solo-e16a.solo.local"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return collect_folder(shared_data("clixml", "server2016"))


def test_the_host_is_known_by_its_fqdn(evidence: Evidence) -> None:
    assert evidence.nodes == (Subject(Scope.NODE, KEY, "SOLO-E16A", aliases=("solo-e16a",)),)
    assert evidence.cluster is None
    assert evidence.label == "SOLO-E16A"
    assert evidence.collected is None


def test_operating_system(evidence: Evidence) -> None:
    assert evidence.get(OperatingSystem, KEY) == OperatingSystem(
        name="SOLO-E16A",
        build_number=14393,
        product_type=ProductType.SERVER,
        caption="Microsoft Windows Server 2016 Datacenter",
        sku=8,
        installed=datetime.datetime(2018, 11, 23, 23, 24, 14, tzinfo=datetime.UTC),
        last_boot=datetime.datetime(2021, 9, 28, 18, 11, 19, 858484, tzinfo=datetime.UTC),
    )
    system = evidence.get(OperatingSystem, KEY)
    assert system is not None
    assert system.release is Release.WS2016


def test_computer_system_from_a_file_with_a_prefix(evidence: Evidence) -> None:
    known = evidence.record("computer_system", KEY)
    assert isinstance(known, Known)
    assert known.fact == ComputerSystem(
        name="SOLO-E16A",
        part_of_domain=True,
        domain_role=DomainRole.MEMBER_SERVER,
        dns_host_name="Solo-E16A",
        domain="Solo.local",
        manufacturer="Microsoft Corporation",
        model="Virtual Machine",
        hypervisor_present=True,
    )
    assert known.provenance.file == "HyperV_Win32_ComputerSystem.xml"


def test_smb_server_has_no_property_that_2016_lacks(evidence: Evidence) -> None:
    assert evidence.get(SmbServerConfiguration, KEY) == SmbServerConfiguration(
        require_signing=True,
        smb1_enabled=True,
        encrypt_data=False,
        reject_unencrypted=True,
        spn_validation=SpnValidation.OFF,
        audit_smb1=False,
    )


def test_windows_features(evidence: Evidence) -> None:
    features = evidence.get(WindowsFeatures, KEY)
    assert features is not None
    assert len(features.features) == 263
    assert features.installed("FS-SMB1") is True
    assert features.installed("Hyper-V") is False
    assert features.installed("Failover-Clustering") is False
    assert features.installed("Nothing-Of-This-Name") is None


def test_provenance_names_the_file_and_its_digest(evidence: Evidence) -> None:
    known = evidence.record("smb_server", KEY)
    assert isinstance(known, Known)
    data = shared_data("clixml", "server2016", "GetSmbServerConfiguration.xml").read_bytes()
    assert known.provenance.source == "clixml"
    assert known.provenance.host == "SOLO-E16A"
    assert known.provenance.command == "Get-SmbServerConfiguration"
    assert known.provenance.file == "GetSmbServerConfiguration.xml"
    assert known.provenance.digest == hashlib.sha256(data).hexdigest()
    assert known.provenance.collected is None


def test_everything_else_in_the_register_is_a_gap(evidence: Evidence) -> None:
    there = {"operating_system", "computer_system", "smb_server", "windows_features"}
    for fact in FACTS:
        name = fact.INFO.name
        records = evidence.listings if fact.INFO.item_key else evidence.facts
        record = records[name, "" if fact.INFO.holder is Scope.CLUSTER else KEY]
        if name in there:
            assert isinstance(record, Known), name
        else:
            assert isinstance(record, Gap), name
            from_files = fact in FROM_FILES
            assert record.cause is (Cause.NOT_COLLECTED if from_files else Cause.NOT_IN_SOURCE), name
            assert record.detail.startswith("no file holds " if from_files else "it is not read from"), name


def test_what_was_not_read_is_listed(evidence: Evidence) -> None:
    skipped = {each.path: each for each in evidence.skipped}
    folder = shared_data("clixml", "server2016")
    assert len(skipped) == len(list(folder.iterdir())) - 4
    assert skipped["Antimalware.xml"].why == "it is no CLIXML"
    assert skipped["Antimalware.xml"].size == 33693
    assert "Win32_QuickFixEngineering" in skipped["GetHotFix.xml"].why
    # Any event has the type of the one event that a fact is read from.
    assert "nothing that a fact is read from" in skipped["GetWinEventOldestSystem.xml"].why
