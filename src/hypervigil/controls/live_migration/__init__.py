"""Live migration: authentication, networks, and what Credential Guard does to it."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
