"""Evidence of every kind that the types allow, made from the types themselves.

A fact with a field of a new type fails here until somebody says what its values are.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from hypervigil.evidence.codes import Code
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import GAP_CAUSES
from hypervigil.model.subject import Scope, Subject

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INTEGERS = st.one_of(st.integers(-3, 300), st.integers(-(2**63), 2**64 - 1))
MOMENTS = st.datetimes(
    datetime.datetime(1601, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    timezones=st.integers(-720, 840).map(lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))),
)


PLAIN: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
    inspect.NoneType: st.none(),
    inspect.BoolType: st.booleans(),
    inspect.IntType: INTEGERS,
    inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
    inspect.StrType: TEXTS,
    inspect.DateTimeType: MOMENTS,
    inspect.DateType: st.dates(),
}


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Values of one type, as msgspec sees it."""
    match kind:
        case inspect.StructType(cls=cls):
            return structs(cls)
        case inspect.EnumType(cls=cls):
            return enums(cls)
        case inspect.UnionType(types=types):
            return st.one_of([values(each) for each in types])
        case inspect.VarTupleType(item_type=item):
            return st.lists(values(item), max_size=4).map(tuple)
        case inspect.LiteralType(values=choices):
            return st.sampled_from(choices)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(values(key), values(value), max_size=4)
        case inspect.Metadata(type=inner):
            return values(inner)
    return PLAIN[type(kind)]


def structs(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Instances of a struct; a field with a default is often left at it, as in real evidence."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    required = {field.name: values(field.type) for field in info.fields if field.required}
    optional = {field.name: values(field.type) for field in info.fields if not field.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: cls(**fields))


def enums(cls: type[enum.Enum]) -> st.SearchStrategy[enum.Enum]:
    """Members; of Windows' codes also those that nobody has named yet."""
    members = st.sampled_from(list(cls))
    return st.one_of(members, INTEGERS.map(cls)) if issubclass(cls, Code) else members


PROVENANCE = structs(Provenance)
CAUSES = st.sampled_from(sorted(GAP_CAUSES))
KEYS = st.one_of(
    st.sampled_from(["hv01", "HV01", "hv01.contoso.com", "nul", "con.local", "../..", "a/b", "", "x" * 200, "~"]), TEXTS
)


@st.composite
def gaps(draw: st.DrawFn, name: str) -> Gap:
    return Gap(name, draw(CAUSES), draw(TEXTS), draw(st.none() | PROVENANCE))


@st.composite
def subjects(draw: st.DrawFn, scope: Scope, key: str) -> Subject:
    return Subject(scope, key, draw(TEXTS), draw(TEXTS), aliases=tuple(draw(st.lists(TEXTS, max_size=2))))


@st.composite
def evidence(draw: st.DrawFn, facts: Sequence[type[Fact]] = FACTS) -> Evidence:
    """Evidence with some of these facts; items that several nodes list have one provenance, as reading gives it."""
    cluster = draw(st.none() | KEYS.flatmap(lambda key: subjects(Scope.CLUSTER, key)))
    nodes = [draw(subjects(Scope.NODE, key)) for key in draw(st.lists(KEYS, max_size=3, unique=True))]
    records: dict[tuple[str, str], Known | Gap] = {}
    listings: dict[tuple[str, str], Listing | Gap] = {}
    for fact in facts:
        name = fact.INFO.name
        of_cluster = fact.INFO.holder is Scope.CLUSTER
        holders = [cluster.key if cluster else ""] if of_cluster else [node.key for node in nodes]
        if fact.INFO.item_key:
            draw_lists(draw, fact, holders, records, listings)
            continue
        for key in holders:
            match draw(st.sampled_from(["fact", "gap", "neither"])):
                case "fact":
                    records[name, key] = Known(draw(structs(fact)), draw(PROVENANCE))
                case "gap":
                    records[name, key] = draw(gaps(name))
    return Evidence(
        label=draw(TEXTS),
        cluster=cluster,
        nodes=tuple(nodes),
        facts=records,
        listings=listings,
        collected=draw(st.none() | MOMENTS),
        source=draw(TEXTS),
        skipped=tuple(draw(st.lists(structs(Skipped), max_size=2))),
        synthetic=draw(st.booleans()),
    )


def draw_lists(
    draw: st.DrawFn,
    fact: type[Fact],
    holders: Sequence[str],
    records: dict[tuple[str, str], Known | Gap],
    listings: dict[tuple[str, str], Listing | Gap],
) -> None:
    """Lists of a few items, each with any number of those that may hold it, some of them gaps."""
    name = fact.INFO.name
    provenance = draw(PROVENANCE)
    items: dict[str, Known | Gap] = {}
    for key in draw(st.lists(TEXTS, max_size=4, unique=True)):
        item = msgspec.structs.replace(draw(structs(fact)), **{fact.INFO.item_key: key})
        gap = Gap(name, draw(CAUSES), draw(TEXTS), provenance)
        items[key] = gap if draw(st.booleans()) else Known(item, provenance)
    for holder in holders:
        match draw(st.sampled_from(["list", "gap", "neither"])):
            case "list":
                keys = tuple(draw(st.permutations(sorted(items))))[: draw(st.integers(0, len(items)))]
                listings[name, holder] = Listing(keys, provenance)
                records.update({(name, key): items[key] for key in keys})
            case "gap":
                listings[name, holder] = draw(gaps(name))
