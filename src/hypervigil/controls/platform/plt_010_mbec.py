r"""PLT-010  The CPU has MBEC / GMET, so that HVCI is cheap.

## What it decides

Whether the CPU of a node can keep executable pages apart for user and kernel mode: Intel calls it mode-based execution
control (MBEC), AMD guest mode execute trap (GMET).

## Why it matters

HVCI needs that distinction all the time. Without the hardware Windows emulates it, which works and protects the same,
and costs more with every switch between the modes. Who is about to switch HVCI on (PLT-005) wants to know which nodes
will feel it, before the load of a drained neighbour arrives there.

## How it is decided

`AvailableSecurityProperties` contains 7: PASS. It does not: REVIEW, a question for whoever plans capacity. The control
is informational and never fails, for HVCI runs either way. Remarks say whether HVCI runs already, and where the list
does not even name hypervisor support (1), which means that it says little about the CPU.

The source document's generations are right, Intel Kaby Lake and AMD Zen 2 on; it leaves out GMET, AMD's name for it,
and that a guest profits only from VM configuration version 9.3 on.

## How to look yourself

    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object AvailableSecurityProperties

From an elevated prompt. Expected on 2019, 2022 and 2025: 7 among the numbers. Windows Server 2016 is older than the
code and never lists it.

## Remedy

None in software: the answer is newer hardware, or HVCI with its cost. For a node that is itself a VM the
configuration version counts as well (shut down, cannot be undone):

    Get-VM -Name NODE01 | Select-Object Name, Version
    Update-VMVersion -Name NODE01

- Reboot: none to know; replacing hardware takes the node out.
- Order: measure on one node under load with HVCI on before the others follow.
- Rollback: a raised VM version stays raised; keep a backup of the VM.

## What it cannot see

How much the emulation costs under this node's load.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (code 7, CPU generations, VM version)
- MicrosoftDocs/Virtualization-Documentation, `virtualization/hyper-v-on-windows/tlfs/vsm.md`
"""

from __future__ import annotations

from hypervigil.evidence.platform import DeviceGuard, SecurityProperty, SecurityService
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, Verdict, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    OFFERED = passes("The CPU offers MBEC or GMET.")
    NOT_OFFERED = reviews("MBEC or GMET is not among what the hardware offers. Can the node afford HVCI by emulation?")
    HVCI_RUNS = remarks("HVCI runs on this node.")
    NO_HYPERVISOR = remarks(
        "Hypervisor support (1) is not offered either, so the list says little about the CPU: look at the firmware."
    )


CONTROL = Control(
    id="PLT-010",
    title="The CPU has MBEC / GMET, so that HVCI is cheap",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.INFO,
    reasons=Why,
)


def assess(guard: DeviceGuard) -> Verdict:
    """Report membership of 7 in what the hardware offers."""
    offered = guard.offers(SecurityProperty.MBEC_GMET)
    reasons = [Why.OFFERED() if offered else Why.NOT_OFFERED()]
    if guard.runs(SecurityService.MEMORY_INTEGRITY):
        reasons.append(Why.HVCI_RUNS())
    if not offered and not guard.offers(SecurityProperty.HYPERVISOR):
        reasons.append(Why.NO_HYPERVISOR())
    return verdict(*reasons)
