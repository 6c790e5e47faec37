"""PowerShell endpoints of a host, and the JEA roles that they give."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.model.subject import Scope


class SessionConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """One PowerShell endpoint."""

    name: str
    enabled: bool | None = None
    session_type: Annotated[
        str | None,
        Meta(description="Default, Empty, RestrictedRemoteServer; null: no file says, which is all of PowerShell."),
    ] = None
    language_mode: str | None = None
    run_as_user: str | None = None
    run_as_virtual_account: bool | None = None
    run_as_virtual_account_groups: tuple[str, ...] = ()
    group_managed_service_account: str | None = None
    transcript_directory: str | None = None
    transcript_writable_by: Annotated[
        tuple[str, ...] | None,
        Meta(
            description=(
                "SIDs, beside SYSTEM, Administrators and TrustedInstaller, that own the directory or may change it or "
                "what is written into it; null: there is none, or it was not read."
            )
        ),
    ] = None
    sddl: Annotated[str | None, Meta(description="Who may use it: the descriptor of its resource.")] = None
    roles: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="Role capabilities, and role files by path, by account or group: RoleDefinitions."),
    ] = {}
    visible_cmdlets: Annotated[
        tuple[str, ...], Meta(description="VisibleCmdlets of the file, and of roles that are written out in it.")
    ] = ()
    visible_functions: tuple[str, ...] = ()
    visible_external_commands: tuple[str, ...] = ()
    visible_providers: tuple[str, ...] = ()
    config_file: Annotated[str | None, Meta(description="ConfigFilePath: the .pssc file.")] = None
    unread: Annotated[
        str | None, Meta(description="Why the file could not be read: then what it would say is null or empty here.")
    ] = None


class PsSessionConfigurations(Fact, frozen=True, kw_only=True):
    """The PowerShell endpoints of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="ps_session_configurations",
        title="PowerShell endpoints",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-WSManInstance -ResourceURI winrm/config/plugin -Enumerate",
                properties=(
                    *("Name", "Filename", "Enabled", "RunAsUser", "RunAsVirtualAccount", "RunAsVirtualAccountGroups"),
                    *("InitializationParameters", "ConfigFilePath", "Resources", "Security", "Sddl"),
                ),
            ),
            Read(
                command="Get-Content -LiteralPath {ConfigFilePath: a .pssc file, parsed and never run}",
                properties=(
                    *("SessionType", "LanguageMode", "RunAsVirtualAccount", "RunAsVirtualAccountGroups"),
                    *("GroupManagedServiceAccount", "TranscriptDirectory", "RoleDefinitions", "RoleCapabilities"),
                    *("RoleCapabilityFiles", "VisibleCmdlets", "VisibleFunctions", "VisibleExternalCommands"),
                    "VisibleProviders",
                ),
            ),
            Read(command="Get-Acl -LiteralPath {TranscriptDirectory}", properties=("Sddl",)),
        ),
        sources=(
            "MS-WSMV 2.2.4.22 PluginType",
            "PowerShell/PowerShell src/System.Management.Automation, CustomShellCommands.cs (what registering writes)",
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
        Meta(
            description="Parameters let through, each with ValidateSet: a, b or ValidatePattern: x; empty: any value."
        ),
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
        tuple[str, ...],
        Meta(
            description="SIDs, beside SYSTEM, Administrators and TrustedInstaller, that own the file or may change it."
        ),
    ] = ()
    unread: Annotated[
        str | None, Meta(description="Why the file or its permissions could not be read: then those fields are empty.")
    ] = None


class RoleCapabilities(Fact, frozen=True, kw_only=True):
    """The role files that PowerShell would find on a host, and those that its endpoints name by path."""

    INFO: ClassVar[FactType] = FactType(
        name="role_capabilities",
        title="JEA role capabilities",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="roles",
                        key=r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment",
                        name="PSModulePath",
                    ),
                )
            ),
            Read(
                command=r"Get-Content -LiteralPath {PSModulePath\module\RoleCapabilities\*.psrc, parsed and never run}",
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
