"""Tasks that read SMB: the client, mailslots, SMB over QUIC, shares."""

from __future__ import annotations

import functools
from typing import Any

from hypervigil.evidence.registry import ABSENT, DENIED, dword
from hypervigil.evidence.smb import Dialect, Mailslots, SmbClientConfiguration
from hypervigil.evidence.smb_quic import AlternativePort, QuicAccess, QuicMapping, SmbQuic, SmbShare, SmbShares
from tests.collect.task_runs import Tasks, run_tasks

CIPHERS = ("AES_128_GCM", "AES_128_CCM", "AES_256_GCM", "AES_256_CCM")


@functools.cache
def plain() -> Tasks:
    return run_tasks(SmbClientConfiguration, Mailslots, SmbQuic, SmbShares, trace=True)


def test_the_client_of_2025() -> None:
    assert plain().fact(SmbClientConfiguration) == SmbClientConfiguration(
        require_signing=True,
        insecure_guest_logons=False,
        require_encryption=False,
        block_ntlm=False,
        block_ntlm_exceptions=(),
        audit_signing=False,
        audit_encryption=False,
        audit_guest=False,
        dialect_min=Dialect.NO_LIMIT,
        dialect_max=Dialect.NO_LIMIT,
        mailslots=False,
        ciphers=CIPHERS,
        quic=True,
        skip_certificate_check=False,
    )


def test_the_client_of_older_releases_says_nothing_of_what_it_lacks() -> None:
    # The listing of 2022 was recorded without the lines about signing and guests.
    of_2022 = """
function StandIn-SmbClient {
    $made = @{ RequireSecuritySignature = $false; EnableInsecureGuestLogons = $true }
    Read-Recorded 'Get-SmbClientConfiguration.server2022.1.txt' $made
}
"""
    assert run_tasks(SmbClientConfiguration, stubs=[of_2022]).fact(SmbClientConfiguration) == SmbClientConfiguration(
        require_signing=False, insecure_guest_logons=True, ciphers=CIPHERS, skip_certificate_check=False
    )
    of_2016 = "function StandIn-SmbClient { Read-Recorded 'Get-SmbClientConfiguration.server2016.1.txt' }"
    assert run_tasks(SmbClientConfiguration, stubs=[of_2016]).fact(SmbClientConfiguration) == SmbClientConfiguration(
        require_signing=False
    )


def test_limits_and_exceptions_of_the_client() -> None:
    limited = """
function StandIn-SmbClient {
    [pscustomobject] @{
        RequireSecuritySignature = $true; Smb2DialectMin = 'SMB300'; Smb2DialectMax = [uint32] 785; BlockNTLM = $true
        BlockNTLMServerExceptionList = 'nas1, ' + [char] 0xfc + 'bung'; EncryptionCiphers = [string[]] @('AES_256_GCM')
    }
}
"""
    assert run_tasks(SmbClientConfiguration, stubs=[limited]).fact(SmbClientConfiguration) == SmbClientConfiguration(
        require_signing=True,
        dialect_min=Dialect.SMB300,
        dialect_max=Dialect.SMB311,
        block_ntlm=True,
        block_ntlm_exceptions=("nas1", "\u00fcbung"),
        ciphers=("AES_256_GCM",),
    )


def test_mailslots_under_each_key() -> None:
    assert plain().fact(Mailslots) == Mailslots(server_policy=dword(0), client_policy=ABSENT, misspelt_policy=dword(1))
    bowser = "SOFTWARE\\Policies\\Microsoft\\Windows\\Bowser"
    registry = {"HKLM": {"keys": {bowser: {"access_denied": True}}}}
    assert run_tasks(Mailslots, registry=registry).fact(Mailslots) == Mailslots(
        server_policy=DENIED, client_policy=ABSENT, misspelt_policy=ABSENT
    )


