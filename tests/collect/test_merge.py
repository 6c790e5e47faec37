"""Bundles of single nodes, merged: the same as collected at once, or a remark or refusal that names what is not."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Sequence

import msgspec
import pytest

from hypervigil.collect.errors import MixedEvidenceError, NoEvidenceError
from hypervigil.collect.merge import merge
from hypervigil.collect.merge_remarks import OLD, Remark, RemarkKind
from hypervigil.evidence.cluster import Cluster, ClusterNodes, SecurityLevel
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.platform import DeviceGuard
from hypervigil.evidence.register import BY_NAME
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build

Parts = list[tuple[str, Evidence]]
HOUR = datetime.timedelta(hours=1)
replaced = msgspec.structs.replace


def split(evidence: Evidence) -> Parts:
    """What each node would have given, had it been asked alone: its own facts, and what is known of the cluster."""
    parts: Parts = []
    for node in evidence.nodes:
        holders = {node.key, evidence.cluster.key if evidence.cluster else ""}
        listings = {place: each for place, each in evidence.listings.items() if place[1] in holders}
        own = {
            (name, key)
            for (name, _), listing in listings.items()
            if isinstance(listing, Listing)
            for key in listing.keys
        }
        facts = {
            place: record
            for place, record in evidence.facts.items()
            if place in own or (not BY_NAME[place[0]].INFO.item_key and place[1] in holders)
        }
        parts.append((f"{node.name}.zip", replaced(evidence, nodes=(node,), facts=facts, listings=listings)))
    return parts


def cluster(name: str = "CL01", nodes: int = 4) -> Parts:
    return split(build(Blueprint(name=name, nodes=nodes, vms=8)))


def with_fact(evidence: Evidence, fact: Fact, key: str) -> Evidence:
    made = Known(fact, Provenance(source="synthetic"))
    return replaced(evidence, facts={**evidence.facts, (type(fact).INFO.name, key): made})


def changed(parts: Parts, place: int, change: Callable[[Evidence], Evidence]) -> Parts:
    return [(name, change(one) if number == place else one) for number, (name, one) in enumerate(parts)]


def remarks(parts: Parts, kind: RemarkKind) -> list[Remark]:
    found = merge(parts).remarks
    assert {remark.kind for remark in found} <= {kind}, "another remark than the one that was provoked"
    return list(found)


# --- nothing wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nodes", [1, 2, 64])
def test_what_was_split_is_merged_into_the_same(nodes: int) -> None:
    whole = build(Blueprint(name="CL01", nodes=nodes, vms=nodes * 5))
    parts = split(whole)
    random.Random(nodes).shuffle(parts)
    merged = merge(parts)
    assert len(parts) == nodes
    assert merged.evidence == whole
    assert merged.remarks == ()


def test_bundles_of_several_nodes_are_merged_with_bundles_of_one() -> None:
    whole = build(Blueprint(name="CL01", nodes=4, vms=8))
    first, second, *rest = split(whole)
    both = merge([first, second]).evidence
    assert merge([("two.zip", both), *rest]).evidence == whole


def test_the_order_does_not_matter() -> None:
    parts = changed(cluster(), 1, lambda one: replaced(one, collected=MOMENT - 30 * HOUR))
    parts.append(("again.zip", parts[2][1]))
    results = []
    for seed in range(5):
        random.Random(seed).shuffle(parts)
        results.append(merge(parts))
    assert all(result == results[0] for result in results)


# --- what is remarked -------------------------------------------------------------------------------------------------


def test_the_node_that_misses_a_task_is_named_with_the_cause() -> None:
    parts = changed(cluster(), 2, lambda one: one.without("device_guard", one.nodes[0].key, Cause.TIMED_OUT))
    (remark,) = remarks(parts, RemarkKind.MISSING)
    assert (remark.bundle, remark.node, remark.facts) == ("CL01-N03.zip", "cl01-n03.contoso.com", ("device_guard",))
    assert "CL01-N03" in remark.text
    assert "device_guard (timed_out: removed)" in remark.text


def test_a_list_that_could_not_be_made_is_a_missing_task_too() -> None:
    parts = changed(cluster(), 0, lambda one: one.without("vms", one.nodes[0].key, Cause.ACCESS_DENIED))
    (remark,) = remarks(parts, RemarkKind.MISSING)
    assert remark.node == "cl01-n01.contoso.com"
    assert "vms (access_denied" in remark.text


def test_what_a_release_does_not_have_is_not_missing() -> None:
    parts = changed(cluster(), 2, lambda one: one.without("tpm", one.nodes[0].key, Cause.UNSUPPORTED_RELEASE))
    assert merge(parts).remarks == ()


def test_what_only_a_few_have_is_said_once() -> None:
    parts = cluster()
    for place in range(3):
        parts = changed(parts, place, lambda one: one.without("tpm", one.nodes[0].key))
    (remark,) = remarks(parts, RemarkKind.FEW_HAVE)
    assert remark.text == "tpm: only CL01-N04 of 4 nodes has it."


@pytest.mark.parametrize(
    ("behind", "said"),
    [(OLD - HOUR, ""), (OLD, "is 1 day older"), (26 * HOUR, "is 1 day, 2 hours older"), (49 * HOUR, "2 days, 1 hour")],
)
def test_a_bundle_that_is_older_than_the_rest_is_named_and_kept(behind: datetime.timedelta, said: str) -> None:
    parts = changed(cluster(), 1, lambda one: replaced(one, collected=MOMENT - behind))
    found = remarks(parts, RemarkKind.OLDER)
    assert [remark.bundle for remark in found] == (["CL01-N02.zip"] if said else [])
    assert all(said in remark.text for remark in found)
    assert merge(parts).evidence == build(Blueprint(name="CL01", nodes=4, vms=8))


def test_a_moment_without_a_zone_is_utc() -> None:
    parts = changed(cluster(), 1, lambda one: replaced(one, collected=MOMENT.replace(tzinfo=None)))
    assert merge(parts).remarks == ()


def test_a_bundle_that_does_not_say_when_is_named() -> None:
    parts = changed(cluster(), 1, lambda one: replaced(one, collected=None))
    (remark,) = remarks(parts, RemarkKind.NO_TIME)
    assert remark.bundle == "CL01-N02.zip"


def test_of_two_bundles_of_a_node_the_newer_is_taken_whole_and_both_are_named() -> None:
    parts = cluster()
    node = parts[0][1].nodes[0].key
    newer = replaced(parts[0][1].without("tpm", node, Cause.TIMED_OUT), collected=MOMENT + HOUR)
    merged = merge([*parts, ("later.zip", newer)])
    record = merged.evidence.record("tpm", node)
    assert isinstance(record, Gap)
    assert record.cause is Cause.TIMED_OUT
    (remark,) = [each for each in merged.remarks if each.kind is RemarkKind.SAME_NODE]
    assert remark.node == node
    assert remark.facts == ("tpm",)
    assert "later.zip" in remark.text
    assert "CL01-N01.zip" in remark.text


def test_a_node_is_known_again_by_its_short_name() -> None:
    parts = cluster()
    short = Subject(Scope.NODE, "cl01-n01", "CL01-N01", parts[0][1].nodes[0].cluster)
    older = replaced(parts[0][1], nodes=(short,), facts={}, listings={}, collected=MOMENT - HOUR)
    merged = merge([*parts, ("older.zip", older)])
    assert [remark.kind for remark in merged.remarks] == [RemarkKind.SAME_NODE]
    assert len(merged.evidence.nodes) == 4


def test_nodes_that_no_bundle_covers_are_named() -> None:
    found = remarks(cluster()[:2], RemarkKind.NOT_COVERED)
    assert [remark.node for remark in found] == ["cl01-n03", "cl01-n04"]


def test_of_a_fact_of_the_cluster_the_newest_is_taken_and_differences_are_named() -> None:
    def weaker(one: Evidence) -> Evidence:
        key = one.cluster.key if one.cluster else ""
        held = one.get(Cluster, key)
        assert held is not None
        return replaced(
            with_fact(one, replaced(held, security_level=SecurityLevel.CLEAR), key), collected=MOMENT + HOUR
        )

    parts = changed(cluster(), 3, weaker)
    merged = merge(parts)
    assert {remark.kind for remark in merged.remarks} == {RemarkKind.DIFFERENT}
    assert [remark.bundle for remark in merged.remarks] == ["CL01-N03.zip", "CL01-N02.zip", "CL01-N01.zip"]
    assert "differ in security_level of cluster" in merged.remarks[0].text
    assert merged.evidence.cluster is not None
    taken = merged.evidence.get(Cluster, merged.evidence.cluster.key)
    assert taken is not None
    assert taken.security_level is SecurityLevel.CLEAR


def test_a_fact_of_the_cluster_that_one_bundle_lacks_comes_from_another() -> None:
    parts = changed(
        cluster(),
        3,
        lambda one: replaced(one.without("cluster", one.cluster.key), collected=MOMENT + HOUR),  # type: ignore[union-attr]
    )
    merged = merge(parts)
    assert merged.remarks == ()
    assert merged.evidence.cluster is not None
    assert merged.evidence.get(Cluster, merged.evidence.cluster.key) is not None


def test_different_releases_and_collectors_are_named() -> None:
    def other(one: Evidence) -> Evidence:
        fact = defaults.operating_system(Release.WS2022, name=one.nodes[0].name)
        made = Known(fact, Provenance(source="synthetic", collector="hypervigil 0.0.1"))
        return replaced(one, facts={**one.facts, (OperatingSystem.INFO.name, one.nodes[0].key): made})

    def stamped(one: Evidence) -> Evidence:
        facts = {
            place: replaced(record, provenance=Provenance(source="synthetic", collector="hypervigil 0.1.0"))
            for place, record in one.facts.items()
        }
        return replaced(one, facts=facts)

    parts = changed([(name, stamped(one)) for name, one in cluster()], 0, other)
    releases, collectors = merge(parts).remarks
    assert releases.text == (
        "The nodes run different releases. Windows Server 2022: CL01-N01; "
        "Windows Server 2025: CL01-N02, CL01-N03, CL01-N04."
    )
    assert collectors.kind is RemarkKind.COLLECTORS
    assert "hypervigil 0.0.1: CL01-N01.zip; hypervigil 0.1.0: CL01-N01.zip, CL01-N02.zip" in collectors.text


def test_a_signature_does_not_carry_over() -> None:
    parts = changed(cluster(), 0, lambda one: replaced(one, signed_by="CN=HV01"))
    (remark,) = remarks(parts, RemarkKind.SIGNATURE)
    assert remark.bundle == "CL01-N01.zip"
    assert merge(parts).evidence.signed_by == ""


# --- a VM that two nodes list -----------------------------------------------------------------------------------------


def moved(parts: Parts, **changes: object) -> tuple[str, Parts]:
    """The first VM of the first node, also on the list of the second, with these fields changed there."""
    evidence = parts[0][1]
    listing = evidence.listing("vms", evidence.nodes[0].key)
    assert isinstance(listing, Listing)
    key = listing.keys[0]
    vm = evidence.get(Vm, key)
    assert vm is not None

    def listed(one: Evidence) -> Evidence:
        held = one.listing("vms", one.nodes[0].key)
        assert isinstance(held, Listing)
        listings = {**one.listings, ("vms", one.nodes[0].key): replaced(held, keys=(*held.keys, key))}
        return with_fact(replaced(one, listings=listings), replaced(vm, **changes), key)

    return key, changed(parts, 1, listed)


def test_a_vm_that_moved_stays_on_both_lists_and_is_named() -> None:
    key, parts = moved(cluster())
    merged = merge(parts)
    (remark,) = merged.remarks
    assert (remark.kind, remark.items) == (RemarkKind.LISTED_TWICE, (key,))
    for name in ("CL01-N01 (CL01-N01.zip)", "CL01-N02 (CL01-N02.zip)", "CL01-VM0001"):
        assert name in remark.text
    for node in merged.evidence.nodes[:2]:
        listing = merged.evidence.listing("vms", node.key)
        assert isinstance(listing, Listing)
        assert key in listing.keys
    assert merged.evidence.get(Vm, key) is not None


def test_a_vm_of_which_two_nodes_say_different_things_is_unknown_and_both_are_named() -> None:
    key, parts = moved(cluster(), state=3)
    merged = merge(parts)
    assert [remark.kind for remark in merged.remarks] == [RemarkKind.LISTED_TWICE, RemarkKind.CONFLICTING]
    record = merged.evidence.record("vms", key)
    assert isinstance(record, Gap)
    assert record.cause is Cause.CONFLICTING
    assert record.detail == "CL01-N01 (CL01-N01.zip) and CL01-N02 (CL01-N02.zip) differ in state"
    assert record.detail in merged.remarks[1].text


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_bundle_of_another_cluster_is_refused_by_name() -> None:
    other = ("odd.zip", cluster("CL02")[0][1])
    with pytest.raises(MixedEvidenceError) as caught:
        merge([*cluster(), other])
    for name in ("odd.zip", "CL02", "CL01"):
        assert name in str(caught.value)


def test_clusters_of_one_name_and_different_ids_are_two() -> None:
    parts = cluster()
    subject = parts[0][1].cluster
    assert subject is not None
    other = replaced(parts[0][1], cluster=replaced(subject, key="11111111-2222-4333-8444-555555555555"))
    with pytest.raises(MixedEvidenceError, match="11111111"):
        merge([("odd.zip", other), *parts[1:]])


def test_a_bundle_that_knows_the_cluster_by_name_only_belongs_to_it() -> None:
    parts = cluster()

    def by_name(one: Evidence) -> Evidence:
        facts = {
            (name, "cl01" if one.cluster and key == one.cluster.key else key): record
            for (name, key), record in one.facts.items()
            if name != Cluster.INFO.name
        }
        nodes = tuple(replaced(node, cluster="cl01") for node in one.nodes)
        return replaced(one, cluster=Subject(Scope.CLUSTER, "cl01", "CL01"), nodes=nodes, facts=facts)

    assert merge(changed(parts, 3, by_name)).evidence == merge(parts).evidence


def unnamed(one: Evidence) -> Evidence:
    key = one.cluster.key if one.cluster else ""
    facts = {place: record for place, record in one.facts.items() if place[1] != key}
    return replaced(one, cluster=None, nodes=tuple(replaced(n, cluster="") for n in one.nodes), facts=facts)


def test_a_bundle_without_a_cluster_is_merged_where_the_cluster_lists_its_node() -> None:
    parts = changed(cluster(), 1, unnamed)
    (remark,) = remarks(parts, RemarkKind.UNNAMED_CLUSTER)
    assert remark.bundle == "CL01-N02.zip"
    assert merge(parts).evidence == merge(cluster()).evidence


def test_a_host_that_the_cluster_does_not_list_is_refused() -> None:
    stranger = unnamed(cluster("CL02")[0][1])
    with pytest.raises(MixedEvidenceError, match="CL02-N01"):
        merge([*cluster(), ("odd.zip", stranger)])


def test_hosts_of_no_cluster_are_refused() -> None:
    with pytest.raises(MixedEvidenceError, match="no bundle says which cluster"):
        merge([(name, unnamed(one)) for name, one in cluster()])


def test_made_up_evidence_is_not_mixed_with_real_evidence() -> None:
    with pytest.raises(MixedEvidenceError, match="made up"):
        merge(changed(cluster(), 0, lambda one: replaced(one, synthetic=False)))


def test_redacted_bundles_are_merged_among_themselves_only() -> None:
    parts = [(name, replaced(one, redacted=True)) for name, one in cluster()]
    assert merge(parts).evidence.redacted
    with pytest.raises(MixedEvidenceError, match="redacted"):
        merge([*parts[:1], *cluster()[1:]])


@pytest.mark.parametrize("parts", [[], [("empty.zip", replaced(cluster()[0][1], nodes=()))]])
def test_nothing_is_refused(parts: Sequence[tuple[str, Evidence]]) -> None:
    with pytest.raises(NoEvidenceError):
        merge(parts)


def test_listed_nodes_and_facts_are_what_these_tests_think() -> None:
    whole = build(Blueprint(name="CL01", nodes=4, vms=8))
    assert whole.cluster is not None
    listed = whole.get(ClusterNodes, whole.cluster.key)
    assert listed is not None
    assert len(listed.nodes) == 4
    assert all(whole.get(DeviceGuard, node.key) for node in whole.nodes)
