"""When a made-up host was asked and when it booted, and small pieces that its facts are made of."""

from __future__ import annotations

import datetime
from typing import Any, TypeVar

import msgspec

from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.registry import RegistryState, RegistryValue

AT = datetime.datetime(2026, 11, 16, 6, 0, tzinfo=datetime.UTC)
"""When the host was asked: the moment of every synthetic cluster."""
BOOT = datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC)
"""When it booted, as ``defaults.operating_system`` has it."""
DOMAIN_SID = "S-1-5-21-1004336348-1177238915-682003330"
MACHINE_SID = "S-1-5-21-2052111302-1715567821-839522115"

F = TypeVar("F", bound=Fact)


def changed(fact: F, changes: dict[str, Any]) -> F:
    """The fact with single fields replaced."""
    return msgspec.structs.replace(fact, **changes)


def registry_text(text: str) -> RegistryValue:
    """A REG_SZ that is present."""
    return RegistryValue(RegistryState.PRESENT, "REG_SZ", text)


def window(channel: str, *, days: int = 30) -> LogWindow:
    """A log that reaches back further than was asked for."""
    since = AT - datetime.timedelta(days=days)
    return LogWindow(channel=channel, since=since, oldest=since - datetime.timedelta(days=days))
