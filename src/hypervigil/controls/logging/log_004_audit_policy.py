r"""LOG-004  Audit policy has the subcategories that the detections need.

## What it decides

Whether a node's advanced audit policy, as it is in force, records what detections read in the Security log, and whether
process creation comes with its command line.

## Why it matters

The Security log can be on, large and forwarded, and still be silent about what counts. On a member server as installed
no process, no file share, no scheduled task, no new service and no change of the firewall is recorded. An audit that is
switched on after the intrusion tells nothing of it.

## How it is decided

By the GUID of each subcategory, since names are translated. What should be recorded is the union of Microsoft's
baseline for Server 2025 (version 2602), of its list for event forwarding, and of what the detections read:

- success and failure: Credential Validation, User Account Management, Account Lockout, Logon, Other Logon/Logoff, File
  Share, Other Object Access, Removable Storage, Audit Policy Change, MPSSVC Rule-Level Policy Change, Sensitive
  Privilege Use, Other System Events, System Integrity;
- success: Security Group Management, Plug and Play, Process Creation, Group Membership, Logoff, Special Logon,
  Registry, Authentication and Authorization Policy Change, Security State Change, Security System Extension;
- failure: Detailed File Share, Other Policy Change.

- One of them records less: FAIL, for each, with the events that are missing.
- Process creation is recorded without command lines (`ProcessCreationIncludeCmdLine_Enabled` is not 1): FAIL.
- `SCENoApplyLegacyAuditPolicy` is 0: REVIEW. Then a policy of the nine old categories can replace these at any time.
- NTLM is not audited, coming in (for all accounts) or going out: REVIEW. Builds with the enhanced audit write 4020 to
  4023 of NTLM/Operational without it; which ones do has not been verified.
- The node does not list a subcategory, gives a number that nobody knows, or refused a switch: UNKNOWN.

Rows of domain controllers are left out: a node should be none. *Registry* records only where keys carry an access list
for auditing; which ones do is not read. *Filtering Platform Connection* (5156) is worth it where the log is large
enough, and successes of *Detailed File Share* where a file server holds the disks of VMs: neither is asked for.

The events 1100, 1102, 1104, 1108 and 4826 are written without any of this.

## How to look yourself

    auditpol.exe /get /category:* /r
    Get-ItemProperty -Path HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit
    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa -Name SCENoApplyLegacyAuditPolicy

Expected on 2019, 2022 and 2025: the settings listed above; `ProcessCreationIncludeCmdLine_Enabled` 1;
`SCENoApplyLegacyAuditPolicy` 1 or absent.

## Remedy

In the policy that the nodes get (*Advanced Audit Policy Configuration*), or for one node:

    auditpol.exe /set /subcategory:"{0CCE922B-69AE-11D9-BED3-505054503030}" /success:enable

Command lines: policy *Include command line in process creation events*.

- Reboot: none.
- Order: enlarge the Security log first (LOG-005): process creation and shares fill it. Then one node, a day of watching
  its rate, then the others.
- Rollback: the former policy; write it down first with `auditpol.exe /backup /file:C:\Evidence\audit.csv`.

Command lines hold passwords where scripts are careless: look who may read the Security log.

## What it cannot see

Access lists for auditing on keys and files. Which policy set a value. Settings for single users. Whether anybody reads
the events.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/administration/windows-commands/auditpol.md` and
  `WindowsServerDocs/identity/ad-ds/manage/component-updates/command-line-process-auditing.md`
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv`
- 0x6d69636b/windows_hardening, lists for Server 2025 (Microsoft's baseline 2602)
- MicrosoftDocs/windows-itpro-docs, page *Use Windows Event Forwarding to help with intrusion detection*
"""

from __future__ import annotations

