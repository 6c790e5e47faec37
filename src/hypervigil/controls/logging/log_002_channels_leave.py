r"""LOG-002  Every such channel leaves the host (WEF subscription, agent, or both).

## What it decides

Whether each channel that detections need (LOG-001) is taken off the node: by a subscription of Windows Event Forwarding
(WEF), by an agent, or by both.

## Why it matters

Whoever becomes administrator of a host can clear its logs, and the hypervisor under every VM belongs to them. What has
left by then can not be taken back. A subscription that was once copied from a guide for file servers leaves out just
what a Hyper-V cluster tells of itself.

## How it is decided

By the forwarder's own log: events 100 and 101 carry the query of each subscription, and 101 says which channels could
not be read. Queries are followed per channel and event id: Select and Suppress, providers, ids and their ranges.

| a channel that has to leave | and nothing else sends | an agent may send |
|---|---|---|
| no subscription names it | FAIL | REVIEW |
| a filter leaves out events that detections read | FAIL, with their ids | REVIEW |
| the forwarder may not read it (101, error 5 and others) | FAIL | REVIEW |
| a condition on event data or other fields decides | REVIEW | REVIEW |
| the query, or what became of it, could not be read | UNKNOWN | UNKNOWN |
| all leave | PASS | PASS |

"Nothing else sends" is what the operator declares: no agents (`logs.agents = []`), or agents none of which runs. "An
agent may send" is a declared agent that runs, or, where nothing is declared, the service of a known one (Winlogbeat,
Elastic Agent, NXLog, Splunk, Wazuh, Fluent Bit, Cribl, Velociraptor, Snare). Which channels an agent takes stands in
its own files and can not be seen, so it never makes a PASS. Where nothing is declared and none of these runs, it is
UNKNOWN what else may send. The sensor of Defender for Endpoint counts for nothing here: it sends what it sees itself,
not channels.

Channels that should leave, or have to where shielded VMs run, and those of a product that may not be there, lead to
REVIEW where no subscription takes them. A channel that the node does not have (101, error 15007) is LOG-001's.

A query that is named after a provider, such as *Microsoft-Windows-Hyper-V-VMMS*, takes nothing: the channel is
*Microsoft-Windows-Hyper-V-VMMS-Admin*. System has to be taken for the errors of the cluster, besides
FailoverClustering/Operational. SMBServer/Audit does not stand in for SMBServer/Security.

Where the log was cut short, an older subscription may have gone by unseen: what lacks is UNKNOWN then. That a
subscription does not appear for the whole reach of the log is taken for its absence; hence such a FAIL is inferred.

## How to look yourself

    Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-Forwarding/Operational'; Id = 100, 101, 102, 103 } |
        Format-List TimeCreated, Id, Message
    Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager

On the collector:

    wecutil.exe get-subscription Hosts /format:xml

Expected on 2019, 2022 and 2025: each channel of LOG-001 in a Select, with `*` or with a filter that takes the ids that
detections read.

## Remedy

On the collector, add the channels to the query of the subscription, under their exact names, and give it to the nodes.
Where the forwarder may not read a channel, on the node:

    Add-LocalGroupMember -SID S-1-5-32-573 -Member 'NT AUTHORITY\NETWORK SERVICE'
    Restart-Service -Name WinRM

S-1-5-32-573 is *Event Log Readers*. Channels with an access list of their own need an entry for it there.

- Reboot: none; the group counts after WinRM was started anew, which ends remote sessions.
- Order: read rights on all nodes first; then the query; then LOG-003; only then rely on it.
- Rollback: the former query; `Remove-LocalGroupMember` with the same group and member.

## What it cannot see

What arrives at the collector and what becomes of it there (LOG-006). What an agent sends. Whether the collector's
subscription has changed since the node was told. Filters on levels, keywords and event data are not followed.

## References

- MicrosoftDocs/windows-itpro-docs, page *Use Windows Event Forwarding to help with intrusion detection*
- MicrosoftDocs/win32, `desktop-src/WEC/` and `desktop-src/WES/queryschema-schema.md`
- jdu2600/Windows10EtwEvents, `manifest/Microsoft-Windows-Forwarding.tsv`
- ukncsc/lme, issue 41 (the status of event 101)
- palantir/windows-event-forwarding
"""

