r"""LOG-011  Clocks agree within 5 minutes across nodes and DCs.

## What it decides

Whether the clocks of all nodes, and those of the domain controllers, are no further apart than Kerberos bears.

## Why it matters

Beyond five minutes Kerberos refuses tickets: live migration, cluster and SMB logons fail or fall back to NTLM. And long
before that, events of two nodes can no longer be put in order, which is what an investigation needs first.

## How it is decided

- Nodes whose clocks were compared with that of the machine that asked are further apart than five minutes, the errors
  of the comparison taken off: FAIL, with all of them.
- Endpoints on the wire tell their time before any logon (`SystemTime` of SMB 2). Nodes, and the hosts that nodes take
  their time from, are further apart than five minutes: FAIL. Another endpoint that is: REVIEW, it may be a domain
  controller.
- A time service that takes its time from the domain says that it is more than five minutes off: FAIL.
- The errors of the comparison reach across the five minutes: REVIEW.
- A node was not compared: it counts as agreeing where its time service follows the domain without an error, which is
  inferred; else UNKNOWN.
- No node follows the domain: REVIEW, since what the domain controllers have can not be concluded. Where the wire shows
  that the nodes are in a workgroup, there are none to agree with.
- The wire was not looked at, or not all of it: REVIEW.
- Nothing of all that: PASS.

"Follows the domain": the service runs, `Type` is NT5DS or AllSync (policy before local), the source is a host, the leap
indicator is not 3, the stratum not 0, the last error 0 and the phase offset within five minutes. A node that does not
is named in a remark: its clock will drift.

## How to look yourself

    w32tm.exe /query /status /verbose
    w32tm.exe /stripchart /computer:dc01.contoso.com /samples:3 /dataonly

Expected on 2019, 2022 and 2025: a domain controller as source on a domain member, a phase offset far below a second,
last sync error 0.

## Remedy

    w32tm.exe /config /syncfromflags:domhier /update
    w32tm.exe /resync

On the virtual domain controllers of this cluster, the host must not be their only source: a host that takes its time
from its own guest goes round in a circle.

- Reboot: none.
- Order: the time of the domain's forest root first, then the other domain controllers, then the nodes one by one. A
  jump of minutes on a running node can cost tickets and leases: drain it.
- Rollback: the former source, with `/manualpeerlist` and `/syncfromflags:manual`.

## What it cannot see

Which endpoints are domain controllers, but for those that nodes name as their source. Drift between two looks. Whether
the time of the whole domain is right.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/networking/windows-time-service/`
  `Windows-Time-Service-Tools-and-Settings.md`
- MicrosoftDocs/windows-itpro-docs, page *Maximum tolerance for computer clock synchronization*
- [MS-SMB2] 2.2.4 (SystemTime)
- MicrosoftDocs/win32, `desktop-src/CIMWin32Prov/`, Win32_UTCTime (whole seconds)
"""

from __future__ import annotations

from collections.abc import Callable

from hypervigil.controls.effective.clocks import (
    OF_THE_DOMAIN,
    TOLERANCE_SECONDS,
    Reading,
    follows_domain,
    furthest_apart,
    keeps_to_source,
    reading_of,
    time_source,
    time_type,
)
from hypervigil.evidence.clock import Clock
from hypervigil.evidence.wire import WireSmb
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Items, Maybe, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    AGREE = passes("The clocks of {count} nodes are at most {seconds} s apart.")
    AGREE_BY_SERVICE = passes(
        "{nodes} were not compared, and follow the domain by their time service; the others agree.", Confidence.INFERRED
    )
    APART = fails("The clocks are at least {seconds} s apart: {clocks}.")
    APART_ON_WIRE = fails("On the wire, clocks are at least {seconds} s apart: {clocks}.")
    OFF_SOURCE = fails("{node} is {seconds} s off the domain's time ({source}) by its own time service.")
    TOO_CLOSE = reviews("The clocks are between {least} and {most} s apart: {clocks}. Measured better, are they?")
    OTHER_OFF = reviews("{endpoint} is {seconds} s off the nodes. Is it a domain controller?")
    NO_FOLLOWER = reviews("No node takes its time from the domain. Do its domain controllers agree with the nodes?")
    WIRE_UNSEEN = reviews(
        "Not every endpoint was asked for its time on the wire ({why}). Do all domain controllers agree with the nodes?"
    )
    NOT_COMPARED = unknown("The clock of {nodes} was compared with none, and follows no domain.", Cause.NOT_IN_SOURCE)
    ENDPOINT_SILENT = unknown("{endpoints} did not tell the time.", Cause.NOT_IN_SOURCE)
    DRIFTS = remarks("The time service does not keep to a source on {nodes}: clocks there will drift.")


