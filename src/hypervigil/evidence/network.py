"""The networks of the cluster and of its hosts: roles, addresses, routes, forwarding, block storage."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_PS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/"
_CLUSTER_TYPES = (
    "dsccommunity/FailoverClusterDsc tests/Unit/Stubs/FailoverClusters.stubs.psm1 (types of module 2.0.0.0)"
)
_WMI = "microsoft/wmi server2019 and server23h2 root/standardcimv2"


class NetworkRole(Code):
    """``Role`` of a cluster network."""

    NONE = 0
    CLUSTER = 1
    CLIENT = 2
    CLUSTER_AND_CLIENT = 3


class ClusterNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """One network as the cluster sees it."""

    id: Annotated[str, Meta(description="GUID in lower case.")]
    name: str
    role: NetworkRole
    subnets: Annotated[tuple[str, ...], Meta(description="IPv4 and IPv6 subnets in CIDR form.")] = ()
    metric: int | None = None
    auto_metric: bool | None = None


class ClusterInterface(msgspec.Struct, frozen=True, kw_only=True):
    """One network interface of a node, and the cluster network that it belongs to."""

    node: str
    network_id: Annotated[str | None, Meta(description="GUID in lower case.")] = None
    network: str | None = None
    adapter: str | None = None
    addresses: tuple[str, ...] = ()


class ClusterNetworks(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """The networks of the cluster, their interfaces, and those that live migration of clustered VMs leaves out."""

    INFO: ClassVar[FactType] = FactType(
        name="cluster_networks",
        title="Cluster networks",
        subject=Scope.CLUSTER,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-ClusterNetwork",
                properties=(
                    "Id",
                    "Name",
                    "Role",
                    "Metric",
                    "AutoMetric",
                    "Ipv4Addresses",
                    "Ipv4PrefixLengths",
                    "Ipv6Addresses",
                    "Ipv6PrefixLengths",
                ),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterNetwork",),
            ),
            Read(
                command="Get-ClusterNetworkInterface",
                properties=("Node", "Network", "Adapter", "Ipv4Addresses", "Ipv6Addresses"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterNetworkInterface",),
            ),
            Read(
                command="Get-ClusterResourceType -Name 'Virtual Machine' | Get-ClusterParameter",
                properties=("Name", "Value"),
                shapes=("Microsoft.FailoverClusters.PowerShell.ClusterParameter",),
            ),
        ),
        sources=(
            _PS + "FailoverClusters/Get-ClusterNetwork.md",
            _PS + "FailoverClusters/Get-ClusterParameter.md",
            _CLUSTER_TYPES,
        ),
    )

    networks: tuple[ClusterNetwork, ...]
    interfaces: tuple[ClusterInterface, ...] = ()
    migration_excluded: Annotated[
        tuple[str, ...] | None,
        Meta(description="MigrationExcludeNetworks: network ids in lower case; null where it was not read."),
    ] = None
    migration_order: Annotated[
        tuple[str, ...] | None, Meta(description="MigrationNetworkOrder: network ids in lower case.")
    ] = None


class RouteProtocol(Code):
    """``Protocol`` of a route: how it came about (NL_ROUTE_PROTOCOL)."""

    OTHER = 1
    LOCAL = 2
    NETMGMT = 3
    ICMP = 4
    EGP = 5
    GGP = 6
    HELLO = 7
    RIP = 8
    IS_IS = 9
    ES_IS = 10
    CISCO = 11
    BBN = 12
    OSPF = 13
    BGP = 14
    IDPR = 15
    EIGRP = 16
    DVMRP = 17
    RPL = 18
    DHCP = 19


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One route in the active store."""

    destination: Annotated[str, Meta(description="DestinationPrefix in CIDR form.")]
    next_hop: Annotated[str, Meta(description="0.0.0.0 and :: stand for on-link.")]
    interface_index: int
    interface_alias: str | None = None
    metric: int | None = None
    protocol: Annotated[RouteProtocol | None, Meta(description="NETMGMT is a static route.")] = None


