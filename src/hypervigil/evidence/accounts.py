"""Accounts on a host and what they may do: services, tasks, groups, users, rights, policies."""

from __future__ import annotations

import datetime
import functools
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_PS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/"
_WMI = "MicrosoftDocs/win32 desktop-src/CIMWin32Prov/"
_POLICIES = "MicrosoftDocs/windows-itpro-docs windows/security/threat-protection/security-policy-settings/"


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One service, without its arguments."""

    name: str
    display_name: str | None = None
    account: Annotated[str | None, Meta(description="StartName, as written; null for a driver-like service.")] = None
    account_sid: Annotated[
        str | None, Meta(description="Its SID, where this host can tell without asking another.")
    ] = None
    state: Annotated[str, Meta(description="Running, Stopped ...")]
    start_mode: Annotated[str, Meta(description="Boot, System, Auto, Manual, Disabled.")]
    path: Annotated[str | None, Meta(description="Image path up to the program; arguments are cut off.")] = None


class Services(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """The services of a host and the accounts they run as."""

    INFO: ClassVar[FactType] = FactType(
        name="services",
        title="Services",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_Service",
                properties=("Name", "DisplayName", "StartName", "State", "StartMode", "PathName", "ProcessId"),
                shapes=("Win32_Service",),
            ),
            Read(command="Get-LocalUser", properties=("Name", "SID")),
            Read(command="Invoke-CimMethod -MethodName GetOwnerSid (Win32_Process)", properties=("Sid",)),
        ),
        sources=(_WMI + "win32-service.md",),
    )

    services: tuple[Service, ...]

    def named(self, *names: str) -> Service | None:
        """The first service with one of these names, in any case."""
        found = [place for name in names if (place := self._places.get(name.casefold())) is not None]
        return self.services[min(found)] if found else None

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        """Where the first service of each name, in lower case, stands: many controls ask for one."""
        last = len(self.services) - 1
        return {service.name.casefold(): last - place for place, service in enumerate(reversed(self.services))}


class TaskLogonType(Code):
    """``LogonType`` of a task's principal (TASK_LOGON_TYPE)."""

    NONE = 0
    PASSWORD = 1
    S4U = 2
    INTERACTIVE = 3
    GROUP = 4
    SERVICE_ACCOUNT = 5
    INTERACTIVE_OR_PASSWORD = 6


class ScheduledTask(msgspec.Struct, frozen=True, kw_only=True):
    """One scheduled task and the account it runs as."""

    path: str
    name: str
    user: Annotated[str | None, Meta(description="UserId of the principal, as written.")] = None
    user_sid: Annotated[str | None, Meta(description="SID of the user where it could be translated.")] = None
    group: Annotated[str | None, Meta(description="GroupId of the principal, as written.")] = None
    logon_type: Annotated[TaskLogonType | None, Meta(description="PASSWORD: Windows keeps its password.")] = None
    enabled: bool | None = None


class ScheduledTasks(Fact, frozen=True, kw_only=True):
    """The scheduled tasks of a host, but for those in Windows' folder that run as Windows or as who is logged on."""

    INFO: ClassVar[FactType] = FactType(
        name="scheduled_tasks",
        title="Scheduled tasks",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-ScheduledTask",
                properties=(
                    "TaskPath",
                    "TaskName",
                    "Principal",
                    "UserId",
                    "GroupId",
                    "LogonType",
                    "Settings",
                    "Enabled",
                ),
                shapes=("MSFT_ScheduledTask",),
            ),
            Read(command="Export-ScheduledTask", properties=("UserId",)),
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_SystemAccount",
                properties=("Name", "SID"),
            ),
        ),
        sources=(_PS + "ScheduledTasks/Get-ScheduledTask.md",),
    )

    tasks: tuple[ScheduledTask, ...]


class GroupMember(msgspec.Struct, frozen=True, kw_only=True):
    """One direct member of a local group."""

    sid: str
    name: str | None = None
    kind: Annotated[str | None, Meta(description="User or Group.")] = None
    source: Annotated[str | None, Meta(description="Local, ActiveDirectory ...")] = None


class LocalGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One local group with its direct members; groups within it are not followed."""

    sid: str
    name: str | None = None
    members: tuple[GroupMember, ...] = ()
    unread: Annotated[int, Meta(description="Members that Windows counts and could not name, not even by SID.")] = 0


class LocalGroups(Fact, frozen=True, kw_only=True):
    """Administrators, Hyper-V Administrators, Remote Desktop Users and Remote Management Users of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="local_groups",
        title="Local groups",
        subject=Scope.NODE,
        reads=(
            Read(command="Get-LocalGroup", properties=("SID", "Name")),
            Read(command="Get-LocalGroupMember -SID", properties=("SID", "Name", "ObjectClass", "PrincipalSource")),
        ),
        sources=("MicrosoftDocs/PowerShell-Docs reference/5.1/Microsoft.PowerShell.LocalAccounts",),
    )

    groups: Annotated[tuple[LocalGroup, ...], Meta(description="S-1-5-32-544, -578, -555 and -580.")]


class LocalUser(msgspec.Struct, frozen=True, kw_only=True):
    """One local account. Nothing about the password itself can be read, nor its length."""

    sid: str
    name: str
    enabled: bool
    password_last_set: datetime.datetime | None = None
    password_expires: datetime.datetime | None = None
    password_required: bool | None = None
    last_logon: datetime.datetime | None = None

    @property
    def rid(self) -> int:
        """The last part of the SID: 500 is the built-in Administrator, 501 Guest."""
        return int(self.sid.rpartition("-")[2])


