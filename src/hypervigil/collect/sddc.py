"""Archives of Get-SDDCDiagnosticInfo, as zip or unpacked."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from pathlib import Path

from hypervigil.collect.answers import Answer
from hypervigil.collect.archive import ZipSource
from hypervigil.collect.assemble import Origin
from hypervigil.collect.build import CLUSTER_FACTS, evidence_of
from hypervigil.collect.errors import MixedEvidenceError, NoEvidenceError, UnreadableSourceError
from hypervigil.collect.hosts import REMEDY, Host, host_of, merged, same_host
from hypervigil.collect.naming import command_name
from hypervigil.collect.readers.fields import UnreadableError, moment_or_none, number_or_none, records
from hypervigil.collect.reading import read_answers
from hypervigil.collect.sddc_layout import (
    PARAMETERS,
    Layout,
    cluster_in_name,
    layouts,
    moment_in_name,
    without_empty,
)
from hypervigil.collect.source import FolderSource, Member, Progress, Source
from hypervigil.evidence.evidence import Evidence, Gap, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem
from hypervigil.formats.clixml import ClixmlError, parse
from hypervigil.model.outcome import Cause

SOURCE = "sddc"
_NESTED = 2
"""How many archives within each other are opened to find the one of Get-SDDCDiagnosticInfo."""
_NOT_NEEDED = "no fact is read from it"
_EXPECTED = "an archive of Get-SDDCDiagnosticInfo: GetCluster.xml and folders such as Node_HV01"


def collect_sddc(archive: Path, progress: Progress | None = None) -> Evidence:
    """Read an archive of Get-SDDCDiagnosticInfo (a zip, or the folder that it was unpacked to) as evidence.

    Files that no fact is read from are listed with their size, never opened. What such an archive never holds is a gap
    with cause ``not_in_source``; what it should hold and does not, one with ``not_collected``.

    Raises:
        CollectError: the archive can not be opened, is not safe, is no such archive, or mixes hosts or clusters.
    """
    with contextlib.ExitStack() as opened:
        source, layout, name, outside = _find(archive, opened)
        return _evidence(archive, source, layout, name, outside, progress)


def _find(archive: Path, opened: contextlib.ExitStack) -> tuple[Source, Layout, str, list[Skipped]]:
    """The source that holds the archive proper, where in it, its name, and what lies beside it in outer archives."""
    source = _open(archive, opened)
    name = archive.resolve().name
    outside: list[Skipped] = []
    for _ in range(_NESTED + 1):
        found = layouts(member.path for member in source.members)
        if len(found) > 1:
            roots = ", ".join(layout.root or "." for layout in found[:4])
            raise MixedEvidenceError(
                archive,
                f"it holds {len(found)} archives: {roots}",
                expected="one",
                remedy="Unpack it, and name the folder of one.",
            )
        if found:
            return source, found[0], found[0].root.rpartition("/")[2] or name, outside
        inner = [member for member in source.members if member.extension == "zip"]
        if len(inner) != 1:
            break
        outside.extend(Skipped(m.path, m.size, _NOT_NEEDED) for m in source.members if m != inner[0])
        source = _open_inner(source, inner[0], opened)
        name = inner[0].name
    raise NoEvidenceError(
        archive,
        "it holds nothing that Get-SDDCDiagnosticInfo writes",
        expected=_EXPECTED,
        remedy="For a folder of exported files, use 'hypervigil collect clixml'.",
    )


def _open(archive: Path, opened: contextlib.ExitStack) -> Source:
    if archive.is_dir():
        return FolderSource(archive)
    if not archive.exists():
        raise UnreadableSourceError(archive, "there is no such file or folder", expected=_EXPECTED)
    return opened.enter_context(ZipSource.at(archive))


def _open_inner(source: Source, member: Member, opened: contextlib.ExitStack) -> ZipSource:
    if isinstance(source, ZipSource):
        return opened.enter_context(source.inner(member))
    return opened.enter_context(ZipSource.at(source.path / member.path))


def _evidence(
    archive: Path, source: Source, layout: Layout, name: str, outside: list[Skipped], progress: Progress | None
) -> Evidence:
    wanted = [member for member in source.members if member.extension == "xml" and _has_facts(layout, member)]
    needless = set(source.members) - set(wanted)
    answers, skipped = read_answers(source, wanted, progress)
    skipped.extend(Skipped(member.path, member.size, _NOT_NEEDED) for member in needless)
    of_cluster = [answer for answer in answers if answer.place.fact in CLUSTER_FACTS]
    of_nodes: dict[str, list[Answer]] = {
        node: [] for member in source.members if (node := layout.node(member.path)) is not None
    }
    for answer in answers:
        node = layout.node(answer.file)
        if answer.place.fact in CLUSTER_FACTS:
            continue
        if node is not None:
            of_nodes[node].append(answer)
        else:
            member = answer.document.member
            skipped.append(Skipped(member.path, member.size, "it lies in no node's folder"))
    hosts = [_host(archive, node, without_empty(own)) for node, own in sorted(of_nodes.items())]
    collected, remark = _moment(source, layout, name, answers)
    return evidence_of(
        archive,
        merged(archive, hosts),
        of_cluster,
        Origin(source=SOURCE, missing=_missing, collected=collected, remark=remark),
        label=cluster_in_name(name) or name,
        skipped=[*skipped, *outside],
    )


def _has_facts(layout: Layout, member: Member) -> bool:
    return layout.at_top(member.path) or layout.node(member.path) is not None


def _host(archive: Path, node: str, answers: Sequence[Answer]) -> Host:
    host = host_of(archive, f"Node_{node}", answers, node)
    if not same_host(host.name, node):
        raise MixedEvidenceError(
            archive,
            f"its files are of {host.name}",
            place=f"Node_{node}",
            expected=f"the files of {node}",
            remedy=REMEDY,
        )
    return host


def _moment(
    source: Source, layout: Layout, name: str, answers: Sequence[Answer]
) -> tuple[datetime.datetime | None, str]:
    """When the archive was made, and a remark where that is worked out.

    GetParameters.xml tells it. The archive's name does in the time of the machine that gathered: it counts where all
    nodes are in one time zone, as being in that zone.
    """
    for member in source.members:
        if layout.at_top(member.path) and member.name.casefold() == PARAMETERS:
            with contextlib.suppress(ClixmlError, UnreadableError):
                for record in records(parse(source.read(member))):
                    if (moment := moment_or_none(record, "TodayDate")) is not None:
                        return moment, ""
    zones: set[int | None] = set()
    for answer in answers:
        if answer.place.fact == OperatingSystem.INFO.name:
            with contextlib.suppress(UnreadableError):
                zones.update(number_or_none(record, "CurrentTimeZone") for record in records(answer.objects))
    zone = zones.pop() if len(zones) == 1 else None
    moment = moment_in_name(name, zone) if zone is not None else None
    return moment, "time by the archive's name, in the nodes' time zone" if moment else ""


def _missing(fact: type[Fact]) -> Gap:
    info = fact.INFO
    if not info.in_sddc:
        detail = "Get-SDDCDiagnosticInfo does not gather it; the lines of 'hypervigil collect snippet' do"
        return Gap(info.name, Cause.NOT_IN_SOURCE, detail)
    return Gap(info.name, Cause.NOT_COLLECTED, f"the archive has no {command_name(info.reads[0])}.xml for it")
