r"""MGT-006  WinRM refuses Basic and unencrypted traffic; channel binding is at least Relaxed.

## What it decides

Whether the WinRM service of a node takes passwords in clear or messages in clear, whether it checks that a logon came
through the very TLS channel that carries it, and whether its client may talk in clear.

## Why it matters

Basic sends name and password as they are. Unencrypted traffic lets everyone on the way read and change the commands
that run as an administrator. Without channel binding a logon that somebody passes on from another server is taken over
HTTPS as if the administrator sat there.

## How it is decided

- `Service\Auth\Basic` is true: FAIL. Over HTTPS too: whoever ends the TLS session has the password.
- `Service\AllowUnencrypted` is true: FAIL; `Client\AllowUnencrypted` is true: FAIL. Both are false by default, so
  somebody has switched them on.
- `Service\Auth\CbtHardeningLevel` is `None`: FAIL. `Relaxed`, the default, and `Strict`: fine. Another word: REVIEW.
- The client's `Basic` is named in a remark only: it is on by default, and a client that does not talk in clear uses
  it over HTTPS alone.
- WinRM does not run, so that nobody could ask it, or a value was not read: UNKNOWN.

What is judged is in force: WinRM answers with the values of policy where policy sets them.

## How to look yourself

    Get-Item -Path WSMan:\localhost\Service\AllowUnencrypted, WSMan:\localhost\Client\AllowUnencrypted
    Get-ChildItem -Path WSMan:\localhost\Service\Auth

Expected on 2019, 2022 and 2025: `AllowUnencrypted` false in both, `Basic` false, `CbtHardeningLevel` `Relaxed` or
`Strict`. `winrm get winrm/config` marks with `[Source="GPO"]` what a policy holds.

## Remedy

    Set-Item -Path WSMan:\localhost\Service\Auth\Basic -Value $false
    Set-Item -Path WSMan:\localhost\Service\AllowUnencrypted -Value $false
    Set-Item -Path WSMan:\localhost\Client\AllowUnencrypted -Value $false
    Set-Item -Path WSMan:\localhost\Service\Auth\CbtHardeningLevel -Value Relaxed

A value that policy holds is changed there: *Windows Components > Windows Remote Management*, *Allow Basic
authentication* and *Allow unencrypted traffic*, for service and client. `Strict` suits nodes whose clients all come
over HTTPS and can do channel binding.

- Reboot: none.
- Order: find who uses Basic first (scripts from systems other than Windows, monitoring), give them Kerberos, then
  switch it off on all nodes; encryption after that, channel binding last.
- Rollback: the same commands with the value that stood there.

## What it cannot see

What the listener offers on the wire (MGT-016), and clients that have been refused since.

## References

- MicrosoftDocs/win32, `desktop-src/WinRM/installation-and-configuration-for-windows-remote-management.md`
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv`, rows on WinRM
"""

from __future__ import annotations

from hypervigil.controls.effective.winrm import unread
from hypervigil.evidence.management import WinRm
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    REFUSED = passes(
        "WinRM takes neither Basic nor unencrypted traffic; channel binding (CbtHardeningLevel) is {level}."
    )
    BASIC = fails("The WinRM service takes Basic: passwords arrive as they are.")
    CLEAR_SERVICE = fails("The WinRM service takes unencrypted traffic (Service\\AllowUnencrypted).")
    CLEAR_CLIENT = fails("The WinRM client may talk without encryption (Client\\AllowUnencrypted).")
    UNBOUND = fails("The WinRM service checks no channel binding (CbtHardeningLevel is None).")
    STRANGE = reviews("CbtHardeningLevel is {level}, which no table has: what does it do?", Confidence.UNVERIFIED)
    STOPPED = unknown("WinRM does not run, so its settings could not be asked for.", Cause.NOT_COLLECTED)
    UNSEEN = unknown("The source does not hold {settings} of WinRM.", Cause.NOT_IN_SOURCE)
    BASIC_CLIENT = remarks("The WinRM client may use Basic, its default; it does so over HTTPS alone.")


CONTROL = Control(
    id="MGT-006",
    title="WinRM refuses Basic and unencrypted traffic; channel binding is at least Relaxed",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

BOUND = {"relaxed": "Relaxed", "strict": "Strict"}


def assess(winrm: WinRm) -> Verdict:
    """Judge service and client; what was not read is said."""
    level = winrm.channel_binding
    reasons: list[Reason] = []
    if winrm.auth_basic:
        reasons.append(Why.BASIC())
    if winrm.allow_unencrypted:
        reasons.append(Why.CLEAR_SERVICE())
    if winrm.client_allow_unencrypted:
        reasons.append(Why.CLEAR_CLIENT())
    if level is not None and level.lower() not in BOUND:
        reasons.append(Why.UNBOUND() if level.lower() == "none" else Why.STRANGE(level=level))
    settings = unread(
        ("Service\\Auth\\Basic", winrm.auth_basic),
        ("Service\\AllowUnencrypted", winrm.allow_unencrypted),
        ("Client\\AllowUnencrypted", winrm.client_allow_unencrypted),
        ("Service\\Auth\\CbtHardeningLevel", level),
    )
    if settings:
        reasons.append(Why.UNSEEN(settings=settings) if winrm.running else Why.STOPPED())
    if not reasons and level is not None:
        reasons.append(Why.REFUSED(level=BOUND[level.lower()]))
    if winrm.client_auth_basic and winrm.client_allow_unencrypted is False:
        reasons.append(Why.BASIC_CLIENT())
    return verdict(*reasons)
