"""PLT-013: the same state on every node."""

from __future__ import annotations

from hypervigil.controls.platform import plt_013_same_state_on_every_node as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.platform import DeviceGuard, SecurityService, VbsStatus
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case
from tests.controls.platform import recorded

__all__ = ["CASES", "CONTROL_MODULE"]

CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY
BOTH, OFF = defaults.device_guard(CG, HVCI), defaults.device_guard()


def nodes(*guards: DeviceGuard) -> dict[str, tuple[DeviceGuard, ...]]:
    return {f"HV{place:02d}": (guard,) for place, guard in enumerate(guards, start=1)}


CASES = (
    Case(
        "all on",
        Outcome.PASS,
        ("same",),
        nodes=nodes(BOTH, BOTH, BOTH),
        says="All 3 nodes that were seen agree: VBS running (2), Credential Guard running, HVCI running",
    ),
    Case("all off is the same, too", Outcome.PASS, ("same",), nodes=nodes(OFF, OFF), says="VBS not enabled (0)"),
    Case(
        "the order of services and services that are not compared do not count",
        Outcome.PASS,
        ("same",),
        nodes=nodes(BOTH, defaults.device_guard(HVCI, CG, SecurityService.PAGING_TRANSLATION)),
    ),
    Case(
        "configured on one of them, running on none",
        Outcome.PASS,
        ("same",),
        nodes=nodes(OFF, defaults.device_guard(services_configured=(CG,))),
    ),
    Case(
        "one odd node",
        Outcome.FAIL,
        ("odd_nodes",),
        nodes=nodes(BOTH, defaults.device_guard(CG), BOTH),
        says="HVCI differs: not running on HV02; on the other 2 nodes it is running",
    ),
    Case(
        "VBS failed to start on one node, and all that needs it",
        Outcome.FAIL,
        ("odd_nodes", "odd_nodes", "odd_nodes"),
        nodes=nodes(BOTH, BOTH, defaults.device_guard(vbs_status=VbsStatus.ENABLED_NOT_RUNNING)),
        says="VBS differs: enabled not running (1) on HV03",
    ),
    Case(
        "two odd nodes, each in its own way",
        Outcome.FAIL,
        ("odd_nodes",),
        nodes=nodes(OFF, defaults.device_guard(vbs_status=VbsStatus.RUNNING), OFF, OFF, defaults.device_guard()),
        says="running (2) on HV02; on the other 4 nodes",
    ),
    Case(
        "an even split names everybody",
        Outcome.FAIL,
        ("split",),
        nodes=nodes(BOTH, defaults.device_guard(HVCI)),
        says="Credential Guard differs: running on HV01; not running on HV02",
    ),
    Case(
        "recorded on a PC with Windows 11 and on its guest (notes in a public script), as if they were nodes",
        Outcome.FAIL,
        ("split",),
        nodes=nodes(recorded.WINDOWS_11, recorded.WINDOWS_11_GUEST),
        says="Credential Guard differs: running on HV01; not running on HV02",
    ),
    Case(
        "one node is missing, the others agree",
        Outcome.UNKNOWN,
        ("same",),
        nodes=nodes(BOTH, BOTH, BOTH),
        gaps={"device_guard@HV03": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
        says="All 2 nodes that were seen",
    ),
    Case(
        "one node is missing, the others differ",
        Outcome.FAIL,
        ("split", "split", "split"),
        nodes=nodes(BOTH, OFF, BOTH),
        gaps={"device_guard@HV03": Cause.TIMED_OUT},
    ),
    Case(
        "one of two is missing",
        Outcome.UNKNOWN,
        ("single_node",),
        nodes=nodes(BOTH, BOTH),
        gaps={"device_guard@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("a cluster of one node", Outcome.NOT_APPLICABLE, ("single_node",), nodes=nodes(BOTH)),
    Case("nothing collected", Outcome.UNKNOWN, nodes={"HV01": (), "HV02": ()}, cause=Cause.NOT_COLLECTED),
)
