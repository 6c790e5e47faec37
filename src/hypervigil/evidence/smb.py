"""SMB on a host, in both roles. A property that the release does not have is null, never false."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_CMDLETS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/SmbShare/"


class SpnValidation(Code):
    """``SmbServerNameHardeningLevel``."""

    OFF = 0
    ACCEPT_ABSENT = 1
    REQUIRE_MATCH = 2


class Dialect(Code):
    """An SMB 2 or 3 dialect by its number on the wire; 0 stands for no limit (``None`` in the cmdlets)."""

    NO_LIMIT = 0
    SMB202 = 0x0202
    SMB210 = 0x0210
    SMB300 = 0x0300
    SMB302 = 0x0302
    SMB311 = 0x0311

    @property
    def dotted(self) -> str:
        """``3.1.1`` and the like."""
        digits = f"{int(self):04x}"
        major, minor, revision = int(digits[1]), int(digits[2]), int(digits[3])
        return f"{major}.{minor}.{revision}" if revision else f"{major}.{minor}"


class SmbServerConfiguration(Fact, frozen=True, kw_only=True):
    """The SMB server of a host: what it demands of those who connect to it."""

    INFO: ClassVar[FactType] = FactType(
        name="smb_server",
        title="SMB server configuration",
        subject=Scope.NODE,
        in_sddc=True,
        reads=(
            Read(
                command="Get-SmbServerConfiguration",
                properties=(
                    "RequireSecuritySignature",
                    "EnableSMB1Protocol",
                    "EncryptData",
                    "RejectUnencryptedAccess",
                    "SmbServerNameHardeningLevel",
                    "EnableAuthRateLimiter",
                    "InvalidAuthenticationDelayTimeInMs",
                    "AuditSmb1Access",
                    "AuditClientDoesNotSupportSigning",
                    "AuditClientDoesNotSupportEncryption",
                    "AuditClientSpnSupport",
                    "AuditInsecureGuestLogon",
                    "Smb2DialectMin",
                    "Smb2DialectMax",
                    "EnableMailslots",
                    "EncryptionCiphers",
                    "EnableSMBQUIC",
                    "RestrictNamedpipeAccessViaQuic",
                ),
                shapes=("MSFT_SmbServerConfiguration",),
            ),
        ),
        sources=(
            _CMDLETS + "Get-SmbServerConfiguration.md",
            _CMDLETS + "Set-SmbServerConfiguration.md",
            "microsoft/wmi server2019 and server23h2 (class MSFT_SmbServerConfiguration)",
        ),
    )

    require_signing: Annotated[bool, Meta(description="RequireSecuritySignature.")]
    smb1_enabled: Annotated[bool | None, Meta(description="EnableSMB1Protocol.")] = None
    encrypt_data: Annotated[bool | None, Meta(description="EncryptData for the whole server.")] = None
    reject_unencrypted: Annotated[bool | None, Meta(description="RejectUnencryptedAccess.")] = None
    spn_validation: Annotated[SpnValidation | None, Meta(description="SmbServerNameHardeningLevel.")] = None
    rate_limiter: Annotated[bool | None, Meta(description="EnableAuthRateLimiter; null before 2025.")] = None
    invalid_authentication_delay_ms: Annotated[
        int | None, Meta(description="InvalidAuthenticationDelayTimeInMs, milliseconds, 0 = off; null before 2025.")
    ] = None
    audit_smb1: Annotated[bool | None, Meta(description="AuditSmb1Access.")] = None
    audit_signing: Annotated[
        bool | None, Meta(description="AuditClientDoesNotSupportSigning; null where the build has no such switch.")
    ] = None
    audit_encryption: Annotated[
        bool | None, Meta(description="AuditClientDoesNotSupportEncryption; null before 2025.")
    ] = None
    audit_spn: Annotated[bool | None, Meta(description="AuditClientSpnSupport; null where the build lacks it.")] = None
    audit_guest: Annotated[bool | None, Meta(description="AuditInsecureGuestLogon; null before 2025.")] = None
    dialect_min: Annotated[Dialect | None, Meta(description="Smb2DialectMin; null before 2025.")] = None
    dialect_max: Annotated[Dialect | None, Meta(description="Smb2DialectMax; null before 2025.")] = None
    mailslots: Annotated[bool | None, Meta(description="EnableMailslots; null before 2025.")] = None
    ciphers: Annotated[tuple[str, ...] | None, Meta(description="EncryptionCiphers in order; null before 2022.")] = None
    quic: Annotated[bool | None, Meta(description="EnableSMBQUIC.")] = None
    quic_restrict_named_pipes: Annotated[bool | None, Meta(description="RestrictNamedpipeAccessViaQuic.")] = None


class SmbClientConfiguration(Fact, frozen=True, kw_only=True):
    """The SMB client of a host: what it demands of the servers that it connects to."""

    INFO: ClassVar[FactType] = FactType(
        name="smb_client",
        title="SMB client configuration",
        subject=Scope.NODE,
        in_sddc=True,
        reads=(
            Read(
                command="Get-SmbClientConfiguration",
                properties=(
                    "RequireSecuritySignature",
                    "EnableInsecureGuestLogons",
                    "RequireEncryption",
                    "BlockNTLM",
                    "BlockNTLMServerExceptionList",
                    "AuditServerDoesNotSupportSigning",
                    "AuditServerDoesNotSupportEncryption",
                    "AuditInsecureGuestLogon",
                    "Smb2DialectMin",
                    "Smb2DialectMax",
                    "EnableMailslots",
                    "EncryptionCiphers",
                    "EnableSMBQUIC",
                    "SkipCertificateCheck",
                ),
                shapes=("MSFT_SmbClientConfiguration",),
            ),
        ),
        sources=(
            _CMDLETS + "Get-SmbClientConfiguration.md",
            _CMDLETS + "Set-SmbClientConfiguration.md",
            "microsoft/wmi server2019 and server23h2 (class MSFT_SmbClientConfiguration)",
        ),
    )

    require_signing: Annotated[bool, Meta(description="RequireSecuritySignature.")]
    insecure_guest_logons: Annotated[bool | None, Meta(description="EnableInsecureGuestLogons.")] = None
    require_encryption: Annotated[bool | None, Meta(description="RequireEncryption; null before 2025.")] = None
    block_ntlm: Annotated[bool | None, Meta(description="BlockNTLM; null before 2025.")] = None
    block_ntlm_exceptions: Annotated[
        tuple[str, ...] | None, Meta(description="BlockNTLMServerExceptionList; null before 2025.")
    ] = None
    audit_signing: Annotated[bool | None, Meta(description="AuditServerDoesNotSupportSigning; null before 2025.")] = (
        None
    )
    audit_encryption: Annotated[
        bool | None, Meta(description="AuditServerDoesNotSupportEncryption; null before 2025.")
    ] = None
    audit_guest: Annotated[bool | None, Meta(description="AuditInsecureGuestLogon; null before 2025.")] = None
    dialect_min: Annotated[Dialect | None, Meta(description="Smb2DialectMin; null before 2025.")] = None
    dialect_max: Annotated[Dialect | None, Meta(description="Smb2DialectMax; null before 2025.")] = None
    mailslots: Annotated[bool | None, Meta(description="EnableMailslots; null before 2025.")] = None
    ciphers: Annotated[tuple[str, ...] | None, Meta(description="EncryptionCiphers in order; null before 2022.")] = None
    quic: Annotated[bool | None, Meta(description="EnableSMBQUIC; null before 2025.")] = None
    skip_certificate_check: Annotated[bool | None, Meta(description="SkipCertificateCheck.")] = None


class RdmaAdapter(msgspec.Struct, frozen=True, kw_only=True):
    """One adapter that knows RDMA."""

    name: str
    interface_description: str | None = None
    enabled: bool
    operational: Annotated[bool | None, Meta(description="OperationalState; null before 23H2.")] = None


class Rdma(Fact, frozen=True, kw_only=True):
    """The RDMA adapters of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="rdma",
        title="RDMA adapters",
        subject=Scope.NODE,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-NetAdapterRdma",
                properties=("Name", "InterfaceDescription", "Enabled", "OperationalState"),
                shapes=("MSFT_NetAdapterRdmaSettingData",),
            ),
        ),
        sources=(
            "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/NetAdapter/Get-NetAdapterRdma.md",
            "microsoft/wmi server2019 and server23h2 (class MSFT_NetAdapterRdmaSettingData)",
        ),
    )

    adapters: tuple[RdmaAdapter, ...]