CONTROL = Control(
    id="LOG-011",
    title="Clocks agree within 5 minutes across nodes and DCs",
    family=Family.LOGGING,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(clocks: Nodes[Clock], wire: Maybe[Items[WireSmb]]) -> Verdict:
    """Compare the nodes with one another, by their services with the domain, and on the wire."""
    named = {node.name: clock for node, clock in clocks}
    readings = [reading for name, clock in named.items() if (reading := reading_of(name, clock))]
    compared = {reading.name for reading in readings}
    # One reading alone is compared with nothing.
    lone = sorted(named.keys() - compared if len(compared) > 1 else named) if len(named) > 1 else []
    trusted = [name for name in lone if follows_domain(named[name])]
    reasons = [*_apart(readings, Why.APART), *_services(named), *_on_wire(clocks, wire)]
    if strays := [name for name in lone if name not in trusted]:
        reasons.append(Why.NOT_COMPARED(nodes=", ".join(strays)))
    if not any(map(follows_domain, named.values())) and not _is_workgroup(clocks, wire):
        reasons.append(Why.NO_FOLLOWER())
    if not any(reason.outcome for reason in reasons):
        reasons.insert(0, _agree(named, readings, trusted))
    drifting = [name for name, clock in named.items() if not keeps_to_source(clock)]
    return verdict(*reasons, *([Why.DRIFTS(nodes=", ".join(drifting))] if drifting else []))


def _agree(named: dict[str, Clock], readings: list[Reading], trusted: list[str]) -> Reason:
    if trusted:
        return Why.AGREE_BY_SERVICE(nodes=", ".join(trusted))
    apart = furthest_apart(readings)
    return Why.AGREE(count=len(named), seconds=f"{apart[3] if apart else 0:.1f}")


def _apart(readings: list[Reading], why: Callable[..., Reason]) -> list[Reason]:
    """A reason where the first and the last are, or may be, further apart than is borne."""
    apart = furthest_apart(readings)
    if apart is None or apart[3] <= TOLERANCE_SECONDS:
        return []
    _, last, least, most = apart
    ordered = sorted(readings, key=lambda reading: reading.ahead)
    shown = ", ".join(f"{each.name} {each.ahead - last.ahead:+.0f} s" for each in ordered)
    if least > TOLERANCE_SECONDS:
        return [why(seconds=f"{least:.0f}", clocks=shown)]
    return [Why.TOO_CLOSE(least=f"{least:.0f}", most=f"{most:.0f}", clocks=shown)]


def _services(named: dict[str, Clock]) -> list[Reason]:
    """Nodes that take their time from the domain and say themselves how far off they are."""
    reasons: list[Reason] = []
    for name, clock in named.items():
        offset, source = clock.phase_offset_seconds, time_source(clock)
        if offset is None or source is None or time_type(clock) not in OF_THE_DOMAIN:
            continue
        if abs(offset) > TOLERANCE_SECONDS:
            reasons.append(Why.OFF_SOURCE(node=name, seconds=f"{abs(offset):.0f}", source=source))
    return reasons


def _on_wire(clocks: Nodes[Clock], wire: Maybe[Items[WireSmb]]) -> list[Reason]:
    """What endpoints say of their time: nodes, the hosts that nodes take it from, and others."""
    if wire.value is None:
        return [Why.WIRE_UNSEEN(why=wire.missing.cause.value if wire.missing else Cause.NOT_COLLECTED.value)]
    reasons: list[Reason] = []
    if wire.value.missing:
        cause = next(iter(wire.value.missing.values())).cause
        reasons.append(Why.WIRE_UNSEEN(why=cause.value))
    sources = {source for _, clock in clocks if (source := time_source(clock)) and time_type(clock) in OF_THE_DOMAIN}
    wanted = _short_names(clocks) | {_short(source) for source in sources}
    silent = [fact.host for _, fact in wire.value if fact.ahead_seconds is None or fact.uncertainty_seconds is None]
    read = [
        Reading(fact.host, fact.ahead_seconds, fact.uncertainty_seconds)
        for _, fact in wire.value
        if fact.ahead_seconds is not None and fact.uncertainty_seconds is not None
    ]
    known = [reading for reading in read if _short(reading.name) in wanted]
    reasons += _apart(known, Why.APART_ON_WIRE)
    for other in (reading for reading in read if _short(reading.name) not in wanted):
        gaps = [apart[3] for each in known if (apart := furthest_apart([each, other]))]
        if gaps and max(gaps) > TOLERANCE_SECONDS:
            reasons.append(Why.OTHER_OFF(endpoint=other.name, seconds=f"{max(gaps):.0f}"))
    return [*reasons, Why.ENDPOINT_SILENT(endpoints=", ".join(silent))] if silent else reasons


def _is_workgroup(clocks: Nodes[Clock], wire: Maybe[Items[WireSmb]]) -> bool:
    """Whether every node shows on the wire that it is in no domain: its own name stands where the domain's would."""
    nodes = {_short(node.name) for node in clocks.known}
    shown: set[str] = set()
    for _, fact in wire.value or ():
        told = fact.ntlm
        name = _short(fact.host)
        if name in nodes and told and told.computer and told.domain and not told.dns_tree:
            if told.computer.casefold() != told.domain.casefold():
                return False
            shown.add(name)
    return bool(nodes) and shown == nodes


def _short_names(clocks: Nodes[Clock]) -> set[str]:
    return {_short(name) for node in (*clocks.known, *clocks.missing) for name in (node.name, node.key)}


def _short(name: str) -> str:
    """The first part of a host's name in lower case; an address as it is."""
    name = name.strip().casefold()
    return name if name.replace(".", "").isdigit() or ":" in name else name.partition(".")[0]
