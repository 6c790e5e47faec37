"""All documents of a source, read one by one."""

from __future__ import annotations

from collections.abc import Sequence

from hypervigil.collect.answers import Answer, answers_of
from hypervigil.collect.documents import read_document
from hypervigil.collect.source import Member, Progress, Source
from hypervigil.evidence.evidence import Skipped


def read_answers(
    source: Source, members: Sequence[Member], progress: Progress | None
) -> tuple[list[Answer], list[Skipped]]:
    """What members of a source answer, and those that were not read.

    Raises:
        CollectError: a member can not be read.
    """
    answers: list[Answer] = []
    skipped: list[Skipped] = []
    for number, member in enumerate(members, start=1):
        if progress is not None:
            progress(member.path, number, len(members))
        document = read_document(source, member)
        if isinstance(document, Skipped):
            skipped.append(document)
            continue
        found, left = answers_of(document)
        answers.extend(found)
        if left is not None:
            skipped.append(left)
    return answers, skipped
