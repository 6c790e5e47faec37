"""One row of a control's test table: evidence in, the exact outcome and reasons out.

A test module of a control holds ``CONTROL_MODULE`` and ``CASES`` and nothing else; ``test_cases.py`` runs every table,
and the meta-test asks whether the tables, together, show all that a control can say. All evidence is synthetic unless a
case says where it was recorded.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from hypervigil.assess.compile import compile_control
from hypervigil.assess.engine import judge
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import BY_NAME
from hypervigil.model.context import Context
from hypervigil.model.finding import Finding
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import defaults

SYNTHETIC = Provenance(source="synthetic")


@dataclass(frozen=True)
class Case:
    """``node`` is the shorthand for one node (HV01) with these facts; ``nodes`` gives facts by node name.

    ``gaps`` turns facts into gaps: ``{"tpm": cause}`` on every node, ``{"tpm@HV02": cause}`` on one; cluster facts by
    their plain name; a list as a whole. ``empty`` names lists that were made and hold nothing, where a case gives no
    item of them. ``subject`` picks the judged subject by name where there are several
    (``HV01 → HV02``). ``because`` are all reason codes of the finding, in order. ``collected`` is when the evidence
    was made, ``context`` what the operator declares.
    """

    name: str
    gives: Outcome
    because: tuple[str, ...] = ()
    node: tuple[Fact, ...] = ()
    nodes: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    cluster: tuple[Fact, ...] = ()
    gaps: Mapping[str, Cause] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    subject: str = ""
    cause: Cause | None = None
    confidence: Confidence | None = None
    says: str = ""
    collected: datetime.datetime | None = None
    context: Context | None = None

    @property
    def evidence(self) -> Evidence:
        """A cluster CL01 with the nodes of this case."""
        by_node = self.nodes or {"HV01": self.node}
        cluster = Subject(Scope.CLUSTER, "11111111-2222-4333-8444-555555555555", "CL01", aliases=("cl01",))
        nodes = tuple(
            Subject(Scope.NODE, f"{name.lower()}.contoso.com", name, cluster.key, aliases=(name.lower(),))
            for name in by_node
        )
        facts: dict[tuple[str, str], Known | Gap] = {}
        listings: dict[tuple[str, str], Listing | Gap] = {}
        given = [(cluster, (defaults.cluster_nodes(*by_node), *self.cluster))]
        given += zip(nodes, by_node.values(), strict=True)
        for subject, own in given:
            for fact in own:
                key = subject.key
                if type(fact).INFO.item_key:
                    key = str(getattr(fact, type(fact).INFO.item_key))
                    held = listings.get((type(fact).INFO.name, subject.key))
                    keys = held.keys if isinstance(held, Listing) else ()
                    listings[type(fact).INFO.name, subject.key] = Listing((*keys, key))
                facts[type(fact).INFO.name, key] = Known(fact, SYNTHETIC)
        for name in self.empty:
            for subject in (cluster,) if BY_NAME[name].INFO.holder is Scope.CLUSTER else nodes:
                listings.setdefault((name, subject.key), Listing(()))
        for where, cause in self.gaps.items():
            name, _, node = where.partition("@")
            info = BY_NAME[name].INFO
            for subject in (cluster,) if info.holder is Scope.CLUSTER else nodes:
                if node in ("", subject.name):
                    records: dict[tuple[str, str], Any] = listings if info.item_key else facts
                    records[name, subject.key] = Gap(name, cause, "made a gap by the test")
        return Evidence(
            label="CL01",
            cluster=cluster,
            nodes=nodes,
            facts=facts,
            listings=listings,
            collected=self.collected,
            synthetic=True,
        )


def finding_of(module: ModuleType, case: Case) -> Finding:
    """The one finding that the control makes of the case's subject."""
    judged = judge(case.evidence, [compile_control(module)], context=case.context)
    assert not judged.diagnostics, judged.diagnostics[0].trace
    findings = [f for f in judged.findings if case.subject in ("", f.subject.name)]
    assert len(findings) == 1, [f.subject.name for f in findings]
    return findings[0]
