"""Live migration: authentication, networks, and what Credential Guard does to it."""

from types import ModuleType

from hypervigil.controls.live_migration import (
    lm_001_kerberos,
    lm_002_credssp_under_credential_guard,
    lm_007_hosts_agree,
    lm_008_chosen_networks,
    lm_009_memory_in_flight,
    lm_010_vtpm_starts_everywhere,
    lm_011_winrm_credssp,
)

CONTROLS: tuple[ModuleType, ...] = (
    lm_001_kerberos,
    lm_002_credssp_under_credential_guard,
    lm_007_hosts_agree,
    lm_008_chosen_networks,
    lm_009_memory_in_flight,
    lm_010_vtpm_starts_everywhere,
    lm_011_winrm_credssp,
)
