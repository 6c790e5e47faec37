"""The collector's own parts: JSON, values, failures, shapes, events. Tables are evaluated in one run each."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.collect.collector import run_text

_REGISTRY = {
    "HKLM": {
        "keys": {
            r"SOFTWARE\A": {
                "values": {
                    "Zero": {"type": "DWord", "data": 0},
                    "Large": {"type": "DWord", "data": 4294967295},
                    "Huge": {"type": "QWord", "data": 18446744073709551615},
                    "Text": {"type": "ExpandString", "data": "%SystemRoot%\\x"},
                    "List": {"type": "MultiString", "data": ["one"]},
                    "Bytes": {"type": "Binary", "data": "01ab"},
                },
                "keys": {"B": {}, "C": {}},
            },
            r"SOFTWARE\Denied": {"access_denied": True},
        }
    }
}


class Raised(str):
    """The error that an expression ended in: its id and its message."""

    __slots__ = ()


def outputs(text: str, **options: Any) -> list[str]:
    run = run_text(text, **options)
    assert run.status == 0, run.messages
    return run.output.splitlines()


@functools.cache
def evaluated(prelude: str, expressions: tuple[str, ...], *, comma_decimals: bool = False) -> dict[str, Any]:
    """What each expression gives, or raises."""
    lines = [prelude]
    for expression in expressions:
        lines.append(f"try {{ $found = {expression}; ConvertTo-HvJson $found }}")
        lines.append('catch { ConvertTo-HvJson @{ raised = "$($_.FullyQualifiedErrorId) $($_.Exception.Message)" } }')
    found = outputs("\n".join(lines), registry=_REGISTRY, comma_decimals=comma_decimals)
    values = [json.loads(line) for line in found]
    raised = [Raised(each["raised"]) if isinstance(each, dict) and "raised" in each else each for each in values]
    return dict(zip(expressions, raised, strict=True))


def first_of(rows: Sequence[tuple[str, Any]]) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)


_JSON: list[tuple[str, Any]] = [
    ("$null", None),
    ("$true", True),
    ("[byte] 200", 200),
    ("[uint64]::MaxValue", 18446744073709551615),
    ("-1", -1),
    ("0.1", 0.1),
    ("[single] 0.5", 0.5),
    ("[decimal] 12345678901234567890", 12345678901234567890),
    ("[decimal] '5.00'", 5),
    ("[decimal] '5.25'", 5.25),
    ("[System.DayOfWeek]::Friday", 5),
    ("[guid] '{AF5881EF-0ff7-4b5c-bfed-098decbbf762}'", "af5881ef-0ff7-4b5c-bfed-098decbbf762"),
    ("[datetime]::new(2025, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc)", "2025-01-02T03:04:05.000000Z"),
    ("[System.DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, [timespan]::FromHours(2))", "2025-01-02T01:04:05.000000Z"),
    ("[timespan]::FromMinutes(90)", "PT1H30M"),
    ("[version] '12.0'", "12.0"),
    ("[byte[]] (1, 171)", "01ab"),
    ("@()", []),
    ("@('one')", ["one"]),
    ("@(, @(1, 2))", [[1, 2]]),
    ("@{}", {}),
    ("[ordered]@{ b = 1; a = $null }", {"b": 1, "a": None}),
    ("New-Object System.Collections.ArrayList", []),
]


@pytest.mark.parametrize(("expression", "expected"), _JSON)
@pytest.mark.parametrize("commas", [False, True])
def test_json(expression: str, expected: object, commas: bool) -> None:
    found = evaluated("", first_of(_JSON), comma_decimals=commas)[expression]
    assert found == expected
    assert type(found) is type(expected)


def test_json_text_is_what_it_was() -> None:
    text = '\u00fc\u4f60\U0001f525 "quoted" \\ \x00\x1f\x7f\x85\u2028\u2029 </script> \''
    units = memoryview(text.encode("utf-16-le")).cast("H")
    (line,) = outputs("ConvertTo-HvJson (-join @(" + ", ".join(f"[char] {unit}" for unit in units) + "))")
    assert json.loads(line) == text


_ODD_JSON = [
    "'a' + [char] 0xd800 + 'b' + [char] 0xdc00",
    "$(foreach ($n in 1..100) { $deep = @{ a = $deep } }; $deep)",
    "@([double]::NaN)",
    "@([double]::PositiveInfinity)",
    "New-Object System.Text.StringBuilder",
    "{ 1 }",
]


def odd_json(number: int) -> Any:
    return evaluated("$deep = $null", tuple(_ODD_JSON))[_ODD_JSON[number]]


def test_json_never_holds_half_of_a_pair() -> None:
    assert odd_json(0) == "a\\ud800b\\udc00"


def test_json_is_as_deep_as_the_data() -> None:
    found = odd_json(1)
    for _ in range(100):
        found = found["a"]
    assert found is None


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_json_refuses_what_no_fact_holds(number: int) -> None:
    assert isinstance(odd_json(number), Raised)
    assert odd_json(number).startswith("HvGap.unparsable")


def test_json_keeps_order() -> None:
    (line,) = outputs("ConvertTo-HvJson ([ordered]@{ z = 1; a = 2; m = @{ k = 3 } })")
    assert line == '{"z":1,"a":2,"m":{"k":3}}'


_OBJECT = """
$o = [pscustomobject] @{
    True = $true; Text = ' a '; Blank = '  '; Digits = '-42'; Number = [uint16] 7; Half = 0.5; Whole = [double] 8
    Zero = 0
    Day = [System.DayOfWeek]::Friday; Many = @('a', ' b', '', $null); One = 'x'; Listed = 'a, b,,c'
    Codes = [uint32[]] (1, 2)
    Guid = '{AF5881EF-0FF7-4B5C-BFED-098DECBBF762}'; Dmtf = '20181123172414.500000-360'; Null = $null
    Date = [datetime]::new(2025, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc); Span = [timespan]::FromSeconds(90)
    Address = [System.Net.IPAddress]::Parse('10.0.0.1'); Version = [version] '1.2'; Word = 'SMB311'; Date0 = 'yesterday'
}
"""

_VALUES: list[tuple[str, Any]] = [
    ("Get-HvBoolean $o 'True'", True),
    ("Get-HvBoolean $o 'Zero'", False),
    ("Get-HvBoolean $o 'Missing'", None),
    ("Get-HvBoolean $o 'Null'", None),
    ("Get-HvText $o 'Text'", "a"),
    ("Get-HvText $o 'Blank'", None),
    ("Get-HvText $o 'Guid'", "{AF5881EF-0FF7-4B5C-BFED-098DECBBF762}"),
    ("Get-HvText $o 'Address'", "10.0.0.1"),
    ("Get-HvText $o 'Version'", "1.2"),
    ("Get-HvText $o 'Day'", "Friday"),
    ("Get-HvNumber $o 'Digits'", -42),
    ("Get-HvNumber $o 'Number'", 7),
    ("Get-HvNumber $o 'Whole'", 8),
    ("Get-HvDecimal $o 'Half'", 0.5),
    ("Get-HvCode $o 'Day'", 5),
    ("Get-HvCode $o 'Word' -Names @{ smb311 = 785 }", 785),
    ("Get-HvCodes $o 'Codes'", [1, 2]),
    ("Get-HvCodes $o 'Number'", [7]),
    ("Get-HvCodes $o 'Missing'", None),
    ("Get-HvTexts $o 'Many'", ["a", "b"]),
    ("Get-HvTexts $o 'One'", ["x"]),
    ("Get-HvTexts $o 'Blank'", []),
    ("Get-HvTexts $o 'Listed'", ["a", "b", "c"]),
    ("Get-HvGuid $o 'Guid'", "af5881ef-0ff7-4b5c-bfed-098decbbf762"),
    ("Get-HvMoment $o 'Dmtf'", "2018-11-23T23:24:14.500000Z"),
    ("Get-HvMoment $o 'Date'", "2025-01-02T03:04:05.000000Z"),
    ("Get-HvSeconds $o 'Span'", 90),
    ("Get-HvText @{ Name = 'n' } 'Name'", "n"),
    ("Get-HvOne @(1)", 1),
    ("Get-HvOne @() -OrNone", None),
]


@pytest.mark.parametrize(("expression", "expected"), _VALUES)
def test_values(expression: str, expected: object) -> None:
    found = evaluated(_OBJECT, first_of(_VALUES))[expression]
    assert found == expected
    assert type(found) is type(expected)


_WRONG = [
    "Get-HvBoolean $o 'Text'",
    "Get-HvNumber $o 'Half'",
    "Get-HvNumber $o 'Text'",
    "Get-HvCode $o 'Word'",
    "Get-HvText $o 'Number'",
    "Get-HvText $o 'Missing' -Required",
    "Get-HvText $o 'Blank' -Required",
    "Get-HvBoolean $o 'Null' -Required",
    "Get-HvGuid $o 'Text'",
    "Get-HvMoment $o 'Date0'",
    "Get-HvSeconds $o 'Number'",
    "Get-HvText $null 'Name'",
    "Get-HvOne @()",
    "Get-HvOne @(1, 2)",
]


@pytest.mark.parametrize("expression", _WRONG)
def test_values_of_another_kind_are_named(expression: str) -> None:
    found = evaluated(_OBJECT, tuple(_WRONG))[expression]
    assert isinstance(found, Raised)
    assert found.startswith("HvGap.unparsable")
    assert (expression.split("'")[1] if "'" in expression else "objects") in found


_VALUES_OF_REGISTRY: list[tuple[str, Any]] = [
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'Zero'", {"state": "present", "type": "REG_DWORD", "data": 0}),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'Large'", {"state": "present", "type": "REG_DWORD", "data": 4294967295}),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'Huge'", {"state": "present", "type": "REG_QWORD", "data": 2**64 - 1}),
    (
        r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'Text'",
        {"state": "present", "type": "REG_EXPAND_SZ", "data": "%SystemRoot%\\x"},
    ),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'List'", {"state": "present", "type": "REG_MULTI_SZ", "data": ["one"]}),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'Bytes'", {"state": "present", "type": "REG_BINARY", "data": "01ab"}),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\A' 'None'", {"state": "absent", "type": None, "data": None}),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\No' 'None'", {"state": "absent", "type": None, "data": None}),
    (r"Get-HvRegistry 'HKLM:\SOFTWARE\Denied' 'X'", {"state": "denied", "type": None, "data": None}),
    (r"Get-HvRegistryKeys 'HKLM:\SOFTWARE\A'", ["B", "C"]),
    (r"Get-HvRegistryKeys 'HKLM:\SOFTWARE\A\B'", []),
    (r"Get-HvRegistryKeys 'HKLM:\SOFTWARE\No'", None),
    (r"Get-HvRegistryNames 'HKLM:\SOFTWARE\A\B'", []),
    (r"Get-HvRegistryNames 'HKLM:\SOFTWARE\No'", None),
]


@pytest.mark.parametrize(("expression", "expected"), _VALUES_OF_REGISTRY)
def test_registry(expression: str, expected: object) -> None:
    assert evaluated("", first_of(_VALUES_OF_REGISTRY))[expression] == expected


_CAUSES = [
    ("New-Object System.UnauthorizedAccessException 'x'|Whatever|NotSpecified", "access_denied"),
    ("New-Object System.Security.SecurityException 'x'|Whatever|NotSpecified", "access_denied"),
    ("New-Object System.Exception 'x'|HRESULT 0x80041003,Get-X|NotSpecified", "access_denied"),
    ("New-Object System.Exception 'x'|Windows System Error 5,Get-X|NotSpecified", "access_denied"),
    ("New-Object System.Exception 'x'|Windows System Error 1314,Get-X|NotSpecified", "access_denied"),
    ("New-Object System.Exception 'x'|AccessDenied,Microsoft.HyperV|NotSpecified", "access_denied"),
    ("New-Object System.Exception 'x'|Whatever|PermissionDenied", "access_denied"),
    ("New-Object System.ComponentModel.Win32Exception 5|Whatever|NotSpecified", "access_denied"),
    (
        "New-Object System.Exception 'x', (New-Object System.UnauthorizedAccessException)|W|NotSpecified",
        "access_denied",
    ),
    ("New-Object System.Exception 'x'|HRESULT 0x80041010,Get-X|NotSpecified", "unsupported_release"),
    ("New-Object System.Exception 'x'|HRESULT 0x8004100e,Get-X|NotSpecified", "unsupported_release"),
    ("New-Object System.Exception 'x'|NamedParameterNotFound,Get-X|InvalidArgument", "unsupported_release"),
    ("New-Object System.NotImplementedException|Whatever|NotSpecified", "unsupported_release"),
    ("New-Object System.TimeoutException|Whatever|NotSpecified", "timed_out"),
    ("New-Object System.Exception 'x'|Whatever|OperationTimeout", "timed_out"),
    ("New-Object System.Exception 'x'|ClusterEndpointNotRegistered,X|ConnectionError", "not_collected"),
    ("New-Object System.Exception 'Access is denied'|Whatever|NotSpecified", "unparsable"),
]


@functools.cache
def causes() -> dict[str, str]:
    lines = []
    for raised, _ in _CAUSES:
        exception, error_id, category = raised.split("|")
        lines.append(
            f"$e = {exception}\ntry {{ throw (New-Object System.Management.Automation.ErrorRecord($e, '{error_id}', "
            f"'{category}', $null)) }} catch {{ (Get-HvGap $_).Cause }}"
        )
    return dict(zip(first_of(_CAUSES), outputs("\n".join(lines)), strict=True))


@pytest.mark.parametrize(("raised", "cause"), _CAUSES)
def test_causes_do_not_hang_on_messages(raised: str, cause: str) -> None:
    assert causes()[raised] == cause


@pytest.mark.parametrize(
    ("command", "cause", "said"),
    [
        ("SmbShare\\Get-SmbNo", "unsupported_release", "the module SmbShare of this host has no command Get-SmbNo"),
        ("Nothing\\Get-Nothing", "not_collected", "the PowerShell module Nothing is not installed"),
        ("nothing.exe", "unsupported_release", "this host has no command nothing.exe"),
        ("SmbShare\\Get-SmbServerConfiguration -Nonsense 1", "unsupported_release", "Nonsense"),
    ],
)
def test_what_is_missing(command: str, cause: str, said: str) -> None:
    found = outputs(f"try {{ {command} }} catch {{ $gap = Get-HvGap $_ }}\n$gap.Cause\n$gap.Detail")
    assert found[0] == cause
    assert said in found[1]


def test_details_are_one_printable_line() -> None:
    (line,) = outputs("Format-HvDetail (\"a`r`n`tb\" + [char] 27 + '[2J' + [char] 0x202e + ('x' * 500))")
    assert line == "a b [2J " + "x" * 289 + "..."


_SHAPES = """
$HvShapes = @{
    Outer = @{ name = '!text'; number = 'int|null'; words = 'text*|null'; inner = '@Inner*'; state = '=on,off'
        when = 'time|null'; level = '#0,1'; map = '%text'; value = '@Inner|null' }
    Inner = @{ flag = '!bool' }
}
"""


_SHAPED = [
    ("@{ name = 'a' }", ""),
    ("@{ name = 'a'; number = $null; words = @(); inner = @(@{ flag = $true }); state = 'on'; level = 1 }", ""),
    (
        "@{ name = 'a'; words = $null; when = [datetime]::UtcNow; map = @{ x = 'y' }; value = @{ flag = $false } }",
        "",
    ),
    ("@{}", "fact has no field name"),
    ("@{ name = 5 }", "fact.name is a Int32, expected text"),
    ("@{ name = 'a'; nmae = 1 }", "fact has a field nmae, which Outer does not have"),
    ("@{ name = 'a'; number = '5' }", "fact.number is a String, expected int|null"),
    ("@{ name = 'a'; words = 'one' }", "fact.words is a String, expected text*|null"),
    ("@{ name = 'a'; words = @('a', 5) }", "fact.words[1] is a Int32, expected text"),
    (
        "@{ name = 'a'; inner = @(@{ flag = $true }, @{ flag = 1 }) }",
        "fact.inner[1].flag is a Int32, expected bool",
    ),
    ("@{ name = 'a'; inner = @{ flag = $true } }", "fact.inner is a Hashtable, expected an array"),
    ("@{ name = 'a'; state = 'On' }", "fact.state is a String, expected =on,off"),
    ("@{ name = 'a'; level = 2 }", "fact.level is a Int32, expected #0,1"),
    ("@{ name = 'a'; when = '2025-01-01' }", "fact.when is a String, expected time|null"),
    ("@{ name = 'a'; map = @{ x = 1 } }", "fact.map.x is a Int32, expected text"),
    ("@{ name = 'a'; value = @{ flag = 1 } }", "fact.value.flag is a Int32, expected bool"),
    ("'text'", "fact is no dictionary"),
]


@pytest.mark.parametrize(("data", "problem"), _SHAPED)
def test_shapes(data: str, problem: str) -> None:
    asked = {each: f"[string] (Test-HvShape ({each}) 'Outer' 'fact')" for each in first_of(_SHAPED)}
    assert evaluated(_SHAPES, tuple(asked.values()))[asked[data]] == (problem or None)


_EVENTS = """
function Events-Core {
    foreach ($number in 1..5) {
        $data = [ordered]@{ Name = "n$number & <x>"; '' = 'unnamed' }
        $time = [datetime]::UtcNow.AddHours(-$number)
        New-StandInEvent -Log 'Core' -Provider 'P' -Id 7 -RecordId $number -Time $time -Data $data
    }
    New-StandInEvent -Log 'Core' -Provider 'P' -Id 8 -RecordId 9 -Time ([datetime]::UtcNow.AddDays(-90)) -Xml (
        '<Event xmlns="u"><System/><UserData><X xmlns="v"><Parameter0>a</Parameter0><Parameter1/></X></UserData>' +
        '</Event>')
}
"""


def test_events_are_bounded_and_named() -> None:
    text = "$HvOptions = @{ Days = 30 }\nConvertTo-HvJson (Get-HvEvents -Log 'Core' -Provider 'P' -Id 7, 8 -Most 3)"
    (line,) = outputs(text, stubs=[_EVENTS])
    found = json.loads(line)
    assert [each["record_id"] for each in found] == [1, 2, 3]
    assert found[0]["data"] == {"Name": "n1 & <x>", "1": "unnamed"}
    assert (found[0]["channel"], found[0]["provider"], found[0]["id"]) == ("Core", "P", 7)


def test_user_data_is_read_by_element() -> None:
    text = "$HvOptions = @{ Days = 365 }\nConvertTo-HvJson (Get-HvEvents -Log 'Core' -Id 8)[0].data"
    (line,) = outputs(text, stubs=[_EVENTS])
    assert json.loads(line) == {"Parameter0": "a", "Parameter1": ""}


def test_no_event_is_an_empty_list_and_no_log_is_not() -> None:
    ask = "$HvOptions = @{ Days = 30 }\nConvertTo-HvJson (Get-HvEvents -Log 'Core' -Id 99)\n"
    assert outputs(ask, stubs=[_EVENTS]) == ["[]"]
    run = run_text(ask)
    assert "NoMatchingLogsFound" in run.messages


def test_events_do_not_fetch_entities() -> None:
    entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    run = run_text(f"ConvertFrom-HvEventXml '{entity}<a><EventData><D>&e;</D></EventData></a>'")
    assert "root:" not in run.output


def test_a_program_that_fails_ends_the_task() -> None:
    stub = "function auditpol.exe { $global:LASTEXITCODE = $args[0]; 'said' }"
    text = "try {{ Invoke-HvProgram {{ auditpol.exe {0} }} }} catch {{ (Get-HvGap $_).Cause }}"
    assert outputs(text.format(0), stubs=[stub]) == ["said"]
    assert outputs(text.format(5), stubs=[stub]) == ["access_denied"]
    assert outputs(text.format(1314), stubs=[stub]) == ["access_denied"]
    assert outputs(text.format(87), stubs=[stub]) == ["unparsable"]


def test_a_scratch_file_is_removed_whatever_happens() -> None:
    text = """
