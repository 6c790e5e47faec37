r"""LOG-007  Sysmon runs, with a configuration that records process creation, network connections and file writes.

## What it decides

Whether Sysmon runs on a node, under whatever name, and whether its log shows that processes, connections and files are
recorded.

## Why it matters

Windows' own log tells little of what somebody does who is already on a host: which program started which, where it
connected to, what it left on the disk. Sysmon does, and most public detection rules for Windows are written for its
events. On a node that runs dozens of VMs that is worth more than anywhere else.

That its service runs proves nothing. Connections are not recorded unless the configuration asks for them, and whoever
wants to be unseen replaces the configuration by an empty one and leaves the service alone.

## How it is decided

**Found.** A service called `Sysmon64`, `Sysmon` or `Sysmon64a`; a driver called `SysmonDrv`; a filter at altitude
385201, which Sysmon keeps when service and driver are renamed; events in its log. The altitude can be changed, too, but
then its log remains.

**Recorded.** The rules are kept in a compiled form that changes between versions and is not decoded here; its digest is
shown. What counts is what came out: the newest event 1 (process), 3 (connection) and 11 (file) of the last 7 days, none
of them older than the newest event 16, with which Sysmon notes a new configuration.

| evidence | outcome |
|---|---|
| service, driver, registry and log show no Sysmon | FAIL |
| its service does not run, or its last word is that it stopped (event 4) | FAIL |
| its driver does not run, and not all three are recorded | FAIL |
| it runs, and no process was recorded: every host starts some all the time | FAIL, inferred |
| processes are recorded, connections or files are not under this configuration | REVIEW: narrow rules may find none |
| the newest event of a process is older than the profile allows (24 hours) | REVIEW |
| all three are recorded | PASS |
| the log, or what the registry holds of Sysmon, was not read | UNKNOWN |

A service of Sysmon's name that is stopped fails whatever else is found: it is the one that an administrator takes for
Sysmon.

Sysmon has become an optional feature of Windows Server 2025, too, off by default; either kind counts, and the verdict
says which it is by the path of its program.

## How to look yourself

    Get-Service -Name Sysmon*
    fltmc.exe
    Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-Sysmon/Operational'; Id = 3 } -MaxEvents 1

Expected on 2019, 2022 and 2025: a service that runs, a filter `SysmonDrv` at 385201, and an event that is minutes old;
the same for 1 and 11. `sysmon64.exe -c` prints the rules in force (elevated).

## Remedy

Sysmon from Microsoft's Sysinternals, with a configuration that your detections need:

    sysmon64.exe -accepteula -i C:\Deploy\sysmon.xml

A new configuration for one that runs: `sysmon64.exe -c C:\Deploy\sysmon.xml`. On 2025 the optional feature *Sysmon* can
take its place; a Sysmon that was installed by itself has to go first.

- Reboot: none.
- Order: one node, a week of looking at load and size of the log, then the others with the same file. Exclude nothing
  below the folders of the cluster without need, but take care that file events of VM disks do not flood the log. See
  that the log is forwarded (LOG-002).
- Rollback: `sysmon64.exe -u`.

## What it cannot see

Which rules are in force, and what they leave out: a rule may record connections of one program alone. Whether the
events leave the host (LOG-002). A Sysmon that was renamed in every place and silenced as well.

## References

- MicrosoftDocs/sysinternals, `sysinternals/downloads/sysmon.md` (events, what is off by default, reload)
- SigmaHQ/sigma, rule on changes of Sysmon's altitude
- Microsoft Learn, Sysmon overview (optional feature)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective import sensors
from hypervigil.controls.effective.moments import in_utc, to_the_minute
from hypervigil.evidence.accounts import Service, Services
from hypervigil.evidence.drivers import Driver, DriverInventory
from hypervigil.evidence.sensors import SYSMON_ALTITUDE, SysmonConfig, SysmonEvent
from hypervigil.model import injection
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    RECORDS = passes("Sysmon records processes, connections and files; the oldest of the newest events is of {time}.")
    ABSENT = fails("Neither service, driver, altitude nor registry shows a Sysmon.")
    STOPPED = fails("The service {service} is there and not running ({state}).")
    SAID_STOPPED = fails("The last word of Sysmon in its log is that it stopped ({time}).")
    DRIVER_STOPPED = fails(
        "The driver {driver} is there and not running ({state}), and nothing shows that {what} are recorded."
    )
    NO_PROCESSES = fails("Sysmon is there, and recorded not one process within 7 days.", Confidence.INFERRED)
    NONE_OF = reviews(
        "Nothing shows that {what} are recorded: no such event within 7 days under the present configuration. Do its "
        "rules ask for them?",
        Confidence.INFERRED,
    )
    SILENT = reviews(
        "The newest process that Sysmon recorded is of {time}, more than {hours} hours before the evidence. Is it "
        "alive?",
        Confidence.INFERRED,
    )
    DRIVER_UNSEEN = unknown("No service and no registry entry shows a Sysmon; whether a filter does was not seen.")
    RULES_UNSEEN = unknown("What Sysmon records was not seen; {found}.")
    LOG_UNSEEN = unknown("Sysmon is there, and its log is absent or was not read.", Cause.NOT_IN_SOURCE)
    RENAMED = remarks("Sysmon goes by other names here: {names}.")
    MOVED = remarks("The altitude of {driver} is {altitude}, not 385201: somebody changed it.")
    ORIGIN = remarks("Its program is {image}: {kind}.")
    RULES = remarks("The compiled rules: {size} bytes, SHA-256 {digest}.")
    NO_RULES = remarks("The registry shows no rules; without any, connections are not recorded.")
    ERRORS = remarks("Sysmon noted an error of its own on {time} (event 255).")


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set."""

    silent_hours: Annotated[int, Meta(ge=1, le=168, description="Age of the newest event that is asked about.")] = 24


