"""The matrix of a page: what stands worst in each family, node by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from hypervigil.model.control import Family
from hypervigil.model.outcome import Outcome
from hypervigil.model.subject import Scope
from hypervigil.report.html_groups import NAME_LIMIT, RANK, worst_of
from hypervigil.report.json_model import JudgedCluster, Report, ReportedFinding
from hypervigil.report.text import clipped, visible

MOST_NODES = 130
"""With more nodes than that in one report, a row is a cluster: nobody reads a thousand rows."""


class Cell(msgspec.Struct, frozen=True):
    """One family on one place: the worst outcome, how many findings have it, and all counts in words."""

    outcome: Outcome
    waived: bool
    count: int
    words: str
    link: str


class Line(msgspec.Struct, frozen=True):
    """One place (a node, a cluster) and its cells; None where no finding is about it."""

    name: str
    link: str
    cells: tuple[Cell | None, ...]


class Matrix(msgspec.Struct, frozen=True):
    """The families across, the places down."""

    caption: str
    families: tuple[Family, ...]
    lines: tuple[Line, ...]


def matrices_of(report: Report, places: Sequence[Sequence[tuple[int, ...]]]) -> tuple[Matrix, ...]:
    """A matrix for each cluster, or a single one with a row for each cluster.

    ``places`` says for each finding of each cluster, in their order, the nodes that it is about (by their place in the
    cluster); findings about none of them belong to the cluster itself.
    """
    prefixes = {finding.family for finding in report.findings}
    families = tuple(family for family in Family if family.prefix in prefixes)
    by_cluster: list[list[ReportedFinding]] = [[] for _ in report.clusters]
    number = {cluster.label: place for place, cluster in enumerate(report.clusters)}
    for finding in report.findings:
        by_cluster[number[finding.cluster]].append(finding)
    if sum(len(cluster.nodes) for cluster in report.clusters) > MOST_NODES:
        lines = tuple(
            _line(_name(cluster.label), f"place={at}", found, families)
            for at, (cluster, found) in enumerate(zip(report.clusters, by_cluster, strict=True))
        )
        return (Matrix("The worst outcome in each family, cluster by cluster", families, lines),)
    return tuple(
        _of_cluster(at, cluster, found, places[at], families)
        for at, (cluster, found) in enumerate(zip(report.clusters, by_cluster, strict=True))
    )


def _of_cluster(
    at: int,
    cluster: JudgedCluster,
    findings: Sequence[ReportedFinding],
    places: Sequence[tuple[int, ...]],
    families: tuple[Family, ...],
) -> Matrix:
    by_node: list[list[ReportedFinding]] = [[] for _ in cluster.nodes]
    whole: list[ReportedFinding] = []
    for finding, nodes in zip(findings, places, strict=True):
        for node in nodes:
            by_node[node].append(finding)
        if not nodes:
            whole.append(finding)
    lines = [
        _line(_name(node.name), f"place={at}.{place}", found, families)
        for place, (node, found) in enumerate(zip(cluster.nodes, by_node, strict=True))
    ]
    if whole:
        only_cluster = all(finding.scope is Scope.CLUSTER for finding in whole)
        name = "The cluster itself" if only_cluster else "The cluster and others"
        lines.append(_line(name, f"place={at}.-", whole, families))
    return Matrix(f"{_name(cluster.label)}: the worst outcome in each family, node by node", families, tuple(lines))


def _line(name: str, link: str, findings: Sequence[ReportedFinding], families: Iterable[Family]) -> Line:
    by_family: dict[str, list[ReportedFinding]] = {}
    for finding in findings:
        by_family.setdefault(finding.family, []).append(finding)
    cells = tuple(
        _cell(by_family[family.prefix], f"#{link}&family={family.prefix}") if family.prefix in by_family else None
        for family in families
    )
    return Line(name, f"#{link}", cells)


def _cell(findings: Sequence[ReportedFinding], link: str) -> Cell:
    outcome, waived = worst_of(findings)
    count = Counter(finding.outcome for finding in findings)
    words = ", ".join(
        f"{count[kind]:,} {kind.value.replace('_', ' ').lower()}"
        for kind in sorted(count, key=RANK.__getitem__, reverse=True)
    )
    return Cell(outcome, waived, count[outcome], words, f"{link}&outcome={outcome.value}")


def _name(text: str) -> str:
    return clipped(visible(text), NAME_LIMIT)
