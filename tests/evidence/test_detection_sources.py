"""The table of what detections need fits what is collected, and itself."""

from __future__ import annotations

from collections import Counter

import pytest

from hypervigil.evidence.audit import AuditSetting
from hypervigil.evidence.detection_sources import (
    AUDIT_SOURCES,
    CHANNEL_SOURCES,
    DETECTIONS,
    IF_SIZE_ALLOWS,
    ON_A_FILE_SERVER,
    PRODUCERS,
    ChannelSource,
    Tier,
    channel_source,
)
from hypervigil.evidence.event_logs import CHANNELS
from hypervigil.evidence.register import BY_NAME

OF_A_COLLECTOR = {"ForwardedEvents", "Microsoft-Windows-EventCollector/Operational"}


def test_every_channel_is_asked_for_and_every_one_that_is_asked_for_has_a_row() -> None:
    assert {source.name for source in CHANNEL_SOURCES} == set(CHANNELS) - OF_A_COLLECTOR


def test_a_channel_is_found_in_any_case() -> None:
    found = channel_source("microsoft-windows-SMBCLIENT/audit")
    assert found is not None
    assert found.name == "Microsoft-Windows-SmbClient/Audit"
    assert channel_source("Microsoft-Windows-Hyper-V-VMMS") is None  # a provider


def test_every_row_says_what_it_shows() -> None:
    silent = [source.name for source in CHANNEL_SOURCES if not (source.shows or source.instead)]
    assert silent == []


def test_every_detection_has_a_channel() -> None:
    assert set(DETECTIONS) == {number for source in CHANNEL_SOURCES for number in source.detections}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Microsoft-Windows-SMBServer/Security", 551),
        ("System", 1135),
        ("Microsoft-Windows-CodeIntegrity/Operational", 3111),
        ("Microsoft-Windows-CodeIntegrity/Operational", 3087),
        ("Microsoft-Windows-Hyper-V-VMMS-Admin", 18303),
        ("Security", 1102),
    ],
)
def test_where_events_are_that_are_often_looked_for_elsewhere(name: str, number: int) -> None:
    holding = [s.name for s in CHANNEL_SOURCES if any(number in wanted.ids for wanted in s.wanted)]
    assert holding == [name]


def test_demanded_and_advised_exclude_each_other() -> None:
    both = [source.name for source in CHANNEL_SOURCES if source.demanded and source.advised]
    neither = [source for source in CHANNEL_SOURCES if not (source.demanded or source.advised)]
    assert both == []
    assert all(source.tier is Tier.LOCAL or source.instead for source in neither)


def test_every_subcategory_has_one_row_and_wants_something() -> None:
    assert max(Counter(source.guid for source in AUDIT_SOURCES).values()) == 1
    assert all(source.wanted is not AuditSetting.NONE for source in AUDIT_SOURCES)
    known = {source.guid for source in AUDIT_SOURCES}
    assert ON_A_FILE_SERVER in known
    assert IF_SIZE_ALLOWS not in known


def test_every_producer_is_a_field_of_a_fact_and_writes_into_a_channel_of_the_table() -> None:
    for producer in PRODUCERS:
        assert producer.field in BY_NAME[producer.fact].__struct_fields__
        assert isinstance(channel_source(producer.channel), ChannelSource)
