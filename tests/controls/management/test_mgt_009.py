"""MGT-009: ways out of JEA endpoints.

``JEA 1`` to ``JEA 9`` are the rows of the table of JEA findings, in its order, in the facts on management and network,
section 4; ``roles`` is the table of role sets below it, ``endpoints`` the one above. Rows without such a number come
from Microsoft's pages on role capabilities and security considerations of JEA.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hypervigil.controls.management import mgt_009_jea_escapes as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.powershell import (
    PsSessionConfigurations,
    RoleCapabilities,
    RoleCapability,
    SessionConfiguration,
    VisibleCommand,
)
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import management_defaults as management
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

FILE = "C:\\Program Files\\WindowsPowerShell\\Modules\\ClusterJea\\RoleCapabilities\\ClusterHealth.psrc"
STOCK = SessionConfiguration(name="microsoft.powershell", enabled=True, sddl="O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)")
LOCKED = msgspec.structs.replace(STOCK, sddl="O:NSG:BAD:P(A;;GA;;;BA)")


def endpoint(name: str = "Operators", **changes: Any) -> SessionConfiguration:
    return management.session_configuration(name, **changes)


def role(*cmdlets: str, **changes: Any) -> RoleCapability:
    return management.role_capability("ClusterHealth", *cmdlets, **changes)


def at(line: int, name: str, **parameters: str) -> tuple[VisibleCommand, ...]:
    return (VisibleCommand(name=name, line=line, parameters=parameters),)


def node(
    *roles: RoleCapability, endpoints: tuple[SessionConfiguration, ...] = (), stock: SessionConfiguration = LOCKED
) -> tuple[Fact, ...]:
    return (
        PsSessionConfigurations(configurations=(stock, *(endpoints or (endpoint(),)))),
        RoleCapabilities(roles=roles or (role("Get-Cluster", "Get-VM"),)),
    )


def of(**changes: Any) -> tuple[Fact, ...]:
    """One endpoint with changes, and a harmless role."""
    return node(endpoints=(endpoint(**changes),))


CASES = (
    Case(
        "as it should be",
        Outcome.PASS,
        ("clean",),
        node=node(),
        says="Nothing in Operators and in the role files that they give (1)",
    ),
    Case(
        "JEA 1: a wildcard in VisibleCmdlets, with the line of the role file",
        Outcome.FAIL,
        ("wildcard",),
        node=node(role(visible_cmdlets=at(9, "Start-*"))),
        says=f"{FILE}:9 lets Start-* through (cmdlet, endpoint Operators)",
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "JEA 1: a wildcard in VisibleFunctions, behind its module; its line is not known",
        Outcome.FAIL,
        ("wildcard",),
        node=node(role(visible_functions=at(0, "Hyper-V\\*"))),
        says=f"{FILE} lets Hyper-V\\* through (function",
    ),
    Case(
        "JEA 1: what PowerShell takes for a wildcard besides the star",
        Outcome.FAIL,
        ("wildcard", "wildcard"),
        node=node(role("Get-V?", "Get-[CV]M")),
        says=f"{FILE}:13 lets Get-[CV]M",
    ),
    Case(
        "JEA 1: a wildcard in the endpoint's own file",
        Outcome.FAIL,
        ("wildcard",),
        node=of(visible_cmdlets=("*",), config_file="C:\\JEA\\ops.pssc"),
        says="C:\\JEA\\ops.pssc lets * through",
    ),
    Case(
        "JEA 2: every command of the list, in any case and behind its module",
        Outcome.FAIL,
        ("command",) * 12,
        node=node(
            role(
                *("Microsoft.PowerShell.Management\\START-PROCESS", "New-Service", "Invoke-Item", "Invoke-WmiMethod"),
                *("Invoke-CimMethod", "Invoke-Expression", "Invoke-Command", "Start-Job", "New-ScheduledTask"),
                *("Register-ScheduledJob", "Add-LocalGroupMember", "Add-ADGroupMember"),
            )
        ),
        says=f"{FILE}:12 lets Microsoft.PowerShell.Management\\START-PROCESS through with any parameter",
    ),
    Case(
        "JEA 2: commands that only end alike are none of the list",
        Outcome.PASS,
        ("clean",),
        node=node(role("Get-StorageJob", "Get-PrintJob", "Get-Service", "Restart-Service")),
    ),
    Case(
        "JEA 2: a command of the list as a function, narrowed: it stands, and says to what",
        Outcome.FAIL,
        ("command",),
        node=node(
            role(visible_functions=at(31, "Invoke-CimMethod", ClassName="ValidateSet: Win32_Service", Confirm=""))
        ),
        says="through with the parameters ClassName (ValidateSet: Win32_Service), Confirm (function",
    ),
    Case(
        "JEA 2: net.exe and dsadd.exe by their full paths",
        Outcome.FAIL,
        ("command", "command"),
        node=node(
            role(
                visible_external_commands=(
                    *at(40, "C:\\Windows\\System32\\net.exe"),
                    *at(41, "C:\\Windows\\System32\\dsadd.exe"),
                )
            )
        ),
        says=f"{FILE}:41 lets C:\\Windows\\System32\\dsadd.exe",
    ),
    Case(
        "JEA 2: a shell is not in the list and runs as much",
        Outcome.FAIL,
        ("shell",),
        node=node(role(visible_external_commands=at(40, "C:\\Windows\\System32\\cmd.exe"))),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "security considerations: type and format data, Trace-Command",
        Outcome.FAIL,
        ("command",) * 4,
        node=node(role("Update-TypeData", "Remove-TypeData", "Update-FormatData", "Trace-Command")),
    ),
    Case(
        "JEA 3: each of the three providers, and a star",
        Outcome.FAIL,
        ("provider",) * 4,
        node=node(
            role("Get-VM", visible_providers=("FileSystem", "registry", "Microsoft.PowerShell.Security\\Cert*", "*"))
        ),
        says=f"{FILE} shows the provider FileSystem (endpoint Operators)",
    ),
    Case(
        "JEA 3: another provider is a question",
        Outcome.REVIEW,
        ("other_provider",),
        node=of(visible_providers=("Variable",)),
    ),
    Case(
        "JEA 4: a fixed run-as account",
        Outcome.FAIL,
        ("run_as_credential",),
        node=of(run_as_user="CONTOSO\\svc-jea", run_as_virtual_account=None),
        says="CONTOSO\\svc-jea",
    ),
    Case(
        "JEA 4: a fixed account with no file at all, which gives all of PowerShell",
        Outcome.FAIL,
        ("run_as_credential", "unrestricted", "no_transcripts"),
        node=node(endpoints=(SessionConfiguration(name="legacy", enabled=True, run_as_user="CONTOSO\\svc-jea"),)),
        says="legacy gives all of PowerShell (session type not named) as CONTOSO\\svc-jea",
    ),
    Case(
        "JEA 5: no run-as account",
        Outcome.FAIL,
        ("pass_through",),
        node=of(run_as_virtual_account=None),
        says="runs as whoever connects",
    ),
    Case(
        "JEA 5: the virtual account is switched off",
        Outcome.FAIL,
        ("pass_through",),
        node=of(run_as_virtual_account=False),
    ),
    Case(
        "JEA 6: no directory for transcripts",
        Outcome.FAIL,
        ("no_transcripts",),
        node=of(
            transcript_directory=None,
            transcript_writable_by=None,
            run_as_virtual_account_groups=("Hyper-V Administrators",),
        ),
        says="it runs as a virtual account in Hyper-V Administrators",
    ),
    Case(
        "JEA 6: users may write where transcripts lie, as they may below ProgramData",
        Outcome.FAIL,
        ("transcripts_open",),
        node=of(transcript_writable_by=("S-1-5-32-545",)),
        says="of endpoint Operators lie (C:\\ProgramData\\JEA\\Transcripts), S-1-5-32-545 may write",
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "JEA 6: everybody of a domain, and somebody",
        Outcome.FAIL,
        ("transcripts_open", "transcripts_writer"),
        node=of(transcript_writable_by=("S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-1601")),
    ),
    Case(
        "JEA 6: somebody may, besides Domain Admins",
        Outcome.REVIEW,
        ("transcripts_writer",),
        node=of(transcript_writable_by=("S-1-5-21-1-2-3-512", "S-1-5-21-1-2-3-1601")),
        says="S-1-5-21-1-2-3-1601 may write. Are they administrators?",
    ),
    Case(
        "JEA 6: Domain Admins own the directory",
        Outcome.PASS,
        ("clean",),
        node=of(transcript_writable_by=("S-1-5-21-1-2-3-512",)),
        says="nobody but administrators may write where their transcripts lie",
    ),
    Case(
        "JEA 6: who may write was not read, as in older evidence",
        Outcome.REVIEW,
        ("transcripts_unseen",),
        node=of(transcript_writable_by=None),
        says="Who may write where transcripts of endpoint Operators lie (C:\\ProgramData\\JEA\\Transcripts)?",
    ),
    Case(
        "JEA 6: not read, and yet there is a way out",
        Outcome.FAIL,
        ("transcripts_unseen", "wildcard"),
        node=of(transcript_writable_by=None, visible_cmdlets=("*",)),
    ),
    Case(
        "JEA 6: one of two endpoints whose transcripts users may write",
        Outcome.FAIL,
        ("transcripts_open",),
        node=node(endpoints=(endpoint("A"), endpoint("B", transcript_writable_by=("S-1-1-0",)))),
        says="transcripts of endpoint B",
    ),
    Case(
        "JEA 5 and 6 together",
        Outcome.FAIL,
        ("pass_through", "no_transcripts"),
        node=of(transcript_directory=None, transcript_writable_by=None, run_as_virtual_account=None),
    ),
    Case(
        "JEA 7: an external command without its path",
        Outcome.FAIL,
        ("unrooted",),
        node=node(role(visible_external_commands=at(22, "ipconfig.exe"))),
        says=f"{FILE}:22 lets ipconfig.exe through (endpoint Operators) without its full path",
    ),
    Case(
        "JEA 7: a relative path, a path on this drive, every program; net by its name alone",
        Outcome.FAIL,
        ("unrooted", "unrooted", "wildcard", "unrooted", "unrooted", "command"),
        node=node(
            role(
                visible_external_commands=(
                    *at(22, ".\\tools\\a.exe"),
                    *at(23, "\\tools\\a.exe"),
                    *at(24, "*"),
                    *at(25, "NET"),
                )
            )
        ),
    ),
    Case(
        "JEA 7: full paths, on a drive and on a server",
        Outcome.PASS,
        ("clean",),
        node=node(role(visible_external_commands=(*at(1, "C:/Tools/a.exe"), *at(2, "\\\\files\\c$\\Tools\\b.ps1")))),
    ),
    Case(
        "JEA 8: a group-managed service account with transcripts",
        Outcome.PASS,
        ("clean", "shared_account"),
        node=of(run_as_virtual_account=None, group_managed_service_account="CONTOSO\\gmsa-jea$"),
        says="runs as CONTOSO\\gmsa-jea$ for everybody",
    ),
    Case(
        "JEA 8: and without",
        Outcome.FAIL,
        ("no_transcripts", "shared_account"),
        node=of(
            run_as_virtual_account=None,
            group_managed_service_account="CONTOSO\\gmsa-jea$",
            transcript_directory=None,
            transcript_writable_by=None,
        ),
    ),
    Case(
        "JEA 9: commands that rule the cluster",
        Outcome.FAIL,
        ("cluster",) * 5,
        node=node(
            role(
                *("Grant-ClusterAccess", "Set-ClusterParameter", "FailoverClusters\\Set-ClusterOwnerNode"),
                *("Remove-ClusterNode", "Remove-ClusterAccess"),
            )
        ),
        says=f"{FILE}:15 lets Remove-ClusterNode through",
    ),
    Case(
        "roles: health, drain, move and restart as the table has them",
        Outcome.PASS,
        ("clean",),
        node=node(
            role(
                *("Get-ClusterGroup", "Get-ClusterQuorum", "Get-VMHost", "Get-SmbConnection", "Get-WinEvent"),
                *("Suspend-ClusterNode", "Resume-ClusterNode", "Move-ClusterVirtualMachineRole"),
                *("Move-ClusterSharedVolume", "Restart-Service", "Start-ClusterResource", "Stop-ClusterResource"),
            )
        ),
    ),
    Case(
        "roles: never, and never raw",
        Outcome.REVIEW,
        ("unusual",) * 10,
        node=node(
            role(
                *("Block-ClusterAccess", "Set-ClusterQuorum", "New-VM", "Remove-VM", "Set-VMHost", "Export-VM"),
                *("Invoke-WebRequest", "Enter-PSSession", "Restart-Computer", "Test-Cluster"),
            )
        ),
        says=f"{FILE}:21 lets Test-Cluster through",
    ),
    Case(
        "endpoints: a second file of the same name; each is judged",
        Outcome.FAIL,
        ("command", "ambiguous"),
        node=node(role("Get-VM"), role("Start-Process", path="C:\\Modules\\Old\\RoleCapabilities\\ClusterHealth.psrc")),
        says="The role ClusterHealth has several files",
    ),
    Case(
        "endpoints: two harmless files of the same name",
        Outcome.REVIEW,
        ("ambiguous",),
        node=node(role("Get-VM"), role("Get-Cluster", path="C:\\Modules\\Old\\RoleCapabilities\\ClusterHealth.psrc")),
    ),
    Case(
        "endpoints: the stock endpoint lets others in, too, as themselves",
        Outcome.PASS,
        ("clean", "open_besides"),
        node=node(stock=STOCK),
        says="microsoft.powershell lets Remote Management Users in",
    ),
    Case(
        "endpoints: nothing but the stock endpoint",
        Outcome.NOT_APPLICABLE,
        ("no_endpoint",),
        node=(PsSessionConfigurations(configurations=(STOCK,)), RoleCapabilities(roles=(role("Start-Process"),))),
    ),
    Case(
        "an endpoint that is off",
        Outcome.NOT_APPLICABLE,
        ("no_endpoint",),
        node=of(enabled=False, run_as_virtual_account=None, visible_cmdlets=("*",)),
    ),
    Case(
        "an endpoint of which nothing says that it is off",
        Outcome.FAIL,
        ("wildcard",),
        node=of(enabled=None, visible_cmdlets=("*",)),
    ),
    Case(
        "a role that no endpoint gives",
        Outcome.PASS,
        ("clean",),
        node=node(role("Get-VM"), management.role_capability("Other", "Start-Process", "*")),
    ),
    Case(
        "one role of two endpoints, one of which names its file",
        Outcome.FAIL,
        ("command",),
        node=node(
            role("Start-Process"),
            endpoints=(endpoint("A"), endpoint("B", roles={"CONTOSO\\X": (FILE.upper(), "clusterhealth")})),
        ),
        says="(cmdlet, endpoint A, B)",
    ),
    Case(
        "a virtual account behind the default session type",
        Outcome.FAIL,
        ("unrestricted",),
        node=of(session_type="Default", roles={}),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "a session that begins empty is a restricted one",
        Outcome.PASS,
        ("clean",),
        node=of(session_type="Empty", language_mode=None, roles={}),
        says="(0)",
    ),
    Case(
        "the full language",
        Outcome.FAIL,
        ("full_language",),
        node=of(language_mode="FullLanguage"),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "the constrained language",
        Outcome.REVIEW,
        ("language",),
        node=of(language_mode="ConstrainedLanguage"),
    ),
    Case(
        "entries that are expressions",
        Outcome.REVIEW,
        ("computed", "computed"),
        node=node(role(visible_cmdlets=(*at(5, '"Get-$what"'), *at(6, "$commands")))),
        says=f'{FILE}:5 lets through what an expression gives: "Get-$what"',
    ),
    Case(
        "security considerations: a function in place of a restricted command",
        Outcome.REVIEW,
        ("proxy",),
        node=node(role("Get-VM", function_definitions=("Get-Overview", "select-object"))),
    ),
    Case(
        "role capabilities: users may change the file",
        Outcome.FAIL,
        ("writable",),
        node=node(role("Get-VM", writable_by=("S-1-5-32-545", "S-1-5-21-1-2-3-513"))),
        says="S-1-5-32-545, S-1-5-21-1-2-3-513",
    ),
    Case(
        "role capabilities: somebody may change the file, besides Domain Admins",
        Outcome.REVIEW,
        ("writer",),
        node=node(role("Get-VM", writable_by=("S-1-5-21-1-2-3-512", "S-1-5-21-1-2-3-1601"))),
        says="may be changed by S-1-5-21-1-2-3-1601.",
    ),
    Case(
        "the endpoint's file could not be read",
        Outcome.UNKNOWN,
        ("file_unread",),
        node=of(
            unread="it could not be read",
            session_type=None,
            roles={},
            transcript_directory=None,
            transcript_writable_by=None,
        ),
        cause=Cause.UNPARSABLE,
    ),
    Case(
        "nor that of one which may be no JEA endpoint",
        Outcome.UNKNOWN,
        ("file_unread",),
        node=node(endpoints=(SessionConfiguration(name="x", enabled=True, unread="line 3: MissingEndCurlyBrace"),)),
        cause=Cause.UNPARSABLE,
    ),
    Case(
        "unread, and yet WinRM names a fixed account",
        Outcome.FAIL,
        ("run_as_credential", "file_unread"),
        node=node(
            endpoints=(SessionConfiguration(name="x", enabled=True, unread="it is no table", run_as_user="CONTOSO\\a"),)
        ),
    ),
    Case(
        "a role file that could not be read",
        Outcome.UNKNOWN,
        ("role_unread",),
        node=node(role(unread="line 7: UnexpectedToken")),
        cause=Cause.UNPARSABLE,
    ),
    Case(
        "only who may change it is not known: what it lets through stands",
        Outcome.FAIL,
        ("role_unread", "wildcard"),
        node=node(role("Get-*", unread="who may write it could not be read")),
    ),
    Case(
        "a role without a file",
        Outcome.UNKNOWN,
        ("role_unseen",),
        node=node(management.role_capability("Other", "Get-VM")),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "role files were not read at all",
        Outcome.UNKNOWN,
        node=node()[:1],
        gaps={"role_capabilities": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "endpoints were not listed",
        Outcome.UNKNOWN,
        node=node()[1:],
        gaps={"ps_session_configurations": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