from __future__ import annotations

import msgspec

from hypervigil.controls.effective.forwarding import Coverage, Shipped, Subscription, coverages, managers, subscriptions
from hypervigil.controls.effective.shippers import Senders, other_senders
from hypervigil.evidence.accounts import Services
from hypervigil.evidence.detection_sources import CHANNEL_SOURCES, ChannelSource, Found
from hypervigil.evidence.event_logs import EventForwarding
from hypervigil.model.context import Context
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    SENT = passes("Subscriptions of Windows Event Forwarding take {count} channels that detections need.")
    NOTHING_SENT = fails("No subscription takes any channel, and {others}.", Confidence.INFERRED)
    NOT_SENT = fails("No subscription takes {channel}, and {others}. What it would show: {shows}.", Confidence.INFERRED)
    FILTERED = fails("The filter of {channel} leaves out {ids}, and {others}.", Confidence.INFERRED)
    UNREADABLE = fails("The forwarder may not read {channel} (error {code}), and {others}.", Confidence.OBSERVED)
    AGENT = reviews("{others}: does it send what subscriptions do not ({lacks})?")
    UNDECLARED = unknown("No subscription takes {lacks}. Whether an agent sends it is not declared.")
    AGENT_UNSEEN = unknown("No subscription takes {lacks}. Whether the declared agent {agents} runs could not be seen.")
    CUT_SHORT = unknown(
        "No subscription that the log shows takes {lacks}, but the log was cut short and others may be older.",
        Cause.NOT_IN_SOURCE,
    )
    CONDITIONS = reviews(
        "What leaves of {channel} depends on more than ids{ids}. Do the events leave that detections read?"
    )
    ADVISED = reviews("Subscriptions do not take {channels}, or not all of it. Can that be done without?")
    IF_THERE = reviews("No subscription takes {channels}. Does the node have what writes them?")
    LOG_UNSEEN = unknown(
        "The forwarder's log could not be searched, so its subscriptions are not known.", Cause.NOT_IN_SOURCE
    )
    QUERY_UNSEEN = unknown(
        "What subscriptions do with {channels} is not known: a query or its result could not be read.", Cause.UNPARSABLE
    )
    ABSENT = remarks("Subscriptions ask for channels that the node does not have: {channels}.")
    ELSEWHERE = remarks("Policy sends to {hosts}, which the context does not name as a destination.")


