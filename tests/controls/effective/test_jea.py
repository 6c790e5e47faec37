"""What PowerShell endpoints give, and ways out of JEA sessions."""

from __future__ import annotations

from typing import Any

import pytest

from hypervigil.controls.effective.jea import Entry, Kind, delegates, is_jea, is_unread, roles_of, runs_as
from hypervigil.controls.effective.jea_escapes import Escape, escapes
from hypervigil.evidence.powershell import RoleCapabilities, SessionConfiguration
from hypervigil.synthetic.management_defaults import role_capability

VIRTUAL = {"run_as_virtual_account": True}
ROLES = {"roles": {"CONTOSO\\Operators": ("Health",)}}


@pytest.mark.parametrize(
    ("fields", "jea", "delegating", "unread"),
    [
        ({}, False, False, False),
        ({"session_type": "Default"}, False, False, False),
        ({"session_type": "RestrictedRemoteServer"}, True, True, False),
        ({"session_type": "restrictedremoteserver", "enabled": True}, True, True, False),
        ({"session_type": "RestrictedRemoteServer", "enabled": False}, False, False, False),
        ({"session_type": "Empty"}, False, True, False),
        (ROLES, True, True, False),
        (VIRTUAL, False, True, False),
        ({"run_as_virtual_account": False}, False, False, False),
        ({"run_as_user": "CONTOSO\\a"}, False, True, False),
        ({"unread": "why"}, False, False, True),
        ({"unread": "why", **VIRTUAL}, False, True, True),
        ({"unread": "why", "enabled": False}, False, False, False),
    ],
)
def test_what_an_endpoint_is(fields: dict[str, Any], jea: bool, delegating: bool, unread: bool) -> None:
    endpoint = SessionConfiguration(name="e", **fields)
    assert (is_jea(endpoint), delegates(endpoint), is_unread(endpoint)) == (jea, delegating, unread)


@pytest.mark.parametrize(
    ("fields", "account"),
    [
        ({}, None),
        (VIRTUAL, "a virtual account that is a local administrator"),
        ({**VIRTUAL, "run_as_virtual_account_groups": ("A", "B")}, "a virtual account in A, B"),
        ({"group_managed_service_account": "CONTOSO\\g$"}, "CONTOSO\\g$"),
        ({**VIRTUAL, "run_as_user": "CONTOSO\\u"}, "CONTOSO\\u"),
    ],
)
def test_whom_an_endpoint_runs_as(fields: dict[str, Any], account: str | None) -> None:
    assert runs_as(SessionConfiguration(name="e", **fields)) == account


def test_roles_are_found_by_name_and_by_path_and_every_twin_counts() -> None:
    first, twin = role_capability("Health"), role_capability("health", path="D:\\Roles\\health.psrc")
    other = role_capability("Other")
    endpoints = (
        SessionConfiguration(name="A", roles={"x": ("HEALTH", "Gone"), "y": ("Health",)}),
        SessionConfiguration(name="B", roles={"x": ("d:/roles/HEALTH.psrc",)}),
    )
    roles = roles_of(endpoints, RoleCapabilities(roles=(first, twin, other)))
    assert [(file.role.path, file.endpoints) for file in roles.files] == [(first.path, "A"), (twin.path, "A, B")]
    assert roles.unseen == (("A", "Gone"),)
    assert set(roles.ambiguous) == {"HEALTH", "Health"}


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        (Kind.CMDLET, "Get-VM", ()),
        (Kind.CMDLET, "Start-Process", (Escape.COMMAND,)),
        (Kind.CMDLET, "Get-Job", (Escape.COMMAND,)),
        (Kind.CMDLET, "Get-StorageJob", ()),
        (Kind.CMDLET, "Remove-ClusterGroup", (Escape.CLUSTER,)),
        (Kind.CMDLET, "Remove-Item", (Escape.UNUSUAL,)),
        (Kind.FUNCTION, "M\\New-ScheduledTask", (Escape.COMMAND,)),
        (Kind.CMDLET, "New-*", (Escape.WILDCARD,)),
        (Kind.CMDLET, "$all", (Escape.COMPUTED,)),
        (Kind.EXTERNAL, "(Get-Tools)", (Escape.COMPUTED,)),
        (Kind.EXTERNAL, "C:\\Program Files (x86)\\a.exe", ()),
        (Kind.EXTERNAL, "\\\\files\\c$\\a.exe", ()),
        (Kind.EXTERNAL, "C:a.exe", (Escape.UNROOTED,)),
        (Kind.EXTERNAL, "C:\\Tools\\*.exe", (Escape.WILDCARD,)),
        (Kind.EXTERNAL, "pwsh", (Escape.UNROOTED, Escape.SHELL)),
        (Kind.EXTERNAL, "C:\\Windows\\System32\\net.exe", (Escape.COMMAND,)),
        (Kind.EXTERNAL, "C:\\Windows\\System32\\netsh.exe", ()),
        (Kind.PROVIDER, "FileSystem", (Escape.PROVIDER,)),
        (Kind.PROVIDER, "Reg*", (Escape.PROVIDER,)),
        (Kind.PROVIDER, "Function", (Escape.OTHER_PROVIDER,)),
        (Kind.PROVIDER, "F*n", (Escape.OTHER_PROVIDER,)),
    ],
)
def test_what_an_entry_opens(kind: Kind, name: str, found: tuple[Escape, ...]) -> None:
    assert escapes(Entry(kind=kind, name=name, place="p", endpoints="e")) == found
