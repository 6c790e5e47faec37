"""Derived facts: computed from other facts before controls run, with the provenance of what they were made from.

A derivation is a pure function that lives in the package that knows how (drivers, settings, hunt) and is registered
here. None is needed yet: every control of today asks for facts that a host gives.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hypervigil.evidence.evidence import Evidence, Gap, Known, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope


class Derivation(msgspec.Struct, frozen=True):
    """Makes one fact of a node (or of the cluster) out of facts of the same subject.

    ``function`` takes the facts of ``inputs`` in their order, and is not called when one is missing.
    """

    produces: type[Fact]
    inputs: tuple[type[Fact], ...]
    function: Callable[..., Fact]


DERIVATIONS: tuple[Derivation, ...] = ()


def derive(evidence: Evidence, derivations: tuple[Derivation, ...]) -> Evidence:
    """The evidence with the derived facts added; one that is there already (from a bundle) is made anew."""
    if not derivations:
        return evidence
    facts = dict(evidence.facts)
    for derivation in derivations:
        current = msgspec.structs.replace(evidence, facts=facts)
        about = derivation.produces.INFO.subject
        keys = [evidence.cluster.key] if about is Scope.CLUSTER and evidence.cluster else []
        for key in keys if about is Scope.CLUSTER else [node.key for node in evidence.nodes]:
            facts[derivation.produces.INFO.name, key] = _make(current, derivation, key)
    return msgspec.structs.replace(evidence, facts=facts)


def _make(evidence: Evidence, derivation: Derivation, key: str) -> Known | Gap:
    name = derivation.produces.INFO.name
    inputs: list[Fact] = []
    origins: list[str] = []
    for fact in derivation.inputs:
        record = evidence.record(fact.INFO.name, key)
        if isinstance(record, Gap):
            return Gap(name, record.cause, f"made from {fact.INFO.name}, which is missing: {record.detail}")
        inputs.append(record.fact)
        origins.append(record.document or fact.INFO.name)
    try:
        made = derivation.function(*inputs)
    except ValueError as error:
        return Gap(name, Cause.UNPARSABLE, f"could not be made from {', '.join(origins)}: {error}")
    return Known(made, Provenance(source="derived", remark=f"made from {', '.join(origins)}"))