$HvOptions = @{ Scratch = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), [guid]::NewGuid().ToString()) }
function Use-File($File) { $script:name = $File; Set-Content -LiteralPath $File -Value 'x' }
Invoke-HvScratch { param($file) Use-File $file; Test-Path -LiteralPath $file }
Test-Path -LiteralPath $name
try { Invoke-HvScratch { param($file) Use-File $file; throw 'no' } } catch { 'failed' }
Test-Path -LiteralPath $name
"""
    assert outputs(text) == ["True", "False", "failed", "False"]


def test_optional_parts_leave_a_remark() -> None:
    text = """
$a = Read-HvOptional 'a' { throw (New-HvFailure 'access_denied' 'not you') }
$b = Read-HvOptional 'b' { , @() }
$c = Read-HvOptional 'c' { 5 }
ConvertTo-HvJson @($a, $b, $c)
$HvRemarks
"""
    assert outputs(text) == ["[null,[],5]", "without a: access_denied: not you"]


def test_lenient_commands_give_objects_and_errors() -> None:
    stub = "function Get-Some { 1; Write-Error 'two'; 3 }"
    text = "$found = Invoke-HvLenient { Get-Some }\n$found.objects.Count\n$found.errors.Count\n$ErrorActionPreference"
    assert outputs(text, stubs=[stub]) == ["2", "1", "Stop"]


def test_a_task_that_can_not_be_started_is_a_failed_one() -> None:
    text = """
$job = New-HvJob 'one' 'Get-HvYesNo' @{} 5
@(Invoke-HvJobs -Jobs @($job) -State 'no session state' -Limit 1 -Until ([datetime]::UtcNow.AddSeconds(5))).State
"""
    assert outputs(text) == ["failed"]


def test_a_job_that_ended_leaves_its_output_and_warnings() -> None:
    text = """
$HvFunctions = @{ 'Use-It' = 'param($X) $X; Write-Warning -Message "mind that"; if ($X -eq 2) { throw "no" }' }
$state = New-HvSessionState @{}
$jobs = @(foreach ($x in 1, 2) { New-HvJob "job$x" 'Use-It' @{ X = $x } 30 })
$ended = @(Invoke-HvJobs -Jobs $jobs -State $state -Limit 2 -Until ([datetime]::UtcNow.AddSeconds(30)))
foreach ($job in ($ended | Sort-Object -Property { $_.Name })) {
    "$($job.Name) $($job.State) $($job.Output) $($job.Warnings) $($null -ne $job.Problem)"
}
"""
    assert outputs(text) == ["job1 done 1 mind that False", "job2 failed 2 mind that True"]
