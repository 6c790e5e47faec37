"""What a host writes down: audit policy and PowerShell logging."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_LSA = r"SYSTEM\CurrentControlSet\Control\Lsa"
_PS_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\PowerShell"


class AuditSetting(Code):
    """What a subcategory records, as ``auditpol /backup`` writes it."""

    NONE = 0
    SUCCESS = 1
    FAILURE = 2
    SUCCESS_AND_FAILURE = 3


class AuditPolicy(Fact, frozen=True, kw_only=True):
    """The advanced audit policy that is in force, and switches beside it that decide what is recorded."""

    INFO: ClassVar[FactType] = FactType(
        name="audit_policy",
        title="Audit policy",
        subject=Scope.NODE,
        reads=(
            Read(
                command="auditpol.exe /backup",
                properties=("Policy Target", "Subcategory GUID", "Subcategory", "Setting Value"),
            ),
            Read(
                registry=(
                    RegistryRead(field="force_subcategories", key=_LSA, name="SCENoApplyLegacyAuditPolicy"),
                    RegistryRead(
                        field="process_command_line",
                        key=r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit",
                        name="ProcessCreationIncludeCmdLine_Enabled",
                    ),
                    RegistryRead(field="ntlm_incoming", key=_LSA + r"\MSV1_0", name="AuditReceivingNTLMTraffic"),
                    RegistryRead(field="ntlm_outgoing", key=_LSA + r"\MSV1_0", name="RestrictSendingNTLMTraffic"),
                )
            ),
        ),
        sources=(
            "recorded output of auditpol /backup, Server 2025 and a German Server 2022",
            "MicrosoftDocs/windowsserverdocs administration/windows-commands/auditpol-backup.md",
        ),
    )

    subcategories: Annotated[
        dict[str, AuditSetting],
        Meta(description="By GUID of the subcategory, in lower case without braces; rows of the target System."),
    ]
    options: Annotated[dict[str, int], Meta(description="Option rows such as CrashOnAuditFail, as 0 or 1.")] = (
        msgspec.field(default_factory=dict)
    )
    force_subcategories: Annotated[
        RegistryValue, Meta(description="1 or absent: subcategories win over the nine old categories; 0: they may not.")
    ]
    process_command_line: Annotated[RegistryValue, Meta(description="1: event 4688 has the command line.")]
    ntlm_incoming: Annotated[RegistryValue, Meta(description="0 off, 1 domain accounts, 2 all accounts.")]
    ntlm_outgoing: Annotated[RegistryValue, Meta(description="0 allow, 1 audit, 2 deny.")]

    def setting(self, subcategory: str) -> AuditSetting | None:
        """The setting of a subcategory by its GUID, however it is written; None where the host does not list it."""
        return self.subcategories.get(subcategory.strip("{}").lower())


class PowerShellLogging(Fact, frozen=True, kw_only=True):
    """Policies about what Windows PowerShell records."""

    INFO: ClassVar[FactType] = FactType(
        name="powershell_logging",
        title="PowerShell logging",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="script_block", key=_PS_POLICY + r"\ScriptBlockLogging", name="EnableScriptBlockLogging"
                    ),
                    RegistryRead(
                        field="script_block_invocation",
                        key=_PS_POLICY + r"\ScriptBlockLogging",
                        name="EnableScriptBlockInvocationLogging",
                    ),
                    RegistryRead(field="module", key=_PS_POLICY + r"\ModuleLogging", name="EnableModuleLogging"),
                    RegistryRead(field="module_names", key=_PS_POLICY + r"\ModuleLogging\ModuleNames", name="<number>"),
                    RegistryRead(field="transcription", key=_PS_POLICY + r"\Transcription", name="EnableTranscripting"),
                    RegistryRead(
                        field="transcription_header",
                        key=_PS_POLICY + r"\Transcription",
                        name="EnableInvocationHeader",
                    ),
                    RegistryRead(
                        field="transcription_directory", key=_PS_POLICY + r"\Transcription", name="OutputDirectory"
                    ),
                )
            ),
        ),
        sources=("MicrosoftDocs/PowerShell-Docs reference/5.1, about_Group_Policy_Settings.md",),
    )

    script_block: Annotated[RegistryValue, Meta(description="1: every script block is recorded (4104).")]
    script_block_invocation: Annotated[RegistryValue, Meta(description="1: start and stop of each block, too.")]
    module: Annotated[RegistryValue, Meta(description="1: pipelines of the modules named are recorded (4103).")]
    module_names: Annotated[
        tuple[str, ...], Meta(description="Modules named by the policy; * for all; empty where none is.")
    ] = ()
    transcription: Annotated[RegistryValue, Meta(description="1: sessions are written down as transcripts.")]
    transcription_header: Annotated[RegistryValue, Meta(description="1: each command with its time.")]
    transcription_directory: Annotated[RegistryValue, Meta(description="Where transcripts go.")]
