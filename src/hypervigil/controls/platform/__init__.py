"""Platform security of a node: VBS, Credential Guard, HVCI, firmware, LSA."""

from types import ModuleType

from hypervigil.controls.platform import (
    plt_002_credential_guard,
)

CONTROLS: tuple[ModuleType, ...] = (plt_002_credential_guard,)
