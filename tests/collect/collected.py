"""Facts out of a run of the collector, decoded."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from hypervigil.evidence.fact import Fact
from tests.collect.collector import Document, Run, run_collector

F = TypeVar("F", bound=Fact)


def collect(*facts: str, **options: Any) -> Run:
    """A run that reads these facts only; ``options`` are those of ``run_collector``."""
    run = run_collector("-Only", ",".join(facts), **options)
    assert run.status == 0, run.messages
    return run


def fact_of(run: Run, fact: type[F]) -> F:
    """The one fact of a type, decoded."""
    document = run.by_fact()[fact.INFO.name]
    assert document.status == "known", f"{document.cause}: {document.detail}"
    return msgspec.convert(document.data, fact)


def gap_of(run: Run, fact: type[Fact]) -> Document:
    """The document of a fact that is a gap."""
    document = run.by_fact()[fact.INFO.name]
    assert document.status == "gap"
    return document
