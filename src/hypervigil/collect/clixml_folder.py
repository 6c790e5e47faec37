"""A folder of CLIXML files: of one host, or with a folder for each host of a cluster."""

from __future__ import annotations

from pathlib import Path

from hypervigil.collect.answers import Answer, answers_of
from hypervigil.collect.assemble import Origin
from hypervigil.collect.build import CLUSTER_FACTS, evidence_of
from hypervigil.collect.documents import read_document
from hypervigil.collect.errors import MixedEvidenceError, NoEvidenceError
from hypervigil.collect.hosts import REMEDY, Host, host_of, merged
from hypervigil.collect.naming import described
from hypervigil.collect.source import FolderSource, Progress, Source
from hypervigil.evidence.evidence import Evidence, Gap, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause

SOURCE = "clixml"
_NODE = "node_"
"""What the folders of an unpacked archive of Get-SDDCDiagnosticInfo begin with, before the name of the node."""


def collect_folder(folder: Path, progress: Progress | None = None) -> Evidence:
    """Read a folder of CLIXML files (``Export-Clixml``) as evidence.

    The files of a host lie in one folder: ``folder`` itself, or one below it for each host. What a file holds is told
    from the types of its objects, else from its name. Files about the cluster may lie anywhere. When the files were
    made is not known: their own times are no evidence.

    Raises:
        CollectError: the folder can not be read, holds nothing that a fact is read from, or mixes hosts or clusters.
    """
    source = FolderSource(folder)
    answers, skipped = read_answers(source, progress)
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
    found = [host_of(folder, path, own, _folder_name(folder, path)) for path, own in sorted(by_folder.items())]
    _refuse_nameless(folder, found)
    return evidence_of(
        folder,
        merged(folder, found),
        [answer for answer in answers if answer.place.fact in CLUSTER_FACTS],
        Origin(source=SOURCE, missing=_missing),
        label=folder.resolve().name or SOURCE,
        skipped=skipped,
    )


def read_answers(source: Source, progress: Progress | None) -> tuple[list[Answer], list[Skipped]]:
    """What all members of a source answer, and those that were not read.

    Raises:
        CollectError: a member can not be read.
    """
    answers: list[Answer] = []
    skipped: list[Skipped] = []
    for number, member in enumerate(source.members, start=1):
        if progress is not None:
            progress(member.path, number, len(source.members))
        document = read_document(source, member)
        if isinstance(document, Skipped):
            skipped.append(document)
            continue
        found, left = answers_of(document)
        answers.extend(found)
        if left is not None:
            skipped.append(left)
    return answers, skipped


def _folder_name(folder: Path, path: str) -> str:
    """What a host is called of which only the folder is known."""
    name = path.rpartition("/")[2] or folder.resolve().name
    return name[len(_NODE) :] if name.casefold().startswith(_NODE) and len(name) > len(_NODE) else name


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
