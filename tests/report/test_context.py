"""The operator's context in reports: what is declared, what contradicts it, and what nobody could compare."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import msgspec
import pytest
from rich.console import Console

from hypervigil.assess.assessment import Assessment, assess, lean
from hypervigil.assess.context_file import parse_context
from hypervigil.model.context import CONTEXT, Context
from hypervigil.model.outcome import Cause
from hypervigil.report import html, json_format
from hypervigil.report.context import declared, undeclared
from hypervigil.report.json_model import MissingFact
from hypervigil.report.sentences import why
from hypervigil.report.terminal import print_assessments
from tests.assess.declared import DECLARED
from tests.report import sample

CONTRADICTED = """
expected_nodes = ["CL01-N01", "CL01-N02", "CL01-N03", "CL01-N04", "CL01-N09", "CL01-N10", "CL01-N11", "<b>N12</b>"]
admin_groups = ["A"]
"""


def assessed(text: str, *, label: str = "CL01") -> Assessment:
    context = parse_context(text.encode(), "here/context.toml")
    return assess(sample.cluster_evidence(label=label), sample.CONTROLS, context=context, today=sample.MADE.date())


def on_a_terminal(assessments: Sequence[Assessment]) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False, emoji=False, color_system=None)
    print_assessments(iter(assessments), sample.CONTROLS, console)
    return " ".join(out.getvalue().split())


def page(*assessments: Assessment) -> str:
    return " ".join(html.render(assessments, sample.CONTROLS, made=sample.MADE).split())


def test_all_that_is_declared_is_told_key_by_key() -> None:
    assert dict(declared(DECLARED)) == {
        "clusters": ("CL01",),
        "tenancy": ("multi",),
        "expected_nodes": ("HV01", "hv02.contoso.com"),
        "admin_groups": (r"CONTOSO\HV-Admins", "S-1-5-21-1-2-3-1105"),
        "local_kdc_needed": ("no",),
        "networks": (
            "Management (10.1.0.0/24, fd00:1::/64, VLAN 10, management)",
            "10.20.30.0/24 (cluster and live migration, isolated)",
            "VLAN 71, 72 (storage)",
            "Customers (172.16.0.0/12, VLAN 100, tenant, not isolated)",
            "192.0.2.0/24 (untrusted)",
        ),
        "jump_hosts": ("PAW01 (paw, 10.9.0.5)", "JUMP01 (jump host, 10.9.1.0/28, fd00:9::5)"),
        "wac_gateways": ("WAC01 (port 443, entra conditional access, 10.9.0.9)",),
        "tier0_guests": ("DC01 (domain controller)", "0f0e0d0c-0b0a-4908-8706-050403020100"),
        "smb_endpoints": ("nas01.contoso.com (port 445, can sign)", "nas01.contoso.com (port 8445)"),
        "edr": ("Sensor of the house (SensorSvc, SensorHelper)",),
        "backup": ("Backups of the house (agent in guest)",),
        "logs": (
            "go to wec01.contoso.com",
            "sent by ShipperSvc",
            "kept for 365 days",
            "required for 180 days",
            "on the host for 7 days",
        ),
        "shielding": (
            "separate owners: yes",
            "operated from the host: Appliance01",
            "nodes of the Host Guardian Service: hgs01, hgs02, hgs03",
            "fallback tested: yes",
            "key copy 00112233445566778899AABBCCDDEEFF00112233 (Safe in the other building, until 2030-01-31)",
        ),
    }
    assert undeclared(DECLARED) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jump_hosts = []", {"jump_hosts": ()}),
        ("[logs]\ndestinations = []\nagents = []", {"logs": ("go to nowhere", "sent by no agent")}),
        (
            "[shielding]\nhost_access = []\nhgs_nodes = []\nkey_copies = []\nseparate_owners = false",
            {
                "shielding": (
                    "separate owners: no",
                    "operated from the host: none",
                    "nodes of the Host Guardian Service: none",
                    "no key copies",
                )
            },
        ),
        ("[[smb_endpoints]]\nhost = 'n'\ncan_sign = false", {"smb_endpoints": ("n (port 445, can not sign)",)}),
    ],
)
def test_that_there_is_none_is_something_else_than_nothing(text: str, said: dict[str, tuple[str, ...]]) -> None:
    context = parse_context(text.encode(), "c.toml")
    assert dict(declared(context)) == said
    assert not set(said) & set(undeclared(context))
    assert len(undeclared(context)) == len(undeclared(Context(file=""))) - 1


def test_json_says_what_was_declared_and_what_contradicts_it() -> None:
    report = json.loads(json_format.render((assessed(CONTRADICTED),), sample.CONTROLS, made=sample.MADE))
    used = report["clusters"][0]["context"]
    assert used["file"] == "here/context.toml"
    assert used["declared"][1] == {"what": "admin_groups", "values": ["A"]}
    assert "networks" in used["undeclared"]
    unchecked = {part["what"]: {gap["fact"] for gap in part["missing"]} for part in used["unchecked"]}
    assert unchecked["admin groups"] == {"local_groups"}


def test_a_lean_assessment_keeps_where_conflicts_come_from() -> None:
    whole = assessed("expected_nodes = ['NONE']")
    assert whole.conflicts
    assert all(conflict.evidence for conflict in whole.conflicts)
    reports = [
        json.loads(json_format.render((one,), sample.CONTROLS, made=sample.MADE))["clusters"][0]["context"]
        for one in (whole, lean(whole))
    ]
    assert reports[0] == reports[1]


def test_no_context_is_shown_where_nobody_declared_one() -> None:
    (plain,) = sample.run()
    assert "Context:" not in on_a_terminal([plain])
    assert 'id="context"' not in page(plain)
    assert json.loads(json_format.render((plain,), sample.CONTROLS, made=sample.MADE))["clusters"][0]["context"] is None


def test_a_context_that_nothing_contradicts() -> None:
    agreed = assessed("tenancy = 'single'")
    assert "Context: here/context.toml, nothing contradicts it." in on_a_terminal([agreed])
    text = page(agreed)
    assert "Nothing contradicts it." in text
    assert "<dt>tenancy</dt><dd><bdi>single</bdi></dd>" in text


def test_conflicts_are_told_and_those_alike_are_counted() -> None:
    made = assessed(CONTRADICTED)
    assert made.conflicts
    told = on_a_terminal([made])
    assert f"Context: here/context.toml, {len(made.conflicts)} conflicts:" in told
    assert "is expected, but the cluster does not list it. (here/context.toml:2)" in told
    assert "Not compared in full, for facts that are missing: admin groups (local_groups)." in told
    assert "and 1 more like the last one" in told


def test_the_page_tells_conflicts_without_obeying_them() -> None:
    text = page(assessed(CONTRADICTED), assessed("tenancy = 'multi'", label="CL02"))
    assert "<caption>Conflicts with what is declared</caption>" in text
    assert "&lt;b&gt;N12&lt;/b&gt; is expected" in text
    assert "<b>N12" not in text.partition('id="data"')[0]
    assert text.count("<summary>What is declared</summary>") == 2
    assert '<a href="#context">Context</a>' in text
    assert "<code>cluster_nodes</code>" in text


def test_a_missing_context_is_said_in_words() -> None:
    missing = MissingFact(fact=CONTEXT, cause=Cause.NOT_COLLECTED, detail="no context was declared")
    assert why(missing) == "Nobody declared a context."
    assert why(msgspec.structs.replace(missing, fact="tpm", detail=None)) == "The fact tpm was not collected."
