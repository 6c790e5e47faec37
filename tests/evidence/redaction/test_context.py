"""The operator's context, redacted with the bundle that it is about."""

from __future__ import annotations

import collections
import datetime
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.assess.context_conflicts import compare_context
from hypervigil.assess.context_file import parse_context
from hypervigil.assess.engine import judge
from hypervigil.assess.registry import compiled_controls
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.redaction import redact
from hypervigil.evidence.redaction.context import CONTEXT
from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.formats.toml_write import toml_of
from hypervigil.model.context import Context
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.demo import DEMO
from tests.assess.declared import TEXT
from tests.evidence.redaction.clusters import small, with_every_fact


def paths(value: object, place: str = "") -> Iterator[str]:
    """The way to every text in a document."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, place)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, f"{place}.{key}" if place else key)


def test_every_text_of_a_context_has_a_kind_and_nothing_else_has() -> None:
    assert set(paths(tomllib.loads(TEXT))) == set(CONTEXT)


def about(evidence: Evidence) -> str:
    """A context that declares things of this cluster, some of them true."""
    assert evidence.cluster is not None
    text = TEXT.replace('clusters = ["CL01"]', f'clusters = ["{evidence.cluster.name.lower()}"]')
    first = evidence.nodes[0]
    return text.replace('"HV01", "hv02.contoso.com"', f'"{first.name}", "{evidence.nodes[1].key}"').replace(
        'host_access = ["Appliance01"]', f'host_access = ["{evidence.cluster.name}-VM0001"]'
    )


def redacted(evidence: Evidence, text: str) -> tuple[Evidence, str]:
    made = redact(evidence, context=tomllib.loads(text))
    assert made.context is not None
    return made.evidence, toml_of(made.context)


def said(evidence: Evidence, context: Context) -> tuple[object, object]:
    judged = judge(evidence, compiled_controls(), context=context)
    findings = collections.Counter(
        (f.control, f.subject.scope, f.outcome, tuple(reason.code for reason in f.reasons)) for f in judged.findings
    )
    compared = compare_context(context, judged.evidence, Subjects(evidence).nodes.subjects)
    assert compared.conflicts
    return findings, collections.Counter((c.reason.code, c.severity) for c in compared.conflicts)


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_judged_with_it_the_result_is_the_same(blueprint: Blueprint) -> None:
    evidence = with_every_fact(build(blueprint))
    text = about(evidence)
    made, new = redacted(evidence, text)
    context, again = (parse_context(each.encode(), "context.toml") for each in (text, new))
    assert said(evidence, context) == said(made, again)
    assert made.cluster is not None
    assert again.is_about(made.cluster.keys)


def test_no_name_or_address_is_left() -> None:
    evidence = small()
    _, new = redacted(evidence, about(evidence))
    for name in (
        "CL01", "contoso", "HV-Admins", "S-1-5-21-1-2-3", "Customers", "PAW01", "JUMP01", "WAC01", "DC01",
        "0F0E0D0C", "nas01", "wec01", "hgs01", "-VM0001", "001122", "Safe", "10.1.0.", "10.20.30", "10.9.", "fd00:9:",
    ):  # fmt: skip
        assert name.casefold() not in new.casefold()
    assert 'purposes = ["cluster", "live_migration"]' in new


# --- writing TOML -----------------------------------------------------------------------------------------------------

plain = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.dates()
)
document = st.recursive(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.one_of(plain, st.lists(plain))),
    lambda inner: st.dictionaries(st.text(max_size=5), st.one_of(plain, inner, st.lists(inner, min_size=1))),
    max_leaves=6,
)


@given(document=document)
def test_what_is_written_reads_back(document: dict[str, object]) -> None:
    assert tomllib.loads(toml_of(document)) == document


def test_what_toml_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError):
        toml_of({"a": None})
    assert toml_of({"a": datetime.date(2026, 1, 2), "b": []}) == "a = 2026-01-02\nb = []\n"


def test_kinds_of_contexts_are_kinds() -> None:
    assert set(CONTEXT.values()) <= set(Kind)
