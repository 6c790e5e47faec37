"""Shielded VMs, virtual TPMs and the Host Guardian Service."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
