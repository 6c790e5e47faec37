"""Where the types of facts have texts: for tests that hold for every field of every fact."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import msgspec
from msgspec import inspect

from hypervigil.evidence.register import FACTS

_LISTS = (inspect.VarTupleType, inspect.ListType, inspect.SetType, inspect.FrozenSetType)


def parts(kind: inspect.Type) -> Iterator[inspect.Type]:
    """A type without what is wrapped around it, and what it is made of."""
    if isinstance(kind, inspect.Metadata):
        yield from parts(kind.type)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from parts(one)
    elif isinstance(kind, _LISTS):
        yield from parts(kind.item_type)
    elif isinstance(kind, inspect.TupleType):
        for one in kind.item_types:
            yield from parts(one)
    elif isinstance(kind, inspect.DictType):
        yield from parts(kind.key_type)
        yield from parts(kind.value_type)
    else:
        yield kind


@functools.cache
def structures() -> dict[type[msgspec.Struct], inspect.StructType]:
    """Every type that a registered fact is or is made of."""
    found: dict[type[msgspec.Struct], inspect.StructType] = {}
    todo = [inspect.type_info(fact) for fact in FACTS]
    while todo:
        kind = todo.pop()
        if isinstance(kind, inspect.StructType) and kind.cls not in found:
            found[kind.cls] = kind
            todo.extend(part for field in kind.fields for part in parts(field.type))
    return found


def texts() -> Iterator[tuple[type[msgspec.Struct], str, inspect.Type]]:
    """Every field that can hold a text: its type, its name, what it may hold."""
    for cls, kind in structures().items():
        for field in kind.fields:
            if any(
                isinstance(part, inspect.StrType | inspect.AnyType | inspect.BytesType) for part in parts(field.type)
            ):
                yield cls, field.name, field.type
