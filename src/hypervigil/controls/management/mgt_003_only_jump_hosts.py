r"""MGT-003  Only declared jump hosts logged on to nodes in the evidence window.

## What it decides

Whether the administrative logons that a node recorded came from declared jump hosts, privileged access workstations and
gateways, and from nowhere else.

## Why it matters

A jump host that people go around protects nothing. A logon from a laptop in an office means that a credential for the
host of all guests was on that laptop, with mail and web beside it. Firewall rules say who could come (MGT-002); this
says who did.

## How it is decided

Two kinds of logons count: over RDP (types 10 and 12, and 7 and 13 with an address; sessions of the session manager
where the Security log has no logon for them), and over the network with an elevated token (types 3 and 8: SMB, WinRM,
RPC). Computer accounts, managed service accounts, virtual accounts, CLIUSR, and the node itself are left out.

- From an address that is not declared: FAIL, with addresses, accounts, ways and times.
- Except over the network from another node: told, not judged. Live migration and cluster cmdlets act for people
  from node to node. A node is known by CLIUSR, which only nodes have, or by its computer account where the nodes
  are declared. Where they are not declared, an address at which some computer account was seen is REVIEW instead of
  FAIL. RDP from node to node fails: no node is a jump host.
- From a place that no declared network can hold, such as a link-local address or a bare name: REVIEW. Likewise every
  undeclared address while a declared jump host has no address, because it could be that one; and a connection to RDP
  from an undeclared address (event 1149) of which no session is known.
- Nobody declares jump hosts: REVIEW, with the places; where nobody came at all: PASS.
- From declared places only: PASS, with the day from which logons were seen. Where the Security log reaches back less
  far than a profile asks for (`least_days`, 7): REVIEW. It proves nothing about the time before.
- No word from the Security log, or elevation of such a logon was not read: UNKNOWN.

## How to look yourself

    Get-WinEvent -FilterHashtable @{ LogName = 'Security'; Id = 4624; StartTime = (Get-Date).AddDays(-7) } |
        Where-Object { $_.Properties[8].Value -in 3, 8, 10, 12 } |
        ForEach-Object { '{0} {1} {2}' -f $_.Properties[8].Value, $_.Properties[18].Value, $_.Properties[5].Value } |
        Group-Object -NoElement

Expected on 2019, 2022 and 2025: behind type 10 and behind people's type 3, the addresses of declared machines only. On
2025 the event has one field more (`RemoteCredentialGuard`), which comes behind these.

## Remedy

Declare what is missing and belongs there (`jump_hosts`, `wac_gateways` of the context file). Close the ways of the
rest: scope the inbound rules (MGT-002), give administrators' accounts an authentication policy that names the machines
from which they may sign in, and move tools such as backup and monitoring to accounts without administrative rights, or
declare their servers.

- Reboot: none.
- Order: ask who it was before anything is closed; a forgotten backup server is the usual surprise. First the declared
  hosts, tested, then the rules, then the policy.
- Rollback: the former remote addresses of the rules (keep the list); take the policy off the accounts.

## What it cannot see

Logons before the day that is named, and those of a log that was cleared. Who sat behind a jump host. Logons through
address translation or a VPN, which show the address of the translator. Kinds of access that leave no logon, such as the
management board's console.

## References

- MicrosoftDocs/windows-itpro-docs, page on event 4624 (logon types, elevated token)
- jdu2600/Windows10EtwEvents, `manifest/Microsoft-Windows-Security-Auditing.tsv`,
  `manifest/Microsoft-Windows-TerminalServices-LocalSessionManager.tsv`
- Microsoft, *Securing privileged access*, pages on privileged access devices and intermediaries
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective.arrivals import (
    CLUSTER_ACCOUNT,
    RDP,
    Arrival,
    arrivals,
    computers,
    connections,
    placed,
)
from hypervigil.controls.effective.logon_reach import seen_for, seen_from
from hypervigil.evidence.logons import Logons
from hypervigil.model import injection
from hypervigil.model.context import Context, is_inside
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.wording import few


class Why(ReasonCode):
    """What this control can say."""

    NOBODY = passes("Since {since} no administrative logon came from elsewhere.")
    DECLARED = passes("Since {since} administrative logons came from declared places alone: {places}.")
    UNDECLARED = fails("Administrative logons came from undeclared places: {places}.")
    NONE_DECLARED = reviews("Nobody declares jump hosts; administrative logons came from {places}. Are these some?")
    PERHAPS_NODE = reviews(
        "Administrative logons came from {places}, where computers have accounts ({computers}), and nobody declares "
        "the nodes. Are they nodes?"
    )
    WITHOUT_ADDRESS = reviews(
        "{hosts} is declared without an address; undeclared ones from which administrators came: {places}. Its own?"
    )
    UNPLACED = reviews("Administrative logons came from places that no declaration can name: {places}. Whose are they?")
    CONNECTED = reviews(
        "RDP let connections in from undeclared places ({places}); no session from there is known. Whose were they?"
    )
    SHORT = reviews("Logons are known since {since} only, for {days} days: is that all there is to see?")
    TOKENS_UNSEEN = unknown("Whether logons from {places} were administrative was not read.", Cause.NOT_IN_SOURCE)
    LOG_SILENT = unknown("The Security log does not tell who logged on.", Cause.NOT_IN_SOURCE)
    BETWEEN_NODES = remarks("Other nodes logged on over the network for people: {places}.")


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set."""

    least_days: Annotated[int, Meta(ge=1, le=30, description="So many days of logons are enough to look at.")] = 7


