r"""MGT-001  RDP is off, or configured to demand NLA and TLS.

## What it decides

Whether Remote Desktop is refused by a node, or else lets nobody get as far as a logon screen without having
authenticated first (NLA), over nothing but TLS.

## Why it matters

Without NLA whoever reaches port 3389 gets a session's worth of code to talk to before saying who they are, which is
what worms of the past used. Without TLS the host is not authenticated to the client, so passwords can be typed into
somebody else's machine. Of a Hyper-V host that is the way to all of its guests.

## How it is decided

A value of policy beats the local one of the same name.

| value | good | else |
|---|---|---|
| `fDenyTSConnections` | 1: PASS, RDP is off and the rest does not matter | 0: it is on |
| `UserAuthentication` | 1: NLA is demanded | 0: FAIL |
| `SecurityLayer` | 2: TLS is demanded | 0 (RDP's own) or 1 (negotiated): FAIL |

What nobody has set is a question, not a verdict: REVIEW. Of `fDenyTSConnections` no page gives the value of a fresh
server. For the other two, Microsoft's page on answer files says 0 and 1 where others say that NLA has been demanded
since 2012; installed servers have both written down. A number outside the table is REVIEW as well; a value that could
not be looked at is UNKNOWN. Where NLA and TLS are demanded it does not matter whether RDP is on: PASS.

Read the registry for `SecurityLayer`: the property of that name in WMI counts from 1, its method from 0.

## How to look yourself

    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services'
    $server = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
    Get-ItemProperty -Path $policy | Select-Object fDenyTSConnections, UserAuthentication, SecurityLayer
    Get-ItemProperty -Path $server | Select-Object fDenyTSConnections
    Get-ItemProperty -Path "$server\WinStations\RDP-Tcp" | Select-Object UserAuthentication, SecurityLayer

Expected on 2019, 2022 and 2025: `fDenyTSConnections` 1, or `UserAuthentication` 1 and `SecurityLayer` 2. The first line
fails where no policy has ever set anything.

## Remedy

Group Policy, *Remote Desktop Session Host > Security*: *Require user authentication for remote connections by using
Network Level Authentication* and *Require use of specific security layer* (SSL). To switch RDP off instead:

    Set-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' -Name fDenyTSConnections -Value 1
    Disable-NetFirewallRule -DisplayGroup 'Remote Desktop'      # the group's name on an English system

- Reboot: none; sessions that are open stay open.
- Order: make sure of another way in first (WinRM, the management board), then node by node, trying a connection after
  each. Give the listener a certificate that clients trust before TLS is demanded.
- Rollback: the former values; `Enable-NetFirewallRule -DisplayGroup 'Remote Desktop'`.

## What it cannot see

What the listener answers on the wire, and which versions of TLS it takes (MGT-014). Who may reach the port (MGT-002)
and who may log on. Other listeners than RDP-Tcp.

## References

- MicrosoftDocs/win32, `desktop-src/TermServ/win32-tsgeneralsetting.md`
- Microsoft Learn, unattend component `Microsoft-Windows-TerminalServices-RDP-WinStationExtensions` (both values)
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv`
"""

from __future__ import annotations

from hypervigil.evidence.management import Rdp
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    OFF = passes("RDP is off (fDenyTSConnections is 1 {where}).")
    DEMANDED = passes("RDP demands NLA (UserAuthentication is 1 {nla}) and TLS (SecurityLayer is 2 {tls}).")
    NO_NLA = fails("RDP lets clients in without NLA: UserAuthentication is 0 {where}.")
    RDP_LAYER = fails("RDP is secured by its own means instead of TLS: SecurityLayer is 0 {where}.")
    NEGOTIATED = fails("RDP offers TLS and does not demand it: SecurityLayer is 1 {where}.")
    UNSET = reviews(
        "{name} is set nowhere, and what holds then is documented in two ways: what does the host do?",
        Confidence.UNVERIFIED,
    )
    ODD = reviews("{name} is {value} {where}, which no table has: what does the host do?", Confidence.UNVERIFIED)
    DENIED = unknown("{name} could not be looked at {where}.", Cause.ACCESS_DENIED)
    MAYBE_OFF = reviews(
        "Whether RDP is on is not said (fDenyTSConnections is {value}); if it is: {faults}", Confidence.UNVERIFIED
    )
    SWITCH_DENIED = unknown("Whether RDP is on could not be looked at; if it is: {faults}", Cause.ACCESS_DENIED)
    ON = remarks("RDP is on (fDenyTSConnections is 0 {where}).")


CONTROL = Control(
    id="MGT-001",
    title="RDP is off, or configured to demand NLA and TLS",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(rdp: Rdp) -> Verdict:
    """Judge the switch first; where RDP is not off for sure, what it demands."""
    switch, where = _effective(rdp.deny_policy, rdp.deny_local)
    if switch.number == 1:
        return verdict(Why.OFF(where=where))
    demands = _demands(rdp)
    if all(reason.outcome is Outcome.PASS for reason in demands):
        return verdict(*demands)
    if switch.number == 0:
        return verdict(*demands, Why.ON(where=where))
    faults = " ".join(reason.text for reason in demands)
    if switch.denied:
        return verdict(Why.SWITCH_DENIED(faults=faults))
    return verdict(Why.MAYBE_OFF(value=switch.shown, faults=faults))


def _effective(policy: RegistryValue, local: RegistryValue) -> tuple[RegistryValue, str]:
    """The value that counts, and where it stands. A policy that may not be read may say anything."""
    return (local, "locally") if policy.absent else (policy, "by policy")


def _demands(rdp: Rdp) -> list[Reason]:
    """What is wrong with NLA and TLS, each in turn; one PASS where nothing is."""
    nla, nla_where = _effective(rdp.nla_policy, rdp.nla_local)
    layer, layer_where = _effective(rdp.security_layer_policy, rdp.security_layer_local)
    reasons: list[Reason] = []
    if nla.number == 0:
        reasons.append(Why.NO_NLA(where=nla_where))
    elif nla.number != 1:
        reasons.append(_unclear("UserAuthentication", nla, nla_where))
    if layer.number in (0, 1):
        reasons.append((Why.NEGOTIATED if layer.number else Why.RDP_LAYER)(where=layer_where))
    elif layer.number != 2:  # noqa: PLR2004  TLS, in the table of the page
        reasons.append(_unclear("SecurityLayer", layer, layer_where))
    return reasons or [Why.DEMANDED(nla=nla_where, tls=layer_where)]


def _unclear(name: str, value: RegistryValue, where: str) -> Reason:
    if value.denied:
        return Why.DENIED(name=name, where=where)
    return Why.UNSET(name=name) if value.absent else Why.ODD(name=name, value=value.shown, where=where)
