"""The generated pages and schemas: current, complete, and right about what they describe."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from hypervigil.assess.registry import compiled_controls
from hypervigil.evidence.codes import Code
from hypervigil.evidence.evidence import Known
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.platform import DeviceGuard, VbsStatus
from hypervigil.evidence.register import FACTS
from hypervigil.report import json_format
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import Blueprint, build
from tests.evidence.examples import examples
from tests.report import sample
from tools import make_docs
from tools.fields import types_below

DOCS = make_docs.REPOSITORY / "docs"


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return make_docs.generated()


def test_what_is_committed_is_current(generated: dict[str, str]) -> None:
    assert make_docs.differences(DOCS, generated) == {}, "run 'make docs' and commit what it changes"


def test_writing_checking_and_what_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--docs", str(tmp_path)]
    assert make_docs.main(folder) == 0
    assert make_docs.main([*folder, "--check"]) == 0
    page, stale, own = (tmp_path / "controls" / name for name in ("SMB-007.md", "SMB-999.md", "by-hand.md"))
    schema = tmp_path / "schema" / "tpm.schema.json"
    stale.write_text(page.read_text("utf-8"), "utf-8")
    page.write_text(page.read_text("utf-8") + "more\n", "utf-8")
    own.write_text("# written by a person\n", "utf-8")
    schema.unlink()
    capsys.readouterr()

    assert make_docs.main([*folder, "--check"]) == 1
    said = capsys.readouterr().out
    name = tmp_path.name
    assert f"{name}/controls/SMB-007.md: out of date\n" in said
    assert f"{name}/controls/SMB-999.md: nothing makes it any more\n" in said
    assert f"{name}/schema/tpm.schema.json: missing\n" in said
    assert (stale.exists(), schema.exists()) == (True, False)

    assert make_docs.main(folder) == 0
    assert make_docs.main([*folder, "--check"]) == 0
    assert (stale.exists(), schema.exists(), own.exists()) == (False, True, True)


def test_lines_of_a_windows_checkout_are_no_difference(tmp_path: Path) -> None:
    wanted = {"a.md": "one\ntwo\n"}
    (tmp_path / "a.md").write_bytes(b"one\r\ntwo\r\n")
    assert make_docs.differences(tmp_path, wanted) == {}


LINK = re.compile(r"\]\(([^)#]+)\)")


def test_links_lead_somewhere(generated: dict[str, str]) -> None:
    for path, text in generated.items():
        for target in LINK.findall(text) if path.endswith(".md") else ():
            file = (DOCS / path).parent / target
            known = file.resolve().relative_to(DOCS.resolve()).as_posix()
            assert known in generated or file.is_file(), (path, target)


def test_every_control_and_fact_has_its_page_and_is_listed(generated: dict[str, str]) -> None:
    for compiled in compiled_controls():
        text = generated[f"controls/{compiled.control.id}.md"]
        assert compiled.page.markdown in text
        for reason in compiled.control.reasons:
            assert f"| `{reason.name.lower()}` |" in text
        for need in (*compiled.needs, *compiled.conditions):
            assert f"[{need.fact.INFO.name}](../facts/{need.fact.INFO.name}.md)" in text
            assert f"[{compiled.control.id}](" in generated[f"facts/{need.fact.INFO.name}.md"]
        assert f"[{compiled.control.id}]({compiled.control.id}.md)" in generated["controls/README.md"]
    for fact in FACTS:
        assert f"[{fact.INFO.name}]({fact.INFO.name}.md)" in generated["facts/README.md"]


def test_what_a_fact_page_says(generated: dict[str, str]) -> None:
    text = generated["facts/device_guard.md"]
    assert r"Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard" in text
    assert "| `services_running` | list of [SecurityService](#securityservice) | A set; 0 stands for none. |" in text
    assert "| 1 | `CREDENTIAL_GUARD` |" in text
    assert "| Elevated prompt | needed |" in text
    policy = generated["facts/device_guard_policy.md"]
    row = r"| `vbs_local` | `HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard` | `EnableVirtualizationBasedSecurity` |"
    assert row in policy


def schema_of(name: str, generated: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(generated[f"schema/{name}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def test_a_report_fits_its_schema(generated: dict[str, str]) -> None:
    report = json.loads(json_format.render(sample.run(), sample.CONTROLS, made=sample.MADE))
    jsonschema.validate(report, schema_of("assessment", generated))
    del report["findings"][0]["outcome"]
    with pytest.raises(jsonschema.ValidationError, match="'outcome' is a required property"):
        jsonschema.validate(report, schema_of("assessment", generated))


def test_facts_fit_their_schemas(generated: dict[str, str]) -> None:
    evidence = build(Blueprint(name="DOCS", nodes=2, vms=2))
    facts = [record.fact for record in evidence.facts.values() if isinstance(record, Known)] + list(examples())
    assert {type(fact) for fact in facts} == set(FACTS)
    # A code that nobody has named yet.
    facts.append(msgspec.structs.replace(defaults.device_guard(), vbs_status=VbsStatus(77)))
    schemas = {fact: schema_of(fact.INFO.name, generated) for fact in FACTS}
    for fact in facts:
        jsonschema.validate(json.loads(msgspec.json.encode(fact)), schemas[type(fact)])


def test_a_schema_refuses_what_is_not_the_fact(generated: dict[str, str]) -> None:
    data = json.loads(msgspec.json.encode(defaults.device_guard()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"vbs_status": "running"}, schema_of("device_guard", generated))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.INFO.name))
def test_codes_have_names_and_leave_room_for_others(fact: type[Fact], generated: dict[str, str]) -> None:
    definitions = schema_of(fact.INFO.name, generated)["$defs"]
    for kind in types_below(fact):
        if issubclass(kind, Code):
            stated = {each.get("const"): each["title"] for each in definitions[kind.__name__]["anyOf"]}
            assert stated == {int(member): member.name for member in kind} | {None: "a code that has no name yet"}
            jsonschema.validate(987, definitions[kind.__name__])


def test_the_schema_of_a_fact_has_its_fields(generated: dict[str, str]) -> None:
    names = schema_of("device_guard", generated)["$defs"]["DeviceGuard"]["properties"]
    assert set(names) == {field.name for field in msgspec.structs.fields(DeviceGuard)}
