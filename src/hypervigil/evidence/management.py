"""How a host is managed: RDP, WinRM, certificates, PowerShell endpoints, software and profiles, BitLocker."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_PS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/"
_WIN32 = "MicrosoftDocs/win32 desktop-src/"
_TS = r"SYSTEM\CurrentControlSet\Control\Terminal Server"
_TS_POLICY = r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"
_RDP_TCP = _TS + r"\WinStations\RDP-Tcp"


class Rdp(Fact, frozen=True, kw_only=True):
    """Remote Desktop: whether it is allowed and what it demands, in policy and locally."""

    INFO: ClassVar[FactType] = FactType(
        name="rdp",
        title="Remote Desktop",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(field="deny_policy", key=_TS_POLICY, name="fDenyTSConnections"),
                    RegistryRead(field="deny_local", key=_TS, name="fDenyTSConnections"),
                    RegistryRead(field="nla_policy", key=_TS_POLICY, name="UserAuthentication"),
                    RegistryRead(field="nla_local", key=_RDP_TCP, name="UserAuthentication"),
                    RegistryRead(field="security_layer_policy", key=_TS_POLICY, name="SecurityLayer"),
                    RegistryRead(field="security_layer_local", key=_RDP_TCP, name="SecurityLayer"),
                    RegistryRead(field="encryption_level_policy", key=_TS_POLICY, name="MinEncryptionLevel"),
                    RegistryRead(field="encryption_level_local", key=_RDP_TCP, name="MinEncryptionLevel"),
                    RegistryRead(field="port", key=_RDP_TCP, name="PortNumber"),
                    RegistryRead(field="drive_redirection_policy", key=_TS_POLICY, name="fDisableCdm"),
                    RegistryRead(
                        field="restricted_admin",
                        key=r"SYSTEM\CurrentControlSet\Control\Lsa",
                        name="DisableRestrictedAdmin",
                    ),
                )
            ),
        ),
        sources=(_WIN32 + "TermServ/win32-tsgeneralsetting.md", "microsoft/osconfig security baseline rows on RDP"),
    )

    deny_policy: Annotated[RegistryValue, Meta(description="1 RDP is denied, 0 allowed.")]
    deny_local: Annotated[RegistryValue, Meta(description="1 RDP is denied, 0 allowed.")]
    nla_policy: Annotated[RegistryValue, Meta(description="1 NLA is demanded.")]
    nla_local: Annotated[RegistryValue, Meta(description="1 NLA is demanded.")]
    security_layer_policy: Annotated[RegistryValue, Meta(description="0 RDP, 1 negotiate, 2 TLS.")]
    security_layer_local: Annotated[RegistryValue, Meta(description="0 RDP, 1 negotiate, 2 TLS.")]
    encryption_level_policy: Annotated[RegistryValue, Meta(description="1 low to 3 high, 4 FIPS.")]
    encryption_level_local: Annotated[RegistryValue, Meta(description="1 low to 3 high, 4 FIPS.")]
    port: Annotated[RegistryValue, Meta(description="3389 unless changed.")]
    drive_redirection_policy: Annotated[RegistryValue, Meta(description="1 drives are not redirected.")]
    restricted_admin: Annotated[RegistryValue, Meta(description="0 accepted; 1 or absent refused.")]


class WinRmListener(msgspec.Struct, frozen=True, kw_only=True):
    """One WinRM listener."""

    address: str
    transport: Annotated[str, Meta(description="HTTP or HTTPS.")]
    port: int
    hostname: str | None = None
    certificate_thumbprint: Annotated[str | None, Meta(description="SHA-1, upper-case hex; of HTTPS.")] = None
    enabled: bool | None = None
    listening_on: tuple[str, ...] = ()


class WinRm(Fact, frozen=True, kw_only=True):
    """WinRM, as service and as client."""

    INFO: ClassVar[FactType] = FactType(
        name="winrm",
        title="WinRM",
        subject=Scope.NODE,
        reads=(
            Read(command=r"Get-Item -Path WSMan:\localhost\Service\*", properties=("Name", "Value")),
            Read(command=r"Get-Item -Path WSMan:\localhost\Service\Auth\*", properties=("Name", "Value")),
            Read(command=r"Get-Item -Path WSMan:\localhost\Client\*", properties=("Name", "Value")),
            Read(command=r"Get-Item -Path WSMan:\localhost\Client\Auth\*", properties=("Name", "Value")),
            Read(command=r"Get-ChildItem -Path WSMan:\localhost\Listener", properties=("Name", "Keys")),
        ),
        sources=(_WIN32 + "WinRM/installation-and-configuration-for-windows-remote-management.md",),
    )

    running: Annotated[bool, Meta(description="The service runs; false: the rest is null.")]
    allow_unencrypted: Annotated[bool | None, Meta(description="Service.")] = None
    auth_basic: Annotated[bool | None, Meta(description="Service.")] = None
    auth_kerberos: Annotated[bool | None, Meta(description="Service.")] = None
    auth_negotiate: Annotated[bool | None, Meta(description="Service.")] = None
    auth_certificate: Annotated[bool | None, Meta(description="Service.")] = None
    auth_credssp: Annotated[bool | None, Meta(description="Service.")] = None
    channel_binding: Annotated[str | None, Meta(description="CbtHardeningLevel: None, Relaxed, Strict.")] = None
    ipv4_filter: Annotated[str | None, Meta(description="Local addresses that the listener binds.")] = None
    ipv6_filter: str | None = None
    root_sddl: str | None = None
    client_allow_unencrypted: bool | None = None
    client_auth_basic: bool | None = None
    client_auth_digest: bool | None = None
    client_auth_credssp: bool | None = None
    trusted_hosts: Annotated[tuple[str, ...] | None, Meta(description="TrustedHosts, split at commas.")] = None
    listeners: tuple[WinRmListener, ...] | None = None


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate; the key is never exported, only whether there is one."""

    store: Annotated[str, Meta(description="Store of the local machine: My, Root ...")]
    thumbprint: Annotated[str, Meta(description="SHA-1, upper-case hex.")]
    subject: str
    issuer: str
    not_before: datetime.datetime
    not_after: datetime.datetime
    has_private_key: bool
    dns_names: Annotated[tuple[str, ...], Meta(description="Subject alternative names of type DNS.")] = ()
    ip_names: tuple[str, ...] = ()
    usages: Annotated[tuple[str, ...], Meta(description="OIDs of the extended key usage; empty for any.")] = ()
    key_usage: Annotated[int | None, Meta(description="Bits of the key usage; 128 digital signature.")] = None
    key_algorithm: Annotated[str | None, Meta(description="OID of the public key: RSA, ECC.")] = None
    key_bits: int | None = None
    signature_algorithm: Annotated[str | None, Meta(description="OID.")] = None
    chain_trusted: Annotated[bool | None, Meta(description="Builds to a root of this host, revocation not asked.")] = (
        None
    )


