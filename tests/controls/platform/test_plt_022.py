"""PLT-022: services, drivers and devices that did not start."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.platform import plt_022_everything_started as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.code_integrity import PnpProblem, ProblemCode, ServiceFailure
from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic.moments import AT, BOOT, window
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

MINUTE = datetime.timedelta(minutes=1)


def event(event_id: int, *parameters: str, **changes: Any) -> ServiceFailure:
    given: dict[str, Any] = {"record_id": 900, "time": BOOT + MINUTE, **changes}
    return ServiceFailure(
        channel="System", provider="Service Control Manager", id=event_id, parameters=parameters, **given
    )


def problem(code: int, **changes: Any) -> PnpProblem:
    return PnpProblem(device_id="PCI\\VEN_15B3\\1", code=ProblemCode(code), name="Network adapter", **changes)


def node(*events: ServiceFailure, devices: tuple[PnpProblem, ...] = (), **changes: Any) -> tuple[Fact, ...]:
    return host.service_failures(events=events, **changes), host.pnp_problems(devices=devices)


def log(**changes: Any) -> tuple[LogWindow, ...]:
    given: dict[str, Any] = {"channel": "System", "since": BOOT - MINUTE, "oldest": BOOT - 2 * MINUTE, **changes}
    return (LogWindow(**given),)


CASES = (
    Case("everything started", Outcome.PASS, ("started",), node=node(), says="Since the boot (2026-11-11 03:10 UTC)"),
    Case(
        "7000 after 7009, of one service: one reason",
        Outcome.FAIL,
        ("failed",),
        node=node(event(7000, "Sensor", "%%1053", time=BOOT + 2 * MINUTE), event(7009, "30000", "Sensor")),
        says="Sensor did not start (7000, 7009), last 2026-11-11 03:12 UTC. Why: error 1053, no answer in time.",
    ),
    Case(
        "7000 of a driver whose signature was not accepted",
        Outcome.FAIL,
        ("failed",),
        node=node(event(7000, "oldnic", "%%577")),
        says="error 577, the signature was not accepted.",
    ),
    Case(
        "7000 with a number that has no name here, and with none",
        Outcome.FAIL,
        ("failed", "failed"),
        node=node(event(7000, "A", "%%1069"), event(7000, "B")),
        says="Why: error 1069. B did not start (7000), last 2026-11-11 03:11 UTC.",
    ),
    Case(
        "7001 names what it waited for",
        Outcome.FAIL,
        ("failed",),
        node=node(event(7001, "Agent", "Base Filtering Engine", "%%1068")),
        says="Why: it depends on Base Filtering Engine; error 1068.",
    ),
    Case(
        "7026 lists drivers",
        Outcome.FAIL,
        ("failed", "failed"),
        node=node(event(7026, "\noldnic\nOldDisk")),
        says="OldDisk did not start (7026)",
    ),
    Case(
        "an event without its parameters",
        Outcome.FAIL,
        ("failed",),
        node=node(event(7000)),
        says="A service that the event does not name did not start",
    ),
    Case(
        "before the boot",
        Outcome.PASS,
        ("started", "earlier"),
        node=node(event(7000, "Sensor", "%%1053", time=BOOT - 60 * MINUTE)),
        says="boot: Sensor (7000, 2026-11-11 02:10 UTC).",
    ),
    Case(
        "a device whose driver failed",
        Outcome.FAIL,
        ("device",) * 3,
        node=node(devices=(problem(10, service="oldnic"), problem(39), problem(52))),
        says="Failed start (10); its driver is oldnic.",
    ),
    Case(
        "devices that were disabled, or are not there",
        Outcome.PASS,
        ("started",),
        node=node(devices=(problem(22), problem(24), problem(45), problem(10, present=False))),
    ),
    Case(
        "no driver was ever installed; a restart is due; a code without a name",
        Outcome.REVIEW,
        ("device_asked",) * 3,
        node=node(devices=(problem(28), problem(14), problem(99))),
        says="unknown code (99)",
    ),
    Case(
        "devices were not looked at",
        Outcome.UNKNOWN,
        ("devices_unseen",),
        node=node()[:1],
        gaps={"pnp_problems": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "devices were not looked at, and a service failed",
        Outcome.FAIL,
        ("failed", "devices_unseen"),
        node=node(event(7000, "A"))[:1],
    ),
    Case(
        "the log was overwritten since the boot",
        Outcome.UNKNOWN,
        ("log_short",),
        node=node(windows=log(oldest=AT)),
        says="whole from 2026-11-16 06:00 UTC on",
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the log was overwritten, and what is left fails",
        Outcome.FAIL,
        ("failed", "log_short"),
        node=node(event(7000, "A", time=AT), windows=log(oldest=AT - MINUTE)),
    ),
    Case(
        "an empty log",
        Outcome.UNKNOWN,
        ("log_empty",),
        node=node(windows=log(oldest=None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "another log was searched",
        Outcome.UNKNOWN,
        ("log_unseen",),
        node=node(windows=(window("Security", days=90),)),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "nobody knows when it booted",
        Outcome.UNKNOWN,
        ("boot_unseen", "earlier"),
        node=node(event(7000, "A"), last_boot=None),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the log could not be read",
        Outcome.UNKNOWN,
        node=node()[1:],
        gaps={"service_failures": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
