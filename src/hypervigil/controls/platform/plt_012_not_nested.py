r"""PLT-012  No node is a nested guest in production.

## What it decides

Whether a node is itself a virtual machine, by what its firmware calls maker and model.

## Why it matters

A nested node leans on a host that is not in this evidence: who controls that host reads the node's memory and disks,
and with them every VM inside, whatever the node itself protects. Microsoft advises against nesting in production
unless something needs it, and takes no end-to-end responsibility on other hypervisors. Such nodes come from labs and
from migrations that were meant to be short.

## How it is decided

- The firmware's names are those of a known hypervisor: FAIL. The remarks list what nesting costs here.
- Both names are there and neither is one: PASS.
- One of them is missing and the other is no sign: UNKNOWN.

The rule is inferred from the names that hypervisors give themselves; Microsoft documents no such test.
`HypervisorPresent` is no sign at all: on a Hyper-V host it is always true. Whether the cluster is production no host
can tell: give a lab a waiver.

## How to look yourself

    Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2 | Select-Object Manufacturer, Model

Expected on every release: the names of a server vendor and of a server. `Microsoft Corporation` with `Virtual Machine`
is a guest of Hyper-V or Azure; a Surface or another device has the same maker and another model.

## Remedy

Move the node's role to hardware: add a physical node, drain the nested one, evict it.

    Suspend-ClusterNode -Name HV01 -Drain -Wait

- Reboot: none of the other nodes.
- Order: capacity first; then live migration tested to the new node (LM-001, LM-002); then drain and evict.
- Rollback: resume the nested node with `Resume-ClusterNode` as long as it was not evicted.

Where nesting has to stay: generation 2, the VM's configuration version at 9.3 or later, which cannot be undone, no
virtual Fibre Channel adapters and no full SCSI command set for its disks, and level 1 instead of 3 where there is no
DMA protection (PLT-009).

## What it cannot see

A hypervisor that shows other names, on purpose or because its firmware was customised. The host underneath, its
release, and who administers it. Whether the cluster is a lab.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/plan/`
  `plan-hyper-v-security-in-windows-server.md`, and Microsoft's user guide page on nested virtualization
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/get-started/whats-new-windows-server-2025.md` (HVPT)
- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (HVCI in guests)
- MicrosoftDocs/win32, `desktop-src/CIMWin32Prov/win32-computersystem.md`
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, remarks, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    HARDWARE = passes("The firmware names no hypervisor: {manufacturer}, {model}.")
    NESTED = fails("The node is itself a virtual machine: its firmware says {hypervisor}.")
    FIRMWARE_UNSEEN = unknown(
        "Maker and model are not both known ({manufacturer}, {model}), so nothing rules out a guest.",
        Cause.NOT_IN_SOURCE,
    )
    NO_HVPT = remarks("A guest has no HVPT, on 2025 as on every release.")
    VBS_OF_HOST = remarks(
        "VBS and Credential Guard in a guest need generation 2 and an IOMMU in the host, and the host can opt it out."
    )
    HVCI_COST = remarks("HVCI in a guest is cheap only from VM configuration version 9.3 on.")
    FOREIGN_HOST = remarks("Microsoft does not support Hyper-V end to end on another vendor's hypervisor.")


CONTROL = Control(
    id="PLT-012",
    title="No node is a nested guest in production",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    confidence=Confidence.INFERRED,
    reasons=Why,
)


def assess(system: ComputerSystem) -> Verdict:
    """Judge by the names in the firmware, and list the caveats where they are those of a hypervisor."""
    guest = system.virtual_machine
    if guest:
        reasons = [Why.NESTED(hypervisor=guest), Why.NO_HVPT(), Why.VBS_OF_HOST(), Why.HVCI_COST()]
        if not guest.startswith("Hyper-V"):
            reasons.append(Why.FOREIGN_HOST())
        return verdict(*reasons)
    if not system.manufacturer or not system.model:
        return verdict(
            Why.FIRMWARE_UNSEEN(manufacturer=system.manufacturer or "no maker", model=system.model or "no model")
        )
    return verdict(Why.HARDWARE(manufacturer=system.manufacturer, model=system.model))
