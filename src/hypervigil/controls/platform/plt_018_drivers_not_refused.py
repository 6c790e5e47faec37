r"""PLT-018  No driver is being refused or warned about by code integrity.

## What it decides

Whether code integrity has refused a driver on a node since its last boot, or said of one that it would not do, and
whether a device is without its driver for that reason.

## Why it matters

A driver that code integrity refuses takes its device along: a network port, a storage path, a sensor of an EDR. On a
cluster node that shows as a path that is missing after the upgrade, and often only when the other path fails. A
warning is the same driver before HVCI is switched on. Where a driver that the boot needs does not fit, Windows may
leave HVCI off instead, silently (PLT-006).

## How it is decided

By events of the channel Microsoft-Windows-CodeIntegrity/Operational since the boot, one reason a file:

| event | what it says | outcome |
|---|---|---|
| 3111 | the file does not meet the rules of HVCI | FAIL |
| 3074 | a page of a file did not match its hash, with HVCI on; the event does not name the file | FAIL |
| 3023, 3004 | a driver is revoked and blocked; its signature could not be verified | FAIL |
| 3033, 3077, about a file `.sys` | it does not meet a signing level; a policy blocks it | FAIL |
| 3087 | the file would not meet the rules of HVCI | FAIL |
| 3072, 3073 | it has a section that is not aligned; one that is writable and executable | FAIL |
| 3001, 3021, 3022, 3082, 3083 | a driver was loaded although unsigned, revoked, or not tested (WHQL) | REVIEW |
| 3034, 3076, about a file `.sys` | a policy that only audits would refuse it | REVIEW |

3087 and 3111 carry a mask of what is wrong with the image, which is shown. The source document takes 3087 for the
event of a blocked driver. It is a warning, which looks ahead; 3111, an error, is the refusal, and 2019 may not know
either in full. Both break the condition, and the reason tells them apart.

A device with problem 39 (its driver is damaged, missing or refused) or 52 (its driver's signature is not accepted):
FAIL.

Refusals of programs and libraries (3033 about other files) are a remark: protected processes refuse a lot. So is what
happened before the last boot.

Nothing found passes only where the log reaches back to the boot and devices were looked at; otherwise UNKNOWN. A log
that is empty altogether is a question: newer releases write to it at each boot.

## How to look yourself

    Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-CodeIntegrity/Operational';
        Id = 3001, 3004, 3021, 3022, 3023, 3033, 3072, 3073, 3074, 3077, 3087, 3111 }
    Get-CimInstance -ClassName Win32_PnPEntity -Filter 'ConfigManagerErrorCode = 39 OR ConfigManagerErrorCode = 52'

From an elevated prompt. Expected on 2019, 2022 and 2025: no event since the last boot, and no device.

## Remedy

Install a version of the driver that its vendor has had tested for this release of Windows Server; PLT-019 tells from
the bytes of the file what stands in the way. Where a tool left the driver behind and no device needs it, uninstall
the tool.

- Reboot: one for most drivers.
- Order: the new driver before HVCI, before the upgrade, before the blocklist is enforced. One drained node first;
  look at paths of storage and network before the next.
- Rollback: the former package is still in the driver store; switching HVCI off (PLT-005) lets the old driver load
  again, and takes its protection from the whole node.

## What it cannot see

Drivers that nobody has tried to load since the boot. Where neither HVCI nor its audit ran at that boot, there is
nothing that would have warned: silence before an upgrade proves nothing. Who signed a refused file: event 3089 says
so, and the evidence does not hold what joins the two. Which device has to do with a file.

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/application-security/application-control/`, page on event ids
- MicrosoftDocs/windows-driver-docs, `windows-driver-docs-pr/install/device-manager-error-messages.md`,
  `code-integrity-diagnostic-system-log-events.md`
- repnz/etw-providers-docs, `Manifests-Win10-17134` and `Manifests-Win10-18990`,
  `Microsoft-Windows-CodeIntegrity.xml` (3072 to 3074, 3087, 3111 and the mask)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hypervigil.controls.effective.boots import Reach, Since, shown_time, since, split
from hypervigil.evidence.code_integrity import CodeIntegrityEvent, CodeIntegrityEvents, PnpProblems, ProblemCode
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    CLEAN = passes("Since the boot ({boot}) code integrity has refused no driver and warned about none.")
    REFUSED = fails("Code integrity refused {file} ({events}), last {last}.{wrong}")
    WARNED = fails("Code integrity warned that {file} does not do for HVCI ({events}), last {last}.{wrong}")
    DEVICE = fails("Device {name} ({device}) is without its driver {service}: {problem}.")
    LET_THROUGH = reviews("{file} was let through with an objection ({events}), last {last}. Should it be there?")
    EMPTY = reviews(
        "The log of code integrity is empty, although a boot writes to it. Was it cleared?", Confidence.SECONDARY
    )
    LOG_SHORT = unknown(
        "The log of code integrity is whole from {covered} on, and the boot was at {boot}.", Cause.NOT_IN_SOURCE
    )
    LOG_UNSEEN = unknown("The log of code integrity was not searched.", Cause.NOT_COLLECTED)
    BOOT_UNSEEN = unknown("When the host booted is not known, so neither is what happened since.", Cause.NOT_IN_SOURCE)
    DEVICES_UNSEEN = unknown("Whether a device is without its driver was not seen.")
    OTHERS = remarks("Programs or libraries, no drivers, were refused as well: {files}.")
    EARLIER = remarks("Not known to be since the boot: {files}.")


CONTROL = Control(
    id="PLT-018",
    title="No driver is being refused or warned about by code integrity",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

CHANNEL = "Microsoft-Windows-CodeIntegrity/Operational"
REFUSALS = frozenset((3004, 3023, 3033, 3074, 3077, 3111))
WARNINGS = frozenset((3072, 3073, 3087))
OBJECTIONS = frozenset((3001, 3021, 3022, 3034, 3076, 3082, 3083))
JUDGED = REFUSALS | WARNINGS | OBJECTIONS
ABOUT_ANY_FILE = frozenset((3033, 3034, 3076, 3077))
"""Events that are as often about programs and libraries; the others are about kernel modules alone."""
PROBLEMS = frozenset((ProblemCode.DRIVER_FAILED_LOAD, ProblemCode.UNSIGNED_DRIVER))
UNNAMED = "a file that the event does not name"


def assess(integrity: CodeIntegrityEvents, problems: Maybe[PnpProblems]) -> Verdict:
    """Judge the events since the boot, file by file, then the devices."""
    judged = [event for event in integrity.events if event.id in JUDGED]
    after, before = split((event for event in judged if _is_driver(event)), integrity.last_boot)
    reach = since(integrity.windows, CHANNEL, integrity.last_boot)
    reasons = [*_of_files(after), *_of_devices(problems), *_unseen(reach)]
    if not any(reason.outcome is not Outcome.PASS for reason in reasons):
        reasons.append(Why.CLEAN(boot=reach.boot))
    others = sorted({_shown(event.file) for event in judged if not _is_driver(event) and event.id in REFUSALS})
    if others:
        reasons.append(Why.OTHERS(files=", ".join(others)))
    if before:
        files = dict.fromkeys(f"{_shown(event.file)} ({event.id}, {shown_time(event.time)})" for event in before)
        reasons.append(Why.EARLIER(files="; ".join(files)))
    return verdict(*reasons)


def _is_driver(event: CodeIntegrityEvent) -> bool:
    """Whether the event is about a driver; a file without a name may be one."""
    return event.id not in ABOUT_ANY_FILE or event.file is None or event.file.casefold().endswith(".sys")


def _of_files(events: Iterable[CodeIntegrityEvent]) -> Iterator[Reason]:
    by_file: dict[str, list[CodeIntegrityEvent]] = {}
    for event in events:
        by_file.setdefault((event.file or "").casefold(), []).append(event)
    for own in by_file.values():
        certain = {event.id for event in own if event.file is not None or event.id not in ABOUT_ANY_FILE}
        values = {
            "file": _shown(own[0].file),
            "events": ", ".join(f"{event_id} {_times(own, event_id)}" for event_id in sorted({e.id for e in own})),
            "last": shown_time(max(event.time for event in own)),
        }
        failures = sorted({bit for event in own for bit in event.failures})
        wrong = f" What is wrong: {', '.join(bit.label for bit in failures)}." if failures else ""
        if certain & REFUSALS:
            yield Why.REFUSED(**values, wrong=wrong)
        elif certain & WARNINGS:
            yield Why.WARNED(**values, wrong=wrong)
        else:
            yield Why.LET_THROUGH(**values)


def _times(events: Iterable[CodeIntegrityEvent], event_id: int) -> str:
    count = sum(event.count for event in events if event.id == event_id)
    return "once" if count == 1 else f"{count} times"


def _shown(file: str | None) -> str:
    return file or UNNAMED


def _of_devices(problems: Maybe[PnpProblems]) -> Iterator[Reason]:
    if problems.value is None:
        yield Why.DEVICES_UNSEEN.because(problems.missing)
        return
    for device in problems.value.devices:
        if device.code in PROBLEMS and device.present is not False:
            yield Why.DEVICE(
                name=device.name or "without a name",
                device=device.device_id,
                service=device.service or "of no known name",
                problem=device.code.label,
            )


def _unseen(reach: Since) -> Iterator[Reason]:
    """Why the log, where it shows nothing, proves nothing."""
    match reach.reach:
        case Reach.NO_BOOT:
            yield Why.BOOT_UNSEEN()
        case Reach.UNSEEN:
            yield Why.LOG_UNSEEN()
        case Reach.SHORT:
            yield Why.LOG_SHORT(covered=reach.covered, boot=reach.boot)
        case Reach.EMPTY:
            yield Why.EMPTY()