class Certificates(Fact, frozen=True, kw_only=True):
    """Certificates in the personal store of the local machine."""

    INFO: ClassVar[FactType] = FactType(
        name="certificates",
        title="Machine certificates",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-ChildItem -LiteralPath Cert:\LocalMachine\My",
                properties=("Thumbprint", "Subject", "Issuer", "NotBefore", "NotAfter", "HasPrivateKey", "Extensions"),
                shapes=("System.Security.Cryptography.X509Certificates.X509Certificate2",),
            ),
        ),
        sources=("MicrosoftDocs/PowerShell-Docs reference/5.1/Microsoft.PowerShell.Security, Certificate provider",),
    )

    certificates: tuple[Certificate, ...]

    def with_thumbprint(self, thumbprint: str) -> Certificate | None:
        """The certificate with that SHA-1 thumbprint, however it is written."""
        wanted = thumbprint.replace(" ", "").upper()
        return next((found for found in self.certificates if found.thumbprint == wanted), None)


class SessionConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One PowerShell endpoint."""

    name: str
    enabled: bool | None = None
    session_type: Annotated[str | None, Meta(description="Default, Empty, RestrictedRemoteServer.")] = None
    language_mode: str | None = None
    run_as_user: str | None = None
    run_as_virtual_account: bool | None = None
    run_as_virtual_account_groups: tuple[str, ...] = ()
    group_managed_service_account: str | None = None
    transcript_directory: str | None = None
    sddl: Annotated[str | None, Meta(description="SecurityDescriptorSddl.")] = None
    roles: Annotated[
        dict[str, tuple[str, ...]], Meta(description="Role capabilities by account or group, from RoleDefinitions.")
    ] = {}
    visible_cmdlets: tuple[str, ...] = ()
    visible_functions: tuple[str, ...] = ()
    visible_external_commands: tuple[str, ...] = ()
    visible_providers: tuple[str, ...] = ()
    config_file: str | None = None


class PsSessionConfigurations(Fact, frozen=True, kw_only=True):
    """The PowerShell endpoints of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="ps_session_configurations",
        title="PowerShell endpoints",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-PSSessionConfiguration",
                properties=(
                    "Name",
                    "Enabled",
                    "SessionType",
                    "LanguageMode",
                    "RunAsUser",
                    "RunAsVirtualAccount",
                    "RunAsVirtualAccountGroups",
                    "GroupManagedServiceAccount",
                    "TranscriptDirectory",
                    "SecurityDescriptorSddl",
                    "RoleDefinitions",
                    "ConfigFilePath",
                ),
            ),
        ),
        sources=(
            "MicrosoftDocs/PowerShell-Docs reference/5.1/Microsoft.PowerShell.Core/Get-PSSessionConfiguration.md",
            "MicrosoftDocs/PowerShell-Docs reference/docs-conceptual/security/remoting/jea/session-configurations.md",
        ),
    )

    configurations: tuple[SessionConfiguration, ...]


