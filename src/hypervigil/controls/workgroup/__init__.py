"""Workgroup clusters: what stands in for the domain."""

from types import ModuleType

from hypervigil.controls.workgroup import (
    wgc_001_pku2u,
)

CONTROLS: tuple[ModuleType, ...] = (wgc_001_pku2u,)
