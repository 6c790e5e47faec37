"""How sentences list things."""

from __future__ import annotations

from collections.abc import Iterable


def few(names: Iterable[str], most: int, between: str = ", ") -> str:
    """The first ``most`` names, and how many more there are: ``a, b and 3 more``."""
    every = list(names)
    shown = between.join(every[:most])
    return f"{shown} and {len(every) - most:,} more" if len(every) > most else shown
