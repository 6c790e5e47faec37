"""From the hosts and the cluster of a source to evidence: subjects, facts, listings and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from hypervigil.collect.answers import Answer
from hypervigil.collect.assemble import Answers, Assembled, Origin, assemble
from hypervigil.collect.errors import MixedEvidenceError
from hypervigil.collect.hosts import Host, short_name
from hypervigil.collect.naming import Place
from hypervigil.collect.readers.fields import value_of
from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.register import FACTS
from hypervigil.formats.clixml import PSObject
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.wording import few

_NAMED_IN_LABEL = 3
CLUSTER_FACTS = frozenset(fact.INFO.name for fact in FACTS if fact.INFO.holder is Scope.CLUSTER)
"""What is about the cluster as a whole, or comes from no node: wherever its file lies."""

Found = Assembled | Gap


def evidence_of(
    source: Path,
    hosts: Sequence[Host],
    cluster_answers: Sequence[Answer],
    origin: Origin,
    *,
    label: str,
    skipped: Iterable[Skipped],
) -> Evidence:
    """Everything that the register knows, as fact or as gap.

    ``label`` names the evidence where neither cluster nor host has a name.

    Raises:
        MixedEvidenceError: the files are of two clusters.
    """
    by_place: dict[Place, list[Answer]] = {}
    for answer in cluster_answers:
        by_place.setdefault(answer.place, []).append(answer)
    _one_cluster(source, by_place.get(Place(Cluster.INFO.name, 0), ()))
    of_cluster = {fact: assemble(fact, by_place, origin) for fact in FACTS if fact.INFO.name in CLUSTER_FACTS}
    cluster, domain = _cluster(of_cluster[Cluster])
    facts: dict[tuple[str, str], Known | Gap] = {}
    listings: dict[tuple[str, str], Listing | Gap] = {}
    _put_facts(facts, listings, cluster.key if cluster else "", of_cluster)
    nodes: list[Subject] = []
    machines: dict[str, Found] = {}
    for host in hosts:
        found = _facts_of(host, origin)
        node = _node(host, found, cluster, domain)
        nodes.append(node)
        machines[node.key] = found.pop(Vm)
        _put_facts(facts, listings, node.key, found)
    _put_machines(facts, listings, machines)
    return Evidence(
        label=(cluster.name if cluster else "") or _label(nodes) or label,
        cluster=cluster,
        nodes=tuple(sorted(nodes, key=lambda node: node.key)),
        facts=facts,
        listings=listings,
        collected=origin.collected,
        source=origin.source,
        skipped=tuple(sorted(skipped, key=lambda each: each.path)),
    )


def _one_cluster(source: Path, answers: Sequence[Answer]) -> None:
    named: list[tuple[str, Answer]] = []
    for answer in answers:
        for value in answer.objects:
            written = value_of(value, "Name") if isinstance(value, PSObject) else None
            if isinstance(written, str):
                named.append((written.strip(), answer))
    for name, answer in named[1:]:
        if short_name(name) != short_name(named[0][0]):
            raise MixedEvidenceError(
                source,
                f"{named[0][1].file} is of cluster {named[0][0]}, {answer.file} is of cluster {name}",
                expected="the files of one cluster",
                remedy="Collect the clusters one by one.",
            )


def _cluster(found: Found) -> tuple[Subject | None, str]:
    """The cluster as subject, and its DNS domain."""
    if not isinstance(found, Assembled) or not isinstance(found.made, Cluster):
        return None, ""
    name = found.made.name
    key = found.made.id or name.lower()
    aliases = (name.lower(),) if key != name.lower() else ()
    return Subject(Scope.CLUSTER, key, name, aliases=aliases), (found.made.domain or "").lower()


def _facts_of(host: Host, origin: Origin) -> dict[type[Fact], Found]:
    """The facts of a host. The operating system comes first: others need to know when it booted."""
    answers: Answers = host.answers
    system = assemble(OperatingSystem, answers, origin, host=host.name)
    found: dict[type[Fact], Found] = {OperatingSystem: system}
    last_boot = None
    if isinstance(system, Assembled) and isinstance(system.made, OperatingSystem):
        last_boot = system.made.last_boot
    for fact in FACTS:
        if fact.INFO.name not in CLUSTER_FACTS and fact is not OperatingSystem:
            found[fact] = assemble(fact, answers, origin, host=host.name, last_boot=last_boot)
    return found


def _node(host: Host, found: dict[type[Fact], Found], cluster: Subject | None, domain: str) -> Subject:
    """The host as subject: by its FQDN; where only its name is known, with the cluster's domain."""
    computer = found[ComputerSystem]
    short = short_name(host.name)
    if isinstance(computer, Assembled) and isinstance(computer.made, ComputerSystem):
        name, key = computer.made.name, computer.made.fqdn
    elif "." in host.name:
        name, key = host.name.partition(".")[0], host.name.lower()
    else:
        name, key = host.name, f"{short}.{domain}" if domain else short
    aliases = tuple(sorted({short, name.lower()} - {key}))
    return Subject(Scope.NODE, key, name, cluster.key if cluster else "", aliases=aliases)


def _label(nodes: Sequence[Subject]) -> str:
    return few((node.name for node in nodes), _NAMED_IN_LABEL)


def _put_facts(
    facts: dict[tuple[str, str], Known | Gap],
    listings: dict[tuple[str, str], Listing | Gap],
    key: str,
    found: dict[type[Fact], Found],
) -> None:
    for fact, each in found.items():
        name = fact.INFO.name
        if isinstance(each, Assembled) and isinstance(each.made, Fact):
            facts[name, key] = Known(each.made, each.provenance)
        elif isinstance(each, Gap) and fact.INFO.item_key:
            listings[name, key] = each
        elif isinstance(each, Gap):
            facts[name, key] = each


def _put_machines(
    facts: dict[tuple[str, str], Known | Gap],
    listings: dict[tuple[str, str], Listing | Gap],
    machines: dict[str, Found],
) -> None:
    """Each node's list of VMs, and each VM once.

    Two nodes list the same VM where it moved between the two commands, or is a replica: what they disagree on may be
    null, its name and version may not.
    """
    name = Vm.INFO.name
    lists = {
        node: each for node, each in machines.items() if isinstance(each, Assembled) and isinstance(each.made, tuple)
    }
    seen: dict[str, list[tuple[str, Vm]]] = {}
    for node, each in lists.items():
        for vm in each.made if isinstance(each.made, tuple) else ():
            seen.setdefault(vm.id, []).append((node, vm))
    for node, found in machines.items():
        if isinstance(found, Gap):
            listings[name, node] = found
        elif isinstance(found.made, tuple):
            listings[name, node] = Listing(tuple(vm.id for vm in found.made), found.provenance)
    for key, sightings in seen.items():
        one = _one_machine([vm for _, vm in sightings])
        if one is not None:
            facts[name, key] = Known(one, lists[sightings[0][0]].provenance)
            continue
        files = " and ".join(lists[node].provenance.file for node, _ in sightings)
        for node, _ in sightings:
            detail = f"{files} disagree on the virtual machine {key}"
            listings[name, node] = Gap(name, Cause.CONFLICTING, detail, lists[node].provenance)


def _one_machine(sightings: Sequence[Vm]) -> Vm | None:
    first = sightings[0]
    fixed = (first.name, first.generation, first.version)
    if any((each.name, each.generation, each.version) != fixed for each in sightings[1:]):
        return None
    return msgspec.structs.replace(
        first,
        state=first.state if all(each.state == first.state for each in sightings) else None,
        clustered=first.clustered if all(each.clustered == first.clustered for each in sightings) else None,
    )
