r"""PLT-022  No driver or automatic service failed to start since the last boot.

## What it decides

Whether the Service Control Manager of a node wrote down, since the last boot, that a service or driver did not start,
and whether a device does not work because its driver failed.

## Why it matters

What protects a node and what it works with are services and drivers: an EDR, a forwarder of events, multipathing, a
network port. One that does not start leaves no hole that anybody sees; the node goes on without it. After an upgrade
this is where drivers show up that HVCI or the blocklist refuses.

## How it is decided

Events of the System log since the boot, one reason a service:

| event | what it says |
|---|---|
| 7000 | the service failed to start, with an error number |
| 7001 | it did not start because one that it depends on did not |
| 7009 | it did not answer in time |
| 7026 | these drivers, which start with the boot or the system, were not loaded |

Each of them: FAIL. Services stand there by their display names, in the language of the host. The events do not say
how a service is started: one that starts on demand and failed to is reported, too.

Of the error numbers, 577 (the signature was not accepted), 1275 (the driver is blocked) and 1053 (no answer in time)
are named, as told third hand.

A device whose problem code says that its driver or start failed: FAIL. One that was disabled, or is not there:
nothing. Any other problem, such as a device for which no driver was ever installed: REVIEW.

Nothing found passes only where the log reaches back to the boot and devices were looked at; otherwise UNKNOWN. An
empty System log was cleared, so that is UNKNOWN, too. What happened before the boot is a remark.

## How to look yourself

    Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'Service Control Manager';
        Id = 7000, 7001, 7009, 7026 }
    Get-CimInstance -ClassName Win32_OperatingSystem | Select-Object LastBootUpTime
    Get-CimInstance -ClassName Win32_PnPEntity -Filter 'ConfigManagerErrorCode <> 0' |
        Select-Object Name, PNPDeviceID, ConfigManagerErrorCode, Service

Expected on 2019, 2022 and 2025: no event since the last boot, and no device but those that were disabled on purpose.

## Remedy

Take the error of 7000 first: 577 and 1275 lead to PLT-018 and PLT-019, a wrong password or right to the account of
the service. A service that nobody needs is set to *Disabled*, a driver that was left behind uninstalled.

    Get-Service -DisplayName 'Name of the service' -RequiredServices

- Reboot: one, for drivers and to see that it holds; none for most services.
- Order: the service that others wait for (7001) before those. Drain the node before a driver of storage or network is
  changed.
- Rollback: the former start type, or the former driver package.

## What it cannot see

Whether a service that failed was started by hand since. Services that start and then end. How a service
is meant to start. Failures before the log begins.

## References

- Message table of the Service Control Manager (7000, 7001, 7009, 7026) as dumped, and recorded events 7000 and 7026
- MicrosoftDocs/windows-driver-docs, `windows-driver-docs-pr/install/device-manager-error-messages.md`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hypervigil.controls.effective.boots import Reach, Since, shown_time, since, split
from hypervigil.evidence.code_integrity import PnpProblem, PnpProblems, ProblemCode, ServiceFailure, ServiceFailures
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    STARTED = passes("Since the boot ({boot}) no service and no driver failed to start.")
    FAILED = fails("{name} did not start ({events}), last {last}.{why}")
    DEVICE = fails("Device {name} ({device}) does not work: {problem}; its driver is {service}.")
    DEVICE_ASKED = reviews("Device {name} ({device}) has a problem: {problem}. Is it needed?")
    LOG_SHORT = unknown("The System log is whole from {covered} on, and the boot was at {boot}.", Cause.NOT_IN_SOURCE)
    LOG_EMPTY = unknown("The System log is empty: what it held was cleared.", Cause.NOT_IN_SOURCE)
    LOG_UNSEEN = unknown("The System log was not searched.", Cause.NOT_COLLECTED)
    BOOT_UNSEEN = unknown("When the host booted is not known, so neither is what failed since.", Cause.NOT_IN_SOURCE)
    DEVICES_UNSEEN = unknown("Whether a device does not work was not seen.")
    EARLIER = remarks("Not known to be since the boot: {names}.")


CONTROL = Control(
    id="PLT-022",
    title="No driver or automatic service failed to start since the last boot",
    family=Family.PLATFORM,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

DEPENDENCY_FAILED = 7001
ERRORS = {577: "the signature was not accepted", 1275: "the driver is blocked", 1053: "no answer in time"}
UNNAMED = "A service that the event does not name"
FAILURES = frozenset(
    (
        *(ProblemCode.NOT_CONFIGURED, ProblemCode.OUT_OF_MEMORY, ProblemCode.INVALID_DATA, ProblemCode.FAILED_START),
        *(ProblemCode.REINSTALL, ProblemCode.REGISTRY, ProblemCode.FAILED_ADD, ProblemCode.DISABLED_SERVICE),
        *(ProblemCode.FAILED_DRIVER_ENTRY, ProblemCode.DRIVER_FAILED_PRIOR_UNLOAD, ProblemCode.DRIVER_FAILED_LOAD),
        *(ProblemCode.DRIVER_SERVICE_KEY_INVALID, ProblemCode.LEGACY_SERVICE_NO_DEVICES, ProblemCode.FAILED_POST_START),
        *(ProblemCode.DRIVER_BLOCKED, ProblemCode.WAITING_ON_DEPENDENCY, ProblemCode.UNSIGNED_DRIVER),
    )
)
"""Problems that are one of the driver or of its start."""
DELIBERATE = frozenset((ProblemCode.NONE, ProblemCode.DISABLED, ProblemCode.DEVICE_NOT_THERE, ProblemCode.PHANTOM))
"""A device that somebody disabled, or that is not plugged in."""


def assess(failures: ServiceFailures, problems: Maybe[PnpProblems]) -> Verdict:
    """Judge the events since the boot, service by service, then the devices."""
    after, before = split(failures.events, failures.last_boot)
    reach = since(failures.windows, "System", failures.last_boot)
    reasons = [*_of_services(after), *_of_devices(problems), *_unseen(reach)]
    if not any(reason.outcome is not Outcome.PASS for reason in reasons):
        reasons.append(Why.STARTED(boot=reach.boot))
    if before:
        names = (f"{name} ({event.id}, {shown_time(event.time)})" for event in before for name in _names(event))
        reasons.append(Why.EARLIER(names="; ".join(dict.fromkeys(names))))
    return verdict(*reasons)


def _names(event: ServiceFailure) -> tuple[str, ...]:
    return event.services or (UNNAMED,)


def _of_services(events: Iterable[ServiceFailure]) -> Iterator[Reason]:
    by_name: dict[str, list[ServiceFailure]] = {}
    shown: dict[str, str] = {}
    for event in events:
        for name in _names(event):
            by_name.setdefault(name.casefold(), []).append(event)
            shown.setdefault(name.casefold(), name)
    for key, own in by_name.items():
        yield Why.FAILED(
            name=shown[key],
            events=", ".join(str(event_id) for event_id in sorted({event.id for event in own})),
            last=shown_time(max(event.time for event in own)),
            why=_why(own),
        )


def _why(events: Iterable[ServiceFailure]) -> str:
    """The error numbers, and what a service waited for, as a sentence of its own; empty where there is neither."""
    told = []
    for event in events:
        if event.id == DEPENDENCY_FAILED and len(event.parameters) > 1:
            told.append(f"it depends on {event.parameters[1]}")
        if event.error is not None:
            meaning = ERRORS.get(event.error)
            told.append(f"error {event.error}" + (f", {meaning}" if meaning else ""))
    return f" Why: {'; '.join(dict.fromkeys(told))}." if told else ""


def _of_devices(problems: Maybe[PnpProblems]) -> Iterator[Reason]:
    if problems.value is None:
        yield Why.DEVICES_UNSEEN.because(problems.missing)
        return
    for device in problems.value.devices:
        if device.code not in DELIBERATE and device.present is not False:
            yield _of_device(device)


def _of_device(device: PnpProblem) -> Reason:
    name, problem = device.name or "without a name", device.code.label
    if device.code not in FAILURES:
        return Why.DEVICE_ASKED(name=name, device=device.device_id, problem=problem)
    service = device.service or "of no known name"
    return Why.DEVICE(name=name, device=device.device_id, problem=problem, service=service)


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
            yield Why.LOG_EMPTY()
