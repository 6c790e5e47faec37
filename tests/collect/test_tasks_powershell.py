"""Tasks that read PowerShell's endpoints and JEA roles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hypervigil.evidence.powershell import (
    PsSessionConfigurations,
    RoleCapabilities,
    RoleCapability,
    SessionConfiguration,
    VisibleCommand,
)
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import merged_registry, run_text

PSSC = r"""# an endpoint
@{
    SchemaVersion = '2.0.0.0'
    SessionType = 'RestrictedRemoteServer'
    LanguageMode = "NoLanguage"
    TranscriptDirectory = 'C:\Transcripts'
    RunAsVirtualAccount = $true
    RoleDefinitions = @{
        'CONTOSO\Betreuer-München' = @{ RoleCapabilities = 'HvReader', 'HvDrain' }
        'CONTOSO\Gäste' = @{ RoleCapabilityFiles = ROLEFILE; VisibleFunctions = 'Get-Own' }
        CONTOSO\Nobody = @{ }
    }
    VisibleCmdlets = 'Get-Service', @{ Name = 'Restart-Service'; Parameters = @{ Name = 'Name'; ValidateSet = 'vmms' } }
    VisibleProviders = @('FileSystem')
}
"""

PSRC = r"""@{
    GUID = '11111111-1111-1111-1111-111111111111'
    # Configuration of nothing
    VisibleCmdlets = 'Get-VM', 'Hyper-V\Get-VMHost', @{
        Name = 'Restart-Service'
        Parameters = @{ Name = 'Name'; ValidateSet = 'vmms', 'ClusSvc' }, @{ Name = 'Force' },
            @{ Name = 'Both'; ValidateSet = 'a'; ValidatePattern = '^x$' }
    },
    'Start-*'
    VisibleFunctions = @(
        'Get-Overview'
        "Get-$what"
    )
    VisibleExternalCommands = 'C:\Windows\System32\whoami.exe'
    VisibleProviders = 'Registry'
    FunctionDefinitions = @{ Name = 'Get-Overview'; ScriptBlock = { Invoke-Expression "$(throw 'it ran')" } },
        @{ 'Name' = 'Zweites'; ScriptBlock = { } }
}
"""


def _registry(*folders: Path) -> dict[str, Any]:
    found = merged_registry()
    found["HKLM"]["keys"]["SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"] = {
        "values": {"PSModulePath": {"type": "ExpandString", "data": ";".join(["", *map(str, folders), "/nowhere"])}}
    }
    return found


def _role(folder: Path, module: str, name: str, text: str) -> Path:
    place = folder / module / "RoleCapabilities"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.psrc").write_text(text, "utf-8")
    return place / f"{name}.psrc"


def test_endpoints_with_their_roles(tmp_path: Path) -> None:
    pssc = tmp_path / "jea.pssc"
    pssc.write_text(PSSC.replace("CONTOSO\\Nobody", "Nobody").replace("ROLEFILE", "'C:\\Roles\\guest.psrc'"), "utf-8")
    run = collect("ps_session_configurations", environment={"STANDIN_PSSC": str(pssc)})
    everybody = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"
    assert fact_of(run, PsSessionConfigurations).configurations == (
        SessionConfiguration(name="microsoft.powershell", enabled=True, sddl=everybody),
        SessionConfiguration(name="microsoft.powershell32", enabled=False, sddl=everybody),
        SessionConfiguration(
            name="legacy", enabled=True, run_as_user="CONTOSO\\svc-jea", sddl="O:NSG:BAD:P(A;;GA;;;AU)"
        ),
        SessionConfiguration(
            name="Betreuer-München",
            enabled=True,
            session_type="RestrictedRemoteServer",
            language_mode="NoLanguage",
            run_as_virtual_account=True,
            run_as_virtual_account_groups=("Hyper-V Administrators", "Users"),
            transcript_directory="C:\\Transcripts",
            transcript_writable_by=(),
            sddl="O:NSG:BAD:P(A;;GX;;;S-1-5-21-1-2-3-1110)",
            roles={
                "CONTOSO\\Betreuer-München": ("HvReader", "HvDrain"),
                "CONTOSO\\Gäste": ("C:\\Roles\\guest.psrc",),
                "Nobody": (),
            },
            visible_cmdlets=("Get-Service", "Restart-Service"),
            visible_functions=("Get-Own",),
            visible_providers=("FileSystem",),
            config_file=str(pssc),
        ),
    )


def test_an_endpoint_whose_file_is_gone_stays_and_says_so(tmp_path: Path) -> None:
    run = collect("ps_session_configurations", environment={"STANDIN_PSSC": str(tmp_path / "gone.pssc")})
    *_, jea = fact_of(run, PsSessionConfigurations).configurations
    assert (jea.unread, jea.session_type, jea.run_as_virtual_account) == ("it could not be read", None, True)
    assert "without the file" in run.by_fact()["ps_session_configurations"].remark


@pytest.mark.parametrize(
    ("directory", "options", "writers", "remark"),
    [
        ("C:\\Transcripts", {}, (), ""),
        ("D:/open/Transcripts", {}, ("S-1-5-32-545",), ""),
        (
            "C:\\Transcripts",
            {"faults": {"Get-Acl": "denied"}},
            None,
            "without who may write into C:\\Transcripts: access_",
        ),
        (
            "C:\\Transcripts",
            {"faults": {"Get-Acl": "nothing"}},
            None,
            "without who may write into C:\\Transcripts: unpars",
        ),
        # A share would be connected to; what is not full begins in a folder that depends on the account of the session.
        (
            "\\\\files\\open\\Transcripts",
            {},
            None,
            "without who may write into \\\\files\\open\\Transcripts: it is no full",
        ),
        ("open\\Transcripts", {}, None, "without who may write into open\\Transcripts: it is no full path"),
        ("", {}, None, ""),
    ],
)
def test_who_may_write_where_transcripts_lie(
    directory: str, options: dict[str, Any], writers: tuple[str, ...] | None, remark: str, tmp_path: Path
) -> None:
    pssc = tmp_path / "jea.pssc"
    pssc.write_text(f"@{{ SessionType = 'RestrictedRemoteServer'; TranscriptDirectory = '{directory}' }}", "utf-8")
    run = collect("ps_session_configurations", environment={"STANDIN_PSSC": str(pssc)}, **options)
    *others, jea = fact_of(run, PsSessionConfigurations).configurations
    assert (jea.transcript_directory or "", jea.transcript_writable_by) == (directory, writers)
    assert {other.transcript_writable_by for other in others} == {None}
    found = run.by_fact()["ps_session_configurations"].remark
    assert found.startswith(remark) if remark else not found


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"environment": {"STANDIN_INTEGRITY": "8192"}}, "access_denied"),
        ({"faults": {"Get-WSManInstance": "denied"}}, "access_denied"),
        ({"faults": {"Get-WSManInstance": "nothing"}}, "unparsable"),
        (
            {"stubs": ["function Cim-Win32_Service { [pscustomobject] @{ Name = 'WinRM'; State = 'Stopped' } }"]},
            "not_collected",
        ),
    ],
)
def test_endpoints_that_can_not_be_listed_are_a_gap(options: dict[str, Any], cause: str) -> None:
    assert gap_of(collect("ps_session_configurations", **options), PsSessionConfigurations).cause == cause


def test_role_files_with_lines_duplicates_and_writers(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    one = _role(first, "Betrieb-München", "HvReader", PSRC)
    twin = _role(second, "open", "HvReader", "@{ VisibleFunctions = @{ Name = 'Stop-All' } }")
    (second / "open" / "1.0.0" / "RoleCapabilities").mkdir(parents=True)  # PowerShell does not look there
    _role(second / "open", "1.0.0", "Deep", "@{}")
    named = tmp_path / "guest.psrc"
    named.write_text("@{ VisibleProviders = '*' }", "utf-8")
    pssc = tmp_path / "jea.pssc"
    pssc.write_text(PSSC.replace("CONTOSO\\Nobody", "Nobody").replace("ROLEFILE", f"'{named}'"), "utf-8")
    run = collect(
        "role_capabilities", registry=_registry(first, second, first), environment={"STANDIN_PSSC": str(pssc)}
    )
    assert fact_of(run, RoleCapabilities).roles == (
        RoleCapability(
            name="HvReader",
            path=str(one),
            visible_cmdlets=(
                VisibleCommand(name="Get-VM", line=4),
                VisibleCommand(name="Hyper-V\\Get-VMHost", line=4),
                VisibleCommand(
                    name="Restart-Service",
                    line=4,
                    parameters={"Name": "ValidateSet: vmms, ClusSvc", "Force": "", "Both": "ValidatePattern: ^x$"},
                ),
                VisibleCommand(name="Start-*", line=9),
            ),
            visible_functions=(
                VisibleCommand(name="Get-Overview", line=11),
                VisibleCommand(name='"Get-$what"', line=12),
            ),
            visible_external_commands=(VisibleCommand(name="C:\\Windows\\System32\\whoami.exe", line=14),),
            visible_providers=("Registry",),
            function_definitions=("Get-Overview", "Zweites"),
        ),
        RoleCapability(
            name="HvReader",
            path=str(twin),
            visible_functions=(VisibleCommand(name="Stop-All", line=1),),
            writable_by=("S-1-5-32-545",),
        ),
        RoleCapability(name="guest", path=str(named), visible_providers=("*",)),
    )


def test_no_role_is_an_answer() -> None:
    run = collect("role_capabilities", registry={"HKLM": {}})
    assert fact_of(run, RoleCapabilities).roles == ()


def test_roles_are_read_without_winrm(tmp_path: Path) -> None:
    _role(tmp_path, "m", "r", "@{}")
    faults = {"Get-WSManInstance": "denied"}
    run = collect("role_capabilities", registry=_registry(tmp_path), faults=faults)
    assert [role.name for role in fact_of(run, RoleCapabilities).roles] == ["r"]
    assert "without role files that endpoints name by path: access_denied" in run.by_fact()["role_capabilities"].remark


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no table"),
        ("Get-Process", "it is no table"),
        ("@{ A = 1 }; @{ B = 2 }", "it is no table"),
        ("@{\n  VisibleCmdlets = 'a' 'b'\n}", "line 2: "),
        ("@{ A = 1\n", "line 1: "),
        ("using module Evil\n@{ A = 1 }", "it has statements that no such file may have"),
        ("configuration Evil { Import-DscResource -Name X }\n@{ }", "it has statements that no such file may have"),
        ("@{ A = '" + "x" * 1000000 + "' }", "it is too large for a file of its kind"),
    ],
)
def test_a_file_that_is_no_role_stays_and_says_why(text: str, why: str, tmp_path: Path) -> None:
    _role(tmp_path, "m", "r", text)
    (role,) = fact_of(collect("role_capabilities", registry=_registry(tmp_path)), RoleCapabilities).roles
    assert role.unread is not None
    assert role.unread.startswith(why)
    assert (role.name, role.visible_cmdlets) == ("r", ())


def test_a_role_whose_writers_are_not_known_says_so(tmp_path: Path) -> None:
    _role(tmp_path, "m", "r", "@{ VisibleProviders = 'A' }")
    run = collect("role_capabilities", registry=_registry(tmp_path), faults={"Get-Acl": "denied"})
    (role,) = fact_of(run, RoleCapabilities).roles
    assert (role.visible_providers, role.writable_by, role.unread) == (
        ("A",),
        (),
        "who may write it could not be read",
    )


def test_nothing_in_a_role_file_is_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    text = f"@{{ A = $(New-Item -Path '{marker}'); B = [System.IO.File]::WriteAllText('{marker}', 'x') }}"
    _role(tmp_path, "m", "r", text)
    run = collect("role_capabilities", registry=_registry(tmp_path))
    assert [role.name for role in fact_of(run, RoleCapabilities).roles] == ["r"]
    assert not marker.exists()


@pytest.mark.parametrize(
    ("sddl", "writers"),
    [
        ("O:BAG:SYD:(A;;FA;;;BA)(A;;FR;;;WD)", []),
        ("O:S-1-5-21-1-2-3-1001G:SYD:PAI(A;;0x1200a9;;;BU)", ["S-1-5-21-1-2-3-1001"]),
        ("O:SYD:(A;;FW;;;AU)(A;;GA;;;S-1-5-21-1-2-3-5)", ["S-1-5-11", "S-1-5-21-1-2-3-5"]),
        ("O:SYD:(A;;0x2;;;WD)(A;;0x1;;;BU)(A;;0x40000;;;IU)", ["S-1-1-0", "S-1-5-4"]),
        ("O:SYD:(D;;FA;;;WD)(A;OICIIO;FA;;;CO)(A;;CCWDRC;;;BU)", ["S-1-5-32-545"]),
        ("O:SYD:NO_ACCESS_CONTROL", ["S-1-1-0"]),
        ("O:SY", ["S-1-1-0"]),
        ("O:SYD:(XA;;FW;;;BU;(a==1))(A;;SD;;;LA)", ["S-1-5-32-545", "LA"]),
        ("O:SYD:(A;;FR;;;BU)S:(AU;SAFA;FA;;;WD)", []),
    ],
)
def test_who_may_write_by_a_descriptor(sddl: str, writers: list[str]) -> None:
    run = run_text(f"ConvertTo-HvJson @(Get-HvPowershellWriters '{sddl}')")
    assert json.loads(run.output) == writers


@pytest.mark.parametrize(
    ("sddl", "writers"),
    [
        ("O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)", []),
        # What a folder below ProgramData inherits: users may put files and folders into it, and own those.
        (
            "O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)",
            ["S-1-5-32-545"],
        ),
        ("O:SYD:(A;OICIIO;FA;;;AU)", ["S-1-5-11"]),
        ("O:SYD:(A;OICIIO;FR;;;AU)(A;OICIIO;FA;;;S-1-3-0)(A;OICI;FA;;;CG)", []),
        ("O:SYD:(A;;0x40;;;BU)(A;;DT;;;AU)", ["S-1-5-32-545", "S-1-5-11"]),
        ("O:S-1-5-21-1-2-3-1001G:SYD:P(A;OICI;FA;;;SY)", ["S-1-5-21-1-2-3-1001"]),
    ],
)
def test_who_may_write_into_a_folder_by_its_descriptor(sddl: str, writers: list[str]) -> None:
    run = run_text(f"ConvertTo-HvJson @(Get-HvPowershellWriters '{sddl}' -Folder)")
    assert json.loads(run.output) == writers


def test_deleting_in_a_file_is_nothing() -> None:
    run = run_text("ConvertTo-HvJson @(Get-HvPowershellWriters 'O:SYD:(A;;0x40;;;BU)(A;;DT;;;AU)(A;OICIIO;FA;;;AU)')")
    assert json.loads(run.output) == []
