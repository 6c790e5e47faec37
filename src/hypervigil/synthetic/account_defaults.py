"""What a well-kept host has of accounts, fact by fact: services, groups, rights, policies, logons.

As in ``defaults``, each function gives one fact, with nothing in it to complain of as far as the release allows;
keyword arguments replace single fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.accounts import (
    GroupMember,
    Laps,
    LocalGroup,
    LocalGroups,
    LocalUser,
    LocalUsers,
    PasswordPolicy,
    Pku2u,
    RemoteUac,
    ScheduledTask,
    ScheduledTasks,
    Service,
    Services,
    TaskLogonType,
    UserRights,
)
from hypervigil.evidence.logons import Logon, Logons, LogonType
from hypervigil.evidence.registry import ABSENT, RegistryValue, dword
from hypervigil.synthetic.moments import AT, DOMAIN_SID, MACHINE_SID, changed, window

ADMINS = f"{DOMAIN_SID}-1601"
"""The group that administers the hosts."""
ADMINISTRATORS, HYPER_V_ADMINISTRATORS = "S-1-5-32-544", "S-1-5-32-578"
REMOTE_DESKTOP_USERS, REMOTE_MANAGEMENT_USERS = "S-1-5-32-555", "S-1-5-32-580"
GUESTS = "S-1-5-32-546"


def service(name: str, account: str | None = "LocalSystem", **changes: Any) -> Service:
    """A service that starts by itself and runs."""
    fact = Service(
        name=name,
        account=account,
        account_sid={"LocalSystem": "S-1-5-18", "NT AUTHORITY\\NetworkService": "S-1-5-20"}.get(account or ""),
        state="Running",
        start_mode="Auto",
        path=f"C:\\Windows\\System32\\{name}.exe",
    )
    return msgspec.structs.replace(fact, **changes)


def services(*extra: Service) -> Services:
    """What a Hyper-V cluster node runs, an EDR sensor and Sysmon among it, and what else is given."""
    return Services(
        services=(
            service("ClusSvc"),
            service("vmms"),
            service("WinRM", "NT AUTHORITY\\NetworkService"),
            service("Sense"),
            service("WinDefend"),
            service("Sysmon64"),
            service("RemoteAccess", "LocalSystem", state="Stopped", start_mode="Disabled"),
            *extra,
        )
    )


def scheduled_tasks(*extra: ScheduledTask) -> ScheduledTasks:
    """One task that runs as SYSTEM, and what else is given."""
    task = ScheduledTask(
        path="\\Contoso\\",
        name="Inventory",
        user="SYSTEM",
        user_sid="S-1-5-18",
        logon_type=TaskLogonType.SERVICE_ACCOUNT,
        enabled=True,
    )
    return ScheduledTasks(tasks=(task, *extra))


def group_member(sid: str, **changes: Any) -> GroupMember:
    """A member, by the name that it goes by here; without one where it is nobody's here."""
    known = {
        f"{MACHINE_SID}-500": GroupMember(sid=sid, name="Administrator", kind="User", source="Local"),
        ADMINS: GroupMember(sid=sid, name="CONTOSO\\HV-Hosts", kind="Group", source="ActiveDirectory"),
    }
    return msgspec.structs.replace(known.get(sid, GroupMember(sid=sid)), **changes)


def local_group(sid: str, *members: str | GroupMember) -> LocalGroup:
    """A local group with these in it."""
    made = (member if isinstance(member, GroupMember) else group_member(member) for member in members)
    return LocalGroup(sid=sid, members=tuple(made))


def local_groups(*groups: LocalGroup) -> LocalGroups:
    """The built-in Administrator and the hosts' administrators, where no groups are given."""
    return LocalGroups(
        groups=groups
        or (
            local_group(ADMINISTRATORS, f"{MACHINE_SID}-500", ADMINS),
            local_group(HYPER_V_ADMINISTRATORS, ADMINS),
            local_group(REMOTE_DESKTOP_USERS),
            local_group(REMOTE_MANAGEMENT_USERS),
        )
    )


def local_user(name: str, rid: int, **changes: Any) -> LocalUser:
    """An account with a fresh password."""
    fact = LocalUser(
        sid=f"{MACHINE_SID}-{rid}",
        name=name,
        enabled=True,
        password_last_set=AT - datetime.timedelta(days=12),
        password_required=True,
    )
    return msgspec.structs.replace(fact, **changes)


def local_users(*extra: LocalUser) -> LocalUsers:
    """The built-in accounts, Guest disabled, that of the cluster, and what else is given."""
    return LocalUsers(
        users=(
            local_user("Administrator", 500),
            local_user("Guest", 501, enabled=False, password_last_set=None, password_required=False),
            local_user("CLIUSR", 1002),
            *extra,
        )
    )


def user_rights(**rights: tuple[str, ...]) -> UserRights:
    """Guests are kept out, administrators let in; ``rights`` replace those of a right."""
    held = {
        "SeNetworkLogonRight": ("S-1-5-11", ADMINISTRATORS),
        "SeInteractiveLogonRight": (ADMINISTRATORS,),
        "SeRemoteInteractiveLogonRight": (ADMINISTRATORS,),
        "SeDenyNetworkLogonRight": (GUESTS,),
        "SeDenyRemoteInteractiveLogonRight": (GUESTS,),
    }
    return UserRights(rights={**held, **rights})


def password_policy(**changes: Any) -> PasswordPolicy:
    """As Microsoft's baseline asks for."""
    fact = PasswordPolicy(
        minimum_length=14, maximum_age_days=42, minimum_age_days=1, history=24, complexity=True, lockout_threshold=3
    )
    return changed(fact, changes)


def pku2u(value: RegistryValue = ABSENT) -> Pku2u:
    """Not defined by policy."""
    return Pku2u(allow_online_id=value)


def remote_uac(value: RegistryValue = ABSENT) -> RemoteUac:
    """Tokens of local administrators are filtered."""
    return RemoteUac(token_filter_policy=value)


def laps(**values: RegistryValue) -> Laps:
    """Backed up to Active Directory by group policy, where no ``values`` are given."""
    given = values or {"gpo_backup_directory": dword(2), "gpo_post_authentication_actions": dword(3)}
    return Laps(**{**dict.fromkeys(Laps.__struct_fields__, ABSENT), **given})


def logon(sid: str, logon_type: LogonType, address: str | None, **changes: Any) -> Logon:
    """One logon of yesterday."""
    fact = Logon(
        record_id=90_210,
        channel="Security",
        provider="Microsoft-Windows-Security-Auditing",
        id=4624,
        time=AT - datetime.timedelta(days=1),
        sid=sid,
        logon_type=logon_type,
        address=address,
        package="Kerberos",
        elevated=True,
    )
    return msgspec.structs.replace(fact, **changes)


def logons(*rows: Logon, **changes: Any) -> Logons:
    """One administrator who came from a jump host, where no rows are given."""
    given = rows or (logon(f"{DOMAIN_SID}-1105", LogonType.NETWORK, "10.0.9.5", user="CONTOSO\\hv-admin"),)
    return changed(Logons(logons=given, windows=(window("Security"),)), changes)
