"""Workgroup clusters: what stands in for the domain."""

from types import ModuleType

from hypervigil.controls.workgroup import (
    wgc_001_pku2u,
    wgc_002_certificates_not_expired,
    wgc_003_same_account_everywhere,
    wgc_004_token_filter,
    wgc_005_winrm_https,
    wgc_006_one_release,
    wgc_007_live_migration,
    wgc_008_credential_guard_deliberate,
    wgc_009_password_rotated,
    wgc_010_trusted_hosts,
)

CONTROLS: tuple[ModuleType, ...] = (
    wgc_001_pku2u,
    wgc_002_certificates_not_expired,
    wgc_003_same_account_everywhere,
    wgc_004_token_filter,
    wgc_005_winrm_https,
    wgc_006_one_release,
    wgc_007_live_migration,
    wgc_008_credential_guard_deliberate,
    wgc_009_password_rotated,
    wgc_010_trusted_hosts,
)