class Mailslots(Fact, frozen=True, kw_only=True):
    """Policy values about remote mailslots, those under the wrong key (``Browser``) too."""

    INFO: ClassVar[FactType] = FactType(
        name="mailslots",
        title="Remote mailslot policy",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="server_policy", key=r"SOFTWARE\Policies\Microsoft\Windows\Bowser", name="EnableMailslots"
                    ),
                    RegistryRead(
                        field="client_policy",
                        key=r"SOFTWARE\Policies\Microsoft\Windows\NetworkProvider",
                        name="EnableMailslots",
                    ),
                    RegistryRead(
                        field="misspelt_policy",
                        key=r"SOFTWARE\Policies\Microsoft\Windows\Browser",
                        name="EnableMailslots",
                    ),
                )
            ),
        ),
        sources=(
            "0x6d69636b/windows_hardening, CIS list for Windows Server 2025 (machine settings, 1.0.0)",
            "microsoft/osconfig security/SecurityBaseline_WindowsServer_2025-2510.csv",
        ),
    )

    server_policy: Annotated[RegistryValue, Meta(description="0 off, 1 on; the key is spelt Bowser.")]
    client_policy: Annotated[RegistryValue, Meta(description="0 off, 1 on.")]
    misspelt_policy: Annotated[RegistryValue, Meta(description="The same under Browser, which no policy reads.")]
