"""LOG-001: channels that detections need are on."""

from __future__ import annotations

import msgspec

from hypervigil.controls.logging import log_001_channels_enabled as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.event_logs import EventChannel, EventChannels
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.logging_defaults import event_channel, event_channels
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

VHDMP = "Microsoft-Windows-VHDMP-Operational"
KERBEROS = "Microsoft-Windows-Security-Kerberos/Operational"
ATTESTATION = "Microsoft-Windows-HostGuardianService-Client/Operational"
SMB_AUDIT = "Microsoft-Windows-SmbClient/Audit"
SYSMON = "Microsoft-Windows-Sysmon/Operational"


def off(*names: str) -> EventChannels:
    return event_channels(*(event_channel(name, enabled=False) for name in names))


def without(*names: str) -> EventChannels:
    """Asked for and not there."""
    logs = event_channels()
    kept = tuple(channel for channel in logs.channels if channel.name not in names)
    return EventChannels(channels=kept, absent=(*logs.absent, *names))


def unasked(name: str) -> EventChannels:
    logs = event_channels()
    return EventChannels(channels=tuple(c for c in logs.channels if c.name != name), absent=logs.absent)


def renamed(name: str, written: str, *, enabled: bool) -> EventChannels:
    def written_so(channel: EventChannel) -> EventChannel:
        if channel.name != name:
            return channel
        return msgspec.structs.replace(channel, name=written, enabled=enabled)

    logs = event_channels()
    return EventChannels(channels=tuple(map(written_so, logs.channels)), absent=logs.absent)


CASES = (
    Case("all that are needed are on", Outcome.PASS, ("on",), node=(event_channels(),), says="43 channels"),
    Case(
        "one that has to record is off",
        Outcome.FAIL,
        ("off",),
        node=(off(VHDMP),),
        says=f"The channel {VHDMP} is off. What it would show: disks of protected VMs taken.",
    ),
    Case(
        "one finding for each",
        Outcome.FAIL,
        ("off", "off"),
        node=(off("Microsoft-Windows-Hyper-V-Worker-Admin", "Microsoft-Windows-SMBServer/Security"),),
    ),
    Case(
        "one that no detection reads by id",
        Outcome.FAIL,
        ("off",),
        node=(off("Windows PowerShell"),),
        says="engines of PowerShell started",
    ),
    Case("off by default, wanted for dMSA", Outcome.REVIEW, ("advised_off",), node=(off(KERBEROS),), says="dMSA"),
    Case("needed where shielded VMs run", Outcome.REVIEW, ("advised_off",), node=(off(ATTESTATION),)),
    Case(
        "tasks are in the Security log instead",
        Outcome.PASS,
        ("on",),
        node=(off("Microsoft-Windows-TaskScheduler/Operational"),),
    ),
    Case("for a look on the host only", Outcome.PASS, ("on",), node=(off("Setup"),)),
    Case("a product that is there and silenced", Outcome.FAIL, ("off",), node=(off(SYSMON),)),
    Case("a product that is not there", Outcome.PASS, ("on",), node=(without(SYSMON),), says="42 channels"),
    Case("no channel where every node has one", Outcome.REVIEW, ("missing",), node=(without(SMB_AUDIT),)),
    Case("absent, and only advised", Outcome.PASS, ("on",), node=(without(KERBEROS),)),
    Case(
        "other capital letters, on",
        Outcome.PASS,
        ("on",),
        node=(renamed(SMB_AUDIT, "Microsoft-Windows-SMBClient/Audit", enabled=True),),
    ),
    Case(
        "other capital letters, off",
        Outcome.FAIL,
        ("off",),
        node=(renamed(SMB_AUDIT, "Microsoft-Windows-SMBClient/Audit", enabled=False),),
    ),
    Case(
        "a collector that did not know of it",
        Outcome.UNKNOWN,
        ("not_asked",),
        node=(unasked(VHDMP),),
        cause=Cause.NOT_COLLECTED,
        says=VHDMP,
    ),
    Case(
        "off, and another one not asked for",
        Outcome.FAIL,
        ("off", "not_asked"),
        node=(EventChannels(channels=tuple(c for c in off("Security").channels if c.name != VHDMP)),),
    ),
    Case("refused", Outcome.UNKNOWN, gaps={"event_channels": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
