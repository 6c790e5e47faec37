"""SMB-007  SMB1 is neither installed nor enabled.

## What it decides

Whether a node can still speak SMB1: the protocol switched on in the SMB server, or the feature that carries it
installed, in either role.

## Why it matters

SMB1 has no protection against a downgrade and none worth the name against tampering. Every other SMB control is about
what SMB 2 and 3 demand; a node that answers SMB1 lets a peer walk around them. On a cluster it takes one such node:
VMs and their files move over all of them.

## How it is decided

- `EnableSMB1Protocol` true: FAIL.
- One of the features `FS-SMB1`, `FS-SMB1-CLIENT`, `FS-SMB1-SERVER` installed: FAIL, also when the protocol is off,
  because one command brings it back without a reboot being noticed.
- Off, and the list of features is missing: UNKNOWN, with the cause for which it is missing.

Clean installations have come without SMB1 since 2017 (version 1709). An in-place upgrade keeps it, which is how it
gets to Windows Server 2025.

## How to look yourself

    Get-SmbServerConfiguration | Select-Object EnableSMB1Protocol
    Get-WindowsFeature -Name FS-SMB1* | Select-Object Name, Installed

Expected on 2019, 2022 and 2025: `False`, and no feature installed.

## Remedy

    Set-SmbServerConfiguration -AuditSmb1Access $true        # event 3000 in SMBServer/Audit names who still uses it
    Set-SmbServerConfiguration -EnableSMB1Protocol $false
    Uninstall-WindowsFeature -Name FS-SMB1

- Reboot: none for the switch; removing the feature needs one.
- Order: watch event 3000 for as long as the slowest client takes to show up, switch the protocol off on all nodes,
  then drain, remove the feature and reboot node by node.
- Rollback: `Set-SmbServerConfiguration -EnableSMB1Protocol $true`; the feature comes back with
  `Install-WindowsFeature -Name FS-SMB1` and a reboot.

A device that speaks nothing but SMB1 loses its share: replace it, or serve it from outside the cluster.

## What it cannot see

Whether anything answers SMB1 on the wire (SMB-020), and who still uses it. On an SMB client without the feature the
driver `MrxSmb10` may be left behind, switched off; it is not looked at.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/`, page on SMBv1 not installed by default
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv` (switch and driver)
"""

from __future__ import annotations

from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    GONE = passes("SMB1 is off in the SMB server and none of its features is installed.")
    ENABLED = fails("The SMB server has SMB1 switched on.")
    INSTALLED = fails("SMB1 is installed: {features}.")
    SWITCH_UNSEEN = unknown("The source does not say whether the SMB server has SMB1 switched on.", Cause.NOT_IN_SOURCE)
    FEATURES_UNSEEN = unknown("SMB1 is off in the SMB server; whether it is installed could not be seen.")


CONTROL = Control(
    id="SMB-007",
    title="SMB1 is neither installed nor enabled",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

FEATURES = ("FS-SMB1", "FS-SMB1-CLIENT", "FS-SMB1-SERVER")


def assess(server: SmbServerConfiguration, features: Maybe[WindowsFeatures]) -> Verdict:
    """Judge the SMB server's switch and, where it is known, what is installed."""
    reasons: list[Reason] = []
    if server.smb1_enabled:
        reasons.append(Why.ENABLED())
    elif server.smb1_enabled is None:
        reasons.append(Why.SWITCH_UNSEEN())
    if features.value is not None:
        installed = [name for name in FEATURES if features.value.installed(name)]
        if installed:
            reasons.append(Why.INSTALLED(features=", ".join(installed)))
    elif not reasons:
        reasons.append(Why.FEATURES_UNSEEN.because(features.missing))
    return verdict(*reasons) if reasons else verdict(Why.GONE())
