"""Identity: accounts and groups on nodes, and the directory behind them."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
