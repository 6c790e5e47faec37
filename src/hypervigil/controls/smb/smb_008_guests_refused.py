r"""SMB-008  Insecure guest logons are refused.

## What it decides

Whether the SMB client of a node has its switch for insecure guest logons off.

## Why it matters

A server may answer any name and password with "you are a guest". A client that goes along is on a machine whose
identity nobody has proved, in a session without signing and without encryption, and shows no prompt and no error. An
impostor needs nothing more than to be asked. What a node fetches there may be a disk image or a script.

## How it is decided

`EnableInsecureGuestLogons` of the SMB client: false is PASS, true is FAIL.

A guest session can be neither signed nor encrypted, so a client that demands one of them refuses guests whatever this
switch says. The reason then says that the switch is held off. It is FAIL all the same: the switch is the lock that
this control is about, the demand for signing is another (SMB-001), and a switch that is on waits for the day on which
somebody lifts the other.

## How to look yourself

    Get-SmbClientConfiguration | Select-Object EnableInsecureGuestLogons

| release | expected |
|---|---|
| 2016 | `False`; documented output of 2016 lacks the property, and refusing by default began with 2019 |
| 2019, 2022, 2025 | `False`, which is the default of Standard and Datacenter |

## Remedy

    Set-SmbClientConfiguration -EnableInsecureGuestLogons $false -Force

and the policy *Enable insecure guest logons* (*Network > Lanman Workstation*, value `AllowInsecureGuestAuth` below
`SOFTWARE\Policies\Microsoft\Windows\LanmanWorkstation`) on *Disabled*.

- Reboot: none named by the documentation; sessions that are open stay until they end.
- Order: look for events 31018 and 31022 in SMBClient/Security, which name servers that take guests; give those shares
  accounts first, then switch off, node by node.
- Rollback: the same command with `$true`; guests get in only while neither signing nor encryption is demanded.

Microsoft's page on the subject also shows the switch as a parameter of `Set-SmbServerConfiguration`. The reference of
that cmdlet has no such parameter: guests at the node's own shares are a matter of the Guest account.

## What it cannot see

Whether any server answers as guest. Guests at the node's own shares: the audit of the SMB server (event 3023) would
name them.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/enable-insecure-guest-logons-smb2-and-smb3.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbClientConfiguration.md`
"""

from __future__ import annotations

from hypervigil.evidence.smb import SmbClientConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, remarks, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    REFUSED = passes("The SMB client refuses insecure guest logons.")
    ALLOWED = fails("Insecure guest logons are switched on in the SMB client.")
    HELD_OFF = remarks("Guests are held off for now, because the client demands {demand}.")
    SWITCH_UNSEEN = unknown("The source does not say whether guest logons are switched on.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="SMB-008",
    title="Insecure guest logons are refused",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(client: SmbClientConfiguration) -> Verdict:
    """Judge the client's switch; what else keeps guests out is remarked on."""
    if client.insecure_guest_logons is None:
        return verdict(Why.SWITCH_UNSEEN())
    if not client.insecure_guest_logons:
        return verdict(Why.REFUSED())
    demands = {"signing": client.require_signing, "encryption": client.require_encryption}
    held_off_by = " and ".join(name for name, demanded in demands.items() if demanded)
    return verdict(Why.ALLOWED(), *([Why.HELD_OFF(demand=held_off_by)] if held_off_by else []))