class Routes(Fact, frozen=True, kw_only=True):
    """The routes of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="routes",
        title="Routes",
        subject=Scope.NODE,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-NetRoute -PolicyStore ActiveStore",
                properties=(
                    "DestinationPrefix",
                    "NextHop",
                    "InterfaceIndex",
                    "InterfaceAlias",
                    "RouteMetric",
                    "Protocol",
                ),
                shapes=("MSFT_NetRoute",),
            ),
        ),
        sources=(
            _PS + "NetTCPIP/Get-NetRoute.md",
            _WMI + " (class MSFT_NetRoute)",
            "MicrosoftDocs/sdk-api, enumeration NL_ROUTE_PROTOCOL",
        ),
    )

    routes: tuple[Route, ...]


class AddressFamily(Code):
    """``AddressFamily`` of an interface."""

    IPV4 = 2
    IPV6 = 23


class NetworkCategory(Code):
    """``NetworkCategory`` of a connection: which firewall profile is in force."""

    PUBLIC = 0
    PRIVATE = 1
    DOMAIN = 2


class IpInterface(msgspec.Struct, frozen=True, kw_only=True):
    """One IP interface of a host with its addresses."""

    index: Annotated[int, Meta(description="InterfaceIndex.")]
    alias: Annotated[str, Meta(description="InterfaceAlias, in the language of the host or as renamed.")]
    family: AddressFamily
    forwarding: Annotated[bool, Meta(description="Packets for others are passed on.")]
    weak_host_receive: bool | None = None
    weak_host_send: bool | None = None
    addresses: Annotated[tuple[str, ...], Meta(description="Address with prefix length, such as 10.0.0.5/24.")] = ()
    network_category: NetworkCategory | None = None


class IpInterfaces(Fact, frozen=True, kw_only=True):
    """The IP interfaces of a host: addresses, forwarding, and the router switch."""

    INFO: ClassVar[FactType] = FactType(
        name="ip_interfaces",
        title="IP interfaces",
        subject=Scope.NODE,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command="Get-NetIPInterface -PolicyStore ActiveStore",
                properties=(
                    "InterfaceIndex",
                    "InterfaceAlias",
                    "AddressFamily",
                    "Forwarding",
                    "WeakHostReceive",
                    "WeakHostSend",
                ),
                shapes=("MSFT_NetIPInterface",),
            ),
            Read(
                command="Get-NetIPAddress -PolicyStore ActiveStore",
                properties=("InterfaceIndex", "AddressFamily", "IPAddress", "PrefixLength"),
                shapes=("MSFT_NetIPAddress",),
            ),
            Read(
                command="Get-NetConnectionProfile",
                properties=("InterfaceIndex", "NetworkCategory"),
                shapes=("MSFT_NetConnectionProfile",),
            ),
            Read(
                registry=(
                    RegistryRead(
                        field="ip_enable_router",
                        key=r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters",
                        name="IPEnableRouter",
                    ),
                )
            ),
        ),
        sources=(
            _PS + "NetTCPIP/Get-NetIPInterface.md",
            _PS + "NetTCPIP/Get-NetIPAddress.md",
            _PS + "NetConnection/Get-NetConnectionProfile.md",
            _WMI,
        ),
    )

    interfaces: tuple[IpInterface, ...]
    ip_enable_router: Annotated[
        RegistryValue | None, Meta(description="1: the host routes between its interfaces.")
    ] = None


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """One TCP port that a process listens on."""

    address: str
    port: int
    process: Annotated[str | None, Meta(description="Name of the owning process.")] = None


class Listeners(Fact, frozen=True, kw_only=True):
    """TCP ports on which something listens."""

    INFO: ClassVar[FactType] = FactType(
        name="listeners",
        title="TCP listeners",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-NetTCPConnection -State Listen",
                properties=("LocalAddress", "LocalPort", "OwningProcess"),
                shapes=("MSFT_NetTCPConnection",),
            ),
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_Process",
                properties=("ProcessId", "Name"),
            ),
        ),
        sources=(_PS + "NetTCPIP/Get-NetTCPConnection.md",),
    )

    listeners: tuple[Listener, ...]


class IscsiSession(msgspec.Struct, frozen=True, kw_only=True):
    """One iSCSI session of a host."""

    target: Annotated[str, Meta(description="TargetNodeAddress.")]
    portal: Annotated[str | None, Meta(description="InitiatorPortalAddress: the host's own address.")] = None
    authentication: Annotated[str, Meta(description="NONE, ONEWAYCHAP, MUTUALCHAP.")]
    connected: Annotated[bool | None, Meta(description="IsConnected.")] = None
    persistent: Annotated[bool | None, Meta(description="IsPersistent: made again at each start.")] = None
    header_digest: Annotated[bool | None, Meta(description="IsHeaderDigest.")] = None
    data_digest: Annotated[bool | None, Meta(description="IsDataDigest.")] = None


class IscsiSessions(Fact, frozen=True, kw_only=True):
    """iSCSI sessions. Not asked for where the service MSiSCSI does not run, because asking would start it."""

    INFO: ClassVar[FactType] = FactType(
        name="iscsi_sessions",
        title="iSCSI sessions",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_Service",
                properties=("Name", "State"),
            ),
            Read(
                command="Get-IscsiSession",
                properties=(
                    "TargetNodeAddress",
                    "InitiatorPortalAddress",
                    "AuthenticationType",
                    "IsConnected",
                    "IsPersistent",
                    "IsHeaderDigest",
                    "IsDataDigest",
                ),
                shapes=("MSFT_iSCSISession",),
            ),
        ),
        sources=(_PS + "iSCSI/Get-IscsiSession.md", "microsoft/wmi server2019 (class MSFT_iSCSISession)"),
    )

    service_running: Annotated[bool, Meta(description="MSiSCSI runs; false: there are no sessions, and nobody asked.")]
    sessions: tuple[IscsiSession, ...] = ()


class PortConnection(Code):
    """``ConnectionType`` of MSFT_InitiatorPort."""

    OTHER = 0
    FIBRE_CHANNEL = 1
    ISCSI = 2
    SAS = 3


class InitiatorPort(msgspec.Struct, frozen=True, kw_only=True):
    """One Fibre Channel, iSCSI or SAS port of a host."""

    node_address: str
    port_address: str | None = None
    connection_type: PortConnection | None = None


class FcPorts(Fact, frozen=True, kw_only=True):
    """Fibre Channel ports of a host. Zoning and masking can not be seen from here."""

    INFO: ClassVar[FactType] = FactType(
        name="fc_ports",
        title="Fibre Channel ports",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command="Get-InitiatorPort",
                properties=("NodeAddress", "PortAddress", "ConnectionType"),
                shapes=("MSFT_InitiatorPort",),
            ),
        ),
        sources=(
            _PS + "Storage/Get-InitiatorPort.md",
            "MicrosoftDocs/windows-driver-docs windows-driver-docs-pr/storage/msft-initiatorport.md",
        ),
    )

    ports: tuple[InitiatorPort, ...]
