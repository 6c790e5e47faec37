r"""LM-011  CredSSP is off in WinRM, client and server.

## What it decides

Whether a domain member takes CredSSP logons over WinRM, or hands credentials over itself that way.

## Why it matters

CredSSP gives the other side the password as it was typed. A node that takes it collects the passwords of its
administrators in memory, one logon after the other; a node that gives it carries them to whoever it talks to. It is
switched on to get past the second hop of remote cluster commands, and stays on. It is another dependency than the one
of live migration (LM-001, LM-002): switching one off does not switch off the other.

## How it is decided

- `CredSSP` below the WinRM service's or client's `Auth` is true: FAIL, and which of the two.
- Both are false: PASS.
- WinRM does not run, so that nobody could ask it, or a value was not read: UNKNOWN.

Nodes of a workgroup cluster are not judged: the remoting set-up of such clusters on Windows Server 2025 asks for
CredSSP on all nodes (`Test-WorkgroupClusterRemoting` looks for it), so it may be on by design.

## How to look yourself

    Get-WSManCredSSP
    Get-Item -Path WSMan:\localhost\Service\Auth\CredSSP
    Get-Item -Path WSMan:\localhost\Client\Auth\CredSSP

Expected on 2019, 2022 and 2025: `false` in both, which is the default.

## Remedy

    Disable-WSManCredSSP -Role Server
    Disable-WSManCredSSP -Role Client

- Reboot: none.
- Order: see first who relies on it: scripts that run cluster cmdlets from afar and reach on to a share or another
  node. Give them resource-based delegation, a JEA endpoint on the node, or run them on the node. Then all nodes.
- Rollback: `Enable-WSManCredSSP -Role Server`, and for the client `Enable-WSManCredSSP -Role Client
  -DelegateComputer` with the names it may delegate to.

## What it cannot see

Which scripts use it. Passwords that a logon has left behind already. What the endpoint offers on the wire (MGT-016).

## References

- MicrosoftDocs/PowerShell-Docs, `reference/5.1/Microsoft.WSMan.Management/Get-WSManCredSSP.md`
- MicrosoftDocs/win32, `desktop-src/WinRM/installation-and-configuration-for-windows-remote-management.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/Test-WorkgroupClusterRemoting.md`
"""

from __future__ import annotations

from hypervigil.controls.effective.winrm import unread
from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.management import WinRm
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    WORKGROUP = excludes("The node is in a workgroup, where the remoting set-up of a 2025 cluster asks for CredSSP.")
    OFF = passes("WinRM neither takes nor gives CredSSP.")
    SERVER_TAKES = fails("The WinRM service takes CredSSP logons: passwords of administrators arrive here in full.")
    CLIENT_GIVES = fails("The WinRM client may hand over credentials by CredSSP.")
    STOPPED = unknown("WinRM does not run, so its settings could not be asked for.", Cause.NOT_COLLECTED)
    UNSEEN = unknown("The source does not hold CredSSP's switch of the WinRM {roles}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="LM-011",
    title="CredSSP is off in WinRM, client and server",
    family=Family.LIVE_MIGRATION,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Members of a domain."""
    return None if system.part_of_domain else Why.WORKGROUP()


def assess(winrm: WinRm) -> Verdict:
    """Judge both roles; what was not read is said."""
    reasons: list[Reason] = []
    if winrm.auth_credssp:
        reasons.append(Why.SERVER_TAKES())
    if winrm.client_auth_credssp:
        reasons.append(Why.CLIENT_GIVES())
    unseen = unread(("service", winrm.auth_credssp), ("client", winrm.client_auth_credssp))
    if unseen:
        reasons.append(Why.UNSEEN(roles=unseen) if winrm.running else Why.STOPPED())
    return verdict(*reasons) if reasons else verdict(Why.OFF())
