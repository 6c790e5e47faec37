r"""SMB-016  Relay protection holds: inbound signing, or SPN validation with clean audit, or encryption with
unencrypted access refused.

## What it decides

Whether somebody who lures an administrator's machine into logging on to it can pass that logon on to this node's SMB
server and be the administrator here.

## Why it matters

Relaying needs no password and no cracking, only a server that takes a session without proof that the client meant
*this* server. On a Hyper-V node the administrative shares are behind it, and with them every virtual disk. 2025 does
not change this by itself: its SMB server demands as little as those of 2019 and 2022.

## How it is decided

Microsoft names three protections; one of them is enough:

- The SMB server requires signing (`RequireSecuritySignature`): PASS.
- It encrypts everything and refuses who cannot (`EncryptData` and `RejectUnencryptedAccess`): PASS. The second alone
  does nothing, and is true out of the box.
- It validates the name that the client asked for (`SmbServerNameHardeningLevel` 1 or 2; 1 still takes clients that
  send none, 2 does not): REVIEW. This holds once the audit of that validation is clean, and events are not in the
  evidence that this control reads.
- None of them: FAIL. A value that is missing where it could have made the difference: UNKNOWN. A level that no table
  has: REVIEW.

## How to look yourself

    Get-SmbServerConfiguration |
        Select-Object RequireSecuritySignature, EncryptData, RejectUnencryptedAccess, SmbServerNameHardeningLevel

| release | out of the box, member server |
|---|---|
| 2016, 2019, 2022, 2025 | `False`, `False`, `True`, `0`: not protected |

A domain controller requires signing. The wanted state is one of the three above.

## Remedy

Signing is the one that every client of today can do:

    Set-SmbServerConfiguration -RequireSecuritySignature $true -Force

or everything encrypted: `Set-SmbServerConfiguration -EncryptData $true -RejectUnencryptedAccess $true -Force` (clients
need SMB 3; look at SMB-013 first where there is RDMA),

or names validated: `Set-SmbServerConfiguration -SmbServerNameHardeningLevel 1 -Force`.

- Reboot: none named by the documentation for these switches; they hold for sessions that begin afterwards.
- Order: audit first. Signing: SMB-009. Names: the switch `AuditClientSpnSupport` (updates from 9 September 2025 on)
  writes 3024 for clients that send no name, 3025 for a wrong and 3026 for an empty one, all in SMBServer/Audit; wait
  until they stay away. Then one node, then the others. Names by which clients reach the cluster's roles count too.
- Rollback: the same command with the value that was there before.

## What it cannot see

Events: whether the audit of name validation ran and was clean. The clients: their demand for signing (SMB-001)
protects them, not this node. Relaying to anything but SMB.

## References

- Microsoft support article KB5066913 (9 September 2025, CVE-2025-55234)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-signing-overview.md` and `smb-security.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
"""

from __future__ import annotations

from hypervigil.evidence.smb import SmbServerConfiguration, SpnValidation
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    SIGNED = passes("The SMB server requires signing.")
    ENCRYPTED = passes("The SMB server encrypts every session and refuses clients that can not.")
    VALIDATES = reviews(
        "The SMB server validates the name that a client asks for (SmbServerNameHardeningLevel {level}); its audit is "
        "{audit}. Have events 3024 to 3026 in SMBServer/Audit stayed away?"
    )
    UNKNOWN_LEVEL = reviews(
        "SmbServerNameHardeningLevel is {level}, which no table has. Does it validate names?", Confidence.UNVERIFIED
    )
    UNPROTECTED = fails(
        "The SMB server can be relayed to: no signing, no validation of names, and EncryptData is {encrypts} with "
        "RejectUnencryptedAccess {rejects}."
    )
    UNSEEN = unknown("No protection was seen, and the source does not hold {missing}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="SMB-016",
    title="Relay protection holds: inbound signing, or SPN validation with clean audit, or encryption with unencrypted "
    "access refused",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

AUDIT = {True: "on", False: "off", None: "not seen"}


def assess(server: SmbServerConfiguration) -> Verdict:
    """Judge the three protections, the surest first."""
    if server.require_signing:
        return verdict(Why.SIGNED())
    if server.encrypt_data and server.reject_unencrypted:
        return verdict(Why.ENCRYPTED())
    level = server.spn_validation
    if level is not None and not level.is_known:
        return verdict(Why.UNKNOWN_LEVEL(level=int(level)))
    if level in (SpnValidation.ACCEPT_ABSENT, SpnValidation.REQUIRE_MATCH):
        return verdict(Why.VALIDATES(level=int(level), audit=AUDIT[server.audit_spn]))
    if missing := _missing(server):
        return verdict(Why.UNSEEN(missing=" and ".join(missing)))
    return verdict(Why.UNPROTECTED(encrypts=str(server.encrypt_data), rejects=str(server.reject_unencrypted)))


def _missing(server: SmbServerConfiguration) -> list[str]:
    """The values that are missing and could have shown a protection: encryption takes two, so one False settles it."""
    missing = ["SmbServerNameHardeningLevel"] if server.spn_validation is None else []
    if server.encrypt_data is not False and server.reject_unencrypted is not False:
        if server.encrypt_data is None:
            missing.append("EncryptData")
        if server.reject_unencrypted is None:
            missing.append("RejectUnencryptedAccess")
    return missing
