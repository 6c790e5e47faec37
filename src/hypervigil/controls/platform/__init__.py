"""Platform security of a node: VBS, Credential Guard, HVCI, firmware, LSA."""

from types import ModuleType

from hypervigil.controls.platform import (
    plt_001_vbs_running,
    plt_002_credential_guard,
    plt_003_credential_guard_not_switched_off,
    plt_004_credential_guard_not_on_dc,
    plt_005_hvci_running,
    plt_006_configured_is_running,
    plt_007_secure_boot,
    plt_008_tpm_ready,
    plt_009_platform_level,
    plt_010_mbec,
    plt_011_hvpt_state,
    plt_012_not_nested,
    plt_013_same_state_on_every_node,
    plt_014_lsass_protected,
    plt_015_wdigest,
    plt_016_mandatory_mode,
    plt_018_drivers_not_refused,
    plt_021_build_and_update_level,
    plt_022_everything_started,
)

CONTROLS: tuple[ModuleType, ...] = (
    plt_001_vbs_running,
    plt_002_credential_guard,
    plt_003_credential_guard_not_switched_off,
    plt_004_credential_guard_not_on_dc,
    plt_005_hvci_running,
    plt_006_configured_is_running,
    plt_007_secure_boot,
    plt_008_tpm_ready,
    plt_009_platform_level,
    plt_010_mbec,
    plt_011_hvpt_state,
    plt_012_not_nested,
    plt_013_same_state_on_every_node,
    plt_014_lsass_protected,
    plt_015_wdigest,
    plt_016_mandatory_mode,
    plt_018_drivers_not_refused,
    plt_021_build_and_update_level,
    plt_022_everything_started,
)
