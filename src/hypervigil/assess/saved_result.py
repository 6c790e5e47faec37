"""One side of a comparison out of a saved JSON report.

Only the keys that a comparison needs are read; the whole format is that of the JSON report, and its ``format`` number
says whether this reader understands it. The report names each subject once, so the other names under which it may be
known are worked out here, as ``evidence`` does it: a node's short name, a cluster's name.
"""

from __future__ import annotations

import ipaddress
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

import msgspec

from hypervigil.assess.compare import Compared, missing_sentence
from hypervigil.formats.errors import FormatError
from hypervigil.model.finding import Disposition, fingerprint
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.subject import PAIR_SEPARATOR, Scope

FORMAT: Final = 1
"""The ``format`` that is read."""


class SavedResultError(FormatError):
    """Bytes are not a saved JSON report."""


class _Format(msgspec.Struct, frozen=True):
    format: int


class _Reason(msgspec.Struct, frozen=True):
    text: str


class _Missing(msgspec.Struct, frozen=True):
    fact: str
    cause: Cause
    detail: str | None


class _Finding(msgspec.Struct, frozen=True):
    control: str
    subject: str
    subject_key: str
    scope: Scope
    outcome: Outcome
    severity: Severity
    disposition: Disposition
    fingerprint: str
    reasons: tuple[_Reason, ...] = ()
    missing: tuple[_Missing, ...] = ()


class _Result(msgspec.Struct, frozen=True):
    findings: tuple[_Finding, ...]


def findings_from_json(data: bytes) -> tuple[Compared, ...]:
    """The findings of a report that ``assess --format json`` wrote, in its order.

    Raises:
        SavedResultError: it is not one, or of another format: what is wrong and where.
    """
    try:
        data = _utf8(data)
        version = msgspec.json.decode(data, type=_Format).format
        if version != FORMAT:
            raise SavedResultError(f"format {version}", place="$.format", expected=f"format {FORMAT}")
        result = msgspec.json.decode(data, type=_Result)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        raise SavedResultError(what, place=place.strip("`"), expected="a JSON report of hypervigil") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SavedResultError(f"not JSON ({error})", expected="a JSON report of hypervigil") from None
    except RecursionError:
        raise SavedResultError("nested too deeply", expected="a JSON report of hypervigil") from None
    return tuple(map(_compared, result.findings))


def _utf8(data: bytes) -> bytes:
    """Windows PowerShell redirects output as UTF-16, and its ``-Encoding utf8`` puts a byte order mark in front."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16").encode()
    return data.removeprefix(BOM_UTF8)


def _compared(finding: _Finding) -> Compared:
    others = [fingerprint(finding.control, finding.scope.value, key) for key in _other_keys(finding)]
    return Compared(
        control=finding.control,
        scope=finding.scope,
        subject=finding.subject,
        subject_key=finding.subject_key,
        outcome=finding.outcome,
        severity=finding.severity,
        disposition=finding.disposition,
        fingerprints=tuple(dict.fromkeys((finding.fingerprint, *others))),
        reasons=(
            *(reason.text for reason in finding.reasons),
            *(missing_sentence(missing.fact, missing.cause, missing.detail) for missing in finding.missing),
        ),
    )


def _other_keys(finding: _Finding) -> list[str]:
    key = finding.subject_key
    if finding.scope is Scope.NODE:
        return [_short(key)]
    if finding.scope is Scope.CLUSTER:
        return [finding.subject.lower()]
    if finding.scope is Scope.PAIR:
        source, _, destination = key.partition(PAIR_SEPARATOR)
        return [f"{s}{PAIR_SEPARATOR}{d}" for s in (source, _short(source)) for d in (destination, _short(destination))]
    return []


def _short(node: str) -> str:
    """The name of a node without its domain. An address has none."""
    try:
        ipaddress.ip_address(node)
    except ValueError:
        return node.partition(".")[0]
    return node
