"""LM-007: the hosts agree on live migration."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.live_migration import lm_007_hosts_agree as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import MigrationAuthentication, MigrationPerformance
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CREDSSP = MigrationAuthentication.CREDSSP


def hosts(*changes: dict[str, Any]) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{place:02d}": (defaults.vm_host(**change),) for place, change in enumerate(changes, start=1)}


CASES = (
    Case(
        "the same everywhere",
        Outcome.PASS,
        ("agree",),
        nodes=hosts({}, {}, {}),
        says="3 nodes agree: Kerberos, compression, chosen networks.",
    ),
    Case("what is no setting of migration may differ", Outcome.PASS, ("agree",), nodes=hosts({}, {"fqdn": "hv02"})),
    Case(
        "authentication",
        Outcome.FAIL,
        ("differ",),
        nodes=hosts({}, {"migration_authentication": CREDSSP}, {}),
        says="authentication: Kerberos on HV01, HV03; CredSSP on HV02.",
    ),
    Case(
        "performance option",
        Outcome.FAIL,
        ("differ",),
        nodes=hosts(
            {},
            {"migration_performance": MigrationPerformance.SMB},
            {"migration_performance": MigrationPerformance.TCPIP},
        ),
        says="performance option: compression on HV01; SMB on HV02; TCP/IP on HV03.",
    ),
    Case(
        "use of networks",
        Outcome.FAIL,
        ("differ",),
        nodes=hosts({}, {"any_network_for_migration": True}),
        says="networks: chosen networks on HV01; any network on HV02.",
    ),
    Case(
        "everything",
        Outcome.FAIL,
        ("differ", "differ", "differ"),
        nodes=hosts(
            {},
            {
                "migration_authentication": CREDSSP,
                "migration_performance": MigrationPerformance.SMB,
                "any_network_for_migration": True,
            },
        ),
    ),
    Case(
        "codes that nobody has named yet differ as well",
        Outcome.FAIL,
        ("differ",),
        nodes=hosts(
            {"migration_authentication": MigrationAuthentication(5)},
            {"migration_authentication": MigrationAuthentication(6)},
        ),
        says="unknown code (5) on HV01; unknown code (6) on HV02",
    ),
    Case(
        "the one that differs has migration off",
        Outcome.PASS,
        ("agree", "left_out"),
        nodes=hosts({}, {}, {"migration_enabled": False, "migration_authentication": CREDSSP}),
        says="switched off on HV03",
    ),
    Case(
        "migration on at one node only",
        Outcome.NOT_APPLICABLE,
        ("nothing_to_agree_on", "left_out"),
        nodes=hosts({}, {"migration_enabled": False}),
    ),
    Case("one node", Outcome.NOT_APPLICABLE, ("nothing_to_agree_on",), nodes=hosts({})),
    Case(
        "the others agree, one was not read",
        Outcome.UNKNOWN,
        ("agree",),
        nodes=hosts({}, {}, {}),
        gaps={"vm_host@HV03": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "one of two was not read",
        Outcome.UNKNOWN,
        ("nothing_to_agree_on",),
        nodes=hosts({}, {"migration_authentication": CREDSSP}),
        gaps={"vm_host@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "the others differ, one was not read: the failure stands",
        Outcome.FAIL,
        ("differ",),
        nodes=hosts({}, {"migration_authentication": CREDSSP}, {}),
        gaps={"vm_host@HV03": Cause.ACCESS_DENIED},
    ),
    Case(
        "a node that the cluster lists and nobody visited",
        Outcome.UNKNOWN,
        ("agree",),
        nodes=hosts({}, {}),
        cluster=(defaults.cluster_nodes("HV01", "HV02", "HV03"),),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "no host was read",
        Outcome.UNKNOWN,
        nodes=hosts({}, {}),
        gaps={"vm_host": Cause.NOT_IN_SOURCE},
        cause=Cause.NOT_IN_SOURCE,
    ),
)
