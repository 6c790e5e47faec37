"""WGC-007: live migration in a workgroup."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.workgroup import wgc_007_live_migration as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import MigrationAuthentication
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

OFF: dict[str, Any] = {"migration_enabled": False}


def node(release: Release = Release.WS2025, *, domain: bool = False, **changes: Any) -> tuple[Fact, ...]:
    return (
        defaults.computer_system(domain=domain),
        defaults.operating_system(release),
        defaults.vm_host(**changes),
    )


CASES = (
    Case(
        "2025 (WG-1)",
        Outcome.PASS,
        ("by_certificate", "no_matter"),
        nodes={"HV01": node(), "HV02": node()},
        confidence=Confidence.INFERRED,
        says="on at HV01, HV02",
    ),
    Case(
        "2025, and CredSSP chosen: not what authenticates (WG-6)",
        Outcome.PASS,
        ("by_certificate", "no_matter"),
        nodes={"HV01": node(migration_authentication=MigrationAuthentication.CREDSSP), "HV02": node()},
        says="(CredSSP, Kerberos)",
    ),
    Case(
        "2025, a type that nobody has named yet",
        Outcome.PASS,
        ("by_certificate", "no_matter"),
        nodes={"HV01": node(migration_authentication=MigrationAuthentication(7))},
        says="unknown code (7)",
    ),
    Case(
        "2025, off at one node",
        Outcome.PASS,
        ("by_certificate", "no_matter", "left_out"),
        nodes={"HV01": node(), "HV02": node(**OFF)},
        says="off on HV02.",
    ),
    Case(
        "2022 (WG-1: unsupported)",
        Outcome.FAIL,
        ("too_old",),
        nodes={"HV01": node(Release.WS2022), "HV02": node(Release.WS2022)},
        says="HV01 (Windows Server 2022), HV02 (Windows Server 2022)",
    ),
    Case("2019", Outcome.FAIL, ("too_old",), nodes={"HV01": node(Release.WS2019)}),
    Case("version 23H2 is older than 2025", Outcome.FAIL, ("too_old",), nodes={"HV01": node(Release.WS23H2)}),
    Case(
        "2022, off",
        Outcome.PASS,
        ("off",),
        nodes={"HV01": node(Release.WS2022, **OFF), "HV02": node(Release.WS2022, **OFF)},
    ),
    Case(
        "2022, on at one node",
        Outcome.FAIL,
        ("too_old", "left_out"),
        nodes={"HV01": node(Release.WS2022, **OFF), "HV02": node(Release.WS2022)},
        says="on at HV02 (Windows Server 2022)",
    ),
    Case(
        "one node of each release",
        Outcome.FAIL,
        ("too_old",),
        nodes={"HV01": node(), "HV02": node(Release.WS2022)},
        says="on at HV02 (Windows Server 2022):",
    ),
    Case(
        "a build newer than any table",
        Outcome.PASS,
        ("by_certificate", "no_matter"),
        nodes={
            "HV01": (
                defaults.computer_system(domain=False),
                defaults.operating_system(build_number=29500),
                defaults.vm_host(),
            )
        },
    ),
    Case(
        "the release of one node was not read",
        Outcome.UNKNOWN,
        ("by_certificate", "no_matter"),
        nodes={"HV01": node(), "HV02": node(Release.WS2022)},
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "an old one stands, whatever the other is",
        Outcome.FAIL,
        ("too_old",),
        nodes={"HV01": node(Release.WS2022), "HV02": node()},
        gaps={"vm_host@HV02": Cause.ACCESS_DENIED},
    ),
    Case(
        "release of one, settings of the other",
        Outcome.UNKNOWN,
        ("nowhere_both",),
        nodes={"HV01": node(), "HV02": node()},
        gaps={"vm_host@HV02": Cause.ACCESS_DENIED, "operating_system@HV01": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "a domain cluster",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        nodes={"HV01": node(Release.WS2022, domain=True), "HV02": node(Release.WS2022, domain=True)},
    ),
    Case(
        "Hyper-V was not read",
        Outcome.UNKNOWN,
        nodes={"HV01": node(), "HV02": node()},
        gaps={"vm_host": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
