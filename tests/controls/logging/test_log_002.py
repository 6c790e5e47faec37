"""LOG-002: channels leave the host. Each case cites the row of the fact sheet on logging that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hypervigil.controls.logging import log_002_channels_leave as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import Service, Services
from hypervigil.evidence.detection_sources import CHANNEL_SOURCES
from hypervigil.evidence.event_logs import EventForwarding, ForwardingEvent
from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.fact import Fact
from hypervigil.model.context import Context, Logs
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic.account_defaults import service, services
from hypervigil.synthetic.logging_defaults import event_forwarding, forwarding_event, query, select, subscription
from hypervigil.synthetic.moments import AT, window
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

W, HV = "Microsoft-Windows-", "Microsoft-Windows-Hyper-V-"
VMMS, SMB_SECURITY, SYSMON = HV + "VMMS-Admin", W + "SMBServer/Security", W + "Sysmon/Operational"
NO_AGENT = Context(file="context.toml", logs=Logs(agents=()))
NXLOG = Context(file="context.toml", logs=Logs(agents=("nxlog",)))
NOT_SAID = Context(file="context.toml", logs=Logs(kept_days=90))
NONE = services()
RUNNING, STOPPED = service("nxlog"), service("nxlog", state="Stopped")
LOG = W + "Forwarding/Operational"


def selects(instead: Mapping[str, str]) -> list[str]:
    """A Select for every channel; ``instead`` gives other elements by channel, an empty one to leave it out."""
    return [instead.get(source.name, select(source.name)) for source in CHANNEL_SOURCES]


def sent(
    *more: ForwardingEvent, codes: dict[str, int] | None = None, instead: Mapping[str, str] = MappingProxyType({})
) -> EventForwarding:
    return event_forwarding(events=(subscription(*selects(instead), codes=codes), *more))


def without(*names: str) -> EventForwarding:
    return sent(instead=dict.fromkeys(names, ""))


def nothing(**changes: Any) -> EventForwarding:
    return event_forwarding(**{"subscription_managers": (), "events": (), **changes})


def log(*, oldest_days: int | None = 60, complete: bool = True) -> LogWindow:
    whole = window(LOG)
    oldest = None if oldest_days is None else AT - (AT - whole.since) * oldest_days / 30
    return LogWindow(channel=LOG, since=whole.since, oldest=oldest, complete=complete)


def on(forwarding: EventForwarding, *extra: Service, listed: Services | None = None) -> tuple[Fact, ...]:
    return (forwarding, listed or services(*extra))


ONLY_ERRORS = "*[System[(Level=1 or Level=2)]]"
CASES = (
    Case("5.1 coverage: every channel in a Select", Outcome.PASS, ("sent",), node=on(sent()), says="45 channels"),
    Case("5.1 coverage: PASS needs no declaration", Outcome.PASS, ("sent",), node=on(sent()), context=NO_AGENT),
    Case(
        "5.1 event 101: one the host has not is named and dropped",
        Outcome.PASS,
        ("sent", "absent"),
        node=on(event_forwarding()),
        says="the node does not have: Microsoft-Windows-Hyper-V-VMSP-Admin, PowerShellCore/Operational",
    ),
    Case(
        "1.9 capital letters do not count",
        Outcome.PASS,
        ("sent",),
        node=on(sent(instead={SMB_SECURITY: select("MICROSOFT-windows-smbserver/SECURITY")})),
    ),
    Case(
        "1.2 SMBServer/Audit does not stand in for SMBServer/Security",
        Outcome.FAIL,
        ("not_sent",),
        node=on(without(SMB_SECURITY)),
        context=NO_AGENT,
        confidence=Confidence.INFERRED,
        says=f"takes {SMB_SECURITY}, and no agent is declared to send. What it would show: passwords guessed over SMB.",
    ),
    Case(
        "1.5 a query by the provider's name takes nothing",
        Outcome.FAIL,
        ("not_sent",),
        node=on(sent(codes={HV + "VMMS": 15007}, instead={VMMS: select(HV + "VMMS")})),
        context=NO_AGENT,
        says=VMMS,
    ),
    Case(
        "1.6 three channels of Hyper-V are mandatory",
        Outcome.FAIL,
        ("not_sent", "not_sent", "not_sent"),
        node=on(without(VMMS, HV + "Worker-Admin", HV + "High-Availability-Admin")),
        context=NO_AGENT,
    ),
    Case(
        "1.7 System by the provider of the cluster leaves the rest of System out",
        Outcome.FAIL,
        ("filtered",),
        node=on(
            sent(
                instead={
                    "System": select("System", "*[System[Provider[@Name='Microsoft-Windows-FailoverClustering']]]")
                }
            )
        ),
        context=NO_AGENT,
        says="leaves out 104, 6005, 6006, 7000, 7026, 7034, 7036, 7040, 7045, 13, 15, 16, 124",
    ),
    Case(
        "1.7 FailoverClustering/Operational does not stand in for System",
        Outcome.FAIL,
        ("not_sent",),
        node=on(without("System")),
        context=NO_AGENT,
        says="nodes joined or evicted",
    ),
    Case(
        "1.8 an advised channel",
        Outcome.REVIEW,
        ("advised",),
        node=on(without(W + "SmbClient/Connectivity")),
        context=NO_AGENT,
    ),
    Case(
        "1.12 the channels that guides leave out", Outcome.FAIL, ("not_sent",), node=on(without(LOG)), context=NO_AGENT
    ),
    Case(
        "2.1 needed where shielded VMs run",
        Outcome.REVIEW,
        ("advised",),
        node=on(without(W + "HostGuardianService-Client/Operational")),
    ),
    Case(
        "2.1 with Sysmon: its service runs",
        Outcome.FAIL,
        ("not_sent",),
        node=on(without(SYSMON)),
        context=NO_AGENT,
        says=SYSMON,
    ),
    Case(
        "2.1 with Sysmon: no service is seen",
        Outcome.REVIEW,
        ("if_there",),
        node=on(without(SYSMON), listed=Services(services=(service("vmms"),))),
        context=NO_AGENT,
    ),
    Case(
        "2.1 with Sysmon: services not read",
        Outcome.REVIEW,
        ("if_there",),
        node=(without(SYSMON),),
        gaps={"services": Cause.ACCESS_DENIED},
        context=NO_AGENT,
    ),
    Case(
        "3.1 a filter that takes the ids that detections read",
        Outcome.PASS,
        ("sent",),
        node=on(
            sent(instead={SMB_SECURITY: select(SMB_SECURITY, "*[System[(EventID &gt;= 550 and EventID &lt;= 560)]]")})
        ),
    ),
    Case(
        "3.3 a filter without the export of a VM",
        Outcome.FAIL,
        ("filtered",),
        node=on(sent(instead={VMMS: select(VMMS, "*[System[EventID != 18303]]")})),
        context=NO_AGENT,
        says=f"The filter of {VMMS} leaves out 18303, and no agent",
    ),
    Case(
        "5.1 query: what a Suppress takes away",
        Outcome.FAIL,
        ("filtered",),
        node=on(
            sent(
                instead={
                    "Security": select("Security") + '<Suppress Path="Security">*[System[EventID=4625]]</Suppress>'
                }
            )
        ),
        context=NO_AGENT,
        says="leaves out 4625",
    ),
    Case(
        "5.1 query: a condition on levels",
        Outcome.REVIEW,
        ("conditions",),
        node=on(sent(instead={SMB_SECURITY: select(SMB_SECURITY, ONLY_ERRORS)})),
        says="depends on more than ids (551)",
    ),
    Case(
        "5.1 query: a filter of a channel whose ids are not listed",
        Outcome.REVIEW,
        ("conditions",),
        node=on(sent(instead={"Windows PowerShell": select("Windows PowerShell", "*[System[EventID=400]]")})),
    ),
    Case(
        "5.1 query: two subscriptions make up for each other",
        Outcome.PASS,
        ("sent",),
        node=on(sent(subscription(select("Security"), name="Security"), instead={"Security": ""})),
    ),
    Case(
        "5.1 query that can not be read",
        Outcome.UNKNOWN,
        ("query_unseen",),
        node=on(
            sent(forwarding_event(100, subscription="Security", query="<QueryList>"), instead={"Security": ""}),
        ),
        cause=Cause.UNPARSABLE,
        says="Security",
    ),
    Case(
        "5.1 event 101 without a status that can be read",
        Outcome.UNKNOWN,
        ("query_unseen", "advised"),
        node=on(event_forwarding(events=(forwarding_event(101, subscription="Hosts", query=query(*selects({}))),))),
        cause=Cause.UNPARSABLE,
    ),
    Case(
        "5.1 rights: NETWORK SERVICE may not read Security",
        Outcome.FAIL,
        ("unreadable",),
        node=on(sent(codes={"Security": 5})),
        context=NO_AGENT,
        confidence=Confidence.OBSERVED,
        says="may not read Security (error 5)",
    ),
    Case(
        "5.1 event 103: the subscription is gone",
        Outcome.FAIL,
        ("nothing_sent",),
        node=on(sent(forwarding_event(103, subscription="Hosts"))),
        context=NO_AGENT,
    ),
    Case(
        "5.1 event 102: the subscription was not made again",
        Outcome.FAIL,
        ("nothing_sent",),
        node=on(sent(forwarding_event(102, subscription="Hosts", error=15001))),
        context=NO_AGENT,
    ),
    Case(
        "5.1 limits: a log that was cut short",
        Outcome.UNKNOWN,
        ("cut_short",),
        node=on(event_forwarding(events=sent(instead={"Security": ""}).events, window=log(complete=False))),
        context=NO_AGENT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "5.1 limits: a log that rolled over, and a filter that is seen all the same",
        Outcome.FAIL,
        ("filtered", "cut_short"),
        node=on(
            event_forwarding(
                events=sent(
                    instead={"Security": select("Security", "*[System[EventID != 1102]]"), "System": ""}
                ).events,
                window=log(oldest_days=12),
            )
        ),
        context=NO_AGENT,
        says="leaves out 1102",
    ),
    Case(
        "5.1 limits: nothing in a log that was cut short",
        Outcome.UNKNOWN,
        ("cut_short",),
        node=on(nothing(window=log(oldest_days=3))),
        context=NO_AGENT,
        cause=Cause.NOT_IN_SOURCE,
        says="any channel that detections need",
    ),
    Case(
        "5.1 proof of flow: no log, no knowledge",
        Outcome.UNKNOWN,
        ("log_unseen",),
        node=on(nothing(window=None)),
        context=NO_AGENT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "5.3 no subscription, no agent",
        Outcome.FAIL,
        ("nothing_sent",),
        node=on(nothing()),
        context=NO_AGENT,
        says="No subscription takes any channel, and no agent is declared to send.",
    ),
    Case(
        "5.3 the declared agent does not run",
        Outcome.FAIL,
        ("nothing_sent",),
        node=on(nothing(), STOPPED),
        context=NXLOG,
        says="the declared agent nxlog does not run",
    ),
    Case("5.3 the declared agent is not there", Outcome.FAIL, ("nothing_sent",), node=on(nothing()), context=NXLOG),
    Case(
        "5.3 a running service proves nothing", Outcome.REVIEW, ("agent",), node=on(nothing(), RUNNING), context=NXLOG
    ),
    Case(
        "5.3 a known agent that nobody declared",
        Outcome.REVIEW,
        ("agent",),
        node=on(without(VMMS), RUNNING),
        says=f"NXLog runs: does it send what subscriptions do not ({VMMS})?",
    ),
    Case(
        "5.3 declared, and services not read",
        Outcome.UNKNOWN,
        ("agent_unseen",),
        node=(without(VMMS),),
        gaps={"services": Cause.ACCESS_DENIED},
        context=NXLOG,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "5.3 nothing is declared and no agent known",
        Outcome.UNKNOWN,
        ("undeclared",),
        node=on(without(VMMS)),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "5.3 a context that says nothing of agents",
        Outcome.UNKNOWN,
        ("undeclared",),
        node=on(nothing()),
        context=NOT_SAID,
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "5.3 MDE sends no channels",
        Outcome.UNKNOWN,
        ("undeclared",),
        node=on(nothing(), listed=Services(services=(service("Sense"),))),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "5.1 client policy: an address that is not declared",
        Outcome.PASS,
        ("sent", "elsewhere"),
        node=on(sent()),
        context=Context(file="context.toml", logs=Logs(destinations=("wec09.contoso.com",))),
        says="wec01.contoso.com",
    ),
    Case(
        "5.1 client policy: a destination by its short name",
        Outcome.PASS,
        ("sent",),
        node=on(sent()),
        context=Context(file="context.toml", logs=Logs(destinations=("WEC01",))),
    ),
    Case("refused", Outcome.UNKNOWN, gaps={"event_forwarding": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
