r"""WGC-010  TrustedHosts lists the peers and nothing wider.

## What it decides

Whether the WinRM client of a node of a workgroup cluster trusts, unproved, anybody but the other nodes.

## Why it matters

Hosts in `TrustedHosts` are not authenticated: the client sends them what proves its user, whoever answers in their
name. In a workgroup cluster the same account works on every node, so an answer that is caught from one opens all. The
list has to have the peers where nodes manage each other without HTTPS; each name more is one more name to pretend.

## How it is decided

- `*`, another pattern with a `*`, or `<local>`, which stands for every name without a dot: FAIL.
- A name or an address that no node of the cluster has: REVIEW. It may be another name of a peer, or of the cluster.
- Empty, or nodes alone: PASS. Peers that are not on a list are named in a remark.
- WinRM does not run, or the list was not read: UNKNOWN.

Nodes are those of the cluster, whether there is evidence of them or not; they count by name, short or with a suffix,
and by the addresses that their own WinRM listens on. What is judged is in force: a list that policy sets stands in
place of the local one. Nodes of a domain are not judged: they have Kerberos.

## How to look yourself

    Get-Item -Path WSMan:\localhost\Client\TrustedHosts

Expected on 2019, 2022 and 2025: empty, which is the default, or the names of the other nodes.

## Remedy

    Set-Item -Path WSMan:\localhost\Client\TrustedHosts -Value 'HV02,HV03'

Where a policy sets the list (*Windows Components > Windows Remote Management > WinRM Client > Trusted Hosts*), change
it there.

- Reboot: none.
- Order: give nodes HTTPS listeners first (WGC-005) where they can; a list that is empty is best.
- Rollback: the same command with the value that stood there.

## What it cannot see

Whom a user names trusted in a session of his own, and lists of management stations, which need the same look.

## References

- MicrosoftDocs/win32, `desktop-src/WinRM/installation-and-configuration-for-windows-remote-management.md`
- Windows, `winrm help config` (`<local>` and patterns)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/create-workgroup-cluster.md`
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.management import WinRm
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Cause
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

    JOINED = excludes("The node is in a domain, where Kerberos proves hosts.")
    NOBODY = passes("TrustedHosts is empty: no host is trusted unproved.")
    PEERS = passes("TrustedHosts names nodes of the cluster alone: {hosts}.")
    WIDE = fails("TrustedHosts has {hosts}: whoever takes a name that fits is trusted unproved.")
    STRANGERS = reviews("TrustedHosts names {hosts}, and no node is known by that: is each of them one?")
    STOPPED = unknown("WinRM does not run, so TrustedHosts could not be asked for.", Cause.NOT_COLLECTED)
    UNSEEN = unknown("The source does not hold TrustedHosts.", Cause.NOT_IN_SOURCE)
    PEERS_LEFT_OUT = remarks("TrustedHosts does not name {hosts}: remoting to them needs HTTPS.")


CONTROL = Control(
    id="WGC-010",
    title="TrustedHosts lists the peers and nothing wider",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

LOCAL = "<local>"


def applies(system: ComputerSystem) -> Reason | None:
    """Nodes of a workgroup cluster."""
    return Why.JOINED() if system.part_of_domain else None


def assess(winrm: WinRm, everywhere: Maybe[Nodes[WinRm]], node: Subject) -> Verdict:
    """Judge each entry of the list; nodes are known by their subjects and by where their WinRM listens."""
    if winrm.trusted_hosts is None:
        return verdict(Why.UNSEEN() if winrm.running else Why.STOPPED())
    if not winrm.trusted_hosts:
        return verdict(Why.NOBODY())
    nodes = _addresses(everywhere.value, node, winrm)
    wide = [entry for entry in winrm.trusted_hosts if "*" in entry or entry.lower() == LOCAL]
    named = [entry for entry in winrm.trusted_hosts if entry not in wide]
    met = {entry: [each for each, addresses in nodes.items() if _is(entry, each, addresses)] for entry in named}
    strangers = [entry for entry, found in met.items() if not found]
    reasons: list[Reason] = []
    if wide:
        reasons.append(Why.WIDE(hosts=", ".join(wide)))
    if strangers:
        reasons.append(Why.STRANGERS(hosts=", ".join(strangers)))
    if not reasons:
        reasons.append(Why.PEERS(hosts=", ".join(named)))
    seen = {each.key for found in met.values() for each in found} | {node.key}
    left_out = [each.name for each in nodes if each.key not in seen]
    if left_out and not wide:
        reasons.append(Why.PEERS_LEFT_OUT(hosts=", ".join(left_out)))
    return verdict(*reasons)


def _addresses(everywhere: Nodes[WinRm] | None, node: Subject, own: WinRm) -> dict[Subject, frozenset[str]]:
    """Every node that is known, with the addresses that its WinRM listens on."""
    known = {**(everywhere.known if everywhere is not None else {}), node: own}
    missing = everywhere.missing if everywhere is not None else ()
    unseen = {each: frozenset[str]() for each in missing if not each.key.endswith("/*")}
    return unseen | {each: frozenset(_listened(winrm)) for each, winrm in known.items()}


def _listened(winrm: WinRm) -> Iterable[str]:
    return (address for listener in winrm.listeners or () for address in map(_plain, listener.listening_on))


def _is(entry: str, node: Subject, addresses: frozenset[str]) -> bool:
    """Whether an entry means a node. A node whose suffix is not known is meant by its name with any."""
    name = _plain(entry)
    if _is_address(name):
        return name in addresses
    return name in node.keys or ("." not in node.key and name.partition(".")[0] == node.key)


def _plain(entry: str) -> str:
    """A name in lower case, or an address as it is written shortest; IPv6 stands in brackets."""
    text = entry.strip().strip("[]").rstrip(".").lower()
    return str(ipaddress.ip_address(text)) if _is_address(text) else text


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
