"""Identity: accounts and groups on nodes, and the directory behind them."""

from types import ModuleType

from hypervigil.controls.identity import (
    idn_014_local_administrators,
    idn_016_network_logon_denied,
)

CONTROLS: tuple[ModuleType, ...] = (
    idn_014_local_administrators,
    idn_016_network_logon_denied,
)
