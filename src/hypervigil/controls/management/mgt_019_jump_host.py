r"""MGT-019  A declared jump host has no other use (no mail, office, browsing), is patched, and its inbound rules are
narrow.

## What it decides

Of a machine that the context declares as a jump host or privileged access workstation, and whose evidence is in the
bundle: whether it is kept for administration alone, up to date, and hard to get at.

## Why it matters

Everything else trusts it. The nodes let it in, administrators type their passwords there, and its sessions reach every
guest. So it has to be at least as clean as what it administers: one mail attachment or one unpatched service on it
makes the rules that point to it an invitation.

## How it is decided

- No declared jump host goes by the machine's name: NOT_APPLICABLE. A name with a domain is compared whole where the
  machine's own is known. The context declares no jump hosts either way: UNKNOWN.
- An office suite, a mail program, or a browser that Windows did not bring along: FAIL (as in MGT-010, inferred).
- The release gets no security updates any more: FAIL. Its update level is below the one that a profile names: FAIL.
  The level ships as that of January 2026 (2019: 8276, 2022: 4648, 2025: 32230, from Microsoft's record of
  CVE-2026-20833), because no list of levels comes with this tool: name the newest that you have tested (`level_2019`,
  `level_2022`, `level_2025`, and their day `levels_of`). A machine at or above a level that is older than
  `most_days` (45) is REVIEW, as is a client or a release without a level. Hotpatched machines count in a series of
  their own between two restarts: name their level then.
- An enabled rule lets RDP, WinRM, SMB or RPC in from any address, or from addresses of a network that is declared for
  tenants or as untrusted: FAIL, with rule, profiles and sources. Where something may make the rule narrower, or its
  sources are words such as LocalSubnet, or were not read: REVIEW.
- Rules were not collected: UNKNOWN, unless something else fails. Nothing to complain of: PASS.

Profiles of the firewall are taken for switched on: NET-009 looks at them.

## How to look yourself

    Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' | Select-Object DisplayName
    Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' | Select-Object CurrentBuild, UBR
    Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound -Enabled True -Action Allow |
        Get-NetFirewallAddressFilter | Select-Object InstanceID, RemoteAddress

Expected on 2019, 2022 and 2025: administration tools and agents alone, the update level of this month, and no rule for
management ports with `Any`.

## Remedy

    Set-NetFirewallRule -Name 'RemoteDesktop-UserMode-In-TCP' -RemoteAddress 10.9.2.0/24

Uninstall what is no tool of administration; where people need mail and web at the same desk, give them another machine
or a VM for those. Install the month's update.

- Reboot: for the update; none for rules.
- Order: rules last, from the console or with a second way in, with the subnets from which administrators come. Keep the
  list that was there. One jump host after the other, so that one is always left.
- Rollback: the former remote addresses; the update can be uninstalled for as long as Windows keeps what it replaced.

## What it cannot see

Jump hosts whose evidence nobody collected: MGT-003 and MGT-002 go by their addresses alone. What was browsed with Edge.
Programs without an entry among those installed. Whether the level that a profile names is the newest one.

## References

- Microsoft, *Securing privileged access*, pages on privileged access devices
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/get-started/windows-server-release-info.md`
- Microsoft's record of CVE-2026-20833 (fixed builds)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetSecurity/Set-NetFirewallRule.md`
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective.everyday import everyday_products
from hypervigil.controls.effective.firewall import (
    RDP,
    RDP_UDP,
    RPC,
    SMB,
    WINRM_HTTP,
    WINRM_HTTPS,
    Opening,
    openings,
)
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.host import OperatingSystem, ProductType
from hypervigil.evidence.release import SUPPORT, Release
from hypervigil.evidence.software import InstalledSoftware
from hypervigil.model import injection
from hypervigil.model.context import OUTSIDE, Context, JumpHost
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    OTHER = excludes("No declared jump host goes by its name.")
    NONE_DECLARED = unknown("Nobody declares which machines are jump hosts.", Cause.NOT_COLLECTED)
    KEPT = passes("Declared as {host}, it has no program for everyday work.", Confidence.INFERRED)
    PATCHED = passes("Its update level {level} is at least {wanted}, that of {day}.", Confidence.INFERRED)
    NARROW = passes("No rule lets RDP, WinRM, SMB or RPC in from everywhere or from declared foreign networks.")
    PRODUCTS = fails("Declared as {host}, it has software for everyday work ({kind}): {names}.", Confidence.INFERRED)
    OUT_OF_SUPPORT = fails("{release} has had no security updates since {ends}.")
    OUT_OF_SUPPORT_SECONDARY = fails(
        "{release} has had no security updates since {ends}, as secondary sources say.", Confidence.SECONDARY
    )
    BEHIND = fails("Its update level {level} is below {wanted}, that of {day}.", Confidence.INFERRED)
    NEWER = reviews("Its update level {level} is at least {wanted}, that of {day}. Is it this month's?")
    NO_LEVEL = reviews("It runs {system}, for which no update level is named. Is it patched?")
    LEVEL_UNSEEN = unknown("The source does not hold its update level.", Cause.NOT_IN_SOURCE)
    UNDATED = unknown(
        "Nothing says when the evidence was collected, so its updates can not be judged.", Cause.NOT_IN_SOURCE
    )
    ANYBODY = fails("{ports} let in from {sources} by {way}.")
    FOREIGN = fails("{ports} let in from {networks} by {way}.")
    DOUBTFUL = reviews("{ports} let in from {sources} by {way}, unless: {doubts}. Does it?")
    WORDS = reviews("{ports} let in from {sources} by {way}. Which addresses are these?")
    RULES_UNSEEN = unknown("Whom its firewall lets in could not be seen.")


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set: the update levels that are wanted, and their day."""

    level_2019: Annotated[int, Meta(ge=1, description="Lowest UBR of Windows Server 2019.")] = 8276
    level_2022: Annotated[int, Meta(ge=1, description="Lowest UBR of Windows Server 2022.")] = 4648
    level_2025: Annotated[int, Meta(ge=1, description="Lowest UBR of Windows Server 2025.")] = 32_230
    levels_of: Annotated[
        str,
        Meta(
            pattern=r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$",
            description="Day on which these levels came out, such as 2026-01-13.",
        ),
    ] = "2026-01-13"
    most_days: Annotated[int, Meta(ge=1, le=366, description="For so many days a level counts as patched.")] = 45


