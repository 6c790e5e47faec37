"""Tasks that read the client of the Host Guardian Service and the guardian keys on the host."""

from __future__ import annotations

import functools
from typing import Any

from hypervigil.evidence.shielding import (
    AttestationMode,
    AttestationStatus,
    GuardianKey,
    Guardians,
    HgsClient,
    HgsMode,
)
from tests.collect.collector import run_collector
from tests.collect.store_entries import NOT_AFTER, certificate, entry
from tests.collect.task_runs import Tasks, run_tasks

STORE = "SOFTWARE\\Microsoft\\SystemCertificates\\Shielded VM Local Certificates"


@functools.cache
def plain() -> Tasks:
    return run_tasks(HgsClient, Guardians)


def test_the_client_of_2019() -> None:
    assert plain().fact(HgsClient) == HgsClient(
        host_guarded=True,
        mode=HgsMode.HOST_GUARDIAN_SERVICE,
        attestation_mode=AttestationMode.HOST_KEY,
        status=AttestationStatus.PASSED,
        substatus="NoInformation",
        attestation_url="http://hgs.bastion.local/Attestation",
        key_protection_url="http://localhost",
        fallback_in_use=False,
    )


def test_the_client_of_2016_knows_no_fallback() -> None:
    stub = "function StandIn-HgsClient { Read-Recorded 'Get-HgsClientConfiguration.server2016.1.txt' }"
    assert run_tasks(HgsClient, stubs=[stub]).fact(HgsClient) == HgsClient(
        host_guarded=False,
        mode=HgsMode.HOST_GUARDIAN_SERVICE,
        attestation_mode=AttestationMode.ACTIVE_DIRECTORY,
        status=AttestationStatus.INSECURE_HOST_CONFIGURATION,
        substatus="VirtualSecureMode",
        attestation_url="http://hgscluster.hgslab.local/Attestation",
        key_protection_url="http://hgscluster.hgslab.local/KeyProtection",
    )


def test_the_client_as_numbers_with_a_fallback() -> None:
    stub = """
function StandIn-HgsClient {
    [pscustomobject] @{
        IsHostGuarded = $false; Mode = [uint16] 1; AttestationOperationMode = [uint16] 0
        AttestationStatus = [uint16] 300; AttestationSubstatus = [uint64] 5
        FallbackAttestationServerUrl = [string[]] @('https://a/A', 'https://b/A')
        FallbackKeyProtectionServerUrl = 'https://a/K'; IsFallbackInUse = $true
    }
}
"""
    assert run_tasks(HgsClient, stubs=[stub]).fact(HgsClient) == HgsClient(
        host_guarded=False,
        mode=HgsMode.LOCAL,
        attestation_mode=AttestationMode.UNKNOWN,
        status=AttestationStatus.RETRIABLE,
        substatus=5,
        fallback_attestation_urls=("https://a/A", "https://b/A"),
        fallback_key_protection_urls=("https://a/K",),
        fallback_in_use=True,
    )


def test_nobody_asks_the_client_unless_told_to() -> None:
    run = run_collector("-Only", "hgs_client", trace=True)
    document = run.by_fact()["hgs_client"]
    assert (document.status, document.cause) == ("gap", "not_collected")
    assert "-IncludeHgsClient" in document.detail
    assert "Get-HgsClientConfiguration" not in {each["name"] for each in run.trace}


def _registry(**blobs: bytes) -> dict[str, Any]:
    keys = {name: {"values": {"Blob": {"type": "Binary", "data": blob.hex()}}} for name, blob in blobs.items()}
    return {"HKLM": {"keys": {STORE: {"keys": {"Certificates": {"keys": keys}}}}}}


def test_guardians() -> None:
    own = certificate("CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV01)")
    other = certificate("CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV\u00dc2)")
    registry = _registry(A=entry(own.der, key=True), B=entry(other.der, key=False))
    tasks = run_tasks(Guardians, registry=registry)
    found = tasks.fact(Guardians)
    subject = "CN=Shielded VM Encryption Certificate (UntrustedGuardian) "
    assert sorted(found.keys, key=lambda key: key.subject) == [
        GuardianKey(thumbprint=own.thumbprint, subject=subject + "(HV01)", not_after=NOT_AFTER, has_private_key=True),
        GuardianKey(
            thumbprint=other.thumbprint, subject=subject + "(HV\u00dc2)", not_after=NOT_AFTER, has_private_key=False
        ),
    ]
    assert found.names == ("UntrustedGuardian", "W\u00e4chter")
    assert "CAFE" not in repr(tasks.documents)


def test_a_host_without_guardians_and_one_without_the_module() -> None:
    assert plain().fact(Guardians).keys == ()
    none = run_tasks(Guardians, stubs=["function StandIn-Guardians { }"])
    assert none.fact(Guardians) == Guardians(keys=(), names=())
    without = run_tasks(Guardians, faults={"HgsClient": "missing_module"})
    assert without.fact(Guardians) == Guardians(keys=())
    assert without.remark(Guardians).startswith("without names of guardians: not_collected: ")


def test_a_store_that_may_not_be_read_is_not_empty() -> None:
    registry = {"HKLM": {"keys": {STORE: {"keys": {"Certificates": {"access_denied": True}}}}}}
    assert run_tasks(Guardians, registry=registry).gap(Guardians)[0] == "access_denied"
