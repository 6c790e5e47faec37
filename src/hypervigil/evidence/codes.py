"""Integers that Windows uses as codes, as enums that keep the codes nobody has named yet."""

from __future__ import annotations

import enum
from typing import Self, TypeVar


class Code(enum.IntEnum):
    """Base of code tables. A number outside the table is kept as a member named ``UNKNOWN_<number>``."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the code is in the table."""
        return not self._name_.startswith("UNKNOWN_")

    @property
    def label(self) -> str:
        """What people read: the name and the number, such as ``Credential Guard (1)``."""
        name = "unknown code" if not self.is_known else self.name.replace("_", " ").capitalize()
        return f"{name} ({int(self)})"


C = TypeVar("C", bound=Code)


def bits_of(table: type[C], number: int) -> tuple[C, ...]:
    """The bits that are set in a number, lowest first, by a table of single bits; those without a name are kept."""
    return tuple(table(1 << place) for place in range(number.bit_length()) if number >> place & 1)
