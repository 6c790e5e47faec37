r"""MGT-011  Server Core, or the reason why not.

## What it decides

Whether a node was installed as Server Core. A node with the desktop is asked for its reason, never failed.

## Why it matters

Every node of a cluster carries other people's machines, and whatever is installed on it can be attacked from there or
needs an update and a reboot. Server Core leaves out the desktop shell, the browser and most of what a person would sit
down to use. It also makes a habit: a node without a desktop is managed from elsewhere. But a few vendors' agents and
array tools still need the desktop, and the choice can only be made at installation.

## How it is decided

`InstallationType` below `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`:

| value | outcome |
|---|---|
| `Server Core` | PASS |
| `Server` | REVIEW: what is the desktop there for? |
| anything else | REVIEW with the value |
| not in the evidence | UNKNOWN |

## How to look yourself

    Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' | Select-Object InstallationType

Expected on 2019, 2022 and 2025: `Server Core`. `Server` is an installation with Desktop Experience.

## Remedy

Nothing converts one into the other: the node is installed anew. Plan it with the next upgrade, not on its own.

- Reboot: a new installation of the node.
- Order: find out what needs the desktop, and whether its vendor has a version without. Then drain and evict one node,
  install it as Server Core, bring it to the update level of the others, add it, and go on to the next.
- Rollback: install the node with Desktop Experience again.

Where a reason stands, write it down as a waiver, so that the question is not asked again every time.

## What it cannot see

The reason itself. Whether anybody uses the desktop (MGT-010), or has added it back in pieces, such as the App
Compatibility feature on demand.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/get-started/install-options-server-core-desktop-experience.md`
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/plan/`
  `plan-hyper-v-security-in-windows-server.md`
"""

from __future__ import annotations

from hypervigil.evidence.host import OperatingSystem
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    CORE = passes("It is an installation of Server Core.")
    DESKTOP = reviews("It was installed with Desktop Experience: what needs the desktop?")
    OTHER = reviews("InstallationType is {kind}, which is neither Server Core nor Server: what was installed?")
    UNSEEN = unknown("The source does not hold InstallationType.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="MGT-011",
    title="Server Core, or the reason why not",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.INFO,
    reasons=Why,
)


def assess(system: OperatingSystem) -> Verdict:
    """Judge by the kind of installation."""
    kind = system.installation_type
    if kind is None:
        return verdict(Why.UNSEEN())
    if kind == "Server Core":
        return verdict(Why.CORE())
    return verdict(Why.DESKTOP() if kind == "Server" else Why.OTHER(kind=kind))