class VisibleCommand(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a role file, with the line that it stands on."""

    name: str
    line: Annotated[int, Meta(description="Line in the file, from 1; 0 where it could not be told.")] = 0
    parameters: Annotated[
        dict[str, str],
        Meta(description="Parameters that are let through, each with its ValidateSet or ValidatePattern."),
    ] = {}


class RoleCapability(msgspec.Struct, frozen=True, kw_only=True):
    """One role file (``.psrc``)."""

    name: Annotated[str, Meta(description="Base name: what RoleDefinitions names.")]
    path: str
    visible_cmdlets: tuple[VisibleCommand, ...] = ()
    visible_functions: tuple[VisibleCommand, ...] = ()
    visible_external_commands: tuple[VisibleCommand, ...] = ()
    visible_providers: tuple[str, ...] = ()
    function_definitions: Annotated[tuple[str, ...], Meta(description="Names of functions defined in the file.")] = ()
    writable_by: Annotated[
        tuple[str, ...], Meta(description="SIDs outside SYSTEM and Administrators that may write.")
    ] = ()


class RoleCapabilities(Fact, frozen=True, kw_only=True):
    """The role files that PowerShell would find on a host."""

    INFO: ClassVar[FactType] = FactType(
        name="role_capabilities",
        title="JEA role capabilities",
        subject=Scope.NODE,
        elevated=False,
        reads=(Read(command="Import-PowerShellDataFile -LiteralPath"),),
        sources=("MicrosoftDocs/PowerShell-Docs reference/docs-conceptual/security/remoting/jea/role-capabilities.md",),
    )

    roles: tuple[RoleCapability, ...]


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """One installed product."""

    name: str
    version: str | None = None
    publisher: str | None = None
    kind: Annotated[str, Meta(description="uninstall, mail client, browser, app package.")] = "uninstall"


class InstalledSoftware(Fact, frozen=True, kw_only=True):
    """Installed products, registered browsers and mail clients."""

    INFO: ClassVar[FactType] = FactType(
        name="installed_software",
        title="Installed software",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command=(r"Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*'"),
                properties=("DisplayName", "DisplayVersion", "Publisher", "SystemComponent"),
            ),
            Read(
                command=r"Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Clients\StartMenuInternet'",
                properties=("PSChildName",),
            ),
            Read(command=r"Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Clients\Mail'", properties=("PSChildName",)),
        ),
        sources=(_WIN32 + "Msi/uninstall-registry-key.md",),
    )

    products: tuple[Software, ...]


class UserProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One user profile that lies on a host."""

    sid: str
    path: str
    last_use: datetime.datetime | None = None
    loaded: bool | None = None
    special: Annotated[bool, Meta(description="Of a system account.")] = False


class UserProfiles(Fact, frozen=True, kw_only=True):
    """Profiles of accounts that have logged on interactively."""

    INFO: ClassVar[FactType] = FactType(
        name="user_profiles",
        title="User profiles",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_UserProfile",
                properties=("SID", "LocalPath", "LastUseTime", "Loaded", "Special"),
                shapes=("Win32_UserProfile",),
            ),
        ),
        sources=("MicrosoftDocs/win32 desktop-src/CIMWin32Prov/win32-userprofile.md",),
    )

    profiles: tuple[UserProfile, ...]


