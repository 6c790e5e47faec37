"""Pages of the facts: what is written down about each type of fact, its fields, and the controls that need it."""

from __future__ import annotations

import datetime
import enum
import types
import typing
from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.assess.compile import CompiledControl
from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read
from hypervigil.model.subject import Scope
from tools.fields import description, types_below
from tools.markdown import SUBJECTS, block, code, page, prose, table


def fact_page(fact: type[Fact], controls: Sequence[CompiledControl]) -> str:
    """The page of one type of fact."""
    info = fact.INFO
    release = info.minimum_release.title if info.minimum_release else "every supported release"
    holder = "of a node" if info.holder is Scope.NODE else "that are known"
    many = f"; one document holds all {holder}, told apart by {code(info.item_key)}" if info.item_key else ""
    return page(
        f"# {code(info.name)}  {info.title}",
        prose(fact),
        table(
            ("", ""),
            [
                ("About", f"one {SUBJECTS[info.subject]}{many}"),
                ("From", release),
                ("Source", f"the {info.origin.value}"),
                ("Elevated prompt", _elevated(info)),
                ("In an SDDC archive", "may be" if info.in_sddc else "no"),
                ("Schema", f"[version {info.version}](../schema/{info.name}.schema.json)"),
            ],
        ),
        "## Fields",
        _fields(fact),
        *(_type_section(each) for each in types_below(fact)),
        "## How it is read",
        *(map(_read, info.reads) if info.reads else ["Nothing reads it yet."]),
        "## Controls that need it",
        ", ".join(_used_by(fact, controls)) or "None yet.",
        "## Sources",
        "\n".join(f"- {source}" for source in info.sources),
    )


def _elevated(info: FactType) -> str:
    if not info.read_on_host:
        return "-"
    return "needed" if info.elevated else "not needed"


def fact_index(facts: Sequence[type[Fact]]) -> str:
    """The list of all types of fact."""
    rows = [
        (
            f"[{fact.INFO.name}]({fact.INFO.name}.md)",
            fact.INFO.title,
            SUBJECTS[fact.INFO.subject],
            _elevated(fact.INFO),
            "yes" if fact.INFO.in_sddc else "no",
        )
        for fact in sorted(facts, key=lambda each: each.INFO.name)
    ]
    return page(
        "# Facts",
        "A fact is one typed piece of evidence about one subject. What was looked up while they were written is in "
        "[lookups.md](lookups.md).",
        table(("fact", "title", "about one", "elevated prompt", "in an SDDC archive"), rows),
    )


def _used_by(fact: type[Fact], controls: Sequence[CompiledControl]) -> Iterator[str]:
    for compiled in controls:
        needs = [need for need in (*compiled.conditions, *compiled.needs) if need.fact is fact]
        if needs:
            optional = " (optional)" if all(need.optional for need in needs) else ""
            yield f"[{compiled.control.id}](../controls/{compiled.control.id}.md){optional}"


def _read(read: Read) -> str:
    if read.registry:
        rows = [(code(each.field), code(f"HKLM\\{each.key}"), code(each.name)) for each in read.registry]
        return table(("field", "registry key", "value"), rows)
    if read.events:
        return _events(read.events)
    parts = [block(read.command)] if read.command else []
    if read.properties:
        parts.append("Properties: " + ", ".join(map(code, read.properties)) + ".")
    if read.shapes:
        parts.append("Exported objects are recognised by " + ", ".join(map(code, read.shapes)) + ".")
    return "\n\n".join(parts)


def _events(events: Sequence[EventRead]) -> str:
    rows = [
        (code(each.log), code(each.provider), ", ".join(map(str, each.ids)), ", ".join(map(code, each.fields)))
        for each in events
    ]
    bounds = "; ".join(dict.fromkeys(f"{each.days} days, {each.most:,} events" for each in events))
    return f"Events, at most of each log: {bounds}.\n\n" + table(("log", "provider", "ids", "data"), rows)


def _fields(kind: type[msgspec.Struct]) -> str:
    hints = typing.get_type_hints(kind, include_extras=True)
    rows = [
        (code(field.name), _type_in_words(hints[field.name]), description(hints[field.name]))
        for field in msgspec.structs.fields(kind)
    ]
    return table(("field", "type", "meaning"), rows)


_WORDS: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    bytes: "bytes",
    datetime.datetime: "time in UTC",
    datetime.date: "date",
    datetime.timedelta: "duration",
    type(None): "null",
}


def _type_in_words(hint: object) -> str:
    if hint in _WORDS:
        return _WORDS[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _type_in_words(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type_in_words(each) for each in arguments)
    if origin is typing.Literal:
        return " or ".join(code(str(each)) for each in arguments)
    if origin in (tuple, list, frozenset, set):
        return f"list of {_type_in_words(arguments[0])}"
    if origin in (dict, typing.get_origin(typing.Mapping[str, str])):
        return f"{_type_in_words(arguments[1])} by {_type_in_words(arguments[0])}"
    if isinstance(hint, type):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    msg = f"the pages have no words for the type {hint!r}"
    raise TypeError(msg)


def _type_section(kind: type) -> str:
    """What a field's own type means: the members of an enumeration, or the fields of a structure."""
    if issubclass(kind, Code):
        rows = table(("code", "name"), [(str(int(member)), code(member.name)) for member in kind])
        rows += "\n\nOther codes are kept as they are."
    elif issubclass(kind, enum.Enum):
        rows = table(("value",), [(code(str(member.value)),) for member in kind])
    elif issubclass(kind, msgspec.Struct):
        rows = _fields(kind)
    else:
        msg = f"{kind!r} is neither an enumeration nor a structure"
        raise TypeError(msg)
    return "\n\n".join(part for part in (f"### {kind.__name__}", prose(kind), rows) if part)
