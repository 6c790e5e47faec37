r"""MGT-010  Nodes are not workstations: no office, mail, browser sessions or everyday profiles.

## What it decides

Whether a node shows signs that people work on it: programs for office, mail and the web, desktop sessions of accounts
without administrative rights, and profiles of many people.

## Why it matters

What reaches people at work, mail attachments and web pages, then runs on the machine that owns every guest. An everyday
account on a node is one step from its administrators' sessions and their tickets. Microsoft's guidance for Hyper-V
hosts is not to use them as workstations and to install nothing that is not needed.

## How it is decided

- An office suite, a mail program, or a browser that Windows did not bring along is installed: FAIL, with its name.
  Edge and Internet Explorer are shipped and prove nothing. Which names are meant is inferred: the list is this
  project's own.
- An account had desktop sessions (logon types 2, 7, 10, 11, 12, 13) in the evidence and not one logon with an elevated
  token: FAIL. Administrators have two tokens, and the elevated one shows.
- More profiles of people lie on the node than a profile of this catalogue allows (`most_profiles`, 3): REVIEW, for many
  profiles are a sign of use, and administrators who sign in at the console have one, too. The built-in Administrator,
  CLIUSR, services and managed service accounts do not count.
- None of these: PASS, with the day from which logons were seen. Where profiles, logons or elevation were not read, or
  the Security log tells nothing: UNKNOWN.

## How to look yourself

    $list = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*'
    Get-ItemProperty -Path $list | Select-Object DisplayName
    Get-ChildItem -Path 'HKLM:\SOFTWARE\Clients\StartMenuInternet', 'HKLM:\SOFTWARE\Clients\Mail'
    Get-CimInstance -ClassName Win32_UserProfile -Filter 'Special = False' | Select-Object LocalPath, LastUseTime

Expected on 2019, 2022 and 2025: no such program, no browser but Internet Explorer and Edge, and no profile but those of
a few administrators. 32-bit programs are listed below `SOFTWARE\Wow6432Node` as well.

## Remedy

Uninstall the programs, and give people a place to administer from: a privileged access workstation or a jump host
(MGT-019). Then remove the profiles, which may hold saved passwords and browser data:

    Get-CimInstance -ClassName Win32_UserProfile -Filter "SID = 'S-1-5-21-...'" | Remove-CimInstance

- Reboot: none for most programs; a drained node for those that ask for one.
- Order: the other place first, then take the right to sign in locally and over RDP from everyday accounts, then
  uninstall, then remove profiles, node by node.
- Rollback: install again. A removed profile is gone: save what its owner needs first.

## What it cannot see

Programs that were installed for one person, portable ones, and what was browsed with Edge. Programs that this list does
not know. Logons before the day that is named: a log that rolled over proves nothing about the time before.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v/plan/`
  `plan-hyper-v-security-in-windows-server.md`
- MicrosoftDocs/win32, `desktop-src/Msi/uninstall-registry-key.md`, `desktop-src/CIMWin32Prov/win32-userprofile.md`
- MicrosoftDocs/windows-itpro-docs, page on event 4624 (logon types, elevated token)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective.everyday import everyday_products
from hypervigil.controls.effective.logon_reach import seen_from
from hypervigil.evidence.logons import Logon, Logons, LogonType
from hypervigil.evidence.software import InstalledSoftware, UserProfile, UserProfiles
from hypervigil.model import injection
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    UNUSED = passes(
        "No office suite, mail program or added browser is installed, and since {since} nobody without administrative "
        "rights had a desktop session.",
        Confidence.INFERRED,
    )
    PRODUCTS = fails("Software for everyday work is installed ({kind}): {names}.", Confidence.INFERRED)
    SESSIONS = fails(
        "Accounts that never held an elevated token had desktop sessions: {accounts}.", Confidence.INFERRED
    )
    MANY_PROFILES = reviews(
        "{count} people have profiles here, more than {most}: {names}. Is it used as a workstation?",
        Confidence.INFERRED,
    )
    PROFILES_UNSEEN = unknown("Whose profiles lie here could not be seen.")
    LOGONS_UNSEEN = unknown("Who had desktop sessions here could not be seen.")
    LOG_SILENT = unknown("The Security log does not tell who had desktop sessions.", Cause.NOT_IN_SOURCE)
    TOKENS_UNSEEN = unknown("Whether {accounts} held elevated tokens was not read.", Cause.NOT_IN_SOURCE)
    PROFILES = remarks("Profiles of people lie here: {names}.")


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set."""

    most_profiles: Annotated[int, Meta(ge=0, le=1000, description="So many profiles of people raise no question.")] = 3


