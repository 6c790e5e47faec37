"""How a host is managed from afar: RDP, WinRM, and the certificates that it shows."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

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
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_Service"
                " -Filter \"Name = 'WinRM'\"",
                properties=("Name", "State"),
            ),
            Read(
                command="Get-WSManInstance -ResourceURI winrm/config",
                properties=(
                    *("Service", "AllowUnencrypted", "IPv4Filter", "IPv6Filter", "RootSDDL"),
                    *("Auth", "Basic", "Kerberos", "Negotiate", "Certificate", "CredSSP", "CbtHardeningLevel"),
                    *("Client", "Digest", "TrustedHosts"),
                ),
            ),
            Read(
                command="Get-WSManInstance -ResourceURI winrm/config/listener -Enumerate",
                properties=(
                    *("Address", "Transport", "Port", "Hostname", "Enabled", "CertificateThumbprint", "ListeningOn"),
                ),
            ),
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
    ipv6_filter: Annotated[str | None, Meta(description="Likewise, of IPv6.")] = None
    root_sddl: Annotated[
        str | None, Meta(description="RootSDDL: who may use WinRM, unless an endpoint says otherwise.")
    ] = None
    client_allow_unencrypted: Annotated[bool | None, Meta(description="AllowUnencrypted of the client.")] = None
    client_auth_basic: Annotated[bool | None, Meta(description="Basic of the client.")] = None
    client_auth_digest: Annotated[bool | None, Meta(description="Digest of the client.")] = None
    client_auth_credssp: Annotated[bool | None, Meta(description="CredSSP of the client.")] = None
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
    has_private_key: Annotated[bool, Meta(description="The store says where its key is.")]
    dns_names: Annotated[tuple[str, ...], Meta(description="Subject alternative names of type DNS.")] = ()
    ip_names: tuple[str, ...] = ()
    usages: Annotated[tuple[str, ...], Meta(description="OIDs of the extended key usage; empty for any.")] = ()
    key_usage: Annotated[int | None, Meta(description="Bits of the key usage; 128 digital signature.")] = None
    key_algorithm: Annotated[str | None, Meta(description="OID of the public key: RSA, ECC.")] = None
    key_bits: Annotated[int | None, Meta(description="Length of the public key.")] = None
    signature_algorithm: Annotated[str | None, Meta(description="OID.")] = None
    chain_trusted: Annotated[
        bool | None,
        Meta(
            description="Leads to a root of this host, revocation not asked; null: an issuer would have to be fetched."
        ),
    ] = None


class Certificates(Fact, frozen=True, kw_only=True):
    """Certificates in the personal store of the local machine; those of authorities are read to judge their chains."""

    INFO: ClassVar[FactType] = FactType(
        name="certificates",
        title="Machine certificates",
        subject=Scope.NODE,
        reads=(
            Read(
                registry=tuple(
                    RegistryRead(field="certificates", key=rf"{key}\Certificates\<thumbprint>", name="Blob")
                    for key in (
                        r"SOFTWARE\Microsoft\SystemCertificates\MY",
                        *(rf"SOFTWARE\Microsoft\SystemCertificates\{store}" for store in ("ROOT", "AuthRoot", "CA")),
                        *(rf"SOFTWARE\Policies\Microsoft\SystemCertificates\{store}" for store in ("Root", "CA")),
                        *(rf"SOFTWARE\Microsoft\EnterpriseCertificates\{store}" for store in ("Root", "CA")),
                    )
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/win32 desktop-src/SecCrypto/system-store-locations.md",
            "RFC 5280 4.2.1.3, 4.2.1.6, 4.2.1.12",
        ),
    )

    certificates: tuple[Certificate, ...]

    def with_thumbprint(self, thumbprint: str) -> Certificate | None:
        """The certificate with that SHA-1 thumbprint, however it is written."""
        wanted = thumbprint.replace(" ", "").upper()
        return next((found for found in self.certificates if found.thumbprint == wanted), None)
