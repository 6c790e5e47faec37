r"""LOG-006  Nodes are not the only store of their own security events.

## What it decides

Whether the Security log of every node leaves the cluster, for a place that is none of its nodes, and whether it is kept
there as long as it has to be.

## Why it matters

Intrusions are found weeks later. By then a node's own log has been overwritten, or cleared by who came in. A collector
that runs on a node of the same cluster, or as the only VM on it, falls with the cluster.

## How it is decided

What leaves is read in the forwarder's log (LOG-002); the rest is declared by the operator.

- A node whose Security log no subscription takes: FAIL where no agents are declared (`logs.agents = []`); REVIEW where
  an agent is declared, which may send it; UNKNOWN where nothing is.
- What a subscription takes could not be read: UNKNOWN.
- A collector that is a node of this cluster, by policy or by declaration: FAIL.
- It is declared that events go nowhere (`logs.destinations = []`): FAIL.
- Events are kept for fewer days (`logs.kept_days`) than they have to be (`logs.required_days`): FAIL.
- One of the two is not declared: REVIEW.
- Everything leaves and is kept long enough: PASS. A node that was not seen makes it UNKNOWN.

No host can tell how long another one keeps events, so without a declaration this never ends in PASS.

## How to look yourself

    Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-Forwarding/Operational'; Id = 100, 101 } |
        Format-List TimeCreated, Message
    Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager

Then, at the destination, the oldest event of each node. Expected on 2019, 2022 and 2025: a query with Security, a
collector that is no node, and an oldest event that is older than the required time.

## Remedy

Name Security in a subscription for all nodes, on a collector outside the cluster; keep its events as long as law,
contract or policy demand; declare both:

    [logs]
    destinations = ["wec01.contoso.com"]
    agents = []
    kept_days = 365
    required_days = 180

- Reboot: none.
- Order: the collector and its disk first, then one node, then the others.
- Rollback: the former query.

## What it cannot see

Whether the declaration is true, whether events arrive without gaps, and who may delete them there. A collector that is
a VM of the cluster under another name.

## References

- MicrosoftDocs/windows-itpro-docs, page *Use Windows Event Forwarding to help with intrusion detection*
- MicrosoftDocs/win32, `desktop-src/WEC/`
"""

from __future__ import annotations

from collections.abc import Iterable

from hypervigil.controls.effective.forwarding import Shipped, coverage, managers, subscriptions
from hypervigil.evidence.detection_sources import CHANNEL_SOURCES
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.model.context import Context, Logs
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    KEPT = passes("The Security log of {count} nodes leaves, and is kept for {kept} days of {required}.")
    ONLY_STORE = fails(
        "The Security log of {nodes} does not leave: no subscription takes it, and no agent is declared."
    )
    ON_A_NODE = fails("{nodes} would be sent to {collector}, which is a node of this cluster itself.")
    NOWHERE = fails("It is declared that events go nowhere.")
    TOO_SHORT = fails("Events are kept for {kept} days, and have to be for {required}.")
    AGENT = reviews("No subscription takes the Security log of {nodes}. Does the declared agent {agents} send it?")
    RETENTION_UNDECLARED = reviews(
        "Nobody has declared {what}. How long are events kept, and how long do they have to be?"
    )
    UNDECLARED = unknown(
        "No subscription takes the Security log of {nodes}. Whether an agent sends it is not declared."
    )
    UNSEEN = unknown("What leaves {nodes} could not be seen in the forwarder's log.", Cause.NOT_IN_SOURCE)
    IN_PART = remarks("Of the Security log of {nodes}, a part leaves: LOG-002 says what does not.")


CONTROL = Control(
    id="LOG-006",
    title="Nodes are not the only store of their own security events",
    family=Family.LOGGING,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)

SECURITY = next(source for source in CHANNEL_SOURCES if source.name == "Security")


def assess(forwarding: Nodes[EventForwarding], context: Maybe[Context]) -> Verdict:
    """Judge where the Security log goes, then for how long."""
    logs = (context.value.logs if context.value else None) or Logs()
    reasons = [*_leaving(forwarding, logs, context), *_places(forwarding, logs), *_retention(logs)]
    if not any(reason.outcome for reason in reasons):
        reasons.insert(0, Why.KEPT(count=len(forwarding), kept=logs.kept_days, required=logs.required_days))
    return verdict(*reasons)


def _leaving(forwarding: Nodes[EventForwarding], logs: Logs, context: Maybe[Context]) -> list[Reason]:
    """Nodes whose Security log no subscription takes, and those of which that is not known."""
    staying: list[str] = []
    unseen: list[str] = []
    partly: list[str] = []
    for node, own in forwarding:
        shipped = coverage(SECURITY, subscriptions(own)).shipped
        if shipped is Shipped.UNSEEN or (own.window is None and shipped is Shipped.NOT):
            unseen.append(node.name)
        elif shipped in (Shipped.FILTERED, Shipped.CONDITIONS):
            partly.append(node.name)
        elif shipped is not Shipped.WHOLE:
            staying.append(node.name)
    reasons: list[Reason] = []
    nodes = ", ".join(staying)
    if staying and logs.agents is None:
        reasons.append(Why.UNDECLARED.because(context.missing, nodes=nodes))
    elif staying and logs.agents:
        reasons.append(Why.AGENT(nodes=nodes, agents=", ".join(logs.agents)))
    elif staying:
        reasons.append(Why.ONLY_STORE(nodes=nodes))
    if unseen:
        reasons.append(Why.UNSEEN(nodes=", ".join(unseen)))
    if partly:
        reasons.append(Why.IN_PART(nodes=", ".join(partly)))
    return reasons


def _places(forwarding: Nodes[EventForwarding], logs: Logs) -> list[Reason]:
    """Collectors that are nodes of the cluster, and the declaration that there is none."""
    nodes = {_short(key) for node in (*forwarding.known, *forwarding.missing) for key in _names(node)}
    senders: dict[str, list[str]] = {}
    for node, own in forwarding:
        for collector in managers(own):
            if _short(collector) in nodes:
                senders.setdefault(collector, []).append(node.name)
    reasons = [Why.ON_A_NODE(nodes=", ".join(names), collector=collector) for collector, names in senders.items()]
    declared = [
        place for place in logs.destinations or () if _short(place) in nodes and place.casefold() not in senders
    ]
    reasons += [Why.ON_A_NODE(nodes="Events", collector=place) for place in declared]
    return [*reasons, Why.NOWHERE()] if logs.destinations == () else reasons


def _retention(logs: Logs) -> list[Reason]:
    if logs.kept_days is not None and logs.required_days is not None:
        too_short = logs.kept_days < logs.required_days
        return [Why.TOO_SHORT(kept=logs.kept_days, required=logs.required_days)] if too_short else []
    wanted = {"for how long they are kept": logs.kept_days, "for how long they have to be": logs.required_days}
    return [Why.RETENTION_UNDECLARED(what=" and ".join(what for what, days in wanted.items() if days is None))]


def _names(node: Subject) -> Iterable[str]:
    return (node.name, node.key, *node.aliases)


def _short(name: str) -> str:
    """The first part of a host's name in lower case; an address as it is."""
    name = name.strip().casefold()
    return name if name.replace(".", "").isdigit() else name.partition(".")[0]
