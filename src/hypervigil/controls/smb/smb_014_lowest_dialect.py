r"""SMB-014  The lowest dialect that client and server are configured to accept is SMB 3.0 or newer.

## What it decides

Whether a node, in either role, still agrees to SMB 2.0.2 or 2.1.

## Why it matters

Encryption, the better signatures and the proof that nobody tampered with the negotiation came with SMB 3. Whoever can
bring a session down to 2.1 takes all of it away; a lowest dialect makes that impossible instead of detectable.

## How it is decided

For the SMB server and the SMB client by themselves:

- `Smb2DialectMin` is SMB300, SMB302 or SMB311: PASS. SMB202 or SMB210: FAIL.
- `None`, which is the default: FAIL, since there is no limit and 2.0.2 is accepted.
- A code that no table has, or a highest dialect below the lowest one, so that nothing is left to agree on: REVIEW.
- A highest dialect below 3.1.1 is remarked on: it keeps the newest protection out, whatever the lowest is.
- Not there on a build that has it: UNKNOWN.

Limits for dialects exist from 2025 on; earlier releases take everything from 2.0.2 up and cannot be told otherwise, so
there the control does not apply. A build that no table knows is judged where it shows a limit, and else by its
number. SMB1 has a switch of its own (SMB-007).

## How to look yourself

    Get-SmbServerConfiguration | Select-Object Smb2DialectMin, Smb2DialectMax
    Get-SmbClientConfiguration | Select-Object Smb2DialectMin, Smb2DialectMax

| release | out of the box | wanted |
|---|---|---|
| 2016, 2019, 2022, 23H2 | no such property | - |
| 2025 | `None`, `None` | `SMB300` or newer, and `None` or `SMB311` |

## Remedy

    Set-SmbServerConfiguration -Smb2DialectMin SMB300 -Force
    Set-SmbClientConfiguration -Smb2DialectMin SMB300 -Force

or the policies *Mandate the minimum version of SMB* below *Lanman Server* and *Lanman Workstation*. Microsoft's
OSConfig baseline asks for 3.0 on domain members (768 in the registry) and 3.0.2 in workgroups (770), CIS for 3.1.1
(785).

- Reboot: none named by the documentation; a session keeps the dialect that it began with.
- Order: list the dialects in use first (`Get-SmbSession` and `Get-SmbConnection`, column *Dialect*), server before
  client, node by node. A client limit of 3.1.1 cuts off many an old NAS; 3.0 rarely does.
- Rollback: the same commands with `None`.

## What it cannot see

What is really negotiated (SMB-021 asks the wire), and limits that a mapping sets for itself.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/manage-smb-dialects.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md` and
  `Set-SmbClientConfiguration.md`
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv`
"""

from __future__ import annotations

from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Dialect, SmbClientConfiguration, SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
    Reason,
    ReasonCode,
    Verdict,
    excludes,
    fails,
    passes,
    remarks,
    reviews,
    unknown,
    verdict,
)
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NO_LIMITS = excludes(
        "{release} takes every SMB 2 and 3 dialect from 2.0.2 up and can not limit them; Windows Server 2025 brings a "
        "lowest and a highest dialect for each role."
    )
    NEW_ENOUGH = passes("The SMB {role} takes nothing older than SMB {lowest}.")
    UNLIMITED = fails("The SMB {role} has no lowest dialect: it takes SMB 2.0.2.")
    TOO_OLD = fails("The SMB {role} takes SMB {lowest}.")
    UNKNOWN_DIALECT = reviews(
        "The lowest dialect of the SMB {role} is {lowest}. Is that SMB 3.0 or newer?", Confidence.UNVERIFIED
    )
    EMPTY_RANGE = reviews(
        "The SMB {role} is limited to {lowest} and newer and to {highest} and older, which leaves nothing. Does it "
        "still agree on a dialect?",
        Confidence.UNVERIFIED,
    )
    LIMIT_UNSEEN = unknown("The source does not hold the lowest dialect of the SMB {role}.", Cause.NOT_IN_SOURCE)
    CAPPED = remarks("The SMB {role} speaks nothing newer than SMB {highest}, which keeps the protection of 3.1.1 out.")


CONTROL = Control(
    id="SMB-014",
    title="The lowest dialect that client and server are configured to accept is SMB 3.0 or newer",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def applies(system: OperatingSystem, server: SmbServerConfiguration, client: SmbClientConfiguration) -> Reason | None:
    """Builds that show a limit in one of the roles, and those from 2025 on, which should."""
    limits = (server.dialect_min, server.dialect_max, client.dialect_min, client.dialect_max)
    if system.build_number >= Release.WS2025.build or any(limit is not None for limit in limits):
        return None
    return Why.NO_LIMITS(release=system.release_title)


def assess(server: SmbServerConfiguration, client: SmbClientConfiguration) -> Verdict:
    """Judge both roles."""
    return verdict(
        *_of_role("server", server.dialect_min, server.dialect_max),
        *_of_role("client", client.dialect_min, client.dialect_max),
    )


def _of_role(role: str, lowest: Dialect | None, highest: Dialect | None) -> list[Reason]:
    cap = highest if highest is not None and highest.is_known and highest is not Dialect.NO_LIMIT else None
    if cap is not None and lowest is not None and lowest.is_known and cap < lowest:
        return [Why.EMPTY_RANGE(role=role, lowest=lowest.dotted, highest=cap.dotted)]
    reasons = [_of_lowest(role, lowest)]
    if cap is not None and cap < Dialect.SMB311:
        reasons.append(Why.CAPPED(role=role, highest=cap.dotted))
    return reasons


def _of_lowest(role: str, lowest: Dialect | None) -> Reason:
    if lowest is None:
        return Why.LIMIT_UNSEEN(role=role)
    if not lowest.is_known:
        return Why.UNKNOWN_DIALECT(role=role, lowest=lowest.label)
    if lowest is Dialect.NO_LIMIT:
        return Why.UNLIMITED(role=role)
    judged = Why.NEW_ENOUGH if lowest >= Dialect.SMB300 else Why.TOO_OLD
    return judged(role=role, lowest=lowest.dotted)
