r"""LOG-001  Every channel that the detections need is enabled.

## What it decides

Whether a node writes the event channels that detections on a Hyper-V cluster read.

## Why it matters

A channel that is switched off leaves nothing to forward, nothing to search and nothing to prove. Switching one off
writes no event of the Security log, which makes it a quiet way to work unseen. And some were never on: Windows leaves
the one that tells of delegated managed service accounts off.

## How it is decided

The channels are those listed below, by their exact names. Where Windows itself is not of one mind about capital
letters (`SmbClient/Audit`, `SMBClient/Operational`), neither is the comparison.

- A channel that every node has to record is off: FAIL, for each, with what nobody sees without it.
- A channel that it should record, or has to where shielded VMs run, is off: REVIEW.
- A channel that every node of a cluster has as a rule is not there: REVIEW. Absent is not disabled: a release may be
  without it, its role may be missing.
- A channel that comes with a role or product is not there: nothing follows. LOG-007 and LOG-008 ask for Sysmon and EDR.
- Nobody asked the node for a channel: UNKNOWN.
- All that are needed are on: PASS.

Has to record:

- of Windows: Security, System, CodeIntegrity, DeviceGuard, NTLM, PowerShell/Operational, Windows PowerShell, WinRM and
  Forwarding;
- of cluster and Hyper-V: FailoverClustering/Operational, Hyper-V-VMMS-Admin and -Operational, Hyper-V-Worker-Admin,
  Hyper-V-High-Availability-Admin, VHDMP-Operational;
- of SMB: SMBServer/Security, /Audit and /Connectivity, SmbClient/Security and /Audit;
- of Remote Desktop: TerminalServices-LocalSessionManager, TerminalServices-RemoteConnectionManager,
  RemoteDesktopServices-RdpCoreTS;
- where it is installed: Sysmon, Windows Defender, PowerShellCore, Microsoft-ServerManagementExperience (Windows Admin
  Center).

Three of them are often taken for others. Failed SMB logons are event 551 of SMBServer/**Security**; SMBServer/Audit has
none. *Microsoft-Windows-Hyper-V-VMMS* and *-Worker* are providers, no channels. Errors of the cluster are in System;
FailoverClustering/Operational has what went well.

TaskScheduler/Operational is not asked for: tasks are in the Security log as 4698 to 4702 (LOG-004).

## How to look yourself

    Get-WinEvent -ListLog Security, System, *Hyper-V*, *SMB*, *FailoverClustering*, *VHDMP* |
        Select-Object LogName, IsEnabled, RecordCount

Expected on 2019, 2022 and 2025: `IsEnabled` is `True` for each channel of the list. Off by default are
Microsoft-Windows-Security-Kerberos/Operational and Microsoft-Windows-TaskScheduler/Operational; what Hyper-V, cluster
and SMB channels are by default has not been verified, so read it.

## Remedy

    wevtutil.exe set-log Microsoft-Windows-VHDMP-Operational /enabled:true

- Reboot: none.
- Order: ask first who switched it off and when; then all nodes, then the image and the policy that new nodes get.
- Rollback: the same command with `/enabled:false`.

## What it cannot see

Whether anything is written into an enabled channel: many events need an audit or a producer to be switched on
(LOG-004, LOG-009, SMB-009). Whether it leaves the node (LOG-002). For how long the channel has been on.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/administration/windows-commands/wevtutil.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/system-events.md`
- MicrosoftDocs/Virtualization-Documentation, `hyperv-tools/HyperVLogs/HyperVLogs.psm1`
- jdu2600/Windows10EtwEvents, `manifest/`
"""

from __future__ import annotations

from hypervigil.evidence.detection_sources import CHANNEL_SOURCES, ChannelSource, Found
from hypervigil.evidence.event_logs import EventChannels
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ON = passes("{count} channels that detections need are on.")
    OFF = fails("The channel {channel} is off. What it would show: {shows}.")
    ADVISED_OFF = reviews("The channel {channel} is off. What it would show: {shows}. Can that be done without?")
    MISSING = reviews(
        "There is no channel {channel}, which nodes of a Hyper-V cluster have as a rule. Is the release without it, is "
        "a role missing, or was it removed?"
    )
    NOT_ASKED = unknown("Nobody asked for these channels: {channels}.", Cause.NOT_COLLECTED)


CONTROL = Control(
    id="LOG-001",
    title="Every channel that the detections need is enabled",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

NEEDED = tuple((each.name.casefold(), each) for each in CHANNEL_SOURCES if each.demanded or each.advised)
"""The channels that are asked for, each with its name in lower case."""


def assess(logs: EventChannels) -> Verdict:
    """Judge each channel of the table that the node has, or should have."""
    absent = {name.casefold() for name in logs.absent}
    reasons: list[Reason] = []
    not_asked: list[str] = []
    enabled = 0
    channels = logs.by_name
    for name, source in NEEDED:
        channel = channels.get(name)
        if channel is not None and channel.enabled:
            enabled += 1
        elif channel is not None:
            reasons.append(_off(source))
        elif name not in absent:
            not_asked.append(source.name)
        elif source.demanded and source.found is Found.EVERYWHERE:
            reasons.append(Why.MISSING(channel=source.name))
    if not_asked:
        reasons.append(Why.NOT_ASKED(channels=", ".join(not_asked)))
    return verdict(*reasons) if reasons else verdict(Why.ON(count=enabled))


def _off(source: ChannelSource) -> Reason:
    said = {"channel": source.name, "shows": source.shows}
    return Why.OFF(**said) if source.demanded else Why.ADVISED_OFF(**said)
