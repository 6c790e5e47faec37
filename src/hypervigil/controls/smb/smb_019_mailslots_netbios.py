r"""SMB-019  Remote mailslots are off; the share firewall group is the restrictive one.

## What it decides

Whether a node with Windows Server 2025 still takes part in two leftovers of NetBIOS: remote mailslots, and inbound
rules of the firewall that let UDP 137, UDP 138 or TCP 139 in.

## Why it matters

Remote mailslots know neither authentication nor encryption, and the NetBIOS ports give names, roles and logged-on
users away and can be used to take a name over. SMB 2 and 3 need none of it. 2025 leaves both out by default, so what is
open there was opened by somebody.

## How it is decided

- `EnableMailslots` of the SMB server true: FAIL.
- A policy that sets `EnableMailslots` to 1, for the server (key `Bowser`) or the client (key `NetworkProvider`): FAIL,
  whatever runs at the moment, since the server's policy takes effect with the next restart. Not readable: UNKNOWN. A
  value that is neither 0 nor 1: REVIEW.
- An enabled inbound rule that allows and names one of the three ports: FAIL. With a rule that blocks the same port
  next to it: REVIEW, since the order between the two depends on filters that are not in the evidence. Rules are judged
  by port and direction, never by the name of their group, which is translated. That a share's group is the restrictive
  one follows: those three rules are what the restrictive group lacks.
- Rules that open every port are mostly bound to one program, and the evidence does not hold programs: they are counted
  in a remark.
- All of this clean: PASS. The SMB server's configuration or the rules missing: UNKNOWN.
- Before 2025 neither the switch nor the restrictive group exists: NOT_APPLICABLE.

A value below `…\Windows\Browser` is remarked on. Microsoft's OSConfig baselines write the server's policy there; the
policy itself reads `…\Windows\Bowser`, spelt like the driver. A node that fulfils such a baseline has set nothing.

## How to look yourself

    Get-SmbServerConfiguration | Select-Object EnableMailslots
    Get-SmbClientConfiguration | Select-Object EnableMailslots
    Get-NetFirewallRule -Direction Inbound -Enabled True -Action Allow | Get-NetFirewallPortFilter |
        Where-Object LocalPort -In '137', '138', '139'

| release | expected |
|---|---|
| 2016, 2019, 2022 | no such property; rules for 137 to 139 are enabled together with the first share |
| 23H2 | the client has the property, the server has not |
| 2025 | `False` twice, and no rule |

## Remedy

    Set-SmbServerConfiguration -EnableMailslots $false -Force
    Set-SmbClientConfiguration -EnableMailslots $false -Force
    Disable-NetFirewallRule -Name FPS-NB_Name-In-UDP, FPS-NB_Datagram-In-UDP, FPS-NB_Session-In-TCP

and the policies *Enable remote mailslots* below *Lanman Server* and *Lanman Workstation* on *Disabled*.

- Reboot: one for the server's policy; the documentation names none for the rest.
- Order: one node first, then the others. CIS warns that the client's policy may interfere with clustering and does not
  say how: drain the node, set it, restart, bring it back, and watch the cluster for a day.
- Rollback: `$true` instead of `$false`, `Enable-NetFirewallRule` with the same names, the policies back.

Lost is browsing by NetBIOS and the old way of finding a domain controller by mailslot.

## What it cannot see

The client's own switch (only its policy is read), the programs and interfaces that a rule is bound to, and whether the
firewall is on at all (NET-009). Whether NetBIOS listens on an adapter. That the restrictive group stays open to any
address, also after its share is gone, is for MGT-002 and NET-002.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-firewall-rules.md`
- 0x6d69636b/windows_hardening, CIS list for Windows Server 2025 (policy keys)
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv` (the key Browser)
"""

from __future__ import annotations

from hypervigil.controls.effective.firewall import at_ports
from hypervigil.evidence.firewall import FirewallRule, FirewallRules
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.registry import RegistryValue
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Mailslots, SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
    Reason,
    ReasonCode,
    Verdict,
    excludes,
    fails,
    passes,
    remarks,
    reviews,
    unknown,
    verdict,
)
from hypervigil.model.subject import Scope

NETBIOS = (("UDP", 137), ("UDP", 138), ("TCP", 139))
_NUMBERS = frozenset(str(number) for _, number in NETBIOS)


