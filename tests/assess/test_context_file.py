"""``context.toml``: what it can say."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress

from hypervigil.assess.context_file import parse_context
from hypervigil.model.context import (
    AdminGroup,
    Backup,
    Context,
    EdrProduct,
    ExpectedNode,
    GatewayAuthentication,
    GuestRef,
    HostKind,
    JumpHost,
    KeyCopy,
    Logs,
    Network,
    Purpose,
    ShieldedBackup,
    Shielding,
    SmbEndpoint,
    Tenancy,
    TierZeroRole,
    WacGateway,
)
from tests.assess.declared import DECLARED, TEXT

subnet = ipaddress.ip_network


def test_everything_that_can_be_declared_is_read() -> None:
    expected = Context(
        file="context.toml",
        digest=hashlib.sha256(TEXT.encode()).hexdigest(),
        clusters=("CL01",),
        tenancy=Tenancy.MULTI,
        expected_nodes=(
            ExpectedNode(name="HV01", place="context.toml:3"),
            ExpectedNode(name="hv02.contoso.com", place="context.toml:3"),
        ),
        admin_groups=(
            AdminGroup(written=r"CONTOSO\HV-Admins", place="context.toml:4"),
            AdminGroup(written="S-1-5-21-1-2-3-1105", place="context.toml:4"),
        ),
        local_kdc_needed=False,
        networks=(
            Network(
                name="Management",
                purposes=frozenset({Purpose.MANAGEMENT}),
                subnets=(subnet("10.1.0.0/24"), subnet("fd00:1::/64")),
                vlans=(10,),
                place="context.toml:7",
            ),
            Network(
                purposes=frozenset({Purpose.CLUSTER, Purpose.LIVE_MIGRATION}),
                subnets=(subnet("10.20.30.0/24"),),
                isolated=True,
                place="context.toml:13",
            ),
            Network(purposes=frozenset({Purpose.STORAGE}), vlans=(71, 72), place="context.toml:18"),
            Network(
                name="Customers",
                purposes=frozenset({Purpose.TENANT}),
                subnets=(subnet("172.16.0.0/12"),),
                vlans=(100,),
                isolated=False,
                place="context.toml:22",
            ),
            Network(
                purposes=frozenset({Purpose.UNTRUSTED}), subnets=(subnet("192.0.2.0/24"),), place="context.toml:29"
            ),
        ),
        jump_hosts=(
            JumpHost(name="PAW01", kind=HostKind.PAW, addresses=(subnet("10.9.0.5/32"),), place="context.toml:33"),
            JumpHost(
                name="JUMP01",
                kind=HostKind.JUMP_HOST,
                addresses=(subnet("10.9.1.0/28"), subnet("fd00:9::5/128")),
                place="context.toml:38",
            ),
        ),
        wac_gateways=(
            WacGateway(
                name="WAC01",
                addresses=(subnet("10.9.0.9/32"),),
                port=443,
                authentication=GatewayAuthentication.ENTRA_CONDITIONAL_ACCESS,
                place="context.toml:43",
            ),
        ),
        tier0_guests=(
            GuestRef(vm="DC01", role=TierZeroRole.DOMAIN_CONTROLLER, place="context.toml:49"),
            GuestRef(vm="0f0e0d0c-0b0a-4908-8706-050403020100", place="context.toml:53"),
        ),
        smb_endpoints=(
            SmbEndpoint(host="nas01.contoso.com", can_sign=True, place="context.toml:56"),
            SmbEndpoint(host="nas01.contoso.com", port=8445, place="context.toml:60"),
        ),
        edr=(
            EdrProduct(product="Sensor of the house", services=("SensorSvc", "SensorHelper"), place="context.toml:64"),
        ),
        backup=Backup(
            product="Backups of the house", shielded_vms=ShieldedBackup.AGENT_IN_GUEST, place="context.toml:68"
        ),
        logs=Logs(
            destinations=("wec01.contoso.com",),
            agents=("ShipperSvc",),
            kept_days=365,
            required_days=180,
            on_host_days=7,
            place="context.toml:72",
        ),
        shielding=Shielding(
            separate_owners=True,
            host_access=(GuestRef(vm="Appliance01", place="context.toml:81"),),
            hgs_nodes=("hgs01", "hgs02", "hgs03"),
            fallback_tested=True,
            key_copies=(
                KeyCopy(
                    thumbprint="00112233445566778899AABBCCDDEEFF00112233",
                    kept_at="Safe in the other building",
                    expires=datetime.date(2030, 1, 31),
                    place="context.toml:85",
                ),
            ),
            place="context.toml:79",
        ),
    )
    assert expected == DECLARED


def test_an_empty_file_declares_nothing() -> None:
    context = parse_context(b"", "c.toml")
    assert context == Context(file="c.toml", digest=hashlib.sha256(b"").hexdigest())
    assert context.networks is None


def test_an_empty_list_declares_that_there_is_none() -> None:
    keys = ("networks", "jump_hosts", "wac_gateways", "tier0_guests", "smb_endpoints", "edr", "admin_groups")
    context = parse_context("\n".join(f"{key} = []" for key in keys).encode(), "c.toml")
    assert {getattr(context, key) for key in keys} == {()}
    logs = parse_context(b"[logs]\nagents = []", "c.toml").logs
    assert logs is not None
    assert (logs.agents, logs.destinations) == ((), None)


def test_a_sid_a_guid_and_a_thumbprint_have_one_form() -> None:
    text = """
    admin_groups = ["s-1-5-32-544"]
    tier0_guests = [{vm = "0F0E0D0C-0B0A-4908-8706-050403020100"}]
    shielding.key_copies = [{thumbprint = "aa:bb cc dd ee ff 00 11 22 33 44 55 66 77 88 99 aa bb cc dd", kept_at = "x"}]
    """
    context = parse_context(text.encode(), "c.toml")
    assert context.admin_groups is not None
    assert context.admin_groups[0].sid == "S-1-5-32-544"
    assert context.tier0_guests is not None
    assert context.tier0_guests[0].vm == "0f0e0d0c-0b0a-4908-8706-050403020100"
    assert context.shielding is not None
    assert context.shielding.key_copies is not None
    assert context.shielding.key_copies[0].thumbprint == "AABBCCDDEEFF00112233445566778899AABBCCDD"


NET = '[[networks]]\npurposes = ["storage"]\n'
OTHER = '[[networks]]\npurposes = ["tenant"]\n'


def test_subnets_of_the_same_purposes_may_lie_within_each_other() -> None:
    text = NET + "subnets = ['10.0.0.0/8', '10.1.0.0/16']\n" + NET + "subnets = ['10.1.2.0/24']"
    assert parse_context(text.encode(), "c.toml").networks


def test_neighbours_are_no_overlap() -> None:
    text = NET + "subnets = ['10.1.0.0/24', 'a01::/16']\n" + OTHER + "subnets = ['10.1.1.0/24', '10.0.255.0/24']"
    assert parse_context(text.encode(), "c.toml").networks


def test_many_subnets_are_read_in_a_moment() -> None:
    """Each is compared with its neighbours only: 20,000 subnets would else be 200 million comparisons."""
    subnets = ", ".join(f"'10.{a}.{b}.0/24'" for a in range(80) for b in range(250))
    addresses = ", ".join(f"'10.{a}.{b}.7'" for a in range(80) for b in range(250))
    text = f"{NET}subnets = [{subnets}]\n[[jump_hosts]]\nname = 'A'\nkind = 'paw'\naddresses = [{addresses}]"
    networks = parse_context(text.encode(), "c.toml").networks
    assert networks is not None
    assert len(networks[0].subnets) == 20_000
