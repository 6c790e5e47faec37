"""Extended port ACLs as the switch asks them."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from hypervigil.controls.effective.port_acls import INBOUND, OUTBOUND, denies
from hypervigil.evidence.vm_settings import PortAcl

INNER = ipaddress.ip_network("10.20.30.0/24")


def acl(action: str, weight: int = 10, remote: str | None = "10.20.30.0/24", **changes: Any) -> PortAcl:
    made = {"direction": "Outbound", "remote_address": remote, "protocol": "ANY", **changes}
    return PortAcl(action=action, weight=weight, **made)


@pytest.mark.parametrize(
    ("acls", "expected"),
    [
        ((), False),
        ((acl("Deny"),), True),
        ((acl("Deny", remote=None),), True),
        ((acl("Deny", remote="ANY"),), True),
        ((acl("Deny", remote="10.0.0.0/8"),), True),
        ((acl("Deny", remote="10.20.30.0/25"),), False),
        ((acl("Deny", remote="fd00::/8"),), False),
        ((acl("Deny", remote="00-15-5D-00-00-01"),), False),
        ((acl("Deny", direction="Inbound"),), False),
        ((acl("Deny", protocol="TCP"),), False),
        ((acl("Deny", remote_port="445"),), False),
        ((acl("Deny", local_port="445"),), False),
        ((acl("Deny", local_address="172.16.5.9"),), False),
        # The largest weight is asked first, in whatever order they are listed.
        ((acl("Deny", 10), acl("Allow", 20, "10.20.30.5")), False),
        ((acl("Allow", 10, "10.20.30.5"), acl("Deny", 20)), True),
        ((acl("Allow", 20, "10.99.0.0/16"), acl("Deny", 10)), True),
        ((acl("Allow", 20, "ANY"), acl("Deny", 10)), False),
        ((acl("Allow", 20, "00-15-5D-00-00-01"), acl("Deny", 10)), False),
    ],
)
def test_acls_keep_packets_away(acls: tuple[PortAcl, ...], expected: bool) -> None:
    assert denies(acls, INNER, OUTBOUND) is expected


def test_each_direction_by_itself() -> None:
    assert denies((acl("Deny", direction="Inbound"),), INNER, INBOUND)
