"""The cluster without flaws: nothing to complain of, the same every time, and nowhere taken for a real one."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from hypervigil.assess.context_conflicts import compare_context
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.evidence import Known, Listing
from hypervigil.evidence.fact import Origin
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.management import Certificates
from hypervigil.evidence.network import IpInterfaces
from hypervigil.evidence.register import FACTS
from hypervigil.evidence.release import Release
from hypervigil.evidence.shielding import Guardians, HgsClient
from hypervigil.evidence.vm_settings import VmNetworkAdapters, VmSecurity
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.subject import Scope
from hypervigil.store import read_bundle, write_bundle
from hypervigil.synthetic.cluster import MOMENT, Blueprint, Join, build
from hypervigil.synthetic.flaws import Flaw
from hypervigil.synthetic.members import Guests
from tests.synthetic.findings import context, findings, loud, told
from tests.synthetic.undecided import UNDECIDED, UNDECLARED, unavoidable

JOINS: tuple[Join, ...] = ("domain", "workgroup")
CREATED = datetime.datetime(2026, 12, 1, 12, 0, tzinfo=datetime.UTC)

BLUEPRINTS = [
    Blueprint(name="CL", release=release, join=join, nodes=3, vms=6, converged=converged)
    for release in Release
    for join in JOINS
    for converged in (False, True)
]
PROTECTED = [
    Blueprint(name="CL", release=release, nodes=3, vms=6, converged=True, guests=guests)
    for release in Release
    for guests in (Guests.VIRTUAL_TPM, Guests.SHIELDED)
]


def _id(blueprint: Blueprint) -> str:
    parts = (blueprint.release.name, blueprint.join, "converged" * blueprint.converged, blueprint.guests.name.lower())
    return "-".join(filter(None, parts))


@pytest.mark.parametrize("blueprint", [*BLUEPRINTS, *PROTECTED], ids=_id)
def test_what_is_declared_leaves_nothing_to_do_but_what_no_host_decides(blueprint: Blueprint) -> None:
    made = loud(told(blueprint, context(blueprint)).values())
    assert {one[0]: one[2] for one in made} == unavoidable(blueprint)


@pytest.mark.parametrize("blueprint", [*BLUEPRINTS, *PROTECTED], ids=_id)
def test_what_is_not_declared_is_asked_for_and_fails_nowhere(blueprint: Blueprint) -> None:
    made = loud(told(blueprint).values())
    assert {one[0] for one in made} >= unavoidable(blueprint).keys()
    assert {one[0] for one in made} <= unavoidable(blueprint).keys() | UNDECLARED.keys()
    assert not [one for one in made if one[2] is Outcome.FAIL]


def test_every_exception_is_one() -> None:
    """What is listed as undecided without a reason to be would hide a control that has something to complain of."""
    made = [loud(told(blueprint).values()) for blueprint in (*BLUEPRINTS, *PROTECTED)]
    assert UNDECLARED.keys() <= {one[0] for each in made for one in each}
    assert UNDECIDED.keys() == {control for each in (*BLUEPRINTS, *PROTECTED) for control in unavoidable(each)}


@pytest.mark.parametrize("blueprint", [*BLUEPRINTS, *PROTECTED], ids=_id)
def test_what_is_declared_is_contradicted_by_nothing(blueprint: Blueprint) -> None:
    evidence = build(blueprint)
    compared = compare_context(context(blueprint), evidence, Subjects(evidence).nodes.subjects)
    assert (compared.conflicts, compared.unchecked) == ((), ())


@pytest.mark.parametrize("join", JOINS)
def test_most_controls_apply_to_a_cluster_without_flaws(join: Join) -> None:
    """Having nothing to do must not come from being asked nothing."""
    blueprint = Blueprint(name="CL", join=join, nodes=3, vms=6, converged=True)
    made = findings(blueprint, context(blueprint))
    passed = {finding.control for finding in made if finding.outcome is Outcome.PASS}
    assert len(passed) >= 0.75 * len({finding.control for finding in made})


@pytest.mark.parametrize("release", [Release.WS2022, Release.WS2025])
def test_one_node_is_enough(release: Release) -> None:
    blueprint = Blueprint(name="CL", release=release, nodes=1, vms=1, converged=True)
    made = loud(told(blueprint, context(blueprint)).values())
    assert {one[0]: one[2] for one in made} == unavoidable(blueprint)


def test_no_node_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least one node, not 0"):
        build(Blueprint(name="CL", nodes=0))


BLUEPRINT = Blueprint(name="CL", nodes=3, vms=7, flaws=(Flaw.SMB1_LEFT, Flaw.TPM_UNREADABLE))


def test_the_same_blueprint_gives_the_same_evidence() -> None:
    assert build(BLUEPRINT) == build(BLUEPRINT)


def test_the_same_blueprint_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_bundle(build(BLUEPRINT), tmp_path / name, created=CREATED)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_another_name_gives_other_ids() -> None:
    one, other = build(BLUEPRINT), build(Blueprint(name="CL2", nodes=3, vms=7))
    assert one.cluster is not None
    assert other.cluster is not None
    assert one.cluster.key != other.cluster.key
    assert not {key for name, key in one.facts if name == "vms"} & {key for name, key in other.facts if name == "vms"}


@pytest.mark.parametrize("join", ["domain", "workgroup"])
@pytest.mark.parametrize("release", Release)
def test_there_is_every_kind_of_fact(release: Release, join: Join) -> None:
    """But what a release has not, which is a gap that says so, and what only a directory tells."""
    evidence = build(Blueprint(name="CL", release=release, join=join, nodes=2, vms=2))
    known = {name for (name, _), record in evidence.facts.items() if isinstance(record, Known)}
    expected = {
        fact.INFO.name
        for fact in FACTS
        if (fact.INFO.minimum_release is None or release >= fact.INFO.minimum_release)
        and (join == "domain" or fact.INFO.origin is not Origin.DIRECTORY)
    }
    assert known == expected
    gaps = {(gap.fact, gap.cause) for _, gap in evidence.gaps}
    assert gaps == ({("smb_quic", Cause.UNSUPPORTED_RELEASE)} if release < Release.WS2022 else set())


def test_every_node_has_names_and_addresses_of_its_own() -> None:
    evidence = build(Blueprint(name="CL", nodes=3, vms=3))
    addresses: set[str] = set()
    certified: set[str] = set()
    endpoints: set[str] = set()
    for node in evidence.nodes:
        interfaces = evidence.get(IpInterfaces, node.key)
        certificates = evidence.get(Certificates, node.key)
        assert interfaces is not None
        assert certificates is not None
        addresses.update(address for interface in interfaces.interfaces for address in interface.addresses)
        certified.update(name for held in certificates.certificates for name in held.dns_names)
        endpoints.add(f"{node.key}:445/tcp")
    assert len(addresses) == 9
    assert {name.lower() for name in certified} == {node.key for node in evidence.nodes}
    assert {key for name, key in evidence.facts if name == "wire_smb"} == endpoints
    assert {key for name, key in evidence.facts if name == "directory_computer"} == {n.key for n in evidence.nodes}


@pytest.mark.parametrize("guests", [Guests.VIRTUAL_TPM, Guests.SHIELDED])
def test_a_protected_vm_may_go_where_its_keys_are(guests: Guests) -> None:
    evidence = build(Blueprint(name="CL", nodes=4, vms=12, converged=True, guests=guests))
    assert evidence.cluster is not None
    groups = evidence.get(ClusterGroups, evidence.cluster.key)
    assert groups is not None
    clients = {node.name: evidence.get(HgsClient, node.key) for node in evidence.nodes}
    keys = {node.name: evidence.get(Guardians, node.key) for node in evidence.nodes}
    guarded = {name for name, client in clients.items() if client and client.host_guarded}
    holding = {name for name, own in keys.items() if own and own.keys}
    owners = {group.vm_id: set(group.possible_owners or ()) for group in groups.groups}
    kinds = {key: evidence.get(VmSecurity, key) for key in owners if key}
    assert {frozenset(owners[key]) for key, vm in kinds.items() if vm and vm.shielded} <= {frozenset(guarded)}
    plain = {frozenset(owners[key]) for key, vm in kinds.items() if vm and vm.tpm_enabled and not vm.shielded}
    assert plain == {frozenset(holding)}
    assert not guarded & holding
    assert sum(1 for vm in kinds.values() if vm and vm.tpm_enabled) == 8


def test_a_converged_host_has_an_adapter_for_each_of_its_networks() -> None:
    evidence = build(Blueprint(name="CL", nodes=2, vms=4, converged=True))
    for node in evidence.nodes:
        adapters, interfaces = evidence.get(VmNetworkAdapters, node.key), evidence.get(IpInterfaces, node.key)
        assert adapters is not None
        assert interfaces is not None
        own = {f"vEthernet ({each.name})": each.access_vlan for each in adapters.adapters if each.vm_id is None}
        assert own.keys() == {interface.alias for interface in interfaces.interfaces}
        guests = {each.access_vlan for each in adapters.adapters if each.vm_id is not None}
        assert len(guests) == 2
        assert not guests & set(own.values())


def test_every_vm_is_on_one_node() -> None:
    evidence = build(BLUEPRINT)
    listings = {place: listing for place, listing in evidence.listings.items() if isinstance(listing, Listing)}
    held = [listing.keys for (name, _), listing in listings.items() if name == "vms"]
    keys = [key for keys in held for key in keys]
    assert len(held) == 3
    for name in ("vm_security", "vm_firmware", "guest_identity"):
        assert [listing.keys for (of, _), listing in listings.items() if of == name] == held
    assert max(map(len, held)) - min(map(len, held)) <= 1
    assert len(keys) == len(set(keys)) == 7


@pytest.mark.parametrize(
    ("release", "version"), [(Release.WS2016, "8.0"), (Release.WS2022, "10.0"), (Release.WS2025, "12.0")]
)
def test_vms_have_the_version_of_their_release(release: Release, version: str) -> None:
    facts = build(Blueprint(name="CL", release=release, nodes=1, vms=1)).facts.values()
    assert [r.fact.version for r in facts if isinstance(r, Known) and isinstance(r.fact, Vm)] == [version]


@pytest.mark.parametrize(("join", "first"), [("domain", "cl-n01.contoso.com"), ("workgroup", "cl-n01")])
def test_nodes_are_known_by_what_a_host_of_that_kind_is_known_by(join: Join, first: str) -> None:
    evidence = build(Blueprint(name="CL", join=join, nodes=2))
    node = evidence.nodes[0]
    assert (node.scope, node.key, node.name) == (Scope.NODE, first, "CL-N01")
    assert node.cluster == (evidence.cluster.key if evidence.cluster else "")


def test_all_of_it_says_that_it_is_made_up(tmp_path: Path) -> None:
    evidence = build(BLUEPRINT)
    assert evidence.synthetic
    assert evidence.source == "synthetic"
    assert evidence.collected == MOMENT
    for record in evidence.facts.values():
        assert record.provenance is not None
        assert record.provenance.source == "synthetic"
        assert "made up" in record.provenance.remark
    assert all("made up" in gap.detail for _, gap in evidence.gaps)
    write_bundle(evidence, tmp_path / "CL", created=CREATED)
    assert read_bundle(tmp_path / "CL").synthetic
