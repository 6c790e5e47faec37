"""The table of reads and the script say the same, and both know only what Microsoft's reference knows."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from hypervigil.assess.registry import compiled_controls as registered
from hypervigil.collect.reads import Row, table, tasks
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import FACTS
from hypervigil.model.subject import Scope
from tests.collect.script_reads import (
    ACCESSORS,
    EVERY,
    PLUMBING,
    Call,
    argument,
    calls,
    calls_of,
    closure,
    functions,
    parsed,
    quoted_in,
    resolved,
    same,
    task_functions,
    text_of,
)
from tests.shared import shared_data
from tools.make_collector import function_of

NAMES = sorted({row.fact for row in table()} - {"node"})
REGISTRY = {"Get-HvRegistry": "values", "Get-HvRegistryKeys": "keys", "Get-HvRegistryNames": "names"}
EVENTS = ("Get-HvEvents", "Get-HvLogStart")
IMPLIED = {"ClassName", "Namespace"}
READING_VERBS = {"Get", "Test", "Confirm", "ConvertTo", "ConvertFrom", "Export"}


def rows_of(fact: str) -> list[Row]:
    return [row for row in table() if row.fact == fact]


@functools.cache
def used_by(fact: str) -> tuple[Call, ...]:
    return tuple(calls_of(closure(function_of(fact))))


def commands_of(fact: str) -> Iterator[Call]:
    """Calls that are no function of the script and not plumbing. An object of ADSI is a read."""
    for call in used_by(fact):
        if call.name not in functions() and (
            call.name not in PLUMBING or "System.DirectoryServices.DirectoryEntry" in call.arguments
        ):
            yield call


@pytest.mark.parametrize("fact", NAMES)
def test_every_command_of_a_task_is_in_the_table(fact: str) -> None:
    for call in commands_of(fact):
        fitting = [row for row in rows_of(fact) if row.command == call.name and row.module == call.module]
        assert fitting, f"{call.function} calls {call.module}\\{call.name}"
        if call.name.endswith(".exe"):
            assert any(_program(row, call) for row in fitting), f"{call.name} {' '.join(call.arguments)}"
            continue
        if call.name in ("Get-CimInstance",):
            fitting = [row for row in fitting if _class(row, call)]
            assert fitting, f"{call.function}: {call.values}"
        allowed = [set(row.parameters) | (IMPLIED if row.class_name else set()) for row in fitting]
        assert any(set(call.parameters) <= each for each in allowed), f"{call.name} {call.parameters}"


@pytest.mark.parametrize("fact", NAMES)
def test_every_command_of_the_table_is_in_its_task(fact: str) -> None:
    made = list(commands_of(fact))
    for row in rows_of(fact):
        if row.registry or row.log:
            continue
        fitting = [
            call for call in made if call.name == row.command and call.module == row.module and _class(row, call)
        ]
        if row.command == "Get-WinEvent":
            assert fitting or any(call.name in EVENTS for call in used_by(fact)), row.shown
            continue
        assert fitting, f"no call of {row.shown}"
        if row.command.endswith(".exe"):
            assert any(_program(row, call) for call in fitting), row.shown
            continue
        passed = {name for call in fitting for name in call.parameters}
        assert set(row.parameters) <= passed, f"{row.shown}: {sorted(set(row.parameters) - passed)} is never passed"


def _class(row: Row, call: Call) -> bool:
    if not row.class_name:
        return True
    namespace, _, name = row.class_name.partition(":")
    named = resolved(call.values.get("ClassName", ""), call.function)
    return (
        any(same(each, name) for each in named) and namespace.casefold() == call.values.get("Namespace", "").casefold()
    )


def _program(row: Row, call: Call) -> bool:
    def fixed(text: str) -> str:
        return text.strip("\"'").partition("$")[0].casefold()

    return [fixed(each) for each in call.arguments] == [fixed(each) for each in row.parameters]


@pytest.mark.parametrize("fact", NAMES)
def test_classes_are_named_with_their_namespace(fact: str) -> None:
    for call in commands_of(fact):
        if call.name == "Get-CimInstance":
            assert {"ClassName", "Namespace"} <= set(call.parameters), call


@pytest.mark.parametrize("fact", NAMES)
def test_every_registry_read_of_a_task_is_in_the_table(fact: str) -> None:
    for call in used_by(fact):
        if call.name not in REGISTRY or call.function not in task_functions():
            continue
        names = resolved(argument(call, "Name", 1), call.function) if call.name == "Get-HvRegistry" else {""}
        for key in resolved(argument(call, "Key", 0), call.function):
            for name in names:
                assert any(_covers(row, call.name, key, name) for row in rows_of(fact)), f"{call.name} {key} {name}"


def _covers(row: Row, function: str, key: str, name: str) -> bool:
    if not row.registry or not same(row.registry, key):
        return False
    if function == "Get-HvRegistryKeys":
        return row.keys
    if function == "Get-HvRegistryNames":
        return "*" in row.values
    return any(same(value, name) for value in row.values)


@pytest.mark.parametrize("fact", NAMES)
def test_every_registry_row_is_read_by_its_task(fact: str) -> None:
    made = [call for call in used_by(fact) if call.name in REGISTRY]
    keys = {
        name: {key for call in made if call.name == name for key in resolved(argument(call, "Key", 0), call.function)}
        for name in REGISTRY
    }
    text = text_of(closure(function_of(fact)))
    for row in rows_of(fact):
        if not row.registry:
            continue
        named = [value for value in row.values if value != "*"]
        wanted = [*(["Get-HvRegistry"] if named else []), *(["Get-HvRegistryKeys"] if row.keys else [])]
        wanted += ["Get-HvRegistryNames"] if "*" in row.values else []
        for function in wanted:
            assert any(same(row.registry, key) for key in keys[function]), f"{function} never reads {row.registry}"
        for value in named:
            assert _literal(value, text), f"{value} of {row.registry} is not read"


@pytest.mark.parametrize("fact", NAMES)
def test_every_property_that_a_task_reads_is_in_the_table(fact: str) -> None:
    known = {name for row in rows_of(fact) for name in (*row.properties, *row.fields)}
    for call in used_by(fact):
        if call.name not in ACCESSORS:
            continue
        for name in resolved(argument(call, "Name", 1), call.function) - {EVERY}:
            assert name in known, f"{call.function} reads {name}"


@pytest.mark.parametrize("fact", NAMES)
def test_every_property_of_the_table_is_read_by_its_task(fact: str) -> None:
    text = text_of(closure(function_of(fact)))
    for row in rows_of(fact):
        for name in (*row.properties, *row.fields):
            assert _literal(name, text), f"{name} of {row.shown} is not read"


@pytest.mark.parametrize("fact", NAMES)
def test_events_are_those_of_the_table(fact: str) -> None:
    names = closure(function_of(fact))
    text = text_of(names)
    quoted = {each.casefold() for name in names for each in quoted_in(name)}
    rows = [row for row in rows_of(fact) if row.log]
    for row in rows:
        assert row.log.casefold() in quoted, row.log
        assert not row.provider or row.provider.casefold() in quoted, row.provider
        assert {str(number) for number in row.events} <= set(re.findall(r"\b\d+\b", text)), row.shown
    if any(call.name == "Get-HvEvents" for call in used_by(fact)):
        numbers = {
            int(each) for ids in re.findall(r"\bId(?:\s*=)?\s*((?:\d+\s*,\s*)*\d+)", text) for each in ids.split(",")
        }
        assert numbers <= {number for row in rows for number in row.events}
        logs = set(re.findall(r"\bLog(?:\s*=)?\s*'([^']+)'", text))
        assert logs <= {row.log for row in rows}


def _literal(name: str, text: str) -> bool:
    """Whether the name stands there in quotes, or as a word of a comma list of property names."""
    return f"'{name}'" in text or re.search(rf"-Property (?:\w+, )*{re.escape(name)}\b", text) is not None


def test_nothing_but_functions_of_the_script_reads_a_property() -> None:
    """``$object.Property`` would pass the table by; what is allowed are members of texts, arrays and .NET types."""
    allowed = set(_ALLOWED_MEMBERS)
    own = {key for text in functions().values() for key in re.findall(r"(?:^|[;{@(])\s*(\w+)\s*=", text, re.MULTILINE)}
    tabled = {name for row in table() for name in row.properties}
    found: dict[str, str] = {}
    for name in task_functions():
        for member in re.findall(r"\$\w+\.([A-Za-z_]\w*+)(?!\()", functions()[name]):
            if member not in allowed | own | tabled:
                found.setdefault(member, name)
    assert not found


_ALLOWED_MEMBERS = (
    *("Count", "Length", "Keys", "Values", "Key", "Value", "Name", "ToString", "Trim", "Split", "Replace", "Contains"),
    *("ContainsKey", "Add", "Substring", "StartsWith", "EndsWith", "ToLowerInvariant", "ToUpperInvariant", "IndexOf"),
    *("state", "type", "data", "Exception", "FullyQualifiedErrorId", "Dispose", "Close", "Groups", "psbase"),
    # XML
    *("Attributes", "NamespaceURI", "LocalName", "InnerText", "XmlResolver", "DtdProcessing", "CheckCharacters"),
    # PowerShell's syntax trees
    *("Extent", "NestedExpressions", "KeyValuePairs", "Item1", "Item2", "EndBlock", "PipelineElements", "Expression"),
    *("Pipeline", "Child", "Elements", "SubExpression"),
)


def test_every_fact_that_a_control_needs_of_a_host_has_a_task() -> None:
    needed: set[type[Fact]] = set()
    for compiled in registered():
        needed |= {need.fact for need in compiled.needs}
    hosts = {fact.INFO.name for fact in needed if _of_a_host(fact)}
    assert sorted(hosts - set(NAMES)) == []


def _of_a_host(fact: type[Fact]) -> bool:
    read = any(each.command or each.registry for each in fact.INFO.reads)
    return read and fact.INFO.subject in (Scope.NODE, Scope.CLUSTER, Scope.VM)


def test_every_fact_that_is_read_on_hosts_has_a_task() -> None:
    assert sorted({fact.INFO.name for fact in FACTS if _of_a_host(fact)} - set(NAMES)) == []


@functools.cache
def reference() -> dict[str, Any]:
    return dict(json.loads(shared_data("powershell-reference.json").read_text("utf-8")))


def test_every_command_and_parameter_is_in_the_reference() -> None:
    wanted = {(row.command, name) for row in table() for name in (*row.parameters, "")}
    wanted |= {(call.name, name) for call in calls() for name in (*call.parameters, "") if call.name not in functions()}
    missing = []
    for command, parameter in sorted(wanted):
        if not command or command.endswith(".exe"):
            continue
        entry = reference().get(command.lower())
        if entry is None:
            missing.append(command)
        elif parameter and parameter.lower() not in {*entry["parameters"], *_COMMON}:
            missing.append(f"{command} -{parameter}")
    assert missing == []


_COMMON = {"erroraction", "verbose", "whatif", "confirm", "errorvariable", "warningaction"}


def test_commands_are_in_the_module_that_the_table_says() -> None:
    for row in table():
        if row.module:
            assert row.module in reference()[row.command.lower()]["modules"], row.shown


def test_the_table_holds_nothing_but_reading() -> None:
    for row in table():
        verb, _, _ = row.command.partition("-")
        if not row.command or row.command.endswith(".exe"):
            continue
        # New-Object stands in the table for the ADSI objects that it opens; those are read only.
        assert verb in READING_VERBS or row.command in {"Invoke-CimMethod", "New-Object"}, row.shown
    for call in calls():
        if call.name == "Invoke-CimMethod":
            named = resolved(call.values["MethodName"], call.function)
            assert all(name.startswith("Get") for name in named), call


def test_programs_change_nothing() -> None:
    allowed = {"whoami.exe": "/groups", "secedit.exe": "/export", "auditpol.exe": "/backup", "w32tm.exe": "/query"}
    for row in table():
        if row.command.endswith(".exe"):
            assert row.parameters[0] == allowed[row.command]


def test_what_else_it_does_is_named() -> None:
    assert {row.command for row in table() if "file" in row.effects} >= {
        row.command for row in table() if row.command in ("secedit.exe", "auditpol.exe")
    }
    for row in table():
        if row.command == "Get-HgsClientConfiguration":
            assert tasks()[row.fact].switch == "IncludeHgsClient"
            assert "attestation" in row.effects


def test_no_failure_is_hidden() -> None:
    text = "\n".join(functions().values())
    assert not re.search(r"SilentlyContinue|ErrorAction\s+Ignore|-EA\b|2>\s*\$null|\*>|\btrap\b", text, re.IGNORECASE)
    assert not re.search(r"catch[^{}]*\{\s*\}", text)
    assert {each for call in calls() for each in call.redirections} <= {"2>&1"}
    assert not re.search(r"Invoke-Expression|\biex\b|DownloadString|Net\.WebClient|-ComObject", text, re.IGNORECASE)


def test_there_are_no_aliases_and_no_stars() -> None:
    for call in calls():
        assert "-" in call.name or call.name.endswith(".exe"), call
        if call.name == "Select-Object":
            assert "*" not in call.arguments


def test_windows_powershell_51_can_run_it() -> None:
    found = parsed()
    assert found["errors"] == []
    assert found["post51"] == []
    assert found["encoding"]["non_ascii_lines"] == []
    assert found["requires"]["version"] == "5.1"
    assert found["type_definitions"] == []
    assert found["requires"]["modules"] in (None, [])
