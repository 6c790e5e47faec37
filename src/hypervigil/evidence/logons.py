"""Who logged on to a host, from where, and how: counted, not listed one by one."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.events import LogWindow, RepeatedEvent
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read
from hypervigil.model.subject import Scope

_DAYS = 30
_SECURITY = "Microsoft-Windows-Security-Auditing"
_SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
_CONNECTIONS = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"


class LogonType(Code):
    """``LogonType`` of 4624."""

    SYSTEM = 0
    INTERACTIVE = 2
    NETWORK = 3
    BATCH = 4
    SERVICE = 5
    UNLOCK = 7
    NETWORK_CLEARTEXT = 8
    NEW_CREDENTIALS = 9
    REMOTE_INTERACTIVE = 10
    CACHED_INTERACTIVE = 11
    CACHED_REMOTE_INTERACTIVE = 12
    CACHED_UNLOCK = 13


class Logon(RepeatedEvent, frozen=True, kw_only=True):
    """Logons (4624) that agree in all that is kept of them."""

    sid: Annotated[str, Meta(description="TargetUserSid.")]
    user: Annotated[str | None, Meta(description="TargetDomainName\\TargetUserName.")] = None
    logon_type: LogonType
    address: Annotated[str | None, Meta(description="IpAddress; null where the event has a dash.")] = None
    workstation: Annotated[str | None, Meta(description="WorkstationName, as the client says.")] = None
    package: Annotated[str | None, Meta(description="AuthenticationPackageName: Kerberos, NTLM, Negotiate ...")] = None
    ntlm: Annotated[str | None, Meta(description="LmPackageName, such as NTLM V2.")] = None
    process: Annotated[str | None, Meta(description="LogonProcessName, without blanks around it.")] = None
    elevated: Annotated[bool | None, Meta(description="ElevatedToken is %%1842.")] = None
    virtual_account: Annotated[bool | None, Meta(description="VirtualAccount is %%1842.")] = None
    restricted_admin: Annotated[bool | None, Meta(description="RestrictedAdminMode is %%1842; null for a dash.")] = None
    remote_credential_guard: Annotated[
        bool | None, Meta(description="RemoteCredentialGuard is %%1842; null before version 3 of the event (2025).")
    ] = None


class Trace(RepeatedEvent, frozen=True, kw_only=True):
    """Other traces of use that agree in all that is kept of them; fields that the id does not have are null."""

    sid: Annotated[
        str | None, Meta(description="SubjectUserSid of 4648, the event's own user of WinRM 91; else null.")
    ] = None
    user: Annotated[
        str | None,
        Meta(description="Account of 4778, 4779, 21, 24, 25, 1149; of 4648 the account whose credentials were given."),
    ] = None
    address: Annotated[
        str | None, Meta(description="Where from: an address, or LOCAL for the console; null for a dash.")
    ] = None
    client: Annotated[str | None, Meta(description="ClientName of 4778 and 4779, as the client says.")] = None
    target: Annotated[str | None, Meta(description="TargetServerName of 4648.")] = None
    process: Annotated[str | None, Meta(description="ProcessName of 4648.")] = None
    resource: Annotated[str | None, Meta(description="resourceUri of WinRM 91: which endpoint.")] = None


def _traces(log: str, provider: str, ids: tuple[int, ...], fields: tuple[str, ...]) -> EventRead:
    return EventRead(log=log, provider=provider, ids=ids, fields=fields, days=_DAYS, most=2000)


class Logons(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """Logons of the last 30 days: the newest 20,000 events 4624, and 2,000 of each other kind, as rows with counts.

    A log that rolled over proves nothing about the time before: ``windows`` says how far each reaches. SYSTEM, the
    service accounts of Windows (S-1-5-18 to -20), and the accounts of windows and fonts (S-1-5-90, S-1-5-96) are left
    out.
    """

    INFO: ClassVar[FactType] = FactType(
        name="logons",
        title="Logons",
        subject=Scope.NODE,
        reads=(
            Read(
                events=(
                    EventRead(
                        log="Security",
                        provider=_SECURITY,
                        ids=(4624,),
                        fields=(
                            *("TargetUserSid", "TargetUserName", "TargetDomainName", "LogonType", "LogonProcessName"),
                            *("AuthenticationPackageName", "LmPackageName", "WorkstationName", "IpAddress"),
                            *("RestrictedAdminMode", "RemoteCredentialGuard", "VirtualAccount", "ElevatedToken"),
                        ),
                        days=_DAYS,
                        most=20_000,
                    ),
                    _traces(
                        "Security",
                        _SECURITY,
                        (4648, 4778, 4779),
                        (
                            *(
                                "SubjectUserSid",
                                "TargetUserName",
                                "TargetDomainName",
                                "TargetServerName",
                                "ProcessName",
                            ),
                            *("IpAddress", "AccountName", "AccountDomain", "ClientName", "ClientAddress"),
                        ),
                    ),
                    _traces(f"{_SESSIONS}/Operational", _SESSIONS, (21, 24, 25), ("User", "Address")),
                    _traces(f"{_CONNECTIONS}/Operational", _CONNECTIONS, (1149,), ("Param1", "Param2", "Param3")),
                    _traces("Microsoft-Windows-WinRM/Operational", "Microsoft-Windows-WinRM", (91,), ("resourceUri",)),
                )
            ),
        ),
        sources=(
            "jdu2600/Windows10EtwEvents manifest/Microsoft-Windows-Security-Auditing.tsv",
            "jdu2600/Windows10EtwEvents manifests of WinRM and of TerminalServices",
            "MicrosoftDocs/windows-itpro-docs, page on event 4624 (logon types, %%1842)",
        ),
    )

    logons: tuple[Logon, ...]
    traces: tuple[Trace, ...] = ()
    windows: Annotated[tuple[LogWindow, ...], Meta(description="One for each log that was searched.")]