CONTROL = Control(
    id="MGT-019",
    title="A declared jump host has no other use (no mail, office, browsing), is patched, and its inbound rules are "
    "narrow",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

ENTRANCES = (RDP, RDP_UDP, WINRM_HTTP, WINRM_HTTPS, SMB, RPC)


def assess(  # noqa: PLR0917  the row's four, and three that the engine adds
    software: InstalledSoftware,
    system: OperatingSystem,
    rules: Maybe[FirewallRules],
    context: Context,
    judged: Subject,
    moment: Moment,
    wanted: Parameters,
) -> Verdict:
    """Judge the machine where it is declared: its use, its updates, its rules."""
    if context.jump_hosts is None:
        return verdict(Why.NONE_DECLARED())
    host = next((host for host in context.jump_hosts if _is(host, judged, system)), None)
    if host is None:
        return verdict(Why.OTHER())
    reasons = [*_use(software, host), _updates(system, moment.day, wanted)]
    if rules.value is None:
        reasons.append(Why.RULES_UNSEEN.because(rules.missing))
    else:
        reasons += _rules(rules.value, context)
    return verdict(*reasons)


def _is(host: JumpHost, judged: Subject, system: OperatingSystem) -> bool:
    """By the whole name where both have a domain, else by the first part."""
    declared = host.name.casefold()
    own = {key.casefold() for key in (*judged.keys, judged.name, system.name)}
    if "." in declared and any("." in name for name in own):
        return declared in own
    return declared.partition(".")[0] in {name.partition(".")[0] for name in own}


def _use(software: InstalledSoftware, host: JumpHost) -> Iterator[Reason]:
    by_kind: dict[str, list[str]] = {}
    for product in everyday_products(software):
        by_kind.setdefault(product.kind, []).append(product.name)
    for kind, names in by_kind.items():
        yield Why.PRODUCTS(host=host.name, kind=kind, names=", ".join(names))
    if not by_kind:
        yield Why.KEPT(host=host.name)


def _updates(system: OperatingSystem, day: datetime.date | None, wanted: Parameters) -> Reason:
    levels = {
        Release.WS2019: wanted.level_2019,
        Release.WS2022: wanted.level_2022,
        Release.WS2025: wanted.level_2025,
    }
    release = system.release if system.product_type is not ProductType.WORKSTATION else None
    support = SUPPORT[release] if release else None
    if release and support and day and support.confidence is not Confidence.UNVERIFIED and day > support.ends:
        code = Why.OUT_OF_SUPPORT if support.primary else Why.OUT_OF_SUPPORT_SECONDARY
        return code(release=release.title, ends=support.ends.isoformat())
    if release is None or release not in levels:
        return Why.NO_LEVEL(system=release.title if release else system.caption or system.release_title)
    if system.ubr is None:
        return Why.LEVEL_UNSEEN()
    values = {
        "level": f"{system.build_number}.{system.ubr}",
        "wanted": f"{system.build_number}.{levels[release]}",
        "day": wanted.levels_of,
    }
    if system.ubr < levels[release]:
        return Why.BEHIND(**values)
    if day is None:
        return Why.UNDATED()
    fresh = day - datetime.date.fromisoformat(wanted.levels_of) <= datetime.timedelta(days=wanted.most_days)
    return (Why.PATCHED if fresh else Why.NEWER)(**values)


def _rules(rules: FirewallRules, context: Context) -> list[Reason]:
    """What lets too many in, the ports that it opens together."""
    ways: dict[Opening, list[str]] = {}
    for entrance in ENTRANCES:
        for opening in openings(rules, None, entrance):
            ways.setdefault(opening, []).append(entrance.shown)
    found = (_of_way(way, ", ".join(dict.fromkeys(ports)), context) for way, ports in ways.items())
    return [reason for reason in found if reason is not None] or [Why.NARROW()]


def _of_way(way: Opening, ports: str, context: Context) -> Reason | None:
    sources, at = way.sources, {"ports": ports, "way": way.shown}
    foreign = [
        network
        for network in context.networks or ()
        if network.purposes <= OUTSIDE and sources.without(sources.outside(network.subnets)).ranges
    ]
    if sources.anywhere or foreign:
        if way.doubts:
            return Why.DOUBTFUL(sources=sources.shown, doubts=way.shown_doubts, **at)
        if sources.anywhere:
            return Why.ANYBODY(sources=sources.shown, **at)
        shown = ", ".join(f"{network.shown} ({network.shown_purposes})" for network in foreign)
        return Why.FOREIGN(networks=shown, **at)
    return Why.WORDS(sources=sources.shown, **at) if sources.words or sources.unread else None
