"""cluster and cluster_nodes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hypervigil.collect.readers import fields
from hypervigil.evidence.cluster import AccessPoint, Cluster, ClusterNode, ClusterNodes, NodeState, SecurityLevel


def cluster(clusters: Sequence[object]) -> Cluster:
    """From the object of Get-Cluster.

    Raises:
        UnreadableError: there is not one, or a property is missing or of another type.
    """
    found = fields.single(clusters)
    return Cluster(
        name=fields.text(found, "Name"),
        id=fields.guid_or_none(found, "Id"),
        domain=fields.text_or_none(found, "Domain"),
        security_level=fields.code_or_none(found, "SecurityLevel", SecurityLevel),
        security_level_for_storage=fields.code_or_none(found, "SecurityLevelForStorage", SecurityLevel),
        functional_level=fields.number_or_none(found, "ClusterFunctionalLevel"),
        upgrade_version=fields.number_or_none(found, "ClusterUpgradeVersion"),
        access_point=fields.code_or_none(found, "AdministrativeAccessPoint", AccessPoint),
        netft_ipsec=fields.number_or_none(found, "NetftIPSecEnabled"),
        s2d_enabled=fields.number_or_none(found, "S2DEnabled"),
        maximum_parallel_migrations=fields.number_or_none(found, "MaximumParallelMigrations"),
        rdma_for_storage=fields.number_or_none(found, "UseRdmaForStorage"),
    )


_NAMED_BY_HAND = "ManuallySpecifiedMachine"
"""``Type`` of what Get-SDDCDiagnosticInfo puts among the nodes for names that it was given and the cluster lacks."""


def cluster_nodes(nodes: Sequence[object]) -> ClusterNodes:
    """From the objects of Get-ClusterNode, in the order of the source.

    Raises:
        UnreadableError: there is none, or a property is missing or of another type.
    """
    found = [node for node in fields.records(nodes) if fields.value_of(node, "Type") != _NAMED_BY_HAND]
    if not found:
        raise fields.UnreadableError("it holds no node, expected those of the cluster")
    return ClusterNodes(
        nodes=tuple(
            ClusterNode(
                name=fields.text(node, "Name"),
                id=fields.text_or_none(node, "Id"),
                state=fields.code_or_none(node, "State", NodeState),
                build_number=fields.number_or_none(node, "BuildNumber"),
            )
            for node in found
        )
    )


def same_members(lists: Sequence[ClusterNodes]) -> ClusterNodes | None:
    """One list of several that were made at different times: what they disagree on becomes null.

    None where they do not name the same nodes.
    """
    by_name = [{node.name.casefold(): node for node in each.nodes} for each in lists]
    if any(names.keys() != by_name[0].keys() for names in by_name[1:]):
        return None
    merged = []
    for node in lists[0].nodes:
        others = [names[node.name.casefold()] for names in by_name[1:]]
        kept = {
            name: getattr(node, name) if all(getattr(other, name) == getattr(node, name) for other in others) else None
            for name in ("id", "state", "build_number")
        }
        merged.append(msgspec.structs.replace(node, **kept))
    return ClusterNodes(nodes=tuple(merged))
