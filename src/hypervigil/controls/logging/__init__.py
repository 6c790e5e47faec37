"""Logging, audit and detection on nodes."""

from types import ModuleType

from hypervigil.controls.logging import (
    log_001_channels_enabled,
    log_002_channels_leave,
    log_003_forwarding_works,
    log_004_audit_policy,
    log_005_channel_sizes,
    log_006_kept_elsewhere,
    log_007_sysmon,
    log_008_edr,
    log_009_script_blocks,
    log_010_quic_used,
    log_011_clocks_agree,
)

CONTROLS: tuple[ModuleType, ...] = (
    log_001_channels_enabled,
    log_002_channels_leave,
    log_003_forwarding_works,
    log_004_audit_policy,
    log_005_channel_sizes,
    log_006_kept_elsewhere,
    log_007_sysmon,
    log_008_edr,
    log_009_script_blocks,
    log_010_quic_used,
    log_011_clocks_agree,
)
