"""The management plane: RDP, WinRM, PowerShell endpoints, software, BitLocker."""

from types import ModuleType

from hypervigil.controls.management import (
    mgt_001_rdp_nla_tls,
    mgt_002_admin_ports_scoped,
    mgt_003_only_jump_hosts,
    mgt_004_wac_on_host,
    mgt_006_winrm_refuses_clear,
    mgt_007_winrm_certificate,
    mgt_008_jea_for_routine,
    mgt_009_jea_escapes,
    mgt_010_no_workstation,
    mgt_011_server_core,
    mgt_012_enhanced_session,
    mgt_013_system_volume,
    mgt_018_shared_volumes,
    mgt_019_jump_host,
)

CONTROLS: tuple[ModuleType, ...] = (
    mgt_001_rdp_nla_tls,
    mgt_002_admin_ports_scoped,
    mgt_003_only_jump_hosts,
    mgt_004_wac_on_host,
    mgt_006_winrm_refuses_clear,
    mgt_007_winrm_certificate,
    mgt_008_jea_for_routine,
    mgt_009_jea_escapes,
    mgt_010_no_workstation,
    mgt_011_server_core,
    mgt_012_enhanced_session,
    mgt_013_system_volume,
    mgt_018_shared_volumes,
    mgt_019_jump_host,
)
