"""PLT-018: drivers and code integrity."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.platform import plt_018_drivers_not_refused as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.code_integrity import CodeIntegrityEvent, PnpProblem, ProblemCode
from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic.moments import AT, BOOT, window
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CHANNEL = "Microsoft-Windows-CodeIntegrity/Operational"
OLD = "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\oldnic.sys"
HOUR = datetime.timedelta(hours=1)


def event(event_id: int, file: str | None = OLD, **changes: Any) -> CodeIntegrityEvent:
    given: dict[str, Any] = {"record_id": 900, "time": BOOT + HOUR, **changes}
    return CodeIntegrityEvent(
        channel=CHANNEL, provider="Microsoft-Windows-CodeIntegrity", id=event_id, file=file, **given
    )


def problem(code: ProblemCode, **changes: Any) -> PnpProblem:
    return PnpProblem(device_id="PCI\\VEN_15B3\\1", code=code, name="Network adapter", **changes)


def node(*events: CodeIntegrityEvent, devices: tuple[PnpProblem, ...] = (), **changes: Any) -> tuple[Fact, ...]:
    return host.code_integrity_events(events=events, **changes), host.pnp_problems(devices=devices)


def log(**changes: Any) -> tuple[LogWindow, ...]:
    given: dict[str, Any] = {"channel": CHANNEL, "since": BOOT - HOUR, "oldest": BOOT - 2 * HOUR, **changes}
    return (LogWindow(**given),)


CASES = (
    Case("a quiet log", Outcome.PASS, ("clean",), node=node(), says="Since the boot (2026-11-11 03:10 UTC)"),
    Case(
        "3111 with its mask, three times, and 3087 for the same file: one reason",
        Outcome.FAIL,
        ("refused",),
        node=node(event(3111, hvci_failures=0x28, count=3), event(3087, OLD.upper(), hvci_failures=0x8)),
        says="oldnic.sys (3087 once, 3111 3 times), last 2026-11-11 04:10 UTC. What is wrong: "
        "Writable executable section (8), Iat in executable section (32).",
    ),
    Case("3087 is a warning", Outcome.FAIL, ("warned",), node=node(event(3087)), says="last 2026-11-11 04:10 UTC."),
    Case(
        "3072 and 3073, of two files",
        Outcome.FAIL,
        ("warned", "warned"),
        node=node(event(3072), event(3073, "\\Device\\other.sys")),
    ),
    Case(
        "3074 does not name its file",
        Outcome.FAIL,
        ("refused",),
        node=node(event(3074, None, status=0xC0000428)),
        says="refused a file that the event does not name (3074 once)",
    ),
    Case("3023: revoked", Outcome.FAIL, ("refused",), node=node(event(3023))),
    Case("3004: not verified", Outcome.FAIL, ("refused",), node=node(event(3004))),
    Case("3033 about a driver", Outcome.FAIL, ("refused",), node=node(event(3033))),
    Case("3077 about a driver", Outcome.FAIL, ("refused",), node=node(event(3077, "x.SYS"))),
    Case(
        "3033 and 3077 about libraries",
        Outcome.PASS,
        ("clean", "others"),
        node=node(event(3033, "\\Device\\HarddiskVolume3\\a.dll"), event(3077, "b.exe"), event(3076, "c.dll")),
        says="refused as well: \\Device\\HarddiskVolume3\\a.dll, b.exe.",
    ),
    Case(
        "3033 about a file without a name is a question",
        Outcome.REVIEW,
        ("let_through",),
        node=node(event(3033, None)),
    ),
    Case(
        "let through, each with an objection",
        Outcome.REVIEW,
        ("let_through",),
        node=node(*(event(event_id) for event_id in (3001, 3021, 3022, 3034, 3076, 3082, 3083))),
        says="(3001 once, 3021 once, 3022 once, 3034 once, 3076 once, 3082 once, 3083 once)",
    ),
    Case(
        "what every boot writes is no objection",
        Outcome.PASS,
        ("clean",),
        node=node(event(3085, None), event(3084, None), event(3099, None), event(3089, None), event(3065, "a.dll")),
    ),
    Case(
        "the day before the boot",
        Outcome.PASS,
        ("clean", "earlier"),
        node=node(event(3111, time=BOOT - 24 * HOUR)),
        says="oldnic.sys (3111, 2026-11-10 03:10 UTC)",
    ),
    Case(
        "four minutes before the boot, by a clock that was set since",
        Outcome.FAIL,
        ("refused",),
        node=node(event(3111, time=BOOT - HOUR / 15)),
    ),
    Case(
        "a device whose driver was not loaded",
        Outcome.FAIL,
        ("device",),
        node=node(devices=(problem(ProblemCode.DRIVER_FAILED_LOAD, service="oldnic"),)),
        says="Network adapter (PCI\\VEN_15B3\\1) is without its driver oldnic: Driver failed load (39).",
    ),
    Case(
        "a device whose driver's signature is not accepted; the log was not whole",
        Outcome.FAIL,
        ("device", "log_short"),
        node=node(devices=(problem(ProblemCode.UNSIGNED_DRIVER),), windows=log(oldest=AT)),
    ),
    Case(
        "other problems, and a device that is gone",
        Outcome.PASS,
        ("clean",),
        node=node(devices=(problem(ProblemCode.FAILED_START), problem(ProblemCode.DRIVER_FAILED_LOAD, present=False))),
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
        "devices were not looked at, and the log fails",
        Outcome.FAIL,
        ("refused", "devices_unseen"),
        node=node(event(3111))[:1],
    ),
    Case(
        "the log was overwritten since the boot",
        Outcome.UNKNOWN,
        ("log_short",),
        node=node(windows=log(oldest=BOOT + HOUR)),
        says="whole from 2026-11-11 04:10 UTC on",
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "more events than were read",
        Outcome.UNKNOWN,
        ("log_short",),
        node=node(windows=log(complete=False)),
        says="from no known moment on",
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("an empty log", Outcome.REVIEW, ("empty",), node=node(windows=log(oldest=None))),
    Case(
        "another log was searched",
        Outcome.UNKNOWN,
        ("log_unseen",),
        node=node(windows=(window("System", days=90),)),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "nobody knows when it booted",
        Outcome.UNKNOWN,
        ("boot_unseen", "earlier"),
        node=node(event(3111), last_boot=None),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the log could not be read",
        Outcome.UNKNOWN,
        node=node()[1:],
        gaps={"code_integrity_events": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
