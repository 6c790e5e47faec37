r"""LOG-009  PowerShell script-block logging is on; transcripts of JEA are kept.

## What it decides

Whether the policy on a node makes PowerShell record every script block (event 4104), and whether the sessions of its
JEA endpoints are written down as transcripts.

## Why it matters

Most of what is done to a Hyper-V cluster is done with PowerShell, by its administrators and by those who have stolen
their accounts: an exported VM, a mounted disk, a security level lowered. Event 4104 holds the text that was run, also
where it came in encoded. Many detections of this catalogue's rules read nothing else. In a JEA session with a
group-managed service account the transcript is the only place that tells who did what.

## How it is decided

`EnableScriptBlockLogging` of the policy:

| value | outcome |
|---|---|
| 1 | on |
| absent | FAIL: PowerShell then records only blocks that it finds suspicious by itself |
| 0 | FAIL: switched off |
| could not be looked at | UNKNOWN |
| anything else | REVIEW |

Each JEA endpoint that is on has to name a directory for transcripts. One that names none: FAIL; where the policy of
transcription is on for all of PowerShell, REVIEW, because that one writes as the account of the session, where it
can. Where the endpoints were not listed, or a file of one could not be read, the outcome is UNKNOWN unless something
fails. A node without JEA endpoints needs no transcripts (MGT-008 asks for an endpoint).

The source document holds that what Windows audits out of the box captures most of what is needed. Script blocks are
one of the things that it does not.

## How to look yourself

    Get-ItemProperty -Path HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging
    Get-PSSessionConfiguration | Select-Object Name, SessionType, TranscriptDirectory

Expected on 2019, 2022 and 2025: `EnableScriptBlockLogging` 1, and a directory for each endpoint of session type
`RestrictedRemoteServer`. Out of the box the key is absent on all of them.

## Remedy

Policy *Windows Components > Windows PowerShell > Turn on PowerShell Script Block Logging*: enabled, without the
invocation events, which are many. For endpoints: a line *TranscriptDirectory* in the session configuration file, with
a directory that SYSTEM alone may write, and then

    Unregister-PSSessionConfiguration -Name ClusterOperators -Force
    Register-PSSessionConfiguration -Name ClusterOperators -Path C:\JEA\ClusterOperators.pssc -Force

- Reboot: none; sessions that begin afterwards are recorded. Registering restarts WinRM and cuts remoting sessions.
- Order: enlarge the channel Microsoft-Windows-PowerShell/Operational first (LOG-005) and see that it is forwarded
  (LOG-002), then the policy on all nodes, then endpoints, node by node.
- Rollback: the policy to *not configured*; the former file, and registering again.

Script blocks hold what scripts hold, passwords in them too: restrict who may read the channel and what it is
forwarded to.

## What it cannot see

Whether the channel is on, large enough and forwarded (LOG-001, LOG-002, LOG-005). How long transcripts are kept, and
who may change them. PowerShell 7, which has policies and endpoints of its own. Who runs something else than
PowerShell, or its version 2, which records nothing.

## References

- MicrosoftDocs/PowerShell-Docs, `reference/5.1/Microsoft.PowerShell.Core/About/about_Group_Policy_Settings.md`
- MicrosoftDocs/PowerShell-Docs, `reference/docs-conceptual/security/remoting/jea/`: `session-configurations.md`,
  `security-considerations.md`, `audit-and-report.md`
- microsoft/osconfig and HardeningKitty, lists for Windows Server 2025 (script-block logging is off by default)
"""

from __future__ import annotations

from collections.abc import Iterator

from hypervigil.controls.effective import jea
from hypervigil.evidence.audit import PowerShellLogging
from hypervigil.evidence.powershell import PsSessionConfigurations, SessionConfiguration
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ON = passes("Every script block is recorded.")
    NOT_SET = fails("No policy makes PowerShell record script blocks: only what it finds suspicious is.")
    OFF = fails("A policy keeps PowerShell from recording script blocks (EnableScriptBlockLogging is 0).")
    ODD = reviews("EnableScriptBlockLogging is {value}, which no table has: what is it meant to do?")
    DENIED = unknown("EnableScriptBlockLogging could not be looked at.", Cause.ACCESS_DENIED)
    NO_TRANSCRIPTS = fails("JEA endpoint {endpoint} writes no transcripts.")
    POLICY_TRANSCRIPTS = reviews(
        "JEA endpoint {endpoint} names no directory for transcripts; a policy has all of PowerShell write them "
        "({directory}). Are those of JEA sessions there?"
    )
    POLICY_UNSEEN = unknown(
        "JEA endpoint {endpoint} names no directory for transcripts, and whether a policy has PowerShell write them "
        "could not be looked at.",
        Cause.ACCESS_DENIED,
    )
    FILE_UNREAD = unknown(
        "Whether endpoint {endpoint} writes transcripts stands in a file that was not read: {problem}.",
        Cause.UNPARSABLE,
    )
    ENDPOINTS_UNSEEN = unknown("Whether there are JEA endpoints, and whether they write transcripts, was not seen.")
    KEPT = remarks("JEA endpoint {endpoint} writes transcripts to {directory}.")
    NO_JEA = remarks("There is no JEA endpoint whose transcripts could be kept.")


CONTROL = Control(
    id="LOG-009",
    title="PowerShell script-block logging is on; transcripts of JEA are kept",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(logging: PowerShellLogging, configurations: Maybe[PsSessionConfigurations]) -> Verdict:
    """Judge the policy, then each JEA endpoint."""
    reasons = [_script_blocks(logging.script_block)]
    if configurations.value is None:
        return verdict(*reasons, Why.ENDPOINTS_UNSEEN.because(configurations.missing))
    endpoints = configurations.value.configurations
    for endpoint in endpoints:
        reasons += _transcripts(endpoint, logging)
    if not any(jea.is_jea(each) or jea.is_unread(each) for each in endpoints):
        reasons.append(Why.NO_JEA())
    return verdict(*reasons)


def _script_blocks(value: RegistryValue) -> Reason:
    if value.denied:
        return Why.DENIED()
    if value.absent:
        return Why.NOT_SET()
    known = {1: Why.ON, 0: Why.OFF}
    return known[value.number]() if value.number in known else Why.ODD(value=value.shown)


def _transcripts(endpoint: SessionConfiguration, logging: PowerShellLogging) -> Iterator[Reason]:
    name, policy = endpoint.name, logging.transcription
    if jea.is_unread(endpoint):
        yield Why.FILE_UNREAD(endpoint=name, problem=endpoint.unread)
    elif not jea.is_jea(endpoint):
        return
    elif endpoint.transcript_directory is not None:
        yield Why.KEPT(endpoint=name, directory=endpoint.transcript_directory)
    elif policy.denied:
        yield Why.POLICY_UNSEEN(endpoint=name)
    elif policy.number == 1:
        directory = logging.transcription_directory
        shown = directory.data if isinstance(directory.data, str) else "in each user's documents"
        yield Why.POLICY_TRANSCRIPTS(endpoint=name, directory=shown)
    else:
        yield Why.NO_TRANSCRIPTS(endpoint=name)
