"""Tasks that read accounts: services, scheduled tasks, groups, users, rights and policies."""

from __future__ import annotations

import datetime
import functools
import json

import msgspec
import pytest

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
    WDigest,
)
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import Run, run_text

FACTS = (
    *("services", "scheduled_tasks", "local_groups", "local_users", "user_rights", "password_policy"),
    *("pku2u", "remote_uac", "wdigest", "laps"),
)
LOCAL = "S-1-5-21-2356735557-1575748656-448136971-"  # of the recorded local users
DOMAIN = "S-1-5-21-1000000000-2000000000-3000000000-"


@functools.cache
def plain() -> Run:
    return collect(*FACTS)


def test_services_with_the_accounts_that_this_host_can_tell() -> None:
    system = "C:\\Windows\\system32\\"
    assert fact_of(plain(), Services).services == (
        _service("vmms", "Hyper-V-Verwaltung", "LocalSystem", "S-1-5-18", path=system + "vmms.exe"),
        _service("ClusSvc", "Clusterdienst", "LocalSystem", "S-1-5-18", path="C:\\Windows\\Cluster\\clussvc.exe"),
        _service(
            "WinRM",
            "Windows-Remoteverwaltung",
            "NT AUTHORITY\\NetworkService",
            "S-1-5-20",
            path="C:\\Windows\\System32\\svchost.exe",
        ),
        _service("Dnscache", "DNS-Client", "NT-AUTORITÄT\\Netzwerkdienst", "S-1-5-20", path=system + "svchost.exe"),
        _service(
            "SQLAgent",
            "SQL Agent",
            "NT SERVICE\\TrustedInstaller",
            "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
            state="Stopped",
            start_mode="Manual",
            path="C:\\Program Files\\SQL\\agent.exe",
        ),
        _service(
            "Backup",
            "Sicherung",
            "CONTOSO\\svc-backup",
            DOMAIN + "1105",
            path="C:\\Program Files\\Backup Agent\\agent.exe",
        ),
        _service(
            "Monitor",
            "Monitor",
            "CONTOSO\\gmsa-mon$",
            None,
            state="Stopped",
            start_mode="Disabled",
            path="C:\\Monitor\\m.exe",
        ),
        _service(
            "Local", "Local", ".\\sshd", LOCAL + "1000", state="Stopped", start_mode="Manual", path="C:\\local\\l.exe"
        ),
        _service("PerUser_1a2b3", "Per user", None, None, state="Stopped", start_mode="Manual", path=None),
    )


def _service(
    name: str,
    shown: str,
    account: str | None,
    sid: str | None,
    *,
    state: str = "Running",
    start_mode: str = "Auto",
    path: str | None,
) -> Service:
    return Service(
        name=name,
        display_name=shown,
        account=account,
        account_sid=sid,
        state=state,
        start_mode=start_mode,
        path=path,
    )


def test_services_do_without_what_tells_sids() -> None:
    run = collect("services", faults={"Invoke-CimMethod": "denied", "Get-LocalUser": "broken"})
    sids = {service.name: service.account_sid for service in fact_of(run, Services).services}
    assert sids["vmms"] == "S-1-5-18"
    assert (sids["Backup"], sids["Local"]) == (None, None)
    remark = run.by_fact()["services"].remark
    assert "without SIDs of local users: unparsable" in remark
    assert "without the owner of process 1216: access_denied" in remark


def test_no_service_at_all_is_no_answer() -> None:
    run = collect("services", faults={"Cim-Win32_Service": "nothing"})
    assert gap_of(run, Services).cause == "unparsable"


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ('"C:\\Program Files\\A b\\x.exe" -p secret', "C:\\Program Files\\A b\\x.exe"),
        ("C:\\Program Files\\A b\\x.EXE -p secret", "C:\\Program Files\\A b\\x.EXE"),
        ("C:\\a.exe.d\\x.exe", "C:\\a.exe.d\\x.exe"),
        ("\\SystemRoot\\System32\\drivers\\x.sys", "\\SystemRoot\\System32\\drivers\\x.sys"),
        ("C:\\Strange Place\\x secret", "C:\\Strange"),
        ("", None),
    ],
)
def test_the_program_of_a_command_line(line: str, program: str | None) -> None:
    run = run_text(f"ConvertTo-HvJson (Get-HvAccountsProgram '{line}')")
    assert json.loads(run.output) == program


