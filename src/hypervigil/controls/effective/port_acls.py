"""Whether the extended port ACLs of a virtual adapter keep its packets away from a subnet.

The switch asks them by weight, the largest first, and the first that matches ends the search; what none matches may
pass (MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/virtualization/hyper-v-virtual-switch/`
`Create-Security-Policies-with-Extended-Port-Access-Control-Lists.md`).
"""

from __future__ import annotations

from collections.abc import Iterable

from hypervigil.evidence.vm_settings import PortAcl
from hypervigil.model.context import IpNetwork, Network, Purpose, subnet_of

OUTBOUND, INBOUND = "outbound", "inbound"
_ANY = ("", "any", "*")


def denies(acls: Iterable[PortAcl], subnet: IpNetwork, direction: str) -> bool:
    """Whether no packet passes between the adapter and any address of the subnet, whatever its protocol and port.

    ``direction`` is as the adapter's owner sees it: ``OUTBOUND`` towards the subnet, ``INBOUND`` from it.
    """
    own = [acl for acl in acls if acl.direction.casefold() == direction]
    for acl in sorted(own, key=lambda acl: -acl.weight):
        allows = acl.action.casefold() != "deny"
        if allows and _touches(acl.remote_address, subnet):
            return False
        if not allows and _covers(acl.remote_address, subnet) and _is_plain(acl):
            return True
    return False


def _is_plain(acl: PortAcl) -> bool:
    return all(_is_any(each) for each in (acl.local_address, acl.local_port, acl.remote_port, acl.protocol))


def _is_any(text: str | None) -> bool:
    return (text or "").strip().casefold() in _ANY


def _touches(remote: str | None, subnet: IpNetwork) -> bool:
    """Whether it may be about an address of the subnet: what can not be read (a MAC address, say) may be as well."""
    named = None if _is_any(remote) else subnet_of(remote or "")
    return named is None or _one(named).touches(subnet)


def _covers(remote: str | None, subnet: IpNetwork) -> bool:
    named = subnet_of(remote or "")
    return _is_any(remote) or (named is not None and _one(named).covers(subnet))


def _one(subnet: IpNetwork) -> Network:
    return Network(purposes=frozenset((Purpose.TENANT,)), subnets=(subnet,))
