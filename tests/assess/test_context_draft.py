"""The draft of a context: nothing is believed before somebody confirms it, and all of it can be confirmed."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hypervigil.assess.context_draft import FORM, GUESS, confirmed, draft, quoted
from hypervigil.assess.context_file import KEYS, parse_context
from hypervigil.evidence.accounts import GroupMember, LocalGroup, LocalGroups
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.logons import Logon, Logons, LogonType
from hypervigil.evidence.network import ClusterNetwork, ClusterNetworks, NetworkRole
from hypervigil.evidence.vm_settings import GuestIdentity, GuestProductType, NetworkAdapter, VlanMode, VmNetworkAdapters
from hypervigil.formats.toml_text import parse_toml
from hypervigil.model.context import Context, Purpose
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.demo import DEMO
from tests.assess.contradicted import MOMENT, forwarding, interfaces, keys, services, smb_event
from tests.assess.planted import evidence


def believed(bundle: Evidence) -> Context:
    """What somebody declares who confirms every guess."""
    return parse_context(confirmed(draft(bundle)).encode(), "c.toml")


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_a_draft_of_a_demo_cluster_can_be_read_before_and_after(blueprint: Blueprint) -> None:
    bundle = build(blueprint)
    text = draft(bundle)
    before = parse_context(text.encode(), "c.toml")
    assert before == Context(file="c.toml", digest=before.digest, clusters=(blueprint.name,))
    after = believed(bundle)
    assert [node.name for node in after.expected_nodes or ()] == [node.name for node in bundle.nodes]
    assert "10.20.30.0/24" in [str(s) for n in after.networks_for(Purpose.LIVE_MIGRATION) for s in n.subnets]


def test_the_draft_of_an_unlike_host_without_a_cluster_names_none() -> None:
    bundle = msgspec.structs.replace(build(DEMO[0]), cluster=None)
    assert parse_context(draft(bundle).encode(), "c.toml").clusters == ()


def test_every_key_stands_in_the_draft_and_every_form_can_be_read() -> None:
    lines = draft(evidence({})).splitlines()
    forms = "\n".join(line.removeprefix(FORM) for line in lines if line.startswith(FORM))
    assert set(parse_toml(forms.encode(), "c.toml").keys) == set(KEYS)
    assert parse_context(forms.encode(), "c.toml").shielding
    assert all(line == "" or line.startswith("#") for line in lines if not line.startswith("clusters = "))
    assert max(map(len, lines)) <= 120


MEMBERS = (
    GroupMember(sid="S-1-5-21-1-2-3-1105", name=r"CONTOSO\HV-Admins", kind="Group"),
    GroupMember(sid="S-1-5-21-1-2-3-1106", name=r"CONTOSO\somebody", kind="User"),
    GroupMember(sid="S-1-5-32-545", name="Users", kind="Group"),
)


def cluster_network(number: int, role: NetworkRole, *subnets: str, name: str = "") -> ClusterNetwork:
    return ClusterNetwork(id=f"n{number}", name=name or f"Network {number}", role=role, subnets=subnets)


def logon(address: str, kind: LogonType = LogonType.REMOTE_INTERACTIVE) -> Logon:
    return Logon(
        record_id=1, channel="Security", provider="p", id=4624, time=MOMENT, sid="S", logon_type=kind, address=address
    )


def adapter(vlan: int, **host: object) -> NetworkAdapter:
    made = NetworkAdapter(
        id=str(vlan), name="A", vm_id="v1", vm_name="APP01", vlan_mode=VlanMode.ACCESS, access_vlan=vlan
    )
    return msgspec.structs.replace(made, **host)


RICH = evidence(
    {
        "HV01": (
            defaults.vm_host(),
            defaults.migration_networks("10.20.30.0/24", "10.1.0.7/32", "0.0.0.0/0", "rubbish"),
            interfaces("10.1.0.5/24", "10.9.0.77/24"),
            VmNetworkAdapters(
                adapters=(
                    adapter(10, vm_id=None, name="Infra"),
                    adapter(100),
                    adapter(101),
                    adapter(10),
                    adapter(9999),
                )
            ),
            LocalGroups(
                groups=(
                    LocalGroup(sid="S-1-5-32-544", members=MEMBERS),
                    LocalGroup(sid="S-1-5-32-555", members=(GroupMember(sid="S-1-5-21-9-9-9-1", kind="Group"),)),
                )
            ),
            Logons(
                logons=(
                    logon("10.9.0.6"),
                    logon("10.9.0.6"),
                    logon("10.9.0.77"),
                    logon("::1"),
                    logon("10.9.0.8", LogonType.NETWORK),
                    logon("fd00::9"),
                ),
                windows=(),
            ),
            smb_event(r"\nas01"),
            smb_event(r"\nas01"),
            services(Sense="Running", Other="Running"),
            forwarding("Server=http://wec01.contoso.com:5985/wsman"),
            keys("AB" * 20),
            defaults.vm(1, id="v1", name="DC01"),
            GuestIdentity(id="v1", product_type=GuestProductType.DOMAIN_CONTROLLER),
        ),
    },
    ClusterNetworks(
        networks=(
            cluster_network(1, NetworkRole.CLUSTER_AND_CLIENT, "10.1.0.0/24", "fe80::/64", name='Cluster "Network" 1'),
            cluster_network(2, NetworkRole.CLUSTER, "10.20.0.0/24"),
            cluster_network(3, NetworkRole.NONE, "10.71.0.0/24", name="  "),
            cluster_network(4, NetworkRole.CLUSTER, "10.71.0.128/25"),
            cluster_network(5, NetworkRole.CLUSTER, "rubbish"),
        ),
        migration_excluded=("n1", "n3", "n4", "n5"),
    ),
)


def test_what_the_evidence_hints_at_is_guessed() -> None:
    after = believed(RICH)
    assert [(n.name, n.shown_purposes, [str(s) for s in n.subnets], n.vlans) for n in after.networks or ()] == [
        ('Cluster "Network" 1', "management and live migration", ["10.1.0.0/24"], (10,)),
        ("Network 2", "cluster and live migration", ["10.20.0.0/24"], None),
        ("", "storage", ["10.71.0.0/24"], None),
        ("", "live migration", ["10.20.30.0/24"], None),
        ("", "tenant", [], (100, 101)),
    ]
    assert [(host.name, [str(a) for a in host.addresses]) for host in after.jump_hosts or ()] == [
        ("10.9.0.6", ["10.9.0.6/32"]),
        ("fd00::9", ["fd00::9/128"]),
    ]
    assert [group.written for group in after.admin_groups or ()] == ["S-1-5-21-1-2-3-1105"]
    assert [(guest.vm, guest.role) for guest in after.tier0_guests or ()] == [("DC01", "domain_controller")]
    assert [(endpoint.host, endpoint.can_sign) for endpoint in after.smb_endpoints or ()] == [("nas01", False)]
    assert [(edr.product, edr.services) for edr in after.edr or ()] == [("Microsoft Defender for Endpoint", ("Sense",))]
    assert after.logs is not None
    assert after.logs.destinations == ("wec01.contoso.com",)
    assert after.shielding is None
    assert f"# Keys that nodes have: {'AB' * 20}." in draft(RICH)


def test_nothing_of_it_is_believed_unconfirmed() -> None:
    before = parse_context(draft(RICH).encode(), "c.toml")
    assert before == Context(file="c.toml", digest=before.digest, clusters=("CL01",))
    assert draft(RICH).count(GUESS) > 30


@given(st.text(), st.text())
@example("\ud800\x7f\u2028", '"""\n# guess: tenancy = "single"\n\r')
@example("*", " \t ")
def test_hostile_names_stay_on_their_line(name: str, other: str) -> None:
    bundle = evidence(
        {
            "HV01": (
                defaults.vm(1, id="v1", name=name),
                GuestIdentity(id="v1", product_type=GuestProductType.DOMAIN_CONTROLLER),
                smb_event(name),
                keys(other),
                forwarding(f"Server=http://{name}:5985"),
                LocalGroups(
                    groups=(
                        LocalGroup(
                            sid="S-1-5-32-544",
                            members=(GroupMember(sid="S-1-5-21-1-2-3-4", name=other, kind="group"),),
                        ),
                    )
                ),
            ),
        },
        ClusterNetworks(networks=(cluster_network(1, NetworkRole.CLUSTER, "10.1.0.0/24", name=other),)),
    )
    bundle = msgspec.structs.replace(
        bundle,
        label=other,
        cluster=Subject(Scope.CLUSTER, "11111111-2222-4333-8444-555555555555", name),
        nodes=(*bundle.nodes, Subject(Scope.NODE, other, other)),
    )
    before = parse_context(draft(bundle).encode(), "c.toml")
    assert before == Context(file="c.toml", digest=before.digest, clusters=before.clusters)
    believed(bundle)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_is_read_back(text: str) -> None:
    written = quoted(text)
    assert written.isprintable()
    assert parse_toml(f"a = {written}".encode(), "c.toml").value("a") == text
