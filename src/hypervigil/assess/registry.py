"""The controls, compiled once for the process."""

from __future__ import annotations

import functools

from hypervigil.assess.compile import CompiledControl, compile_control
from hypervigil.controls.registry import MODULES


@functools.cache
def compiled_controls() -> tuple[CompiledControl, ...]:
    """Every control that is built, in the order of the catalogue."""
    return tuple(compile_control(module) for module in MODULES)
