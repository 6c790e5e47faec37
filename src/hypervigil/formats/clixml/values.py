"""What CLIXML turns into where Python has no type of its own for it.

Strings, numbers, dates, byte arrays, lists and dictionaries become Python's own. The classes here are for the rest.
"""

from typing import Self

import msgspec


class Stack(list[object]):
    """A .NET stack (`STK`). The first item is the top, as the serializer writes it."""

    __slots__ = ()


class Queue(list[object]):
    """A .NET queue (`QUE`). The first item is the head, the one that leaves next."""

    __slots__ = ()


class SecureString:
    """Stands where a secure string (`SS`) was. Its content is not kept, so two of them never compare equal."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<SecureString, content not kept>"


class EnumValue(int):
    """A .NET enumeration value: the number, with the name that the source machine gave to it.

    Compares, hashes and calculates as its number; its text is its name. Flags come with .NET's joined names ("Hidden,
    System"), a number without a name with its digits.
    """

    name: str
    type_name: str

    def __new__(cls, number: int, name: str, type_name: str) -> Self:
        """`number` as `type_name` names it."""
        value = super().__new__(cls, number)
        value.name = name
        value.type_name = type_name
        return value

    def __getnewargs__(self) -> tuple[int, str, str]:  # type: ignore[override]  # int hands over its number alone
        return int(self), self.name, self.type_name

    def __repr__(self) -> str:
        return f"<{self.type_name}.{self.name}: {int(self)}>"

    def __str__(self) -> str:
        return self.name


_CIM_OWNERS = frozenset({"Microsoft.Management.Infrastructure.CimInstance", "System.Management.ManagementObject"})


class PSObject(msgspec.Struct, repr_omit_defaults=True):
    """An object with properties, as PowerShell saw it when it wrote the file.

    `type_names`  from the most derived type to the root, as written (a `Deserialized.` prefix stays).
    `to_string`   the object's text on the source machine; None where none was written.
    `value`       the primitive or container that the properties hang on; None for a plain object.
    `adapted`     the object's own properties (element `Props`).
    `extended`    what PowerShell hung on it: notes, script and alias properties (element `MS`).

    Names of properties are looked up as written, case included. Objects may be shared and may contain themselves: a
    reference in the file gives the very object that it points to. What walks values without bound (comparing them does)
    has to remember where it was.
    """

    type_names: tuple[str, ...] = ()
    to_string: str | None = None
    value: object = None
    adapted: dict[str, object] = {}
    extended: dict[str, object] = {}

    @property
    def type_name(self) -> str | None:
        """The most derived type's name; None where the file names no type."""
        return self.type_names[0] if self.type_names else None

    @property
    def properties(self) -> dict[str, object]:
        """All properties; where both kinds have a name, the extended one hides the adapted one, as in PowerShell."""
        return {**self.adapted, **self.extended}

    def get(self, name: str, default: object = None) -> object:
        """The property `name`, extended before adapted; `default` where there is none (a property may well be None)."""
        if name in self.extended:
            return self.extended[name]
        return self.adapted.get(name, default)

    @property
    def cim_class(self) -> str | None:
        """The CIM or WMI class, such as MSFT_SmbServerConfiguration; None where no type name tells one.

        The most derived type name decides. It is `...CimInstance#` or `...ManagementObject#`, a namespace (its parts
        separated by slashes there, by backslashes here) and the class.
        """
        for type_name in self.type_names:
            owner, _, cim_path = type_name.partition("#")
            if cim_path and owner.removeprefix("Deserialized.") in _CIM_OWNERS:
                return cim_path.replace("\\", "/").rpartition("/")[2] or None
        return None

    def __repr__(self) -> str:
        """Short on purpose: an object may contain itself."""
        count = len(self.adapted) + len(self.extended)
        return f"<PSObject {self.type_name or 'of no type'}, {count} properties>"
