"""The operator's context: what no host can tell and somebody who answers for the cluster declares.

Everything may be left out. ``None`` stands for what nobody has declared, an empty tuple for "there is none": a control
must not take the one for the other. ``place`` says where an entry is written down, such as ``context.toml:12``.
"""

from __future__ import annotations

import datetime
import enum
import functools
import ipaddress
from collections.abc import Iterable

import msgspec

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

CONTEXT = "context"
"""What a control's needs, and what is missing, call it: it stands there beside facts."""
LOWEST_VLAN, HIGHEST_VLAN = 1, 4094
"""VLAN ids that a network can have: 0 only carries a priority and 4095 is reserved (IEEE 802.1Q)."""


LONGEST_NAME = 255
"""Characters: the longest DNS name (RFC 1035, 2.3.4), and more than any other name here can have."""


class Tenancy(enum.StrEnum):
    """Whose workloads the cluster runs.

    SINGLE: those of one organisation that trusts its administrators. MULTI: of several that do not trust each other, or
    of customers. REGULATED: of one, where law or contract keeps administrators away from the data.
    """

    SINGLE = "single"
    MULTI = "multi"
    REGULATED = "regulated"


class Purpose(enum.StrEnum):
    """What a network is for. UNTRUSTED: anybody may be there, such as a branch office or the side of the internet."""

    MANAGEMENT = "management"
    CLUSTER = "cluster"
    LIVE_MIGRATION = "live_migration"
    STORAGE = "storage"
    TENANT = "tenant"
    UNTRUSTED = "untrusted"


OUTSIDE = frozenset((Purpose.TENANT, Purpose.UNTRUSTED))
"""Purposes of networks on which others than the operators are."""
INFRASTRUCTURE = frozenset(Purpose) - OUTSIDE
"""Purposes of networks on which nobody but the operators should be."""


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """A network: its subnets, and the VLANs that carry it (None: not declared).

    ``isolated`` is the claim that nothing reaches it but what has an interface in it; None where nobody claims either.
    """

    purposes: frozenset[Purpose]
    name: str = ""
    subnets: tuple[IpNetwork, ...] = ()
    vlans: tuple[int, ...] | None = None
    isolated: bool | None = None
    place: str = ""

    def holds(self, address: IpAddress) -> bool:
        """Whether the address lies in one of its subnets."""
        return any(address in subnet for subnet in self.subnets)

    def covers(self, subnet: IpNetwork) -> bool:
        """Whether one of its subnets has every address of that one."""
        return any(_inside(subnet, own) for own in self.subnets)

    def touches(self, subnet: IpNetwork) -> bool:
        """Whether one of its subnets has any address of that one."""
        return any(own.overlaps(subnet) for own in self.subnets if own.version == subnet.version)

    @property
    def shown(self) -> str:
        """What people read: its name, else its subnets, else its VLANs."""
        vlans = ", ".join(str(vlan) for vlan in self.vlans or ())
        return self.name or ", ".join(str(subnet) for subnet in self.subnets) or f"VLAN {vlans}"

    @property
    def shown_purposes(self) -> str:
        """Its purposes in words, in the order of ``Purpose``."""
        return " and ".join(purpose.value.replace("_", " ") for purpose in Purpose if purpose in self.purposes)


class HostKind(enum.StrEnum):
    """What an administrator sits at: a jump host is logged on to from elsewhere, a PAW is sat at."""

    JUMP_HOST = "jump_host"
    PAW = "paw"


class JumpHost(msgspec.Struct, frozen=True, kw_only=True):
    """A machine from which the nodes are administered. ``addresses`` may be whole subnets."""

    name: str
    kind: HostKind
    addresses: tuple[IpNetwork, ...] = ()
    place: str = ""


class GatewayAuthentication(enum.StrEnum):
    """How Windows Admin Center asks who is there: Windows, Entra ID, or Entra ID with conditional access."""

    WINDOWS = "windows"
    ENTRA = "entra"
    ENTRA_CONDITIONAL_ACCESS = "entra_conditional_access"


