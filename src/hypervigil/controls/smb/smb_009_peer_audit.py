r"""SMB-009  Auditing of peers that cannot sign or encrypt is on before signing is required.

## What it decides

Whether a node writes down which servers and clients cannot sign or encrypt, in each role in which it does not demand
signing yet.

## Why it matters

Whoever switches signing on without knowing the peers learns about them from storage that is gone, and then tends to
switch it off for good (SMB-003). With the audits on, the log names them while everything still works.

## How it is decided

The client's audits record servers, the server's audits record clients. Each role is looked at by itself:

- The role demands signing already: it counts for nothing. What the row asks for is a look *before* the demand; from
  then on a peer that cannot sign is refused, which nobody has to record to notice. Where both roles demand it, the
  control does not apply.
- Both audits on, for signing and for encryption: PASS. One of them off: FAIL.
- The build has the audit and the source does not hold it: UNKNOWN.
- Clients before 2025 have no such audit: that role counts for nothing, and the reason says what 2025 brings.
- Servers before 2025 got the audit for signing, without the one for encryption, by the updates from 9 September 2025
  on. Microsoft lists 2016, 2019 and 23H2 and leaves 2022 out, and documents a policy and a registry value, but no
  property of the cmdlet there. So an older node that does not show the property may audit or not: REVIEW. One that
  does show it is judged by it.

Whether a node is of the 2025 generation is read off the properties that came with it. An in-place upgrade from 2019 or
2022 makes the *client* demand signing, and those clients cannot audit: look from the other side (SMB-004).

## How to look yourself

    Get-SmbClientConfiguration | Select-Object RequireSecuritySignature, Audit*
    Get-SmbServerConfiguration | Select-Object RequireSecuritySignature, Audit*

| release | client | server |
|---|---|---|
| 2016, 2019, 23H2 | no audit of peers | policy or registry, with updates from September 2025 |
| 2022 | no audit of peers | the same, unconfirmed |
| 2025 | two audits, `False` by default; signing is required by default | two audits, `False` by default |

Wanted: `AuditServerDoesNotSupportSigning`, `AuditServerDoesNotSupportEncryption` (client),
`AuditClientDoesNotSupportSigning`, `AuditClientDoesNotSupportEncryption` (server) `True` where signing is not required.

## Remedy

On 2025:

    Set-SmbClientConfiguration -AuditServerDoesNotSupportSigning $true -AuditServerDoesNotSupportEncryption $true -Force
    Set-SmbServerConfiguration -AuditClientDoesNotSupportSigning $true -AuditClientDoesNotSupportEncryption $true -Force

Before 2025, with the updates: the policy *Audit client does not support signing* (*Network > Lanman Server*). The
support article prints `AuditClientSpnSupport` as the registry value of both audits, where other sources give
`AuditClientDoesNotSupportSigning` for signing: look which of them the policy wrote.

- Reboot: none; the audits start with the next connection.
- Order: audits on all nodes, then wait at least as long as the rarest job takes to come round, then mend what the
  events name, then require signing.
- Rollback: the same commands with `$false`.

Events: 31998 (signing) and 31999 (encryption) in SMBClient/Audit; 3021 and 3022 in SMBServer/Audit, and 3027 for SMB1,
which is known to err in both directions. Microsoft's OSConfig baselines of 2409 to 2510 write the two pairs under each
other's key: a host that fulfils them may audit nothing, so trust the cmdlets.

## What it cannot see

Whether anyone reads the events, and how long the audits have been on. Policy values under the wrong key (CLU-005).

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-signing-overview.md`
- Microsoft support article KB5066913 (9 September 2025, CVE-2025-55234)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbClientConfiguration.md` and
  `Set-SmbServerConfiguration.md`
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv`
"""

from __future__ import annotations

from hypervigil.evidence.smb import SmbClientConfiguration, SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    CLIENT_DEMANDS = excludes("The SMB client requires signing already: a server that can not sign is refused.")
    CLIENT_CANNOT = excludes(
        "The SMB client of this build has no audit of servers that can not sign or encrypt; Windows Server 2025 "
        "brings it."
    )
    CLIENT_AUDITS = passes("The SMB client records servers that can not sign or encrypt.")
    CLIENT_SILENT = fails("The SMB client does not require signing and does not record servers that can not {lack}.")
    CLIENT_UNSEEN = unknown(
        "The source does not say whether the SMB client records servers that can not {lack}.", Cause.NOT_IN_SOURCE
    )
    SERVER_DEMANDS = excludes("The SMB server requires signing already: a client that can not sign is refused.")
    SERVER_AUDITS = passes("The SMB server records clients that can not {lack}.")
    SERVER_SILENT = fails("The SMB server does not require signing and does not record clients that can not {lack}.")
    SERVER_UNSEEN = unknown(
        "The source does not say whether the SMB server records clients that can not {lack}.", Cause.NOT_IN_SOURCE
    )
    SERVER_BACKPORT = reviews(
        "The SMB server of this build shows no audit of clients that can not sign. Updates from September 2025 bring "
        "one, set by policy or registry (2022 is not confirmed): is it installed and on? Windows Server 2025 has it "
        "built in.",
        Confidence.UNVERIFIED,
    )


CONTROL = Control(
    id="SMB-009",
    title="Auditing of peers that cannot sign or encrypt is on before signing is required",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(client: SmbClientConfiguration, server: SmbServerConfiguration) -> Verdict:
    """Judge each role in which signing is not required yet."""
    is_2025 = _is_2025_generation(client, server)
    return verdict(_of_client(client, is_2025=is_2025), _of_server(server, is_2025=is_2025))


def _of_client(client: SmbClientConfiguration, *, is_2025: bool) -> Reason:
    audits = {"sign": client.audit_signing, "encrypt": client.audit_encryption}
    if client.require_signing:
        return Why.CLIENT_DEMANDS()
    if off := _with(audits, state=False):
        return Why.CLIENT_SILENT(lack=off)
    if not is_2025:
        return Why.CLIENT_CANNOT()
    if unseen := _with(audits, state=None):
        return Why.CLIENT_UNSEEN(lack=unseen)
    return Why.CLIENT_AUDITS()


def _of_server(server: SmbServerConfiguration, *, is_2025: bool) -> Reason:
    audits = {"sign": server.audit_signing, "encrypt": server.audit_encryption}
    if server.require_signing:
        return Why.SERVER_DEMANDS()
    if off := _with(audits, state=False):
        return Why.SERVER_SILENT(lack=off)
    unseen = _with(audits, state=None)
    if is_2025 and unseen:
        return Why.SERVER_UNSEEN(lack=unseen)
    if server.audit_signing is None:
        return Why.SERVER_BACKPORT()
    return Why.SERVER_AUDITS(lack=_with(audits, state=True))


def _with(audits: dict[str, bool | None], *, state: bool | None) -> str:
    return " or ".join(lack for lack, on in audits.items() if on is state)


def _is_2025_generation(client: SmbClientConfiguration, server: SmbServerConfiguration) -> bool:
    """Whether one of the properties is there that came with the audits of 2025 and with no update of an older build."""
    marks = (
        client.audit_signing,
        client.audit_encryption,
        client.audit_guest,
        client.require_encryption,
        client.block_ntlm,
        client.dialect_min,
        server.audit_encryption,
        server.audit_guest,
        server.rate_limiter,
        server.dialect_min,
    )
    return any(mark is not None for mark in marks)