CONTROL = Control(
    id="MGT-010",
    title="Nodes are not workstations: no office, mail, browser sessions or everyday profiles",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

DESKTOP = frozenset(
    (
        LogonType.INTERACTIVE,
        LogonType.UNLOCK,
        LogonType.REMOTE_INTERACTIVE,
        LogonType.CACHED_INTERACTIVE,
        LogonType.CACHED_REMOTE_INTERACTIVE,
        LogonType.CACHED_UNLOCK,
    )
)
PEOPLE = ("S-1-5-21-", "S-1-12-1-")
"""SIDs of accounts of a machine or a domain, and of Entra ID."""
BUILT_IN_ADMINISTRATOR = "-500"
CLUSTER_ACCOUNT = "cliusr"


def assess(
    software: InstalledSoftware, profiles: Maybe[UserProfiles], logons: Maybe[Logons], wanted: Parameters
) -> Verdict:
    """Judge programs, sessions and profiles, each for itself."""
    reasons: list[Reason] = []
    by_kind: dict[str, list[str]] = {}
    for product in everyday_products(software):
        by_kind.setdefault(product.kind, []).append(product.name)
    reasons += (Why.PRODUCTS(kind=kind, names=", ".join(names)) for kind, names in by_kind.items())
    if logons.value is None:
        reasons.append(Why.LOGONS_UNSEEN.because(logons.missing))
    else:
        reasons += _sessions(logons.value)
    people: list[str] = []
    if profiles.value is None:
        reasons.append(Why.PROFILES_UNSEEN.because(profiles.missing))
    else:
        people = [_owner(profile) for profile in profiles.value.profiles if _is_a_persons(profile)]
    if len(people) > wanted.most_profiles:
        names = ", ".join(people)
        reasons.append(Why.MANY_PROFILES(count=len(people), most=wanted.most_profiles, names=names))
    since = seen_from(logons.value) if logons.value is not None else None
    if not reasons and since is not None:
        reasons.append(Why.UNUSED(since=since.date().isoformat()))
    if 0 < len(people) <= wanted.most_profiles:
        reasons.append(Why.PROFILES(names=", ".join(people)))
    return verdict(*reasons)


def _sessions(logons: Logons) -> Iterator[Reason]:
    """What the logons say against the node: accounts at its desktop that are no administrators."""
    rows: dict[str, list[Logon]] = {}
    for row in logons.logons:
        if row.sid.startswith(PEOPLE) and not (row.user or "").endswith("$"):
            rows.setdefault(row.sid, []).append(row)
    plain: list[str] = []
    unclear: list[str] = []
    for sid, own in rows.items():
        tokens = {row.elevated for row in own}
        if True not in tokens and any(row.logon_type in DESKTOP for row in own):
            shown = next((row.user for row in own if row.user), sid)
            (unclear if None in tokens else plain).append(shown)
    if plain:
        yield Why.SESSIONS(accounts=", ".join(plain))
    if unclear:
        yield Why.TOKENS_UNSEEN(accounts=", ".join(unclear))
    if seen_from(logons) is None:
        yield Why.LOG_SILENT()


def _owner(profile: UserProfile) -> str:
    """Whose profile it is, by its folder."""
    return profile.path.rstrip("\\").rpartition("\\")[2] or profile.sid


def _is_a_persons(profile: UserProfile) -> bool:
    owner = _owner(profile).casefold()
    if profile.special or not profile.sid.startswith(PEOPLE) or profile.sid.endswith(BUILT_IN_ADMINISTRATOR):
        return False
    return not owner.endswith("$") and owner.partition(".")[0] != CLUSTER_ACCOUNT
