r"""SMB-015  NTLM over SMB is blocked, or audited on the way there.

## What it decides

Whether the SMB client of a node refuses to answer a server's request for NTLM.

## Why it matters

An NTLM answer can be passed on to another machine, or guessed at leisure, by whichever server the node was lured to.
Kerberos proves the server first. A cluster itself needs no NTLM since 2019: nodes use Kerberos and certificates among
each other, so what is left are shares that are reached by address, and boxes outside the domain.

## How it is decided

- `BlockNTLM` of the SMB client true: PASS. Servers that are excepted are named in a remark.
- An exception with a wildcard: REVIEW. The documentation knows addresses, NetBIOS names and DNS names only; what a
  wildcard does is not documented, and it might except everything.
- False: REVIEW. The condition has a second half, "audited on the way there", and the client's configuration does not
  show it: auditing of outgoing NTLM is a policy of the security subsystem. What may be in order is not failed.
- Not there on a build that has it: UNKNOWN.

The switch exists from 2025 on; before that NTLM can only be restricted for the whole host, so there the control does
not apply. A build that no table knows is judged where it shows the switch, and else by its number.

## How to look yourself

    Get-SmbClientConfiguration | Select-Object BlockNTLM, BlockNTLMServerExceptionList
    Get-WinEvent -LogName Microsoft-Windows-NTLM/Operational -MaxEvents 50

| release | out of the box | wanted |
|---|---|---|
| 2016, 2019, 2022, 23H2 | no such property | - |
| 2025 | `False`, empty list | `True`; until then the audit, seen as event 8001 for each outgoing NTLM logon |

## Remedy

First the policy *Network security: Restrict NTLM: Outgoing NTLM traffic to remote servers* on *Audit all*. When event
8001 has become rare and what is left is known:

    Set-SmbClientConfiguration -BlockNTLM $true -Force

Exceptions go into the policy *Block NTLM Server Exception List* (*Network > Lanman Workstation*); there is no
parameter for them. Name a server in each form in which it is addressed: address, short name, full name.

- Reboot: none named by the documentation; sessions that are open stay until they end.
- Order: audit, then reach shares by name instead of by address, then except what cannot do Kerberos, then block, node
  by node.
- Rollback: the same command with `$false`.

A NAS outside the domain, or one that is reached by its address, needs an exception.

## What it cannot see

The audit of outgoing NTLM, as said. NTLM for anything but SMB. NTLM that comes in: the SMB client's switch does not
touch it. A mapping that was made with a `-BlockNTLM` of its own.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-ntlm-blocking.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbClientConfiguration.md`
- Failover Clustering team blog, "Security Settings for Failover Clustering", 13 July 2021 (no NTLM since 2019)
"""

from __future__ import annotations

from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbClientConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NO_SWITCH = excludes(
        "The SMB client of {release} can not block NTLM by itself; Windows Server 2025 brings the switch BlockNTLM."
    )
    BLOCKED = passes("The SMB client refuses NTLM.")
    EXCEPT = remarks("Servers excepted from it: {servers}.")
    EXCEPT_UNSEEN = remarks("The source holds no list of excepted servers: it is empty, or was not read.")
    WILDCARD = reviews(
        "The SMB client refuses NTLM except towards {servers}. Does the wildcard let more through than was meant?",
        Confidence.UNVERIFIED,
    )
    NOT_BLOCKED = reviews(
        "The SMB client answers servers that ask for NTLM. Is its outgoing NTLM audited on the way to blocking it "
        "(event 8001 in NTLM/Operational)?"
    )
    SWITCH_UNSEEN = unknown("The source does not say whether the SMB client blocks NTLM.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="SMB-015",
    title="NTLM over SMB is blocked, or audited on the way there",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.LOW,
    reasons=Why,
    only="It never fails: NTLM that is not blocked may be audited, and the SMB client's settings do not show that.",
)


def applies(system: OperatingSystem, client: SmbClientConfiguration) -> Reason | None:
    """Builds that show the switch, and those from 2025 on, which should."""
    if system.build_number >= Release.WS2025.build or client.block_ntlm is not None:
        return None
    return Why.NO_SWITCH(release=system.release_title)


def assess(client: SmbClientConfiguration) -> Verdict:
    """Judge the switch and what is excepted from it."""
    if client.block_ntlm is None:
        return verdict(Why.SWITCH_UNSEEN())
    if not client.block_ntlm:
        return verdict(Why.NOT_BLOCKED())
    exceptions = client.block_ntlm_exceptions
    if exceptions is None:
        return verdict(Why.BLOCKED(), Why.EXCEPT_UNSEEN())
    servers = ", ".join(exceptions)
    if "*" in servers or "?" in servers:
        return verdict(Why.WILDCARD(servers=servers))
    return verdict(Why.BLOCKED(), *([Why.EXCEPT(servers=servers)] if servers else []))
