r"""SHV-001  Every possible owner of a shielded VM is guarded and attested.

## What it decides

For a shielded VM: whether every node that the cluster lets own it is a guarded host with a passed attestation, and
whether all of them ask the same Host Guardian Service.

## Why it matters

A shielded VM starts, and live-migrates, only to a host that the Host Guardian Service holds to be healthy: it releases
the key to no other. A possible owner that is not attested is a node on which the VM stays down, and nobody notices
before the failover. One that asks another service gets no key there either, for the VM's key protector names the
fabric that it belongs to.

## How it is decided

The possible owners are those of the VM resource; a shielded VM that is no clustered role has its own node alone.

- The VM is not shielded: NOT_APPLICABLE. One with a plain virtual TPM is for SHV-002 and LM-010.
- A possible owner is not guarded, or its attestation did not pass: FAIL, naming it with the status. A status that calls
  for another try counts as well: as it is, the VM does not start there.
- The owners have no service in common, by the addresses of attestation or of key protection (fallbacks included): FAIL,
  inferred. That all of them have to ask the same one follows from how keys are released; no page says it so.
- All are guarded by a common service: PASS.
- A status that no documentation has, or no key protector on the VM: REVIEW.
- The status, the addresses, the owners or a node's client were not read: UNKNOWN. Another owner's failure stands.

## How to look yourself

    Get-VM | Get-VMSecurity | Where-Object { $_.Shielded }
    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock { Get-HgsClientConfiguration } |
        Select-Object PSComputerName, IsHostGuarded, Mode, AttestationStatus, AttestationSubstatus, AttestationServerUrl

Expected on 2019, 2022 and 2025: IsHostGuarded True, HostGuardianService, Passed and the same address in every line.
Know that this command makes each host ask the service for an attestation. For this reason the fact behind this control
is read only when the operator allows it.

## Remedy

What the status and the substatus name: register the host (UnauthorizedHost), register its new baseline or code
integrity policy (InsecureHostConfiguration), set its clock (Expired). Then let it try again:

    Get-HgsTrace -RunDiagnostics -Detailed
    Set-HgsClientConfiguration -AttestationServerUrl https://hgs.bastion.local/Attestation `
        -KeyProtectionServerUrl https://hgs.bastion.local/KeyProtection

- Reboot: for a host whose Secure Boot, hypervisor or policy has to change; none for an address.
- Order: before an upgrade or new firmware, register the new baseline and policy first, so that the node attests when it
  comes back. Until then take it out of the possible owners of shielded VMs.
- Rollback: the addresses that stood there before. `Set-HgsClientConfiguration -EnableLocalMode` clears them, and then
  no shielded VM starts there.

## What it cannot see

Whether the service would give out the key of this very VM: what the key protector names can not be told from the
addresses. How long the health certificate still holds; it is renewed every eight hours.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/guarded-fabric-shielded-vm/`:
  `guarded-fabric-and-shielded-vms.md`, `guarded-fabric-troubleshoot-hosts.md` (status and substatus),
  `guarded-fabric-confirm-hosts-can-attest-successfully.md`
- MicrosoftDocs/win32, `desktop-src/HgsClientWmi/msft-hgsclientconfiguration.md`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hypervigil.controls.effective.owners import Owners, of_owners, possible_owners, shown
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.shielding import AttestationStatus, HgsClient, HgsMode
from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NOT_SHIELDED = excludes("It is not shielded.")
    GUARDED = passes("Each node that can own it is guarded and attested: {nodes}.")
    UNGUARDED = fails("{node} can own it and is not guarded (mode {mode}, attestation {status}).")
    NOT_PASSED = fails("{node} can own it and its attestation did not pass ({status}).")
    APART = fails("The nodes that can own it have no address of {service} in common: {addresses}.", Confidence.INFERRED)
    ODD_STATUS = reviews("{node} says that it is guarded, with attestation {status}. What is that?")
    NO_PROTECTOR = reviews("It is shielded and has no key protector. How does it start?", Confidence.UNVERIFIED)
    STATUS_UNREAD = unknown("{node} says that it is guarded; its attestation status was not read.", Cause.NOT_COLLECTED)
    ADDRESS_UNREAD = unknown("The address of {service} was not read on {nodes}.", Cause.NOT_COLLECTED)
    OWNERS_UNREAD = unknown("Which nodes can own it could not be read.", Cause.NOT_COLLECTED)
    CLIENT_UNREAD = unknown("{node} can own it, and its HGS client was not read.")


CONTROL = Control(
    id="SHV-001",
    title="Every possible owner of a shielded VM is guarded and attested",
    family=Family.SHIELDED,
    scope=Scope.VM,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def applies(security: VmSecurity) -> Reason | None:
    """Shielded VMs; all others start without a Host Guardian Service."""
    return None if security.shielded else Why.NOT_SHIELDED()


def assess(clients: Nodes[HgsClient], security: VmSecurity, groups: ClusterGroups, vm: Subject) -> Verdict:
    """Judge each possible owner; where the owners were not read, the VM's own node at least."""
    owners = possible_owners(vm, groups)
    judged = of_owners(owners or Owners.of(vm.nodes), clients, HgsClient)
    reasons = [] if owners else [Why.OWNERS_UNREAD()]
    if security.protector_thumbprints == ():
        reasons.append(Why.NO_PROTECTOR())
    for node, client in judged:
        reasons.extend(_state(node, client))
    reasons += [Why.CLIENT_UNREAD.because(why, node=node.name) for node, why in judged.missing.items()]
    guarded = {node: client for node, client in judged if client.host_guarded}
    attestation = {n: _addresses(c.attestation_url, c.fallback_attestation_urls) for n, c in guarded.items()}
    protection = {n: _addresses(c.key_protection_url, c.fallback_key_protection_urls) for n, c in guarded.items()}
    reasons.extend(_common("the attestation service", attestation))
    reasons.extend(_common("the key protection service", protection))
    return verdict(*(reasons or [Why.GUARDED(nodes=shown(judged.known))]))


def _state(node: Subject, client: HgsClient) -> Iterator[Reason]:
    """What speaks against one node."""
    status = client.status.label.lower() if client.status is not None else "not read"
    if client.status is not None and client.substatus not in (None, 0, ""):
        status += f", substatus {client.substatus}"
    if not client.host_guarded or client.mode == HgsMode.LOCAL:
        yield Why.UNGUARDED(node=node.name, mode=client.mode.label.lower(), status=status)
    elif client.status is None:
        yield Why.STATUS_UNREAD(node=node.name)
    elif client.status == AttestationStatus.PASSED:
        return
    elif client.status.is_known:
        yield Why.NOT_PASSED(node=node.name, status=status)
    else:
        yield Why.ODD_STATUS(node=node.name, status=status)


def _addresses(first: str | None, fallbacks: Iterable[str]) -> frozenset[str] | None:
    """Addresses in a form to compare; None where the first was not read."""
    if not first:
        return None
    return frozenset(address.strip().rstrip("/").lower() for address in (first, *fallbacks))


def _common(service: str, addresses: dict[Subject, frozenset[str] | None]) -> Iterator[Reason]:
    """What keeps the nodes from asking the same service."""
    known = {node: own for node, own in addresses.items() if own is not None}
    if unread := [node for node in addresses if node not in known]:
        yield Why.ADDRESS_UNREAD(service=service, nodes=shown(unread))
    if known and not frozenset.intersection(*known.values()):
        listed = "; ".join(f"{node.name} {', '.join(sorted(own))}" for node, own in known.items())
        yield Why.APART(service=service, addresses=listed)
