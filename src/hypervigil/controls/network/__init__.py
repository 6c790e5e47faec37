"""Isolation: who can reach the networks of the cluster."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
