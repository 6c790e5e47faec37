"""CLIXML against PowerShell's own serializer (psengine), and forms that it does not write, by hand."""

import gc
import os
import pickle
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest

from hypervigil.formats.clixml import ClixmlError, EnumValue, PSObject, Queue, SecureString, Stack, parse
from tests.shared import psengine

OPENING = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'


def document(content: str) -> bytes:
    return f"{OPENING}{content}</Objs>".encode()


def one(content: str) -> object:
    (value,) = parse(document(content))
    return value


def an_object(value: object) -> PSObject:
    assert isinstance(value, PSObject)
    return value


def shape(value: object) -> object:
    """A value with the types of all its parts, in a form in which NaN equals NaN."""
    if isinstance(value, EnumValue):
        return EnumValue, int(value), value.name, value.type_name
    if isinstance(value, PSObject):
        members = [shape(part) for part in (value.value, value.adapted, value.extended)]
        return PSObject, value.type_names, value.to_string, *members
    if isinstance(value, list):
        return type(value), [shape(item) for item in value]
    if isinstance(value, dict):
        return type(value), [(shape(key), shape(item)) for key, item in value.items()]
    if isinstance(value, datetime):
        return datetime, value.isoformat()
    return type(value), "<secret>" if isinstance(value, SecureString) else repr(value)


# --- the serializer as oracle ---------------------------------------------------------------------------------------

DAY = "System.DayOfWeek"
PROGRESS = {
    "Activity": "Copying",
    "ActivityId": 7,
    "CurrentOperation": None,
    "ParentActivityId": -1,
    "PercentComplete": -1,
    "RecordType": "Processing",
    "SecondsRemaining": -1,
    "StatusDescription": "half way",
}


class Row(NamedTuple):
    """One value: how PowerShell makes it, and what it has to become."""

    id: str
    expression: str
    expected: object


