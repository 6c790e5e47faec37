"""Shielded VMs, virtual TPMs and the Host Guardian Service."""

from types import ModuleType

from hypervigil.controls.shielded import (
    shv_001_owners_guarded,
    shv_002_guardian_keys_everywhere,
    shv_003_copies_of_keys,
    shv_004_tpm_attestation,
    shv_005_hgs_survives,
    shv_006_backup,
    shv_007_shielding_justified,
    shv_008_secure_boot_of_vms,
    shv_009_not_operated_from_host,
)

CONTROLS: tuple[ModuleType, ...] = (
    shv_001_owners_guarded,
    shv_002_guardian_keys_everywhere,
    shv_003_copies_of_keys,
    shv_004_tpm_attestation,
    shv_005_hgs_survives,
    shv_006_backup,
    shv_007_shielding_justified,
    shv_008_secure_boot_of_vms,
    shv_009_not_operated_from_host,
)
