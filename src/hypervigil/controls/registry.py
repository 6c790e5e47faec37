"""Every control that is built, and every id of the catalogue, built or not."""

from __future__ import annotations

from types import ModuleType

from hypervigil.controls import (
    cluster,
    identity,
    live_migration,
    logging,
    management,
    network,
    platform,
    shielded,
    smb,
    workgroup,
)

FAMILIES: tuple[ModuleType, ...] = (
    platform,
    live_migration,
    smb,
    identity,
    workgroup,
    shielded,
    management,
    network,
    logging,
    cluster,
)
"""The packages of the families; each has a tuple CONTROLS of its modules."""

MODULES: tuple[ModuleType, ...] = tuple(module for family in FAMILIES for module in family.CONTROLS)

_ROWS = {
    "PLT": 22,
    "LM": 11,
    "SMB": 21,
    "IDN": 18,
    "WGC": 10,
    "SHV": 9,
    "MGT": 19,
    "NET": 11,
    "LOG": 12,
    "CLU": 5,
}

CATALOGUE: tuple[str, ...] = tuple(
    f"{prefix}-{number:03d}" for prefix, last in _ROWS.items() for number in range(1, last + 1)
)
"""Ids of all controls that the product is going to have; a profile may name one that is not built yet."""
