r"""MGT-009  JEA endpoints hold no escape.

## What it decides

Whether a restricted PowerShell endpoint of a node lets its users do more than it was made for: the endpoint itself,
and each role file that it gives, line by line.

## Why it matters

What a JEA session runs, it runs as an administrator of the node: its virtual account is a member of Administrators
unless it was put into other groups. All that stands between an operator and the node, its VMs and their disks is the
list of what is visible. One wildcard, or one command that starts a program, and the list is worth nothing, while
everybody believes that operators are no administrators.

## How it is decided

Judged is every endpoint that is on and has session type RestrictedRemoteServer or Empty, maps accounts to roles, or
runs as another account. Where there is none: NOT_APPLICABLE, and MGT-008 asks for one. Each of these fails:

| where | what |
|---|---|
| visible cmdlet or function | a wildcard in its name |
| the same | a command that runs code or makes administrators (list below) |
| the same | `Grant-ClusterAccess`, `Set-ClusterParameter`, `Set-ClusterOwnerNode`, Remove-Cluster... (below) |
| external command | no full path; a wildcard; `net.exe`, `dsadd.exe`; a shell (inferred) |
| provider | FileSystem, Registry, Certificate, or a wildcard that takes one of them in |
| endpoint | a fixed run-as account (RunAsCredential): roles do not work with it |
| endpoint | no run-as account at all: its users need the rights themselves |
| endpoint | no directory for transcripts |
| endpoint | people without trust may write where its transcripts lie |
| endpoint | it runs as another account and is not restricted at all, or has the full language (inferred) |
| role file | people without trust may change it |

The commands: `Start-Process`, `New-Service`, `Invoke-Item`, `Invoke-WmiMethod`, `Invoke-CimMethod`,
`Invoke-Expression`, `Invoke-Command`, everything that ends in -Job, `New-ScheduledTask`, `Register-ScheduledJob`,
`Add-LocalGroupMember`, `Add-ADGroupMember`; and since Microsoft's page of 2026 `Update-TypeData`, `Remove-TypeData`,
`Update-FormatData`, `Trace-Command`. Microsoft calls them dangerous where they are unconstrained. They fail here
narrowed as well, with what they are narrowed to: whether that is narrow enough is for a waiver to say. The commands
of the cluster fail because full access to a cluster is full access to each of its nodes.

A question (REVIEW): commands that the operation of a cluster does not need raw (New-..., Remove-..., Set-VM...,
`Export-VM`, `Enter-PSSession`, `Restart-Computer`, `Test-Cluster` and others); other providers; a language mode
between the two; a function of a file that takes the place of a restricted command; an entry that is an expression; a
role name that several files have, of which each is judged; a single account that may change a role file or write
where transcripts lie; a directory of transcripts of which nobody read who may write into it (it is not there yet, it is
a share, or the evidence is older than that reading).

A file that could not be read, and a role whose file was not found: UNKNOWN, unless something else fails.

The source document calls JEA materially safer than full rights. That holds with two limits: the virtual account is a
local administrator, and across the network it is the computer account of the node. A group-managed service account
makes all users one account on the network and in logs, so that transcripts alone tell them apart: a remark.

## How to look yourself

    Get-PSSessionConfiguration | Format-List Name, SessionType, RunAsUser, RunAsVirtualAccount, TranscriptDirectory
    Get-ChildItem -Path 'C:\Program Files\WindowsPowerShell\Modules' -Filter *.psrc -Recurse |
        Select-String -Pattern '\*', 'Start-Process', 'Invoke-', '-Job', 'VisibleProviders'
    Get-PSSessionCapability -ConfigurationName ClusterOperators -Username CONTOSO\operator
    (Get-Acl -LiteralPath C:\ProgramData\JEA\Transcripts).Access

The first command runs the text of each endpoint's file, so use it on hosts that you trust. Expected on 2019, 2022 and
2025: no line from the second; from the third the commands that the operator was meant to have; from the last nobody
but SYSTEM and Administrators. A folder that is merely made below ProgramData lets users make files and folders in it;
who makes the folder of the next day first, owns it.

## Remedy

Replace what the finding names by single commands with `ValidateSet` or `ValidatePattern`, or by a function of your
own that does one thing. Role files are read anew by each session. What the endpoint's own file says is changed by
registering it again, with a virtual account and a directory for transcripts. The directory is made before, with SYSTEM
and Administrators as the only ones who may write:

    icacls.exe C:\ProgramData\JEA\Transcripts /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"
    Test-PSSessionConfigurationFile -Path C:\JEA\ClusterOperators.pssc
    Unregister-PSSessionConfiguration -Name ClusterOperators -Force
    Register-PSSessionConfiguration -Name ClusterOperators -Path C:\JEA\ClusterOperators.pssc -Force

- Reboot: none; registering restarts WinRM, which cuts every remoting session of the node.
- Order: role files first, on all nodes; then the endpoint, node by node, as a change. Try what operators do for a
  day.
- Rollback: the former file, and registering again; `icacls.exe C:\ProgramData\JEA\Transcripts /reset`.

## What it cannot see

Transcripts that lie there already, and folders below, with permissions of their own; whoever may rename a folder
above. Administrators, and with them what an endpoint runs as one, can change transcripts in any case: forward them.
The body of functions, which is not restricted: read it for parameters that reach `Invoke-Expression`. Aliases,
scripts and modules that a file loads. What a parameter's pattern lets through. What the policy *DisableRunAs* does to
virtual accounts, which nobody has documented. Lines of providers and of the endpoint's own file: the finding names the
file there.

## References

- MicrosoftDocs/PowerShell-Docs, `reference/docs-conceptual/security/remoting/jea/`: `role-capabilities.md`,
  `security-considerations.md`, `session-configurations.md`, `register-jea.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/FailoverClusters/`: `Grant-ClusterAccess.md`,
  `Test-Cluster.md`
- PowerShell/PowerShell, `src/System.Management.Automation/engine/remoting/fanin/InitialSessionStateProvider.cs`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypervigil.controls.effective import jea
from hypervigil.controls.effective.jea_escapes import RESTRICTED_PROXIES, Escape, escapes
from hypervigil.evidence.powershell import PsSessionConfigurations, RoleCapabilities, SessionConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause, Outcome
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

    NO_ENDPOINT = excludes("There is no JEA endpoint, nor another that runs as somebody else; MGT-008 asks for one.")
    CLEAN = passes(
        "Nothing in {endpoints} and in the role files that they give ({files}) is a way out, and nobody but "
        "administrators may write where their transcripts lie."
    )
    WILDCARD = fails(
        "{place} lets {name} through ({kind}, endpoint {endpoints}): a wildcard lets in what nobody chose."
    )
    COMMAND = fails(
        "{place} lets {name} through with {narrowed} ({kind}, endpoint {endpoints}): it runs code of the user's choice "
        "or makes administrators."
    )
    CLUSTER = fails(
        "{place} lets {name} through with {narrowed} ({kind}, endpoint {endpoints}): who commands the cluster commands "
        "each node."
    )
    SHELL = fails("{place} lets {name} through (endpoint {endpoints}): a shell runs anything.", Confidence.INFERRED)
    PROVIDER = fails("{place} shows the provider {name} (endpoint {endpoints}): a way around every restriction.")
    UNROOTED = fails(
        "{place} lets {name} through (endpoint {endpoints}) without its full path: any program of that name will do."
    )
    RUN_AS_CREDENTIAL = fails("Endpoint {endpoint} runs as {account}, a fixed account: roles do not work with it.")
    PASS_THROUGH = fails("Endpoint {endpoint} runs as whoever connects: its users need the rights themselves.")
    NO_TRANSCRIPTS = fails("Endpoint {endpoint} writes no transcripts ({account}).")
    TRANSCRIPTS_OPEN = fails(
        "Where transcripts of endpoint {endpoint} lie ({directory}), {who} may write: then they are no evidence."
    )
    UNRESTRICTED = fails(
        "Endpoint {endpoint} gives all of PowerShell (session type {type}) as {account}.", Confidence.INFERRED
    )
    FULL_LANGUAGE = fails("Endpoint {endpoint} gives the full language, and with it any code.", Confidence.INFERRED)
    WRITABLE = fails("{place} may be changed by {who}, and each new session of {endpoints} takes what it says.")
    LANGUAGE = reviews(
        "Endpoint {endpoint} has the language mode {mode}. What do its users need more than NoLanguage for?"
    )
    WRITER = reviews("{place} may be changed by {who}. Are they administrators (endpoint {endpoints})?")
    TRANSCRIPTS_WRITER = reviews(
        "Where transcripts of endpoint {endpoint} lie ({directory}), {who} may write. Are they administrators?"
    )
    TRANSCRIPTS_UNSEEN = reviews(
        "Who may write where transcripts of endpoint {endpoint} lie ({directory})? It was not read. It should be "
        "SYSTEM and administrators alone."
    )
    UNUSUAL = reviews(
        "{place} lets {name} through with {narrowed} ({kind}, endpoint {endpoints}). Does the operation of the cluster "
        "need that, and not a function around it?"
    )
    OTHER_PROVIDER = reviews("{place} shows the provider {name} (endpoint {endpoints}). What for?")
    COMPUTED = reviews(
        "{place} lets through what an expression gives: {name} ({kind}, endpoint {endpoints}). What is it?"
    )
    PROXY = reviews("{place} defines a function {name} in place of the restricted command. Does it let more through?")
    AMBIGUOUS = reviews("The role {role} has several files ({files}), and which of them counts is not settled. Which?")
    FILE_UNREAD = unknown("The file of endpoint {endpoint} was not read: {problem}.", Cause.UNPARSABLE)
    ROLE_UNREAD = unknown("{place} was not read to the end: {problem}.", Cause.UNPARSABLE)
    ROLE_UNSEEN = unknown("Endpoint {endpoint} gives the role {role}, whose file was not found.", Cause.NOT_IN_SOURCE)
    SHARED_ACCOUNT = remarks("Endpoint {endpoint} runs as {account} for everybody: only transcripts tell who did what.")
    OPEN_BESIDES = remarks("Besides, the unrestricted endpoint {endpoint} lets {who} in, with their own rights.")


CONTROL = Control(
    id="MGT-009",
    title="JEA endpoints hold no escape",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

REASONS = {escape: Why[escape.name] for escape in Escape}
TRUSTED = re.compile(r"S-1-5-21-[-\d]+-(500|512|519)")
"""The built-in Administrator, Domain Admins, Enterprise Admins: nobody whom a role file could make more of, or whom a
permission keeps from transcripts."""
ANYBODY = re.compile(r"S-1-(1-0|5-(2|4|7|11)|5-32-(545|546|555|580)|5-21-[-\d]+-(501|513|514|515))")
"""Everyone, network, interactive, anonymous, authenticated users; users, guests, those of RDP and of remote management;
Guest, and all users, guests or computers of a domain."""
ALLOWED = re.compile(r"\(A;[^;]*;[^;]*;[^;]*;[^;]*;([^;)]+)\)")
ADMINISTRATORS = {"BA", "SY", "S-1-5-32-544", "S-1-5-18"}
WELL_KNOWN = {"RM": "Remote Management Users", "IU": "interactive users", "AU": "authenticated users", "WD": "everyone"}


def applies(configurations: PsSessionConfigurations) -> Reason | None:
    """Nodes with an endpoint that narrows or lends rights, or with one that may be such."""
    some = any(jea.delegates(each) or jea.is_unread(each) for each in configurations.configurations)
    return None if some else Why.NO_ENDPOINT()


def assess(configurations: PsSessionConfigurations, capabilities: RoleCapabilities) -> Verdict:
    """Judge each endpoint, then each role file that they give."""
    delegating = [each for each in configurations.configurations if jea.delegates(each)]
    roles = jea.roles_of(delegating, capabilities)
    reasons = [reason for each in configurations.configurations for reason in _of_endpoint(each)]
    for file in roles.files:
        reasons += _of_role(file)
    reasons += [Why.ROLE_UNSEEN(endpoint=endpoint, role=role) for endpoint, role in roles.unseen]
    reasons += [Why.AMBIGUOUS(role=role, files=", ".join(files)) for role, files in roles.ambiguous.items()]
    if all(reason.outcome in (None, Outcome.PASS) for reason in reasons):
        names = ", ".join(each.name for each in delegating)
        return verdict(Why.CLEAN(endpoints=names, files=len(roles.files)), *reasons)
    return verdict(*reasons)


def _of_endpoint(endpoint: SessionConfiguration) -> Iterator[Reason]:
    """Of an endpoint that is on; of one whose file was not read, what WinRM knows without it."""
    if endpoint.enabled is False:
        return
    if endpoint.run_as_user:
        yield Why.RUN_AS_CREDENTIAL(endpoint=endpoint.name, account=endpoint.run_as_user)
    if endpoint.unread is not None:
        yield Why.FILE_UNREAD(endpoint=endpoint.name, problem=endpoint.unread)
    elif jea.delegates(endpoint):
        yield from _of_session(endpoint)
        for entry in jea.entries_of_endpoint(endpoint):
            yield from _of_entry(entry)
    else:
        yield from _open(endpoint)


def _of_session(endpoint: SessionConfiguration) -> Iterator[Reason]:
    name, account = endpoint.name, jea.runs_as(endpoint)
    if account is None:
        yield Why.PASS_THROUGH(endpoint=name)
    elif jea.session_type(endpoint) not in (jea.RESTRICTED, jea.EMPTY):
        yield Why.UNRESTRICTED(endpoint=name, type=endpoint.session_type or "not named", account=account)
    if endpoint.transcript_directory is None:
        yield Why.NO_TRANSCRIPTS(endpoint=name, account=f"it runs as {account}" if account else "it runs as its users")
    else:
        yield from _of_transcripts(name, endpoint.transcript_directory, endpoint.transcript_writable_by)
    mode = endpoint.language_mode or "NoLanguage"
    if mode.casefold() == "fulllanguage":
        yield Why.FULL_LANGUAGE(endpoint=name)
    elif mode.casefold() != "nolanguage":
        yield Why.LANGUAGE(endpoint=name, mode=mode)
    if endpoint.group_managed_service_account:
        yield Why.SHARED_ACCOUNT(endpoint=name, account=endpoint.group_managed_service_account)


def _of_transcripts(name: str, directory: str, writers: tuple[str, ...] | None) -> Iterator[Reason]:
    if writers is None:
        yield Why.TRANSCRIPTS_UNSEEN(endpoint=name, directory=directory)
        return
    anybody, somebody = _without_trust(writers)
    if anybody:
        yield Why.TRANSCRIPTS_OPEN(endpoint=name, directory=directory, who=anybody)
    if somebody:
        yield Why.TRANSCRIPTS_WRITER(endpoint=name, directory=directory, who=somebody)


def _without_trust(writers: tuple[str, ...]) -> tuple[str, str]:
    """Of these SIDs those that take in people without trust, and others that nothing is known of; empty where none."""
    others = [sid for sid in writers if not TRUSTED.fullmatch(sid)]
    anybody = [sid for sid in others if ANYBODY.fullmatch(sid)]
    return ", ".join(anybody), ", ".join(sid for sid in others if sid not in anybody)


def _open(endpoint: SessionConfiguration) -> Iterator[Reason]:
    others = [who for who in ALLOWED.findall(endpoint.sddl or "") if who not in ADMINISTRATORS]
    if others:
        yield Why.OPEN_BESIDES(endpoint=endpoint.name, who=", ".join(WELL_KNOWN.get(who, who) for who in others))


def _of_role(file: jea.RoleFile) -> Iterator[Reason]:
    role = file.role
    if role.unread is not None:
        yield Why.ROLE_UNREAD(place=role.path, problem=role.unread)
    for entry in jea.entries_of_role(file):
        yield from _of_entry(entry)
    for name in role.function_definitions:
        if name.casefold() in RESTRICTED_PROXIES:
            yield Why.PROXY(place=role.path, name=name)
    anybody, somebody = _without_trust(role.writable_by)
    if anybody:
        yield Why.WRITABLE(place=role.path, who=anybody, endpoints=file.endpoints)
    if somebody:
        yield Why.WRITER(place=role.path, who=somebody, endpoints=file.endpoints)


def _of_entry(entry: jea.Entry) -> Iterator[Reason]:
    opened = escapes(entry)
    if not opened:
        return
    values = {
        "place": entry.place,
        "name": entry.name,
        "kind": entry.kind.word,
        "endpoints": entry.endpoints,
        "narrowed": entry.narrowed,
    }
    for escape in opened:
        code = REASONS[escape]
        yield code(**{name: value for name, value in values.items() if name in code.placeholders})
