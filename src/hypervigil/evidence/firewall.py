"""Windows Firewall of a host."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope

_PS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/"


class RuleDirection(Code):
    """``Direction`` of a rule as it is serialised."""

    INBOUND = 1
    OUTBOUND = 2


class RuleAction(Code):
    """``Action`` of a rule as it is serialised."""

    NOT_CONFIGURED = 0
    ALLOW = 2
    ALLOW_BYPASS = 3
    BLOCK = 4


class RuleAuthentication(Code):
    """``Authentication`` of a rule: whether IPsec has to vouch for the peer."""

    NOT_REQUIRED = 0
    REQUIRED = 1
    NO_ENCAPSULATION = 2


class FirewallRule(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One rule of the active store, with its filters. What an exported file lacks is null or empty."""

    name: Annotated[str, Meta(description="Name: the rule's id, the same in every language.")]
    enabled: bool
    direction: RuleDirection
    action: RuleAction
    profiles: Annotated[int, Meta(description="Bits: 1 domain, 2 private, 4 public; 0 = any.")] = 0
    group: Annotated[str | None, Meta(description="Group as a resource string such as @FirewallAPI.dll,-28502.")] = None
    display_name: Annotated[str | None, Meta(description="In the language of the host: shown, never judged.")] = None
    protocol: Annotated[str | None, Meta(description="TCP, UDP, a number, Any.")] = None
    local_ports: Annotated[tuple[str, ...], Meta(description="Numbers, ranges, or words such as RPC and Any.")] = ()
    remote_addresses: Annotated[tuple[str, ...], Meta(description="Addresses, ranges, or Any and LocalSubnet.")] = ()
    local_addresses: Annotated[tuple[str, ...], Meta(description="Addresses of the host, likewise.")] = ()
    program: Annotated[str | None, Meta(description="Path as written, System, or Any.")] = None
    service: Annotated[str | None, Meta(description="Name of the service, or Any.")] = None
    interfaces: Annotated[tuple[str, ...], Meta(description="Names of network adapters, or Any.")] = ()
    interface_types: Annotated[int | None, Meta(description="Bits: 1 wired, 2 wireless, 4 remote access; 0 = any.")] = (
        None
    )
    authentication: RuleAuthentication | None = None

    @property
    def admits(self) -> bool:
        """Whether it is an enabled inbound allow rule."""
        return self.enabled and self.direction is RuleDirection.INBOUND and self.action is RuleAction.ALLOW

    @property
    def refuses(self) -> bool:
        """Whether it is an enabled inbound block rule."""
        return self.enabled and self.direction is RuleDirection.INBOUND and self.action is RuleAction.BLOCK

    def covers(self, protocol: str, port: int) -> bool:
        """Whether its filter has this port of this protocol (``TCP`` or ``UDP``), whatever the rule does with it."""
        if self.protocol is not None and self.protocol not in _SPELLINGS[protocol]:
            return False
        return not self.local_ports or any(_holds(part, port) for part in self.local_ports)

    def opens(self, protocol: str, port: int) -> bool:
        """Whether it is an enabled inbound allow rule whose filter has this port."""
        return self.admits and self.covers(protocol, port)


_SPELLINGS = {
    name: frozenset((name, name.lower(), name.title(), number, "Any", "any", "ANY"))
    for name, number in (("TCP", "6"), ("UDP", "17"))
}
"""How a rule may write a protocol: its name or its number, or any."""


def _holds(ports: str, port: int) -> bool:
    if ports.isdecimal():
        return int(ports) == port
    if ports.casefold() == "any":
        return True
    first, _, last = ports.partition("-")
    return first.isdecimal() and last.isdecimal() and int(first) <= port <= int(last)


class FirewallRules(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """The inbound rules of a host's active store."""

    INFO: ClassVar[FactType] = FactType(
        name="firewall_rules",
        title="Firewall rules",
        subject=Scope.NODE,
        reads=(
            Read(
                command=("Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound"),
                properties=("Name", "DisplayName", "Group", "Enabled", "Direction", "Action", "Profile"),
                shapes=("MSFT_NetFirewallRule",),
            ),
            Read(
                command="Get-NetFirewallPortFilter -PolicyStore ActiveStore",
                properties=("InstanceID", "Protocol", "LocalPort"),
                shapes=("MSFT_NetProtocolPortFilter",),
            ),
            Read(
                command="Get-NetFirewallAddressFilter -PolicyStore ActiveStore",
                properties=("InstanceID", "RemoteAddress", "LocalAddress"),
                shapes=("MSFT_NetAddressFilter",),
            ),
            *(
                Read(command=f"Get-NetFirewall{kind}Filter -PolicyStore ActiveStore", properties=("InstanceID", name))
                for kind, name in (
                    ("Application", "Program"),
                    ("Service", "Service"),
                    ("Interface", "InterfaceAlias"),
                    ("InterfaceType", "InterfaceType"),
                    ("Security", "Authentication"),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/NetSecurity/Get-NetFirewallRule.md",
            "microsoft/wmi server2019 and server23h2 (classes MSFT_NetFirewallRule, MSFT_NetProtocolPortFilter)",
        ),
    )

    rules: tuple[FirewallRule, ...]


class GpoBoolean(Code):
    """A switch of a firewall profile that policy may leave open."""

    FALSE = 0
    TRUE = 1
    NOT_CONFIGURED = 2


class FirewallProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One firewall profile of the active store."""

    name: Annotated[str, Meta(description="Domain, Private, Public.")]
    enabled: bool
    default_inbound: Annotated[RuleAction, Meta(description="Not configured blocks.")]
    default_outbound: Annotated[RuleAction | None, Meta(description="Not configured allows.")] = None
    allow_local_rules: Annotated[GpoBoolean | None, Meta(description="Local rules count beside those of policy.")] = (
        None
    )
    log_blocked: Annotated[GpoBoolean | None, Meta(description="Dropped packets are written down.")] = None


class FirewallProfiles(Fact, frozen=True, kw_only=True):
    """The three firewall profiles as they are in force."""

    INFO: ClassVar[FactType] = FactType(
        name="firewall_profiles",
        title="Firewall profiles",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command="Get-NetFirewallProfile -PolicyStore ActiveStore",
                properties=(
                    "Name",
                    "Enabled",
                    "DefaultInboundAction",
                    "DefaultOutboundAction",
                    "AllowLocalFirewallRules",
                    "LogBlocked",
                ),
                shapes=("MSFT_NetFirewallProfile",),
            ),
        ),
        sources=(_PS + "NetSecurity/Get-NetFirewallProfile.md",),
    )

    profiles: tuple[FirewallProfile, ...]
