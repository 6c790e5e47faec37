"""MGT-010: nodes used as workstations."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.management import mgt_010_no_workstation as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.logons import Logon, Logons, LogonType
from hypervigil.evidence.software import InstalledSoftware, Software, UserProfile, UserProfiles
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.moments import DOMAIN_SID, MACHINE_SID
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CLEAN = management.installed_software()
PROFILES = management.user_profiles()
LOGONS = account.logons()


def profiles(*names: str) -> UserProfiles:
    """Profiles of people of the domain."""
    return management.user_profiles(
        *(
            UserProfile(sid=f"{DOMAIN_SID}-{1200 + place}", path=f"C:\\Users\\{name}")
            for place, name in enumerate(names)
        )
    )


def session(rid: int, logon_type: LogonType, *, elevated: bool | None = False, **changes: Any) -> Logon:
    name = changes.pop("user", f"CONTOSO\\user{rid}")
    return account.logon(f"{DOMAIN_SID}-{rid}", logon_type, "10.0.9.5", elevated=elevated, user=name, **changes)


def seen(*rows: Logon) -> Logons:
    return account.logons(*rows)


CASES = (
    Case(
        "nothing of the kind",
        Outcome.PASS,
        ("unused",),
        node=(CLEAN, PROFILES, LOGONS),
        confidence=Confidence.INFERRED,
        says="since 2026-10-17",
    ),
    Case(
        "three administrators have profiles",
        Outcome.PASS,
        ("unused", "profiles"),
        node=(CLEAN, profiles("anna-adm", "ben-adm", "cem-adm"), LOGONS),
        says="anna-adm, ben-adm, cem-adm",
    ),
    Case(
        "profiles of services, of the cluster and of Administrators are nobody's",
        Outcome.PASS,
        ("unused",),
        node=(
            CLEAN,
            management.user_profiles(
                UserProfile(sid=f"{MACHINE_SID}-1002", path="C:\\Users\\CLIUSR"),
                UserProfile(sid=f"{DOMAIN_SID}-500", path="C:\\Users\\administrator.CONTOSO"),
                UserProfile(sid=f"{DOMAIN_SID}-1300", path="C:\\Users\\gmsa-backup$"),
                UserProfile(sid="S-1-5-80-1-2-3-4-5", path="C:\\Users\\SQLSERVERAGENT"),
            ),
            LOGONS,
        ),
    ),
    Case(
        "an administrator at the console has both tokens",
        Outcome.PASS,
        ("unused",),
        node=(
            CLEAN,
            PROFILES,
            seen(session(1105, LogonType.INTERACTIVE), session(1105, LogonType.INTERACTIVE, elevated=True)),
        ),
    ),
    Case(
        "network logons without rights, and services, are no desktop sessions",
        Outcome.PASS,
        ("unused",),
        node=(
            CLEAN,
            PROFILES,
            seen(
                session(1300, LogonType.NETWORK),
                session(1301, LogonType.REMOTE_INTERACTIVE, user="CONTOSO\\HV02$"),
                account.logon("S-1-5-80-1-2-3-4-5", LogonType.INTERACTIVE, None, elevated=False),
            ),
        ),
    ),
    Case(
        "shipped browsers prove nothing",
        Outcome.PASS,
        ("unused",),
        node=(
            InstalledSoftware(
                products=(
                    Software(name="Microsoft Edge"),
                    Software(name="Internet Explorer", kind="browser"),
                    Software(name="Microsoft Edge", kind="browser"),
                )
            ),
            PROFILES,
            LOGONS,
        ),
    ),
    Case(
        "a browser and an office suite",
        Outcome.FAIL,
        ("products", "products"),
        node=(
            management.installed_software("Google Chrome", "Microsoft Office Standard 2019 - en-us", "Mozilla Firefox"),
            PROFILES,
            LOGONS,
        ),
        says="(browser): Google Chrome, Mozilla Firefox",
    ),
    Case(
        "a mail program, and nothing else was collected: the failure stands",
        Outcome.FAIL,
        ("products", "logons_unseen", "profiles_unseen"),
        node=(management.installed_software("Mozilla Thunderbird (x64 en-US)"),),
    ),
    Case(
        "somebody without rights over RDP",
        Outcome.FAIL,
        ("sessions",),
        node=(CLEAN, PROFILES, seen(session(1300, LogonType.REMOTE_INTERACTIVE), session(1300, LogonType.NETWORK))),
        says="CONTOSO\\user1300",
    ),
    Case(
        "somebody whose name was not read at the console",
        Outcome.FAIL,
        ("sessions", "profiles"),
        node=(CLEAN, profiles("dora"), seen(session(1300, LogonType.CACHED_INTERACTIVE, user=None))),
        says=f"{DOMAIN_SID}-1300",
    ),
    Case(
        "four people have profiles",
        Outcome.REVIEW,
        ("many_profiles",),
        node=(CLEAN, profiles("anna", "ben", "cem", "dora"), LOGONS),
        says="4 people have profiles here, more than 3: anna, ben, cem, dora",
    ),
    Case(
        "profiles denied",
        Outcome.UNKNOWN,
        ("profiles_unseen",),
        node=(CLEAN, LOGONS),
        gaps={"user_profiles": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "logons denied",
        Outcome.UNKNOWN,
        ("logons_unseen",),
        node=(CLEAN, PROFILES),
        gaps={"logons": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "the Security log was not searched",
        Outcome.UNKNOWN,
        ("log_silent",),
        node=(CLEAN, PROFILES, account.logons(windows=())),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "elevation was not read",
        Outcome.UNKNOWN,
        ("tokens_unseen",),
        node=(CLEAN, PROFILES, seen(session(1300, LogonType.INTERACTIVE, elevated=None))),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "software not collected",
        Outcome.UNKNOWN,
        node=(PROFILES, LOGONS),
        gaps={"installed_software": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