ROWS = [
    Row("string", "'text'", "text"),
    Row("string-empty", "''", ""),
    Row("string-blanks-kept", "' a '", " a "),
    Row("string-markup", "'<a b=\"c\">&amp;</a>'", '<a b="c">&amp;</a>'),
    Row("string-control-characters", '"a`t`r`nb`0`u{1b}"', "a\t\r\nb\0\x1b"),
    Row("string-beyond-ascii", "'Zürich Ω 漢'", "Zürich Ω 漢"),
    Row("string-surrogate-pair", '"a`u{1F600}b"', "a\N{GRINNING FACE}b"),
    Row("string-that-looks-escaped", "'_x0041_ _X0041_ _x005F_'", "_x0041_ _X0041_ _x005F_"),
    Row("string-escape-in-part", "'_x _x00 _x004 x_'", "_x _x00 _x004 x_"),
    Row("char", "[char]'x'", "x"),
    Row("char-zero", "[char]0", "\0"),
    Row("char-beyond-ascii", "[char]0x20AC", "€"),
    Row("char-half-a-pair", "[char]0xD83D", "\N{REPLACEMENT CHARACTER}"),
    Row("true", "$true", True),
    Row("false", "$false", False),
    Row("null", "$null", None),
    Row("byte", "[byte]255", 255),
    Row("sbyte", "[sbyte]-128", -128),
    Row("uint16", "[uint16]::MaxValue", 65535),
    Row("int16", "[int16]::MinValue", -32768),
    Row("uint32", "[uint32]::MaxValue", 4294967295),
    Row("int32", "[int32]::MinValue", -2147483648),
    Row("uint64", "[uint64]::MaxValue", 18446744073709551615),
    Row("int64", "[int64]::MinValue", -9223372036854775808),
    Row("single", "[single]0.1", 0.1),
    Row("single-largest", "[single]::MaxValue", 3.4028235e38),
    Row("double", "1e-7", 1e-7),
    Row("double-whole", "[double]5", 5.0),
    Row("double-largest", "[double]::MaxValue", 1.7976931348623157e308),
    Row("double-smallest", "[double]::Epsilon", 5e-324),
    Row("double-negative-zero", "[double]::Parse('-0')", -0.0),
    Row("double-nan", "[double]::NaN", float("nan")),
    Row("double-infinity", "[double]::PositiveInfinity", float("inf")),
    Row("double-negative-infinity", "[double]::NegativeInfinity", float("-inf")),
    Row("single-infinity", "[single]::NegativeInfinity", float("-inf")),
    Row("decimal", "1.50d", Decimal("1.50")),
    Row("decimal-largest", "[decimal]::MaxValue", Decimal(79228162514264337593543950335)),
    Row("decimal-least", "[decimal]::MinValue", Decimal(-79228162514264337593543950335)),
    Row("decimal-finest", "[decimal]::Parse('0.0000000000000000000000000001')", Decimal("1E-28")),
    Row(
        "date-utc",
        "[datetime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc).AddTicks(1234567)",
        datetime(2020, 1, 2, 3, 4, 5, 123456, UTC),
    ),
    Row("date-unspecified", "[datetime]::new(2020, 1, 2)", datetime(2020, 1, 2)),  # noqa: DTZ001
    Row(
        "date-local",
        "[datetime]::SpecifyKind([datetime]::new(2020, 1, 2, 3, 4, 5), 'Local')",
        datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
    ),
    Row("date-first", "[datetime]::MinValue", datetime.min),  # noqa: DTZ901
    Row("date-last", "[datetime]::MaxValue", datetime.max),  # noqa: DTZ901
    Row("duration", "[timespan]::new(1, 2, 3, 4, 5)", timedelta(1, 4, 5000, hours=2, minutes=3)),
    Row("duration-zero", "[timespan]::Zero", timedelta()),
    Row("duration-negative", "[timespan]::FromMilliseconds(-1)", timedelta(milliseconds=-1)),
    Row("duration-longest", "[timespan]::MaxValue", timedelta(10675199, 10085, 477580)),
    Row("duration-least", "[timespan]::MinValue", -timedelta(10675199, 10085, 477580)),
    Row("guid", "[guid]'0F8FAD5B-D9CB-469F-A165-70867728950E'", UUID("0f8fad5b-d9cb-469f-a165-70867728950e")),
    Row("uri", "[uri]'https://host/a b?c=_x0041_'", "https://host/a b?c=_x0041_"),
    Row("version", "[version]'10.0.14393.4169'", "10.0.14393.4169"),
    Row("xml", "[xml]'<a b=\"1\">_x0041_</a>'", '<a b="1">_x0041_</a>'),
    Row("script-block", "{ Get-VM | Where-Object _x0041_ }", " Get-VM | Where-Object _x0041_ "),
    Row("bytes", "[byte[]](0, 1, 254, 255)", b"\0\1\xfe\xff"),
    Row("bytes-none", "[byte[]]@()", b""),
    Row("secure-string", "(ConvertTo-SecureString secret -AsPlainText -Force)", SecureString()),
    Row("list-array", "@(1, 'a', $null, @(2, 3))", [1, "a", None, [2, 3]]),
    Row("list-empty", "@()", []),
    Row("list-typed", "[string[]]('a', 'b')", ["a", "b"]),
    Row("list-array-list", "[System.Collections.ArrayList]@(1, 2)", [1, 2]),
    Row("list-generic", "[System.Collections.Generic.List[int]]@(1, 2)", [1, 2]),
    Row("list-two-dimensions", "(New-Object 'int[,]' 2, 2)", [0, 0, 0, 0]),
    Row("stack", "[System.Collections.Stack]::new(@(1, 2))", Stack([2, 1])),
    Row("stack-generic", "[System.Collections.Generic.Stack[int]]@(1, 2)", Stack([2, 1])),
    Row("queue", "[System.Collections.Queue]::new(@(1, 2))", Queue([1, 2])),
    Row("queue-generic", "[System.Collections.Generic.Queue[int]]@(1, 2)", Queue([1, 2])),
    Row("dictionary", "@{ a = @{ b = 1 } }", {"a": {"b": 1}}),
    Row("dictionary-empty", "@{}", {}),
    Row("dictionary-ordered", "[ordered]@{ b = 1; a = 2; '_x0041_' = 3 }", {"b": 1, "a": 2, "_x0041_": 3}),
    Row(
        "dictionary-keys",
        "[ordered]@{ 1L = 'n'; 2.5 = 'f'; [DayOfWeek]3 = 'e' }",
        {1: "n", 2.5: "f", EnumValue(3, "Wednesday", DAY): "e"},
    ),
    Row("dictionary-list-key", "@{ (, 1) = 'a' }", {"1": "a"}),
    Row("dictionary-equal-keys", "[ordered]@{ 1L = 'a'; $true = 'b' }", {1: "a", "True": "b"}),
    Row("enum", "[DayOfWeek]::Monday", EnumValue(1, "Monday", DAY)),
    Row(
        "enum-flags",
        "[System.IO.FileAttributes]'Hidden, System'",
        EnumValue(6, "Hidden, System", "System.IO.FileAttributes"),
    ),
    Row("enum-no-name", "[Enum]::ToObject([DayOfWeek], 77)", EnumValue(77, "77", DAY)),
    Row(
        "enum-int64",
        "[System.Diagnostics.Tracing.EventKeywords]-1",
        EnumValue(-1, "All", "System.Diagnostics.Tracing.EventKeywords"),
    ),
    Row(
        "object-notes",
        "[pscustomobject]@{ a = 1; '_x0041_ b' = 'c' }",
        PSObject(("System.Management.Automation.PSCustomObject", "System.Object"), extended={"a": 1, "_x0041_ b": "c"}),
    ),
    Row("object-no-properties", "[object]::new()", PSObject(("System.Object",), "System.Object")),
    Row(
        "object-adapted",
        "[System.Management.Automation.SemanticVersion]'1.2.3'",
        PSObject(
            ("System.Management.Automation.SemanticVersion", "System.Object"),
            "1.2.3",
            adapted={"Major": 1, "Minor": 2, "Patch": 3, "PreReleaseLabel": None, "BuildLabel": None},
        ),
    ),
    Row("string-with-note", "('abc' | Add-Member -PassThru n 5)", PSObject(value="abc", extended={"n": 5})),
    Row(
        "list-with-note",
        "(Add-Member -InputObject @(1) -PassThru n 5)",
        PSObject(("System.Object[]", "System.Array", "System.Object"), value=[1], extended={"n": 5}),
    ),
    Row(
        "enum-with-note",
        "(Add-Member -InputObject ([DayOfWeek]2) -PassThru n 5)",
        PSObject(
            (DAY, "System.Enum", "System.ValueType", "System.Object"),
            "Tuesday",
            EnumValue(2, "Tuesday", DAY),
            extended={"n": 5},
        ),
    ),
    Row(
        "progress",
        "[System.Management.Automation.ProgressRecord]::new(7, 'Copying', 'half way')",
        PSObject(("System.Management.Automation.ProgressRecord",), adapted=dict(PROGRESS)),
    ),
]


