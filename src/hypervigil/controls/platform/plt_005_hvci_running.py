r"""PLT-005  HVCI (memory integrity) is running.

## What it decides

Whether hypervisor-protected code integrity, which Windows also calls memory integrity, really runs on a node.

## Why it matters

With HVCI the decision which code may run in the kernel is taken inside VBS, out of reach of the kernel itself: a page
becomes executable only after its code was checked, and can not be written to afterwards. Without it one vulnerable
driver is enough to put code into the kernel of a host, and from there into every VM. It also brings the enforcement of
Microsoft's list of vulnerable drivers (PLT-017).

## How it is decided

- `SecurityServicesRunning` contains 2: PASS.
- It does not, and `SecurityServicesConfigured` contains 2: FAIL. A requirement is missing, or a driver that is needed
  for booting can not run under HVCI: where Windows switched HVCI on by itself it then switches it off silently. See
  PLT-018 and PLT-019 for the drivers.
- Neither: FAIL.

Remarks say what the hardware does not offer, and where VBS runs without HVCI. Every node is judged, in a domain or not.

The source document says that Windows Server 2025 switches HVCI on by default. No page of Microsoft's that was read says
so: automatic enablement is documented for clean installations of Windows 11 and for Secured-core devices, not for
upgrades, and the page on memory integrity does not list Server 2025 at all. So HVCI on a 2025 node is measured, never
assumed. The document also lets unsigned drivers be what HVCI stops; signed ones fail as well, on how their image is
laid out, and unsigned ones are refused on a server without HVCI, too.

## How to look yourself

    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object SecurityServicesRunning, SecurityServicesConfigured, VirtualizationBasedSecurityStatus

From an elevated prompt. Expected: `SecurityServicesRunning` has 2 among its numbers.

| release | out of the box |
|---|---|
| 2019, 2022 | not running; running where Secured-core features were enabled |
| 2025 | not documented: look |

## Remedy

Policy *Turn On Virtualization Based Security*, with *Virtualization Based Protection of Code Integrity* on *Enabled
without lock*, or in the registry:

    $guard = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    $hvci = "$guard\Scenarios\HypervisorEnforcedCodeIntegrity"
    if (-not (Test-Path -Path $hvci)) { New-Item -Path $hvci -Force }
    New-ItemProperty -Path $guard -Name EnableVirtualizationBasedSecurity -PropertyType DWord -Value 1 -Force
    New-ItemProperty -Path $guard -Name RequirePlatformSecurityFeatures -PropertyType DWord -Value 1 -Force
    New-ItemProperty -Path $hvci -Name Enabled -PropertyType DWord -Value 1 -Force
    New-ItemProperty -Path $hvci -Name Locked -PropertyType DWord -Value 0 -Force

- Reboot: one for each node.
- Order: drivers first (PLT-019 judges their images, PLT-018 the log), storage and network drivers above all; then one
  node, drained, and a working day of load; then the others one by one. Suspend BitLocker for the reboot.
- Rollback: remove the policy, set `Enabled` to 0 and reboot; from the recovery environment where the node does not
  boot any more. With the UEFI lock Secure Boot has to be switched off first, so prefer *without lock*.

## What it cannot see

Which driver stands in the way. What HVCI costs on this CPU (PLT-010). Whether an App Control policy switched it on.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (codes, registry values, what it checks)
- Microsoft's hardware design pages on HVCI enablement (`oem-hvci-enablement`) and the HLK page on driver compatibility
  (`driver-compatibility-with-device-guard`): where it is switched on automatically, and off again
- MicrosoftDocs/windows-driver-docs, `windows-driver-docs-pr/driversecurity/implement-hvci-compatible-code.md`
"""

from __future__ import annotations

from hypervigil.evidence.platform import DeviceGuard, SecurityProperty, SecurityService
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, remarks, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    RUNNING = passes("HVCI runs.")
    CONFIGURED_NOT_RUNNING = fails("HVCI is configured and does not run.")
    NOT_CONFIGURED = fails("HVCI is not configured and does not run.")
    VBS_ONLY = remarks("VBS runs without it, as it may for the Hyper-V role or Credential Guard alone.")
    LACKING = remarks("The hardware does not offer: {properties}.")


CONTROL = Control(
    id="PLT-005",
    title="HVCI (memory integrity) is running",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

NEEDED = {SecurityProperty.HYPERVISOR: "hypervisor support (1)", SecurityProperty.SECURE_BOOT: "Secure Boot (2)"}


def assess(guard: DeviceGuard) -> Verdict:
    """Judge by the running services; the rest explains."""
    if guard.runs(SecurityService.MEMORY_INTEGRITY):
        return verdict(Why.RUNNING())
    configured = guard.configures(SecurityService.MEMORY_INTEGRITY)
    reasons = [Why.CONFIGURED_NOT_RUNNING() if configured else Why.NOT_CONFIGURED()]
    if guard.vbs_running:
        reasons.append(Why.VBS_ONLY())
    lacking = ", ".join(name for prop, name in NEEDED.items() if not guard.offers(prop))
    if lacking:
        reasons.append(Why.LACKING(properties=lacking))
    return verdict(*reasons)
