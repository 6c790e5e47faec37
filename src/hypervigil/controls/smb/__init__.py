"""SMB: signing, encryption, dialects, guests, the rate limiter."""

from types import ModuleType

from hypervigil.controls.smb import (
    smb_001_client_signing,
    smb_002_server_signing,
    smb_003_signing_kept_on,
    smb_006_rate_limiter,
    smb_007_smb1_gone,
    smb_008_guests_refused,
    smb_009_peer_audit,
    smb_010_quic_mapping,
    smb_012_storage_traffic,
    smb_013_encrypted_rdma,
    smb_014_lowest_dialect,
    smb_015_ntlm_blocked,
    smb_016_relay_protection,
    smb_017_local_kdc,
    smb_019_mailslots_netbios,
)

CONTROLS: tuple[ModuleType, ...] = (
    smb_001_client_signing,
    smb_002_server_signing,
    smb_003_signing_kept_on,
    smb_006_rate_limiter,
    smb_007_smb1_gone,
    smb_008_guests_refused,
    smb_009_peer_audit,
    smb_010_quic_mapping,
    smb_012_storage_traffic,
    smb_013_encrypted_rdma,
    smb_014_lowest_dialect,
    smb_015_ntlm_blocked,
    smb_016_relay_protection,
    smb_017_local_kdc,
    smb_019_mailslots_netbios,
)