CONTROL = Control(
    id="LOG-002",
    title="Every such channel leaves the host (WEF subscription, agent, or both)",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

WRITERS = {
    "microsoft-windows-sysmon/operational": ("Sysmon", "Sysmon64"),
    "microsoft-windows-windows defender/operational": ("WinDefend",),
}
"""Services that write a channel which is on some nodes only: where one runs, the channel has to leave."""

NEEDED = tuple(source for source in CHANNEL_SOURCES if source.demanded or source.advised)
"""The channels that are asked for."""
_WHOLE = Shipped.WHOLE
EVERYTHING = "any channel that detections need"


class _Picture(msgspec.Struct):
    """The channels by what subscriptions do with them."""

    sent: int = 0
    lacking: list[Coverage] = []
    conditions: list[Coverage] = []
    unseen: list[str] = []
    advised: list[str] = []
    if_there: list[str] = []
    absent: list[str] = []


def assess(forwarding: EventForwarding, services: Maybe[Services], context: Maybe[Context]) -> Verdict:
    """Follow the subscriptions for each channel; what lacks is judged by who else may send."""
    if forwarding.window is None and not forwarding.events:
        return verdict(Why.LOG_UNSEEN())
    made = subscriptions(forwarding)
    picture = _picture(made, services)
    nothing = not any(each.active for each in made)
    reasons: list[Reason] = []
    if picture.lacking:
        others = other_senders(services, context)
        reasons += _lacking(picture.lacking, others, nothing=nothing, whole=_reaches_back(forwarding))
    if picture.unseen:
        reasons.append(Why.QUERY_UNSEEN(channels=", ".join(picture.unseen)))
    for each in picture.conditions:
        ids = f" ({_listed(each.lost)})" if each.lost else ""
        reasons.append(Why.CONDITIONS(channel=each.source.name, ids=ids))
    if picture.advised and not nothing:
        reasons.append(Why.ADVISED(channels=", ".join(picture.advised)))
    if picture.if_there and not nothing:
        reasons.append(Why.IF_THERE(channels=", ".join(picture.if_there)))
    if not reasons:
        reasons.append(Why.SENT(count=picture.sent))
    if picture.absent:
        reasons.append(Why.ABSENT(channels=", ".join(picture.absent)))
    return verdict(*reasons, *_elsewhere(forwarding, context))


def _picture(made: tuple[Subscription, ...], services: Maybe[Services]) -> _Picture:
    picture = _Picture()
    shipped = coverages(made)
    for source in NEEDED:
        found = shipped[source.name]
        if found.shipped is _WHOLE:
            picture.sent += 1
        elif found.shipped is Shipped.ABSENT:
            picture.absent.append(source.name)
        elif not source.demanded:
            picture.advised.append(source.name)
        elif found.shipped is Shipped.UNSEEN:
            picture.unseen.append(source.name)
        elif found.shipped is Shipped.CONDITIONS:
            picture.conditions.append(found)
        elif found.shipped is Shipped.NOT and source.found is Found.WITH_PRODUCT and not _written(source, services):
            picture.if_there.append(source.name)
        else:
            picture.lacking.append(found)
    return picture


def _written(source: ChannelSource, services: Maybe[Services]) -> bool:
    """Whether a service is seen to run that writes this channel."""
    writer = services.value and services.value.named(*WRITERS.get(source.name.casefold(), ()))
    return bool(writer and writer.state == "Running")


def _lacking(lacking: list[Coverage], others: Senders, *, nothing: bool, whole: bool) -> list[Reason]:
    """What the channels that lack something come to, by who else may send them."""
    lacks = EVERYTHING if nothing else ", ".join(each.source.name for each in lacking)
    if others.may_send:
        return [Why.AGENT(others=others.shown, lacks=lacks)]
    if others.unseen:
        return [Why.AGENT_UNSEEN.because(others.missing, agents=others.unseen, lacks=lacks)]
    if not others.none:
        return [Why.UNDECLARED.because(others.missing, lacks=lacks)]
    if not whole and any(each.shipped is Shipped.NOT for each in lacking):
        unsure = EVERYTHING if nothing else ", ".join(e.source.name for e in lacking if e.shipped is Shipped.NOT)
        certain = [_lack(each, others.shown) for each in lacking if each.shipped is not Shipped.NOT]
        return [*certain, Why.CUT_SHORT(lacks=unsure)]
    if nothing:
        return [Why.NOTHING_SENT(others=others.shown)]
    return [_lack(each, others.shown) for each in lacking]


def _lack(each: Coverage, others: str) -> Reason:
    name = each.source.name
    if each.shipped is Shipped.FILTERED:
        return Why.FILTERED(channel=name, ids=_listed(each.lost), others=others)
    if each.shipped is Shipped.UNREADABLE:
        return Why.UNREADABLE(channel=name, code=each.code, others=others)
    return Why.NOT_SENT(channel=name, shows=each.source.shows, others=others)


def _reaches_back(forwarding: EventForwarding) -> bool:
    """Whether the whole time that was asked for was there to be searched."""
    window = forwarding.window
    return window is not None and window.covered_from == window.since


def _elsewhere(forwarding: EventForwarding, context: Maybe[Context]) -> list[Reason]:
    declared = context.value and context.value.logs and context.value.logs.destinations
    if not declared:
        return []
    known = {host.casefold().partition(".")[0] for host in declared}
    hosts = [host for host in managers(forwarding) if host.partition(".")[0] not in known]
    return [Why.ELSEWHERE(hosts=", ".join(hosts))] if hosts else []


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