@pytest.fixture(scope="module")
def written() -> PSObject:
    """All rows, serialized by PowerShell in one document. Rows thereby refer to type names of others."""
    members = "; ".join(f"'{row.id}' = {row.expression}" for row in ROWS)
    return an_object(serialized(f"[pscustomobject][ordered]@{{ {members} }}", depth=3)[0])


def serialized(expression: str, *, depth: int = 2) -> list[object]:
    command = [str(psengine()), "clixml", "write", "--expression", expression, "--depth", str(depth)]
    run = subprocess.run(command, capture_output=True, check=False, timeout=60, env={**os.environ, "TZ": "UTC"})
    assert (run.returncode, run.stderr) == (0, b"")
    return parse(run.stdout)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_powershell_writes(written: PSObject, row: Row) -> None:
    assert shape(written.extended[row.id]) == shape(row.expected)


def test_several_objects_come_in_order_and_arrays_are_enumerated_as_the_pipeline_does() -> None:
    assert serialized("1; 'two'; 3, 4") == [1, "two", 3, 4]
    assert serialized("$null") == [None]


def test_error_record() -> None:
    expression = (
        "[System.Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('no'), 'Id', 9, 'vm1')"
    )
    record = an_object(serialized(expression, depth=3)[0])
    assert record.type_name == "System.Management.Automation.ErrorRecord"
    assert record.to_string == "no"
    assert record.get("FullyQualifiedErrorId") == "Id"
    assert record.get("TargetObject") == "vm1"
    exception = an_object(record.get("Exception"))
    assert exception.type_names[:2] == ("System.InvalidOperationException", "System.SystemException")
    assert exception.get("Message") == "no"
    assert exception.get("HResult") == -2146233079


