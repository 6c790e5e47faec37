r"""MGT-002  Inbound rules let RDP, WinRM and WAC in only from declared jump hosts, PAWs and gateways.

## What it decides

From where the node's firewall lets packets in to the ports by which people administer it, and whether those are the
machines that were declared for it.

## Why it matters

Whoever administers a node holds every VM on it. If only a few machines can reach the ports, a stolen password is of use
on those few machines only; if any address can, every laptop in the house is a place to try it from.

## How it is decided

The ports are RDP (TCP and UDP 3389), WinRM (TCP 5985 and 5986) and those of Windows Admin Center (TCP 443, and 6516 of
the older one). The rules are judged as they are in force: enabled inbound rules of the active store, each on its
profiles, block over allow, exact to the address; rules for another program or service, or for a packaged app, do not
count. A rule that is limited to one adapter, or to one address of the host, still lets in whom it lets in.

| what is let in | verdict |
|---|---|
| a profile is off, or allows by default | FAIL |
| any address, most of all addresses, or the word Internet | FAIL, with or without a declaration |
| addresses outside the declared ones | FAIL, naming these addresses |
| the same, but single addresses only, and somebody declared a jump host or gateway without its address | REVIEW |
| addresses, and nobody declared jump hosts | REVIEW: are they those? |
| LocalSubnet, and the declared management network has addresses that are nobody's declared | FAIL |
| LocalSubnet otherwise, and any other word that each host fills in by itself | REVIEW |
| a rule that may be narrower or void: it demands IPsec, policy ignores local rules, a filter was not read | REVIEW |
| remote addresses that were not read or not understood; a profile that was not read | UNKNOWN |
| declared ones only, or nobody | PASS |

Every profile counts, also one that is not in use today: adapters change their profile when a domain controller does not
answer. On TCP 443 and 6516 every rule that names the port counts, because the names of the program are not confirmed
for all versions; that a node should not let anybody in to 443 holds for a web server on it as well.

## How to look yourself

    Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound -Enabled True -Action Allow |
        Get-NetFirewallPortFilter | Where-Object LocalPort -In 3389, 5985, 5986, 443, 6516, Any
    Get-NetFirewallRule -PolicyStore ActiveStore -Name RemoteDesktop-UserMode-In-TCP | Get-NetFirewallAddressFilter

Expected on 2019, 2022 and 2025: `RemoteAddress` holds the addresses of jump hosts, PAWs and gateways. What a
fresh installation has there is not confirmed for each release; read it.

## Remedy

    Set-NetFirewallRule -Name WINRM-HTTP-In-TCP -RemoteAddress 10.9.0.7, 10.9.0.8
    Set-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP -RemoteAddress 10.9.0.7, 10.9.0.8

A rule that policy brings is changed in the policy.

- Reboot: none.
- Order: write the former list down, keep a console at hand (BMC), begin with one node. What else comes in by WinRM,
  such as the other nodes with Cluster-Aware Updating, or the backup and monitoring servers, belongs into the list, and
  into the declaration.
- Rollback: the same command with the former list, at the console.

## What it cannot see

RDP and WinRM on ports of one's own, and shadowing of sessions, which has a rule by program
(`RemoteDesktop-Shadow-In-TCP`). Whether anything listens (MGT-001, MGT-004). Remote users and computers that a rule
names beside IPsec, and dynamic keywords. The switch of a profile that blocks everything whatever the rules say. What
filters between the machines.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetSecurity/Set-NetFirewallRule.md`
- [MS-FASP] 2.2.34 (block over allow, bypass over block)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/manage/windows-admin-center/deploy/install.md` (ports)
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective.firewall import (
    PROFILE_BITS,
    RDP,
    RDP_UDP,
    WAC,
    WAC_CLIENT,
    WINRM_HTTP,
    WINRM_HTTPS,
    Opening,
    openings,
)
from hypervigil.controls.effective.sources import LOCAL_SUBNET, Sources, merged, range_of
from hypervigil.evidence.firewall import FirewallProfiles, FirewallRules
from hypervigil.model.context import Context, Purpose
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    CLOSED = passes("The firewall lets nobody in to RDP, WinRM or Windows Admin Center.")
    DECLARED_ONLY = passes("The firewall lets declared jump hosts, PAWs and gateways in, and nobody else: {rules}.")
    ANYBODY = fails("The firewall lets {sources} in to {ports}: {way}.")
    UNDECLARED = fails("The firewall lets {sources} in to {ports}, where no jump host, PAW or gateway is: {way}.")
    NEIGHBOURS = fails(
        "The firewall lets LocalSubnet in to {ports}: {way}. In the management network that is everybody, "
        "{sources} among them.",
        Confidence.INFERRED,
    )
    PERHAPS_DECLARED = reviews(
        "The firewall lets {sources} in to {ports}: {way}. Are these {names}, declared without an address?"
    )
    WHOSE = reviews(
        "The firewall lets {sources} in to {ports}: {way}. Are these jump hosts, PAWs or gateways? None is declared."
    )
    WHICH = reviews("The firewall lets {sources} in to {ports}: {way}. Who is that on this host?")
    DOUBTFUL = reviews("The firewall lets {sources} in to {ports}: {way}; but {doubts}. Does it?")
    PROFILE_UNSEEN = unknown("The {profile} profile is not among those that were read.", Cause.NOT_IN_SOURCE)
    UNREAD = unknown("From where the firewall lets in to {ports} was not read: {way}, {sources}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="MGT-002",
    title="Inbound rules let RDP, WinRM and WAC in only from declared jump hosts, PAWs and gateways",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

ENTRANCES = (RDP, RDP_UDP, WINRM_HTTP, WINRM_HTTPS, WAC, WAC_CLIENT)


def assess(rules: FirewallRules, profiles: FirewallProfiles, context: Maybe[Context]) -> Verdict:
    """Judge every way in, the ports that it opens together."""
    ways: dict[Opening, list[str]] = {}
    for entrance in ENTRANCES:
        for opening in openings(rules, profiles, entrance):
            ways.setdefault(opening, []).append(entrance.shown)
    reasons = [reason for way, ports in ways.items() for reason in _of_way(way, ", ".join(ports), context.value)]
    known = {profile.name.casefold() for profile in profiles.profiles}
    reasons += [Why.PROFILE_UNSEEN(profile=name) for name in PROFILE_BITS if name.casefold() not in known]
    if not reasons and not ways:
        return verdict(Why.CLOSED())
    if not reasons:
        shown = "; ".join(f"{way.shown} from {way.sources.shown}" for way in ways)
        return verdict(Why.DECLARED_ONLY(rules=shown))
    return verdict(*reasons)


def _of_way(way: Opening, ports: str, context: Context | None) -> Iterator[Reason]:
    """What is to say of one way in; nothing where all that it lets in is declared."""
    declared = context.administers_from if context and context.jump_hosts is not None else None
    outside = way.sources.outside(context.administers_from or () if context else ())
    rest = way.sources if way.sources.anywhere else outside
    shown, at = Sources(rest.ranges).shown, {"ports": ports, "way": way.shown}
    names = _names(rest, context)
    if rest.anywhere or (rest.ranges and declared is not None and not names):
        if way.doubts:
            yield Why.DOUBTFUL(sources=rest.shown, doubts=way.shown_doubts, **at)
        else:
            code = Why.ANYBODY if rest.anywhere else Why.UNDECLARED
            yield code(sources=rest.shown if rest.anywhere else shown, **at)
    elif rest.ranges and declared is None:
        yield Why.WHOSE(sources=shown, **at)
    elif rest.ranges:
        yield Why.PERHAPS_DECLARED(sources=shown, names=names, **at)
    neighbours = _neighbours(context) if LOCAL_SUBNET in rest.words and not way.doubts else Sources()
    if neighbours.ranges and not rest.anywhere:
        yield Why.NEIGHBOURS(sources=neighbours.shown, **at)
    elif rest.words and not rest.anywhere:
        yield Why.WHICH(sources=Sources(words=rest.words).shown, **at)
    if rest.unread:
        yield Why.UNREAD(sources=Sources(unread=rest.unread).shown, **at)


def _neighbours(context: Context | None) -> Sources:
    """The addresses of the declared management network that are not those of a declared machine."""
    if context is None or context.jump_hosts is None:
        return Sources()
    subnets = [subnet for network in context.networks_for(Purpose.MANAGEMENT) for subnet in network.subnets]
    return Sources(merged(map(range_of, subnets))).outside(context.administers_from or ())


def _names(rest: Sources, context: Context | None) -> str:
    """Declared machines without an address, where what is let in may be theirs: single addresses."""
    if context is None or any(each.count > 1 for each in rest.ranges):
        return ""
    names = [machine.name for machine in context.jump_hosts or () if not machine.addresses]
    names += [gateway.name for gateway in context.wac_gateways or () if not gateway.addresses]
    return ", ".join(names)
