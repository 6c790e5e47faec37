"""A command that failed on the host: its error record, and what kind of gap it makes.

Export-Clixml writes an error record with the properties that PowerShell gives it for remoting: the number of its
category, the type name of its exception, its fully qualified id. None of them depends on the language of the host, the
message does: it is shown, and decides only where nothing else is there.
"""

from __future__ import annotations

import re

import msgspec

from hypervigil.formats.clixml import PSObject
from hypervigil.model.outcome import Cause


class Failure(msgspec.Struct, frozen=True):
    """Why an answer is none: the cause of the gap, the words for it, and the id of the error (empty: not an error)."""

    cause: Cause
    detail: str
    error_id: str = ""
    reason: str = ""


_SHOWN = 300
"""Characters of a message that are kept."""

_NOT_IMPLEMENTED, _NOT_INSTALLED, _OPERATION_TIMEOUT, _PERMISSION_DENIED, _SECURITY_ERROR = 11, 12, 15, 18, 25
"""Numbers of System.Management.Automation.ErrorCategory."""

_BY_CATEGORY = {
    _PERMISSION_DENIED: Cause.ACCESS_DENIED,
    _SECURITY_ERROR: Cause.ACCESS_DENIED,
    _OPERATION_TIMEOUT: Cause.TIMED_OUT,
    _NOT_IMPLEMENTED: Cause.UNSUPPORTED_RELEASE,
    _NOT_INSTALLED: Cause.UNSUPPORTED_RELEASE,
}

_BY_REASON = {
    "unauthorizedaccessexception": Cause.ACCESS_DENIED,
    "securityexception": Cause.ACCESS_DENIED,
    "timeoutexception": Cause.TIMED_OUT,
    "commandnotfoundexception": Cause.UNSUPPORTED_RELEASE,
    "platformnotsupportedexception": Cause.UNSUPPORTED_RELEASE,
    "notimplementedexception": Cause.UNSUPPORTED_RELEASE,
}

_BY_CODE = {
    0x80070005: Cause.ACCESS_DENIED,  # E_ACCESSDENIED
    0x80041003: Cause.ACCESS_DENIED,  # WBEM_E_ACCESS_DENIED
    0x80041010: Cause.UNSUPPORTED_RELEASE,  # WBEM_E_INVALID_CLASS
    0x8004100E: Cause.UNSUPPORTED_RELEASE,  # WBEM_E_INVALID_NAMESPACE
    0x80070102: Cause.TIMED_OUT,  # WAIT_TIMEOUT
    0x800705B4: Cause.TIMED_OUT,  # ERROR_TIMEOUT
    0x80338126: Cause.TIMED_OUT,  # ERROR_WINRM_CANNOT_CONNECT ("the operation did not complete in time")
}
"""HRESULTs by what they mean (Microsoft's tables of system, WMI and WinRM error codes)."""

_HEX = re.compile(r"0x([0-9a-f]{8})\b", re.IGNORECASE)


def is_error_record(value: object) -> bool:
    """Whether a value of a CLIXML document is an error record."""
    names = value.type_names if isinstance(value, PSObject) else ()
    return any(name.removeprefix("Deserialized.") == "System.Management.Automation.ErrorRecord" for name in names)


def failure_of(record: PSObject) -> Failure:
    """What an error record says."""
    exception = record.get("Exception")
    error_id = _text(record.get("FullyQualifiedErrorId"))
    reason = _text(record.get("ErrorCategory_Reason")) or _exception_type(exception)
    message = _message(record, exception)
    cause = _cause(record, exception, error_id, reason, message)
    return Failure(cause, _shown(message, reason or error_id), error_id, reason)


def activity_of(record: PSObject) -> str:
    """The cmdlet that failed, where the record names one."""
    return _text(record.get("ErrorCategory_Activity"))


def _cause(record: PSObject, exception: object, error_id: str, reason: str, message: str) -> Cause:
    if error_id.partition(",")[0] == "CommandNotFoundException":
        return Cause.UNSUPPORTED_RELEASE
    for code in (*_codes(error_id), *_codes_of(exception), *_codes(message)):
        if code in _BY_CODE:
            return _BY_CODE[code]
    by_reason = _BY_REASON.get(reason.rpartition(".")[2].casefold())
    if by_reason is not None:
        return by_reason
    category = record.get("ErrorCategory_Category")
    by_category = _BY_CATEGORY.get(category) if isinstance(category, int) else None
    return by_category if by_category is not None else Cause.UNPARSABLE


def _codes(text: str) -> list[int]:
    return [int(found, 16) for found in _HEX.findall(text)]


def _codes_of(exception: object) -> list[int]:
    """HRESULTs are serialised as signed 32-bit numbers."""
    if not isinstance(exception, PSObject):
        return []
    numbers = (exception.get("HResult"), exception.get("ErrorCode"), exception.get("StatusCode"))
    return [number & 0xFFFFFFFF for number in numbers if isinstance(number, int)]


def _exception_type(exception: object) -> str:
    if isinstance(exception, PSObject) and exception.type_name:
        return exception.type_name.removeprefix("Deserialized.").rpartition(".")[2]
    return ""


def _message(record: PSObject, exception: object) -> str:
    inner = _text(exception.get("Message")) if isinstance(exception, PSObject) else ""
    return inner or (record.to_string or "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(message: str, otherwise: str) -> str:
    words = " ".join(message.split())
    shown = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
    return shown or otherwise or "the command failed and left no message"
