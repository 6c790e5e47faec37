r"""SHV-005  HGS survives the loss of one node: three nodes, or a fallback that answers.

## What it decides

Whether the Host Guardian Service of a cluster goes on working when one of its nodes is lost: because it has three, or
because every host knows a second service that answers.

## Why it matters

No shielded VM starts or migrates without the service. Running ones stay up, but hosts attest anew every eight hours and
whenever they boot, so an outage spreads with each restart. It can be bridged: by a second service with the same keys
and policies, or, from 2019 on, by cached keys, which are off unless somebody switched them on.

## How it is decided

- No host of a Host Guardian Service: NOT_APPLICABLE.
- Three nodes or more are declared (`hgs_nodes` of the context): PASS. Three is what Microsoft recommends.
- Else every host needs a fallback for attestation and for key protection. One that lacks it: FAIL, naming the host,
  when fewer than three nodes are declared; UNKNOWN when nobody declares them.
- All have a fallback, and it answers: PASS. It does when a host uses it right now, when somebody declares a test of it
  (`fallback_tested`), or when its endpoint speaks TLS to the probe.
- All have one and nobody knows whether it answers: REVIEW when it is declared untested or did not answer the probe,
  else UNKNOWN. That a probe elsewhere gets no answer does not prove that the hosts get none.

A declared test counts more than a probe that got no answer; the page then says so beside the verdict. Addresses that
begin with http can not be probed for TLS.

## How to look yourself

    Get-HgsClientConfiguration | Select-Object *ServerUrl, IsFallbackInUse
    Test-HgsClientConfiguration -UsePrimary
    Test-HgsClientConfiguration -UseFallback

Expected on 2019, 2022 and 2025: two addresses of a second service, and a test of each that passes; 2016 has no
fallback. All three commands make the host ask the service. On the service, `Get-ClusterNode` lists its nodes.

## Remedy

Add nodes to the service, or tell every host of a second one:

    Set-HgsClientConfiguration -AttestationServerUrl https://hgs.bastion.local/Attestation `
        -KeyProtectionServerUrl https://hgs.bastion.local/KeyProtection `
        -FallbackAttestationServerUrl https://hgs2.bastion.local/Attestation `
        -FallbackKeyProtectionServerUrl https://hgs2.bastion.local/KeyProtection

- Reboot: none.
- Order: give the second service the keys and all policies of the first, register the hosts there, name it on one host,
  test, then on the others. Declare the test in the context.
- Rollback: the same command without the fallback parameters takes the fallback away.

## What it cannot see

Whether keys and policies of the two are the same: a fallback that answers and does not know the host is of no use, and
only a test of it tells. Whether they fail together (same rack, same storage, same fabric). Backups of the service. On
2016 it is not read whether the fallback is in use.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/guarded-fabric-shielded-vm/`:
  `guarded-fabric-manage-branch-office.md` (fallback, cached keys), `guarded-fabric-planning-for-hosters.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/HgsClient/Set-HgsClientConfiguration.md` and
  `Test-HgsClientConfiguration.md`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from hypervigil.controls.effective.owners import shown
from hypervigil.evidence.shielding import HgsClient, HgsMode
from hypervigil.evidence.wire import WireTls, endpoint_key
from hypervigil.model.context import Context, Shielding
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Items, Maybe, Nodes
from hypervigil.model.missing import Missing
from hypervigil.model.reason import (
    Reason,
    ReasonCode,
    Verdict,
    excludes,
    fails,
    passes,
    remarks,
    reviews,
    unknown,
    verdict,
)
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NO_SERVICE = excludes("No node is a host of a Host Guardian Service.")
    ENOUGH_NODES = passes("The Host Guardian Service has {count} declared nodes: {nodes}.")
    TESTED = passes("Every host has a fallback, and somebody declares that it was tested.")
    ANSWERS = passes("Every host has a fallback, and it answers: {endpoints}.")
    NO_FALLBACK = fails("{nodes} {have} no fallback, and the Host Guardian Service has {count} declared nodes.")
    UNTESTED = reviews("Every host has a fallback that nobody has tried, by declaration. Does it answer?")
    SILENT = reviews("The fallback did not answer the probe: {endpoints}. Does it answer the hosts?")
    NOBODY_COUNTS = unknown("{nodes} {have} no fallback, and nobody declares how many nodes the service has.")
    NOBODY_TRIED = unknown(
        "Every host has a fallback; nobody declares a test of it, and no probe looked at {endpoints}."
    )
    IN_USE = remarks("The fallback is in use on {nodes}: the first service does not answer there.")
    SILENT_TO_PROBE = remarks("The fallback did not answer the probe: {endpoints}.")


CONTROL = Control(
    id="SHV-005",
    title="HGS survives the loss of one node: three nodes, or a fallback that answers",
    family=Family.SHIELDED,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

RECOMMENDED = 3
"""Nodes of a Host Guardian Service (guarded-fabric-planning-for-hosters)."""
_PORTS = {"https": 443, "http": 80}


def assess(clients: Nodes[HgsClient], wire: Maybe[Items[WireTls]], context: Maybe[Context]) -> Verdict:
    """Count the declared nodes first, then look for a fallback on every host, then for a sign that it answers."""
    hosts = {node: client for node, client in clients if client.mode == HgsMode.HOST_GUARDIAN_SERVICE}
    if not hosts:
        return verdict(Why.NO_SERVICE())
    declared = (context.value.shielding if context.value else None) or Shielding()
    if declared.hgs_nodes is not None and len(declared.hgs_nodes) >= RECOMMENDED:
        return verdict(Why.ENOUGH_NODES(count=len(declared.hgs_nodes), nodes=", ".join(declared.hgs_nodes)))
    without = [
        node
        for node, client in hosts.items()
        if not client.fallback_attestation_urls or not client.fallback_key_protection_urls
    ]
    if without:
        said = {"nodes": shown(without), "have": "has" if len(without) == 1 else "have"}
        if declared.hgs_nodes is None:
            return verdict(Why.NOBODY_COUNTS.because(context.missing, **said))
        return verdict(Why.NO_FALLBACK(**said, count=len(declared.hgs_nodes)))
    return verdict(*_answer(hosts, wire, declared, context.missing))


def _answer(
    hosts: Mapping[Subject, HgsClient], wire: Maybe[Items[WireTls]], declared: Shielding, undeclared: Missing | None
) -> Iterable[Reason]:
    """What is known of the fallback that all hosts have."""
    looked_at = {fact.endpoint: fact for _, fact in wire.value or ()}
    in_use = [node for node, client in hosts.items() if client.fallback_in_use]
    used = {endpoint for node in in_use for endpoint in _endpoints(hosts[node])}
    silent: list[str] = []
    unseen: list[str] = []
    answering: list[str] = []
    for endpoint in sorted({endpoint for client in hosts.values() for endpoint in _endpoints(client)}):
        if endpoint in used or (endpoint in looked_at and _speaks(looked_at[endpoint])):
            answering.append(endpoint)
        else:
            (silent if endpoint in looked_at else unseen).append(endpoint)
    if in_use:
        yield Why.IN_USE(nodes=shown(in_use))
    if declared.fallback_tested:
        yield Why.TESTED()
        if silent:
            yield Why.SILENT_TO_PROBE(endpoints=", ".join(silent))
        return
    if silent:
        yield Why.SILENT(endpoints=", ".join(silent))
    if unseen and declared.fallback_tested is False:
        yield Why.UNTESTED()
    elif unseen:
        gaps = wire.value.missing.values() if wire.value is not None else ()
        yield Why.NOBODY_TRIED.because(next(iter(gaps), undeclared), endpoints=", ".join(unseen))
    if not silent and not unseen:
        yield Why.ANSWERS(endpoints=", ".join(answering))


def _endpoints(client: HgsClient) -> Iterable[str]:
    """Keys of the endpoints of a host's fallback; an address that is none stands for itself and is never seen."""
    for address in (*client.fallback_attestation_urls, *client.fallback_key_protection_urls):
        try:
            parts = urlsplit(address.strip())
            port = parts.port or _PORTS.get(parts.scheme.lower(), 0)
        except ValueError:
            yield address
            continue
        yield endpoint_key(parts.hostname, port) if parts.hostname and port else address


def _speaks(fact: WireTls) -> bool:
    return bool(fact.versions) or fact.certificate is not None
