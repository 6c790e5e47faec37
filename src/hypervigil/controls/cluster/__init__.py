"""The cluster itself: how its nodes talk to each other, and how far an upgrade of it has come."""

from types import ModuleType

from hypervigil.controls.cluster import (
    clu_001_messages_protected,
    clu_002_functional_level,
    clu_003_full_access,
    clu_004_tier0_guests,
)

CONTROLS: tuple[ModuleType, ...] = (
    clu_001_messages_protected,
    clu_002_functional_level,
    clu_003_full_access,
    clu_004_tier0_guests,
)
