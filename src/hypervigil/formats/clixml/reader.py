"""From the element tree to values: objects, containers and references ([MS-PSRP] 2.2.5.2).

Written for speed where it is called for every element: most elements of a real document are strings.
"""

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from hypervigil.formats.clixml.primitives import (
    INTEGERS,
    PRIMITIVES,
    ElementError,
    Reader,
    described,
    qualified,
    string,
    unescaped,
)
from hypervigil.formats.clixml.values import EnumValue, PSObject, Queue, Stack

_T: Final = qualified("T")
_EN: Final = qualified("En")
_OBJ: Final = qualified("Obj")
_TN: Final = qualified("TN")
_TN_REF: Final = qualified("TNRef")
_TO_STRING: Final = qualified("ToString")
_PROPS: Final = qualified("Props")
_MS: Final = qualified("MS")
_DCT: Final = qualified("DCT")

_SEQUENCES: Final[dict[str, type[list[object]]]] = {
    qualified("LST"): list,
    qualified("IE"): list,
    qualified("STK"): Stack,
    qualified("QUE"): Queue,
}

# CIM objects carry the source of their classes here, often longer than all their properties. Nothing of it is evidence.
_CLASS_METADATA: Final = "__ClassMetadata"

# [MS-PSRP] 2.2.5.1, progress record. The current operation has no tag of its own: it is the `S` or `Nil`.
_PROGRESS: Final = {
    qualified("AV"): ("Activity", string),
    qualified("AI"): ("ActivityId", INTEGERS[qualified("I32")]),
    qualified("S"): ("CurrentOperation", string),
    qualified("Nil"): ("CurrentOperation", PRIMITIVES[qualified("Nil")]),
    qualified("PI"): ("ParentActivityId", INTEGERS[qualified("I32")]),
    qualified("PC"): ("PercentComplete", INTEGERS[qualified("I32")]),
    qualified("T"): ("RecordType", string),
    qualified("SR"): ("SecondsRemaining", INTEGERS[qualified("I32")]),
    qualified("SD"): ("StatusDescription", string),
}
_ENTRY: Final = ["Key", "Value"]  # the names of an entry's two elements, in this order
_PROGRESS_RECORD: Final = "System.Management.Automation.ProgressRecord"


class _Types(NamedTuple):
    """The content of a `TN`."""

    names: tuple[str, ...]
    is_enum: bool


_NO_TYPES: Final = _Types((), False)
_ENUM_BASE: Final = frozenset({"System.Enum", "Deserialized.System.Enum"})


class _Parts:
    """The children of one `Obj`, sorted by what they are for."""

    __slots__ = ("base", "extended", "properties", "to_string", "types")

    def __init__(self) -> None:
        self.types = _NO_TYPES
        self.to_string: str | None = None
        self.base: Element | None = None
        self.properties: Element | None = None
        self.extended: Element | None = None


