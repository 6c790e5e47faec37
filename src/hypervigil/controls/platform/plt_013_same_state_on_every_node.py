r"""PLT-013  VBS, Credential Guard and HVCI have the same state on every node.

## What it decides

Whether all nodes of a cluster agree on three things: the status of VBS, whether Credential Guard runs, whether HVCI
runs.

## Why it matters

A VM is as safe as the weakest node that it may run on, and an administrator's credentials as safe as the weakest node
that they are used on. Differences bite in operation, too: with CredSSP a live migration works from one node and fails
from its neighbour, where Credential Guard runs, and the error looks like a matter of the VM. A difference that nobody
intended is often the first sign of a node that was built, patched or repaired apart from the others.

## How it is decided

Each of the three is compared over the nodes, by membership in the running services and by the status number:

- All equal, on or off: PASS. Whether the common state is a good one is for PLT-001, PLT-002 and PLT-005 to say.
- One differs: FAIL, once for each of the three. Where most nodes agree the others are named as the odd ones; in an even
  split all are listed.
- Evidence of a node is missing: what the others show still fails where it differs; where it does not, the outcome is
  UNKNOWN.
- Only one node: NOT_APPLICABLE.

What is configured and does not run counts as not running.

## How to look yourself

    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock {
        Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard } |
        Select-Object PSComputerName, VirtualizationBasedSecurityStatus, SecurityServicesRunning

Expected on 2019, 2022 and 2025: the same numbers in every line. While a rolling upgrade from 2019 or 2022 to 2025 is
under way, upgraded domain members run Credential Guard by default and the others do not: the difference is real, and
ends with the upgrade.

## Remedy

Give all nodes the same policy, linked to the organisational unit that holds all of them, and look for local values that
speak against it (PLT-003, PLT-009).

- Reboot: one for each node that changes.
- Order: bring the odd nodes to the state of the others, not the other way round, unless the others are wrong. Where the
  odd ones run Credential Guard and live migration uses CredSSP, settle LM-001 and LM-002 first. One node at a time.
- Rollback: take the node out of the policy again and reboot it; with a UEFI lock that takes somebody at the console.

A rolling upgrade is a reason for a waiver that ends on the day the upgrade should be finished.

## What it cannot see

Differences in what is configured for the next boot. Nodes that the cluster lists and nobody collected (they make the
outcome UNKNOWN). Which state is meant.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/index.md`,
  `considerations-known-issues.md` (live migration with CredSSP)
- MicrosoftDocs/windows-itpro-docs, `windows/security/hardware-security/`
  `enable-virtualization-based-protection-of-code-integrity.md` (code tables)
"""

from __future__ import annotations

from collections.abc import Callable

from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    SINGLE_NODE = excludes("Only one node was seen: there is nothing to compare it with.")
    SAME = passes("All {count} nodes that were seen agree: {states}.")
    ODD_NODES = fails("{feature} differs: {odd}; on the other {count} nodes it is {common}.")
    SPLIT = fails("{feature} differs: {states}.")


CONTROL = Control(
    id="PLT-013",
    title="VBS, Credential Guard and HVCI have the same state on every node",
    family=Family.PLATFORM,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def _runs(service: SecurityService) -> Callable[[DeviceGuard], str]:
    return lambda guard: "running" if guard.runs(service) else "not running"


FEATURES: dict[str, Callable[[DeviceGuard], str]] = {
    "VBS": lambda guard: guard.vbs_status.label.lower(),
    "Credential Guard": _runs(SecurityService.CREDENTIAL_GUARD),
    "HVCI": _runs(SecurityService.MEMORY_INTEGRITY),
}
"""What is compared, and what people read as its state on one node."""


def assess(guards: Nodes[DeviceGuard]) -> Verdict:
    """Compare each feature over the nodes whose evidence is there."""
    if len(guards) == 1:
        return verdict(Why.SINGLE_NODE())
    differing: list[Reason] = []
    common: list[str] = []
    for feature, state in FEATURES.items():
        by_state: dict[str, list[str]] = {}
        for node, guard in guards:
            by_state.setdefault(state(guard), []).append(node.name)
        if len(by_state) > 1:
            differing.append(_difference(feature, by_state))
        else:
            common.append(f"{feature} {next(iter(by_state))}")
    return verdict(*differing) if differing else verdict(Why.SAME(count=len(guards), states=", ".join(common)))


def _difference(feature: str, by_state: dict[str, list[str]]) -> Reason:
    """Names the odd nodes where one state has more nodes than any other."""
    ordered = sorted(by_state, key=lambda state: -len(by_state[state]))
    shown = [f"{state} on {', '.join(by_state[state])}" for state in ordered]
    most, next_most = (len(by_state[state]) for state in ordered[:2])
    if most == next_most:
        return Why.SPLIT(feature=feature, states="; ".join(shown))
    return Why.ODD_NODES(feature=feature, odd="; ".join(shown[1:]), count=most, common=ordered[0])