from hypervigil.evidence.audit import AuditPolicy, AuditSetting
from hypervigil.evidence.detection_sources import AUDIT_SOURCES, PRODUCERS
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    COMPLETE = passes("All {count} subcategories record what detections read, process creation with its command line.")
    LACKS = fails("{name} ({guid}) records {setting}. Missing: {lack} ({events}).")
    NO_COMMAND_LINE = fails("Process creation (4688) is written without command lines ({value}).")
    REPLACEABLE = reviews(
        "SCENoApplyLegacyAuditPolicy is 0: a policy of the nine old categories can replace these settings. Is there "
        "one?"
    )
    NTLM = reviews(
        "NTLM is not audited {direction} ({name}: {value}). Does the build write 4020 to 4023 without it?",
        Confidence.UNVERIFIED,
    )
    NOT_LISTED = unknown("The node does not list {names}.", Cause.NOT_IN_SOURCE)
    ODD = unknown("{name} ({guid}) has a setting that nobody knows: {setting}.", Cause.UNPARSABLE)
    REFUSED = unknown("Access was refused to {names}.", Cause.ACCESS_DENIED)


CONTROL = Control(
    id="LOG-004",
    title="Audit policy has the subcategories that the detections need",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

_WORDS = {
    AuditSetting.NONE: "nothing",
    AuditSetting.SUCCESS: "success",
    AuditSetting.FAILURE: "failure",
    AuditSetting.SUCCESS_AND_FAILURE: "success and failure",
}
_NTLM = {
    "ntlm_incoming": ("coming in", "AuditReceivingNTLMTraffic"),
    "ntlm_outgoing": ("going out", "RestrictSendingNTLMTraffic"),
}

_ROWS = tuple(
    (source, frozenset(setting for setting in AuditSetting if not source.wanted & ~setting)) for source in AUDIT_SOURCES
)
"""Each subcategory that is asked for, with the settings that record what is wanted of it."""


def assess(policy: AuditPolicy) -> Verdict:
    """Judge each subcategory of the table, then the switches beside them."""
    reasons = [*_subcategories(policy), *_switches(policy)]
    return verdict(*reasons) if reasons else verdict(Why.COMPLETE(count=len(AUDIT_SOURCES)))


def _subcategories(policy: AuditPolicy) -> list[Reason]:
    reasons: list[Reason] = []
    not_listed: list[str] = []
    settings = policy.subcategories
    for source, enough in _ROWS:
        setting = settings.get(source.guid)
        if setting in enough:
            continue
        if setting is None:
            not_listed.append(source.name)
        elif not setting.is_known:
            reasons.append(Why.ODD(name=source.name, guid=source.guid, setting=int(setting)))
        elif lack := source.wanted & ~setting:
            missing = {"lack": _WORDS[AuditSetting(lack)], "setting": _WORDS[setting]}
            reasons.append(Why.LACKS(name=source.name, guid=source.guid, events=source.events, **missing))
    if not_listed:
        reasons.append(Why.NOT_LISTED(names=", ".join(not_listed)))
    return reasons


def _switches(policy: AuditPolicy) -> list[Reason]:
    reasons: list[Reason] = []
    values = {
        "ProcessCreationIncludeCmdLine_Enabled": policy.process_command_line,
        "SCENoApplyLegacyAuditPolicy": policy.force_subcategories,
        **{name: _value(policy, field) for field, (_, name) in _NTLM.items()},
    }
    command_line = policy.process_command_line
    if not command_line.denied and command_line.number != 1:
        reasons.append(Why.NO_COMMAND_LINE(value=command_line.shown))
    if policy.force_subcategories.number == 0:
        reasons.append(Why.REPLACEABLE())
    for producer in PRODUCERS:
        if producer.field in _NTLM:
            direction, name = _NTLM[producer.field]
            value = values[name]
            if not value.denied and value.number not in producer.accepted:
                reasons.append(Why.NTLM(direction=direction, name=name, value=value.shown))
    refused = [name for name, value in values.items() if value.denied]
    if refused:
        reasons.append(Why.REFUSED(names=", ".join(refused)))
    return reasons


def _value(policy: AuditPolicy, field: str) -> RegistryValue:
    return {"ntlm_incoming": policy.ntlm_incoming, "ntlm_outgoing": policy.ntlm_outgoing}[field]