class Why(ReasonCode):
    """What this control can say."""

    BEFORE_2025 = excludes(
        "{release} can not switch remote mailslots off, and its firewall group for shares opens the NetBIOS ports; "
        "Windows Server 2025 does without both by default."
    )
    OFF_AND_CLOSED = passes("Remote mailslots are off, and no rule of the firewall names a NetBIOS port to let it in.")
    MAILSLOTS_ON = fails("The SMB server has remote mailslots switched on (EnableMailslots is True).")
    POLICY_ON = fails("A policy switches remote mailslots of the SMB {role} on.", Confidence.SECONDARY)
    NETBIOS_OPEN = fails("The firewall lets NetBIOS in: {rules}.")
    ODD_POLICY = reviews(
        "The mailslot policy of the SMB {role} is {value}; 0 and 1 have a meaning. What does it do?",
        Confidence.UNVERIFIED,
    )
    BLOCKED_TOO = reviews("The firewall allows NetBIOS and blocks it as well: {rules}. Which of the rules wins?")
    POLICY_REFUSED = unknown("The mailslot policy of the SMB {role} could not be read.", Cause.ACCESS_DENIED)
    SWITCH_UNSEEN = unknown("The source does not say whether the SMB server has mailslots on.", Cause.NOT_IN_SOURCE)
    SERVER_UNSEEN = unknown("Whether the SMB server has remote mailslots switched on could not be seen.")
    FIREWALL_UNSEEN = unknown("Whether the firewall lets NetBIOS in could not be seen.")
    MISSPELT = remarks("EnableMailslots {value} stands below the key Browser, which no policy reads; it is Bowser.")
    OPENS_ALL = remarks("{count} rules open every port, mostly to one program each; they were not judged.")


CONTROL = Control(
    id="SMB-019",
    title="Remote mailslots are off; the share firewall group is the restrictive one",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.LOW,
    reasons=Why,
)


def applies(system: OperatingSystem) -> Reason | None:
    """Builds from that of 2025 on."""
    if system.build_number < Release.WS2025.build:
        return Why.BEFORE_2025(release=system.release_title)
    return None


def assess(server: Maybe[SmbServerConfiguration], mailslots: Mailslots, firewall: Maybe[FirewallRules]) -> Verdict:
    """Judge the server's switch, the policies of both roles, and the rules."""
    reasons: list[Reason] = []
    if server.value is None:
        reasons.append(Why.SERVER_UNSEEN.because(server.missing))
    elif server.value.mailslots is None:
        reasons.append(Why.SWITCH_UNSEEN())
    elif server.value.mailslots:
        reasons.append(Why.MAILSLOTS_ON())
    reasons += _of_policy("server", mailslots.server_policy) + _of_policy("client", mailslots.client_policy)
    if firewall.value is None:
        reasons.append(Why.FIREWALL_UNSEEN.because(firewall.missing))
    else:
        reasons += _of_rules(firewall.value)
    if all(reason.outcome is None for reason in reasons):
        reasons.insert(0, Why.OFF_AND_CLOSED())
    misspelt = mailslots.misspelt_policy
    if not misspelt.absent and not misspelt.denied:
        reasons.append(Why.MISSPELT(value=misspelt.shown))
    return verdict(*reasons)


def _of_policy(role: str, policy: RegistryValue) -> list[Reason]:
    if policy.absent or policy.number == 0:
        return []
    if policy.denied:
        return [Why.POLICY_REFUSED(role=role)]
    return [Why.POLICY_ON(role=role)] if policy.number == 1 else [Why.ODD_POLICY(role=role, value=policy.shown)]


def _of_rules(rules: FirewallRules) -> list[Reason]:
    near = [
        rule for rule in at_ports(rules, *(number for _, number in NETBIOS)) if not _names_another(rule.local_ports)
    ]
    blocked = {port for rule in near if rule.refuses and _names_ports(rule) for port in _netbios(rule)}
    opened: list[str] = []
    disputed: list[str] = []
    wide = 0
    for rule in near:
        ports = _netbios(rule) if rule.admits else []
        if ports and not _names_ports(rule):
            wide += 1
        elif ports:
            shown = f"{rule.name} ({', '.join(f'{protocol} {number}' for protocol, number in ports)})"
            (disputed if blocked.issuperset(ports) else opened).append(shown)
    reasons = [Why.NETBIOS_OPEN(rules=", ".join(opened))] if opened else []
    reasons += [Why.BLOCKED_TOO(rules=", ".join(disputed))] if disputed else []
    return reasons + ([Why.OPENS_ALL(count=wide)] if wide else [])


def _names_another(ports: tuple[str, ...]) -> bool:
    """Whether they are one number as no port of NetBIOS is written."""
    return len(ports) == 1 and ports[0].isdecimal() and ports[0] not in _NUMBERS


def _netbios(rule: FirewallRule) -> list[tuple[str, int]]:
    """The NetBIOS ports that the rule's filter has."""
    return [port for port in NETBIOS if rule.covers(*port)]


def _names_ports(rule: FirewallRule) -> bool:
    return bool(rule.local_ports) and all(ports.casefold() != "any" for ports in rule.local_ports)
