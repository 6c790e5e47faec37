"""How facts are read: commands that exist, named properties, events with bounds, registry values of real fields."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator

import msgspec
import pytest
from msgspec import Meta

from hypervigil.evidence.events import Event, LogWindow, RepeatedEvent
from hypervigil.evidence.fact import Fact, Read
from hypervigil.evidence.register import FACTS
from tests.shared import shared_data
from tools.fields import types_below

EACH = pytest.mark.parametrize("fact", FACTS, ids=[fact.INFO.name for fact in FACTS])

PLAIN = {"Confirm-SecureBootUEFI": "True or False", "Get-VMKeyProtector": "bytes"}
"""Commands that give plain values, so that there is no property to name."""

PROGRAMS = {"secedit.exe", "auditpol.exe", "w32tm.exe"}

_PARAMETER = re.compile(r"(?<![\w-])-([A-Za-z]\w*)")
_QUOTED = re.compile(r"'[^']*'|\{[^}]*\}|[A-Za-z]+:\\\S+|root\\\S+")


def reads() -> Iterator[tuple[type[Fact], Read]]:
    for fact in FACTS:
        for read in fact.INFO.reads:
            yield fact, read


def hints(kind: type[msgspec.Struct]) -> dict[str, object]:
    return {
        name: hint
        for name, hint in typing.get_type_hints(kind, include_extras=True).items()
        if name in kind.__struct_fields__
    }


def test_every_read_says_what_it_takes() -> None:
    for fact, read in reads():
        kinds = [bool(read.command), bool(read.registry), bool(read.events)]
        assert sum(kinds) == 1, (fact.INFO.name, read)
        if read.command and not read.properties:
            assert read.command.split()[0] in PLAIN, fact.INFO.name
        assert "*" not in read.properties


def test_every_cmdlet_and_parameter_is_microsofts() -> None:
    reference = json.loads(shared_data("powershell-reference.json").read_bytes())
    for fact, read in reads():
        for part in read.command.split("|"):
            words = part.split()
            if not words or words[0] in PROGRAMS:
                continue
            entry = reference.get(words[0].lower())
            assert entry is not None, (fact.INFO.name, words[0])
            known = {*entry["parameters"], *(a for p in entry["parameters"].values() for a in p["aliases"])}
            asked = {name.lower() for name in _PARAMETER.findall(_QUOTED.sub("", part.partition(words[0])[2]))}
            assert asked <= known, (fact.INFO.name, part, asked - known)


def test_registry_values_belong_to_fields() -> None:
    for fact, read in reads():
        fields = set(fact.__struct_fields__) | DERIVED.get(fact.INFO.name, set())
        for value in read.registry:
            assert value.field in fields, (fact.INFO.name, value.field)
            assert not value.key.startswith(("HKLM", "HKEY", "\\")), value.key
            assert value.name, value.key


DERIVED = {"sysmon_config": {"rules"}}
"""Registry values of which a fact keeps something else: of the rules their digest and size."""


@EACH
def test_every_field_explains_itself(fact: type[Fact]) -> None:
    """A field has a description, or a name and a type that need none."""
    for kind in (fact, *(each for each in types_below(fact) if issubclass(each, msgspec.Struct))):
        for name, hint in hints(kind).items():
            described = typing.get_origin(hint) is typing.Annotated and any(
                isinstance(each, Meta) and each.description for each in typing.get_args(hint)[1:]
            )
            assert described or plain(fact, name, hint), f"{kind.__name__}.{name} of {fact.INFO.name}: {hint}"


PLAIN_WORDS = {
    *("name", "path", "port", "address", "addresses", "provider", "channel", "time", "version", "transport", "deny"),
    *("subject", "issuer", "not_before", "not_after", "store", "ip_names", "metric", "type", "data"),
}
"""Names in which there is nothing to explain."""


def plain(fact: type[Fact], name: str, hint: object) -> bool:
    """Whether a field needs no description: its type is one of ours, or its name says it or is Windows' own."""
    if any(isinstance(each, type) and each.__module__.startswith("hypervigil.") for each in leaves(hint)):
        return True
    return name in PLAIN_WORDS or any(in_order(name.split("_"), property_) for property_ in taken(fact))


def taken(fact: type[Fact]) -> set[str]:
    """The names of all properties, event data and registry values that a fact is read from."""
    reads_ = fact.INFO.reads
    named = {each for read in reads_ for each in read.properties}
    named |= {each for read in reads_ for events in read.events for each in events.fields}
    return named | {each.name for read in reads_ for each in read.registry}


def in_order(words: list[str], name: str) -> bool:
    """Whether all words stand in a name, one after the other: ``attestation_url`` in ``AttestationServerUrl``."""
    rest = name.lower()
    for word in words:
        _, found, rest = rest.partition(word)
        if not found:
            return False
    return True


def leaves(hint: object) -> Iterator[object]:
    """The types that a hint is made of."""
    arguments = typing.get_args(hint)
    if not arguments:
        yield hint
    for each in arguments:
        yield from leaves(each)


def test_events_are_bounded_and_say_where_they_stand() -> None:
    for fact, read in reads():
        for each in read.events:
            assert 0 < each.days <= 365, fact.INFO.name
            assert 0 < each.most <= 20_000, fact.INFO.name
            assert each.ids, fact.INFO.name
            assert len(set(each.ids)) == len(each.ids), fact.INFO.name
        if read.events and fact.INFO.name not in NEWEST_ONLY:
            kinds = set(types_below(fact))
            assert any(issubclass(kind, Event) for kind in kinds), fact.INFO.name
            assert LogWindow in kinds, fact.INFO.name


NEWEST_ONLY = {"driver_blocklist", "sysmon_config", "edr_onboarding"}
"""They keep the newest event of each id; how far back the log reaches says nothing about those."""


def test_every_event_carries_record_id_and_channel() -> None:
    for kind in (Event, RepeatedEvent):
        required = {field.name for field in msgspec.structs.fields(kind) if field.required}
        assert required == {"record_id", "channel", "provider", "id", "time"}