class ObjectReader:
    """Reads one document. References reach over the whole document, so a reader is used once."""

    def __init__(self, depth: int) -> None:
        self._depth_left = depth
        self._depth = depth
        self._objects: dict[str, object] = {}
        self._types: dict[str, _Types] = {}
        self._passed_over: list[Element] = []
        self._passed_over_objects: dict[str, Element] = {}
        self._readers: dict[str, Reader] = {
            **PRIMITIVES,
            _OBJ: self._object,
            qualified("Ref"): self._reference,
            qualified("PR"): self._progress,
        }

    def read(self, root: Element) -> list[object]:
        """The values of `Objs`. Raises `ElementError`."""
        objects: list[object] = []
        self._fill(objects, root)
        return objects

    # --- what is read most often ---

    def _fill(self, into: list[object], container: Element) -> None:
        readers = self._readers
        for child in container:
            read = readers.get(child.tag)
            if read is None:
                raise _unknown(child)
            into.append(read(child))

    def _members(self, into: dict[str, object], container: Element) -> None:
        readers = self._readers
        for child in container:
            name = child.get("N")
            if name is None:
                raise ElementError(child, f"{described(child)} is a property without a name", "attribute N")
            if "_" in name:
                if name == _CLASS_METADATA and child.tag == _OBJ:
                    self._passed_over.append(child)
                    continue
                name = unescaped(name)
            read = readers.get(child.tag)
            if read is None:
                raise _unknown(child)
            into[name] = read(child)

    def _object(self, element: Element) -> object:
        if self._depth_left == 0:
            raise ElementError(element, f"more than {self._depth} objects within each other", f"at most {self._depth}")
        self._depth_left -= 1
        value = self._value(element, self._parts(element))
        self._depth_left += 1
        return value

    def _parts(self, element: Element) -> _Parts:
        parts = _Parts()
        for child in element:
            tag = child.tag
            if tag == _TN_REF:
                parts.types = self._type_reference(child)
            elif tag == _TN:
                parts.types = self._type_names(child)
            elif tag == _TO_STRING:
                parts.to_string = string(child)
            elif tag == _PROPS and parts.properties is None:
                parts.properties = child
            elif tag == _MS and parts.extended is None:
                parts.extended = child
            elif parts.base is None:
                parts.base = child
            else:
                raise ElementError(child, f"a second value, {described(child)}, in one object", "one value")
        return parts

    def _value(self, element: Element, parts: _Parts) -> object:
        base, properties, extended = parts.base, parts.properties, parts.extended
        reference = element.get("RefId")
        bare = not (properties is not None and len(properties)) and not (extended is not None and len(extended))
        if bare and base is not None:
            return self._base(base, parts, reference)
        value = PSObject(parts.types.names, parts.to_string, None, {}, {})
        if reference is not None:
            self._objects[reference] = value  # known before it is filled: it may contain itself
        if base is not None:
            value.value = self._base(base, parts, None)
        if properties is not None:
            self._members(value.adapted, properties)
        if extended is not None:
            self._members(value.extended, extended)
        return value

    def _base(self, base: Element, parts: _Parts, reference: str | None) -> object:
        """The container or primitive of an object. `reference` is given where the object is nothing else."""
        tag = base.tag
        value: object
        if (sequence := _SEQUENCES.get(tag)) is not None:
            items = value = sequence()
            if reference is not None:
                self._objects[reference] = items
            self._fill(items, base)
        elif tag == _DCT:
            entries: dict[object, object] = {}
            value = entries
            if reference is not None:
                self._objects[reference] = entries
            self._entries(entries, base)
        else:
            value = self._primitive(base, parts)
            if reference is not None:
                self._objects[reference] = value
        return value

    def _primitive(self, base: Element, parts: _Parts) -> object:
        if parts.types.is_enum and (read_number := INTEGERS.get(base.tag)) is not None:
            number = read_number(base)
            name = str(number) if parts.to_string is None else parts.to_string
            return EnumValue(number, name, parts.types.names[0])
        read = PRIMITIVES.get(base.tag)
        if read is None:
            raise _unknown(base)
        return read(base)

    # --- dictionaries ---

    def _entries(self, into: dict[object, object], container: Element) -> None:
        for entry in container:
            if entry.tag != _EN or [child.get("N") for child in entry] != _ENTRY:
                raise ElementError(
                    entry, f"{described(entry)} is no dictionary entry", "<En> with one Key and one Value"
                )
            key, value = entry
            into[self._key(key, into)] = self._read(value)

    def _key(self, element: Element, taken: dict[object, object]) -> object:
        """The key as a value; as text where Python cannot hash it, or holds it for equal to another (True and 1)."""
        key = self._read(element)
        if key is None:
            raise ElementError(element, "a dictionary key that is null", "a value")
        if not _is_hashable(key) or key in taken:
            key = _text_form(key)
            if key in taken:
                raise ElementError(element, f"the dictionary key {key[:60]!r} twice", "distinct keys")
        return key

    def _read(self, element: Element) -> object:
        read = self._readers.get(element.tag)
        if read is None:
            raise _unknown(element)
        return read(element)

    # --- type names and references ---

    def _type_names(self, element: Element) -> _Types:
        names = []
        for child in element:
            if child.tag != _T:
                raise _unknown(child)
            names.append(string(child))
        types = _Types(tuple(names), not _ENUM_BASE.isdisjoint(names))
        reference = element.get("RefId")
        if reference is not None:
            self._types[reference] = types
        return types

    def _type_reference(self, element: Element) -> _Types:
        reference = element.get("RefId", "")
        if reference not in self._types:
            self._look_into_passed_over()
        types = self._types.get(reference)
        if types is None:
            missing = f"reference to type names {reference[:40]!r}, which do not exist"
            raise ElementError(element, missing, "the RefId of a <TN> before it")
        return types

    def _reference(self, element: Element) -> object:
        reference = element.get("RefId", "")
        if reference in self._objects:
            return self._objects[reference]
        self._look_into_passed_over()
        passed_over = self._passed_over_objects.get(reference)
        if passed_over is None:
            missing = f"reference to object {reference[:40]!r}, which does not exist"
            raise ElementError(element, missing, "the RefId of an <Obj> before it")
        return self._object(passed_over)

    def _look_into_passed_over(self) -> None:
        """Class metadata may hold what something outside refers to, such as the type names of its list."""
        for metadata in self._passed_over:
            for element in metadata.iter():
                reference = element.get("RefId")
                if reference is None:
                    continue
                if element.tag == _OBJ:
                    self._passed_over_objects.setdefault(reference, element)
                elif element.tag == _TN and reference not in self._types:
                    self._type_names(element)
        self._passed_over.clear()

    # --- progress records ---

    def _progress(self, element: Element) -> PSObject:
        """`PR`, under the property names of System.Management.Automation.ProgressRecord."""
        properties: dict[str, object] = {}
        for child in element:
            known = _PROGRESS.get(child.tag)
            if known is None:
                raise _unknown(child)
            name, read = known
            properties[name] = read(child)
        return PSObject((_PROGRESS_RECORD,), adapted=properties)


def _unknown(element: Element) -> ElementError:
    return ElementError(element, f"{described(element)} has no meaning in this place", "an element of CLIXML")


def _is_hashable(key: object) -> bool:
    try:
        hash(key)
    except TypeError:
        return False
    return True


def _text_form(key: object) -> str:
    """What stands for a dictionary key that cannot be one: an object's own text, a list's items, else Python's text."""
    if isinstance(key, PSObject):
        return key.to_string or key.type_name or "PSObject"
    if isinstance(key, list):
        return " ".join(type(item).__name__ if isinstance(item, (list, dict)) else _text_form(item) for item in key)
    return type(key).__name__ if isinstance(key, dict) else str(key)
