"""Logging, audit and detection on nodes."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
