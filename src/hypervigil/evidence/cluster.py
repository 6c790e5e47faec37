"""The failover cluster: its properties and its nodes."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.evidence.release import Release
from hypervigil.model.subject import Scope

_CMDLETS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/FailoverClusters/"
_TYPES = "dsccommunity/FailoverClusterDsc tests/Unit/Stubs/FailoverClusters.stubs.psm1 (types of module 2.0.0.0)"


class SecurityLevel(Code):
    """``SecurityLevel`` and ``SecurityLevelForStorage``."""

    CLEAR = 0
    SIGN = 1
    ENCRYPT = 2


class AccessPoint(Code):
    """``AdministrativeAccessPoint``."""

    NONE = 0
    ACTIVE_DIRECTORY_AND_DNS = 1
    DNS = 2
    ACTIVE_DIRECTORY = 3


class NodeState(Code):
    """``State`` of a cluster node."""

    UNKNOWN = -1
    UP = 0
    DOWN = 1
    PAUSED = 2
    JOINING = 3


LEVEL_OF_RELEASE = {Release.WS2016: 9, Release.WS2019: 10, Release.WS2022: 11, Release.WS2025: 12}
"""Cluster functional level of each release (windowsserverdocs, Cluster-Operating-System-Rolling-Upgrade)."""


class Cluster(Fact, frozen=True, kw_only=True):
    """Properties of the cluster as a whole."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster",
        title="Cluster",
        subject=Scope.CLUSTER,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-Cluster",
                properties=(
                    "Name",
                    "Id",
                    "Domain",
                    "SecurityLevel",
                    "SecurityLevelForStorage",
                    "ClusterFunctionalLevel",
                    "ClusterUpgradeVersion",
                    "AdministrativeAccessPoint",
                    "NetftIPSecEnabled",
                    "S2DEnabled",
                    "MaximumParallelMigrations",
                    "UseRdmaForStorage",
                ),
                shapes=("Microsoft.FailoverClusters.PowerShell.Cluster",),
            ),
        ),
        sources=(
            _CMDLETS + "Get-Cluster.md",
            _TYPES,
            "MicrosoftDocs/windowsserverdocs failover-clustering/Cluster-Operating-System-Rolling-Upgrade.md",
        ),
    )

    name: str
    id: Annotated[str | None, Meta(description="GUID in lower case.")] = None
    domain: Annotated[str | None, Meta(description="DNS domain of the cluster name.")] = None
    security_level: Annotated[SecurityLevel | None, Meta(description="Protection of messages between nodes.")] = None
    security_level_for_storage: Annotated[
        SecurityLevel | None, Meta(description="Protection of CSV and storage-bus traffic; null before 2019.")
    ] = None
    functional_level: Annotated[int | None, Meta(description="9 = 2016, 10 = 2019, 11 = 2022, 12 = 2025.")] = None
    upgrade_version: Annotated[int | None, Meta(description="Minor step inside a functional level.")] = None
    access_point: Annotated[AccessPoint | None, Meta(description="AdministrativeAccessPoint.")] = None
    netft_ipsec: Annotated[
        int | None, Meta(description="NetftIPSecEnabled: 1 where heartbeats may use IPsec (unverified).")
    ] = None
    s2d_enabled: Annotated[int | None, Meta(description="1 where Storage Spaces Direct is on.")] = None
    maximum_parallel_migrations: Annotated[int | None, Meta(description="Overrides the hosts' own number.")] = None
    rdma_for_storage: Annotated[int | None, Meta(description="UseRdmaForStorage; null before 2025.")] = None


class ClusterNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node as the cluster lists it."""

    name: str
    id: str | None = None
    state: NodeState | None = None
    build_number: int | None = None


class ClusterNodes(Fact, frozen=True, kw_only=True):
    """The members of the cluster, whether evidence of them was collected or not."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster_nodes",
        title="Cluster nodes",
        subject=Scope.CLUSTER,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-ClusterNode",
                properties=("Name", "Id", "State", "BuildNumber"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterNode",),
            ),
        ),
        sources=(_CMDLETS + "Get-ClusterNode.md", _TYPES),
    )

    nodes: tuple[ClusterNode, ...]
