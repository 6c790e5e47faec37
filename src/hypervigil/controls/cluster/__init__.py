"""The cluster itself."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
