"""What the SMB server and client of a host wrote down: transports, peers that can not sign, failed logons."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.events import LogWindow, RepeatedEvent
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read
from hypervigil.model.subject import Scope

SMB_SERVER = "Microsoft-Windows-SMBServer"
SMB_CLIENT = "Microsoft-Windows-SMBClient"
_DAYS = 30
_MOST = 2000


class SmbTransport(Code):
    """``ConnectionType`` of 30832, 1913 and 4000. WSK is TCP, by the kernel's sockets."""

    TDI = 0
    WSK = 1
    RDMA = 2
    VMBUS = 3
    QUIC = 4


class SmbEvent(RepeatedEvent, frozen=True, kw_only=True):
    """Events of one id that agree in all that is kept of them; fields that the id does not have are null."""

    peer: Annotated[
        str | None, Meta(description="ClientName of a server's event, ServerName of a client's, as written.")
    ] = None
    address: Annotated[
        str | None,
        Meta(description="The peer's address, decoded from ClientAddress, ClientSocketAddress or RemoteAddress."),
    ] = None
    user: Annotated[str | None, Meta(description="UserName; often empty in 551.")] = None
    share: Annotated[str | None, Meta(description="ShareName of 4000.")] = None
    status: Annotated[int | None, Meta(description="Status: NTSTATUS of 551, 3024, 31013.")] = None
    connection_type: Annotated[SmbTransport | None, Meta(description="ConnectionType of 30832, 1913 and 4000.")] = None
    mutual_authentication: Annotated[
        int | None, Meta(description="MutualAuthentication of 1913: the client showed a certificate.")
    ] = None
    access_control_check: Annotated[int | None, Meta(description="AccessControlCheck of 1913.")] = None
    required: Annotated[
        bool | None,
        Meta(description="ServerRequiresSigning or -Encryption of 3021, 3022, 3027; ClientRequire... of 31998, 31999."),
    ] = None
    signing_used: Annotated[bool | None, Meta(description="SigningUsed of 4000.")] = None
    encryption_used: Annotated[bool | None, Meta(description="EncyptionUsed (sic) of 4000.")] = None
    spn: Annotated[str | None, Meta(description="SPN of 551 (version 2 and later) and 3025.")] = None


def _server(log: str, ids: tuple[int, ...], fields: tuple[str, ...]) -> EventRead:
    return EventRead(log=log, provider=SMB_SERVER, ids=ids, fields=fields, days=_DAYS, most=_MOST)


def _client(log: str, ids: tuple[int, ...], fields: tuple[str, ...]) -> EventRead:
    return EventRead(log=log, provider=SMB_CLIENT, ids=ids, fields=fields, days=_DAYS, most=_MOST)


class SmbEvents(Fact, frozen=True, kw_only=True):
    """Events of the SMB server and client, those that say the same as one row, newest first.

    Of the last 30 days, and of the newest 2,000 of each log at most. Most of them need an audit to be switched on.
    """

    INFO: ClassVar[FactType] = FactType(
        name="smb_events",
        title="SMB events",
        subject=Scope.NODE,
        reads=(
            Read(
                events=(
                    _server(
                        "Microsoft-Windows-SMBServer/Security",
                        (551,),
                        ("Status", "ClientAddress", "UserName", "ClientName", "SPN"),
                    ),
                    _server(
                        "Microsoft-Windows-SMBServer/Connectivity",
                        (1913, 4000),
                        (
                            *("ConnectionType", "ClientSocketAddress", "MutualAuthentication", "AccessControlCheck"),
                            *("ShareName", "ClientAddress", "ClientName", "SigningUsed", "EncyptionUsed"),
                        ),
                    ),
                    _server(
                        "Microsoft-Windows-SMBServer/Audit",
                        (3000, 3002, 3007, 3008, 3009, 3021, 3022, 3023, 3024, 3025, 3026, 3027),
                        (
                            *("ClientName", "UserName", "ServerRequiresSigning", "ServerRequiresEncryption"),
                            *("ClientSocketAddress", "Status", "SPN"),
                        ),
                    ),
                    _client(
                        "Microsoft-Windows-SmbClient/Connectivity",
                        (30832,),
                        ("ServerName", "ConnectionType", "RemoteAddress"),
                    ),
                    _client(
                        "Microsoft-Windows-SmbClient/Audit",
                        (31997, 31998, 31999, 32000, 32002),
                        ("ServerName", "ClientRequireSigning", "ClientRequireEncryption"),
                    ),
                    _client(
                        "Microsoft-Windows-SmbClient/Security",
                        (31013, 31017, 31018, 31022),
                        ("ServerName", "UserName", "Status"),
                    ),
                )
            ),
        ),
        sources=(
            "jdu2600/Windows10EtwEvents manifest/Microsoft-Windows-SMBServer.tsv and -SMBClient.tsv",
            "repnz/etw-providers-docs Manifests-Win10-18990 (ConnectionTypeMap)",
            "MicrosoftDocs/windowsserverdocs WindowsServerDocs/storage/file-server/smb-over-quic.md",
        ),
    )

    events: tuple[SmbEvent, ...]
    windows: Annotated[tuple[LogWindow, ...], Meta(description="One for each log that was searched.")]
