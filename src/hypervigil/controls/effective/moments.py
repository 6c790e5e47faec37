"""Moments of evidence, made comparable."""

from __future__ import annotations

import datetime

_UTC = datetime.UTC


def in_utc(time: datetime.datetime) -> datetime.datetime:
    """The same moment in UTC. A time without a zone is taken for UTC, as all times of evidence are."""
    zone = time.tzinfo
    if zone is _UTC:  # as a rule: times of evidence are read as such
        return time
    return time.replace(tzinfo=_UTC) if zone is None else time.astimezone(_UTC)


def to_the_minute(time: datetime.datetime) -> str:
    """A moment as people read it, such as ``2026-11-15 09:30``, in UTC."""
    return in_utc(time).isoformat(" ", "minutes")[:16]
