"""SMB-003  Required signing was not switched off on a 2025 node.

## What it decides

Whether a node with Windows Server 2025 still demands signing when it is the SMB client, as it does out of the box, or
whether somebody took the demand away, mostly for one storage box that cannot sign.

## Why it matters

The exemption is made for one device and holds for all: from then on the node accepts any server that does not sign,
on every network, and nobody comes back to undo it. It is one of the seven mistakes that the source document closes
with.

Two sentences of that document need correcting, because whoever follows them changes the wrong end. It says that a
device without signing cannot connect *to* a 2025 host: it can, since a 2025 member server does not demand signing of
those who come in. What stops is the node's own way out to the device. And it says that the remedy on the server is to
lift required signing: the SMB *server's* setting changes nothing here; only the client's does. For the same reason
this control looks at the client alone, and at the server not at all.

## How it is decided

- `RequireSecuritySignature` of the SMB client true on 2025: PASS.
- False on 2025: FAIL. The default is true, so a false was put there: by hand, by policy, or by an older release before
  an upgrade in place (whether such a value survives one is not documented).
- Releases before 2025 never demanded it: NOT_APPLICABLE; SMB-001 judges them.
- A build newer than 2025 that no table of ours knows: true is PASS; false is a question, since its default is not
  known.

Where `RequireEncryption` is on, the reason says so; the demand for signing was taken away all the same.

## How to look yourself

    Get-SmbClientConfiguration | Select-Object RequireSecuritySignature

| release | out of the box |
|---|---|
| 2016, 2019, 2022 | `False`, and not judged here |
| 2025 | `True` |

## Remedy

    Set-SmbClientConfiguration -RequireSecuritySignature $true -Force

and take the policy *Microsoft network client: Digitally sign communications (always)* back where it says *Disabled*:
it would write the old value again.

- Reboot: none; new sessions follow the new value.
- Order: first mend the device that the exemption was made for: switch signing on there, renew its firmware, or give it
  an SMB endpoint of its own outside the cluster. Then node by node, watching the storage that each node uses.
- Rollback: the same command with `$false`, as a waiver with an owner and a date rather than as a state that stays.

Prove beforehand who breaks: `Set-SmbClientConfiguration -AuditServerDoesNotSupportSigning $true` (SMB-009) writes
event 31998 in SMBClient/Audit for each server that does not sign.

## What it cannot see

For which device the demand was lifted, and whether a policy did it. Sessions that are signed nevertheless because the
other end demands it.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-signing.md` and `smb-signing-overview.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbClientConfiguration.md`
"""

from __future__ import annotations

from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbClientConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    BEFORE_2025 = excludes(
        "{release} does not demand signing of its own accord; Windows Server 2025 makes its SMB client demand it."
    )
    KEPT = passes("The SMB client of this {release} node requires signing.")
    SWITCHED_OFF = fails(
        "Required signing was switched off in the SMB client of this {release} node: it talks to any server unsigned."
    )
    UNKNOWN_DEFAULT = reviews(
        "The SMB client of {release} does not require signing. Was that switched off, or is it so by default there?",
        Confidence.UNVERIFIED,
    )
    ENCRYPTS = remarks("It demands encryption of every session instead, which protects against tampering as well.")


CONTROL = Control(
    id="SMB-003",
    title="Required signing was not switched off on a 2025 node",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def applies(system: OperatingSystem) -> Reason | None:
    """Builds from that of 2025 on."""
    if system.build_number < Release.WS2025.build:
        return Why.BEFORE_2025(release=system.release_title)
    return None


def assess(client: SmbClientConfiguration, system: OperatingSystem) -> Verdict:
    """Judge whether the default is still there."""
    if client.require_signing:
        return verdict(Why.KEPT(release=system.release_title))
    lost = Why.SWITCHED_OFF if system.release else Why.UNKNOWN_DEFAULT
    encrypts = [Why.ENCRYPTS()] if client.require_encryption else []
    return verdict(lost(release=system.release_title), *encrypts)