def test_no_argument_of_a_program_is_kept() -> None:
    documents = plain().by_fact()
    assert not any("secret" in json.dumps(document.data) for document in documents.values())


def test_scheduled_tasks_but_for_those_of_windows() -> None:
    assert fact_of(plain(), ScheduledTasks).tasks == (
        ScheduledTask(
            path="\\Microsoft\\Windows\\Backup\\",
            name="Hidden",
            user="svc-backup",
            user_sid=DOMAIN + "1105",
            logon_type=TaskLogonType.PASSWORD,
            enabled=True,
        ),
        ScheduledTask(
            path="\\",
            name="Täglich",
            user="SYSTEM",
            user_sid="S-1-5-18",
            logon_type=TaskLogonType.SERVICE_ACCOUNT,
            enabled=True,
        ),
        ScheduledTask(
            path="\\Contoso\\",
            name="Cleanup",
            user="CONTOSO\\svc-clean",
            logon_type=TaskLogonType.PASSWORD,
            enabled=False,
        ),
        ScheduledTask(
            path="\\Contoso\\",
            name="Rotate",
            user="gmsa-rotate$",
            user_sid=DOMAIN + "1106",
            logon_type=TaskLogonType.PASSWORD,
            enabled=True,
        ),
        ScheduledTask(
            path="\\Contoso\\",
            name="Tray",
            group="Administratoren",
            logon_type=TaskLogonType.GROUP,
            enabled=True,
        ),
    )


def test_a_task_whose_definition_may_not_be_read_stays() -> None:
    faults = {"Export-ScheduledTask": "denied", "Cim-Win32_SystemAccount": "broken"}
    run = collect("scheduled_tasks", faults=faults)
    tasks = {task.name: task for task in fact_of(run, ScheduledTasks).tasks}
    assert tasks["Cleanup"].user == "svc-clean"
    assert tasks["Täglich"].user_sid is None
    assert "the definition of task \\Contoso\\Cleanup: access_denied" in run.by_fact()["scheduled_tasks"].remark


def test_a_domain_account_called_system_is_not_the_system() -> None:
    task = """function Instead-Get-ScheduledTask {
    [pscustomobject] @{ TaskPath = '\\Microsoft\\Windows\\X\\'; TaskName = 'Cleanup'; Settings = @{ Enabled = 1 }
        Principal = [pscustomobject] @{ UserId = 'SYSTEM'; GroupId = $null; LogonType = 'Password' } }
}
"""
    (found,) = fact_of(collect("scheduled_tasks", stubs=[task]), ScheduledTasks).tasks
    assert (found.user, found.user_sid) == ("CONTOSO\\svc-clean", None)
    assert (found.logon_type, found.enabled) == (TaskLogonType.PASSWORD, True)


def test_local_groups_by_sid_whatever_they_are_called() -> None:
    member = functools.partial(GroupMember, kind="Group", source="ActiveDirectory")
    assert fact_of(plain(), LocalGroups).groups == (
        LocalGroup(
            sid="S-1-5-32-544",
            name="Administratoren",
            members=(
                member(sid="S-1-5-21-3966804624-2143408355-627260183-512", name="SOLO\\Domain Admins"),
                member(sid="S-1-5-21-3966804624-2143408355-627260183-1120", name="SOLO\\Exchange Trusted Subsystem"),
                member(sid="S-1-5-21-3966804624-2143408355-627260183-1105", name="SOLO\\Organization Management"),
                GroupMember(
                    sid="S-1-5-21-2158029244-1591623683-1362856639-500",
                    name="SOLO-E16A\\Administrator",
                    kind="User",
                    source="Local",
                ),
            ),
        ),
        LocalGroup(sid="S-1-5-32-578", name="Hyper-V-Administratoren"),
        LocalGroup(sid="S-1-5-32-555", name="Remotedesktopbenutzer"),
        LocalGroup(sid="S-1-5-32-580", name="Remoteverwaltungsbenutzer"),
    )