class ProtectionStatus(Code):
    """``ProtectionStatus`` of a BitLocker volume."""

    OFF = 0
    ON = 1
    UNKNOWN = 2


class BitLockerVolume(msgspec.Struct, frozen=True, kw_only=True):
    """One volume; recovery passwords and keys are never read, only the kinds of protectors."""

    mount_point: str
    protection: ProtectionStatus
    volume_type: Annotated[int | str | None, Meta(description="0 operating system, 1 fixed data, 2 removable.")] = None
    conversion_status: Annotated[int | None, Meta(description="0 decrypted, 1 encrypted, 2 encrypting ...")] = None
    encryption_method: int | None = None
    protectors: Annotated[tuple[str, ...], Meta(description="Kinds: Tpm, RecoveryPassword, ExternalKey ...")] = ()
    system_volume: bool = False


class BitLocker(Fact, frozen=True, kw_only=True):
    """BitLocker on the volumes of a host, CSV volumes that it owns included."""

    INFO: ClassVar[FactType] = FactType(
        name="bitlocker",
        title="BitLocker",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-BitLockerVolume",
                properties=(
                    "MountPoint",
                    "VolumeType",
                    "VolumeStatus",
                    "ProtectionStatus",
                    "EncryptionMethod",
                    "KeyProtector",
                ),
            ),
        ),
        sources=(
            _PS + "BitLocker/Get-BitLockerVolume.md",
            "MicrosoftDocs/windowsserverdocs failover-clustering/bitlocker-on-csv",
        ),
    )

    volumes: tuple[BitLockerVolume, ...]


class FirewallProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One firewall profile of the active store."""

    name: Annotated[str, Meta(description="Domain, Private, Public.")]
    enabled: bool
    default_inbound: Annotated[int, Meta(description="0 not configured (which blocks), 2 allow, 4 block.")]
    default_outbound: int | None = None
    allow_local_rules: Annotated[int | None, Meta(description="0 no, 1 yes, 2 not configured.")] = None
    log_blocked: int | None = None


class FirewallProfiles(Fact, frozen=True, kw_only=True):
    """The three firewall profiles as they are in force."""

    INFO: ClassVar[FactType] = FactType(
        name="firewall_profiles",
        title="Firewall profiles",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command="Get-NetFirewallProfile -PolicyStore ActiveStore",
                properties=(
                    "Name",
                    "Enabled",
                    "DefaultInboundAction",
                    "DefaultOutboundAction",
                    "AllowLocalFirewallRules",
                    "LogBlocked",
                ),
                shapes=("MSFT_NetFirewallProfile",),
            ),
        ),
        sources=(_PS + "NetSecurity/Get-NetFirewallProfile.md",),
    )

    profiles: tuple[FirewallProfile, ...]
