r"""PLT-004  Credential Guard does not run on a domain controller.

## What it decides

Whether a node that is a domain controller keeps Credential Guard off, as Microsoft recommends for that role.

## Why it matters

Credential Guard hides the secrets that LSASS keeps in memory. What is worth stealing from a domain controller is the
directory database, which it does not protect at all: on this role it costs compatibility with security packages and
gains nothing. It is a sign, too, that one policy for "all servers" reaches further than somebody meant.

## How it is decided

- `SecurityServicesRunning` contains 1: FAIL.
- It does not, and `SecurityServicesConfigured` contains 1: REVIEW. It does not run now; the next boot may start it.
- Neither: PASS.
- `DomainRole` is a number outside the table: REVIEW where Credential Guard runs or is configured, because nobody can
  say whether the recommendation applies.

Membership is what counts: the lists can hold other services, too. Nodes that are not domain controllers are
NOT_APPLICABLE; PLT-002 asks the opposite of them.

## How to look yourself

    Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2 | Select-Object DomainRole
    Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard |
        Select-Object SecurityServicesRunning, SecurityServicesConfigured

The second from an elevated prompt. Where `DomainRole` is 4 or 5, expected on 2019, 2022 and 2025 alike: no 1 in either
list. On 2025 the default enablement leaves domain controllers out, so a 1 there was configured by somebody.

## Remedy

Keep domain controllers out of the policy that switches Credential Guard on, and write 0 to both copies of
`LsaCfgFlags`:

    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard'
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    if (-not (Test-Path -Path $policy)) { New-Item -Path $policy }
    New-ItemProperty -Path $policy -Name LsaCfgFlags -PropertyType DWord -Value 0 -Force
    New-ItemProperty -Path $lsa -Name LsaCfgFlags -PropertyType DWord -Value 0 -Force

- Reboot: one, of a domain controller: see that another one answers meanwhile.
- Order: the policy's scope first, or it writes its value back; then the values; then one domain controller at a time.
- Rollback: 2 in both copies and a reboot. Where the UEFI lock was used (1), the values alone do nothing, and somebody
  has to be at the console with Microsoft's opt-out procedure.

Better than both is a cluster node that is no domain controller.

## What it cannot see

Whether the UEFI lock is set. Why the role and the cluster share a machine. Guests that are domain controllers: CLU-004.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/index.md` (not recommended on
  domain controllers; no gain there), `configure.md` (switching off)
- MicrosoftDocs/win32, `desktop-src/CIMWin32Prov/win32-computersystem.md` (DomainRole)
"""

from __future__ import annotations

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NOT_A_CONTROLLER = excludes("The node is no domain controller; PLT-002 and WGC-008 look at Credential Guard there.")
    OFF = passes("Credential Guard does not run here and is not configured.")
    RUNNING = fails("Credential Guard runs on this domain controller ({role}).")
    CONFIGURED = reviews("Credential Guard is configured here ({role}) and does not run. Is the next boot to start it?")
    UNKNOWN_ROLE = reviews(
        "Credential Guard runs or is configured, and no table has the domain role {role}. Is this a domain controller?",
        Confidence.UNVERIFIED,
    )


CONTROL = Control(
    id="PLT-004",
    title="Credential Guard does not run on a domain controller",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Domain controllers, and what has a role that nobody knows."""
    may_be_one = system.is_domain_controller or not system.domain_role.is_known
    return None if may_be_one else Why.NOT_A_CONTROLLER()


def assess(guard: DeviceGuard, system: ComputerSystem) -> Verdict:
    """Judge by membership in the two lists of services."""
    runs = guard.runs(SecurityService.CREDENTIAL_GUARD)
    if not runs and not guard.configures(SecurityService.CREDENTIAL_GUARD):
        return verdict(Why.OFF())
    if not system.domain_role.is_known:
        return verdict(Why.UNKNOWN_ROLE(role=int(system.domain_role)))
    return verdict((Why.RUNNING if runs else Why.CONFIGURED)(role=system.domain_role.label))
