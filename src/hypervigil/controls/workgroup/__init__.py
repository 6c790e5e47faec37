"""Workgroup clusters: what stands in for the domain."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