def _sid_bytes(sid: str) -> str:
    revision, authority, *parts = (int(part) for part in sid.split("-")[1:])
    data = bytes((revision, len(parts))) + authority.to_bytes(6, "big")
    return (data + b"".join(part.to_bytes(4, "little") for part in parts)).hex()


def test_members_whose_account_is_gone_come_from_adsi() -> None:
    members = [
        (LOCAL + "500", "WinNT://CONTOSO/HV01/Administrator", "User"),
        (DOMAIN + "512", "WinNT://CONTOSO/Domänen-Admins", "Group"),
        ("S-1-5-21-9-8-7-1601", "WinNT://S-1-5-21-9-8-7-1601", "User"),
    ]
    made = "\n".join(f"[Member]::new('{_sid_bytes(sid)}', '{path}', '{kind}')" for sid, path, kind in members)
    run = run_text(_ADSI.replace("MEMBERS", made), faults={"Get-LocalGroupMember": "broken"})
    assert run.status == 0, run.messages
    data, remarks = run.output.splitlines()
    administrators, *others = msgspec.json.decode(data, type=LocalGroups).groups
    assert administrators.members == (
        GroupMember(sid=LOCAL + "500", name="HV01\\Administrator", kind="User"),
        GroupMember(sid=DOMAIN + "512", name="CONTOSO\\Domänen-Admins", kind="Group"),
        GroupMember(sid="S-1-5-21-9-8-7-1601", kind="User"),
    )
    assert administrators.unread == 1
    assert [group.members for group in others] == [(), (), ()]
    assert "without Get-LocalGroupMember for S-1-5-32-544: unparsable: it broke" in remarks
    assert "without a member of Administratoren" in remarks


_ADSI = """
class Member {
    [byte[]] $objectSid; [string] $ADsPath; [string] $Class
    Member([string] $sid, [string] $path, [string] $class) {
        $this.objectSid = [Convert]::FromHexString($sid); $this.ADsPath = $path; $this.Class = $class
    }
}
class Unreadable { [string] $ADsPath = 'WinNT://CONTOSO/x'; [string] $Class = 'User' }
class Group {
    [string] $Path
    Group([string] $path) { $this.Path = $path }
    [object[]] Invoke([string] $what) {
        if ($this.Path -ne 'WinNT://./Administratoren,group') { return @() }
        return @(
            MEMBERS
            [Unreadable]::new()
        )
    }
}
function New-Object {
    param([string] $TypeName, $ArgumentList, $Property)
    if ($TypeName -eq 'System.DirectoryServices.DirectoryEntry') { return [Group]::new($ArgumentList) }
    Microsoft.PowerShell.Utility\\New-Object @PSBoundParameters
}
ConvertTo-HvJson (Read-HvLocalGroups)
$HvRemarks -join '; '
"""


def test_a_group_that_nothing_can_read_is_a_gap() -> None:
    run = collect("local_groups", faults={"Get-LocalGroupMember": "broken"})
    assert "not supported on this platform" in gap_of(run, LocalGroups).detail  # this engine has no ADSI


