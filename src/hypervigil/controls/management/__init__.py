"""The management plane: RDP, WinRM, PowerShell endpoints, software, BitLocker."""

from types import ModuleType

CONTROLS: tuple[ModuleType, ...] = ()
