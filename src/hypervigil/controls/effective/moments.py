"""Moments of evidence, made comparable."""

from __future__ import annotations

import datetime


def in_utc(time: datetime.datetime) -> datetime.datetime:
    """The same moment in UTC. A time without a zone is taken for UTC, as all times of evidence are."""
    return time.replace(tzinfo=datetime.UTC) if time.tzinfo is None else time.astimezone(datetime.UTC)
