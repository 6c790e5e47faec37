"""What a host wrote down about its boots: why VBS is on or off, and how LSASS and Credential Guard started."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.codes import Code, bits_of
from hypervigil.evidence.events import LAST_BOOT, Event, LogWindow
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read
from hypervigil.model.subject import Scope

_DAYS = 180
_MOST = 200

KERNEL_BOOT = "Microsoft-Windows-Kernel-Boot"
WININIT = "Microsoft-Windows-Wininit"


class EnableDisableReason(Code):
    """``EnableDisableReason`` of Kernel-Boot 153 and 156: why VBS is on or off at this boot."""

    DISABLED = 0x0
    HYPER_V_OPT_OUT = 0x1
    OPT_OUT_VARIABLE = 0x2
    SECURE_BOOT_OFF = 0x3
    NO_DMA_PROTECTION = 0x4
    NO_HYPERVISOR = 0x5
    INITIALIZATION_FAILED = 0x6
    ENABLED_BY_REGISTRY = 0x64
    ENABLED_BY_HYPER_V = 0x65
    ENABLED_BY_LOCK = 0x66
    ENABLED_BY_CODE_INTEGRITY_POLICY = 0x67
    ENABLED_BY_ROLLOUT = 0x68

    @property
    def enables(self) -> bool | None:
        """Whether it is a reason for VBS to be on; None for a code that nobody has named."""
        return int(self) >= EnableDisableReason.ENABLED_BY_REGISTRY if self.is_known else None


class VsmPolicyBit(Code):
    """Bits of ``VsmPolicy`` of Kernel-Boot 153 and 156."""

    VBS_ENABLED = 0x1
    VSM_REQUIRED = 0x2
    SECURE_BOOT = 0x4
    IOMMU_PROTECTION = 0x8
    MMIO_NX = 0x10
    STRONG_MSR_FILTERING = 0x20
    MANDATORY = 0x40
    HVCI = 0x80
    HVCI_STRICT = 0x100
    BOOT_CHAIN_SIGNER_SOFT = 0x200
    BOOT_CHAIN_SIGNER_HARD = 0x400
    MEASURED_LAUNCH = 0x2000


class BootEvent(Event, frozen=True, kw_only=True):
    """One event of a boot; fields that its id does not have are null."""

    status: Annotated[int | None, Meta(description="Status of Kernel-Boot 124, 153 and 156: an NTSTATUS.")] = None
    reason: Annotated[EnableDisableReason | None, Meta(description="EnableDisableReason of 153 and 156.")] = None
    policy: Annotated[int | None, Meta(description="VsmPolicy of 153 and 156, as bits.")] = None
    phase: Annotated[int | None, Meta(description="Phase of 124.")] = None
    level: Annotated[
        int | None,
        Meta(description="Level of Wininit 12 (4 is LSA's protected process); of 16 and 17 it holds the error code."),
    ] = None
    config: Annotated[
        int | None, Meta(description="Config of Wininit 14: 0 Credential Guard is not configured, 1 or 2 it is.")
    ] = None
    is_test_config: Annotated[int | None, Meta(description="IsTestConfig of 14: 0 protects, 1 is a test.")] = None
    is_auto_enabled: Annotated[
        int | None, Meta(description="IsAutoEnabled of 14, where the release writes it: 1 is on by default.")
    ] = None
    tpm_pcr_mask: Annotated[
        int | None, Meta(description="TpmPcrMask of Kernel-Boot 51: 0 means keys not sealed by a TPM.")
    ] = None
    cached_copy_status: Annotated[int | None, Meta(description="CachedCopyStatus of 51.")] = None
    unsealing_status: Annotated[
        int | None, Meta(description="UnsealingCachedCopyStatus of 51; newer builds call it PrimaryBlobUnsealStatus.")
    ] = None
    key_generation_status: Annotated[int | None, Meta(description="KeyGenerationAndSaveStatus of 51.")] = None
    sealing_status: Annotated[int | None, Meta(description="SealingStatus of 51.")] = None

    @property
    def policy_bits(self) -> tuple[VsmPolicyBit, ...]:
        """The bits of the policy, unnamed ones too; empty where the event has none."""
        return bits_of(VsmPolicyBit, self.policy or 0)


class BootEvents(Fact, frozen=True, kw_only=True):
    """Events of Kernel-Boot and Wininit about VBS, Credential Guard and LSA protection, newest first.

    At most 200 of each log and 180 days: a host boots seldom, and writes a handful of these each time.
    """

    INFO: ClassVar[FactType] = FactType(
        name="boot_events",
        title="Boot events",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                events=(
                    EventRead(
                        log="System",
                        provider=KERNEL_BOOT,
                        ids=(124, 153, 156),
                        fields=("Phase", "Status", "EnableDisableReason", "VsmPolicy"),
                        days=_DAYS,
                        most=_MOST,
                    ),
                    EventRead(
                        log="Microsoft-Windows-Kernel-Boot/Operational",
                        provider=KERNEL_BOOT,
                        ids=(51,),
                        fields=(
                            "CachedCopyStatus",
                            "UnsealingCachedCopyStatus",
                            "PrimaryBlobUnsealStatus",
                            "KeyGenerationAndSaveStatus",
                            "SealingStatus",
                            "TpmPcrMask",
                        ),
                        days=_DAYS,
                        most=_MOST,
                    ),
                    EventRead(
                        log="System",
                        provider=WININIT,
                        ids=(12, 13, 14, 15, 16, 17),
                        fields=("Level", "Config", "IsTestConfig", "IsAutoEnabled"),
                        days=_DAYS,
                        most=_MOST,
                    ),
                )
            ),
            LAST_BOOT,
        ),
        sources=(
            "repnz/etw-providers-docs Manifests-Win10-18990/Microsoft-Windows-Kernel-Boot.xml and -Wininit.xml",
            "jdu2600/Windows10EtwEvents manifest/Microsoft-Windows-Kernel-Boot.tsv and -Wininit.tsv (26H1)",
            "recorded events Kernel-Boot 124 and 156 and Wininit 14 of Windows 10 2004",
        ),
    )

    events: tuple[BootEvent, ...]
    windows: Annotated[tuple[LogWindow, ...], Meta(description="One for each log that was searched.")]
    last_boot: Annotated[datetime.datetime | None, Meta(description="LastBootUpTime.")] = None

    def since_boot(self, provider: str, *ids: int) -> tuple[BootEvent, ...]:
        """The events of one provider with these ids since the last boot; all of them where its time is unknown."""
        return tuple(
            event
            for event in self.events
            if event.provider == provider
            and event.id in ids
            and (self.last_boot is None or event.time >= self.last_boot - _CLOCK_TOLERANCE)
        )


_CLOCK_TOLERANCE = datetime.timedelta(minutes=5)
"""The time of the boot is worked out from the clock, and moves when the clock is set."""
