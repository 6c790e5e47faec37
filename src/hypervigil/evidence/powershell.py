"""PowerShell endpoints of a host, and the JEA roles that they give."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope


class SessionConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One PowerShell endpoint."""

    name: str
    enabled: bool | None = None
    session_type: Annotated[str | None, Meta(description="Default, Empty, RestrictedRemoteServer.")] = None
    language_mode: str | None = None
    run_as_user: str | None = None
    run_as_virtual_account: bool | None = None
    run_as_virtual_account_groups: tuple[str, ...] = ()
    group_managed_service_account: str | None = None
    transcript_directory: str | None = None
    sddl: Annotated[str | None, Meta(description="SecurityDescriptorSddl.")] = None
    roles: Annotated[
        dict[str, tuple[str, ...]], Meta(description="Role capabilities by account or group, from RoleDefinitions.")
    ] = {}
    visible_cmdlets: tuple[str, ...] = ()
    visible_functions: tuple[str, ...] = ()
    visible_external_commands: tuple[str, ...] = ()
    visible_providers: tuple[str, ...] = ()
    config_file: Annotated[str | None, Meta(description="ConfigFilePath: the .pssc file.")] = None


class PsSessionConfigurations(Fact, frozen=True, kw_only=True):
    """The PowerShell endpoints of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="ps_session_configurations",
        title="PowerShell endpoints",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-PSSessionConfiguration",
                properties=(
                    "Name",
                    "Enabled",
                    "SessionType",
                    "LanguageMode",
                    "RunAsUser",
                    "RunAsVirtualAccount",
                    "RunAsVirtualAccountGroups",
                    "GroupManagedServiceAccount",
                    "TranscriptDirectory",
                    "SecurityDescriptorSddl",
                    "RoleDefinitions",
                    "ConfigFilePath",
                    *("VisibleCmdlets", "VisibleFunctions", "VisibleExternalCommands", "VisibleProviders"),
                ),
            ),
        ),
        sources=(
            "MicrosoftDocs/PowerShell-Docs reference/5.1/Microsoft.PowerShell.Core/Get-PSSessionConfiguration.md",
            "MicrosoftDocs/PowerShell-Docs reference/docs-conceptual/security/remoting/jea/session-configurations.md",
        ),
    )

    configurations: tuple[SessionConfiguration, ...]


class VisibleCommand(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a role file, with the line that it stands on."""

    name: str
    line: Annotated[int, Meta(description="Line in the file, from 1; 0 where it could not be told.")] = 0
    parameters: Annotated[
        dict[str, str],
        Meta(description="Parameters that are let through, each with its ValidateSet or ValidatePattern."),
    ] = {}


class RoleCapability(msgspec.Struct, frozen=True, kw_only=True):
    """One role file (``.psrc``)."""

    name: Annotated[str, Meta(description="Base name: what RoleDefinitions names.")]
    path: str
    visible_cmdlets: tuple[VisibleCommand, ...] = ()
    visible_functions: tuple[VisibleCommand, ...] = ()
    visible_external_commands: tuple[VisibleCommand, ...] = ()
    visible_providers: tuple[str, ...] = ()
    function_definitions: Annotated[tuple[str, ...], Meta(description="Names of functions defined in the file.")] = ()
    writable_by: Annotated[
        tuple[str, ...], Meta(description="SIDs outside SYSTEM and Administrators that may write.")
    ] = ()


class RoleCapabilities(Fact, frozen=True, kw_only=True):
    """The role files that PowerShell would find on a host."""

    INFO: ClassVar[FactType] = FactType(
        name="role_capabilities",
        title="JEA role capabilities",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command="Import-PowerShellDataFile -LiteralPath",
                properties=(
                    *("VisibleCmdlets", "VisibleFunctions", "VisibleExternalCommands", "VisibleProviders"),
                    *("FunctionDefinitions", "Name", "Parameters", "ValidateSet", "ValidatePattern"),
                ),
            ),
            Read(command="Get-Acl -LiteralPath", properties=("Sddl",)),
        ),
        sources=("MicrosoftDocs/PowerShell-Docs reference/docs-conceptual/security/remoting/jea/role-capabilities.md",),
    )

    roles: tuple[RoleCapability, ...]
