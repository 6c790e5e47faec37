"""What the cluster holds: groups and who can own them, volumes, access, certificates."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope

_CMDLETS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/FailoverClusters/"
_TYPES = "dsccommunity/FailoverClusterDsc tests/Unit/Stubs/FailoverClusters.stubs.psm1 (types of module 2.0.0.0)"


class GroupType(Code):
    """``GroupType`` of a clustered role (CLUSGROUP_TYPE)."""

    CORE_CLUSTER = 1
    AVAILABLE_STORAGE = 2
    TEMPORARY = 3
    SHARED_VOLUME = 4
    STORAGE_POOL = 5
    FILE_SERVER = 100
    PRINT_SERVER = 101
    DHCP_SERVER = 102
    DTC = 103
    MSMQ = 104
    WINS = 105
    STAND_ALONE_DFS = 106
    GENERIC_APPLICATION = 107
    GENERIC_SERVICE = 108
    GENERIC_SCRIPT = 109
    ISCSI_NAME_SERVICE = 110
    VIRTUAL_MACHINE = 111
    TS_SESSION_BROKER = 112
    ISCSI_TARGET = 113
    SCALEOUT_FILE_SERVER = 114
    VM_REPLICA_BROKER = 115
    TASK_SCHEDULER = 116
    CLUSTER_UPDATE_AGENT = 117
    SCALEOUT_CLUSTER = 118
    STORAGE_REPLICA = 119
    VM_REPLICA_COORDINATOR = 120
    CROSS_CLUSTER_ORCHESTRATOR = 121
    INFRASTRUCTURE_FILE_SERVER = 122
    NOT_KNOWN = 9999


class GroupState(Code):
    """``State`` of a clustered role."""

    UNKNOWN = -1
    ONLINE = 0
    OFFLINE = 1
    FAILED = 2
    PARTIAL_ONLINE = 3
    PENDING = 4


class ClusterGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A clustered role: a VM, a file server, the core group."""

    id: Annotated[str, Meta(description="GUID in lower case.")]
    name: str
    group_type: GroupType
    owner_node: str | None = None
    state: GroupState | None = None
    vm_id: Annotated[str | None, Meta(description="VM GUID in lower case, of the group's VM resource.")] = None
    possible_owners: Annotated[
        tuple[str, ...] | None,
        Meta(description="Names of the nodes that can own the VM resource; null where it was not read."),
    ] = None
    priority: int | None = None


class ClusterGroups(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """The clustered roles and the nodes that can own each of them."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster_groups",
        title="Clustered roles",
        subject=Scope.CLUSTER,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-ClusterGroup",
                properties=("Id", "Name", "GroupType", "OwnerNode", "State", "Priority"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterGroup",),
            ),
            Read(
                command="Get-ClusterResource",
                properties=("Name", "OwnerGroup", "ResourceType"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterResource",),
            ),
            Read(
                command="Get-ClusterResource | Get-ClusterOwnerNode",
                properties=("ClusterObject", "OwnerNodes", "Name"),
            ),
            Read(
                command="Get-ClusterResource | Get-ClusterParameter -Name VmID",
                properties=("ClusterObject", "Name", "Value"),
            ),
        ),
        sources=(
            _CMDLETS + "Get-ClusterGroup.md",
            "MicrosoftDocs/sdk-api, enumeration CLUSGROUP_TYPE",
            _CMDLETS + "Get-ClusterOwnerNode.md",
            _CMDLETS + "Get-ClusterParameter.md",
            _TYPES,
        ),
    )

    groups: tuple[ClusterGroup, ...]


class ClusterVolume(msgspec.Struct, frozen=True, kw_only=True):
    """A Cluster Shared Volume."""

    id: Annotated[str, Meta(description="GUID in lower case.")]
    name: str
    path: Annotated[str | None, Meta(description="Friendly volume name such as C:\\ClusterStorage\\Volume1.")] = None
    owner_node: str | None = None
    redirected: Annotated[bool | None, Meta(description="I/O goes over the network.")] = None


class ClusterVolumes(Fact, frozen=True, kw_only=True):
    """The Cluster Shared Volumes."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster_volumes",
        title="Cluster Shared Volumes",
        subject=Scope.CLUSTER,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-ClusterSharedVolume",
                properties=("Id", "Name", "OwnerNode", "SharedVolumeInfo", "FriendlyVolumeName", "RedirectedAccess"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterSharedVolume",),
            ),
        ),
        sources=(_CMDLETS + "Get-ClusterSharedVolume.md", _TYPES),
    )

    volumes: tuple[ClusterVolume, ...]


class ClusterRights(Code):
    """``ClusterRights`` of an entry of Get-ClusterAccess."""

    NONE = 0
    READ = 1
    FULL = 2


class ClusterAccessEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the cluster's security descriptor."""

    sid: Annotated[str | None, Meta(description="SID; null where the name could not be translated.")] = None
    name: str
    rights: ClusterRights
    deny: bool = False


class ClusterAccess(Fact, frozen=True, kw_only=True):
    """Who may administer or read the cluster."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster_access",
        title="Cluster access",
        subject=Scope.CLUSTER,
        elevated=False,
        reads=(
            Read(
                command="Get-ClusterAccess",
                properties=("IdentityReference", "Value", "AccessControlType", "ClusterRights"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterAccessRule",),
            ),
        ),
        sources=(_CMDLETS + "Get-ClusterAccess.md", _CMDLETS + "Grant-ClusterAccess.md", _TYPES),
    )

    entries: tuple[ClusterAccessEntry, ...]


class ServiceCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate in one of the cluster service's own stores; the key is never touched."""

    store: str
    thumbprint: Annotated[str, Meta(description="SHA-1, upper-case hex.")]
    subject: str
    issuer: str | None = None
    not_before: datetime.datetime | None = None
    not_after: datetime.datetime


class ClusterCertificates(Fact, frozen=True, kw_only=True):
    """Certificates that the cluster service made for itself. Renewal is documented nowhere: listed, not judged."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster_certificates",
        title="Certificates of the cluster service",
        subject=Scope.NODE,
        reads=(
            Read(
                command=(
                    r"Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Cryptography\Services\ClusSvc"
                    r"\SystemCertificates' -Recurse"
                ),
                properties=("PSChildName", "Blob"),
            ),
        ),
        sources=(
            "[MS-CSVP] 3.10.4.9 and 3.10.4.11",
            "MicrosoftDocs/windowsserverdocs WindowsServerDocs/failover-clustering/create-failover-cluster.md",
        ),
    )

    certificates: tuple[ServiceCertificate, ...]
