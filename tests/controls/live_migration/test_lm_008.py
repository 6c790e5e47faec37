"""LM-008: chosen networks for live migration."""

from __future__ import annotations

from hypervigil.controls.live_migration import lm_008_chosen_networks as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.hyper_v import MigrationNetworks
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

NONE = MigrationNetworks(networks=())
ANY = defaults.vm_host(any_network_for_migration=True)

CASES = (
    Case(
        "two networks",
        Outcome.PASS,
        ("chosen",),
        node=(defaults.vm_host(), defaults.migration_networks("10.20.30.0/24", "fd00:20::/64")),
        says="10.20.30.0/24, fd00:20::/64",
    ),
    Case(
        "a single address, and a text that is none",
        Outcome.PASS,
        ("chosen",),
        node=(defaults.vm_host(), defaults.migration_networks("10.20.30.4", "storage")),
    ),
    Case("any network", Outcome.FAIL, ("any",), node=(ANY, NONE)),
    Case(
        "any network: the list does not count",
        Outcome.FAIL,
        ("any",),
        node=(ANY, defaults.migration_networks("10.20.30.0/24")),
    ),
    Case(
        "a network that is every address",
        Outcome.FAIL,
        ("everything", "everything", "everything"),
        node=(defaults.vm_host(), defaults.migration_networks("10.20.30.0/24", "0.0.0.0/0", "10.1.2.3/0", "::/0")),
        confidence=Confidence.INFERRED,
    ),
    Case(
        "none chosen, and any network off",
        Outcome.REVIEW,
        ("none_chosen",),
        node=(defaults.vm_host(), NONE),
    ),
    Case(
        "migration off",
        Outcome.NOT_APPLICABLE,
        ("migration_off",),
        node=(defaults.vm_host(migration_enabled=False, any_network_for_migration=True), NONE),
    ),
    Case(
        "networks could not be read",
        Outcome.UNKNOWN,
        node=(defaults.vm_host(),),
        gaps={"migration_networks": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "the host's settings could not be read",
        Outcome.UNKNOWN,
        node=(defaults.migration_networks(),),
        gaps={"vm_host": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