class LocalUsers(Fact, frozen=True, kw_only=True):
    """The local accounts of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="local_users",
        title="Local users",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command="Get-LocalUser",
                properties=(
                    "SID",
                    "Name",
                    "Enabled",
                    "PasswordLastSet",
                    "PasswordExpires",
                    "PasswordRequired",
                    "LastLogon",
                ),
                shapes=("Microsoft.PowerShell.Commands.LocalUser",),
            ),
        ),
        sources=("MicrosoftDocs/PowerShell-Docs reference/5.1/Microsoft.PowerShell.LocalAccounts/Get-LocalUser.md",),
    )

    users: tuple[LocalUser, ...]


class UserRights(Fact, frozen=True, kw_only=True):
    """User rights of a host: which SIDs hold which right."""

    INFO: ClassVar[FactType] = FactType(
        name="user_rights",
        title="User rights",
        subject=Scope.NODE,
        reads=(Read(command="secedit.exe /export /areas USER_RIGHTS", properties=("Privilege Rights",)),),
        sources=("MicrosoftDocs/windowsserverdocs administration/windows-commands/secedit-export.md",),
    )

    rights: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="By constant such as SeDenyNetworkLogonRight; a right that nobody holds is absent."),
    ]

    def holders(self, right: str) -> tuple[str, ...]:
        """The SIDs (or names that could not be translated) that hold a right."""
        return self.rights.get(right, ())


class PasswordPolicy(Fact, frozen=True, kw_only=True):
    """The password policy that is in force for local accounts."""

    INFO: ClassVar[FactType] = FactType(
        name="password_policy",
        title="Local password policy",
        subject=Scope.NODE,
        reads=(
            Read(
                command="secedit.exe /export /areas SECURITYPOLICY",
                properties=(
                    *("MinimumPasswordLength", "MaximumPasswordAge", "MinimumPasswordAge", "PasswordHistorySize"),
                    *("PasswordComplexity", "LockoutBadCount"),
                ),
            ),
        ),
        sources=(_POLICIES + "minimum-password-length.md",),
    )

    minimum_length: Annotated[int | None, Meta(description="MinimumPasswordLength, characters.")] = None
    maximum_age_days: Annotated[int | None, Meta(description="MaximumPasswordAge, days; -1 for never.")] = None
    minimum_age_days: Annotated[int | None, Meta(description="MinimumPasswordAge, days.")] = None
    history: Annotated[int | None, Meta(description="PasswordHistorySize.")] = None
    complexity: Annotated[bool | None, Meta(description="PasswordComplexity.")] = None
    lockout_threshold: Annotated[int | None, Meta(description="LockoutBadCount; 0 for never.")] = None


class Pku2u(Fact, frozen=True, kw_only=True):
    """Whether PKU2U, with which cluster nodes authenticate by certificate, is disabled by policy."""

    INFO: ClassVar[FactType] = FactType(
        name="pku2u",
        title="PKU2U",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="allow_online_id",
                        key=r"SYSTEM\CurrentControlSet\Control\Lsa\pku2u",
                        name="AllowOnlineID",
                    ),
                )
            ),
        ),
        sources=(_POLICIES + "network-security-allow-pku2u-authentication-requests-to-this-computer.md",),
    )

    allow_online_id: Annotated[RegistryValue, Meta(description="1 enabled, 0 disabled, absent not defined.")]


class RemoteUac(Fact, frozen=True, kw_only=True):
    """Whether local administrators other than RID 500 get their full token over the network."""

    INFO: ClassVar[FactType] = FactType(
        name="remote_uac",
        title="Remote UAC",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="token_filter_policy",
                        key=r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
                        name="LocalAccountTokenFilterPolicy",
                    ),
                )
            ),
        ),
        sources=("MicrosoftDocs/SupportArticles-docs, page on User Account Control and remote restrictions",),
    )

    token_filter_policy: Annotated[RegistryValue, Meta(description="1 full token; 0 or absent filtered.")]


class WDigest(Fact, frozen=True, kw_only=True):
    """Whether WDigest keeps clear-text passwords in LSASS."""

    INFO: ClassVar[FactType] = FactType(
        name="wdigest",
        title="WDigest",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="use_logon_credential",
                        key=r"SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest",
                        name="UseLogonCredential",
                    ),
                    RegistryRead(
                        field="is_cred_guard_enabled",
                        key=r"SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest",
                        name="IsCredGuardEnabled",
                    ),
                )
            ),
        ),
        sources=("MSRC blog, An overview of KB2871997", "SigmaHQ rules on WDigest"),
    )

    use_logon_credential: Annotated[RegistryValue, Meta(description="1 clear text is kept; 0 or absent it is not.")]
    is_cred_guard_enabled: Annotated[RegistryValue, Meta(description="Written by attackers, not by Windows.")]


_Actions = Annotated[
    RegistryValue,
    Meta(description="1 new password, 3 and log off, 5 and restart the node, 11 log off and end what still runs."),
]
_Account = Annotated[RegistryValue, Meta(description="Account it manages; absent or empty for RID 500.")]


class Laps(Fact, frozen=True, kw_only=True):
    """The LAPS policy of a host, from the first of its four places that has a value."""

    INFO: ClassVar[FactType] = FactType(
        name="laps",
        title="Windows LAPS",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    *(
                        RegistryRead(field=field, key=key, name=name)
                        for prefix, key in (
                            ("csp", r"SOFTWARE\Microsoft\Policies\LAPS"),
                            ("gpo", r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS"),
                            ("local", r"SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config"),
                        )
                        for field, name in (
                            (f"{prefix}_backup_directory", "BackupDirectory"),
                            (f"{prefix}_post_authentication_actions", "PostAuthenticationActions"),
                            (f"{prefix}_account_name", "AdministratorAccountName"),
                        )
                    ),
                    RegistryRead(
                        field="legacy_enabled", key=r"SOFTWARE\Policies\Microsoft Services\AdmPwd", name="AdmPwdEnabled"
                    ),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/windowsserverdocs identity/laps/laps-management-policy-settings.md",
            "MicrosoftDocs/windows-itpro-docs windows/client-management/mdm/laps-csp.md",
        ),
    )

    csp_backup_directory: Annotated[RegistryValue, Meta(description="0 off, 1 Entra ID, 2 Active Directory.")]
    csp_post_authentication_actions: _Actions
    csp_account_name: _Account
    gpo_backup_directory: Annotated[RegistryValue, Meta(description="0 off, 1 Entra ID, 2 Active Directory.")]
    gpo_post_authentication_actions: _Actions
    gpo_account_name: _Account
    local_backup_directory: Annotated[RegistryValue, Meta(description="0 off, 1 Entra ID, 2 Active Directory.")]
    local_post_authentication_actions: _Actions
    local_account_name: _Account
    legacy_enabled: Annotated[RegistryValue, Meta(description="1: the older LAPS is on.")]