CONTROL = Control(
    id="MGT-003",
    title="Only declared jump hosts logged on to nodes in the evidence window",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

_SHOWN = 6
_Sorted = dict[Why, list[Arrival]]


def assess(logons: Logons, context: Maybe[Context], judged: Subject, wanted: Parameters) -> Verdict:
    """Sort the places by what is declared of them, then say how far back the log reaches."""
    came = arrivals(logons, judged.name)
    declared, there = context.value, computers(logons)
    places: _Sorted = {}
    for arrival in came:
        code = _sort(arrival, declared, there.get(arrival.place, frozenset()), judged)
        places.setdefault(code, []).append(arrival)
    reasons = list(_said(places, declared, there))
    known = {arrival.place for arrival in came}
    others = [place for place in connections(logons) if place not in known and not _is_declared(place, declared)]
    if others:
        reasons.append(Why.CONNECTED(places=_listed(others)))
    since, length = seen_from(logons), seen_for(logons)
    if since is None or length is None:
        return verdict(*reasons, Why.LOG_SILENT())
    day = since.date().isoformat()
    if length < datetime.timedelta(days=wanted.least_days):
        reasons.append(Why.SHORT(since=day, days=max(length.days, 0)))
    if Why.DECLARED in places:
        listed = _listed(list(dict.fromkeys(arrival.place for arrival in places[Why.DECLARED])))
        reasons.append(Why.DECLARED(since=day, places=listed))
    if all(reason.outcome is None for reason in reasons):
        reasons.insert(0, Why.NOBODY(since=day))
    return verdict(*reasons)


def _sort(arrival: Arrival, context: Context | None, there: frozenset[str], judged: Subject) -> Why:
    """What an arrival leads to. ``DECLARED`` and ``BETWEEN_NODES`` fit. ``there`` are computers at its address."""
    if _is_declared(arrival.place, context):
        return Why.DECLARED
    if arrival.way != RDP and there & {CLUSTER_ACCOUNT, _short(judged.name), *_nodes(context)}:
        return Why.BETWEEN_NODES
    if arrival.elevated is None:
        return Why.TOKENS_UNSEEN
    if context is None or context.jump_hosts is None:
        return Why.NONE_DECLARED
    if arrival.address is None:
        return Why.UNPLACED
    if _without_address(context):
        return Why.WITHOUT_ADDRESS
    if there and arrival.way != RDP and context.expected_nodes is None:
        return Why.PERHAPS_NODE
    return Why.UNDECLARED


def _said(places: _Sorted, context: Context | None, there: dict[str, frozenset[str]]) -> Iterator[Reason]:
    """One reason for each kind of place, the worst first."""
    for code in (Why.UNDECLARED, Why.TOKENS_UNSEEN, Why.NONE_DECLARED, Why.UNPLACED, Why.BETWEEN_NODES):
        if code in places:
            yield code(places=_listed([arrival.shown for arrival in places[code]]))
    if Why.WITHOUT_ADDRESS in places and context is not None:
        shown = _listed([arrival.shown for arrival in places[Why.WITHOUT_ADDRESS]])
        yield Why.WITHOUT_ADDRESS(hosts=", ".join(_without_address(context)), places=shown)
    if Why.PERHAPS_NODE in places:
        found = sorted({name for arrival in places[Why.PERHAPS_NODE] for name in there[arrival.place]})
        shown = _listed([arrival.shown for arrival in places[Why.PERHAPS_NODE]])
        yield Why.PERHAPS_NODE(places=shown, computers=_listed(found))


def _is_declared(place: str, context: Context | None) -> bool:
    address = placed(place)
    return address is not None and context is not None and is_inside(address, context.administers_from or ())


def _without_address(context: Context) -> list[str]:
    """Declared hosts that no address can be compared with."""
    hosts = [(host.name, host.addresses) for host in context.jump_hosts or ()]
    hosts += [(gateway.name, gateway.addresses) for gateway in context.wac_gateways or ()]
    return [name for name, addresses in hosts if not addresses]


def _nodes(context: Context | None) -> set[str]:
    return {_short(node.name) for node in (context.expected_nodes or ())} if context is not None else set()


def _short(name: str) -> str:
    return name.partition(".")[0].casefold()


def _listed(parts: list[str]) -> str:
    return few(parts, _SHOWN, "; ")
