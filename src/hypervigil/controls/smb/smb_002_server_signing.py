"""SMB-002  The SMB server requires signing.

## What it decides

Whether a node refuses SMB sessions that are not signed when it is the server: CSV and live migration traffic, shares of
a Scale-Out File Server, administrative shares.

## Why it matters

An unsigned session can be relayed: somebody on the path logs on to the node as the administrator who was talking to
another machine. Windows Server 2025 demands signing of its SMB *client* only. Its server still takes unsigned sessions
on a member server, exactly as 2019 and 2022 do, so an upgrade does not close this by itself.

The source document says that a peer without signing cannot connect to a 2025 host. It is the other way round: the 2025
host can not connect to such a peer, while the peer still gets in.

## How it is decided

`RequireSecuritySignature` of the SMB server: true is PASS, false is FAIL. `EnableSecuritySignature` is never looked
at: SMB 2 and 3 ignore it.

## How to look yourself

    Get-SmbServerConfiguration | Select-Object RequireSecuritySignature

| release | member server | domain controller |
|---|---|---|
| 2019, 2022, 2025 | `False` | `True` |

The wanted value is `True`.

## Remedy

    Set-SmbServerConfiguration -RequireSecuritySignature $true -Force

or the policy *Microsoft network server: Digitally sign communications (always)*, which writes the same value.

- Reboot: none; new sessions follow the new value.
- Order: switch on `AuditClientDoesNotSupportSigning` first (SMB-009) and wait for event 3021 to stay away; then one
  node, then the others. Sessions between nodes are signed as soon as either end demands it.
- Rollback: the same command with `$false`.

## What it cannot see

Whether every client can sign (SMB-004, SMB-005), and what an encrypted session makes of it: encryption protects
integrity as well, so a server with `EncryptData` and `RejectUnencryptedAccess` is not open to relaying (SMB-016).

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-signing.md` and `smb-signing-overview.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
"""

from __future__ import annotations

from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    REQUIRED = passes("The SMB server requires signing.")
    NOT_REQUIRED = fails("The SMB server takes unsigned sessions (RequireSecuritySignature is False).")


CONTROL = Control(
    id="SMB-002",
    title="The SMB server requires signing",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(server: SmbServerConfiguration) -> Verdict:
    """Judge what the SMB server demands."""
    return verdict(Why.REQUIRED() if server.require_signing else Why.NOT_REQUIRED())