def test_smb_over_quic() -> None:
    of: dict[str, Any] = {
        "thumbprint": "88032B3551FAF7DE26EFFFF814AA086E3DBD2A4F",
        "subject": "CN=2022-ae-02",
        "store_name": "My",
        "type": "QUIC",
        "flags": (),
        "require_client_authentication": True,
        "skip_client_access_check": False,
    }
    names = ("2022-ae-02.corp.contoso.com", "fs2.contoso.com")
    entry: dict[str, Any] = {"identifier_type": "ISSUER", "identifier": "CN=Contoso CA", "deny": False}
    assert plain().fact(SmbQuic) == SmbQuic(
        mappings=tuple(QuicMapping(name=name, **of) for name in names),
        access=tuple(QuicAccess(mapping=name, **entry) for name in names),
        alternative_ports=(AlternativePort(transport="QUIC", port=8443),),
    )
    assert plain().asked().count("Get-SmbClientAccessToServer") == 1


def test_smb_over_quic_of_releases_that_have_less() -> None:
    missing = {"Get-SmbClientAccessToServer": "missing", "Get-SmbServerAlternativePort": "missing"}
    tasks = run_tasks(SmbQuic, faults=missing)
    found = tasks.fact(SmbQuic)
    assert len(found.mappings) == 2
    assert (found.access, found.alternative_ports) == (None, None)
    assert [part.split(":")[1] for part in tasks.remark(SmbQuic).split("; ")] == [" unsupported_release"] * 2
    none = run_tasks(SmbQuic, faults={"Get-SmbServerCertificateMapping": "missing"})
    assert none.gap(SmbQuic)[0] == "unsupported_release"


NUMBERS = """
function StandIn-SmbMappings {
    [pscustomobject] @{
        Name = 'fs'; Thumbprint = 'ab'; Type = [uint32] 0; Flags = [uint32] 3; RequireClientAuthentication = $false
    }
    [pscustomobject] @{ Name = 'fs2'; Thumbprint = 'CD'; Type = 'QUIC'; Flags = 'AllowNamedPipe, DefaultCert' }
    [pscustomobject] @{ Name = 'fs3'; Thumbprint = 'EF' }
}
function StandIn-SmbAccess {
    param([string[]] $Names)
    [pscustomobject] @{ Name = 'fs'; IdentifierType = [uint32] 0; Identifier = 'aa'; AccessControlType = [uint32] 1 }
}
function StandIn-SmbPorts { }
"""


def test_enumerations_as_numbers_are_called_by_their_names() -> None:
    flags = ("AllowNamedPipe", "DefaultCert")
    assert run_tasks(SmbQuic, stubs=[NUMBERS]).fact(SmbQuic) == SmbQuic(
        mappings=(
            QuicMapping(name="fs", thumbprint="AB", type="QUIC", flags=flags, require_client_authentication=False),
            QuicMapping(name="fs2", thumbprint="CD", type="QUIC", flags=flags),
            QuicMapping(name="fs3", thumbprint="EF"),
        ),
        access=(QuicAccess(mapping="fs", identifier_type="SHA256", identifier="aa", deny=True),),
        alternative_ports=(),
    )


def test_without_a_mapping_nobody_is_asked_about_clients() -> None:
    none = "function StandIn-SmbMappings { }\nfunction StandIn-SmbShares { }"
    tasks = run_tasks(SmbQuic, SmbShares, stubs=[none], trace=True)
    assert tasks.fact(SmbQuic).mappings == ()
    assert tasks.fact(SmbQuic).access == ()
    assert tasks.fact(SmbShares) == SmbShares(shares=())
    assert "Get-SmbClientAccessToServer" not in tasks.asked()


def test_shares() -> None:
    recorded, made = plain().fact(SmbShares).shares
    assert recorded == SmbShare(
        name="VMS1",
        scope="*",
        path="I:\\VMS",
        special=False,
        encrypt_data=False,
        continuously_available=True,
        sddl=recorded.sddl,
    )
    # The recorded listing is broken after a line of it.
    assert (
        recorded.sddl
        == "O:BAG:DUD:(A;;FA;;;S-1-5-21-219828122-4198910963-4161819395-500)(A;;FA;;;S-1-5-21-219828122-419"
    )
    assert made == SmbShare(name="IPC$", scope="*", special=True, encrypt_data=False, continuously_available=False)
