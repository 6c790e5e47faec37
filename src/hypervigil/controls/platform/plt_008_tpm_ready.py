r"""PLT-008  A TPM 2.0 is present and ready.

## What it decides

Whether a node has a trusted platform module of specification 2.0 that Windows can use.

## Why it matters

Keys that are sealed to a TPM open on this machine and in this boot state only: BitLocker on the system volume, the
local key of Credential Guard, attestation of a guarded host and health reports all lean on it. A node without one keeps
such keys where a copy of its disks takes them along.

It is a recommendation, hence medium. The source document counts a "sufficient TPM" among the conditions of Credential
Guard, which it is not: VBS and Secure Boot are, and a TPM makes the result stronger. PLT-002 does not ask for one.

## How it is decided

- `TpmPresent` false: FAIL.
- `TpmReady` false: FAIL, with what else `Get-Tpm` says about its state. Absent: UNKNOWN.
- Specification by `SpecVersion` of `Win32_Tpm`, whose first part is the version ("2.0, 0, 1.38"): 2.0 goes on, 1.x is
  FAIL, something else REVIEW.
- No `SpecVersion`: a `ManufacturerVersionFull20` that is a version number counts as 2.0. That is inferred from the
  property's name and from what it holds on a TPM 1.2: a sentence, in the language of the host, that it is not
  supported there. So text other than a dotted number counts for nothing, and neither does an empty one: UNKNOWN.

A TPM that is locked out is named; `TpmReady` decides all the same.

## How to look yourself

    Get-Tpm | Select-Object TpmPresent, TpmReady, LockedOut, ManufacturerVersionFull20
    Get-CimInstance -ClassName Win32_Tpm -Namespace root\cimv2\Security\MicrosoftTpm | Select-Object SpecVersion

From an elevated prompt. Expected on 2019, 2022 and 2025: `True`, `True`, `False`, a number with dots, and a
`SpecVersion` that begins with 2.0.

## Remedy

Switch the TPM on in the firmware set-up, in 2.0 mode where it knows both; then, if Windows does not do so by itself:

    Initialize-Tpm

- Reboot: one into the firmware set-up; `Initialize-Tpm` may ask for another.
- Order: before changing anything save the BitLocker recovery keys and suspend protection; drain the node; one node at
  a time. Never clear a TPM on the way: what VBS protects is lost at the next start, so a domain controller must be
  reachable then.
- Rollback: switch it off in the firmware again, after BitLocker protectors that use it were replaced.

## What it cannot see

Whether its firmware has known flaws. What is sealed to it, and whether Credential Guard uses it (Kernel-Boot event 51
with mask 0 says it does not). Whether the TPM of a node that is itself a VM is more than its host makes it.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/TrustedPlatformModule/Get-Tpm.md`, `Initialize-Tpm.md`
- MicrosoftDocs/windows-itpro-docs, `windows/security/identity-protection/credential-guard/index.md` (TPM is not
  required), `considerations-known-issues.md` (clearing a TPM)
- microsoft/wmi, `server2019/root/cimv2/Security/MicrosoftTpm` (class Win32_Tpm)
"""

from __future__ import annotations

import re

from hypervigil.evidence.platform import Tpm
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    READY = passes("A TPM 2.0 is present and ready ({manufacturer}).")
    READY_BY_VERSION = passes(
        "A TPM is present and ready ({manufacturer}); ManufacturerVersionFull20 ({version}) makes it a 2.0.",
        Confidence.INFERRED,
    )
    ABSENT = fails("There is no TPM.")
    NOT_READY = fails("There is a TPM and it is not ready ({state}).")
    OLD = fails("The TPM follows specification {specification}, not 2.0.")
    UNKNOWN_SPECIFICATION = reviews("The TPM follows specification {specification}. Is that 2.0 or later?")
    READINESS_UNSEEN = unknown("There is a TPM; the source does not say whether it is ready.", Cause.NOT_IN_SOURCE)
    SPECIFICATION_UNSEEN = unknown("Nothing says which specification the TPM follows.", Cause.NOT_IN_SOURCE)
    FOLLOWS_20 = remarks("It is a TPM 2.0.")
    LOCKED_OUT = remarks("The TPM is locked out: too many wrong authorizations.")


CONTROL = Control(
    id="PLT-008",
    title="A TPM 2.0 is present and ready",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)

_VERSION = re.compile(r"\d+(\.\d+)+")


def assess(tpm: Tpm) -> Verdict:
    """Judge presence, then readiness and specification together."""
    if not tpm.present:
        return verdict(Why.ABSENT())
    reasons = [*_readiness(tpm), _specification(tpm)]
    if tpm.locked_out:
        reasons.append(Why.LOCKED_OUT())
    return verdict(*reasons)


def _readiness(tpm: Tpm) -> list[Reason]:
    if tpm.ready is None:
        return [Why.READINESS_UNSEEN()]
    if tpm.ready:
        return []
    states = {"enabled": tpm.enabled, "activated": tpm.activated, "owned": tpm.owned}
    said = [name if state else f"not {name}" for name, state in states.items() if state is not None]
    return [Why.NOT_READY(state=", ".join(said) or "nothing more is known")]


def _specification(tpm: Tpm) -> Reason:
    manufacturer = tpm.manufacturer or "manufacturer unknown"
    specification = tpm.specification
    if specification:
        if specification == "2.0":
            return Why.READY(manufacturer=manufacturer) if tpm.ready else Why.FOLLOWS_20()
        old = _VERSION.fullmatch(specification) and specification.startswith("1.")
        return (Why.OLD if old else Why.UNKNOWN_SPECIFICATION)(specification=specification)
    version = (tpm.manufacturer_version_20 or "").strip()
    if _VERSION.fullmatch(version):
        return Why.READY_BY_VERSION(manufacturer=manufacturer, version=version) if tpm.ready else Why.FOLLOWS_20()
    return Why.SPECIFICATION_UNSEEN()
