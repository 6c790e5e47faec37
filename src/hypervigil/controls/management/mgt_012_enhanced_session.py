r"""MGT-012  Enhanced session mode is off; integration of clipboard and drives with guests is deliberate.

## What it decides

Whether a host offers enhanced sessions to whoever opens the console of one of its VMs.

## Why it matters

An enhanced session is a Remote Desktop session through the host instead of through the network: it shares clipboard,
drives, printers and devices of the machine at which somebody sits with the guest. So text and files pass between an
administrator's machine and a guest that may be a tenant's, past every firewall between them, and in both directions.
For shielded VMs it is the way by which their console can be reached at all since version 1803, with the guest's own
credentials.

## How it is decided

- `EnableEnhancedSessionMode` of the host is False: PASS.
- It is True: FAIL. Where somebody wants it, a waiver says who and why, which is what makes it deliberate.
- The value was not read: UNKNOWN.

## How to look yourself

    Get-VMHost | Select-Object EnableEnhancedSessionMode

Expected on 2019, 2022 and 2025: `False`, which is the default on servers (on clients it is on).

## Remedy

    Set-VMHost -EnableEnhancedSessionMode $false

- Reboot: none; sessions that are open stay until they are closed.
- Order: ask first who operates guests through their console. Then all nodes, so that a VM behaves the same wherever it
  runs.
- Rollback: `Set-VMHost -EnableEnhancedSessionMode $true`.

## What it cannot see

Whether a guest accepts enhanced sessions: it needs Remote Desktop services inside, and can refuse
(`DisableEnhancedSessionConsoleConnection` in a guest of 2019 or later, or its service `vmicvmsession` disabled). What
the user's own settings of Virtual Machine Connection share. The Guest Service Interface, by which the host copies files
into a guest, is a switch of each VM and not looked at.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/Hyper-V/Set-VMHost.md`
- MicrosoftDocs/windowsserverdocs,
  `WindowsServerDocs/virtualization/hyper-v/learn-more/Use-local-resources-on-Hyper-V-virtual-machine-with-VMConnect.md`
"""

from __future__ import annotations

from hypervigil.evidence.hyper_v import VmHost
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    OFF = passes("The host offers no enhanced sessions.")
    ON = fails("Enhanced session mode is on: clipboard and drives of who opens a console are shared with the guest.")
    UNSEEN = unknown("The source does not say whether the host offers enhanced sessions.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="MGT-012",
    title="Enhanced session mode is off; integration of clipboard and drives with guests is deliberate",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.LOW,
    reasons=Why,
)


def assess(host: VmHost) -> Verdict:
    """Judge the host's switch."""
    if host.enhanced_session_mode is None:
        return verdict(Why.UNSEEN())
    return verdict(Why.ON() if host.enhanced_session_mode else Why.OFF())
