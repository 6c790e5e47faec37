"""SMB over QUIC, shares and sessions of a host."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.evidence.release import Release
from hypervigil.model.subject import Scope

_CMDLETS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/SmbShare/"


class QuicMapping(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate that is mapped to a name of the server: the real switch of SMB over QUIC."""

    name: Annotated[str, Meta(description="Name of the server that clients use.")]
    thumbprint: Annotated[str, Meta(description="SHA-1, upper-case hex.")]
    subject: str | None = None
    store_name: Annotated[str | None, Meta(description="Store of the certificate, such as My.")] = None
    type: Annotated[str | None, Meta(description="QUIC.")] = None
    flags: Annotated[
        tuple[str, ...] | None, Meta(description="AllowNamedPipe lets named pipes through; empty where None is shown.")
    ] = None
    require_client_authentication: Annotated[
        bool | None, Meta(description="RequireClientAuthentication: client access control is on.")
    ] = None
    skip_client_access_check: Annotated[bool | None, Meta(description="SkipClientCertificateAccessCheck.")] = None


class QuicAccess(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the access control of clients by their certificates."""

    mapping: Annotated[str, Meta(description="Name of the mapping that it belongs to.")]
    identifier_type: Annotated[str, Meta(description="SHA256 (one certificate) or ISSUER.")]
    identifier: str
    deny: Annotated[bool, Meta(description="AccessControlType is Deny.")]


class AlternativePort(msgspec.Struct, frozen=True, kw_only=True):
    """A further port on which the server listens."""

    transport: Annotated[str, Meta(description="TransportType: QUIC.")]
    port: int


class SmbQuic(Fact, frozen=True, kw_only=True):
    """SMB over QUIC on the server side. Without a mapping nothing is served over QUIC, whatever EnableSMBQUIC says."""

    INFO: ClassVar[FactType] = FactType(
        name="smb_quic",
        title="SMB over QUIC",
        subject=Scope.NODE,
        minimum_release=Release.WS2022,
        reads=(
            Read(
                command="Get-SmbServerCertificateMapping",
                properties=(
                    *("Name", "Thumbprint", "Subject", "StoreName", "Type", "Flags"),
                    *("RequireClientAuthentication", "SkipClientCertificateAccessCheck"),
                ),
                shapes=("MSFT_SmbServerCertificateMapping",),
            ),
            Read(
                command="Get-SmbClientAccessToServer -Name",
                properties=("Name", "IdentifierType", "Identifier", "AccessControlType"),
                shapes=("MSFT_SmbServerCertificateMappingAccessControlEntry",),
            ),
            Read(command="Get-SmbServerAlternativePort", properties=("TransportType", "Port")),
        ),
        sources=(
            _CMDLETS + "Get-SmbServerCertificateMapping.md",
            _CMDLETS + "Get-SmbClientAccessToServer.md",
            _CMDLETS + "Get-SmbServerAlternativePort.md",
            "microsoft/wmi server23h2 (class MSFT_SmbServerCertificateMapping)",
        ),
    )

    mappings: tuple[QuicMapping, ...]
    access: Annotated[
        tuple[QuicAccess, ...] | None, Meta(description="Null where the release can not tell (before 2022 updates).")
    ] = None
    alternative_ports: Annotated[tuple[AlternativePort, ...] | None, Meta(description="Null before 2025.")] = None


class SmbShare(msgspec.Struct, frozen=True, kw_only=True):
    """One share of a host, or of a file server role that it owns."""

    name: str
    scope: Annotated[str | None, Meta(description="ScopeName: * of the host, or the name of a role.")] = None
    path: str | None = None
    special: Annotated[bool | None, Meta(description="Made by Windows, such as C$ and IPC$.")] = None
    encrypt_data: bool | None = None
    continuously_available: bool | None = None
    sddl: Annotated[str | None, Meta(description="SecurityDescriptor of the share, in SDDL.")] = None


class SmbShares(Fact, frozen=True, kw_only=True):
    """The shares of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="smb_shares",
        title="SMB shares",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-SmbShare",
                properties=(
                    *("Name", "ScopeName", "Path", "Special", "EncryptData"),
                    *("ContinuouslyAvailable", "SecurityDescriptor"),
                ),
                shapes=("MSFT_SmbShare",),
            ),
        ),
        sources=(_CMDLETS + "Get-SmbShare.md", "microsoft/wmi server2019 and server23h2 (class MSFT_SmbShare)"),
    )

    shares: tuple[SmbShare, ...]


class SmbInstance(Code):
    """``SmbInstance`` of a connection: whose traffic it is."""

    DEFAULT = 0
    CSV = 1
    SBL = 2
    SR = 3


class SmbConnection(msgspec.Struct, frozen=True, kw_only=True):
    """One connection of the SMB client of a host."""

    server: Annotated[str, Meta(description="ServerName as the connection was opened: a name or an address.")]
    share: Annotated[str, Meta(description="ShareName.")]
    instance: SmbInstance | None = None
    user: Annotated[str | None, Meta(description="UserName: who uses it, such as a VM's virtual account.")] = None
    credential: Annotated[str | None, Meta(description="Credential: the account that was authenticated.")] = None
    dialect: Annotated[str | None, Meta(description="Such as 3.1.1.")] = None
    signed: Annotated[bool | None, Meta(description="Signed; null before the release that tells.")] = None
    encrypted: Annotated[bool | None, Meta(description="Encrypted.")] = None
    continuously_available: Annotated[bool | None, Meta(description="ContinuouslyAvailable.")] = None


class SmbConnections(Fact, frozen=True, kw_only=True):
    """The SMB servers that a host was connected to when it was asked. Nothing reads it yet."""

    INFO: ClassVar[FactType] = FactType(
        name="smb_connections",
        title="SMB connections",
        subject=Scope.NODE,
        reads=(),
        sources=(_CMDLETS + "Get-SmbConnection.md", "microsoft/wmi server2019 (class MSFT_SmbConnection)"),
    )

    connections: tuple[SmbConnection, ...]
