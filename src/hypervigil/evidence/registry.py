"""A registry value as evidence: absent is not 0, and not being allowed to look is neither."""

from __future__ import annotations

import enum

import msgspec


class RegistryState(enum.StrEnum):
    """Whether the value was there, was not there, or could not be looked at."""

    PRESENT = "present"
    ABSENT = "absent"
    DENIED = "denied"


class RegistryValue(msgspec.Struct, frozen=True, gc=False):
    """One value: its state, its type (``REG_DWORD`` ...) and its data when present."""

    state: RegistryState
    type: str | None = None
    data: int | str | tuple[str, ...] | None = None

    @property
    def absent(self) -> bool:
        """Nobody has set it."""
        return self.state is RegistryState.ABSENT

    @property
    def denied(self) -> bool:
        """Access to it was refused, so nothing is known."""
        return self.state is RegistryState.DENIED

    @property
    def number(self) -> int | None:
        """The data as a number: of REG_DWORD and REG_QWORD; None for all else, also for digits in a string."""
        return self.data if self.state is RegistryState.PRESENT and isinstance(self.data, int) else None

    @property
    def shown(self) -> str:
        """What people read: the data, or ``absent`` or ``access denied``."""
        if self.state is RegistryState.ABSENT:
            return "absent"
        if self.state is RegistryState.DENIED:
            return "access denied"
        if isinstance(self.data, int):
            return str(self.data)
        return f"{self.data!r} ({self.type})"


ABSENT = RegistryValue(RegistryState.ABSENT)
DENIED = RegistryValue(RegistryState.DENIED)


def dword(number: int) -> RegistryValue:
    """A REG_DWORD that is present."""
    return RegistryValue(RegistryState.PRESENT, "REG_DWORD", number)
