"""Tasks that read a host's networks: routes, interfaces, listeners, block storage, RDMA."""

from __future__ import annotations

import functools
from typing import Any

from hypervigil.evidence.network import (
    AddressFamily,
    FcPorts,
    InitiatorPort,
    IpInterface,
    IpInterfaces,
    IscsiSession,
    IscsiSessions,
    Listener,
    Listeners,
    NetworkCategory,
    PortConnection,
    Route,
    RouteProtocol,
    Routes,
)
from hypervigil.evidence.registry import ABSENT, DENIED, dword
from hypervigil.evidence.smb import Rdma, RdmaAdapter
from tests.collect.task_runs import Tasks, run_tasks


@functools.cache
def plain() -> Tasks:
    return run_tasks(Routes, IpInterfaces, Listeners, IscsiSessions, FcPorts, Rdma)


def test_routes() -> None:
    of: dict[str, Any] = {"interface_index": 5, "interface_alias": "Management", "metric": 256}
    assert plain().fact(Routes) == Routes(
        routes=(
            Route(destination="0.0.0.0/0", next_hop="10.0.0.1", protocol=RouteProtocol.NETMGMT, **of),
            Route(destination="fe80::/64", next_hop="::", protocol=RouteProtocol.LOCAL, **of),
        )
    )


def test_ip_interfaces() -> None:
    assert plain().fact(IpInterfaces) == IpInterfaces(
        interfaces=(
            IpInterface(
                index=5,
                alias="Verwaltung \u00fc",
                family=AddressFamily.IPV4,
                forwarding=False,
                weak_host_receive=False,
                weak_host_send=True,
                addresses=("10.0.0.5/24", "10.0.0.6/24"),
                network_category=NetworkCategory.DOMAIN,
            ),
            IpInterface(
                index=5,
                alias="Verwaltung \u00fc",
                family=AddressFamily.IPV6,
                forwarding=True,
                weak_host_receive=False,
                addresses=("fe80::1/64",),
                network_category=NetworkCategory.DOMAIN,
            ),
        ),
        ip_enable_router=dword(1),
    )


def test_interfaces_without_categories_and_without_the_registry() -> None:
    denied = {"HKLM": {"keys": {"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters": {"access_denied": True}}}}
    tasks = run_tasks(IpInterfaces, faults={"Get-NetConnectionProfile": "broken"}, registry=denied)
    found = tasks.fact(IpInterfaces)
    assert found.ip_enable_router == DENIED
    assert [interface.network_category for interface in found.interfaces] == [None, None]
    assert tasks.remark(IpInterfaces) == "without network categories: unparsable: it broke"


ODD = """
function StandIn-IpInterfaces {
    [pscustomobject] @{ InterfaceIndex = 1; InterfaceAlias = 'x'; AddressFamily = 2; Forwarding = 3 }
}
"""


def test_a_forwarding_that_is_neither_on_nor_off() -> None:
    tasks = run_tasks(IpInterfaces, stubs=[ODD])
    assert tasks.gap(IpInterfaces) == ("unparsable", "a switch is 3, expected Disabled (0) or Enabled (1)")


def test_listeners() -> None:
    assert plain().fact(Listeners) == Listeners(
        listeners=(
            Listener(address="0.0.0.0", port=6600, process="vmms"),
            Listener(address="::", port=445, process="System"),
            Listener(address="127.0.0.1", port=49152),
        )
    )


def test_listeners_without_names_of_processes() -> None:
    tasks = run_tasks(Listeners, faults={"Cim-Win32_Process": "denied"})
    assert [each.process for each in tasks.fact(Listeners).listeners] == [None, None, None]
    assert tasks.remark(Listeners).startswith("without names of processes: access_denied: ")


SERVICE = """
function Cim-Win32_Service {
    [pscustomobject] @{ Name = 'vmms'; State = 'Running' }
    [pscustomobject] @{ Name = 'MSiSCSI'; State = 'STATE' }
}
"""


def test_sessions_are_not_asked_for_where_that_would_start_the_service() -> None:
    for stub in (SERVICE.replace("STATE", "Stopped"), "function Cim-Win32_Service { }"):
        tasks = run_tasks(IscsiSessions, stubs=[stub], trace=True)
        assert tasks.fact(IscsiSessions) == IscsiSessions(service_running=False)
        assert "Get-IscsiSession" not in tasks.asked()


def test_iscsi_sessions() -> None:
    running = SERVICE.replace("STATE", "Running")
    target = "iqn.1991-05.com.contoso:testiscsi-deepcore-target"
    state: dict[str, Any] = {"connected": True, "persistent": True, "header_digest": False, "data_digest": False}
    session = IscsiSession(target=target, authentication="NONE", **state)
    assert run_tasks(IscsiSessions, stubs=[running]).fact(IscsiSessions) == IscsiSessions(
        service_running=True,
        sessions=(IscsiSession(target=target, authentication="NONE", portal="10.9.0.5", **state), session, session),
    )
    none = run_tasks(IscsiSessions, stubs=[running], faults={"Get-IscsiSession": "nothing"})
    assert none.fact(IscsiSessions) == IscsiSessions(service_running=True)
    denied = run_tasks(IscsiSessions, stubs=[running], faults={"Get-IscsiSession": "denied"})
    assert denied.gap(IscsiSessions)[0] == "access_denied"


def test_ports() -> None:
    assert plain().fact(FcPorts) == FcPorts(
        ports=(
            InitiatorPort(
                node_address="20000025B5000001",
                port_address="20000025B5AA0001",
                connection_type=PortConnection.FIBRE_CHANNEL,
            ),
            InitiatorPort(
                node_address="iqn.1991-05.com.contoso:hv01",
                port_address="ISCSI ANY PORT",
                connection_type=PortConnection.ISCSI,
            ),
        )
    )


def test_rdma_with_and_without_its_state() -> None:
    assert plain().fact(Rdma) == Rdma(
        adapters=(
            RdmaAdapter(name="SMB1", interface_description="Contoso 25G", enabled=True, operational=False),
            RdmaAdapter(name="SMB2", interface_description="Contoso 25G #2", enabled=False),
        )
    )


NOTHING = """
function StandIn-Routes { }
function StandIn-IpInterfaces { }
function StandIn-IpAddresses { }
function StandIn-ConnectionProfiles { }
function StandIn-Listeners { }
function StandIn-InitiatorPorts { }
function StandIn-Rdma { }
"""


def test_a_host_without_any() -> None:
    tasks = run_tasks(Routes, IpInterfaces, Listeners, FcPorts, Rdma, stubs=[NOTHING], registry={"HKLM": {}})
    assert tasks.fact(Routes) == Routes(routes=())
    assert tasks.fact(IpInterfaces) == IpInterfaces(interfaces=(), ip_enable_router=ABSENT)
    assert tasks.fact(Listeners) == Listeners(listeners=())
    assert tasks.fact(FcPorts) == FcPorts(ports=())
    assert tasks.fact(Rdma) == Rdma(adapters=())
