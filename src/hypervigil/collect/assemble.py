"""From answers to one fact with its provenance, or to a gap with its cause."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from hypervigil import __version__
from hypervigil.collect.answers import Answer
from hypervigil.collect.naming import Place
from hypervigil.collect.parts import Parts, UnavailableError
from hypervigil.collect.readers.fields import UnreadableError
from hypervigil.collect.recipes import RECIPES, Made, reconciled
from hypervigil.evidence.evidence import Gap, Provenance
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause

Answers = Mapping[Place, Sequence[Answer]]

BETWEEN = "; "
"""Between the files, the digests and the commands of a fact that is made from several files, each in the same order."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The source as a whole: its word in provenances, when it was made, and what it says of a fact that it lacks."""

    source: str
    missing: Callable[[type[Fact]], Gap]
    collected: datetime.datetime | None = None
    remark: str = ""


class Assembled(msgspec.Struct, frozen=True):
    """A fact (or all those of a listing) with its provenance."""

    made: Made
    provenance: Provenance


def assemble(
    fact: type[Fact], answers: Answers, origin: Origin, *, host: str = "", last_boot: datetime.datetime | None = None
) -> Assembled | Gap:
    """Make one fact.

    Where several files answer the same read, each is tried: a gap names those that disagree.
    """
    info = fact.INFO
    if fact not in RECIPES:
        return Gap(info.name, Cause.NOT_IN_SOURCE, "it is not read from exported files")
    choices = [_worth_trying(answers.get(Place(info.name, number), ())) for number in range(len(info.reads))]
    if not any(choices):
        return origin.missing(fact)
    attempts = [_attempt(fact, chosen, origin, host, last_boot) for chosen in _combinations(choices)]
    made = [attempt for attempt in attempts if isinstance(attempt, Assembled)]
    if not made:
        return next(attempt for attempt in attempts if isinstance(attempt, Gap))
    one = reconciled([each.made for each in made])
    if one is not None:
        return Assembled(one, made[0].provenance)
    other = next(each for each in made if each.made != made[0].made)
    return Gap(info.name, Cause.CONFLICTING, _disagreement(made[0], other), other.provenance)


def _worth_trying(answers: Sequence[Answer]) -> list[Answer]:
    """Where a command failed once and worked another time, the failure does not count."""
    return [answer for answer in answers if answer.failure is None] or list(answers)


def _combinations(choices: Sequence[Sequence[Answer]]) -> Iterator[list[Answer | None]]:
    first: list[Answer | None] = [each[0] if each else None for each in choices]
    yield first
    for number, each in enumerate(choices):
        for answer in each[1:]:
            yield [*first[:number], answer, *first[number + 1 :]]


def _attempt(
    fact: type[Fact], chosen: Sequence[Answer | None], origin: Origin, host: str, last_boot: datetime.datetime | None
) -> Assembled | Gap:
    parts = Parts(fact, chosen)
    try:
        made = RECIPES[fact](parts, last_boot)
    except UnavailableError as error:
        answers = [error.answer] if error.answer else []
        failure = error.failure
        return Gap(fact.INFO.name, failure.cause, failure.detail, _provenance(fact, answers, origin, host))
    except UnreadableError as error:
        files = BETWEEN.join(answer.file for answer in parts.used)
        detail = f"{files}: {error.problem}"
        return Gap(fact.INFO.name, Cause.UNPARSABLE, detail, _provenance(fact, parts.used, origin, host))
    return Assembled(made, _provenance(fact, parts.used, origin, host, parts.remarks))


def _provenance(
    fact: type[Fact], answers: Sequence[Answer], origin: Origin, host: str, remarks: Sequence[str] = ()
) -> Provenance:
    commands = [fact.INFO.reads[answer.place.read].command or "registry" for answer in answers]
    return Provenance(
        source=origin.source,
        host=host,
        command=BETWEEN.join(commands),
        file=BETWEEN.join(answer.file for answer in answers),
        digest=BETWEEN.join(answer.document.digest for answer in answers),
        collected=origin.collected,
        collector=f"hypervigil {__version__}",
        remark=BETWEEN.join([*([origin.remark] if origin.remark else []), *remarks]),
    )


def _disagreement(one: Assembled, other: Assembled) -> str:
    files = sorted(set(one.provenance.file.split(BETWEEN)) ^ set(other.provenance.file.split(BETWEEN)))
    differing = _differing(one.made, other.made)
    about = f" on {', '.join(differing)}" if differing else ""
    return f"{' and '.join(files)} disagree{about}"


def _differing(one: Made, other: Made) -> list[str]:
    if isinstance(one, tuple) or isinstance(other, tuple):
        return []
    return [name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)]