CONTROL = Control(
    id="LOG-007",
    title="Sysmon runs, with a configuration that records process creation, network connections and file writes",
    family=Family.LOGGING,
    scope=Scope.NODE,
    severity=Severity.MEDIUM,
    reasons=Why,
)

PROCESS, CONNECTION, STATE, FILE, CONFIGURATION, ERROR = 1, 3, 4, 11, 16, 255
WANTED = {PROCESS: "processes", CONNECTION: "connections", FILE: "files"}
"""What has to be recorded, by the number of its event."""
USUAL = frozenset(name.casefold() for name in (*sensors.SYSMON_SERVICES, sensors.SYSMON_DRIVER))
"""The names that Sysmon has unless somebody chose another, in lower case."""


def assess(
    services: Services,
    inventory: Maybe[DriverInventory],
    config: Maybe[SysmonConfig],
    moment: Moment,
    wanted: Parameters,
) -> Verdict:
    """Judge what came out; where nothing did, say what is missing of Sysmon."""
    seen = config.value
    named = sensors.sysmon_services(services)
    own = named or sensors.sysmon_services(services, seen.service if seen else None)
    if own and not any(map(sensors.runs, own)):
        return verdict(*(Why.STOPPED(service=service.name, state=service.state) for service in own))
    drivers = sensors.sysmon_drivers(inventory.value.drivers if inventory.value else (), seen.driver if seen else None)
    if seen is None:
        states = {each.name: each.state for each in own} | {each.name: each.state for each in drivers}
        found = ", ".join(f"{name} is {state}" for name, state in states.items()) or "no service has its name"
        return verdict(Why.RULES_UNSEEN.because(config.missing, found=found))
    if not (own or drivers or seen.installed or seen.recorded):
        return verdict(Why.ABSENT() if inventory.value else Why.DRIVER_UNSEEN.because(inventory.missing))
    stopped = None if any(map(sensors.runs, drivers)) else next(iter(drivers), None)
    notes = _notes(seen, own, drivers)
    if seen.recorded is None:
        return verdict(_driver(stopped, WANTED.values()) if stopped else Why.LOG_UNSEEN(), *notes)
    return verdict(*_recorded(seen.recorded, stopped, moment.at, wanted.silent_hours), *notes)


def _recorded(
    events: Sequence[SysmonEvent], stopped: Driver | None, at: datetime.datetime | None, hours: int
) -> Iterator[Reason]:
    """What the log shows; ``stopped`` is the driver where none runs."""
    last = max(events, key=lambda event: (in_utc(event.time), event.record_id), default=None)
    if last is not None and last.id == STATE and (last.state or "").casefold() == "stopped":
        yield Why.SAID_STOPPED(time=_shown(last.time))
        return
    newest = {event.id: in_utc(event.time) for event in sorted(events, key=lambda event: in_utc(event.time))}
    since = newest.get(CONFIGURATION)
    lacking = [event_id for event_id in WANTED if not _at_least(newest.get(event_id), since)]
    if not lacking:
        yield Why.RECORDS(time=_shown(min(newest[event_id] for event_id in WANTED)))
    elif stopped:
        yield _driver(stopped, (WANTED[event_id] for event_id in lacking))
    elif PROCESS not in newest:
        yield Why.NO_PROCESSES()
        lacking.remove(PROCESS)
    if lacking and not stopped:
        yield Why.NONE_OF(what=_listed(WANTED[event_id] for event_id in lacking))
    if at is not None and PROCESS in newest and in_utc(at) - newest[PROCESS] > datetime.timedelta(hours=hours):
        yield Why.SILENT(time=_shown(newest[PROCESS]), hours=hours)


def _at_least(time: datetime.datetime | None, since: datetime.datetime | None) -> bool:
    return time is not None and (since is None or time >= since)


def _driver(driver: Driver, what: Iterable[str]) -> Reason:
    return Why.DRIVER_STOPPED(driver=driver.name, state=driver.state, what=_listed(what))


def _notes(config: SysmonConfig, services: Sequence[Service], drivers: Sequence[Driver]) -> Iterator[Reason]:
    """Names, altitude and origin, the digest of the rules, and errors of its own."""
    names = {name: None for name in (*(service.name for service in services), config.driver) if name}
    names.update((driver.name, None) for driver in drivers)
    other = [name for name in names if name.casefold() not in USUAL]
    if other:
        yield Why.RENAMED(names=", ".join(other))
    moved = {driver.name: driver.altitudes[0] for driver in drivers if driver.altitudes}
    if config.altitude is not None and config.driver is not None:
        moved.setdefault(config.driver, config.altitude)
    for name, altitude in moved.items():
        if altitude != SYSMON_ALTITUDE:
            yield Why.MOVED(driver=name, altitude=altitude)
    if config.image is not None:
        feature = "\\system32\\" in config.image.casefold()
        yield Why.ORIGIN(image=config.image, kind="a feature of Windows" if feature else "installed by itself")
    if config.rules_sha256 is not None and config.rules_size is not None:
        yield Why.RULES(size=config.rules_size, digest=config.rules_sha256)
    elif config.installed:
        yield Why.NO_RULES()
    errors = [event.time for event in config.recorded or () if event.id == ERROR]
    if errors:
        yield Why.ERRORS(time=_shown(max(errors)))


def _listed(what: Iterable[str]) -> str:
    *others, last = what
    return f"{', '.join(others)} and {last}" if others else last


def _shown(time: datetime.datetime) -> str:
    return f"{to_the_minute(time)} UTC"
