r"""PLT-011  HVPT state is known; off when the node is itself a VM.

## What it decides

Whether hypervisor-enforced paging translation (HVPT) runs on a 2025 node, and whether that is what one expects of it.

## Why it matters

HVPT makes an attack harder that HVCI leaves open: with one write to a chosen place in memory, change how Windows
translates addresses, and so reach what was out of reach. It came with Windows Server 2025, is on by default where the
hardware supports it, and is off wherever the server is a guest. Who moves from another hypervisor and runs Hyper-V
inside it for a while has nodes that look like the others and lack it.

The source document says that it protects the page tables of the hypervisor. It protects those of the operating system,
and the hypervisor is what enforces it; none of the hypervisor's own structures are meant.

## How it is decided

By membership of 7 in `SecurityServicesRunning`. That 7 stands for HVPT was read third hand only, so nothing here is
better founded than that. The control is informational: it passes where the state is what it should be, asks otherwise,
and never fails.

| runs | the node is | outcome |
|---|---|---|
| yes | hardware, by its firmware | PASS |
| no | a guest, by its firmware | PASS: off, as documented for guests |
| yes | a guest | REVIEW: that should not be |
| configured, not running | hardware | REVIEW: what holds it back? |
| no | hardware | REVIEW: hardware that lacks it looks the same as HVPT that something stopped |

Releases before 2025 have no HVPT: NOT_APPLICABLE. The upgrade brings it, without anything to switch.

## How to look yourself

    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object SecurityServicesRunning, SecurityServicesConfigured
    Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2 | Select-Object Manufacturer, Model

The first from an elevated prompt.

| release | expected |
|---|---|
| 2019, 2022 | no 7: they have no HVPT |
| 2025 on hardware | 7 among the running services, where the CPU supports it |
| 2025 as a guest | no 7 |

## Remedy

No documented setting switches it. What helps is a CPU and firmware that support it, the latest firmware, and a node
that is no guest (PLT-012).

- Reboot: one, after a change of firmware or hardware.
- Order: firmware of one drained node first, look again, then the others.
- Rollback: the former firmware, where the vendor allows going back.

## What it cannot see

Whether the CPU has what HVPT needs: no documented property says so. A hypervisor that hides itself in the firmware's
names.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/get-started/whats-new-windows-server-2025.md`
- 0xJs/EnumMitigations, `enummitigiations.c` (7 among the services; third hand)
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.evidence.release import Release
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, passes, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    TOO_OLD = excludes(
        "{release} has no HVPT. Windows Server 2025 brings it, on by default where the hardware supports it and the "
        "node is no guest."
    )
    RUNNING = passes("HVPT runs.", Confidence.SECONDARY)
    OFF_IN_GUEST = passes(
        "HVPT does not run, as it must not in a guest: the firmware says {hypervisor}.", Confidence.INFERRED
    )
    RUNNING_IN_GUEST = reviews(
        "HVPT is said to run although the firmware says {hypervisor}, and guests have none. Which of the two is wrong?",
        Confidence.INFERRED,
    )
    CONFIGURED_NOT_RUNNING = reviews(
        "HVPT is configured and does not run. What holds it back on this node?", Confidence.SECONDARY
    )
    NOT_RUNNING = reviews(
        "HVPT does not run. Does the hardware lack it, or does something hold it back?", Confidence.SECONDARY
    )


CONTROL = Control(
    id="PLT-011",
    title="HVPT state is known; off when the node is itself a VM",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.INFO,
    confidence=Confidence.SECONDARY,
    reasons=Why,
)

_HVPT = SecurityService.PAGING_TRANSLATION


def applies(system: OperatingSystem) -> Reason | None:
    """Windows Server 2025 and later builds, known to us or not."""
    return Why.TOO_OLD(release=system.release_title) if system.build_number < Release.WS2025.build else None


def assess(guard: DeviceGuard, system: ComputerSystem) -> Verdict:
    """Compare what runs with what the node is."""
    guest = system.virtual_machine
    if guest:
        return verdict((Why.RUNNING_IN_GUEST if guard.runs(_HVPT) else Why.OFF_IN_GUEST)(hypervisor=guest))
    if guard.runs(_HVPT):
        return verdict(Why.RUNNING())
    return verdict(Why.CONFIGURED_NOT_RUNNING() if guard.configures(_HVPT) else Why.NOT_RUNNING())
