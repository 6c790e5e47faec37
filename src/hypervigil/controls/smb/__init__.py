"""SMB: signing, encryption, dialects, guests, the rate limiter."""

from types import ModuleType

from hypervigil.controls.smb import (
    smb_002_server_signing,
    smb_007_smb1_gone,
)

CONTROLS: tuple[ModuleType, ...] = (
    smb_002_server_signing,
    smb_007_smb1_gone,
)