def test_set_carries_its_own_properties() -> None:
    value = an_object(serialized("@{ s = [System.Collections.Generic.HashSet[int]]@(1, 2) }")[0]["s"])  # type: ignore[index]
    assert value.value == [1, 2]
    assert value.get("Count") == 2


def test_credential_keeps_its_user_and_no_password() -> None:
    credential = an_object(serialized("[pscredential]::new('u', (ConvertTo-SecureString p -AsPlainText -Force))")[0])
    assert credential.get("UserName") == "u"
    assert isinstance(credential.get("Password"), SecureString)


def test_objects_that_contain_themselves_and_shared_ones() -> None:
    custom, items, pair = serialized(
        "$o = [pscustomobject]@{ me = $null }; $o.me = $o; $o;"
        "$l = [System.Collections.ArrayList]@(1); [void]$l.Add($l); , $l; [pscustomobject]@{ a = $l; b = $l }",
        depth=4,
    )
    assert an_object(custom).get("me") is custom
    assert isinstance(items, list)
    inner = items[1]  # what the pipeline wrapped and the list itself are two objects to the serializer
    assert inner[1] is inner
    assert an_object(pair).get("a") is an_object(pair).get("b") is inner
    assert repr(custom) == "<PSObject System.Management.Automation.PSCustomObject, 1 properties>"


# --- texts that the serializer does not write, or not here ------------------------------------------------------------

