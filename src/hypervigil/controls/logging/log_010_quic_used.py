r"""LOG-010  SMB over QUIC clients show QUIC transport (30832; server 1913) where QUIC is meant to be used.

## What it decides

Whether SMB over QUIC carries what it was set up for: on the server side, whether clients come over QUIC where a
certificate is mapped; on the client side, whether connections to servers that were reached over QUIC still are.

## Why it matters

A client tries TCP first. Where QUIC was set up to keep SMB off a network that is not trusted, a path that is still open
for port 445 is taken in silence, and everything works: nobody sees that the tunnel is not used.

## How it is decided

The event says no more than that a connection was made; its field `ConnectionType` tells the transport (0 TDI, 1 TCP by
the kernel's sockets, 2 RDMA, 3 VMBus, 4 QUIC). So the field is judged, never the id.

- A server that was reached over QUIC is reached by something else since: FAIL.
- A name that is mapped for QUIC here is reached by something else, and never was by QUIC: REVIEW. Within a cluster that
  can be meant.
- A certificate is mapped, and no 1913 with QUIC is in the log: REVIEW, with how far the log reaches.
- The newest event does not tell its transport: REVIEW.
- Clients come over QUIC, or servers are reached over it, and nothing of the above: PASS.
- Nothing is mapped and no connection went over QUIC: NOT_APPLICABLE.
- Mappings, or a log that is needed, could not be read: UNKNOWN.

The numbers of `ConnectionType` come from the providers' manifests (build 18990), not from a page of Microsoft's. Before
Windows Server 2025 neither event is written: the control does not apply.

## How to look yourself

    Get-SmbServerCertificateMapping
    Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-SmbClient/Connectivity'; Id = 30832 } -MaxEvents 50 |
        Format-List TimeCreated, Message
    Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-SMBServer/Connectivity'; Id = 1913 } -MaxEvents 50 |
        Format-List TimeCreated, Message

Expected on 2025: 1913 where a certificate is mapped; 30832 with QUIC for each server that is meant to be reached over
it. 2019 and 2022 write neither.

## Remedy

Close the other way, so that QUIC is the only one: block TCP 445 from the networks that are meant to use QUIC. On a
client, ask for it by name:

    New-SmbMapping -LocalPath Q: -RemotePath \\fs.contoso.com\share -TransportType QUIC

- Reboot: none.
- Order: see QUIC work with one client first (certificate, name, UDP 443), then close TCP 445.
- Rollback: open the port again.

## What it cannot see

Where QUIC is meant to be used and was never tried: no host knows. Clients that are no nodes. Events older than 30 days
or than the log, which is small.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-over-quic.md` and
  `WindowsServerDocs/get-started/whats-new-windows-server-2025.md`
- jdu2600/Windows10EtwEvents, `manifest/Microsoft-Windows-SMBClient.tsv` and `-SMBServer.tsv`
- repnz/etw-providers-docs, `Manifests-Win10-18990` (ConnectionTypeMap)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.events import window_of
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb_events import SmbEvent, SmbEvents, SmbTransport
from hypervigil.evidence.smb_quic import SmbQuic
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    BEFORE_2025 = excludes("{release} writes no event that tells the transport of an SMB connection.")
    NOT_MEANT = excludes("No certificate is mapped for QUIC, and no connection went over it.")
    SERVED = passes("Clients come over QUIC ({count} connections, the newest at {time}, UTC).")
    REACHED = passes("Over QUIC are reached: {servers}.")
    FELL_BACK = fails(
        "{server} was reached over QUIC until {until} (UTC), and by {transport} at {time} (UTC).", Confidence.SECONDARY
    )
    OTHER_WAY = reviews("{server} is mapped for QUIC and was reached by {transport} at {time} (UTC). Is that meant?")
    UNUSED = reviews(
        "A certificate is mapped for {names}, and no client came over QUIC since {since} (UTC). Is it needed?"
    )
    NOT_TOLD = reviews("The newest event of {about} does not tell a transport that is known ({told}). Was it QUIC?")
    MAPPINGS_UNSEEN = unknown("Whether a certificate is mapped for QUIC could not be seen.")
    LOG_UNSEEN = unknown("The log {channel} could not be searched.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="LOG-010",
    title="SMB over QUIC clients show QUIC transport (30832; server 1913) where QUIC is meant to be used",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.LOW,
    confidence=Confidence.SECONDARY,
    reasons=Why,
)

CLIENT_LOG = "Microsoft-Windows-SmbClient/Connectivity"
SERVER_LOG = "Microsoft-Windows-SMBServer/Connectivity"
CLIENT_CONNECTED, SERVER_CONNECTED = 30832, 1913
_SHOWN = {SmbTransport.TDI: "TDI", SmbTransport.WSK: "TCP", SmbTransport.RDMA: "RDMA", SmbTransport.VMBUS: "VMBus"}


def applies(system: OperatingSystem) -> Reason | None:
    """Windows Server 2025 and later."""
    if system.build_number >= Release.WS2025.build:
        return None
    return Why.BEFORE_2025(release=system.release_title)


def assess(events: SmbEvents, quic: Maybe[SmbQuic]) -> Verdict:
    """Judge the node as a client, then as a server."""
    names = tuple(mapping.name for mapping in quic.value.mappings) if quic.value else ()
    reasons = _as_client(events, names)
    if quic.value is None:
        reasons.append(Why.MAPPINGS_UNSEEN.because(quic.missing))
    elif names:
        reasons.append(_as_server(events, names))
    return verdict(*reasons) if reasons else verdict(Why.NOT_MEANT())


def _as_client(events: SmbEvents, names: Iterable[str]) -> list[Reason]:
    """What there is to say of servers that were reached over QUIC, or are mapped for it here."""
    if window_of(events.windows, CLIENT_LOG) is None:
        return [Why.LOG_UNSEEN(channel=CLIENT_LOG)]
    servers: dict[str, list[SmbEvent]] = {}
    for event in events.events:
        server = (event.peer or event.address or "").strip("\\").casefold()
        if event.id == CLIENT_CONNECTED and server:
            servers.setdefault(server, []).append(event)
    mapped = {name.casefold() for name in names}
    reasons: list[Reason] = []
    over_quic: list[str] = []
    for server, own in sorted(servers.items()):
        newest = max(own, key=_age)
        tunnelled = [each for each in own if each.connection_type is SmbTransport.QUIC]
        if newest.connection_type is SmbTransport.QUIC:
            over_quic.append(server)
        elif not tunnelled and server not in mapped:
            continue
        elif newest.connection_type not in _SHOWN:
            reasons.append(_not_told(server, newest))
        else:
            said = {"server": server, "transport": _SHOWN[newest.connection_type], "time": _at(newest.time)}
            if tunnelled:
                reasons.append(Why.FELL_BACK(until=_at(max(tunnelled, key=_age).time), **said))
            else:
                reasons.append(Why.OTHER_WAY(**said))
    return [*reasons, Why.REACHED(servers=", ".join(over_quic))] if over_quic else reasons


def _as_server(events: SmbEvents, names: tuple[str, ...]) -> Reason:
    window = window_of(events.windows, SERVER_LOG)
    if window is None:
        return Why.LOG_UNSEEN(channel=SERVER_LOG)
    own = [event for event in events.events if event.id == SERVER_CONNECTED]
    tunnelled = [event for event in own if event.connection_type is SmbTransport.QUIC]
    if tunnelled:
        newest = max(tunnelled, key=_age)
        return Why.SERVED(count=sum(event.count for event in tunnelled), time=_at(newest.time))
    if own:
        return _not_told("clients (1913)", max(own, key=_age))
    since = max(filter(None, (window.since, window.oldest)))
    return Why.UNUSED(names=", ".join(names), since=_at(since))


def _not_told(about: str, event: SmbEvent) -> Reason:
    told = "nothing" if event.connection_type is None else event.connection_type.label
    return Why.NOT_TOLD(about=about, told=told)


def _age(event: SmbEvent) -> tuple[datetime.datetime, int]:
    return in_utc(event.time), event.record_id


def _at(time: datetime.datetime) -> str:
    return f"{in_utc(time):%Y-%m-%d %H:%M}"
