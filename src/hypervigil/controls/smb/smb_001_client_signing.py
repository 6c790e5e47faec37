r"""SMB-001  The SMB client requires signing.

## What it decides

Whether a node, when it is the client, refuses to talk to a server that does not sign: storage on a NAS, shares of a
file server, other nodes, and live migration where that runs over SMB.

## Why it matters

A session that nobody signs can be altered, and a server that nobody has to authenticate can be impersonated, by
whoever sits on the path. For a Hyper-V node the file at the other end is often a virtual disk.

Signing happens as soon as *either* end demands it. The client's demand protects the node wherever it connects to; the
server's demand (SMB-002) protects it from those who connect to it. Neither replaces the other.

The source document ends with the sentence that 2025 requires signing by default. That is so for outbound sessions of
a member server and for nothing else, which is why both roles are read and none is inferred from the release. It also
says that lifting the demand leaves every session of the host unsigned: sessions to a peer that demands signing itself,
such as a domain controller, are signed all the same.

## How it is decided

- `RequireSecuritySignature` of the SMB client true: PASS.
- False: FAIL. Where `RequireEncryption` is on, the reason says so: an encrypted session is protected against tampering
  without being signed, but the demand for signatures is what this control is about.

`EnableSecuritySignature` is not looked at: SMB 2 and 3 ignore it. Whether a 2025 node had its default taken away is
SMB-003, which is critical.

## How to look yourself

    Get-SmbClientConfiguration | Select-Object RequireSecuritySignature

| release | out of the box |
|---|---|
| 2016, 2019, 2022 | `False` |
| 2025 | `True` |

The wanted value is `True`.

## Remedy

    Set-SmbClientConfiguration -RequireSecuritySignature $true -Force

or the policy *Microsoft network client: Digitally sign communications (always)*, which writes the same value below
`LanmanWorkstation\Parameters`.

- Reboot: none; sessions that are set up afterwards follow the new value.
- Order: find out first which servers cannot sign (SMB-004, SMB-005; on 2025 the audit of SMB-009, event 31998), move
  those shares, then switch node by node and watch the storage that each node uses.
- Rollback: the same command with `$false`.

A NAS whose signing is switched off is then refused with `STATUS_INVALID_SIGNATURE` (0xC000A000). Switch signing on
there, or renew its firmware; a share that only knows guests needs real accounts, because guests cannot sign.

## What it cannot see

Which servers the node really talks to, and whether they sign (SMB-004, SMB-005). Paths that policy hardens one by one
(*Hardened UNC Paths*) may demand signatures although this switch is off. Whether the switch reaches the cluster's own
instances for CSV and the storage bus is not documented; SMB-012 judges those.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-signing.md` and `smb-signing-overview.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbClientConfiguration.md`
"""

from __future__ import annotations

from hypervigil.evidence.smb import SmbClientConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, remarks, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    REQUIRED = passes("The SMB client requires signing.")
    NOT_REQUIRED = fails("The SMB client talks to servers that do not sign (RequireSecuritySignature is False).")
    ENCRYPTS = remarks("It demands encryption of every session instead, which protects against tampering as well.")


CONTROL = Control(
    id="SMB-001",
    title="The SMB client requires signing",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(client: SmbClientConfiguration) -> Verdict:
    """Judge what the SMB client demands."""
    if client.require_signing:
        return verdict(Why.REQUIRED())
    return verdict(Why.NOT_REQUIRED(), *([Why.ENCRYPTS()] if client.require_encryption else []))