CLIXML_FORMS = [
    ("<S/>", ""),
    ("<S>a<!-- b -->c</S>", "ac"),
    ("<S><![CDATA[<a>]]></S>", "<a>"),
    ("<S>&#233;&lt;</S>", "é<"),
    ("<S>_x00e9__x0001F600__xD83D__xDE00_</S>", "é\N{GRINNING FACE}\N{GRINNING FACE}"),
    ("<S>_xDE00__xD83D_</S>", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
    ("<S>_x00110000_ _x41_</S>", "_x00110000_ _x41_"),
    ("<I32> +5\n</I32>", 5),
    ("<B>1</B>", True),
    ("<Db>1.5E+3</Db>", 1500.0),
    ("<DT>2020-01-02</DT>", datetime(2020, 1, 2)),  # noqa: DTZ001
    ("<DT>2020-01-02T03:04:05.9999999Z</DT>", datetime(2020, 1, 2, 3, 4, 5, 999999, UTC)),
    (
        "<DT>2020-01-02T03:04:05-13:30</DT>",
        datetime(2020, 1, 2, 3, 4, 5, 0, timezone(-timedelta(hours=13, minutes=30))),
    ),
    ("<G> 0F8FAD5B-D9CB-469F-A165-70867728950E </G>", UUID("0f8fad5b-d9cb-469f-a165-70867728950e")),
    ("<BA>A Q\nI=</BA>", b"\1\2"),
    ('<Obj S="Error" RefId="0"><LST><Nil/></LST></Obj>', [None]),
    ("<Obj><IE><S>a</S></IE></Obj>", ["a"]),
    ('<Obj RefId="0"/>', PSObject()),
    ('<Obj RefId="0"><S>a</S><Props/><MS/></Obj>', "a"),
    ('<Obj RefId="0"><LST/><MS/></Obj>', []),
    ('<Obj RefId="0"><MS><S N="a">1</S></MS></Obj>', PSObject(extended={"a": "1"})),
    (
        '<Obj RefId="0"><TN RefId="0"><T>Deserialized.A.B</T><T>Deserialized.System.Enum</T></TN><I32>5</I32></Obj>',
        EnumValue(5, "5", "Deserialized.A.B"),
    ),
    ('<Obj RefId="0"><TN RefId="0"><T>System.Enum</T></TN><S>5</S></Obj>', "5"),
    (
        '<Obj RefId="0"><TN RefId="0"><T>_x0041_</T></TN><ToString>_x0042_</ToString></Obj>',
        PSObject(("A",), "B"),
    ),
    (
        '<Obj RefId="0"><DCT><En><Obj N="Key" RefId="1"><ToString>k</ToString></Obj><Nil N="Value"/></En></DCT></Obj>',
        {"k": None},
    ),
]


@pytest.mark.parametrize(("content", "expected"), CLIXML_FORMS)
def test_forms(content: str, expected: object) -> None:
    assert shape(one(content)) == shape(expected)


def test_references_reach_over_the_whole_document() -> None:
    first, again, second = parse(
        document(
            '<Obj RefId="a"><TN RefId="t"><T>X</T></TN><MS><Obj N="p" RefId="b"><LST/></Obj></MS></Obj>'
            '<Ref RefId="a"/><Obj RefId="c"><TNRef RefId="t"/><MS><Ref N="q" RefId="b"/></MS></Obj>'
        )
    )
    assert again is first
    assert an_object(second).type_names == ("X",)
    assert an_object(second).get("q") is an_object(first).get("p")


def test_references_into_class_metadata_are_followed() -> None:
    metadata = (
        '<Obj RefId="0"><MS><Obj N="__ClassMetadata" RefId="1"><TN RefId="0"><T>L</T></TN><LST>'
        '<Obj RefId="2"><MS><S N="ClassName">C</S></MS></Obj></LST></Obj></MS></Obj>'
    )
    instance, typed, referred = parse(
        document(metadata + '<Obj RefId="3"><TNRef RefId="0"/></Obj><Obj RefId="4"><LST><Ref RefId="2"/></LST></Obj>')
    )
    assert an_object(instance).extended == {}
    assert an_object(typed).type_names == ("L",)
    assert isinstance(referred, list)
    assert an_object(referred[0]).get("ClassName") == "C"


def test_class_metadata_is_not_decoded() -> None:
    broken = '<Obj RefId="0"><MS><Obj N="__ClassMetadata" RefId="1"><I32>no number</I32></Obj></MS></Obj>'
    assert one(broken) == PSObject()


def test_what_only_bears_the_name_of_class_metadata_is_kept() -> None:
    assert one('<Obj RefId="0"><MS><S N="__ClassMetadata">a</S></MS></Obj>') == PSObject(
        extended={"__ClassMetadata": "a"}
    )


CIM_CLASSES = [
    ("Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/SMB/MSFT_SmbShare", "MSFT_SmbShare"),
    ("Deserialized.Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_Service", "Win32_Service"),
    ("System.Management.ManagementObject#root\\cimv2\\Win32_OperatingSystem", "Win32_OperatingSystem"),
    ("Deserialized.System.Management.ManagementObject#Win32_BIOS", "Win32_BIOS"),
    ("Microsoft.Management.Infrastructure.CimInstance", None),
    ("Microsoft.Management.Infrastructure.CimInstance#", None),
    ("Other#root/cimv2/Win32_Service", None),
]


@pytest.mark.parametrize(("type_name", "expected"), CIM_CLASSES)
def test_cim_class(type_name: str, expected: str | None) -> None:
    assert PSObject(("System.Object", type_name)).cim_class == expected


def test_properties_of_both_kinds() -> None:
    value = PSObject(adapted={"a": 1, "b": None}, extended={"a": 2})
    assert value.properties == {"a": 2, "b": None}
    assert (value.get("a"), value.get("b", 3), value.get("A", 3)) == (2, None, 3)
    assert value.type_name is None


def test_values_survive_pickling() -> None:
    day = pickle.loads(pickle.dumps(EnumValue(1, "Monday", DAY)))
    assert shape(day) == shape(EnumValue(1, "Monday", DAY))
    assert f"{day}" == str(day) == "Monday"
    error = pickle.loads(pickle.dumps(ClixmlError("a", place="b", expected="c")))
    assert (type(error), str(error)) == (ClixmlError, "b: a; expected c")


def test_no_secret_is_left_behind() -> None:
    value = one('<Obj RefId="0"><MS><SS N="p">76492d1116743f04</SS><I32 N="n">1</I32></MS></Obj>')
    secret = an_object(value).get("p")
    assert "7649" not in repr(secret)
    assert gc.get_referents(secret) in ([], [SecureString])
    with pytest.raises(ClixmlError) as caught:
        one('<Obj RefId="0"><MS><SS N="p">76492d1116743f04</SS><I32 N="n">x</I32></MS></Obj>')
    assert "7649" not in str(caught.value)
    assert caught.value.__context__ is None
