"""What the annotations of a structure's fields say."""

from __future__ import annotations

import enum
import typing

import msgspec


def description(hint: object) -> str:
    """The description in the ``Meta`` of an annotation; empty where there is none."""
    if typing.get_origin(hint) is not typing.Annotated:
        return ""
    found = [meta.description for meta in typing.get_args(hint)[1:] if isinstance(meta, msgspec.Meta)]
    return next((text for text in found if text), "")


def types_below(kind: type[msgspec.Struct]) -> list[type]:
    """The structures and enumerations that the fields of a structure lead to, in the order in which they are met."""
    found: list[type] = []
    waiting = _hints(kind)
    while waiting:
        hint = waiting.pop(0)
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct | enum.Enum):
            if hint not in found:
                found.append(hint)
                waiting += _hints(hint) if issubclass(hint, msgspec.Struct) else []
        elif typing.get_origin(hint) is not typing.Literal:
            waiting += typing.get_args(hint)
    return found


def _hints(kind: type[msgspec.Struct]) -> list[object]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return [hints[field.name] for field in msgspec.structs.fields(kind)]
