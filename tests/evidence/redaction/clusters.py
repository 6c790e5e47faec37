"""Evidence to redact: clusters with every fact there is, names of all sorts, and facts made from their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.evidence.redaction.table import Mapped, kinds_of
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build
from tests.evidence.examples import examples
from tests.store.strategies import enums, values

MADE = Provenance(source="synthetic", host="HV01.contoso.com", file="nodes/HV01/x.xml", digest="ab" * 32)
replaced = msgspec.structs.replace


def with_every_fact(evidence: Evidence) -> Evidence:
    """The evidence with an example of each fact that it has not: on its first node, or of the cluster."""
    facts = dict(evidence.facts)
    listings = dict(evidence.listings)
    names = {name for name, _ in facts}
    for fact in examples():
        info = type(fact).INFO
        holder = evidence.cluster if info.holder is Scope.CLUSTER else evidence.nodes[0]
        assert holder is not None
        if info.name in names:
            continue
        if info.item_key:
            key = getattr(fact, info.item_key)
            listings[info.name, holder.key] = Listing((key,), MADE)
            facts[info.name, key] = Known(fact, MADE)
        else:
            facts[info.name, holder.key] = Known(fact, MADE)
    return replaced(evidence, facts=facts, listings=listings)


def with_vm_names(evidence: Evidence, *names: str) -> Evidence:
    """The evidence with its first VMs called that way, and a gap whose text names the last of them."""
    facts = dict(evidence.facts)
    vms = [
        (place, record) for place, record in facts.items() if isinstance(record, Known) and isinstance(record.fact, Vm)
    ]
    assert len(vms) >= len(names)
    for (place, record), name in zip(vms, names, strict=False):
        facts[place] = replaced(record, fact=replaced(record.fact, name=name))
    detail = f"Get-VMHost failed: {names[-1]} has no access on {evidence.nodes[0].name}"
    facts["rdma", evidence.nodes[0].key] = Gap("rdma", Cause.ACCESS_DENIED, detail, MADE)
    return replaced(evidence, facts=facts)


def small(name: str = "CL01") -> Evidence:
    return build(Blueprint(name=name, nodes=2, vms=12))


def leaves(value: object, kind: Kind | Mapped = Kind.TEXT) -> Iterator[tuple[Kind, str]]:
    """Every text in a value with its kind, as the table declares it."""
    if type(value) is str:
        yield kind if isinstance(kind, Kind) else Kind.TEXT, value
    elif isinstance(value, msgspec.Struct):
        kinds = kinds_of(type(value))
        for field in value.__struct_fields__:
            yield from leaves(getattr(value, field), kinds.get(field, Kind.TEXT))
    elif isinstance(value, Mapping):
        keys, items = (kind, kind) if isinstance(kind, Kind) else kind
        for key, item in value.items():
            yield from leaves(key, keys)
            yield from leaves(item, items)
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from leaves(item, kind)


# --- generated --------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    (
        "A",
        "DC",
        "sql",
        "SQL",
        "SQL01",
        "SQL01-test",
        "Ünïcödé ß",
        "a+b (x) [y]",
        "日本語-1",
        "$^.*",
        "\\d",
        "web.prod",
        "x y",
    )
)
GUIDS = st.uuids().map(str)
SIDS = st.builds(
    "S-1-5-21-{}-{}-{}-{}".format, *[st.integers(1, 2**32 - 1)] * 3, st.sampled_from((500, 501, 512, 1105))
)
ADDRESSES = st.one_of(
    st.ip_addresses(network="10.0.0.0/8"),
    st.ip_addresses(network="192.168.0.0/16"),
    st.ip_addresses(network="2001:db8::/32"),
).map(str)
HOSTS = st.one_of(NAMES, st.builds("{}.contoso.com".format, st.sampled_from(("hv01", "HV02", "DC", "dc01"))), ADDRESSES)
ACCOUNTS = st.one_of(st.builds("CONTOSO\\{}".format, NAMES), st.just("NT AUTHORITY\\SYSTEM"), NAMES)
HEX = st.binary(min_size=20, max_size=20).map(bytes.hex)

OF_KIND: dict[Kind, st.SearchStrategy[str]] = {
    Kind.PUBLIC: st.sampled_from(("Running", "TCP", "445", "My", "1.3.6.1.5.5.7.3.1")),
    Kind.LABEL: st.one_of(st.sampled_from(("WinRM", "Backup of SQL01", "vEthernet (x y)", "RPC"))),
    Kind.QUERY: st.builds(
        "<QueryList><Query><Select Path='{}'>*[EventData[Data='{}']]</Select></Query></QueryList>".format,
        st.sampled_from(("Security", "Microsoft-Windows-Hyper-V-VMMS-Admin")),
        NAMES,
    ),
    Kind.TEXT: st.one_of(st.builds("no access on {}".format, HOSTS), st.just("kaputt")),
    Kind.HOST: HOSTS,
    Kind.DOMAIN: st.sampled_from(("contoso.com", "CONTOSO", "corp.contoso.com", "WORKGROUP")),
    Kind.ACCOUNT: ACCOUNTS,
    Kind.SID: st.one_of(SIDS, st.just("S-1-5-32-544")),
    Kind.SDDL: st.builds("O:BAD:(A;;GA;;;{})".format, SIDS),
    Kind.GUID: GUIDS,
    Kind.ADDRESS: st.one_of(
        ADDRESSES, ADDRESSES.filter(lambda text: ":" not in text).map(lambda text: f"{text}/24"), st.just("Any")
    ),
    Kind.MAC: st.binary(min_size=6, max_size=6).map(bytes.hex),
    Kind.STORAGE_NAME: st.builds("iqn.1991-05.com.microsoft:{}".format, HOSTS),
    Kind.THUMBPRINT: HEX,
    Kind.DN: st.builds("CN={},CN=Computers,DC=contoso,DC=com".format, st.sampled_from(("HV01", "SQL01", "DC"))),
    Kind.SPN: st.builds("HOST/{}".format, HOSTS),
    Kind.ENDPOINT: st.builds(
        "{}:{}/tcp".format, st.sampled_from(("hv01.contoso.com", "10.1.2.3", "DC")), st.integers(1, 65535)
    ),
    Kind.URL: st.builds("https://{}/Attestation".format, st.sampled_from(("hgs.contoso.com", "10.1.2.3", "HV01"))),
    Kind.PATH: st.builds("C:\\Users\\{}\\x.ps1".format, st.sampled_from(("alice", "SQL01", "bob"))),
}


def text_of(kind: Kind) -> st.SearchStrategy[str]:
    return OF_KIND.get(kind, NAMES)


def of_kind(shape: inspect.Type, kind: Kind | Mapped) -> st.SearchStrategy[Any]:
    """Values of a type, its texts of a kind."""
    match shape:
        case inspect.StrType():
            return text_of(kind) if isinstance(kind, Kind) else st.nothing()
        case inspect.StructType(cls=cls):
            return structs(cls)
        case inspect.EnumType(cls=cls):
            return enums(cls)
        case inspect.UnionType(types=types):
            return st.one_of([of_kind(each, kind) for each in types])
        case inspect.VarTupleType(item_type=item):
            return st.lists(of_kind(item, kind), max_size=2).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            keys, items = (kind, kind) if isinstance(kind, Kind) else kind
            return st.dictionaries(of_kind(key, keys), of_kind(value, items), max_size=2)
        case inspect.Metadata(type=inner):
            return of_kind(inner, kind)
    return values(shape)


def structs(cls: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    kinds = kinds_of(cls)
    fields = {field.name: of_kind(field.type, kinds.get(field.name, Kind.TEXT)) for field in info.fields}
    return st.fixed_dictionaries(fields).map(lambda drawn: cls(**drawn))


@st.composite
def clusters(draw: st.DrawFn) -> Evidence:
    """A cluster of two nodes with some facts, every text in them of the kind that the table says."""
    names = draw(
        st.lists(st.sampled_from(("HV01", "HV02", "DC", "A", "SQL", "Ünï")), min_size=2, max_size=2, unique=True)
    )
    key = draw(GUIDS)
    cluster = Subject(Scope.CLUSTER, key, draw(NAMES), aliases=())
    nodes = tuple(
        Subject(Scope.NODE, f"{name.lower()}.contoso.com", name, key, aliases=(name.lower(),)) for name in names
    )
    facts: dict[tuple[str, str], Known | Gap] = {}
    listings: dict[tuple[str, str], Listing | Gap] = {}
    for fact in draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=6, unique=True)):
        holder = key if fact.INFO.holder is Scope.CLUSTER else draw(st.sampled_from(nodes)).key
        put(draw, fact, holder, facts, listings)
    return Evidence(
        label=cluster.name,
        cluster=cluster,
        nodes=nodes,
        facts=facts,
        listings=listings,
        collected=MOMENT,
        source="synthetic",
        synthetic=True,
    )


def put(
    draw: st.DrawFn,
    fact: type[Fact],
    holder: str,
    facts: dict[tuple[str, str], Known | Gap],
    listings: dict[tuple[str, str], Listing | Gap],
) -> None:
    name = fact.INFO.name
    if not fact.INFO.item_key:
        facts[name, holder] = Known(draw(structs(fact)), MADE)
        return
    items = {
        str(getattr(item, fact.INFO.item_key)).casefold(): item for item in draw(st.lists(structs(fact), max_size=2))
    }
    keys = tuple(str(getattr(item, fact.INFO.item_key)) for item in items.values())
    listings[name, holder] = Listing(keys, MADE)
    facts.update({(name, key): Known(item, MADE) for key, item in zip(keys, items.values(), strict=True)})
