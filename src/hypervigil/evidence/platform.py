"""Platform security of a host: VBS, Credential Guard, HVCI, Secure Boot, TPM, LSA protection."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope


class VbsStatus(Code):
    """``Win32_DeviceGuard.VirtualizationBasedSecurityStatus``."""

    NOT_ENABLED = 0
    ENABLED_NOT_RUNNING = 1
    RUNNING = 2


class SecurityService(Code):
    """Members of ``SecurityServicesConfigured`` and ``SecurityServicesRunning``.

    0 to 4 as Microsoft's memory integrity page lists them; 5 and 7 third hand; 6 unverified.
    """

    NONE = 0
    CREDENTIAL_GUARD = 1
    MEMORY_INTEGRITY = 2
    SECURE_LAUNCH = 3
    SMM_FIRMWARE_MEASUREMENT = 4
    KERNEL_SHADOW_STACKS = 5
    KERNEL_SHADOW_STACKS_AUDIT = 6
    PAGING_TRANSLATION = 7


class SecurityProperty(Code):
    """Members of ``AvailableSecurityProperties`` and ``RequiredSecurityProperties``."""

    NONE = 0
    HYPERVISOR = 1
    SECURE_BOOT = 2
    DMA_PROTECTION = 3
    SECURE_MEMORY_OVERWRITE = 4
    NX_PROTECTIONS = 5
    SMM_MITIGATIONS = 6
    MBEC_GMET = 7
    APIC_VIRTUALIZATION = 8


class DeviceGuard(Fact, frozen=True, kw_only=True):
    """What virtualization-based security and the services in it are configured for, and what really runs."""

    INFO: ClassVar[FactType] = FactType(
        name="device_guard",
        title="Device Guard state",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard",
                properties=(
                    "AvailableSecurityProperties",
                    "RequiredSecurityProperties",
                    "SecurityServicesConfigured",
                    "SecurityServicesRunning",
                    "VirtualizationBasedSecurityStatus",
                    "CodeIntegrityPolicyEnforcementStatus",
                    "UsermodeCodeIntegrityPolicyEnforcementStatus",
                    "Version",
                ),
                shapes=("Win32_DeviceGuard",),
            ),
        ),
        sources=("MicrosoftDocs/windows-itpro-docs windows/security/hardware-security, page on memory integrity",),
    )

    vbs_status: VbsStatus
    services_configured: Annotated[tuple[SecurityService, ...], Meta(description="A set; 0 stands for none.")]
    services_running: Annotated[tuple[SecurityService, ...], Meta(description="A set; 0 stands for none.")]
    available_properties: Annotated[tuple[SecurityProperty, ...], Meta(description="What the hardware can give.")]
    required_properties: Annotated[
        tuple[SecurityProperty, ...] | None, Meta(description="What VBS asks for; null where the source left it out.")
    ] = None
    code_integrity_policy: Annotated[int | None, Meta(description="0 off, 1 audit, 2 enforced.")] = None
    usermode_code_integrity_policy: Annotated[int | None, Meta(description="0 off, 1 audit, 2 enforced.")] = None

    @property
    def vbs_running(self) -> bool:
        """Status 2."""
        return self.vbs_status is VbsStatus.RUNNING

    def runs(self, service: SecurityService) -> bool:
        """Whether the service is a member of the running ones."""
        return service in self.services_running

    def configures(self, service: SecurityService) -> bool:
        """Whether the service is a member of the configured ones."""
        return service in self.services_configured

    def offers(self, prop: SecurityProperty) -> bool:
        """Whether the hardware gives the property."""
        return prop in self.available_properties


_DG = r"SYSTEM\CurrentControlSet\Control\DeviceGuard"
_DG_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\DeviceGuard"
_HVCI = _DG + r"\Scenarios\HypervisorEnforcedCodeIntegrity"
_LSA = r"SYSTEM\CurrentControlSet\Control\Lsa"


class DeviceGuardPolicy(Fact, frozen=True, kw_only=True):
    """What is configured for VBS, Credential Guard and HVCI: policy values and local values, kept apart.

    A policy value of 3 is the list entry *Not Configured* (2 or another number in the local copy then decides);
    an absent value is not 0.
    """

    INFO: ClassVar[FactType] = FactType(
        name="device_guard_policy",
        title="Device Guard configuration",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=(
                    RegistryRead(field="lsa_cfg_flags_policy", key=_DG_POLICY, name="LsaCfgFlags"),
                    RegistryRead(field="lsa_cfg_flags_local", key=_LSA, name="LsaCfgFlags"),
                    RegistryRead(field="lsa_cfg_flags_default", key=_LSA, name="LsaCfgFlagsDefault"),
                    RegistryRead(field="vbs_policy", key=_DG_POLICY, name="EnableVirtualizationBasedSecurity"),
                    RegistryRead(field="vbs_local", key=_DG, name="EnableVirtualizationBasedSecurity"),
                    RegistryRead(field="platform_policy", key=_DG_POLICY, name="RequirePlatformSecurityFeatures"),
                    RegistryRead(field="platform_local", key=_DG, name="RequirePlatformSecurityFeatures"),
                    RegistryRead(field="hvci_policy", key=_DG_POLICY, name="HypervisorEnforcedCodeIntegrity"),
                    RegistryRead(field="hvci_local", key=_HVCI, name="Enabled"),
                    RegistryRead(field="hvci_locked", key=_HVCI, name="Locked"),
                    RegistryRead(field="locked", key=_DG, name="Locked"),
                    RegistryRead(field="mandatory", key=_DG, name="Mandatory"),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/windows-itpro-docs windows/security/identity-protection/credential-guard/configure.md",
            "Group Policy backup of Microsoft's Windows Server 2025 security baseline (registry.pol and report)",
        ),
    )

    lsa_cfg_flags_policy: Annotated[RegistryValue, Meta(description="0 off, 1 on + UEFI lock, 2 on, 3 not configured.")]
    lsa_cfg_flags_local: Annotated[RegistryValue, Meta(description="0 off, 1 on + UEFI lock, 2 on.")]
    lsa_cfg_flags_default: Annotated[RegistryValue, Meta(description="Written at boot; LsaCfgFlags wins over it.")]
    vbs_policy: Annotated[RegistryValue, Meta(description="0 off, 1 on.")]
    vbs_local: Annotated[RegistryValue, Meta(description="0 off, 1 on.")]
    platform_policy: Annotated[RegistryValue, Meta(description="1 Secure Boot, 3 Secure Boot and DMA protection.")]
    platform_local: Annotated[RegistryValue, Meta(description="1 Secure Boot, 3 Secure Boot and DMA protection.")]
    hvci_policy: Annotated[RegistryValue, Meta(description="0 off, 1 on + UEFI lock, 2 on, 3 not configured.")]
    hvci_local: Annotated[RegistryValue, Meta(description="0 off, 1 on.")]
    hvci_locked: Annotated[RegistryValue, Meta(description="1 UEFI lock of HVCI.")]
    locked: Annotated[RegistryValue, Meta(description="1 UEFI lock of VBS.")]
    mandatory: Annotated[RegistryValue, Meta(description="1 no boot where hypervisor or secure kernel fail.")]

    @property
    def credential_guard(self) -> Configured:
        """What the two copies of LsaCfgFlags ask for; see ``configured`` for how they are read."""
        return configured(self.lsa_cfg_flags_policy, self.lsa_cfg_flags_local)


class Configured(enum.Enum):
    """What a policy value and its local copy ask for together."""

    OFF = "switched off"
    ON_LOCKED = "on with UEFI lock"
    ON = "on without lock"
    NOT_CONFIGURED = "not configured"
    DISAGREES = "policy and local value disagree"
    UNREADABLE = "a value could not be read"
    UNKNOWN_VALUE = "a value outside the table"


_NOT_CONFIGURED_BY_POLICY = 3
_MEANINGS = {0: Configured.OFF, 1: Configured.ON_LOCKED, 2: Configured.ON}


def configured(policy: RegistryValue, local: RegistryValue) -> Configured:
    """Read LsaCfgFlags, or another switch with the same numbers, from its policy and its local copy.

    Absent, and 3 in the policy, have no opinion; the other copy decides. Where both have one and differ, Microsoft
    documents no winner, so neither is believed.
    """
    if policy.denied or local.denied:
        return Configured.UNREADABLE
    opinions = set()
    for value, blank in ((policy, _NOT_CONFIGURED_BY_POLICY), (local, None)):
        if value.absent or (value.number is not None and value.number == blank):
            continue
        opinions.add(
            Configured.UNKNOWN_VALUE if value.number is None else _MEANINGS.get(value.number, Configured.UNKNOWN_VALUE)
        )
    if not opinions:
        return Configured.NOT_CONFIGURED
    return opinions.pop() if len(opinions) == 1 else Configured.DISAGREES


class SecureBootState(enum.StrEnum):
    """What ``Confirm-SecureBootUEFI`` says: True, False, or that the platform does not support it (BIOS)."""

    ON = "on"
    OFF = "off"
    UNSUPPORTED = "unsupported"


class SecureBoot(Fact, frozen=True, kw_only=True):
    """Whether the firmware is UEFI with Secure Boot on."""

    INFO: ClassVar[FactType] = FactType(
        name="secure_boot",
        title="Secure Boot",
        subject=Scope.NODE,
        reads=(
            Read(command="Confirm-SecureBootUEFI"),
            Read(
                registry=(
                    RegistryRead(field="firmware_type", key=r"SYSTEM\CurrentControlSet\Control", name="PEFirmwareType"),
                )
            ),
        ),
        sources=("MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/SecureBoot/Confirm-SecureBootUEFI.md",),
    )

    state: SecureBootState
    firmware_type: Annotated[
        RegistryValue | None, Meta(description="PEFirmwareType: 1 BIOS, 2 UEFI (unverified, shown only).")
    ] = None


class Tpm(Fact, frozen=True, kw_only=True):
    """Whether a TPM is present and ready, and of which specification."""

    INFO: ClassVar[FactType] = FactType(
        name="tpm",
        title="TPM",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-Tpm",
                properties=(
                    "TpmPresent",
                    "TpmReady",
                    "TpmEnabled",
                    "TpmActivated",
                    "TpmOwned",
                    "LockedOut",
                    "ManufacturerIdTxt",
                    "ManufacturerVersionFull20",
                ),
                shapes=("Microsoft.Tpm.Commands.TpmObject",),
            ),
            Read(
                command=r"Get-CimInstance -ClassName Win32_Tpm -Namespace root\cimv2\Security\MicrosoftTpm",
                properties=("SpecVersion",),
                shapes=("Win32_Tpm",),
            ),
        ),
        sources=(
            "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/TrustedPlatformModule/Get-Tpm.md",
            "microsoft/wmi server2019/root/cimv2/Security/MicrosoftTpm (class Win32_Tpm)",
        ),
    )

    present: Annotated[bool, Meta(description="TpmPresent.")]
    ready: Annotated[bool | None, Meta(description="Null where there is no TPM to ask.")] = None
    enabled: Annotated[bool | None, Meta(description="TpmEnabled.")] = None
    activated: Annotated[bool | None, Meta(description="TpmActivated.")] = None
    owned: Annotated[bool | None, Meta(description="TpmOwned.")] = None
    locked_out: bool | None = None
    manufacturer: Annotated[str | None, Meta(description="ManufacturerIdTxt, such as INTC.")] = None
    manufacturer_version_20: Annotated[
        str | None, Meta(description="ManufacturerVersionFull20: filled for a TPM 2.0 only.")
    ] = None
    spec_version: Annotated[
        str | None, Meta(description="Win32_Tpm.SpecVersion such as '2.0, 0, 1.59'; null where not read.")
    ] = None

    @property
    def specification(self) -> str | None:
        """Major specification: ``2.0``, ``1.2``; None where neither source tells."""
        if self.spec_version:
            return self.spec_version.split(",")[0].strip()
        return None


class LsaProtection(Fact, frozen=True, kw_only=True):
    """Whether LSASS is configured to run, and was seen to start, as a protected process."""

    INFO: ClassVar[FactType] = FactType(
        name="lsa_protection",
        title="LSA protection",
        subject=Scope.NODE,
        reads=(
            Read(
                registry=(
                    RegistryRead(field="run_as_ppl", key=_LSA, name="RunAsPPL"),
                    RegistryRead(
                        field="run_as_ppl_policy", key=r"SOFTWARE\Policies\Microsoft\Windows\System", name="RunAsPPL"
                    ),
                    RegistryRead(field="run_as_ppl_boot", key=_LSA, name="RunAsPPLBoot"),
                )
            ),
            Read(
                command=(
                    "Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = "
                    "'Microsoft-Windows-Wininit'; Id = 12 } -MaxEvents 1"
                ),
                properties=("ProviderName", "Id", "TimeCreated", "RecordId"),
                shapes=("System.Diagnostics.Eventing.Reader.EventLogRecord",),
            ),
            # That no such event is found says something only where the log reaches back to the last boot.
            Read(
                command="Get-WinEvent -LogName System -Oldest -MaxEvents 1",
                properties=("LogName", "TimeCreated", "RecordId"),
            ),
        ),
        sources=("MicrosoftDocs/windowsserverdocs WindowsServerDocs/security, page on additional LSA protection",),
    )

    run_as_ppl: Annotated[RegistryValue, Meta(description="0 off, 1 on with UEFI variable, 2 on without.")]
    run_as_ppl_policy: Annotated[RegistryValue, Meta(description="0 off, 1 on with UEFI variable, 2 on without.")]
    run_as_ppl_boot: Annotated[RegistryValue, Meta(description="Mode of the current boot.")]
    started_protected: Annotated[
        bool | None,
        Meta(
            description="Wininit 12 (protected process, level 4) since the last boot; false only where the log was "
            "searched and reaches back to that boot, null where it was not."
        ),
    ] = None