def test_local_users() -> None:
    def at(text: str) -> datetime.datetime:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)

    assert fact_of(plain(), LocalUsers).users == (
        LocalUser(
            sid=LOCAL + "500",
            name="EXAMPLE",
            enabled=True,
            password_last_set=at("2020-04-15T20:11:59.962"),
            password_expires=at("2020-05-27T20:11:59.962"),
            password_required=True,
            last_logon=at("2020-04-16T12:55:59.064"),
        ),
        LocalUser(sid=LOCAL + "503", name="DefaultAccount", enabled=False, password_required=False),
        LocalUser(sid=LOCAL + "501", name="Guest", enabled=False, password_required=False),
        LocalUser(
            sid=LOCAL + "1000",
            name="sshd",
            enabled=True,
            password_last_set=at("2020-04-15T20:16:12.559"),
            password_required=True,
        ),
        LocalUser(
            sid=LOCAL + "504",
            name="WDAGUtilityAccount",
            enabled=False,
            password_last_set=at("2020-03-07T04:54:44.172"),
            password_expires=at("2020-04-18T04:54:44.172"),
            password_required=True,
        ),
    )


def test_user_rights_by_constant_with_names_turned_into_sids() -> None:
    rights = fact_of(plain(), UserRights)
    assert len(rights.rights) == 32
    assert rights.holders("SeNetworkLogonRight") == ("S-1-1-0", "S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-551")
    assert rights.holders("SeRemoteInteractiveLogonRight") == ("S-1-5-32-544", "S-1-5-32-555")
    assert rights.holders("SeDenyNetworkLogonRight") == (LOCAL + "501", "S-1-5-114")
    assert "SeTrustedCredManAccessPrivilege" not in rights.rights


def test_password_policy() -> None:
    assert fact_of(plain(), PasswordPolicy) == PasswordPolicy(
        minimum_length=0,
        maximum_age_days=42,
        minimum_age_days=0,
        history=0,
        complexity=True,
        lockout_threshold=10,
    )


def test_rights_and_policy_come_from_one_export() -> None:
    run = collect("user_rights", "password_policy", trace=True)
    assert [each["name"] for each in run.trace].count("secedit.exe") == 1


def test_secedit_that_is_refused_makes_both_gaps() -> None:
    run = collect("user_rights", "password_policy", faults={"secedit.exe": "denied"})
    assert {gap_of(run, fact).cause for fact in (UserRights, PasswordPolicy)} == {"access_denied"}


def test_without_elevation_nothing_is_exported() -> None:
    run = collect("user_rights", "password_policy", environment={"STANDIN_INTEGRITY": "8192"}, trace=True)
    assert {gap_of(run, fact).cause for fact in (UserRights, PasswordPolicy)} == {"access_denied"}
    asked = {each["name"] for each in run.trace}
    assert "whoami.exe" in asked
    assert "secedit.exe" not in asked


@pytest.mark.parametrize(
    "text", ["", "[Unicode]\r\nUnicode=yes\r\n", "[System Access]\r\nMinimumPasswordLength = many\r\n"]
)
def test_an_export_without_the_section_is_no_answer(text: str) -> None:
    write = f"[System.IO.File]::WriteAllText($args[2], '{text}', [System.Text.Encoding]::Unicode)"
    run = collect("user_rights", "password_policy", stubs=[f"function secedit.exe {{ {write} }}"])
    assert {gap_of(run, fact).cause for fact in (UserRights, PasswordPolicy)} == {"unparsable"}


def test_registry_values_of_accounts() -> None:
    assert fact_of(plain(), Pku2u) == Pku2u(allow_online_id=dword(0))
    assert fact_of(plain(), RemoteUac) == RemoteUac(token_filter_policy=dword(1))
    assert fact_of(plain(), WDigest) == WDigest(use_logon_credential=dword(1), is_cred_guard_enabled=ABSENT)
    assert fact_of(plain(), Laps) == Laps(
        csp_backup_directory=ABSENT,
        csp_post_authentication_actions=ABSENT,
        csp_account_name=ABSENT,
        gpo_backup_directory=dword(2),
        gpo_post_authentication_actions=dword(5),
        gpo_account_name=RegistryValue(RegistryState.PRESENT, "REG_SZ", "clusteradmin"),
        local_backup_directory=ABSENT,
        local_post_authentication_actions=ABSENT,
        local_account_name=ABSENT,
        legacy_enabled=DENIED,
    )
