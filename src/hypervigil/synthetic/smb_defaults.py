"""What a well-kept host has of SMB besides its configuration: shares, QUIC, events, connections.

As in ``defaults``, each function gives one fact, with nothing in it to complain of; keyword arguments replace single
fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import msgspec

from hypervigil.evidence.release import Release
from hypervigil.evidence.smb_events import SMB_CLIENT, SMB_SERVER, SmbEvent, SmbEvents
from hypervigil.evidence.smb_quic import QuicMapping, SmbConnection, SmbConnections, SmbQuic, SmbShare, SmbShares
from hypervigil.synthetic.moments import AT, changed, window


def smb_shares(*extra: SmbShare) -> SmbShares:
    """What Windows makes by itself, and what else is given."""
    special = (("ADMIN$", "C:\\Windows"), ("C$", "C:\\"), ("IPC$", ""), ("ClusterStorage$", "C:\\ClusterStorage"))
    own = (SmbShare(name=name, scope="*", path=path, special=True, encrypt_data=False) for name, path in special)
    return SmbShares(shares=(*own, *extra))


def quic_mapping(thumbprint: str, **changes: Any) -> QuicMapping:
    """A mapping with client access control."""
    fact = QuicMapping(
        name="fs.contoso.com",
        thumbprint=thumbprint,
        subject="CN=fs.contoso.com",
        store_name="My",
        type="QUIC",
        flags=(),
        require_client_authentication=True,
        skip_client_access_check=False,
    )
    return msgspec.structs.replace(fact, **changes)


def smb_quic(*mappings: QuicMapping, release: Release = Release.WS2025, **changes: Any) -> SmbQuic:
    """Nothing is served over QUIC but what is given."""
    ports = () if release >= Release.WS2025 else None
    return changed(SmbQuic(mappings=mappings, access=(), alternative_ports=ports), changes)


def smb_event(event_id: int, **changes: Any) -> SmbEvent:
    """An event of an hour ago, in the log that events of its id are in."""
    log = next(log for log, ids in _SMB_LOGS.items() if event_id in ids)
    fact = SmbEvent(
        record_id=7000 + event_id,
        channel=log,
        provider=SMB_SERVER if "SMBServer" in log else SMB_CLIENT,
        id=event_id,
        time=AT - datetime.timedelta(hours=1),
    )
    return msgspec.structs.replace(fact, **changes)


_SMB_LOGS: dict[str, Sequence[int]] = {read.log: read.ids for part in SmbEvents.INFO.reads for read in part.events}


def smb_events(*events: SmbEvent) -> SmbEvents:
    """Every log was searched; nothing was found but what is given."""
    return SmbEvents(events=events, windows=tuple(window(log) for log in _SMB_LOGS))


def smb_connections(*extra: SmbConnection) -> SmbConnections:
    """One to a file server, signed, and what else is given."""
    own = SmbConnection(
        server="fs01.contoso.com",
        share="VMS1",
        user="CONTOSO\\HV01$",
        credential="CONTOSO\\HV01$",
        dialect="3.1.1",
        signed=True,
        encrypted=False,
    )
    return SmbConnections(connections=(own, *extra))
