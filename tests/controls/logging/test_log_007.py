"""LOG-007: Sysmon."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.controls.logging import log_007_sysmon as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import Service, Services
from hypervigil.evidence.drivers import Driver, DriverInventory
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.sensors import SysmonConfig, SysmonEvent
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

HOUR = datetime.timedelta(hours=1)
DRIVER = host.driver("SysmonDrv", "15.15.0.0", altitudes=("385201",))
HIDDEN = host.driver("netmon7", "15.15.0.0", altitudes=("385201",))
ABSENT = SysmonConfig(installed=False)
NOTES = ("origin", "rules")


def services(*own: Service) -> Services:
    """What a node runs, with these as its only Sysmon."""
    usual = account.services()
    return Services(services=(*(each for each in usual.services if each.name != "Sysmon64"), *own))


def drivers(*own: Driver) -> DriverInventory:
    return DriverInventory(drivers=(host.driver("disk", "10.0.26100.1150"), *own))


def event(event_id: int, hours: float = 0.05, **changes: Any) -> SysmonEvent:
    """An event so many hours before the evidence."""
    return logging.sysmon_event(event_id, time=AT - hours * HOUR, **changes)


def records(*events: SysmonEvent, **changes: Any) -> SysmonConfig:
    return logging.sysmon_config(recorded=events, **changes)


SERVICE = account.service("Sysmon64")
ALL = (event(1), event(3, 5), event(11, 2))


def node(
    config: SysmonConfig,
    own: tuple[Service, ...] = (SERVICE,),
    filters: tuple[Driver, ...] = (DRIVER,),
) -> tuple[Fact, ...]:
    return (services(*own), drivers(*filters), config)


CASES = (
    Case(
        "all three are recorded",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL)),
        collected=AT,
        says="newest events is of 2026-11-16 01:00 UTC. Its program is C:\\Windows\\Sysmon64.exe: installed by itself.",
    ),
    Case(
        "as a feature of Windows",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL, image="C:\\Windows\\System32\\Sysmon.exe"), (account.service("Sysmon"),)),
        collected=AT,
        says="System32\\Sysmon.exe: a feature of Windows.",
    ),
    Case(
        "names are compared in any case",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL), (account.service("SYSMON"),), (host.driver("sysmondrv", "15.0.0.0"),)),
        collected=AT,
    ),
    Case(
        "renamed: found by its altitude, proved by its log",
        Outcome.PASS,
        ("records", "renamed", "rules"),
        node=node(records(*ALL, driver="netmon7", service=None, image=None), (), (HIDDEN,)),
        collected=AT,
        says="other names here: netmon7.",
    ),
    Case(
        "service and driver renamed, and somebody knew",
        Outcome.PASS,
        ("records", "renamed", *NOTES),
        node=node(records(*ALL, driver="netmon7", service="NetMon"), (account.service("NetMon"),), (HIDDEN,)),
        collected=AT,
        says="NetMon, netmon7.",
    ),
    Case(
        "renamed everywhere, its altitude changed: the log remains",
        Outcome.PASS,
        ("records",),
        node=node(SysmonConfig(installed=False, recorded=ALL), (), ()),
        collected=AT,
    ),
    Case(
        "its altitude was changed",
        Outcome.PASS,
        ("records", "moved", *NOTES),
        node=node(records(*ALL, altitude="385202"), filters=(msgspec.structs.replace(DRIVER, altitudes=("385202",)),)),
        collected=AT,
        says="The altitude of SysmonDrv is 385202",
    ),
    Case(
        "an altitude that the registry alone shows",
        Outcome.PASS,
        ("records", "moved", *NOTES),
        node=node(records(*ALL, altitude="370000")),
        gaps={"driver_inventory": Cause.ACCESS_DENIED},
        collected=AT,
    ),
    Case("nothing says when: the 7 days hold", Outcome.PASS, ("records", *NOTES), node=node(records(*ALL))),
    Case(
        "the driver is reported stopped, and all are recorded all the same",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL), filters=(msgspec.structs.replace(DRIVER, state="Stopped"),)),
        collected=AT,
    ),
    Case(
        "no Sysmon",
        Outcome.FAIL,
        ("absent",),
        node=node(ABSENT, (), ()),
        collected=AT,
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "no Sysmon, an empty log",
        Outcome.FAIL,
        ("absent",),
        node=node(SysmonConfig(installed=False, recorded=()), (), ()),
        collected=AT,
    ),
    Case(
        "its service is stopped",
        Outcome.FAIL,
        ("stopped",),
        node=node(records(*ALL), (account.service("Sysmon64", state="Stopped"),)),
        collected=AT,
        says="Sysmon64 is there and not running (Stopped)",
    ),
    Case(
        "an older one left behind, the newer one runs",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL), (account.service("Sysmon", state="Stopped"), SERVICE)),
        collected=AT,
    ),
    Case(
        "its service is stopped, and nothing else was seen",
        Outcome.FAIL,
        ("stopped",),
        node=(services(account.service("Sysmon", state="Stopped")),),
        collected=AT,
    ),
    Case(
        "the renamed service is stopped",
        Outcome.FAIL,
        ("stopped",),
        node=node(records(service="NetMon"), (account.service("NetMon", state="Stopped"),)),
        collected=AT,
    ),
    Case(
        "it said that it stops, and nothing since (supplement 13)",
        Outcome.FAIL,
        ("said_stopped", "renamed", "rules"),
        node=node(
            records(*ALL, event(4, 0, state="Stopped"), driver="netmon7", service=None, image=None), (), (HIDDEN,)
        ),
        collected=AT,
        says="it stopped (2026-11-16 06:00 UTC)",
    ),
    Case(
        "it said that it stops, and went on since",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL, event(4, 8, state="Stopped"))),
        collected=AT,
    ),
    Case(
        "it started, and nothing else",
        Outcome.FAIL,
        ("no_processes", "none_of", *NOTES),
        node=node(records(event(4, 2, state="Started"))),
        collected=AT,
        confidence=Confidence.INFERRED,
        says="connections and files are recorded",
    ),
    Case(
        "its driver is stopped",
        Outcome.FAIL,
        ("driver_stopped", *NOTES),
        node=node(records(), filters=(msgspec.structs.replace(DRIVER, state="Stopped"),)),
        collected=AT,
        says="(Stopped), and nothing shows that processes, connections and files are recorded.",
    ),
    Case(
        "its driver is stopped, and the log was not read",
        Outcome.FAIL,
        ("driver_stopped", *NOTES),
        node=node(logging.sysmon_config(recorded=None), filters=(msgspec.structs.replace(DRIVER, state="Stopped"),)),
        collected=AT,
    ),
    Case(
        "connections are off, as they are by default",
        Outcome.REVIEW,
        ("none_of", "origin", "no_rules"),
        node=node(records(event(1), event(11), rules_sha256=None, rules_size=None)),
        collected=AT,
        says="shows that connections are recorded",
    ),
    Case(
        "no file was written that its rules ask for",
        Outcome.REVIEW,
        ("none_of", *NOTES),
        node=node(records(event(1), event(3))),
        collected=AT,
        confidence=Confidence.INFERRED,
    ),
    Case(
        "a new configuration, and no connection since",
        Outcome.REVIEW,
        ("none_of", *NOTES),
        node=node(records(event(1), event(3, 5), event(11), event(16, 4))),
        collected=AT,
        says="connections are recorded: no such event within 7 days under the present configuration",
    ),
    Case(
        "a new configuration, and all since",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(*ALL, event(16, 6))),
        collected=AT,
    ),
    Case(
        "the configuration was replaced just now: nothing is proved any more",
        Outcome.REVIEW,
        ("none_of", *NOTES),
        node=node(records(*ALL, event(16, 0))),
        collected=AT,
        says="processes, connections and files",
    ),
    Case(
        "silent for two days",
        Outcome.REVIEW,
        ("records", "silent", *NOTES),
        node=node(records(event(1, 48), event(3, 48), event(11, 48))),
        collected=AT,
        says="more than 24 hours",
    ),
    Case(
        "silent for exactly a day",
        Outcome.PASS,
        ("records", *NOTES),
        node=node(records(event(1, 24), event(3, 48), event(11, 48))),
        collected=AT,
    ),
    Case(
        "an error of its own",
        Outcome.PASS,
        ("records", *NOTES, "errors"),
        node=node(records(*ALL, event(255, 1))),
        collected=AT,
    ),
    Case(
        "its log was not read",
        Outcome.UNKNOWN,
        ("log_unseen", *NOTES),
        node=node(logging.sysmon_config(recorded=None)),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "without elevation its service is all that shows (supplement 13)",
        Outcome.UNKNOWN,
        ("rules_unseen",),
        node=(services(SERVICE),),
        gaps={"sysmon_config": Cause.ACCESS_DENIED, "driver_inventory": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
        says="Sysmon64 is Running",
    ),
    Case(
        "without elevation, and no service has its name: it may be renamed",
        Outcome.UNKNOWN,
        ("rules_unseen",),
        node=(services(),),
        gaps={"sysmon_config": Cause.ACCESS_DENIED, "driver_inventory": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
        says="no service has its name",
    ),
    Case(
        "a renamed driver, and nothing of its configuration",
        Outcome.UNKNOWN,
        ("rules_unseen",),
        node=(services(), drivers(HIDDEN)),
        collected=AT,
        cause=Cause.NOT_COLLECTED,
        says="netmon7 is Running",
    ),
    Case(
        "no service, no entry in the registry, drivers not read",
        Outcome.UNKNOWN,
        ("driver_unseen",),
        node=(services(), ABSENT),
        gaps={"driver_inventory": Cause.TIMED_OUT},
        collected=AT,
        cause=Cause.TIMED_OUT,
    ),
    Case("services were not read", Outcome.UNKNOWN, node=(drivers(DRIVER),), collected=AT, cause=Cause.NOT_COLLECTED),
)
