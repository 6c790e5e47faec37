"""Controls made for a test, and the evidence that makes them say what the test wants.

A planted control reads its outcome off a fact: the caption of an operating system is the name of the reason. So a row
of a table says what each node makes the control say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from hypervigil.assess.compile import CompiledControl, compile_control
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from tests.controls.case import Case


class Why(ReasonCode):
    GOOD = passes("Good.")
    BAD = fails("Bad.")
    ODD = reviews("Odd?", Confidence.UNVERIFIED)
    OUT = excludes("Not one of those.")
    DARK = unknown("Dark.", Cause.NOT_IN_SOURCE)


def node_says(system: OperatingSystem) -> Verdict:
    return verdict(Why[system.caption]())


def nodes_say(systems: Nodes[OperatingSystem]) -> Verdict:
    return verdict(*(Why[system.caption]() for _, system in systems))


def plant(
    assess: Callable[..., object] = node_says,
    applies: Callable[..., Reason | None] | None = None,
    **control: Any,
) -> CompiledControl:
    """A compiled control of scope node, unless ``control`` replaces a part of it."""
    module = ModuleType("planted")
    parts: dict[str, Any] = {
        "id": "PLT-901",
        "title": "Planted",
        "family": Family.PLATFORM,
        "scope": Scope.NODE,
        "severity": Severity.HIGH,
        "reasons": Why,
    }
    vars(module).update(CONTROL=Control(**{**parts, **control}), assess=assess)
    if applies is not None:
        vars(module)["applies"] = applies
    return compile_control(module)


def says(caption: str) -> OperatingSystem:
    """The fact that makes a planted control say this."""
    return defaults.operating_system(caption=caption)


def evidence(
    nodes: Mapping[str, tuple[Fact, ...]], *cluster: Fact, gaps: Mapping[str, Cause] | None = None
) -> Evidence:
    """A cluster CL01 of these nodes; see ``Case`` for how gaps are written."""
    return Case("", Outcome.PASS, nodes=nodes, cluster=cluster, gaps=gaps or {}).evidence
