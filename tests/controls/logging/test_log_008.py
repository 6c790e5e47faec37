"""LOG-008: EDR on every node."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.controls.logging import log_008_edr as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import Service, Services
from hypervigil.evidence.drivers import Driver, DriverInventory
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.registry import ABSENT, DENIED, dword
from hypervigil.evidence.sensors import SenseEvent
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

HOUR = datetime.timedelta(hours=1)
SENSE, FALCON, TANIUM = (account.service(name) for name in ("Sense", "CSFalconService", "Tanium Client"))
ANTIVIRUS = account.service("WinDefend")
MSSECFLT = host.driver("mssecflt", "10.0.26100.1150", altitudes=("385600",))
CSAGENT = host.driver("csagent", "7.1.0.0", altitudes=("321410",))
RECORDER = host.driver("TaniumRecorderDrv", "3.0.0.0", altitudes=("385800",))
STRANGER = host.driver("vendorflt", "1.0.0.0", altitudes=("325000",))


def stopped(name: str) -> Service:
    return account.service(name, state="Stopped", start_mode="Manual")


def off(driver: Driver) -> Driver:
    return msgspec.structs.replace(driver, state="Stopped")


def node(*parts: Service | Driver, **onboarding: Any) -> tuple[Fact, ...]:
    """A node with these sensors and filters besides what every node has."""
    services = (account.service("ClusSvc"), *(part for part in parts if isinstance(part, Service)))
    drivers = (host.driver("disk", "1.0.0.0"), *(part for part in parts if isinstance(part, Driver)))
    return (Services(services=services), DriverInventory(drivers=drivers), logging.edr_onboarding(**onboarding))


def two(first: tuple[Fact, ...], second: tuple[Fact, ...] | None = None) -> dict[str, tuple[Fact, ...]]:
    return {"HV01": first, "HV02": first if second is None else second}


def event(event_id: int, hours: float) -> SenseEvent:
    return SenseEvent(record_id=event_id, channel="SENSE", provider="SENSE", id=event_id, time=AT - hours * HOUR)


MDE = node(SENSE, MSSECFLT, ANTIVIRUS)
CROWDSTRIKE = node(FALCON, CSAGENT, stopped("Sense"), ANTIVIRUS)
NOTHING = node(ANTIVIRUS, onboarding_state=ABSENT, onboarding_policy=False)

CASES = (
    Case(
        "Defender for Endpoint on both",
        Outcome.PASS,
        ("onboarded",),
        nodes=two(MDE),
        collected=AT,
        confidence=Confidence.DOCUMENTED,
        says="on all 2 nodes",
    ),
    Case("one node", Outcome.PASS, ("onboarded",), nodes={"HV01": MDE}, collected=AT),
    Case(
        "its filter was renamed: the altitude tells",
        Outcome.PASS,
        ("onboarded",),
        nodes=two(MDE, node(SENSE, msgspec.structs.replace(MSSECFLT, name="quiet"))),
        collected=AT,
    ),
    Case(
        "another product on one of them besides",
        Outcome.PASS,
        ("onboarded", "besides"),
        nodes=two(MDE, node(SENSE, MSSECFLT, TANIUM)),
        collected=AT,
        says="besides: Tanium.",
    ),
    Case(
        "Defender Antivirus is passive, as asked",
        Outcome.PASS,
        ("onboarded", "passive"),
        nodes=two(MDE, node(SENSE, MSSECFLT, passive_mode=dword(1), recorded=(event(84, 40),))),
        collected=AT,
        says="passive on HV02",
    ),
    Case(
        "a node without any sensor: deploy consistently",
        Outcome.FAIL,
        ("none", "onboarded", "antivirus"),
        nodes=two(MDE, NOTHING),
        collected=AT,
        says="No EDR sensor that is known runs on HV02.",
    ),
    Case(
        "no node has one, no antivirus either",
        Outcome.FAIL,
        ("none",),
        nodes=two(node(onboarding_state=ABSENT)),
        collected=AT,
        says="on HV01, HV02",
    ),
    Case(
        "the sensor of Windows is there and was never onboarded",
        Outcome.FAIL,
        ("stopped", "onboarded"),
        nodes=two(MDE, node(stopped("Sense"), MSSECFLT, onboarding_state=ABSENT)),
        collected=AT,
        says="Defender for Endpoint is on HV02 and does not run: Sense is Stopped.",
    ),
    Case(
        "the sensor of another product is stopped",
        Outcome.FAIL,
        ("stopped", "ask"),
        nodes=two(CROWDSTRIKE, node(stopped("CSFalconService"))),
        collected=AT,
        says="CSFalconService is Stopped",
    ),
    Case(
        "two products, one on each",
        Outcome.FAIL,
        ("differ",),
        nodes=two(MDE, CROWDSTRIKE),
        collected=AT,
        says="Defender for Endpoint on HV01; CrowdStrike Falcon on HV02.",
    ),
    Case(
        "three nodes, no product on all",
        Outcome.FAIL,
        ("differ",),
        nodes={"HV01": node(FALCON, TANIUM), "HV02": node(FALCON), "HV03": node(TANIUM)},
        collected=AT,
    ),
    Case(
        "its filter does not run",
        Outcome.FAIL,
        ("filter_stopped",),
        nodes=two(MDE, node(SENSE, off(MSSECFLT))),
        collected=AT,
        confidence=Confidence.INFERRED,
        says="runs on HV02 and its filter does not: mssecflt is Stopped.",
    ),
    Case(
        "not onboarded (OnboardingState 0)",
        Outcome.FAIL,
        ("not_onboarded",),
        nodes=two(MDE, node(SENSE, MSSECFLT, onboarding_state=dword(0), onboarding_policy=False)),
        collected=AT,
        says="on HV02 (OnboardingState is 0)",
    ),
    Case(
        "a policy alone configures only",
        Outcome.FAIL,
        ("not_onboarded", "configured_only"),
        nodes=two(MDE, node(SENSE, MSSECFLT, onboarding_state=ABSENT, onboarding_policy=True)),
        collected=AT,
    ),
    Case(
        "lost its service since it started",
        Outcome.FAIL,
        ("lost",),
        nodes=two(
            MDE,
            node(SENSE, MSSECFLT, recorded=(event(1, 30), event(5, 2)), last_connected=AT - 9 * HOUR),
        ),
        collected=AT,
        confidence=Confidence.INFERRED,
        says="on HV02 could not reach its service (event 5, 2026-11-16 04:00 UTC), and it was not in contact",
    ),
    Case(
        "lost it and found it again",
        Outcome.REVIEW,
        ("recovered",),
        nodes=two(MDE, node(SENSE, MSSECFLT, recorded=(event(1, 30), event(15, 2)))),
        collected=AT,
        says="could not open its command channel (event 15",
    ),
    Case(
        "a failure of an earlier life",
        Outcome.PASS,
        ("onboarded",),
        nodes=two(MDE, node(SENSE, MSSECFLT, recorded=(event(6, 300), event(1, 30)))),
        collected=AT,
    ),
    Case(
        "silent for eight days",
        Outcome.REVIEW,
        ("silent",),
        nodes=two(MDE, node(SENSE, MSSECFLT, last_connected=AT - 192 * HOUR)),
        collected=AT,
        says="HV02 was last in contact 2026-11-08 06:00 UTC",
    ),
    Case("nothing says when: silence is not judged", Outcome.PASS, ("onboarded",), nodes=two(MDE)),
    Case(
        "another product: no host tells whether it is onboarded",
        Outcome.REVIEW,
        ("ask",),
        nodes=two(CROWDSTRIKE),
        collected=AT,
        says="CrowdStrike Falcon runs on all 2 nodes",
    ),
    Case(
        "another product, its filter is stopped on one node",
        Outcome.FAIL,
        ("ask", "filter_stopped"),
        nodes=two(CROWDSTRIKE, node(FALCON, off(CSAGENT))),
        collected=AT,
    ),
    Case(
        "another product, none of its filters on one node",
        Outcome.REVIEW,
        ("ask", "no_filter"),
        nodes=two(CROWDSTRIKE, node(FALCON)),
        collected=AT,
        says="CrowdStrike Falcon runs on HV02, and none",
    ),
    Case(
        "another product, half rolled out",
        Outcome.REVIEW,
        ("ask", "versions_differ"),
        nodes=two(CROWDSTRIKE, node(FALCON, msgspec.structs.replace(CSAGENT, file_version="7.2.0.0"))),
        collected=AT,
        says="csagent has different versions: 7.1.0.0 on HV01; 7.2.0.0 on HV02.",
    ),
    Case(
        "a version that was not read is no other version",
        Outcome.REVIEW,
        ("ask",),
        nodes=two(CROWDSTRIKE, node(FALCON, msgspec.structs.replace(CSAGENT, file_version=None))),
        collected=AT,
    ),
    Case(
        "two others on both: each is asked about, no filter is held against them",
        Outcome.REVIEW,
        ("ask", "ask"),
        nodes=two(node(FALCON, TANIUM, off(RECORDER))),
        collected=AT,
    ),
    Case(
        "Defender for Endpoint is whole, and another runs on both",
        Outcome.PASS,
        ("onboarded",),
        nodes=two(node(SENSE, MSSECFLT, FALCON, CSAGENT)),
        collected=AT,
    ),
    Case(
        "Defender for Endpoint is not onboarded, and another runs on both",
        Outcome.REVIEW,
        ("ask",),
        nodes=two(node(SENSE, MSSECFLT, FALCON, off(CSAGENT), onboarding_state=dword(0))),
        collected=AT,
    ),
    Case(
        "a product that nobody here knows",
        Outcome.REVIEW,
        ("unknown_product", "onboarded"),
        nodes=two(MDE, node(STRANGER, onboarding_state=ABSENT)),
        collected=AT,
        says="on HV02, but filters of security software do: vendorflt (unknown).",
    ),
    Case(
        "a product whose service nobody knows, by its filter",
        Outcome.REVIEW,
        ("unknown_product", "unknown_product"),
        nodes=two(node(host.driver("QMON", "1.0.0.0", altitudes=("363122",)), onboarding_state=ABSENT)),
        collected=AT,
        says="QMON (Qualys)",
    ),
    Case(
        "one sensor stopped, another that nobody knows beside it",
        Outcome.REVIEW,
        ("unknown_product", "unknown_product"),
        nodes=two(node(stopped("CSFalconService"), STRANGER, onboarding_state=ABSENT)),
        collected=AT,
    ),
    Case(
        "no service, and the drivers of that node were not read",
        Outcome.UNKNOWN,
        ("drivers_unseen", "onboarded", "antivirus"),
        nodes=two(MDE, NOTHING),
        gaps={"driver_inventory@HV02": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "drivers were read nowhere",
        Outcome.UNKNOWN,
        ("filter_unseen", "filter_unseen"),
        nodes=two(MDE),
        gaps={"driver_inventory": Cause.TIMED_OUT},
        collected=AT,
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "onboarding was not read on one node",
        Outcome.UNKNOWN,
        ("onboarding_unseen",),
        nodes=two(MDE),
        gaps={"edr_onboarding@HV02": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
        says="on HV02 was not seen",
    ),
    Case(
        "OnboardingState is closed",
        Outcome.UNKNOWN,
        ("state_denied",),
        nodes=two(MDE, node(SENSE, MSSECFLT, onboarding_state=DENIED)),
        collected=AT,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "its log was not read",
        Outcome.UNKNOWN,
        ("log_unseen",),
        nodes=two(MDE, node(SENSE, MSSECFLT, recorded=None)),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "Defender for Endpoint without its filter",
        Outcome.REVIEW,
        ("no_filter",),
        nodes=two(MDE, node(SENSE)),
        collected=AT,
    ),
    Case(
        "services of one node were not read",
        Outcome.UNKNOWN,
        ("onboarded",),
        nodes=two(MDE),
        gaps={"services@HV02": Cause.TIMED_OUT},
        collected=AT,
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "services of one node were not read, another has none",
        Outcome.FAIL,
        ("none", "antivirus"),
        nodes=two(NOTHING, MDE),
        gaps={"services@HV02": Cause.TIMED_OUT},
        collected=AT,
    ),
    Case(
        "services were read nowhere",
        Outcome.UNKNOWN,
        nodes=two(MDE),
        gaps={"services": Cause.NOT_IN_SOURCE},
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
)
