"""Tasks that read how a host is managed: RDP, WinRM, software, profiles, BitLocker, PowerShell's records."""

from __future__ import annotations

import datetime
import functools

import pytest

from hypervigil.evidence.audit import PowerShellLogging
from hypervigil.evidence.bitlocker import (
    BitLocker,
    BitLockerVolume,
    ConversionStatus,
    EncryptionMethod,
    ProtectionStatus,
    VolumeType,
)
from hypervigil.evidence.management import Rdp, WinRm, WinRmListener
from hypervigil.evidence.registry import ABSENT, RegistryState, RegistryValue, dword
from hypervigil.evidence.software import InstalledSoftware, Software, UserProfile, UserProfiles
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import Run

FACTS = "rdp", "winrm", "installed_software", "user_profiles", "bitlocker", "powershell_logging"


@functools.cache
def plain() -> Run:
    return collect(*FACTS, trace=True)


def test_rdp() -> None:
    assert fact_of(plain(), Rdp) == Rdp(
        deny_policy=ABSENT,
        deny_local=dword(0),
        nla_policy=dword(1),
        nla_local=dword(0),
        security_layer_policy=ABSENT,
        security_layer_local=dword(2),
        encryption_level_policy=dword(3),
        encryption_level_local=ABSENT,
        port=dword(3389),
        drive_redirection_policy=ABSENT,
        restricted_admin=dword(0),
    )


RECORDED_WINRM = WinRm(
    running=True,
    allow_unencrypted=False,
    auth_basic=False,
    auth_kerberos=True,
    auth_negotiate=True,
    auth_certificate=False,
    auth_credssp=False,
    channel_binding="Relaxed",
    ipv4_filter="*",
    ipv6_filter="*",
    root_sddl="O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)",
    client_allow_unencrypted=False,
    client_auth_basic=True,
    client_auth_digest=True,
    client_auth_credssp=False,
    trusted_hosts=(),
    listeners=(
        WinRmListener(
            address="*",
            transport="HTTP",
            port=5985,
            enabled=True,
            listening_on=("127.0.0.1", "172.16.1.193", "::1"),
        ),
    ),
)


def test_winrm() -> None:
    assert fact_of(plain(), WinRm) == RECORDED_WINRM


POLICY_WINRM = """
function Instead-Get-WSManInstance { param($ResourceURI)
    $cfg = 'xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config" xml:lang="en-US"'
    if ($ResourceURI -eq 'winrm/config') {
        return ([xml] ("<cfg:Config $cfg><cfg:Client><cfg:AllowUnencrypted Source=`"GPO`">true</cfg:AllowUnencrypted>" +
            '<cfg:Auth><cfg:CredSSP Source="GPO">true</cfg:CredSSP></cfg:Auth>' +
            '<cfg:TrustedHosts Source="GPO">hv02.contoso.com, HV03 ,*.contoso.com</cfg:TrustedHosts></cfg:Client>' +
            '<cfg:Service><cfg:Auth><cfg:Basic Source="GPO">false</cfg:Basic>' +
            '<cfg:CbtHardeningLevel>None</cfg:CbtHardeningLevel></cfg:Auth>' +
            '<cfg:IPv4Filter Source="GPO">10.0.0.1-10.0.0.9</cfg:IPv4Filter><cfg:IPv6Filter/></cfg:Service>' +
            '</cfg:Config>')
        ).DocumentElement
    }
    ([xml] ("<cfg:Listener $cfg Source=`"GPO`"><cfg:Address>*</cfg:Address><cfg:Transport>HTTPS</cfg:Transport>" +
        '<cfg:Port>5986</cfg:Port><cfg:Hostname>hv01.contoso.com</cfg:Hostname><cfg:Enabled>true</cfg:Enabled>' +
        '<cfg:URLPrefix>wsman</cfg:URLPrefix><cfg:CertificateThumbprint>0b a1 c4</cfg:CertificateThumbprint>' +
        '<cfg:ListeningOn>10.0.0.1</cfg:ListeningOn></cfg:Listener>')).DocumentElement
    ([xml] ("<cfg:Listener $cfg><cfg:Address>IP:10.0.0.2</cfg:Address><cfg:Transport>HTTP</cfg:Transport>" +
        '<cfg:Port>80</cfg:Port><cfg:Hostname/><cfg:Enabled>false</cfg:Enabled><cfg:CertificateThumbprint/></cfg:Listener>')).DocumentElement
}
"""


def test_winrm_as_policy_sets_it() -> None:
    assert fact_of(collect("winrm", stubs=[POLICY_WINRM]), WinRm) == WinRm(
        running=True,
        auth_basic=False,
        channel_binding="None",
        ipv4_filter="10.0.0.1-10.0.0.9",
        client_allow_unencrypted=True,
        client_auth_credssp=True,
        trusted_hosts=("hv02.contoso.com", "HV03", "*.contoso.com"),
        listeners=(
            WinRmListener(
                address="*",
                transport="HTTPS",
                port=5986,
                hostname="hv01.contoso.com",
                certificate_thumbprint="0BA1C4",
                enabled=True,
                listening_on=("10.0.0.1",),
            ),
            WinRmListener(address="IP:10.0.0.2", transport="HTTP", port=80, enabled=False),
        ),
    )


def test_no_listener_is_an_answer() -> None:
    stub = """function Instead-Get-WSManInstance { param($ResourceURI)
        if ($ResourceURI -eq 'winrm/config') { Get-WinrmConfig } }"""
    assert fact_of(collect("winrm", stubs=[stub]), WinRm).listeners == ()