class WacGateway(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway of Windows Admin Center; ``port`` is the one that browsers go to."""

    name: str
    addresses: tuple[IpNetwork, ...] = ()
    port: int | None = None
    authentication: GatewayAuthentication | None = None
    place: str = ""


class AdminGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group whose members may administer the cluster: by SID, or by name, with its domain or without."""

    written: str
    place: str = ""

    @property
    def sid(self) -> str | None:
        """The SID; None where it was declared by name."""
        return self.written if self.written.startswith("S-1-") else None

    def is_called(self, sid: str | None, name: str | None) -> bool:
        """Whether a group with that SID and name is this one. A name without a domain is that of any domain."""
        if self.sid:
            return sid is not None and sid.upper() == self.sid
        wanted, given = self.written.casefold(), (name or "").casefold()
        return wanted == given or ("\\" not in wanted and given.rpartition("\\")[2] == wanted)


class TierZeroRole(enum.StrEnum):
    """Why whoever controls a guest controls more than the guest."""

    DOMAIN_CONTROLLER = "domain_controller"
    CERTIFICATE_AUTHORITY = "certificate_authority"
    HOST_GUARDIAN_SERVICE = "host_guardian_service"
    OTHER = "other"


class GuestRef(msgspec.Struct, frozen=True, kw_only=True):
    """A VM, by its name or its GUID (in lower case)."""

    vm: str
    role: TierZeroRole | None = None
    place: str = ""

    def means(self, vm_id: str, name: str) -> bool:
        """Whether a VM with that GUID and name is this one."""
        return self.vm.casefold() in (vm_id.casefold(), name.casefold())


class SmbEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An SMB server that is no node, such as a NAS. ``can_sign`` is what its owner says; None where nobody does."""

    host: str
    port: int = 445
    can_sign: bool | None = None
    place: str = ""


class ShieldedBackup(enum.StrEnum):
    """How shielded VMs are backed up: by an agent inside, from the host with or without reaching inside, or not."""

    AGENT_IN_GUEST = "agent_in_guest"
    HOST_WITHOUT_GUEST = "host_without_guest"
    HOST_APPLICATION_AWARE = "host_application_aware"
    NOT_BACKED_UP = "not_backed_up"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """The backup product, and what it does with shielded VMs."""

    product: str
    shielded_vms: ShieldedBackup | None = None
    place: str = ""


class Logs(msgspec.Struct, frozen=True, kw_only=True):
    """Where events of the nodes go, and for how many days they are there.

    ``destinations`` are collectors or SIEMs by host name; ``agents`` services on the nodes that send to them.
    ``kept_days`` is how long the destination keeps events, ``required_days`` how long it has to, and ``on_host_days``
    how far back the nodes' own channels should reach.
    """

    destinations: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None
    kept_days: int | None = None
    required_days: int | None = None
    on_host_days: int | None = None
    place: str = ""


class EdrProduct(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted EDR product, known on a node by any one of its services."""

    product: str
    services: tuple[str, ...]
    place: str = ""


class KeyCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of a guardian's or HGS's key that lies offline: its thumbprint (SHA-1, upper-case hex) and where."""

    thumbprint: str
    kept_at: str
    expires: datetime.date | None = None
    place: str = ""


class Shielding(msgspec.Struct, frozen=True, kw_only=True):
    """What decides whether shielding pays, and what it depends on.

    ``separate_owners``: those who run the hosts must not be able to read the VMs. ``host_access`` are VMs that are
    operated from the host: console, PowerShell Direct, or their disk mounted. ``hgs_nodes`` are the nodes of the Host
    Guardian Service, ``fallback_tested`` whether somebody tried the fallback.
    """

    separate_owners: bool | None = None
    host_access: tuple[GuestRef, ...] | None = None
    hgs_nodes: tuple[str, ...] | None = None
    fallback_tested: bool | None = None
    key_copies: tuple[KeyCopy, ...] | None = None
    place: str = ""


class ExpectedNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node that the cluster should have, by name."""

    name: str
    place: str = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """All that is declared. ``file`` and ``digest`` (SHA-256 of its bytes) say which file it was read from.

    ``clusters`` are the names or ids that it is about; where there is none, it is about whatever it is given with.
    """

    file: str
    digest: str = ""
    clusters: tuple[str, ...] = ()
    tenancy: Tenancy | None = None
    expected_nodes: tuple[ExpectedNode, ...] | None = None
    networks: tuple[Network, ...] | None = None
    jump_hosts: tuple[JumpHost, ...] | None = None
    wac_gateways: tuple[WacGateway, ...] | None = None
    admin_groups: tuple[AdminGroup, ...] | None = None
    tier0_guests: tuple[GuestRef, ...] | None = None
    smb_endpoints: tuple[SmbEndpoint, ...] | None = None
    edr: tuple[EdrProduct, ...] | None = None
    backup: Backup | None = None
    logs: Logs | None = None
    shielding: Shielding | None = None
    local_kdc_needed: bool | None = None

    def is_about(self, names: Iterable[str]) -> bool:
        """Whether it is about the cluster that goes by these names."""
        wanted = {name.casefold() for name in self.clusters}
        return not wanted or not wanted.isdisjoint(name.casefold() for name in names)

    def networks_for(self, purpose: Purpose) -> tuple[Network, ...]:
        """The networks that have this purpose among theirs; none also where no network is declared."""
        return tuple(network for network in self.networks or () if purpose in network.purposes)

    def network_of(self, address: IpAddress) -> Network | None:
        """The network in which an address lies: of several, the one with the smallest subnet."""
        found = [(s.prefixlen, n) for n in self.networks or () for s in n.subnets if address in s]
        return max(found, key=lambda each: each[0])[1] if found else None

    @property
    def administers_from(self) -> tuple[IpNetwork, ...] | None:
        """Where administrators may come from: addresses of jump hosts, PAWs and gateways; None where none is declared.

        Declared hosts without an address add nothing, so a control has to look at their names, too.
        """
        if self.jump_hosts is None and self.wac_gateways is None:
            return None
        hosts = [host.addresses for host in self.jump_hosts or ()]
        gateways = [gateway.addresses for gateway in self.wac_gateways or ()]
        return tuple(address for addresses in (*hosts, *gateways) for address in addresses)


_REMEMBERED = 90
"""Characters: more than any address or subnet takes whose zone has a name of sensible length. Longer texts are read
each time, so that remembering takes little memory whatever the evidence holds."""


def address_of(text: str) -> IpAddress | None:
    """An address as evidence writes it, with or without prefix length and zone; None for anything else."""
    return _address(text) if len(text) <= _REMEMBERED else _address.__wrapped__(text)


@functools.lru_cache(maxsize=4096)  # the same addresses stand in many facts, and many controls ask for them
def _address(text: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(text.strip().partition("/")[0].partition("%")[0])
    except ValueError:
        return None


def subnet_of(text: str) -> IpNetwork | None:
    """The subnet of an address with prefix length, as evidence writes it; None for anything else."""
    return _subnet(text) if len(text) <= _REMEMBERED else _subnet.__wrapped__(text)


@functools.lru_cache(maxsize=1024)
def _subnet(text: str) -> IpNetwork | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def is_inside(address: IpAddress, places: Iterable[IpNetwork]) -> bool:
    """Whether an address lies in one of these networks."""
    return any(address in place for place in places)


def _inside(small: IpNetwork, large: IpNetwork) -> bool:
    if isinstance(small, ipaddress.IPv4Network):
        return isinstance(large, ipaddress.IPv4Network) and small.subnet_of(large)
    return isinstance(large, ipaddress.IPv6Network) and small.subnet_of(large)
