r"""PLT-002  Credential Guard is running on a domain-joined member that can run it.

## What it decides

Whether Credential Guard really runs on a domain member, by the list of running services, wherever the hardware can
give it what it needs: a hypervisor and Secure Boot. A TPM is not a condition; it makes the protection stronger.

## Why it matters

Administrators' Kerberos tickets and NTLM hashes lie in the memory of every node that they manage. Without Credential
Guard whoever becomes SYSTEM on one node reads them and walks on to the next, and to whatever else those people manage.

Windows Server 2025 switches it on by default on domain members that can run it, unless it was switched off explicitly.
On 2019 and 2022 somebody has to switch it on. It stops CredSSP from using saved credentials, which is what most
clusters' live migration relies on: see LM-002 before switching it on.

## How it is decided

- The set `SecurityServicesRunning` contains 1: PASS. The shortcut "0 off, 1 running" is wrong as soon as another
  service runs, too.
- It does not, and `SecurityServicesConfigured` contains 1: FAIL, a requirement is missing or the launch failed.
- It does not, and the hardware offers no hypervisor support (1) or no Secure Boot (2) in
  `AvailableSecurityProperties`: NOT_APPLICABLE with what is missing; PLT-007 judges the firmware.
- Else FAIL; where the configuration is known, the reason says whether somebody switched it off.

VBS running does not mean that Credential Guard runs: the Hyper-V role alone starts the hypervisor and can start VBS.
`LsaIso.exe` in the list of processes is not accepted as a proof by Microsoft either.

Workgroup nodes (WGC-008) and domain controllers (PLT-004) are not judged here.

## How to look yourself

    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object SecurityServicesRunning, SecurityServicesConfigured, AvailableSecurityProperties

From an elevated prompt. Expected: `SecurityServicesRunning` has 1 among its numbers.

| release | default on a domain member |
|---|---|
| 2019, 2022 | not running |
| 2025 | running, where the hardware can and nobody switched it off |

Event 13 of Wininit in the System log says that it started; 15 that it is configured and the secure kernel does not
run; 16 and 17 carry the code of a failed launch.

## Remedy

Policy *System > Device Guard > Turn On Virtualization Based Security*, with *Credential Guard Configuration* set to
*Enabled without lock*, or `LsaCfgFlags` = 2 below `HKLM\SYSTEM\CurrentControlSet\Control\Lsa` together with
`EnableVirtualizationBasedSecurity` = 1.

- Reboot: one for each node.
- Order: move live migration to Kerberos on every node first (LM-001, LM-002), test one migration for each pair, then
  drain and reboot node by node. Suspend BitLocker protectors for the reboot.
- Rollback: 0 in both copies of `LsaCfgFlags`, then a reboot. With the UEFI lock a person has to be at the console:
  prefer *without lock* until the cluster has settled.

## What it cannot see

The edition's licence, which Microsoft names as a condition. Third-party security packages that stop working under
Credential Guard. Machine accounts: they are outside its protection unless machine identity isolation is on.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/index.md`, `configure.md`,
  `considerations-known-issues.md`
- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (code tables)
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.platform import (
    Configured,
    DeviceGuard,
    DeviceGuardPolicy,
    SecureBoot,
    SecurityProperty,
    SecurityService,
)
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, remarks, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    WORKGROUP = excludes("The node is in no domain; WGC-008 looks at Credential Guard there.")
    DOMAIN_CONTROLLER = excludes("The node is a domain controller; PLT-004 looks at Credential Guard there.")
    CANNOT_RUN = excludes("The node can not run Credential Guard: its hardware offers no {lacking}.")
    RUNNING = passes("Credential Guard runs.")
    CONFIGURED_NOT_RUNNING = fails("Credential Guard is configured and does not run; {lacking} from the hardware.")
    SWITCHED_OFF = fails("Credential Guard does not run: it was switched off (policy {policy}, local {local}).")
    NOT_RUNNING = fails("Credential Guard does not run, although the hardware can; its configuration: {configured}.")
    VBS_ONLY = remarks("VBS runs without it, as it may for the Hyper-V role alone.")
    VIRTUAL = remarks("The node is itself a virtual machine ({hypervisor}); its host decides what it is offered.")
    FIRMWARE = remarks("Secure Boot is {state}.")


CONTROL = Control(
    id="PLT-002",
    title="Credential Guard is running on a domain-joined member that can run it",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

NEEDED = {SecurityProperty.HYPERVISOR: "hypervisor support", SecurityProperty.SECURE_BOOT: "Secure Boot"}


def applies(system: ComputerSystem) -> Reason | None:
    """Domain members that are not domain controllers."""
    if system.is_domain_controller:
        return Why.DOMAIN_CONTROLLER()
    return None if system.part_of_domain else Why.WORKGROUP()


def assess(
    guard: DeviceGuard,
    system: ComputerSystem,
    secure_boot: Maybe[SecureBoot],
    policy: Maybe[DeviceGuardPolicy],
) -> Verdict:
    """Judge by the running services; the rest explains."""
    if guard.runs(SecurityService.CREDENTIAL_GUARD):
        return verdict(Why.RUNNING())
    lacking = " and no ".join(name for prop, name in NEEDED.items() if not guard.offers(prop))
    reasons: list[Reason] = []
    if guard.configures(SecurityService.CREDENTIAL_GUARD):
        reasons.append(Why.CONFIGURED_NOT_RUNNING(lacking=f"no {lacking}" if lacking else "nothing is missing"))
    elif lacking:
        reasons.append(Why.CANNOT_RUN(lacking=lacking))
    else:
        reasons.append(_off(policy.value))
    if guard.vbs_running:
        reasons.append(Why.VBS_ONLY())
    if system.virtual_machine:
        reasons.append(Why.VIRTUAL(hypervisor=system.virtual_machine))
    if secure_boot.value is not None:
        reasons.append(Why.FIRMWARE(state=secure_boot.value.state.value))
    return verdict(*reasons)


def _off(policy: DeviceGuardPolicy | None) -> Reason:
    if policy is None:
        return Why.NOT_RUNNING(configured="not seen")
    if policy.credential_guard is Configured.OFF:
        return Why.SWITCHED_OFF(policy=policy.lsa_cfg_flags_policy.shown, local=policy.lsa_cfg_flags_local.shown)
    return Why.NOT_RUNNING(configured=policy.credential_guard.value)
