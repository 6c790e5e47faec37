"""Error records: what kind of gap each of them makes. Numbers and type names decide, not the language of the host."""

from __future__ import annotations

from typing import Any

import pytest

from hypervigil.collect.failures import failure_of, is_error_record
from hypervigil.formats.clixml import PSObject, parse
from hypervigil.model.outcome import Cause
from tests.collect.clixml_files import Obj, document, error


def record(value: Obj) -> PSObject:
    found = parse(document(value))[0]
    assert isinstance(found, PSObject)
    return found


CASES: list[tuple[Obj, Cause]] = [
    (error("UnauthorizedAccessException", "Zugriff verweigert", category=18), Cause.ACCESS_DENIED),
    (error("UnauthorizedAccessException", "Access was denied."), Cause.ACCESS_DENIED),
    (error("SecurityException", category=25), Cause.ACCESS_DENIED),
    (error("CimException", error_id="HRESULT 0x80070005,Microsoft.Management"), Cause.ACCESS_DENIED),
    (error("CimException", error_id="HRESULT 0x80041003,Microsoft.Management"), Cause.ACCESS_DENIED),
    (error("Win32Exception", HResult=-2147024891), Cause.ACCESS_DENIED),
    (error("COMException", "Zugriff verweigert (0x80070005)"), Cause.ACCESS_DENIED),
    (error("CommandNotFoundException", category=13), Cause.UNSUPPORTED_RELEASE),
    (error("RuntimeException", error_id="CommandNotFoundException"), Cause.UNSUPPORTED_RELEASE),
    (error("CimException", category=10, error_id="HRESULT 0x80041010,Get-CimInstance"), Cause.UNSUPPORTED_RELEASE),
    (error("CimException", category=13, error_id="HRESULT 0x8004100e,Get-CimInstance"), Cause.UNSUPPORTED_RELEASE),
    (error("PlatformNotSupportedException", category=11), Cause.UNSUPPORTED_RELEASE),
    (error("CimException", category=15), Cause.TIMED_OUT),
    (error("TimeoutException"), Cause.TIMED_OUT),
    (error("VirtualizationException", "Something else.", category=7), Cause.UNPARSABLE),
    (error("CimException", category=13, error_id="CmdletizationQuery_NotFound"), Cause.UNPARSABLE),
]


@pytest.mark.parametrize(("value", "cause"), CASES)
def test_cause(value: Obj, cause: Cause) -> None:
    assert failure_of(record(value)).cause is cause


def test_the_message_is_kept() -> None:
    failure = failure_of(record(error("Exception", "It\r\n  failed   here.", error_id="Some.Id,Some.Cmdlet")))
    assert failure.detail == "It failed here."
    assert failure.error_id == "Some.Id,Some.Cmdlet"


def test_a_long_message_is_cut() -> None:
    failure = failure_of(record(error("Exception", "word " * 1000)))
    assert len(failure.detail) == 300
    assert failure.detail.endswith("…")


def test_an_empty_record_still_says_something() -> None:
    bare = record(Obj(("System.Management.Automation.ErrorRecord",)))
    assert is_error_record(bare)
    assert failure_of(bare).cause is Cause.UNPARSABLE
    assert failure_of(bare).detail == "the command failed and left no message"


@pytest.mark.parametrize("value", [1, "System.Management.Automation.ErrorRecord", None, PSObject()])
def test_nothing_else_is_an_error_record(value: Any) -> None:
    assert not is_error_record(value)


def test_a_record_that_came_over_the_wire_is_one() -> None:
    assert is_error_record(record(Obj(("Deserialized.System.Management.Automation.ErrorRecord",))))
