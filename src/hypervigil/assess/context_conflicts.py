"""What the operator declares against what was collected: every comparison there is, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from hypervigil.assess import context_hosts as hosts
from hypervigil.assess import context_networks as networks
from hypervigil.assess.context_seen import Conflict, Unchecked, View
from hypervigil.evidence.evidence import Evidence
from hypervigil.model.context import Context
from hypervigil.model.subject import Subject


class Comparison(msgspec.Struct, frozen=True):
    """One thing that can be declared and seen. ``compare`` gives nothing where nothing of the kind is declared."""

    what: str
    compare: Callable[[Context, View], Iterator[Conflict]]


COMPARISONS = (
    Comparison("expected nodes", hosts.nodes),
    Comparison("networks of live migration", networks.migration),
    Comparison("networks of live migration in the cluster", networks.clustered_migration),
    Comparison("roles of cluster networks", networks.roles),
    Comparison("addresses of nodes", networks.addresses),
    Comparison("isolated networks", networks.isolation),
    Comparison("VMs in networks of the infrastructure", networks.guests),
    Comparison("VLANs of host adapters", networks.vlans),
    Comparison("jump hosts, PAWs and gateways", hosts.admin_hosts),
    Comparison("gateways of Windows Admin Center", hosts.gateways),
    Comparison("admin groups", hosts.groups),
    Comparison("declared VMs", hosts.guests),
    Comparison("accepted EDR products", hosts.sensors),
    Comparison("where events go", hosts.logs),
    Comparison("SMB endpoints that can sign", hosts.endpoints),
    Comparison("copies of guardian keys", hosts.key_copies),
)


class Compared(msgspec.Struct, frozen=True):
    """What all comparisons come to: conflicts, worst first, and what could not be compared."""

    conflicts: tuple[Conflict, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()


def compare_context(context: Context, evidence: Evidence, nodes: Sequence[Subject]) -> Compared:
    """Compare a context with the evidence of the cluster that it is about. ``nodes`` are all that should be there."""
    conflicts: list[Conflict] = []
    unchecked: list[Unchecked] = []
    for comparison in COMPARISONS:
        view = View(evidence, nodes)
        conflicts.extend(comparison.compare(context, view))
        if view.missing:
            unchecked.append(Unchecked(comparison.what, view.missing))
    conflicts.sort(key=lambda conflict: -conflict.severity.rank)
    return Compared(tuple(conflicts), tuple(unchecked))
