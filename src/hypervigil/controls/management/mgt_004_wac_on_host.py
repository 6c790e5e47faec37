r"""MGT-004  Windows Admin Center is not installed on a Hyper-V host; no clash on TCP 6600.

## What it decides

Whether the gateway of Windows Admin Center (WAC) is installed on a host of VMs or on a cluster node, and whether
another process than Hyper-V's holds the port on which live migrations come in.

## Why it matters

A gateway is a web application that administrators' sessions, and often their passwords, pass through; by default any
user who reaches it may use it. On a node, whoever takes it over has the node and all guests, and a VM that reaches the
management network has a web page to try. It also ties the tool with which a broken cluster is repaired to that cluster.

And there is a clash that has nothing to do with taste: WAC's express setup for local use, from version 2410 on, listens
on TCP 6600, which is Hyper-V's port for live migration. Which of the two starts first has it.

## How it is decided

- The service `ServerManagementGateway` (WAC up to 2311) or `WindowsAdminCenter` (from 2410 on) exists: FAIL, running or
  not. Microsoft lists a managed server and a cluster node among the places for an installation and only advises against
  managing a server from itself; a domain controller is the place that is not supported. That hosts are kept free of it
  is a policy of this catalogue.
- A process other than `vmms` listens on TCP 6600: FAIL, whatever it is.
- Neither: PASS. Where listeners, or the owner of that port, were not read: UNKNOWN.
- Neither Hyper-V's service `vmms` nor the cluster's `ClusSvc` is there: NOT_APPLICABLE.

## How to look yourself

    Get-Service -Name ServerManagementGateway, WindowsAdminCenter -ErrorAction SilentlyContinue
    Get-NetTCPConnection -State Listen -LocalPort 6600 | Select-Object LocalAddress, OwningProcess
    Get-Process -Name vmms | Select-Object Id

Expected on 2019, 2022 and 2025: nothing from the first line; from the second, the process id of `vmms`, or nothing
where live migration is off.

## Remedy

Install the gateway on a server of its own, or on two, and remove it from the node: *Windows Admin Center* or *Windows
Admin Center (v2)* among the installed programs. For a clash alone, move WAC to another port by its installer.

- Reboot: none, as a rule.
- Order: set the new gateway up, give it the connections and its rights on the nodes, have everybody use it; then remove
  the old one node by node. Take its firewall rule and its entries in TrustedHosts with it. Where it held port 6600, try
  a live migration to the node afterwards.
- Rollback: run WAC's installer again; its settings were on the node and are lost unless they were exported.

## What it cannot see

WAC on a client, where it runs without a service. Who may reach the gateway (MGT-002) and what it is allowed to do
(MGT-005). A port that somebody holds only while the other is stopped.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/manage/windows-admin-center/plan/installation-options.md`,
  `understand/modernized-gateway.md`, `configure/user-access-control.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetTCPIP/Get-NetTCPConnection.md`
"""

from __future__ import annotations

from hypervigil.evidence.accounts import Services
from hypervigil.evidence.network import Listeners
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NO_HOST = excludes("Neither Hyper-V's service nor the cluster's is there: it is no host to keep free of WAC.")
    ABSENT = passes("No gateway of Windows Admin Center is installed, and nobody else holds live migration's port.")
    INSTALLED = fails(
        "The gateway of Windows Admin Center ({version}) is installed: service {service}, {state}. Microsoft supports "
        "it there; this catalogue does not want it on a host."
    )
    CLASH = fails("{process} listens on TCP 6600 ({address}), the port on which Hyper-V takes live migrations.")
    OWNER_UNSEEN = unknown("Which process listens on TCP 6600 ({address}) was not read.", Cause.NOT_IN_SOURCE)
    LISTENERS_UNSEEN = unknown("No gateway is installed; who holds TCP 6600 could not be seen.")


CONTROL = Control(
    id="MGT-004",
    title="Windows Admin Center is not installed on a Hyper-V host; no clash on TCP 6600",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)

GATEWAYS = {"ServerManagementGateway": "up to 2311", "WindowsAdminCenter": "2410 or later"}
"""The gateway's service by generation."""
HOST_SERVICES = ("vmms", "ClusSvc")
MIGRATION_PORT = 6600


def assess(services: Services, listeners: Maybe[Listeners]) -> Verdict:
    """Judge what is installed, then the port; either fails by itself."""
    if services.named(*HOST_SERVICES) is None:
        return verdict(Why.NO_HOST())
    reasons: list[Reason] = []
    for name, version in GATEWAYS.items():
        found = services.named(name)
        if found is not None:
            reasons.append(Why.INSTALLED(version=version, service=found.name, state=found.state.lower()))
    if listeners.value is not None:
        reasons += _on_port(listeners.value)
    elif not reasons:
        reasons.append(Why.LISTENERS_UNSEEN.because(listeners.missing))
    return verdict(*reasons) if reasons else verdict(Why.ABSENT())


def _on_port(listeners: Listeners) -> list[Reason]:
    """What is wrong with the port, each process once."""
    found: dict[str, Reason] = {}
    for listener in listeners.listeners:
        if listener.port != MIGRATION_PORT:
            continue
        process = (listener.process or "").removesuffix(".exe")
        if not process:
            found.setdefault("", Why.OWNER_UNSEEN(address=listener.address))
        elif process.casefold() != "vmms":
            found.setdefault(process, Why.CLASH(process=process, address=listener.address))
    return list(found.values())