def test_winrm_that_does_not_run_is_not_asked() -> None:
    stub = """function Cim-Win32_Service {
        [pscustomobject] @{ Name = 'WinRM'; State = 'Stopped' }
        [pscustomobject] @{ Name = 'Other'; State = 'Running' } }"""
    run = collect("winrm", stubs=[stub], trace=True)
    assert fact_of(run, WinRm) == WinRm(running=False)
    asked = {each["name"] for each in run.trace}
    assert "Get-CimInstance" in asked
    assert "Get-WSManInstance" not in asked


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"environment": {"STANDIN_INTEGRITY": "8192"}}, "access_denied"),
        ({"faults": {"Get-WSManInstance": "denied"}}, "access_denied"),
        ({"faults": {"Get-WSManInstance": "nothing"}}, "unparsable"),
        ({"faults": {"Cim-Win32_Service": "nothing"}}, "unparsable"),
        ({"faults": {"Cim-Win32_Service": "many"}}, "unparsable"),
    ],
)
def test_winrm_that_does_not_answer_is_a_gap(options: dict[str, object], cause: str) -> None:
    assert gap_of(collect("winrm", **options), WinRm).cause == cause


def test_installed_software() -> None:
    assert fact_of(plain(), InstalledSoftware).products == (
        Software(name="Windows Admin Center (v2)", version="2.4.2.1", publisher="Microsoft Corporation"),
        Software(name="Überwachung"),
        Software(name="Microsoft Office"),
        Software(name="Mozilla Firefox", kind="browser"),
        Software(name="IEXPLORE.EXE", kind="browser"),
        Software(name="Microsoft Outlook", kind="mail client"),
    )


def test_nothing_installed_is_an_answer_and_no_access_is_none() -> None:
    run = collect("installed_software", registry={"HKLM": {}})
    assert fact_of(run, InstalledSoftware).products == ()
    entry = {"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\X": {"access_denied": True}}
    run = collect("installed_software", registry={"HKLM": {"keys": entry}})
    assert gap_of(run, InstalledSoftware).cause == "access_denied"


def test_user_profiles() -> None:
    assert fact_of(plain(), UserProfiles).profiles == (
        UserProfile(
            sid="S-1-5-18",
            path="C:\\Windows\\system32\\config\\systemprofile",
            last_use=datetime.datetime(2026, 10, 5, 7, 30, tzinfo=datetime.UTC),
            loaded=True,
            special=True,
        ),
        UserProfile(
            sid="S-1-5-21-1000000000-2000000000-3000000000-1105",
            path="C:\\Users\\jürgen",
            loaded=False,
            special=False,
        ),
    )


def test_bitlocker_with_the_kinds_of_protectors() -> None:
    assert fact_of(plain(), BitLocker) == BitLocker(
        installed=True,
        volumes=(
            BitLockerVolume(
                mount_point="C:",
                protection=ProtectionStatus.ON,
                volume_type=VolumeType.OPERATING_SYSTEM,
                conversion_status=ConversionStatus.FULLY_ENCRYPTED,
                encryption_method=EncryptionMethod.XTS_AES128,
                protectors=("Tpm", "RecoveryPassword"),
                system_volume=True,
            ),
            BitLockerVolume(
                mount_point="E:",
                protection=ProtectionStatus.OFF,
                volume_type=VolumeType.REMOVABLE_DATA,
                conversion_status=ConversionStatus.FULLY_DECRYPTED,
                encryption_method=EncryptionMethod.NONE,
            ),
            BitLockerVolume(
                mount_point="C:\\ClusterStorage\\Volume1",
                protection=ProtectionStatus.ON,
                volume_type=VolumeType.FIXED_DATA,
                conversion_status=ConversionStatus.FULLY_ENCRYPTED,
                encryption_method=EncryptionMethod.XTS_AES256,
                protectors=("AdAccountOrGroup",),
            ),
        ),
    )


def test_nothing_that_holds_a_recovery_password_is_asked() -> None:
    called = {each["name"] for each in plain().trace}
    assert "Get-BitLockerVolume" not in called
    assert not any(
        name.startswith("Method-") and "Type" not in name and name != "Method-GetKeyProtectors" for name in called
    )


def test_a_host_without_bitlocker() -> None:
    stub = "function Cim-__NAMESPACE { [pscustomobject] @{ Name = 'MicrosoftTpm' } }"
    run = collect("bitlocker", stubs=[stub], faults={"Cim-Win32_EncryptableVolume": "missing"})
    assert fact_of(run, BitLocker) == BitLocker(installed=False, volumes=())


@pytest.mark.parametrize(
    ("stub", "cause"),
    [
        ("function Method-GetKeyProtectors { [pscustomobject] @{ ReturnValue = [uint32] 2147942405 } }", "unparsable"),
        ("function Cim-Win32_Volume { throw (New-Object System.UnauthorizedAccessException) }", "access_denied"),
    ],
)
def test_bitlocker_that_does_not_answer_is_a_gap(stub: str, cause: str) -> None:
    assert gap_of(collect("bitlocker", stubs=[stub]), BitLocker).cause == cause


def test_powershell_logging() -> None:
    assert fact_of(plain(), PowerShellLogging) == PowerShellLogging(
        script_block=dword(1),
        script_block_invocation=ABSENT,
        module=ABSENT,
        module_names=("Hyper-V", "*"),
        transcription=ABSENT,
        transcription_header=ABSENT,
        transcription_directory=RegistryValue(RegistryState.PRESENT, "REG_SZ", "\\\\log\\transcripts"),
    )
