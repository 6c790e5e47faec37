"""A folder of CLIXML files: of one host, or with a folder for each host of a cluster."""

from __future__ import annotations

from pathlib import Path

from hypervigil.collect.answers import Answer
from hypervigil.collect.assemble import Origin
from hypervigil.collect.build import CLUSTER_FACTS, evidence_of
from hypervigil.collect.errors import MixedEvidenceError, NoEvidenceError
from hypervigil.collect.hosts import REMEDY, Host, host_of, merged
from hypervigil.collect.naming import described
from hypervigil.collect.reading import read_answers
from hypervigil.collect.sddc_layout import node_of, without_empty
from hypervigil.collect.source import FolderSource, Progress
from hypervigil.evidence.evidence import Evidence, Gap
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause

SOURCE = "clixml"


def collect_folder(folder: Path, progress: Progress | None = None) -> Evidence:
    """Read a folder of CLIXML files (``Export-Clixml``) as evidence.

    The files of a host lie in one folder: ``folder`` itself, or one below it for each host. What a file holds is told
    from the types of its objects, else from its name. Files about the cluster may lie anywhere. When the files were
    made is not known: their own times are no evidence.

    Raises:
        CollectError: the folder can not be read, holds nothing that a fact is read from, or mixes hosts or clusters.
    """
    source = FolderSource(folder)
    answers, skipped = read_answers(source, source.members, progress)
    if not answers:
        raise NoEvidenceError(
            folder,
            "it holds no file that a fact is read from",
            expected="CLIXML files such as those that the lines of 'hypervigil collect snippet' write",
            remedy="Name the folder of a host, or one that holds such folders.",
        )
    by_folder: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.place.fact not in CLUSTER_FACTS:
            by_folder.setdefault(answer.document.member.folder, []).append(answer)
    found = [_host(folder, path, own) for path, own in sorted(by_folder.items())]
    _refuse_nameless(folder, found)
    return evidence_of(
        folder,
        merged(folder, found),
        [answer for answer in answers if answer.place.fact in CLUSTER_FACTS],
        Origin(source=SOURCE, missing=_missing),
        label=folder.resolve().name or SOURCE,
        skipped=skipped,
    )


def _host(folder: Path, path: str, answers: list[Answer]) -> Host:
    """The host of a folder; where no file says which it is, it is called like the folder.

    The folder may be one of an unpacked archive of Get-SDDCDiagnosticInfo, with other exports beside it.
    """
    name = path.rpartition("/")[2] or folder.resolve().name
    node = node_of(name)
    return host_of(folder, path, answers if node is None else without_empty(answers), node or name)


def _refuse_nameless(folder: Path, hosts: list[Host]) -> None:
    """A folder inside the folder of a host, whose files do not say where they are from, could be of either."""
    said = [path for host in hosts if host.said for path in host.folders]
    for host in hosts:
        if host.said:
            continue
        for path in host.folders:
            above = next((other for other in said if path.startswith(f"{other}/" if other else "")), None)
            if above is not None:
                raise MixedEvidenceError(
                    folder,
                    f"none of its files says which host it is from, and the folder above it, {above or '.'}, is of one",
                    place=path,
                    expected="Win32_ComputerSystem or Win32_OperatingSystem among them",
                    remedy=REMEDY,
                )


def _missing(fact: type[Fact]) -> Gap:
    needed = ", ".join(dict.fromkeys(described(read) for read in fact.INFO.reads))
    return Gap(fact.INFO.name, Cause.NOT_COLLECTED, f"no file holds {needed}")
